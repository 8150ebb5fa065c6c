//! A dossier through the real programs: made at a desk, encrypted to an authority, verified by ours without a server,
//! by a second program in another language, and refused once a byte is changed.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{fs, path::Path, process::Command};

use anyhow::Result;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::Value;
use subrosa_casework::{case::State, journal::SignedEvent, role::RoleName};
use subrosa_crypto::{file::HybridIdentity, secret::Secret32};
use subrosa_e2e::{
    programme::{Programme, new_source, rng},
    stage::Stage,
    whole_case::{AWARD, BUDGET, Stage as Reached, form},
};
use subrosa_engine::{message::Message, officer::Known, policies::Policies, session::Session};
use subrosa_machine::{
    dossier::{Wishes, decrypt, export, unpack},
    preview::Previewer,
};

struct Desk {
    stage: Stage,
    case: String,
    key: String,
    _dir: tempfile::TempDir,
}

/// A tip with a photograph that carries its owner, triaged and with the photograph as evidence.
fn desk() -> Desk {
    let dir = tempfile::tempdir().unwrap();
    let stage = Stage::open(&dir.path().join("stage"), "127.0.0.1:0", 400, 4).unwrap();
    let photo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../client/tests/files/photo.jpg");
    let words = stage.path("words");
    let mut args = vec!["tip", "new", "--passphrase-out", &words, "--story", "STYLE-CANARY as I always say.", "--file"];
    let photo = photo.to_string_lossy().into_owned();
    args.push(&photo);
    stage.subrosa(&args).unwrap();
    stage.next_epoch();
    let case =
        stage.keyed(&["officer", "inbox"], "anna", &[]).unwrap()["cases"][0]["case"].as_str().unwrap().to_owned();
    let desk = Desk { key: stage.path("authority.key"), stage, case, _dir: dir };
    desk.stage.keyed(&["officer", "reply"], "anna", &[&desk.case, "Thank you.", "--kind", "acknowledgement"]).unwrap();
    desk.act_as("anna", &["declare"]);
    desk.act(&["open-triage"]);
    desk.act(&[
        "triage",
        "--pack",
        "compute-thresholds",
        "--class",
        "unnotified-run",
        "--jurisdiction",
        "DE",
        "--severity",
        "4",
    ]);
    desk.act(&[
        "check",
        "--input",
        "chips=16384",
        "--input",
        "peak=989.4",
        "--input",
        "utilisation=40",
        "--input",
        "duration=54",
        "--on",
        "2026-10-01",
    ]);
    desk.act(&["evidence", "--file", "photo.jpg", "--origin", "Hall B"]);
    let identity = HybridIdentity::from_secret(Secret32::new([7; 32]));
    fs::write(&desk.key, format!("# the authority\n{}\n", identity.to_text().as_str())).unwrap();
    fs::write(desk.stage.path("account.txt"), "A run of 54 days is reported. <b>Not</b> notified.\n").unwrap();
    desk
}

impl Desk {
    fn act(&self, step: &[&str]) {
        self.act_as("anna", step);
    }

    /// What is shown first is signed as shown.
    fn act_as(&self, officer: &str, step: &[&str]) -> Value {
        let rest = [&[self.case.as_str()], step].concat();
        self.stage.signed(&["officer", "act"], officer, &rest).unwrap()
    }

    /// A second officer looks at the decision that waits, whole, and signs it.
    fn confirm(&self, officer: &str) -> u64 {
        let shown = self.stage.keyed(&["officer", "show"], officer, &[&self.case]).unwrap();
        let entry = shown["waiting"][0]["entry"].as_u64().unwrap().to_string();
        self.act_as(officer, &["confirm", &entry]);
        self.newest("confirmed")
    }

    /// The newest entry of a kind.
    fn newest(&self, kind: &str) -> u64 {
        let journal = self.stage.keyed(&["officer", "journal"], "anna", &[&self.case]).unwrap();
        let entries = journal["entries"].as_array().unwrap();
        entries.iter().rfind(|e| e["event"] == kind).unwrap()["seq"].as_u64().unwrap()
    }

    /// An authority's decision, looked at first and then signed.
    fn authority(&self, reference: &str, sanction: &str) -> u64 {
        let digest = "ee".repeat(32);
        let mut step = vec!["authority", "--authority", "The Office", "--reference", reference, "--sha256", &digest];
        step.extend(["--sanction", sanction]);
        self.act_as("anna", &step);
        self.newest("authority-decided")
    }

