//! What a console's page shows is what is signed: a page that was left open signs nothing that has changed since, and
//! says what is true now.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use subrosa_e2e::{
    desk_session::{Answer, DeskSession},
    stage::Stage,
};

/// The question before an act is signed.
fn question(s: &DeskSession, id: &str, step: &str) -> Answer {
    let answer = s.post(&format!("case/{id}/act/{step}"), "");
    assert_eq!(answer.status, 200, "{step}: {answer:?}");
    answer
}

/// The button under a page that was shown a while ago.
fn press(s: &DeskSession, id: &str, step: &str, page: &Answer) -> Answer {
    s.post(&format!("case/{id}/act/{step}"), &format!("phase=sign&shown={}", page.shown().unwrap()))
}

fn done(s: &DeskSession, id: &str, step: &str, fields: &str) {
    let to = s.act(id, step, &format!("leak=yes&{fields}"));
    assert!(to.contains("said=done"), "{step}: {to}");
}

fn confirm(s: &DeskSession, id: &str) {
    s.fetch();
    let number = s.waiting(id).unwrap();
    assert_eq!(s.confirm(id, number).status, 303);
}

/// A page that is refused because the case moved on, and that shows what is so now.
#[track_caller]
fn shown_anew(answer: &Answer, now: &str) {
    assert_eq!((answer.status, answer.rules()), (409, vec!["proposal-changed"]), "{answer:?}");
    assert!(answer.body.contains(now), "{now} is not shown: {}", answer.body);
}

const OFFICERS: [(&str, &str); 3] = [
    ("anna", "intake,triager,adjudicator"),
    ("boris", "intake,triager,adjudicator"),
    ("chiara", "intake,investigator,adjudicator"),
];

struct Source<'a>(&'a Stage, String);

impl Source<'_> {
    fn tip(&self, words: &[&str]) {
        for _ in 0..60 {
            let args = [&["tip"], words, &["--passphrase-file", &self.1]].concat();
            match self.0.subrosa(&args) {
                Ok(_) => return,
                Err(e) if e.to_string().contains("not listed yet") => self.0.next_epoch(),
                Err(e) => panic!("tip {words:?}: {e:#}"),
            }
        }
        panic!("tip {words:?}: the state does not come");
    }
}

/// What is said where something else was shown than is true by now.
const CHANGED: &str = "This is no longer what was shown";

/// Names that came up between the page and the button, one case or several at once.
fn names_are_declared_as_shown(anna: &DeskSession, boris: &DeskSession, id: &str) {
    let page = question(anna, id, "declare");
    assert!(page.body.contains("Nobody and nothing is named"), "{}", page.body);
    done(boris, id, "name", "entity=Meridian&kind=organisation");
    let anew = press(anna, id, "declare", &page);
    shown_anew(&anew, "Meridian");
    done(boris, id, "name", "entity=Hall+B&kind=place");
    let many = anna.post("bulk", &format!("bulk=declare&case={id}"));
    assert!(many.body.contains("Meridian"), "{}", many.body);
    let sign = |page: &Answer| {
        let shown = page.shown().unwrap().replace(':', "%3A");
        anna.post("bulk", &format!("bulk=declare&phase=sign&case={id}&shown={shown}"))
    };
    let late = sign(&many);
    assert!(late.body.contains(CHANGED) && !late.body.contains("proposal-changed"), "{}", late.body);
    let again = anna.post("bulk", &format!("bulk=declare&case={id}"));
    assert!(again.body.contains("Hall B"), "{}", again.body);
    let signed = sign(&again);
    assert!(!signed.body.contains(CHANGED), "{}", signed.body);
    // A tag that was left empty is asked for, and what was ticked stays.
    let empty = anna.post("bulk", &format!("bulk=tag&bulk-tag=&case={id}"));
    for piece in [&format!("name=\"case\" value=\"{id}\""), "name=\"bulk-tag\"", "name=\"bulk\" value=\"tag\""] {
        assert!(empty.body.contains(piece), "{piece}: {}", empty.body);
    }
}

