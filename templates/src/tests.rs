#![expect(clippy::unwrap_used, reason = "tests")]

use subrosa_casework::money::AmountError;

use super::*;

fn programme() -> Programme {
    Programme {
        id: "demo.example".into(),
        name: Some("Demo <b>programme</b>".into()),
        notice: Some("First line.\n\nSecond & last.".into()),
        charter_version: 3,
        root_fingerprint: "abcd 0123".into(),
        log_fingerprint: "ef01 4567".into(),
        people: vec![Person {
            name: "Ada".into(),
            roles: vec![Role::Intake, Role::Triager, Role::Investigator, Role::Adjudicator, Role::Administrator],
            key: "9999 8888".into(),
        }],
        application: true,
    }
}

fn regime() -> Regime {
    let row = |verified| Threshold {
        value: "1e25 FLOP".into(),
        published: "2024-07-12".into(),
        effective: "2025-08-02".into(),
        source: "A <source>".into(),
        verified,
    };
    Regime {
        id: "compute".into(),
        version: 2,
        sha256: "00ff".into(),
        title: "Training runs".into(),
        classes: vec!["Not notified".into()],
        evidence: vec!["Job logs".into()],
        thresholds: vec![row(false), row(true)],
    }
}

fn bounty() -> Bounty {
    let full = Some(400_000_000);
    Bounty {
        id: "eu-pilot".into(),
        version: 1,
        currency: "EUR".into(),
        sanction: Some(Sanction { above: 100_000_000, base: 2000, step: 250, floor: 1000, ceiling: 3000, full }),
        compute: Some((5_000_000, 4000, 3000)),
        harm: Some(([1_000_000, 5_000_000, 25_000_000, 100_000_000], 6000, 3000)),
        cap: Some((500_000_000, 3000)),
        ceiling: Some(150_000_000),
        source: "programme decision".into(),
        verified: false,
        examples: vec![
            (Example::Fine(140_000_000), 42_000_000),
            (Example::Lowered, 24_500_000),
            (Example::Run("3e25".into(), "1e25".into()), 6_629_286),
            (Example::Harm, 3_000_000),
        ],
    }
}

/// Every page in every state.
fn all(t: &'static Text, p: &Programme) -> Vec<String> {
    let computed = Computed::Amount {
        policy: "eu-pilot".into(),
        currency: "EUR".into(),
        amount: 42_000_000,
        parts: [42_000_000, 0, 6_629_286],
        read: [140_000_000, 0],
    };
    let why = AmountError::Ambiguous { text: "<b>".into(), one: "137500".into(), other: "137.5".into() };
    let misread = Computed::Misread("calc-collected", why);
    let typed = Figures { collected: "\"><b>".into(), ..Figures::default() };
    let books = Books { findings: 2, awards: vec![("ab".into(), 5)], ..Books::default() };
    let downloads = Downloads { files: vec![("subrosa".into(), "00".into())], checks: vec!["minisign".into()] };
    let unsigned = Downloads { checks: Vec::new(), ..downloads.clone() };
    let mut pages = vec![
        Landing { t, p }.to_html(),
        Scope { t, p, regimes: Vec::new() }.to_html(),
        Scope { t, p, regimes: vec![regime()] }.to_html(),
        Reward { t, p, policies: Vec::new(), typed: Figures::default(), computed: None }.to_html(),
        Reward { t, p, policies: vec![bounty()], typed: typed.clone(), computed: Some(computed) }.to_html(),
        Reward { t, p, policies: vec![bounty()], typed, computed: Some(Computed::Unusable) }.to_html(),
        Reward { t, p, policies: vec![bounty()], typed: Figures::default(), computed: Some(misread) }.to_html(),
        Safety { t, p }.to_html(),
        Keys { t, p, policies: Vec::new() }.to_html(),
        Keys { t, p, policies: vec![("web-assets".into(), "00".into())] }.to_html(),
        BooksPage { t, p, books: Books::default(), log_size: 0, checkpoint: None }.to_html(),
        BooksPage { t, p, books, log_size: 9, checkpoint: Some("a\nb\n".into()) }.to_html(),
        Help { t, p, downloads: Downloads::default() }.to_html(),
        Help { t, p, downloads }.to_html(),
        Help { t, p, downloads: unsigned }.to_html(),
        Sealed { t, p, recipients: None, megabytes: 16 }.to_html(),
        Sealed { t, p, recipients: Some(("00".into(), true)), megabytes: 16 }.to_html(),
        Received { t, p, code: "abcd".into(), classic: true }.to_html(),
    ];
    use NotReceived::{Broken, Busy, Empty, Full, NotAge, Other, Passphrase, TooLong};
    for why in [Empty, NotAge, Passphrase, Other, TooLong, Broken, Busy, Full] {
        pages.push(Refused { t, p, why }.to_html());
    }
    for why in [Failure::Missing, Failure::Unfit, Failure::Busy, Failure::Broken] {
        pages.push(Failed { t, p, why }.to_html());
    }
    pages.into_iter().map(Option::unwrap).collect()
}

#[test]
fn pages_render_in_every_language_with_nothing_missing_and_nothing_that_runs() {
    for language in Language::all().iter().copied().chain([text::tests::italian()]) {
        for p in &[programme(), Programme::default()] {
            for html in all(language.text(), p) {
                assert!(html.contains(&format!("<html lang=\"{}\" dir=\"ltr\">", language.code())));
                for bad in ["<script", "<b>", "[missing", "style=\"", "http://", "https://", "onclick", "A <source>"] {
                    assert!(!html.contains(bad), "{bad} in {html}");
                }
                for other in Language::all() {
                    assert!(html.contains(&format!("hreflang=\"{}\"", other.code())));
                }
            }
        }
    }
}

#[test]
fn legal_position_stands_before_the_ways_in() {
    let p = programme();
    for language in Language::all() {
        let html = Landing { t: language.text(), p: &p }.to_html().unwrap();
        let at = |part: &str| html.find(part).unwrap();
        assert!(at("Second &#38; last.") < at("class=\"way\""));
        assert!(at("Ada") < at("class=\"way\""));
    }
}

#[test]
fn the_policy_is_told_in_the_languages_own_figures() {
    let p = programme();
    let page = |language: Language| {
        let policies = vec![bounty()];
        let (typed, computed) = (Figures::default(), None);
        Reward { t: language.text(), p: &p, policies, typed, computed }.to_html().unwrap()
    };
    let [english, german, french] = ["en", "de", "fr"].map(|code| page(Language::from_code(code).unwrap()));
    assert!(english.contains("€420,000.00") && english.contains("2.5%"));
    assert!(german.contains("420.000,00\u{a0}€") && german.contains("2,5\u{a0}%"));
    assert!(french.contains("420\u{202f}000,00\u{a0}€"));
}

#[test]
fn the_style_sheet_is_ours_alone_and_knows_no_left_or_right() {
    for bad in ["url(", "@import", "@font-face", "-left", "-right", "left:", "right:", "text-align: left"] {
        assert!(!STYLE.contains(bad), "{bad}");
    }
    for needed in ["prefers-color-scheme: dark", "prefers-reduced-motion", ":focus-visible", "@media print"] {
        assert!(STYLE.contains(needed), "{needed}");
    }
}
