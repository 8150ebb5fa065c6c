//! The ten packs: all load, all checks run, and broken packs say where.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use subrosa_casework::{
    case::{CheckReport, Verdict},
    clock::Date,
    number::Numerals,
    regime::{BUILT_IN, CheckError, Input, Pack},
};

fn pack(name: &str) -> Pack {
    Pack::from_toml(BUILT_IN.iter().find(|(n, _)| *n == name).unwrap().1).unwrap()
}

fn d(text: &str) -> Date {
    Date::parse(text).unwrap()
}

fn n(x: f64) -> Input {
    Input::Number(x)
}

fn ns(x: &[f64]) -> Input {
    Input::Numbers(x.to_vec())
}

fn t(x: &[&str]) -> Input {
    Input::Texts(x.iter().map(|s| (*s).to_owned()).collect())
}

fn day(x: &str) -> Input {
    Input::Date(d(x))
}

fn run(name: &str, inputs: &[(&str, Input)]) -> CheckReport {
    let inputs: BTreeMap<_, _> = inputs.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
    pack(name).check(&inputs, d("2026-11-01")).unwrap()
}

#[track_caller]
fn says(name: &str, inputs: &[(&str, Input)], verdict: Verdict, because: &str) {
    let report = run(name, inputs);
    assert_eq!((report.verdict, report.because.as_str()), (verdict, because), "{:#?}", report.steps);
}

use Verdict::{Consistent, Inconsistent, Indeterminate};

#[test]
fn every_pack_loads_and_says_nothing_about_nothing() {
    let packs = BUILT_IN.iter().map(|(_, text)| Pack::from_toml(text).unwrap());
    let languages: BTreeSet<String> = packs.flat_map(|pack| pack.texts.into_keys()).collect();
    for (name, text) in BUILT_IN {
        let pack = Pack::from_toml(text).unwrap_or_else(|e| unreachable!("{name}: {e}"));
        assert_eq!(pack.id, name);
        for language in &languages {
            assert!(pack.texts.contains_key(language), "regimes/{name}.toml: the texts in {language} are missing");
        }
        // Whatever a translator left in English would stand here; a few words are the same in two languages.
        for (language, texts) in pack.texts.iter().filter(|(l, _)| *l != "en") {
            for (message, text) in texts {
                assert_ne!(Some(text), pack.texts["en"].get(message), "{name}, {language}, {message}");
            }
        }
        let report = pack.check(&BTreeMap::new(), d("2026-11-01")).unwrap();
        assert_eq!(report.verdict, Indeterminate, "{name}");
        for (_, rows) in pack.thresholds.values() {
            assert!(rows.iter().all(|r| !r.source.is_empty()));
        }
    }
}

fn big_run(days: f64) -> Vec<(&'static str, Input)> {
    vec![("chips", n(16_384.0)), ("peak", n(989.4)), ("utilisation", n(40.0)), ("duration", n(days))]
}

#[test]
fn the_worked_run_exceeds_the_threshold() {
    let mut inputs = big_run(54.0);
    inputs.extend([("parameters", n(405e9)), ("tokens", n(15.6e12))]);
    let report = run("compute-thresholds", &inputs);
    let step = |name: &str| report.steps.iter().find(|s| s.name == name).unwrap().result.clone();
    assert_eq!(step("by_hardware"), "3.0252e25 FLOP");
    assert_eq!(step("by_model"), "3.7908e25 FLOP");
    assert_eq!(step("ratio"), "1.2531");
    assert_eq!(step("corroborated"), "yes");
    assert_eq!((report.verdict, report.because.as_str()), (Consistent, "exceeds"));
    // 1.2e25 is within the tolerance of the threshold; 5e24 is below it with certainty.
    says("compute-thresholds", &big_run(21.42), Indeterminate, "indeterminate");
    says("compute-thresholds", &big_run(8.9), Inconsistent, "below");
    let mut apart = big_run(54.0);
    apart.extend([("parameters", n(405e9)), ("tokens", n(1e12))]);
    says("compute-thresholds", &apart, Indeterminate, "estimates-disagree");
    says("compute-thresholds", &[("parts", ns(&[9e24, 9e24]))], Consistent, "exceeds-together");
}

