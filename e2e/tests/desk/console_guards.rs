//! Each rule that a person at a console can run into, tried from the wrong side over real HTTP: refused under the
//! rule's name, and nothing is written. The last test holds this list and the forged entries' against the list of all
//! rules.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::{
    cell::RefCell,
    collections::BTreeSet,
    fs,
    time::{SystemTime, UNIX_EPOCH},
};

use subrosa_casework::{clock::Zone, refusal::Rule};
use subrosa_crypto::{charter::RootKey, file::HybridIdentity, secret::Secret32};
use subrosa_e2e::{desk_session::DeskSession, stage::Stage};
use subrosa_machine::dossier::{decrypt, verify};

/// Rules that no form of the console can break, and why not.
const NOT_BY_CONSOLE: &[(&str, &str)] = &[
    ("unknown-member", "a console opens only for somebody whom the charter names"),
    ("finance-outside", "an administrator's console is the treasury, without cases"),
    ("not-on-team", "a case of which one has no key is not on the desk"),
    ("already-on-team", "whoever is on the team is sent the keys again, without an entry"),
    ("still-member", "written by the programs themselves when the charter changes"),
    ("not-received", "a case on the desk has begun"),
    ("case-purged", "a purged case has no forms"),
    ("time-backwards", "the console takes the machine's clock, and never one before the last entry"),
    ("from-the-future", "the console takes the machine's clock"),
    ("leak-check-missing", "the console does the check, and stops at it (422) until it is answered"),
    ("bad-digest", "computed by the console"),
    ("no-such-proposal", "a decision that does not wait has no page (404)"),
    ("not-lapsed", "the choice is offered only while the source is asked; tried below with its time still running"),
    ("not-withdrawn", "the console has no such choice"),
    ("reason-missing", "an empty field is told as such (422)"),
    ("claim-window-over", "needs 90 days; casework/tests/rules/whole_case.rs lets them pass"),
    ("bad-claim", "statements come from the thread; a false one is passed over when it is read"),
    ("wrong-journal", "what a source wrote is filed by the programs, in its own case"),
    ("not-addressed", "filed by the programs of those to whom the source wrote"),
    ("words-repeated", "the programs file each message once"),
    ("recipient-left-out", "the first team is chosen by the programs"),
    ("same-tip", "written by the programs when two tips differ"),
    ("statement-used", "statements come from the thread, each once"),
    ("policy-unknown", "only the charter's policies can be chosen (422)"),
    ("amount-wrong", "the formula gives the amount, nobody types it"),
    ("contest-over", "needs 60 days; casework/tests/rules/whole_case.rs lets them pass"),
    ("contest-window-open", "the reasons come first; tried below up to there"),
    ("budget-short", "the public books are asked; e2e/tests/journeys/whole_case.rs"),
    ("batch-not-signed", "programs sign their batches"),
    ("order-mismatch", "computed by the console"),
    ("bad-signature", "signed by the console"),
    ("key-must-turn", "the programs turn the key by themselves"),
    ("wrong-key-generation", "chosen by the programs"),
    ("wraps-wrong", "made by the programs"),
    ("malformed", "encoded by the programs"),
    ("chain-broken", "chained by the programs"),
    ("deadline-passed", "needs three months; casework/tests/rules lets them pass"),
    ("ledger-unbalanced", "a rule of the public books; casework/tests/rules/books.rs"),
    ("ledger-duplicate", "a rule of the public books; casework/tests/rules/books.rs"),
    ("no-such-award", "a rule of the public books; casework/tests/rules/books.rs"),
];

thread_local! {
    static TRIED: RefCell<BTreeSet<&'static str>> = const { RefCell::new(BTreeSet::new()) };
}

/// The journal's page without what changes by itself: its entries.
fn entries(s: &DeskSession, id: &str) -> usize {
    s.get(&format!("case/{id}/journal")).body.matches("<tr").count()
}

fn refused(s: &DeskSession, id: &str, step: &str, fields: &str, rule: &'static str) {
    let before = entries(s, id);
    let answer = s.post(&format!("case/{id}/act/{step}"), &format!("phase=sign&leak=yes&{fields}"));
    assert_eq!(answer.status, 409, "{step} {fields}: {answer:?}");
    assert!(answer.rules().contains(&rule), "{step}: {:?} and not {rule}", answer.rules());
    assert_eq!(entries(s, id), before, "{step}: something was written");
    TRIED.with_borrow_mut(|t| t.insert(rule));
}