    /// The report of a dossier that is made now, as a page.
    fn report(&self, out: &str, more: &[&str]) -> String {
        self.dossier(out, more).unwrap();
        let (_, files) = unpack(&self.plain(out)).unwrap();
        String::from_utf8(files.into_iter().find(|(n, _)| n == "report.html").unwrap().1).unwrap()
    }

    /// The entry of the first piece of evidence.
    fn first_evidence(&self) -> String {
        let shown = self.stage.keyed(&["officer", "show"], "anna", &[&self.case]).unwrap();
        shown["evidence"][0]["entry"].as_u64().unwrap().to_string()
    }

    fn dossier(&self, out: &str, more: &[&str]) -> Result<Value> {
        let to = HybridIdentity::from_secret(Secret32::new([7; 32])).recipient().to_string();
        let (summary, out) = (self.stage.path("account.txt"), self.stage.path(out));
        let mut rest = vec![self.case.as_str(), "--to", &to, "--summary", &summary, "--out", &out];
        rest.extend(more);
        self.stage.keyed(&["officer", "dossier"], "anna", &rest)
    }

    fn audit(&self, file: &str, more: &[&str]) -> Result<Value> {
        let file = self.stage.path(file);
        let mut args = vec!["audit", "dossier", file.as_str(), "--identity", &self.key];
        args.extend(more);
        self.stage.subrosa(&args)
    }

    fn plain(&self, file: &str) -> Vec<u8> {
        decrypt(&fs::read(self.stage.path(file)).unwrap(), &fs::read_to_string(&self.key).unwrap()).unwrap()
    }
}

fn python(archive: &Path, root: &str) -> (bool, String) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/dossier/verify.py");
    let output = Command::new("python3").arg(script).arg(archive).arg(root).output().unwrap();
    let said = if output.status.success() { output.stdout } else { output.stderr };
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

fn holds(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|w| w == word.as_bytes())
}

#[test]
fn an_authority_gets_what_it_needs_and_checks_it_alone() {
    let desk = desk();
    desk.dossier("dossier.age", &["--redact", "2=names a third person"]).unwrap();
    let sealed = fs::read(desk.stage.path("dossier.age")).unwrap();
    assert!(!holds(&sealed, "Hall B") && !holds(&sealed, "manifest.json"), "encrypted");

    let plain = desk.stage.path("dossier.tar");
    let found = desk.audit("dossier.age", &["--extract", &plain]).unwrap();
    assert_eq!((&found["verified"], &found["made_by"], &found["charters"]), (&true.into(), &"anna".into(), &1.into()));
    assert_eq!((&found["evidence"], &found["files"], &found["charters_in_log"]), (&1.into(), &1.into(), &1.into()));

    // The second program, in another language, finds the same.
    let (fine, said) = python(Path::new(&plain), &desk.stage.root);
    assert!(fine, "{said}");
    let second: Value = serde_json::from_str(&said).unwrap();
    let fields = ["case", "made_by", "charters", "charters_in_log", "entries", "entries_shown", "evidence", "files"];
    for field in fields.into_iter().chain(["findings", "findings_of_one"]) {
        assert_eq!(second[field], found[field], "{field}");
    }

    let archive = fs::read(&plain).unwrap();
    let (_, files) = unpack(&archive).unwrap();
    let file = |name: &str| &files.iter().find(|(n, _)| n == name).unwrap().1;
    let report = String::from_utf8(file("report.html").clone()).unwrap();
    assert!(
        report.contains("&lt;b&gt;Not&lt;/b&gt;")
            && !report.contains("<script")
            && !report.contains("http:")
            && !report.contains("https:"),
        "{report}"
    );
    for word in ["Hall B", "by_hardware", "3.0252e25 FLOP", "consistent with what is reported", "names a third person"]
    {
        assert!(report.contains(word), "{word}");
    }
    // The source's words, and whoever took the photograph, stay behind.
    assert!(!holds(&archive, "STYLE-CANARY") && !holds(&archive, "CANARYARTIST") && !holds(&archive, "CANARYGPS"));
    let evidence: Value = serde_json::from_slice(file("evidence.json")).unwrap();
    assert!(evidence[0]["left_behind"].as_array().unwrap().len() > 4, "{evidence}");
    assert!(evidence[0]["left_behind"].as_array().unwrap().iter().all(|r| r["what"].is_string()), "{evidence}");
    let redactions: Value = serde_json::from_slice(file("redactions.json")).unwrap();
    let reason = |entry: u64| redactions.as_array().unwrap().iter().find(|r| r["entry"] == entry).unwrap();
    assert_eq!((&reason(0)["reason"], &reason(0)["detail"]), (&"source-words".into(), &Value::Null));
    assert_eq!((&reason(2)["reason"], &reason(2)["detail"]), (&"officer".into(), &"names a third person".into()));
    let custody = evidence[0]["custody"].as_array().unwrap();
    assert_eq!(custody[0]["how"], "taken-in");
    assert_eq!(custody.last().unwrap()["how"], "exported", "the journal knows that it went out");
    if let Some(folder) = std::env::var_os("SUBROSA_KEEP_DOSSIER") {
        fs::copy(&plain, Path::new(&folder).join("recorded.tar")).unwrap();
        fs::write(Path::new(&folder).join("recorded.json"), format!("{found:#}\n")).unwrap();
    }

    // Asked for, the words and the original go along.
    desk.dossier("all.age", &["--with-words", "--with-originals", "--language", "de"]).unwrap();
    let (_, german) = unpack(&desk.plain("all.age")).unwrap();
    let german = String::from_utf8(german.iter().find(|(n, _)| *n == "report.html").unwrap().1.clone()).unwrap();
    for word in ["<html lang=\"de\">", "Dossier zum Fall", "passt zu dem, was gemeldet wurde", "Beweismittel"] {
        assert!(german.contains(word), "{word}");
    }
    for report in [&report, &german] {
        assert!(!report.contains("[missing") && !report.contains("{ $"), "{report}");
    }
    let all = desk.plain("all.age");
    let found = desk.audit("all.age", &[]).unwrap();
    assert_eq!(found["root_given"], true);
    assert!(holds(&all, "CANARYARTIST"));
    let (_, files) = unpack(&all).unwrap();
    let journal: Value = serde_json::from_slice(&files.iter().find(|(n, _)| n == "journal.json").unwrap().1).unwrap();
    assert!(journal["entries"][0]["event"].is_null(), "a tip holds the secret of its case, and never goes out");
    let words: Value = serde_json::from_slice(&files.iter().find(|(n, _)| n == "words.json").unwrap().1).unwrap();
    assert_eq!((&words[0]["entry"], &words[0]["from"]), (&0.into(), &"source".into()));
    assert!(words[0]["text"].as_str().unwrap().contains("STYLE-CANARY"), "{words}");
    assert!(words.as_array().unwrap().iter().all(|w| w.as_object().unwrap().len() == 4), "{words}");
}

