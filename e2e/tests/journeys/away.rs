//! The program while the server cannot be reached: what is signed is shown first, as with it, and is listed with what
//! it says until it is delivered.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::fs;

use anyhow::Result;
use serde_json::Value;
use subrosa_e2e::stage::Stage;

/// An address where nobody listens.
const NOWHERE: [&str; 2] = ["--server", "http://127.0.0.1:9"];

const DECISION: [&str; 7] = ["authority", "--authority", "AI Office", "--reference", "AZ 1/2026", "--sha256", DIGEST];
const DIGEST: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

fn away(stage: &Stage, case: &str, step: &[&str]) -> Result<Value> {
    stage.keyed(&["officer", "act"], "anna", &[&[case], step, &NOWHERE].concat())
}

fn waiting(stage: &Stage) -> Value {
    stage.keyed(&["officer", "waiting"], "anna", &NOWHERE).unwrap()["waiting"].clone()
}

#[test]
fn without_the_server_the_program_shows_what_it_signs() {
    let dir = tempfile::tempdir().unwrap();
    let stage = Stage::open(&dir.path().join("stage"), "127.0.0.1:0", 400, 4).unwrap();
    stage.file_tip(&["--story", "At night."]).unwrap();
    stage.next_epoch();
    let [anna, _] = ["anna", "boris"].map(|who| stage.keyed(&["officer", "inbox"], who, &[]).unwrap());
    let case = anna["cases"][0]["case"].as_str().unwrap().to_owned();
    let case = case.as_str();

    // A note says everything itself: it is kept at once, also beside what the visit left here.
    away(&stage, case, &["note", "call the registry"]).unwrap();
    let listed = waiting(&stage);
    assert!(listed[0]["shown"].to_string().contains("call the registry"), "{listed}");

    // Money is shown, and nothing is kept before its code comes back.
    let decided =
        |amount: &str, more: &[&str]| away(&stage, case, &[&DECISION[..], &["--sanction", amount], more].concat());
    for (amount, said) in [("-5", "below zero"), ("-5,00", "137500.00"), ("137.500", "137500.00")] {
        let wrong = decided(amount, &[]).unwrap_err().to_string();
        assert!(wrong.contains("--sanction") && wrong.contains(said), "{amount}: {wrong}");
    }
    let asked = decided("137500", &[]).unwrap();
    assert_eq!(asked["signed"], false, "{asked}");
    assert!(asked["shown"].to_string().contains("137,500.00 euros"), "{asked}");
    let code = asked["code"].as_str().unwrap();
    assert_eq!(decided("137500.01", &["--sign", code]).unwrap()["signed"], false, "a code signs one amount");
    assert_eq!(waiting(&stage).as_array().unwrap().len(), 1, "nothing was kept unsigned");
    assert!(decided("137500", &["--sign", code]).unwrap()["waiting"].is_u64());
    let listed = waiting(&stage);
    assert!(listed[1]["shown"].to_string().contains("137,500.00 euros"), "{listed}");

    // A declaration is about the names that were shown.
    let asked = away(&stage, case, &["declare"]).unwrap();
    assert!(asked["shown"].to_string().contains("Nobody and nothing is named"), "{asked}");
    away(&stage, case, &["declare", "--sign", asked["code"].as_str().unwrap()]).unwrap();
    stage.keyed(&["officer", "act"], "boris", &[case, "name", "Meridian", "--kind", "organisation"]).unwrap();
    let inbox = stage.keyed(&["officer", "inbox"], "anna", &[]).unwrap();
    let declared = inbox["delivered"].as_array().unwrap().iter().find(|d| d["step"] == "declare no conflict").unwrap();
    assert_eq!(declared["outcome"]["refused"]["rule"], "proposal-changed", "{declared}");
    let listed = waiting(&stage);
    let kept = listed.as_array().unwrap().iter().find(|w| w["step"] == "declare no conflict").unwrap();
    assert!(kept["changed"] == true && kept["shown"].to_string().contains("Meridian (organisation)"), "{kept}");

    // Where nothing of the case is kept, there is nothing to look at.
    let folder = stage.path("");
    for entry in fs::read_dir(folder).unwrap().filter_map(Result::ok) {
        if entry.file_name().to_string_lossy().starts_with("anna.key.shelf") {
            fs::remove_dir_all(entry.path()).unwrap();
        }
    }
    let blind = decided("137500", &["--sign", code]).unwrap_err().to_string();
    assert!(blind.contains("nothing was signed and nothing was kept"), "{blind}");
}