/// From the tip to an award of 137,500 that the source has accepted.
fn accepted(stage: &Stage, source: &Source<'_>, [anna, boris, chiara]: [&DeskSession; 3], id: &str) {
    for s in [boris, chiara] {
        s.fetch();
        done(s, id, "declare", "");
    }
    done(anna, id, "acknowledge", "text=Thank+you.");
    done(anna, id, "open-triage", "");
    done(anna, id, "triage", "class=compute-thresholds%2Funnotified-run&jurisdiction=EU&severity=4");
    done(anna, id, "risk", "guessable=2&power=3&threatened=0&dependence=1&few-knew=2");
    done(anna, id, "accept", "");
    // Whoever comes to the act's form again is shown what waits, and it says what is accepted.
    anna.fetch();
    let form = anna.get(&format!("case/{id}/act/accept"));
    let (_, number) = form.head.split_once("/confirm/").unwrap_or_else(|| panic!("{form:?}"));
    let waits = anna.get(&format!("case/{id}/confirm/{}", number.lines().next().unwrap_or_default()));
    for piece in ["A run above the threshold was not notified", "Jurisdiction", "Severity"] {
        assert!(waits.body.contains(piece), "{piece}: {waits:?}");
    }
    confirm(boris, id);
    anna.fetch();
    done(anna, id, "check", "on=2026-03-01&in-chips=16384&in-duration=54&in-peak=989.4&in-utilisation=40");
    chiara.fetch();
    done(chiara, id, "investigate", "");
    done(chiara, id, "accused", "heard=waiver&words=Asking+would+show+who+reported.");
    let decision = format!("authority=AI+Office&reference=1&sha256={}&sanction=1100000", "a".repeat(64));
    done(chiara, id, "authority", &decision);
    anna.fetch();
    done(anna, id, "substantiate", "findings=It+took+place.");
    confirm(boris, id);
    anna.fetch();
    done(anna, id, "open-claim", "notice=A+finding+was+made.");
    stage.next_epoch();
    source.tip(&["inbox", "--burn"]);
    source.tip(&["claim"]);
    stage.next_epoch();
    for admin in ["dana", "emil"] {
        stage.keyed(&["bounty", "fund"], admin, &["5000000", "--reference", "Decision 1", "--yes"]).unwrap();
    }
    let claim = "official=no&programme-staff=no&compliance-too-early=no&knowingly-false=no&review=not-needed";
    anna.until("the claim", |s| {
        let asked = s.post(&format!("case/{id}/act/file-claim"), claim);
        let answers = ["Knew the report to be false", "Legal review", "Go back and change it"];
        (asked.status == 200).then(|| answers.map(|said| assert!(asked.body.contains(said), "{said}: {}", asked.body)))
    });
    anna.until("the claim", |s| (s.sign(id, "file-claim", claim).status == 303).then_some(()));
    done(anna, id, "propose-award", "policy=eu-pilot&sanction=1100000&down=3");
    stage.next_epoch();
    source.tip(&["inbox", "--burn"]);
    source.tip(&["accept", "137500", "--yes"]);
    stage.next_epoch();
}

#[test]
fn a_page_that_was_left_open_signs_nothing_that_changed() {
    let folder = tempfile::tempdir().unwrap();
    let address = "127.0.0.1:0";
    let folder = folder.path().join("stage");
    let stage = Stage::open_with(&folder, address, &format!("http://{address}"), 700, 4, &OFFICERS).unwrap();
    let words = stage.path("words");
    stage.subrosa(&["tip", "new", "--passphrase-out", &words, "--story", "They trained at night."]).unwrap();
    let source = Source(&stage, words);
    stage.next_epoch();
    let [anna, boris, chiara] = ["anna", "boris", "chiara"].map(|p| DeskSession::of(&stage, p));
    let id = anna.until("the tip", |s| s.cases().pop());
    for s in [&boris, &chiara] {
        s.until("the tip", |s| s.cases().pop());
    }
    names_are_declared_as_shown(&anna, &boris, &id);
    accepted(&stage, &source, [&anna, &boris, &chiara], &id);

    // What the award's form is given and what its formula refuses is said in German, at its field.
    let german = |step: &str, fields: &str| anna.post_in("de", &format!("case/{id}/act/{step}"), fields);
    let day = german("position", "position=insider&inside=32.13.2026");
    assert!(day.status == 422 && day.body.contains("Das ist kein Tag des Kalenders"), "{day:?}");
    let range = german("check", "on=2026-03-01&in-chips=1&in-utilisation=140");
    assert!(range.status == 422 && range.body.contains("0 – 100 %"), "{range:?}");
    assert!(!range.body.contains("out of range"), "{}", range.body);

    let page = anna.until("the acceptance", |s| {
        let answer = s.post(&format!("case/{id}/act/finalize"), "");
        (answer.status == 200).then_some(answer)
    });
    assert!(page.body.contains("EUR\u{a0}137,500.00 (137,500.00 euros)"), "{}", page.body);
    assert_eq!(page.body.matches("<dt>Amount</dt>").count(), 1, "{}", page.body);
    // Nothing was typed, so that there is nothing to go back to and change.
    assert!(page.body.contains("Go back without signing"), "{}", page.body);
    assert!(!page.body.contains("Go back and change it"), "{}", page.body);
    // Anna's page stays open; the source contests, and a panel decides otherwise.
    source.tip(&["contest"]);
    stage.next_epoch();
    let panel = "reasons=More+was+collected.&sanction=20000000";
    boris.until("the contest", |s| (s.sign(&id, "panel", panel).status == 303).then_some(()));
    chiara.fetch();
    let number = chiara.waiting(&id).unwrap();
    let whole = chiara.get(&format!("case/{id}/confirm/{number}")).body;
    assert!(
        whole.contains("European pilot, version 1 (eu-pilot)"),
        "the policy behind the amount is not shown: {whole}"
    );
    confirm(&chiara, &id);
    let raised = "EUR\u{a0}1,500,000.00 (1,500,000.00 euros)";
    let anew = press(&anna, &id, "finalize", &page);
    shown_anew(&anew, raised);
    boris.fetch();
    assert_eq!(boris.waiting(&id), None, "a name stands under an amount that was not shown");
    assert_eq!(press(&anna, &id, "finalize", &anew).status, 303);

    // The journal says what each entry says: words and amounts.
    anna.fetch();
    let journal = anna.get(&format!("case/{id}/journal")).body;
    for said in
        ["They trained at night.", "It took place.", "€137,500.00 (European pilot, version 1", "More was collected."]
    {
        assert!(journal.contains(said), "{said}: {journal}");
    }
}