#[test]
fn a_finding_that_one_has_signed_is_a_proposal_and_not_a_finding() {
    let desk = desk();
    for officer in ["boris", "chiara"] {
        desk.stage.keyed(&["officer", "inbox"], officer, &[]).unwrap();
        desk.act_as(officer, &["declare"]);
    }
    desk.act(&[
        "risk",
        "--guessable",
        "2",
        "--power",
        "3",
        "--threatened",
        "0",
        "--dependence",
        "1",
        "--few-knew",
        "2",
    ]);
    desk.act(&["accept"]);
    desk.confirm("boris");
    desk.act_as("chiara", &["investigate"]);
    let bill = ["evidence", "--name", "bill", "--size", "10", "--origin", "The power company", "--sha256"];
    desk.act_as("chiara", &[&bill[..], &["cc".repeat(32).as_str()]].concat());
    desk.act_as("chiara", &["accused", "--heard", "reply", "--words", "We did not know."]);
    // One decision is dropped; an authority decides, and decides again.
    let held = desk.act_as("anna", &["hold", "a court asks for it"])["proposal"].as_u64().unwrap();
    desk.act_as("boris", &["drop", &held.to_string()]);
    let dropped = desk.newest("proposal-dropped");
    let early = desk.authority("B-1", "1,000,000.00");
    let late = desk.authority("B-2", "2,000,000.00");
    desk.act(&["substantiate", "FINDING-CANARY: it took place."]);

    let headings = |report: &str, title: &str| report.matches(&format!("<h2>{title}</h2>")).count();
    let report = desk.report("proposed.age", &[]);
    assert_eq!(headings(&report, "Findings of the adjudicators"), 0, "{report}");
    assert!(!report.contains("FINDING-CANARY"), "what one person wrote is not told as what was found");
    assert_eq!(headings(&report, "Proposed, not decided"), 1, "{report}");
    assert!(report.contains("proposed by anna") && report.contains("State: under investigation"), "{report}");
    let german = desk.report("vorgeschlagen.age", &["--language", "de"]);
    assert_eq!(headings(&german, "Vorgeschlagen, nicht entschieden"), 1, "{german}");

    let second = desk.confirm("boris");
    let report = desk.report("found.age", &[]);
    assert_eq!(headings(&report, "Findings of the adjudicators"), 1, "{report}");
    assert!(report.contains("FINDING-CANARY: it took place."));
    assert_eq!(headings(&report, "Proposed, not decided"), 0, "{report}");
    let found = desk.audit("found.age", &[]).unwrap();
    assert_eq!((&found["findings"], &found["findings_of_one"]), (&1.into(), &0.into()));
    for said in [
        format!("<td>Signed first: Begin a legal hold; dropped in entry {dropped}</td>"),
        format!("<td>Decision dropped: Begin a legal hold (entry {held})</td>"),
        format!("; signed second in entry {second}</td>"),
        format!("<h2>Decision of an authority, in force (entry {late})</h2>"),
        format!("<h2>Earlier decision of an authority (entry {early}), replaced by entry {late}</h2>"),
        "1,000,000.00".into(),
        "2,000,000.00".into(),
    ] {
        assert!(report.contains(&said), "{said}: {report}");
    }

    // What is left out is missed where it belongs: a finding without its second signature is what one person wrote.
    let (no_second, no_drop, no_late) =
        (format!("{second}=secret"), format!("{dropped}=secret"), format!("{late}=secret"));
    let report = desk.report("half.age", &["--redact", &no_second, "--redact", &no_drop, "--redact", &no_late]);
    assert_eq!(headings(&report, "Findings of the adjudicators"), 0, "{report}");
    for said in [
        format!("<h2>Written by one adjudicator; the second signature, entry {second}, is left out</h2>"),
        format!("Begin a legal hold; entry {dropped}, which says what became of it, is left out"),
        format!("replaced by entry {late}</h2>"),
    ] {
        assert!(report.contains(&said), "{said}: {report}");
    }
    assert!(!report.contains("in force (entry") && !report.contains("2,000,000.00"), "{report}");
    let found = desk.audit("half.age", &[]).unwrap();
    assert_eq!((&found["findings"], &found["findings_of_one"]), (&0.into(), &1.into()));
    let without_first = format!("{held}=secret");
    let report = desk.report("no-first.age", &["--redact", &without_first]);
    assert!(report.contains(&format!("Decision dropped: entry {held}, which is left out")), "{report}");
}