fn done(s: &DeskSession, id: &str, step: &str, fields: &str) {
    let to = s.act(id, step, &format!("leak=yes&{fields}"));
    assert!(to.contains("said=done"), "{step}: {to}");
}

/// Signs second; a refusal is told by the rule's name.
fn confirm(s: &DeskSession, id: &str) -> Result<(), Vec<String>> {
    s.fetch();
    let number = s.waiting(id).unwrap();
    let answer = s.confirm(id, number);
    if answer.status == 303 { Ok(()) } else { Err(answer.rules().into_iter().map(ToOwned::to_owned).collect()) }
}

struct Source<'a>(&'a Stage, String);

impl Source<'_> {
    /// A visit right after the one before: its state is listed when the epoch closes.
    fn tip(&self, words: &[&str]) {
        for _ in 0..60 {
            let mut args = vec!["tip"];
            args.extend(words);
            args.extend(["--passphrase-file", &self.1]);
            match self.0.subrosa(&args) {
                Ok(_) => return,
                Err(e) if e.to_string().contains("not listed yet") => self.0.next_epoch(),
                Err(e) => panic!("tip {words:?}: {e:#}"),
            }
        }
        panic!("tip {words:?}: the state does not come");
    }
}

const TRIAGE: &str = "class=compute-thresholds%2Funnotified-run&jurisdiction=EU&severity=4";
const RISK: &str = "guessable=2&power=3&threatened=0&dependence=1&few-knew=2";
const CHECK: &str = "on=2026-03-01&in-chips=16384&in-duration=54&in-peak=989.4&in-utilisation=40";
const SANCTION: &str = "policy=eu-pilot&sanction=1400000";