#[test]
fn a_threshold_applies_from_its_day_and_not_before() {
    let (_, text) = BUILT_IN.iter().find(|(n, _)| *n == "compute-thresholds").unwrap();
    let cut = "\n    { value = 5e24, published = \"2026-10-01\", effective = \"2027-03-30\", source = \"delegated act\", verified = false },\n]";
    let (before, after) = text.split_once("verified = false },\n]").unwrap();
    let pack = Pack::from_toml(&format!("{before}verified = false }},{cut}{after}")).unwrap();
    // 1.0085e25: 70 percent of it lies between the two thresholds.
    let inputs: BTreeMap<_, _> = big_run(18.0).into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
    assert_eq!(pack.check(&inputs, d("2027-03-29")).unwrap().verdict, Indeterminate);
    assert_eq!(pack.check(&inputs, d("2027-03-30")).unwrap().verdict, Consistent);
    assert_eq!(pack.check(&inputs, d("2025-01-01")).unwrap().verdict, Indeterminate);
}

#[test]
fn absurd_numbers_are_an_error() {
    let pack = pack("compute-thresholds");
    let mut inputs: BTreeMap<_, _> = big_run(54.0).into_iter().map(|(k, v)| (k.to_owned(), v)).collect();
    inputs.insert("chips".into(), n(1e30));
    assert_eq!(
        pack.check(&inputs, d("2026-11-01")),
        Err(CheckError::OutOfRange("chips".into(), "0 – 1e9 chip".into()))
    );
    inputs.insert("chips".into(), Input::Text("many".into()));
    assert!(matches!(pack.check(&inputs, d("2026-11-01")), Err(CheckError::WrongKind(name, _)) if name == "chips"));
    inputs.insert("chips".into(), n(f64::NAN));
    assert!(pack.check(&inputs, d("2026-11-01")).is_err());
    inputs.remove("chips");
    inputs.insert("chip".into(), n(1.0));
    assert_eq!(pack.check(&inputs, d("2026-11-01")), Err(CheckError::NoSuchInput("chip".into())));
    // Without the pack's own limits the arithmetic itself stops, and names its line.
    let (_, text) = BUILT_IN.iter().find(|(n, _)| *n == "compute-thresholds").unwrap();
    let open = Pack::from_toml(&text.replace(", max = 1e9 }", " }")).unwrap();
    inputs.remove("chip");
    inputs.insert("chips".into(), n(1e30));
    let error = open.check(&inputs, d("2026-11-01")).unwrap_err().to_string();
    assert!(error.contains("by_hardware") && error.contains("line"), "{error}");
}

#[test]
fn thresholds_from_every_side() {
    let p = "compute-thresholds";
    // 1000 chips at 1000 TFLOP/s, 50 %, 20 days: 8.64e23.
    let small = [("chips", n(1000.0)), ("peak", n(1000.0)), ("utilisation", n(50.0)), ("duration", n(20.0))];
    says(p, &small, Inconsistent, "below");
    says(p, &[&small[..], &[("parts", ns(&[8e24, 8e24]))]].concat(), Consistent, "exceeds-together");
    // Together near the threshold: neither above nor below.
    says(p, &[&small[..], &[("parts", ns(&[6e24, 6e24]))]].concat(), Indeterminate, "indeterminate");
    says(p, &[&small[..], &[("declared", n(6e23))]].concat(), Consistent, "more-than-declared");
    // A modifier counts above a third of the original: 0.7 × (8.64e24 + 2.4e25) is above 1e25.
    let large = [("chips", n(10_000.0)), ("peak", n(1000.0)), ("utilisation", n(50.0)), ("duration", n(20.0))];
    says(p, &large, Indeterminate, "indeterminate");
    says(p, &[&large[..], &[("parent_compute", n(2.4e25))]].concat(), Consistent, "modifier-exceeds");
    says(p, &[&large[..], &[("parent_compute", n(2.6e25))]].concat(), Indeterminate, "indeterminate");
    let model = [("parameters", n(405e9)), ("tokens", n(15.6e12))];
    says(p, &model, Consistent, "exceeds");
    says(p, &[("crossed_day", day("2026-10-01")), ("notified_day", day("2026-10-16"))], Consistent, "notified-late");
    says(p, &[("crossed_day", day("2026-10-01")), ("notified_day", day("2026-10-15"))], Indeterminate, "indeterminate");
}