/// What the source suffers and who was told of it never goes out; of somebody who stepped back, that they did.
#[test]
fn the_diary_the_disclosures_and_the_reason_of_a_recusal_stay_with_the_team() {
    let desk = desk();
    desk.act(&["detriment", "--day", "2026-11-02", "--what", "DIARY-CANARY: moved to nights."]);
    let told = ["--told-to", "OFFICE-CANARY", "--told-what", "TOLD-CANARY", "--ground", "GROUND-CANARY"];
    desk.act(&[&["disclose"], &told[..]].concat());
    desk.stage.keyed(&["officer", "inbox"], "chiara", &[]).unwrap();
    desk.act_as("chiara", &["recuse", "TIE-CANARY: a cousin works there."]);
    desk.dossier("dossier.age", &["--with-words"]).unwrap();
    let archive = desk.plain("dossier.age");
    // Entries are in the archive as base64, and what is shown of them must not hold the words either.
    let (_, files) = unpack(&archive).unwrap();
    let file = |name: &str| &files.iter().find(|(n, _)| n == name).unwrap().1;
    let journal: Value = serde_json::from_slice(file("journal.json")).unwrap();
    let shown = journal["entries"].as_array().unwrap().iter().filter_map(|e| e["event"].as_str());
    let shown: Vec<u8> = shown.flat_map(|event| BASE64_STANDARD.decode(event).unwrap()).collect();
    for canary in ["DIARY-CANARY", "OFFICE-CANARY", "TOLD-CANARY", "GROUND-CANARY", "TIE-CANARY"] {
        assert!(!holds(&archive, canary) && !holds(&shown, canary), "{canary} is in the dossier");
    }
    let redactions: Value = serde_json::from_slice(file("redactions.json")).unwrap();
    let left = |kind: &str| {
        let entry = desk.newest(kind);
        redactions.as_array().unwrap().iter().find(|r| r["entry"] == entry).unwrap()
    };
    for (kind, reason) in [("detriment-noted", "detriment"), ("disclosed", "disclosure")] {
        assert_eq!((&left(kind)["reason"], &left(kind)["detail"]), (&reason.into(), &Value::Null));
    }
    assert_eq!(left("recused")["reason"], "recusal");
    assert_eq!(left("recused")["detail"].as_str().unwrap().len(), 32, "who it was, as a holder id");
    let report = String::from_utf8(file("report.html").clone()).unwrap();
    assert!(report.contains("chiara takes no further part"), "{report}");
    assert_eq!(desk.audit("dossier.age", &[]).unwrap()["verified"], true);
    let plain = desk.stage.path("dossier.tar");
    fs::write(&plain, &archive).unwrap();
    let (fine, said) = python(Path::new(&plain), &desk.stage.root);
    assert!(fine, "{said}");
}

