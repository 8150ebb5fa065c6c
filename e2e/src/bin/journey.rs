//! `make journey`: a whole case with the real programs, from a frightened employee to a paid claim, told step by
//! step. Exit code 0 only if every step did what it says.
#![expect(clippy::print_stdout, reason = "a program that tells a story")]
#![expect(clippy::indexing_slicing, reason = "a missing member of a JSON value reads as null")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use subrosa_e2e::stage::{ADMINISTRATORS, OFFICERS, Stage};

fn main() -> Result<()> {
    let folder = tempfile::Builder::new().prefix("subrosa-journey-").tempdir()?;
    let mut teller = Teller(0);
    teller.step("A programme is founded: root key, three officers, three administrators, two of three pay");
    let stage = Stage::open(folder.path(), "127.0.0.1:0", 500, 10)?;
    teller.fact(&format!("root fingerprint {}", stage.root));
    let journey = Journey { stage, teller: &mut teller, files: fixtures()?, case: String::new() };
    journey.walk()?;
    println!("\nThe whole case is done: first successful claim paid.");
    Ok(())
}

struct Teller(u32);

impl Teller {
    fn step(&mut self, words: &str) {
        self.0 += 1;
        println!("\n{:>2}. {words}", self.0);
    }

    fn fact(&self, words: &str) {
        println!("    {words}");
    }
}

struct Journey<'t> {
    stage: Stage,
    teller: &'t mut Teller,
    /// A photograph and a PDF.
    files: [PathBuf; 2],
    /// The case's number, once the tip has arrived.
    case: String,
}

fn fixtures() -> Result<[PathBuf; 2]> {
    let folder = std::env::var_os("SUBROSA_FIXTURES").map_or_else(|| PathBuf::from("target/fixtures"), PathBuf::from);
    let files = [folder.join("photograph.jpg"), folder.join("document.pdf")];
    let mut total = 0;
    for f in &files {
        total += fs::metadata(f).with_context(|| format!("{} is missing: run e2e/fixtures.sh", f.display()))?.len();
    }
    ensure!(total >= 5 << 20, "the photograph and the PDF are {total} bytes together; 5 MiB are wanted");
    Ok(files)
}

fn sha256(path: &Path) -> Result<String> {
    Ok(hex::encode(Sha256::digest(fs::read(path)?)))
}

fn text<'v>(v: &'v Value, pointer: &str) -> Result<&'v str> {
    v.pointer(pointer).and_then(Value::as_str).with_context(|| format!("no {pointer} in {v}"))
}

fn number(v: &Value, pointer: &str) -> Result<u64> {
    v.pointer(pointer).and_then(Value::as_u64).with_context(|| format!("no {pointer} in {v}"))
}