#[test]
fn forms_offer_peaks() {
    for name in ["compute-thresholds", "conditional-aid"] {
        let pack = pack(name);
        let peak = |label: &str| pack.offers_for("peak").find(|o| o.label == label).map(|o| (o.value, o.verified));
        assert_eq!(peak("H100 SXM, BF16"), Some((989.0, false)));
        assert_eq!(peak("GB200 (per GPU), FP8"), Some((5000.0, false)));
        assert_eq!(pack.offers_for("peak").count(), 22);
        assert_eq!(pack.offers_for("utilisation").count(), 0);
    }
}

#[test]
fn forms_ask_what_fits_and_tips_carry_what_was_asked() {
    let pack = pack("compute-thresholds");
    let ids = |class: Option<&str>, answers: &[(&str, &str)]| {
        let answers = answers.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        pack.questions_for(class, &answers).iter().map(|q| q.id.clone()).collect::<Vec<_>>()
    };
    assert!(!ids(Some("split-run"), &[]).contains(&"declared".to_owned()));
    assert!(ids(None, &[]).contains(&"declared".to_owned()));
    assert!(!ids(None, &[("chips", " ")]).contains(&"peak".to_owned()));
    assert!(ids(None, &[("chips", "16384")]).contains(&"peak".to_owned()));
    let answers: BTreeMap<_, _> =
        [("chips", "16384"), ("parts", "1e24; 2e24"), ("peak", "")].map(|(k, v)| (k.to_owned(), v.to_owned())).into();
    let tip = pack.fill_in(Some("split-run"), &answers, &Numerals::ENGLISH).unwrap();
    assert_eq!(tip.keys().collect::<Vec<_>>(), ["chips", "class", "pack", "parts"]);
    let (inputs, unreadable) = pack.inputs_of(&tip);
    assert_eq!(inputs, BTreeMap::from([("chips".into(), n(16384.0)), ("parts".into(), ns(&[1e24, 2e24]))]));
    assert!(unreadable.is_empty());
    for (class, key, value, said) in [
        (Some("other"), "chips", "1", "no class `other`"),
        (None, "speed", "1", "no question `speed`"),
        (None, "chips", "many", "such as 16384"),
        (None, "chips", "1e30", "0 – 1e9 chip"),
    ] {
        let answers = BTreeMap::from([(key.to_owned(), value.to_owned())]);
        let error = pack.fill_in(class, &answers, &Numerals::ENGLISH).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
    // A tip whose answers no form checked is no reason to stop.
    let (inputs, unreadable) = pack.inputs_of(&BTreeMap::from([("chips".to_owned(), "many".to_owned())]));
    assert_eq!((inputs.len(), unreadable), (0, vec!["chips".to_owned()]));
}

#[test]
fn sixteen_thousand_chips_are_never_sixteen() {
    let pack = pack("compute-thresholds");
    let german = Numerals::new(',', '.');
    let fill = |value: &str, numerals: &Numerals| {
        let answers = BTreeMap::from([("chips".to_owned(), value.to_owned())]);
        pack.fill_in(None, &answers, numerals).map(|tip| tip.get("chips").cloned().unwrap_or_default())
    };
    for numerals in [&german, &Numerals::ENGLISH] {
        assert_eq!(fill("16384", numerals).unwrap(), "16384");
        for value in ["16.384", "16,384"] {
            let said = fill(value, numerals).unwrap_err().to_string();
            assert!(said.contains("16384") && said.contains("16.3840"), "{said}");
        }
        assert!(fill("1.5", numerals).unwrap_err().to_string().contains("not a whole number"));
    }
    // A tip carries the plain form, whatever the language of the form was.
    assert_eq!(fill("1.638.400", &german).unwrap(), "1638400");
    let duration = BTreeMap::from([("duration".to_owned(), "54,1250".to_owned())]);
    let tip = pack.fill_in(None, &duration, &german).unwrap();
    assert_eq!(pack.inputs_of(&tip).0, BTreeMap::from([("duration".into(), n(54.125))]));
    // What an older program took as it stood is for a person to read.
    let (inputs, unreadable) = pack.inputs_of(&BTreeMap::from([("chips".to_owned(), "16.384".to_owned())]));
    assert_eq!((inputs.len(), unreadable), (0, vec!["chips".to_owned()]));
}

#[test]
fn passports() {
    let p = "compute-passports";
    says(p, &[("serials", t(&["A-1", "A-2"])), ("serials_elsewhere", t(&["a1"]))], Consistent, "same-identity-twice");
    says(p, &[("nonces", t(&["x", "y", "x"]))], Consistent, "nonce-used-again");
    says(
        p,
        &[("certificates", t(&["root", "ca", "chip"])), ("signed_by", t(&["root", "root", "other"]))],
        Consistent,
        "chain-broken",
    );
    says(p, &[("nonces", t(&["x", "y"])), ("challenges", t(&["x", "z"]))], Consistent, "nonce-never-sent");
    says(p, &[("serials", t(&["1", "2"])), ("registered", t(&["1"]))], Consistent, "not-registered");
    let good = [
        ("serials", t(&["1", "2"])),
        ("registered", t(&["1", "2", "3"])),
        ("serials_elsewhere", t(&["9"])),
        ("nonces", t(&["x", "y"])),
        ("challenges", t(&["x", "y", "z"])),
        ("certificates", t(&["root", "ca"])),
        ("signed_by", t(&["root", "root"])),
    ];
    says(p, &good, Inconsistent, "all-in-order");
}

#[test]
fn sanctions() {
    let p = "secondary-sanctions";
    says(
        p,
        &[("parties", t(&["Example Bank, Ltd."])), ("listed", t(&["example bank ltd"]))],
        Consistent,
        "listed-name",
    );
    says(p, &[("shares", ns(&[20.0, 15.0, 15.0]))], Consistent, "owned-by-listed");
    says(p, &[("shares", ns(&[20.0, 15.0]))], Indeterminate, "indeterminate");
    says(p, &[("loans", ns(&[6e7, 5e7]))], Consistent, "above-limit");
    says(p, &[("invoices", ns(&[100.0])), ("customs", ns(&[80.0]))], Consistent, "totals-differ");
}

#[test]
fn networks() {
    let p = "network-detection";
    says(
        p,
        &[("volume", n(450.0)), ("period", n(1.0)), ("ports", ns(&[400.0, 400.0]))],
        Inconsistent,
        "more-than-the-ports-carry",
    );
    // 2 · 7e9 · 2 bytes · 1000 steps = 28 TB.
    let model = [("parameters", n(7e9)), ("width", n(2.0)), ("steps", n(1000.0))];
    says(p, &[&model[..], &[("volume", n(14.0))]].concat(), Consistent, "enough-for-training");
    says(p, &[&model[..], &[("volume", n(13.0))]].concat(), Indeterminate, "less-than-plain-training");
}

#[test]
fn inspections() {
    let p = "inspections";
    says(p, &[("notice_day", day("2026-10-01")), ("entry_day", day("2026-10-04"))], Consistent, "waited-too-long");
    says(p, &[("seals", ns(&[11.0, 12.0, 14.0]))], Consistent, "seal-missing");
    let power = [("power", n(10.0)), ("power_per_chip", n(1.0))];
    says(p, &[&power[..], &[("declared_chips", n(5000.0))]].concat(), Consistent, "power-for-more-chips");
    says(p, &[&power[..], &[("declared_chips", n(15_000.0))]].concat(), Inconsistent, "power-too-low");
    says(
        p,
        &[("notice_day", day("2026-10-01")), ("entry_day", day("2026-10-03")), ("seals", ns(&[3.0, 1.0, 2.0]))],
        Inconsistent,
        "entry-and-seals-in-order",
    );
}

#[test]
fn custody() {
    let p = "weight-custody";
    says(
        p,
        &[("log_entries", t(&["a", "b", "c"])), ("log_previous", t(&["0", "a", "x"]))],
        Consistent,
        "log-has-a-gap",
    );
    says(p, &[("custodians", t(&["Ann", "ann"])), ("quorum", n(2.0))], Consistent, "too-few-people");
    says(p, &[("custodians", t(&["Ann", "Bob", "ann"])), ("quorum", n(2.0))], Consistent, "one-person-several-keys");
    let model = [("parameters", n(70e9)), ("width", n(2.0))];
    let whole = [
        ("log_entries", t(&["a", "b"])),
        ("log_previous", t(&["0", "a"])),
        ("custodians", t(&["Ann", "Bob"])),
        ("quorum", n(2.0)),
        ("sent", ns(&[100.0])),
    ];
    says(p, &[&model[..], &whole[..]].concat(), Inconsistent, "log-people-volume-in-order");
    says(p, &[&model[..], &[("sent", ns(&[100.0, 30.0]))]].concat(), Consistent, "sent-as-much-as-weights");
}

#[test]
fn bonds() {
    let p = "performance-bonds";
    let run = [("run_compute", n(2e24)), ("run_start", day("2026-03-01")), ("run_end", day("2026-05-01"))];
    let cover = |from, to, limit| {
        [&run[..], &[("cover_start", day(from)), ("cover_end", day(to)), ("limit", n(limit))]].concat()
    };
    says(p, &cover("2026-01-01", "2026-04-30", 6e7), Consistent, "run-not-covered");
    says(p, &cover("2026-01-01", "2026-05-01", 4e7), Consistent, "limit-too-low");
    says(p, &cover("2026-01-01", "2026-05-01", 5e7), Inconsistent, "insured-or-not-needed");
    says(p, &[("run_compute", n(1e24))], Inconsistent, "insured-or-not-needed");
    says(p, &[("incident_day", day("2026-03-01")), ("reported_day", day("2026-03-17"))], Consistent, "reported-late");
}

#[test]
fn the_programme_itself() {
    let p = "whistleblower-programme";
    let dates = |report, known, detriment| {
        [("report_day", day(report)), ("known_day", day(known)), ("detriment_day", day(detriment))]
    };
    says(p, &dates("2026-03-01", "2026-03-05", "2026-03-10"), Consistent, "detriment-followed");
    says(p, &dates("2026-03-01", "2026-03-11", "2026-03-10"), Indeterminate, "indeterminate");
    says(p, &dates("2026-03-01", "2026-03-01", "2026-02-10"), Inconsistent, "detriment-came-first");
    let clause = Input::Text("The Employee SHALL NOT, ever, disclose to any authority ...".into());
    says(p, &[("clause", clause)], Indeterminate, "indeterminate");
    let clause = Input::Text("The Employee shall not disclose to any Authority the Company's ...".into());
    says(p, &[("clause", clause)], Consistent, "clause-forbids-reporting");
    for clause in ["Le salarié ne peut saisir aucune autorité.", "El empleado renuncia a toda recompensa."] {
        says(p, &[("clause", Input::Text(clause.into()))], Consistent, "clause-forbids-reporting");
    }
    let mail = Input::Text("We must find out who reported this before Friday.".into());
    says(p, &[("request", mail)], Consistent, "somebody-asks-who");
    says(
        p,
        &[("deciders", t(&["Head of Legal", "Board"])), ("parties", t(&["head of legal"]))],
        Consistent,
        "decides-own-matter",
    );
    says(p, &[("report_day", day("2026-03-01")), ("acknowledged_day", day("2026-03-09"))], Consistent, "clock-missed");
    says(p, &[("report_day", day("2026-03-01")), ("feedback_day", day("2026-06-02"))], Consistent, "clock-missed");
    says(p, &[("report_day", day("2026-03-01")), ("feedback_day", day("2026-06-01"))], Indeterminate, "indeterminate");
}

#[test]
fn aid() {
    let p = "conditional-aid";
    let dates = |l: &[&str]| Input::Dates(l.iter().map(|t| d(t)).collect());
    says(p, &[("readings", dates(&["2026-03-03", "2026-03-01"]))], Consistent, "telemetry-gap");
    let metered = [("chip_time", n(1e6)), ("peak", n(1000.0)), ("utilisation", n(50.0)), ("power_per_chip", n(1.0))];
    // 1e6 chip hours at 5e14 a second: 1.8e24 operations, 1000 MWh.
    says(p, &[&metered[..], &[("entitlement", n(1.7e24))]].concat(), Consistent, "more-than-granted");
    says(p, &[&metered[..], &[("energy", n(1301.0))]].concat(), Consistent, "more-energy-than-metered");
    says(
        p,
        &[("night_energy", n(14.0)), ("night_chip_time", n(10_000.0)), ("power_per_chip", n(1.0))],
        Consistent,
        "more-energy-at-night",
    );
    let fine = [("readings", dates(&["2026-03-01", "2026-03-02"])), ("entitlement", n(2e24)), ("energy", n(1100.0))];
    says(p, &[&metered[..], &fine[..]].concat(), Inconsistent, "within-grant");
}

#[test]
fn sunsets() {
    let p = "sunset";
    let dates = |l: &[&str]| Input::Dates(l.iter().map(|t| d(t)).collect());
    let term = [("begins", day("2026-01-01")), ("ends", day("2026-06-30"))];
    says(p, &[&term[..], &[("used", dates(&["2026-07-01", "2026-02-01"]))]].concat(), Consistent, "outside-its-time");
    says(p, &[("review_due", day("2026-05-01")), ("reviewed", day("2026-05-02"))], Consistent, "review-came-late");
    says(
        p,
        &[("claimed_signature", day("2026-05-01")), ("stamped_signature", day("2026-05-09"))],
        Consistent,
        "signed-later-than-claimed",
    );
}

#[test]
fn people_type_inputs() {
    let aid = pack("conditional-aid");
    let read = |name: &str, text: &str| aid.read_input(name, text, &Numerals::ENGLISH);
    assert_eq!(read("peak", " 989.4 ").unwrap(), n(989.4));
    assert_eq!(aid.read_input("peak", "989,4", &Numerals::new(',', '.')).unwrap(), n(989.4));
    assert_eq!(
        read("readings", "2026-03-01; 2026-03-02\n").unwrap(),
        Input::Dates(vec![d("2026-03-01"), d("2026-03-02")])
    );
    for text in ["inf", "989,4", "1.234"] {
        assert!(matches!(read("peak", text), Err(CheckError::Number(name, _)) if name == "peak"), "{text}");
    }
    assert!(matches!(read("readings", "yesterday"), Err(CheckError::WrongKind(name, _)) if name == "readings"));
    assert_eq!(read("speed", "1"), Err(CheckError::NoSuchInput("speed".into())));
    let serials = pack("compute-passports").read_input("serials", "A-1;A-2", &Numerals::ENGLISH);
    assert_eq!(serials.unwrap(), t(&["A-1", "A-2"]));
}

fn broken(change: (&str, &str)) -> String {
    let (_, text) = BUILT_IN.iter().find(|(n, _)| *n == "conditional-aid").unwrap();
    assert!(text.contains(change.0), "{change:?}");
    Pack::from_toml(&text.replace(change.0, change.1)).unwrap_err().to_string()
}

#[test]
fn faults_name_line_and_field() {
    let (_, text) = BUILT_IN.iter().find(|(n, _)| *n == "conditional-aid").unwrap();
    let line_of = |needle: &str| text.lines().position(|l| l.contains(needle)).unwrap() + 1;
    let circle = broken(("formula = \"chip_time * peak * utilisation\"", "formula = \"metered * utilisation\""));
    assert!(circle.contains("circle") && circle.contains(&format!("line {}", line_of("chip_time * peak"))), "{circle}");
    let unit = broken((
        "{ name = \"energy\", kind = \"number\", unit = \"MWh\", max = 1e12 }",
        "{ name = \"energy\", kind = \"number\", max = 1e12 }",
    ));
    assert!(
        unit.contains("`energy` needs a unit") && unit.contains(&format!("line {}", line_of("name = \"energy\""))),
        "{unit}"
    );
    assert!(broken(("unit = \"MWh\", max", "unit = \"parsec\", max")).contains("`parsec` is not a unit"));
    assert!(broken(("formula = \"chip_time * power_per_chip\"", "formula = \"chip_time * peak\"")).contains("not MWh"));
    assert!(
        broken(("formula = \"chip_time * power_per_chip\"", "formula = \"chip_time + peak\""))
            .contains("cannot be compared or added")
    );
    assert!(broken(("longest_gap(readings)", "longest_gap(reading)")).contains("`reading` is not defined"));
    assert!(broken(("longest_gap(readings)", "widest_gap(readings)")).contains("no function `widest_gap`"));
    assert!(broken(("longest_gap(readings)", "longest_gap(readings")).contains("`)` is missing"));
    assert!(broken(("severity = 4", "severity = 9")).contains("class.severity"));
    assert!(broken(("severity = 4", "sevarity = 4")).contains("sevarity"));
    assert!(broken(("within-grant = Readings", "within = Readings")).contains("`within-grant` is missing"));
    let french = broken(("within-grant = Relevés", "within = Relevés"));
    assert!(french.contains("texts.fr") && french.contains("`within-grant` is missing"), "{french}");
    assert!(broken(("title = Condiciones", "tittle = Condiciones")).contains("texts.es"));
    assert!(
        broken(("evidence-metering = Metering", "spare = x\nevidence-metering = Metering"))
            .contains("nothing shows the message `spare`")
    );
    assert!(broken(("input = \"peak\"\nunit", "input = \"readings\"\nunit")).contains("no numeric input `readings`"));
    assert!(
        broken(("unit = \"TFLOP/s/chip\"\nsource", "unit = \"MWh\"\nsource")).contains("is measured in TFLOP/s/chip")
    );
    assert!(broken(("{ id = \"cluster\" }", "{ id = \"pack\" }")).contains("reserved"));
    assert!(broken(("after = \"chip-hours\"", "after = \"per-chip\"")).contains("no earlier question"));
    assert!(broken(("effective = \"2026-01-01\"", "effective = \"2025-12-31\"")).contains("before it is published"));
    assert!(broken(("effective = \"2026-01-01\"", "effective = \"2026-02-30\"")).contains("expected a date"));
}

#[test]
fn an_eleventh_pack_needs_no_rebuild() {
    let text = r#"
id = "water-use"
version = 1
class = [{ id = "over-use", severity = 2 }]
question = [{ id = "energy", input = "energy" }]
evidence = [{ id = "bills" }]
input = [{ name = "energy", kind = "number", unit = "MWh" }]
[[threshold]]
name = "most"
unit = "GWh"
rows = [{ value = 1.0, published = "2026-01-01", effective = "2026-01-01", source = "town council", verified = true }]
[[rule]]
when = "energy > most"
verdict = "consistent"
because = "too-much"
[texts]
en = """
title = Cooling
class-over-use = Too much is used
ask-energy = How much?
evidence-bills = Bills
too-much = It is more than allowed.
indeterminate = Nobody knows.
"""
"#;
    let pack = Pack::from_toml(text).unwrap();
    let inputs = BTreeMap::from([("energy".to_owned(), n(1001.0))]);
    assert_eq!(pack.check(&inputs, d("2026-11-01")).unwrap().verdict, Consistent);
    assert_ne!(pack.pinned().digest, Pack::from_toml(&text.replace("1.0", "2.0")).unwrap().pinned().digest);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn broken_packs_and_formulas_never_panic(at in 0usize..6000, with in ".{0,6}", which in 0usize..10) {
        let Some((_, text)) = BUILT_IN.get(which) else { return Ok(()) };
        let at = (0..=at % text.len()).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
        let (head, tail) = text.split_at(at);
        let skip = tail.char_indices().nth(with.chars().count()).map_or(tail.len(), |(i, _)| i);
        let _ = Pack::from_toml(&format!("{head}{with}{}", &tail[skip..]));
    }

    #[test]
    fn formulas_from_any_characters(text in "[a-z0-9 .e()+*/<>=!,-]{0,120}") {
        if let Ok(expr) = subrosa_casework::regime::Expr::parse(&text) {
            let _ = expr.kind(&BTreeMap::new());
            let _ = expr.value(&BTreeMap::new());
        }
    }

    #[test]
    fn any_numbers_give_a_verdict_or_an_error(chips in any::<f64>(), peak in any::<f64>(), days in any::<f64>(), parts in proptest::collection::vec(any::<f64>(), 0..4)) {
        let inputs = BTreeMap::from([
            ("chips".to_owned(), n(chips)), ("peak".to_owned(), n(peak)), ("duration".to_owned(), n(days)),
            ("utilisation".to_owned(), n(50.0)), ("parts".to_owned(), Input::Numbers(parts)),
        ]);
        let _ = pack("compute-thresholds").check(&inputs, d("2026-11-01"));
    }
}