#[test]
fn a_german_report_is_german_throughout() {
    let desk = desk();
    // A piece that few received, one of which no copy can be made, a note, and what an officer leaves out.
    let few = ["evidence", "--name", "liste", "--size", "10", "--origin", "Halle B", "--readers", "3", "--sha256"];
    desk.act(&[&few[..], &["cc".repeat(32).as_str()]].concat());
    let lost = ["evidence", "--name", "band", "--size", "10", "--origin", "Halle C", "--sha256"];
    desk.act(&[&lost[..], &["dd".repeat(32).as_str()]].concat());
    desk.act(&["handle", "--item", &desk.first_evidence(), "--how", "opened"]);
    fs::write(desk.stage.path("account.txt"), "Gemeldet ist ein Lauf von 54 Tagen.\n").unwrap();
    let german = desk.report("deutsch.age", &["--language", "de", "--redact", "3=nennt eine dritte Person"]);
    for word in [
        "die eigenen Worte der Quelle",
        "ein Brief an die Quelle",
        "nennt eine dritte Person",
        "nur 3 Personen haben genau diese Fassung erhalten",
        "keine sichere Kopie",
        "als Beweismittel aufgenommen",
        "geöffnet",
        "ausgegeben",
        "Aus der beigelegten Kopie entfernt",
        "Teil APP1 der Datei",
        "Trainingsläufe über der Rechenschwelle",
        "Ein Lauf über der Schwelle wurde nicht gemeldet",
        "angegeben",
        "gültig am 2026-10-01, seit 2025-08-02",
        "nicht bekannt",
        "Regel",
    ] {
        assert!(german.contains(word), "{word}: {german}");
    }
    // Without the style sheet, names in the check's pack, and the command at the end.
    let text = german.split("<body>").nth(1).unwrap();
    let told = text.split("<code>").map(|part| part.split_once("</code>").map_or(part, |(_, rest)| rest));
    let told = told.collect::<String>().to_lowercase();
    for english in [
        "opened",
        "exported",
        "taken in",
        "digest verified",
        "the source",
        "a letter",
        "an internal",
        "the team",
        "another case",
        "does not count",
        "people received",
        "no safe copy",
        "bytes after",
        "thumbnail",
        "comment (",
        " of the ",
        " was ignored",
        "proposed by",
        "left out",
        "exceeds",
        "given",
        "not known",
        "in force",
        "unnotified-run",
        ">yes<",
        ">rule<",
    ] {
        assert!(!told.contains(english), "{english}: {told}");
    }
}

#[test]
fn what_was_changed_is_found_and_what_is_wrong_is_said() {
    let desk = desk();
    let refused = desk.stage.keyed(
        &["officer", "dossier"],
        "anna",
        &[
            &desk.case,
            "--to",
            "age1nobody",
            "--summary",
            &desk.stage.path("account.txt"),
            "--out",
            &desk.stage.path("x.age"),
        ],
    );
    assert!(refused.unwrap_err().to_string().contains("not an age recipient"));
    desk.dossier("dossier.age", &[]).unwrap();
    assert!(desk.dossier("dossier.age", &[]).unwrap_err().to_string().contains("nothing was overwritten"));
    let archive = desk.plain("dossier.age");
    let bent = desk.stage.path("bent.tar");
    let check = |bytes: &[u8]| {
        fs::write(&bent, bytes).unwrap();
        let ours = desk.stage.subrosa(&["audit", "dossier", &bent]).is_ok();
        (ours, python(Path::new(&bent), &desk.stage.root).0)
    };
    assert_eq!(check(&archive), (true, true));
    // One bit in each of many places, and the end cut off: both programs refuse each of them.
    for n in 0..24 {
        let mut changed = archive.clone();
        let at = archive.len() * n / 24 + 7;
        changed[at] ^= 4;
        assert_eq!(check(&changed), (false, false), "byte {at}");
    }
    assert_eq!(check(&archive[..archive.len() - 512]), (false, false));
    // Another programme's fingerprint.
    let other = "11".repeat(32);
    let output = desk.stage.subrosa(&[
        "audit",
        "dossier",
        &desk.stage.path("dossier.age"),
        "--identity",
        &desk.key,
        "--root",
        &other,
    ]);
    assert!(output.unwrap_err().to_string().contains("another programme"));
    // Another's key.
    fs::write(&desk.key, HybridIdentity::from_secret(Secret32::new([8; 32])).to_text().as_str()).unwrap();
    assert!(desk.audit("dossier.age", &[]).is_err());
}