impl Journey<'_> {
    /// A visit of the source. Each starts from nothing but the words, in a process of its own, when the epoch of
    /// whatever happened before is closed.
    fn tip(&self, words: &[&str], rest: &[&str]) -> Result<Value> {
        self.stage.next_epoch();
        let mut args = words.to_vec();
        let file = self.stage.path("words");
        args.extend(["--passphrase-file", &file]);
        args.extend(rest);
        self.stage.subrosa(&args)
    }

    fn act(&self, officer: &str, case: &str, step: &[&str]) -> Result<Value> {
        let mut rest = vec![case];
        rest.extend(step);
        // What moves money is shown first, and signed when its code comes back; so is what the case itself says.
        self.stage.signed(&["officer", "act"], officer, &rest)
    }

    /// The second signature: the decision is shown whole, then signed as shown. Answers what was shown.
    fn confirm(&self, officer: &str, case: &str) -> Result<Value> {
        let shown = self.stage.keyed(&["officer", "show"], officer, &[case])?;
        let entry = number(&shown, "/waiting/0/entry")?.to_string();
        let before = self.stage.keyed(&["officer", "act"], officer, &[case, "confirm", &entry])?;
        ensure!(before["signed"] == false, "signed unseen: {before}");
        let code = text(&before, "/code")?;
        self.stage.keyed(&["officer", "act"], officer, &[case, "confirm", &entry, "--sign", code])?;
        Ok(before)
    }

    fn inbox(&self, officer: &str) -> Result<Value> {
        self.stage.keyed(&["officer", "inbox"], officer, &[])
    }

    fn refused(&self, outcome: Result<Value>, code: &str) -> Result<()> {
        match outcome {
            Ok(v) => bail!("this should have been refused ({code}), and was done: {v}"),
            Err(e) if e.to_string().contains(code) => {
                let said = e.to_string();
                self.teller.fact(&format!("refused, as it must be: {}", said.lines().last().unwrap_or_default()));
                Ok(())
            }
            Err(e) => Err(e.context(format!("refused, but not by `{code}`"))),
        }
    }

    fn walk(mut self) -> Result<()> {
        self.file_tip()?;
        self.check_receipts()?;
        self.arrive()?;
        self.ask()?;
        self.answer()?;
        self.accept()?;
        self.investigate()?;
        self.substantiate()?;
        self.award()?;
        self.request_tokens()?;
        self.sign_tokens()?;
        self.redeem()?;
        self.verify()?;
        self.pay()?;
        self.audit()
    }

    /// A tip with files, from somebody who has nothing yet.
    fn file_tip(&mut self) -> Result<()> {
        let [photo, pdf] = self.files.clone();
        self.teller.step("An employee files a tip with a photograph and a PDF");
        let words = self.stage.path("words");
        let receipts = self.stage.path("receipts");
        fs::create_dir(&receipts)?;
        let filed = self.stage.subrosa(&[
            "tip",
            "new",
            "--passphrase-out",
            &words,
            "--receipts",
            &receipts,
            "--story",
            "They trained above the threshold from March to May and notified nobody.",
            "--answer",
            "chips=16384",
            "--file",
            &photo.to_string_lossy(),
            "--file",
            &pdf.to_string_lossy(),
        ])?;
        ensure!(number(&filed, "/receipts")? == 3, "three officers are written to");
        let size = fs::metadata(&photo)?.len() + fs::metadata(&pdf)?.len();
        self.teller.fact(&format!("{size} bytes of evidence; three signed receipts; twelve words on paper"));
        self.stage.next_epoch();
        Ok(())
    }

    /// Receipts, checked by whoever holds them.
    fn check_receipts(&mut self) -> Result<()> {
        self.teller.step("The receipts are checked against the log, by the employee and then by anybody");
        let all: Vec<String> = (1..=3).map(|n| self.stage.path(&format!("receipts/receipt-{n}.txt"))).collect();
        let mut args = vec!["tip", "receipts"];
        args.extend(all.iter().map(String::as_str));
        let checked = self.stage.subrosa(&args)?;
        ensure!(number(&checked, "/proven")? == 3, "all receipts are proven: {checked}");
        let one = all.first().context("no receipt")?;
        let audited = self.stage.subrosa(&["audit", "--receipt", one])?;
        ensure!(audited["proven"] == true, "{audited}");
        self.teller.fact(&format!("proven in a log of {} leaves", number(&audited, "/log_size")?));
        Ok(())
    }

    /// The tip and its files, as officers find them.
    fn arrive(&mut self) -> Result<()> {
        let [photo, pdf] = self.files.clone();
        self.teller.step("The officers open their desks; the files arrive as they were sent");
        for (name, _) in OFFICERS {
            self.inbox(name)?;
        }
        let desk = self.inbox("anna")?;
        text(&desk, "/cases/0/case")?.clone_into(&mut self.case);
        let saved = self.stage.path("saved");
        fs::create_dir(&saved)?;
        let files = self.stage.keyed(&["officer", "files"], "anna", &[&self.case, "--out", &saved])?;
        for f in [&photo, &pdf] {
            let name = f.file_name().context("no name")?;
            ensure!(sha256(f)? == sha256(&Path::new(&saved).join(name))?, "{name:?} is not what was sent");
        }
        ensure!(files["files"].as_array().is_some_and(|f| f.len() == 2), "{files}");
        self.teller.fact("both SHA-256 sums are equal");
        Ok(())
    }

    /// An acknowledgement and a question.
    fn ask(&mut self) -> Result<()> {
        let case = self.case.clone();
        self.teller.step("Anna acknowledges, declares no conflict, and asks a question");
        let reply = |officer: &str, kind: &str, words: &str| {
            let rest = [case.as_str(), words, "--kind", kind, "--leak-checked"];
            self.stage.keyed(&["officer", "reply"], officer, &rest)
        };
        reply("anna", "acknowledgement", "Thank you. Your tip is here.")?;
        self.act("anna", &case, &["declare"])?;
        self.act("anna", &case, &["open-triage"])?;
        reply("anna", "question", "At which of the sites was it?")?;
        Ok(())
    }

    /// A visit with nothing but the words.
    fn answer(&mut self) -> Result<()> {
        let case = self.case.clone();
        self.teller.step("The employee returns on a clean machine with only the twelve words, reads, and answers");
        let read = self.tip(&["tip", "inbox"], &["--burn"])?;
        ensure!(read["messages"].as_array().is_some_and(|m| m.len() == 2), "two messages: {read}");
        self.teller.fact(&format!("read and burnt: “{}”", text(&read, "/messages/1/message/text")?));
        let again = self.tip(&["tip", "inbox"], &[])?;
        ensure!(again["messages"].as_array().is_some_and(Vec::is_empty), "burnt messages are gone: {again}");
        self.tip(&["tip", "reply"], &["Site B, the second hall."])?;
        self.stage.next_epoch();
        for (name, _) in OFFICERS {
            self.inbox(name)?;
        }
        let shown = self.stage.keyed(&["officer", "show"], "chiara", &[&case])?;
        ensure!(shown.to_string().contains("Site B, the second hall."), "the answer reached the case: {shown}");
        self.teller.fact("the answer stands in the case, for all three officers");
        Ok(())
    }

    /// Triage, and a decision that takes two.
    fn accept(&mut self) -> Result<()> {
        let case = self.case.clone();
        self.teller.step("Triage and acceptance, by two");
        for o in ["boris", "chiara"] {
            self.act(o, &case, &["declare"])?;
        }
        let triage = [
            "triage",
            "--pack",
            "compute-thresholds",
            "--class",
            "unnotified-run",
            "--jurisdiction",
            "DE",
            "--severity",
            "4",
        ];
        self.act("anna", &case, &triage)?;
        let risk =
            ["risk", "--guessable", "2", "--power", "3", "--threatened", "0", "--dependence", "1", "--few-knew", "2"];
        self.act("anna", &case, &risk)?;
        self.act("anna", &case, &["accept"])?;
        self.refused(self.confirm("anna", &case), "same-person")?;
        self.refused(self.act("boris", &case, &["accept"]), "proposal-waits")?;
        self.confirm("boris", &case)?;
        Ok(())
    }

    /// The machine check, the evidence, and what the accused say.
    fn investigate(&mut self) -> Result<()> {
        let [photo, pdf] = self.files.clone();
        let case = self.case.clone();
        self.teller.step("The machine check runs; Chiara investigates");
        let check = [
            "check",
            "--on",
            "2026-03-01",
            "--input",
            "chips=16384",
            "--input",
            "peak=989.4",
            "--input",
            "utilisation=40",
            "--input",
            "duration=54",
            "--input",
            "parameters=405e9",
            "--input",
            "tokens=15.6e12",
        ];
        self.act("anna", &case, &check)?;
        let shown = self.stage.keyed(&["officer", "show"], "anna", &[&case])?;
        ensure!(text(&shown, "/checks/0/verdict")? == "consistent", "{shown}");
        self.teller.fact(&format!("verdict: consistent ({}), never “proved”", text(&shown, "/checks/0/because")?));
        self.refused(self.act("anna", &case, &["investigate"]), "wrong-role")?;
        self.act("chiara", &case, &["investigate"])?;
        for (f, origin) in [(&photo, "the employee's telephone"), (&pdf, "the supplier's invoice system")] {
            let name = f.file_name().context("no name")?.to_string_lossy().into_owned();
            self.act("chiara", &case, &["evidence", "--file", &name, "--origin", origin])?;
        }
        self.act(
            "chiara",
            &case,
            &["accused", "--heard", "reply", "--words", "We thought that the threshold did not apply to us."],
        )?;
        Ok(())
    }

    /// The finding, and the claim that it opens.
    fn substantiate(&mut self) -> Result<()> {
        let case = self.case.clone();
        self.teller.step("Two adjudicators find the violation shown, and open the claim window");
        self.act("anna", &case, &["substantiate", "The run exceeded the threshold."])?;
        self.refused(self.act("boris", &case, &["substantiate", "Something else."]), "proposal-waits")?;
        let seen = self.confirm("boris", &case)?;
        ensure!(seen.to_string().contains("The run exceeded the threshold."), "the findings are shown: {seen}");
        self.act("anna", &case, &["open-claim", "Award notice 1 of 2026"])?;
        self.tip(&["tip", "inbox"], &["--burn"])?;
        self.tip(&["tip", "claim"], &[])?;
        self.stage.next_epoch();
        self.inbox("anna")?;
        let eligible = [
            "file-claim",
            "--official",
            "no",
            "--programme-staff",
            "no",
            "--compliance-too-early",
            "no",
            "--knowingly-false",
            "no",
            "--review",
            "not-needed",
        ];
        self.act("anna", &case, &eligible)?;
        Ok(())
    }

    /// Budget, formula, acceptance, and two signatures.
    fn award(&mut self) -> Result<()> {
        let case = self.case.clone();
        self.teller.step("Two administrators state the pilot's budget; the formula gives the award");
        for a in ADMINISTRATORS.iter().take(2) {
            self.stage.keyed(
                &["bounty", "fund"],
                a,
                &["5000000", "--reference", "Council decision 1/2026", "--yes"],
            )?;
        }
        self.act("anna", &case, &["propose-award", "--sanction", "1100000", "--down", "3"])?;
        let shown = self.stage.keyed(&["officer", "show"], "anna", &[&case])?;
        ensure!(number(&shown, "/award/amount_cents")? == 13_750_000, "{shown}");
        self.teller.fact("€1,100,000 × 12.5 % = €137,500.00");
        self.tip(&["tip", "inbox"], &["--burn"])?;
        self.tip(&["tip", "accept"], &["137500", "--yes"])?;
        self.stage.next_epoch();
        self.inbox("anna")?;
        self.act("anna", &case, &["finalize"])?;
        self.refused(self.confirm("anna", &case), "same-person")?;
        let seen = self.confirm("boris", &case)?;
        ensure!(seen.to_string().contains("€137,500.00"), "the amount is shown: {seen}");
        self.teller.fact("final, by two adjudicators");
        Ok(())
    }

    /// Blind tokens, asked for and ordered.
    fn request_tokens(&mut self) -> Result<()> {
        let case = self.case.clone();
        self.teller.step("The employee asks for blind tokens; two adjudicators order their issue");
        let read = self.tip(&["tip", "inbox"], &["--burn"])?;
        ensure!(read.to_string().contains("137,500.00"), "the award reached the source: {read}");
        self.tip(&["tip", "request-tokens"], &[])?;
        self.stage.next_epoch();
        self.inbox("anna")?;
        self.act("anna", &case, &["sign-order"])?;
        self.act("boris", &case, &["sign-order"])?;
        self.act("anna", &case, &["deliver"])?;
        self.stage.next_epoch();
        Ok(())
    }

    /// Signatures on what nobody can read.
    fn sign_tokens(&mut self) -> Result<()> {
        let case = self.case.clone();
        self.teller.step("All three administrators sign numbers that they cannot read");
        for a in ADMINISTRATORS {
            let inbox = self.stage.keyed(&["bounty", "inbox"], a, &[])?;
            let award = text(&inbox, "/orders/0/award")?.to_owned();
            self.stage.keyed(&["bounty", "sign"], a, &[&award, "--yes"])?;
            self.refused(self.stage.keyed(&["bounty", "sign"], a, &[&award, "--yes"]), "signed for this award before")?;
        }
        self.act("anna", &case, &["paid"])?;
        self.stage.next_epoch();
        let tokens = self.stage.path("tokens.txt");
        let collected = self.tip(&["tip", "collect-tokens"], &["--out", &tokens])?;
        ensure!(number(&collected, "/total_cents")? == 13_750_000, "{collected}");
        self.teller.fact(&format!("proofs checked; tokens of {}", collected["values_cents"]));
        Ok(())
    }

    /// Tokens shown by a stranger, one of them twice.
    fn redeem(&mut self) -> Result<()> {
        let tokens = self.stage.path("tokens.txt");
        self.teller.step("Redeemed by a stranger, in three sittings, from the token file alone");
        let sittings: [&[&str]; 3] = [&["100000"], &["20000", "10000"], &["5000", "2000", "500"]];
        for values in sittings {
            let mut args = vec!["tip", "redeem", "--yes", "--tokens", &tokens];
            for v in values {
                args.extend(["--value", v]);
            }
            args.extend(["--payee", "Kanzlei Muster, Anderkonto", "--iban", "DE89370400440532013000"]);
            args.extend(["--country", "DE", "--town", "Koeln", "--reference", "Akte 7/26"]);
            self.stage.subrosa(&args)?;
            self.stage.next_epoch();
        }
        // A dishonest holder shows the first token once more, with other bank details, before anybody has looked.
        let mut twice = vec!["tip", "redeem", "--yes", "--tokens", &tokens, "--value", "100000"];
        twice.extend([
            "--payee",
            "Somebody Else",
            "--iban",
            "NL91ABNA0417164300",
            "--country",
            "NL",
            "--town",
            "Utrecht",
        ]);
        self.stage.subrosa(&twice)?;
        self.stage.next_epoch();
        Ok(())
    }

    /// The second use of a token is found.
    fn verify(&mut self) -> Result<()> {
        let tokens = self.stage.path("tokens.txt");
        self.teller.step("The administrators reserve the tokens; the second use of a token is refused");
        let mut refused = 0;
        for a in ["dana", "emil"] {
            let inbox = self.stage.keyed(&["bounty", "inbox"], a, &[])?;
            let all = inbox["redemptions"].as_array().context("no redemptions")?.clone();
            ensure!(all.len() == 4, "four redemptions came in: {inbox}");
            for r in &all {
                let context = text(r, "/redemption")?;
                match self.stage.keyed(&["bounty", "verify"], a, &[context, "--yes"]) {
                    Ok(_) => {}
                    Err(e) if e.to_string().contains("redeemed before") => refused += 1,
                    Err(e) => return Err(e),
                }
            }
        }
        ensure!(refused == 2, "each administrator refuses the second use ({refused})");
        self.teller.fact("nullifiers reserved in public by both, then proven; second use refused by both");
        let twice = self.stage.subrosa(&["tip", "redeem", "--tokens", &tokens, "--value", "100000"]);
        self.refused(twice, "no unredeemed token")?;
        Ok(())
    }

    /// The money leaves.
    fn pay(&mut self) -> Result<()> {
        self.teller.step("Two administrators release the money; one payment file is written for each redemption");
        let mut files = 0;
        for a in ["dana", "emil"] {
            let inbox = self.stage.keyed(&["bounty", "inbox"], a, &[])?;
            for r in inbox["redemptions"].as_array().context("no redemptions")? {
                if text(r, "/stage")? == "refused" {
                    continue;
                }
                let context = text(r, "/redemption")?;
                let out = self.stage.path(&format!("payment-{a}-{}.xml", context.get(..8).unwrap_or(context)));
                let bank = [
                    "--debtor-name",
                    "Pilot Programme",
                    "--debtor-iban",
                    "NL91ABNA0417164300",
                    "--debtor-bic",
                    "ABNANL2A",
                ];
                let mut rest = vec![context, "--yes", "--out", &out];
                rest.extend(bank);
                let paid = self.stage.keyed(&["bounty", "pay"], a, &rest)?;
                if !paid["file"].is_null() {
                    files += 1;
                    let xml = fs::read_to_string(&out)?;
                    ensure!(xml.contains("DE89370400440532013000"), "the stranger's account is paid");
                }
            }
        }
        ensure!(files == 3, "three payment files, one for each sitting ({files})");
        self.teller.fact("three pain.001 files; the payee was readable to the administrators alone");
        Ok(())
    }

    /// What anybody can add up.
    fn audit(&mut self) -> Result<()> {
        self.teller.step("Anybody audits: issued, redeemed, outstanding");
        self.stage.next_epoch();
        let audit = self.stage.subrosa(&["audit"])?;
        ensure!(audit["clean"] == true, "{audit}");
        ensure!(number(&audit, "/issued_cents")? == 13_750_000, "{audit}");
        ensure!(number(&audit, "/outstanding_cents")? == 0, "{audit}");
        self.teller.fact(&format!(
            "issued {} = redeemed {} + outstanding {} (cents); {} log leaves, {} records",
            audit["issued_cents"],
            audit["redeemed_cents"],
            audit["outstanding_cents"],
            audit["log_size"],
            audit["records"]
        ));
        ensure!(self.stage.alive(), "the server still runs");
        Ok(())
    }
}