#[test]
#[expect(clippy::too_many_lines, reason = "one case, and at each place in it what is refused there")]
fn what_a_console_refuses_it_refuses_under_the_rules_name() {
    let folder = tempfile::tempdir().unwrap();
    let officers = [
        ("anna", "intake,triager,adjudicator"),
        ("boris", "intake,triager,adjudicator"),
        ("chiara", "intake,investigator,adjudicator"),
    ];
    let address = "127.0.0.1:0";
    let stage =
        Stage::open_with(&folder.path().join("stage"), address, &format!("http://{address}"), 700, 4, &officers)
            .unwrap();
    let words = stage.path("words");
    stage.subrosa(&["tip", "new", "--passphrase-out", &words, "--story", "They trained at night."]).unwrap();
    let source = Source(&stage, words);
    stage.next_epoch();
    let [anna, boris, chiara] = ["anna", "boris", "chiara"].map(|p| DeskSession::of(&stage, p));
    let all = [&anna, &boris, &chiara];
    let id = anna.until("the tip", |s| s.cases().pop());
    for s in all {
        s.until("the tip", |s| s.cases().pop());
    }
    let id = id.as_str();

    refused(&anna, id, "open-triage", "", "not-acknowledged");
    refused(&chiara, id, "investigate", "", "wrong-state");
    refused(&chiara, id, "open-triage", "", "wrong-role");
    refused(&anna, id, "release-hold", "reason=x", "declaration-missing");
    done(&anna, id, "acknowledge", "text=Thank+you.");
    refused(&anna, id, "open-triage", "", "declaration-missing");
    done(&anna, id, "declare", "");
    done(&anna, id, "name", "entity=Meridian&kind=organisation");
    refused(&anna, id, "open-triage", "", "declaration-stale");
    refused(&anna, id, "link", &format!("relation=related&other={id}"), "out-of-range");
    refused(&anna, id, "handle", "item=9999&how=opened", "no-such-item");
    refused(&anna, id, "note", &format!("visibility=team&note={}", "x".repeat(100_000)), "too-long");
    for s in all {
        s.fetch();
        done(s, id, "declare", "");
    }
    anna.fetch();
    refused(&anna, id, "release-hold", "reason=x", "no-legal-hold");
    done(&anna, id, "open-triage", "");
    refused(&anna, id, "accept", "", "not-triaged");
    done(&anna, id, "triage", TRIAGE);
    done(&anna, id, "risk", RISK);
    done(&anna, id, "extend", "reason=Many+files");
    confirm(&boris, id).unwrap();
    anna.fetch();
    refused(&anna, id, "extend", "reason=More+files", "already-extended");
    // A question to the source, whose time to answer has only begun.
    done(&anna, id, "ask", "text=In+which+month%3F");
    refused(&anna, id, "close", "close=lapsed", "not-lapsed");
    stage.next_epoch();
    source.tip(&["inbox", "--burn"]);
    source.tip(&["reply", "In March."]);
    stage.next_epoch();
    anna.until("the answer", |s| s.get(&format!("case/{id}/thread")).body.contains("In March.").then_some(()));
    done(&anna, id, "accept", "");
    assert_eq!(confirm(&anna, id), Err(vec!["same-person".into()]));
    TRIED.with_borrow_mut(|t| t.insert("same-person"));
    // A decision that waits is neither proposed again nor signed unseen.
    refused(&anna, id, "accept", "", "proposal-waits");
    boris.fetch();
    let number = boris.waiting(id).unwrap();
    let before = entries(&boris, id);
    for unseen in ["phase=sign".to_owned(), format!("phase=sign&shown={}", "0".repeat(64))] {
        let answer = boris.post(&format!("case/{id}/confirm/{number}"), &unseen);
        assert_eq!((answer.status, answer.rules().contains(&"proposal-changed")), (409, true), "{answer:?}");
    }
    assert_eq!(entries(&boris, id), before, "something was signed unseen");
    TRIED.with_borrow_mut(|t| t.insert("proposal-changed"));
    confirm(&boris, id).unwrap();
    chiara.fetch();
    refused(&chiara, id, "investigate", "", "no-machine-check");
    anna.fetch();
    done(&anna, id, "check", CHECK);
    let arithmetic = anna.get_in("de", &format!("case/{id}/checks")).body;
    for (german, english) in [("angegeben", ">given<"), ("gültig am 2026-03-01", "in force"), ("Regel", ">rule<")] {
        assert!(arithmetic.contains(german) && !arithmetic.contains(english), "{german}: {arithmetic}");
    }
    assert!(arithmetic.contains("nicht bekannt") && !arithmetic.contains("not known"), "{arithmetic}");
    refused(&anna, id, "investigate", "", "wrong-role");
    chiara.fetch();
    done(&chiara, id, "investigate", "");

    anna.fetch();
    refused(&anna, id, "substantiate", "findings=x", "evidence-too-thin");
    refused(&anna, id, "close-unsubstantiated", "findings=x", "feedback-missing");
    let digest = |c: &str| c.repeat(64);
    refused(&chiara, id, "refer", &format!("authority=AI+Office&packet={}", digest("a")), "no-consent");
    for (name, origin, sha) in [("log", "the+source", "b"), ("bill", "the+power+company", "c")] {
        let sha = digest(sha);
        done(&chiara, id, "evidence", &format!("name={name}&size=10&origin={origin}&sha256={sha}"));
    }
    anna.fetch();
    refused(&anna, id, "substantiate", "findings=x", "accused-not-heard");
    chiara.fetch();
    done(&chiara, id, "accused", "heard=waiver&words=Asking+would+show+who+reported.");
    // What protects the source: the diary with its receipt, the position, and what was told outside.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let today = Zone(0).date(since).unwrap();
    let message = chiara.get(&format!("case/{id}/act/detriment")).body;
    let message = message.split("<option value=\"").nth(2).unwrap().split('"').next().unwrap().to_owned();
    refused(&chiara, id, "detriment", "day=2026-11-02&what=Moved+to+nights.&message=9999", "no-such-item");
    done(&chiara, id, "detriment", &format!("day=2026-11-02&what=Moved+to+nights.&message={message}"));
    done(&chiara, id, "disclose", "told-to=Labour+inspectorate&told-what=A+transfer&ground=Consent+of+3+November");
    done(&chiara, id, "position", &format!("position=compliance&inside={today}"));
    let people = chiara.get(&format!("case/{id}/people")).body;
    let inside = format!("compliance or audit staff, reported inside on {today}");
    for shown in ["Moved to nights.", "Labour inspectorate", inside.as_str()] {
        assert!(people.contains(shown), "{shown}");
    }
    anna.fetch();
    done(&anna, id, "substantiate", "findings=It+took+place.");
    confirm(&boris, id).unwrap();

    anna.fetch();
    done(&anna, id, "open-claim", "notice=A+finding+was+made.");
    refused(&anna, id, "close-claim", "", "claim-window-open");
    refused(&anna, id, "propose-award", SANCTION, "claim-missing");
    source.tip(&["inbox", "--burn"]);
    source.tip(&["claim"]);
    stage.next_epoch();
    for admin in ["dana", "emil"] {
        let args = ["5000000", "--reference", "Council decision 1/2026", "--yes"];
        stage.keyed(&["bounty", "fund"], admin, &args).unwrap();
    }
    let claim = |early: &str, official: &str| {
        format!(
            "official={official}&programme-staff=no&compliance-too-early={early}&knowingly-false=no&review=not-needed"
        )
    };
    anna.until("the claim", |s| {
        let answer = s.post(&format!("case/{id}/act/file-claim"), &format!("phase=sign&{}", claim("no", "no")));
        answer.rules().contains(&"eligibility-wrong").then_some(())
    });
    refused(&anna, id, "file-claim", &claim("no", "no"), "eligibility-wrong");
    done(&anna, id, "file-claim", &claim("yes", "no"));
    refused(&anna, id, "propose-award", SANCTION, "not-eligible");
    done(&anna, id, "position", "position=insider");
    source.tip(&["claim"]);
    stage.next_epoch();
    anna.fetch();
    anna.until("the second claim is filed", |s| {
        (s.sign(id, "file-claim", &claim("no", "no")).status == 303).then_some(())
    });
    chiara.fetch();
    refused(&chiara, id, "propose-award", SANCTION, "separation-of-duties");
    anna.fetch();
    // A million is not above a million: the formula gives nothing.
    refused(&anna, id, "propose-award", "policy=eu-pilot&sanction=1000000", "award-zero");
    done(&anna, id, "propose-award", SANCTION);
    refused(&anna, id, "finalize", "", "award-open");
    refused(&anna, id, "deny", "reasons=x", "reasons-not-sent");
    source.tip(&["inbox", "--burn"]);
    source.tip(&["contest"]);
    stage.next_epoch();
    anna.until("the contest", |s| {
        let answer = s.post(&format!("case/{id}/act/panel"), &format!("phase=sign&reasons=x&{SANCTION}"));
        answer.rules().contains(&"panel-includes-proposer").then_some(())
    });
    refused(&anna, id, "panel", &format!("reasons=x&{SANCTION}"), "panel-includes-proposer");
    boris.fetch();
    done(&boris, id, "panel", &format!("reasons=It+stands.&{SANCTION}"));
    confirm(&chiara, id).unwrap();
    anna.fetch();
    done(&anna, id, "finalize", "");
    boris.fetch();
    let number = boris.waiting(id).unwrap();
    let page = boris.get(&format!("case/{id}/confirm/{number}")).body;
    let policy = "European pilot, version 1 (eu-pilot)";
    for shown in ["EUR\u{a0}420,000.00 (420,000.00 euros)", policy, "EUR\u{a0}1,400,000.00 (1,400,000.00 euros)"] {
        assert!(page.contains(shown), "the second signer is not shown {shown}: {page}");
    }
    confirm(&boris, id).unwrap();
    anna.fetch();
    refused(&anna, id, "sign-order", "", "no-token-request");
    refused(&anna, id, "paid", "", "not-issued");
    stage.next_epoch();
    source.tip(&["inbox", "--burn"]);
    source.tip(&["request-tokens"]);
    stage.next_epoch();
    anna.until("the tokens' request", |s| (s.sign(id, "sign-order", "").status == 303).then_some(()));
    refused(&anna, id, "sign-order", "", "already-signed");

    // The dossier, by the button: encrypted to the authority alone, and it verifies without a server.
    let authority = HybridIdentity::from_secret(Secret32::new([7; 32]));
    let form = format!("case/{id}/dossier");
    let to = authority.recipient().to_string();
    for (fields, what) in [
        ("recipients=&account=x".to_owned(), "Please fill this in."),
        ("recipients=age1nobody&account=x".to_owned(), "f-recipients"),
        (format!("recipients={to}&account="), "Please fill this in."),
        (format!("recipients={to}&account=x&redactions=twelve"), "is not a number"),
    ] {
        let answer = anna.post(&form, &fields);
        assert_eq!(answer.status, 422, "{fields}");
        assert!(answer.body.contains(what), "{fields}: {what}");
    }
    let saved = anna.post(&form, &format!("recipients={to}&account=A+run+is+reported.&redactions=2%3Dnames+a+person"));
    assert_eq!(saved.status, 200, "{saved:?}");
    assert!(saved.head.contains("content-disposition: attachment; filename=\"dossier-"), "{}", saved.head);
    let identity = format!("# the authority\n{}\n", authority.to_text().as_str());
    let archive = decrypt(&saved.bytes, &identity).unwrap();
    let root: RootKey = stage.root.parse().unwrap();
    let found = verify(&archive, Some(&root)).unwrap();
    assert_eq!((found.made_by.as_str(), found.evidence.0), ("anna", 2));
    assert!(anna.get("readings").body.contains("dossier"), "the log of readings tells of it");

    // Who leaves takes no further part, and takes nothing out.
    chiara.fetch();
    done(&chiara, id, "recuse", "reason=A+cousin");
    refused(&chiara, id, "note", "note=x&visibility=team", "recused");
    let answer = chiara.post(&form, &format!("recipients={to}&account=x"));
    assert_eq!((answer.status, answer.rules().contains(&"recused")), (409, true), "{answer:?}");
    // What colleagues write after the key was turned, the one who left cannot open: not by a new visit either.
    anna.fetch();
    done(&anna, id, "note", "note=written-after-chiara-left&visibility=team");
    chiara.fetch();
    for room in ["", "/journal", "/thread"] {
        assert!(!chiara.get(&format!("case/{id}{room}")).body.contains("written-after-chiara-left"));
    }

    // A second case, to its end and beyond.
    stage.subrosa(&["tip", "new", "--passphrase-out", &stage.path("words2"), "--story", "Something else."]).unwrap();
    stage.next_epoch();
    let second = anna.until("the second tip", |s| s.cases().into_iter().find(|c| c != id));
    let second = second.as_str();
    boris.until("the second tip", |s| s.cases().into_iter().find(|c| c == second));
    done(&anna, second, "acknowledge", "text=Thank+you.");
    for s in [&anna, &boris] {
        s.fetch();
        done(s, second, "declare", "");
    }
    anna.fetch();
    done(&anna, second, "open-triage", "");
    done(&anna, second, "close", "close=informative");
    confirm(&boris, second).unwrap();
    anna.fetch();
    refused(&anna, second, "reopen", "reason=x", "no-new-evidence");
    refused(&anna, second, "purge", "", "retention-running");
    done(&anna, second, "hold", "reason=The+court+asked.");
    confirm(&boris, second).unwrap();
    anna.fetch();
    refused(&anna, second, "purge", "", "legal-hold");

    let tried = TRIED.take();
    let forged = ["forged_entries", "insiders"]
        .map(|name| fs::read_to_string(format!("{}/tests/attacks/{name}.rs", env!("CARGO_MANIFEST_DIR"))).unwrap());
    let pure = ["whole_case", "keys", "across", "orders", "shown", "clocks", "words"].map(|name| {
        let path = format!("{}/../casework/tests/rules/{name}.rs", env!("CARGO_MANIFEST_DIR"));
        fs::read_to_string(path).unwrap()
    });
    for rule in Rule::ALL {
        let code = rule.code();
        let excused = NOT_BY_CONSOLE.iter().any(|(c, _)| *c == code);
        assert!(tried.contains(code) || excused, "{code}: tried through no console, and no word why not");
        // The books' own rules are no entries of a journal; two more hold when an entry is made, so that older journals
        // read as before.
        let books = [
            "proposal-waits",
            "proposal-changed",
            "ledger-unbalanced",
            "ledger-duplicate",
            "no-such-award",
            "wrong-key-generation",
            "malformed",
            "chain-broken",
        ];
        let (named, quoted) = (format!("Rule::{rule:?}"), format!("\"{code}\""));
        let by_force = forged.iter().any(|t| t.contains(&quoted))
            || pure.iter().any(|t| t.contains(&named) || t.contains(&quoted));
        assert!(by_force || books.contains(&code), "{code}: no forged entry tries it");
    }
    for (code, _) in NOT_BY_CONSOLE {
        assert!(Rule::of_code(code).is_some(), "{code} is no rule");
    }
}