/// Events that are about the award alone.
const OF_THE_AWARD: &[&str] = &[
    "source-stated",
    "claim-window-opened",
    "claim-window-closed",
    "claim-filed",
    "position-stated",
    "award-proposed",
    "token-request-received",
    "order-signed",
    "paid",
];

#[tokio::test]
async fn everything_about_the_award_stays_with_the_team() -> Result<()> {
    let mut p = Programme::start(250).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Reached::Issued).await?;
    let award = p.case(0).await?.case().award().unwrap().award_ref.unwrap();
    let replay = p.case(0).await?;
    assert_eq!(replay.case().state(), State::Paid);
    let told = replay.events().iter().filter(|e| OF_THE_AWARD.contains(&e.event.name())).count();
    assert!(told > 6, "the case went all the way: {told}");

    // The officer asks for as much as can be asked for: the words of both sides too.
    let directory = p.directory().await?;
    let known = Known { ctx: p.context(&directory), policies: Policies::default(), directory };
    let identity = HybridIdentity::from_secret(Secret32::new([7; 32]));
    let wishes = Wishes {
        to: vec![identity.recipient().to_string()],
        summary: "A run is reported.".into(),
        with_words: true,
        language: "en".into(),
        ..Wishes::default()
    };
    let (api, previewer, rng) = (p.api(), Previewer::this_program()?, &mut rng());
    let s = &mut Session::new(&api, &p.circuits, rng, p.now, &known.directory);
    let made = export(&mut p.desks[0], s, 0, &known, RoleName::Triager, &previewer, &wishes).await?;
    let archive = decrypt(&made, identity.to_text().as_str())?;
    let (_, files) = unpack(&archive)?;

    let amounts = [AWARD, BUDGET].map(|cents| (cents.to_string(), u32::try_from(cents).unwrap().to_be_bytes()));
    for (name, bytes) in &files {
        for word in [&award.to_string(), "137,500", "5,000,000", &amounts[0].0, &amounts[1].0] {
            assert!(!holds(bytes, word), "{word} is in {name}");
        }
    }
    let file = |name: &str| &files.iter().find(|(n, _)| n == name).unwrap().1;
    let journal: Value = serde_json::from_slice(file("journal.json"))?;
    let tip = replay.case().received().unwrap().tip.0.clone();
    let Message::Tip(tip) = Message::recorded(&tip)? else { anyhow::bail!("no tip") };
    let mut shown = 0;
    for entry in journal["entries"].as_array().unwrap() {
        let Some(event) = entry["event"].as_str() else { continue };
        let bytes = BASE64_STANDARD.decode(event).map_err(|e| anyhow::anyhow!("{e}"))?;
        let event = SignedEvent::decode(&bytes)?.event;
        let name = event.name();
        assert!(!OF_THE_AWARD.contains(&name), "{name}");
        assert!(!["received", "message-received", "message-sent"].contains(&name), "{name} holds more than words");
        let has = |part: &[u8]| bytes.windows(part.len()).any(|w| w == part);
        assert!(!has(b"award"), "entry {} ({name}) speaks of the award", entry["seq"]);
        assert!(!has(tip.case_secret.expose()), "whoever has the case's secret reads and purges its journal");
        assert!(!has(&award.0), "the award's public name is in entry {} ({name})", entry["seq"]);
        assert!(amounts.iter().all(|(_, cents)| !has(cents)), "an amount is in entry {} ({name})", entry["seq"]);
        shown += 1;
    }
    assert!(shown > 10, "the rest goes out: {shown}");
    let report = String::from_utf8(file("report.html").clone())?;
    for word in ["Make the award final", "Paid", "paid"] {
        assert!(!report.contains(word), "{word}: {report}");
    }
    assert!(report.contains("the award"), "what is left out is listed: {report}");
    Ok(())
}
