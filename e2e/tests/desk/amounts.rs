//! No amount is signed a hundredfold: what a person types in the console, and on the command line, is read as that
//! language writes it, refused where it could be read twice, and shown before it is signed.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use subrosa_e2e::{desk_session::DeskSession, stage::Stage};

fn refused(stage: &Stage, args: &[&str]) -> String {
    stage.subrosa(args).unwrap_err().to_string()
}

#[test]
fn an_amount_is_read_shown_and_never_guessed() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::open(&folder.path().join("stage"), "127.0.0.1:0", 700, 4).unwrap();

    // The console in German: its own spelling and the plain one; the question shows what was read.
    let dana = DeskSession::of(&stage, "dana");
    dana.fetch();
    let fund = |language: &str, money: &str| {
        dana.post_in(language, "treasury/fund/new", &format!("money={money}&decision=Beschluss+1"))
    };
    for money in ["137500%2C00", "137.500%2C00", "137.500%2C00+%E2%82%AC", "137.500%2C00%C2%A0%E2%82%AC", "137500.00"] {
        let asked = fund("de", money);
        assert_eq!(asked.status, 200, "{money}: {asked:?}");
        assert!(asked.body.contains("137.500,00\u{a0}EUR (137.500,00 Euro)"), "{money}: {}", asked.body);
        assert!(!asked.body.contains("13.750.000"), "{money}");
    }
    let twice = fund("de", "137.500");
    assert_eq!(twice.status, 422, "{twice:?}");
    assert!(twice.body.contains("kann 137500 oder 137,5 heißen"), "{}", twice.body);
    let foreign = fund("en", "137500%2C00");
    assert_eq!(foreign.status, 422, "{foreign:?}");
    for (money, said) in [("0", "nothing"), ("-5", "below zero"), ("%245", "another currency")] {
        let answer = fund("en", money);
        assert!(answer.status == 422 && answer.body.contains(said), "{money}: {answer:?}");
    }
    drop(dana);

    // The program, which speaks English; nothing is signed unasked.
    let fund = |amount: &str, more: &[&str]| {
        let args = [&[amount, "--reference", "Council decision 1/2026"], more].concat();
        stage.keyed(&["bounty", "fund"], "dana", &args)
    };
    for amount in ["500,00", "137500,00", "137.500", "1.234", "-5", "-5.00", "-€5"] {
        let said = fund(amount, &["--yes"]).unwrap_err().to_string();
        assert!(said.contains(amount) && said.contains("for example 137500.00"), "{amount}: {said}");
    }
    let unasked = fund("5,000,000.00", &[]).unwrap_err().to_string();
    assert!(unasked.contains("EUR\u{a0}5,000,000.00 (5,000,000.00 euros)"), "{unasked}");
    assert!(unasked.contains("Nothing was signed"), "{unasked}");
    assert_eq!(fund("5,000,000.00", &["--yes"]).unwrap()["amount_cents"], 500_000_000);

    let words = stage.path("no-words");
    for amount in ["137500,00", "137.500", "-5", "-€137,500.00"] {
        let said = refused(&stage, &["tip", "accept", "--passphrase-file", &words, amount, "--yes"]);
        assert!(said.contains(amount) && said.contains("for example 137500.00"), "{said}");
    }
    let unasked = refused(&stage, &["tip", "accept", "--passphrase-file", &words, "137500"]);
    assert!(unasked.contains("EUR\u{a0}137,500.00 (137,500.00 euros)"), "{unasked}");

    // Sixteen thousand chips are not sixteen.
    let new = ["tip", "new", "--story", "x", "--regime", "compute-thresholds", "--passphrase-out", &words];
    let said = refused(&stage, &[&new[..], &["--answer", "chips=16.384"]].concat());
    assert!(said.contains("16.3840 or as 16384"), "{said}");
}
