//! Policies through the real programs: an operator writes an eleventh regime by hand, and source and officers work with
//! it without a rebuild.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
};

use subrosa_casework::regime::BUILT_IN;
use subrosa_e2e::{desk_session::DeskSession, stage::Stage};

/// The sunset pack, rewritten by hand into a pack of its own.
fn eleventh() -> String {
    let (_, sunset) = BUILT_IN.iter().find(|(id, _)| *id == "sunset").unwrap();
    sunset
        .replace("id = \"sunset\"", "id = \"moratorium\"")
        .replace("Powers that end on a date", "Moratorium on large runs")
}

/// A folder as `make web` builds one, with programs that do nothing.
fn web_of_nothing(stage: &Stage) -> String {
    let folder = stage.path("web");
    fs::create_dir(&folder).unwrap();
    let mut files = Vec::new();
    for (role, name) in [("app", "app.0.js"), ("engine", "engine.0.wasm"), ("twin", "engine.0.js")] {
        for end in ["", ".gz", ".br"] {
            fs::write(format!("{folder}/{name}{end}"), role).unwrap();
        }
        let sha256 = hex::encode(subrosa_crypto::kdf::sha256(role.as_bytes()));
        files.push(
            serde_json::json!({ "role": role, "path": name, "type": "t/t", "size": role.len(), "sha256": sha256 }),
        );
    }
    fs::write(format!("{folder}/manifest.json"), serde_json::json!({ "version": 1, "files": files }).to_string())
        .unwrap();
    folder
}

/// A public page, as a browser without compression gets it.
fn page(stage: &Stage, path: &str) -> String {
    let host = stage.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert!(text.starts_with("HTTP/1.1 200"), "{path}: {text}");
    text
}

fn founded() -> (tempfile::TempDir, Stage) {
    let dir = tempfile::tempdir().unwrap();
    let stage = Stage::open(&dir.path().join("stage"), "127.0.0.1:0", 400, 4).unwrap();
    (dir, stage)
}

fn ids(regimes: &serde_json::Value) -> Vec<String> {
    regimes["regimes"].as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_eleventh_regime_needs_no_rebuild() {
    let (_dir, mut stage) = founded();
    assert_eq!(ids(&stage.subrosa(&["tip", "regimes"]).unwrap()).len(), 10);
    // The source's form is a page with a program; what the program is does not matter here.
    let web = web_of_nothing(&stage);
    stage.stop().unwrap();
    stage.start_again(&["--web", &web]).unwrap();
    let form = |language: &str| page(&stage, &format!("{language}/tip"));
    assert!(form("").contains("<option value=\"sunset\">") && !form("").contains("moratorium"));

    // Written by hand, copied to the server, named by the next charter.
    let file = stage.path("policies/moratorium.toml");
    fs::write(&file, eleventh()).unwrap();
    let published = stage.amend(&["--policy", &format!("regime/moratorium={file}")]).unwrap();
    assert_eq!(published["missing_policies"], serde_json::json!([]));
    let known = ids(&stage.subrosa(&["tip", "regimes"]).unwrap());
    assert!(known.len() == 11 && known.contains(&"moratorium".to_owned()), "{known:?}");
    let shown = stage.subrosa(&["tip", "regimes", "moratorium"]).unwrap();
    assert_eq!(shown["classes"][0]["id"], "use-after-expiry");
    for language in ["", "/de", "/fr", "/es"] {
        assert!(form(language).contains("<option value=\"moratorium\">"), "{language}");
    }
    assert!(page(&stage, "/scope").contains("Moratorium on large runs"));

    // A source answers its questions; a wrong class, question or answer is told before anything is sent.
    let words = stage.path("words");
    let new = |more: &[&str]| {
        let mut args =
            vec!["tip", "new", "--passphrase-out", &words, "--story", "They went on.", "--regime", "moratorium"];
        args.extend(more);
        stage.subrosa(&args)
    };
    for (wrong, said) in [
        (["--class", "nothing"], "no class `nothing`"),
        (["--answer", "colour=red"], "no question `colour`"),
        (["--answer", "ends=soon"], "a date such as 2026-11-30"),
    ] {
        let refused = new(&wrong).unwrap_err().to_string();
        assert!(refused.contains(said), "{refused}");
        assert!(!std::path::Path::new(&words).exists(), "nothing was begun");
    }
    let answers = ["begins=2026-01-01", "ends=2026-06-30", "used=2026-05-01; 2026-07-02"];
    let mut args = vec!["--class", "use-after-expiry"];
    args.extend(answers.iter().flat_map(|a| ["--answer", a]));
    new(&args).unwrap();
    stage.next_epoch();

    // Officers triage under it, and its check runs on what the source answered.
    let case =
        stage.keyed(&["officer", "inbox"], "anna", &[]).unwrap()["cases"][0]["case"].as_str().unwrap().to_owned();
    let act = |step: &[&str]| {
        let mut rest = vec![case.as_str()];
        rest.extend(step);
        stage.signed(&["officer", "act"], "anna", &rest)
    };
    stage.keyed(&["officer", "reply"], "anna", &[&case, "Thank you.", "--kind", "acknowledgement"]).unwrap();
    act(&["declare"]).unwrap();
    act(&["open-triage"]).unwrap();
    let triage = |pack: &str| {
        let class = ["--class", "use-after-expiry", "--jurisdiction", "DE", "--severity", "3"];
        act(&[&["triage", "--pack", pack], &class[..]].concat())
    };
    assert!(triage("nowhere").unwrap_err().to_string().contains("the charter names no pack `nowhere`"));
    // The desk's form has it too.
    let desk = DeskSession::of(&stage, "anna");
    desk.fetch();
    let offered = desk.get(&format!("case/{case}/act/triage")).body;
    assert!(offered.contains("value=\"moratorium/use-after-expiry\""), "{offered}");
    drop(desk);
    triage("moratorium").unwrap();
    act(&["check", "--from-answers", "--on", "2026-07-02"]).unwrap();
    let shown = stage.keyed(&["officer", "show"], "anna", &[&case]).unwrap();
    assert_eq!(shown["checks"][0]["verdict"], "consistent");
    assert_eq!(shown["checks"][0]["because"], "outside-its-time");

    // The next charter replaces the pack; this case stays under the one that it pins.
    fs::write(&file, eleventh().replace("version = 1", "version = 2").replace("use-after-expiry", "late-use")).unwrap();
    let old = stage.path("policies/moratorium-1.toml");
    fs::write(&old, eleventh()).unwrap();
    stage.amend(&["--policy", &format!("regime/moratorium={file}")]).unwrap();
    let shown = stage.subrosa(&["tip", "regimes", "moratorium"]).unwrap();
    assert_eq!((&shown["version"], &shown["classes"][0]["id"]), (&2.into(), &"late-use".into()));
    act(&[
        "check",
        "--input",
        "begins=2026-01-01",
        "--input",
        "ends=2026-06-30",
        "--input",
        "used=2026-03-01",
        "--on",
        "2026-07-02",
    ])
    .unwrap();
    let shown = stage.keyed(&["officer", "show"], "boris", &[&case]);
    assert!(shown.is_err(), "Boris has not fetched the case yet");
    let shown = stage.keyed(&["officer", "show"], "anna", &[&case]).unwrap();
    assert_eq!(shown["checks"].as_array().unwrap().len(), 2);
}

#[test]
fn a_policy_that_is_no_policy_is_not_named() {
    let (_dir, stage) = founded();
    let file = stage.path("policies/wrong.toml");
    let amend = |text: String, name: &str| {
        fs::write(&file, text).unwrap();
        stage.amend(&["--policy", &format!("{name}={file}")]).unwrap_err().to_string()
    };
    let missing_unit = eleventh().replacen("value = 1.0, unit = \"d\"", "value = 1.0", 1);
    assert!(amend(missing_unit, "regime/moratorium").contains("needs a unit"));
    assert!(amend(eleventh(), "regime/other").contains("its name in the charter must be `regime/moratorium`"));
    assert!(amend("nonsense".into(), "bounty/other").contains("wrong.toml"));
    // A charter that names a file which the server lacks is published; the operator is told what to do.
    let away = stage.path("away.toml");
    fs::write(&away, eleventh()).unwrap();
    let published = stage.amend(&["--policy", &format!("regime/moratorium={away}")]).unwrap();
    assert_eq!(published["missing_policies"], serde_json::json!(["regime/moratorium"]));
    let refused = stage.subrosa(&["tip", "regimes"]).unwrap_err().to_string();
    assert!(refused.contains("does not hand it out"), "{refused}");
    fs::rename(&away, stage.path("policies/moratorium.toml")).unwrap();
    stage.reload().unwrap();
    assert_eq!(ids(&stage.subrosa(&["tip", "regimes"]).unwrap()).len(), 11);
    // Other bytes under the digest cannot be served; an altered file is simply another one.
    fs::write(stage.path("policies/moratorium.toml"), eleventh().replace("severity = 3", "severity = 1")).unwrap();
    stage.reload().unwrap();
    assert!(stage.subrosa(&["tip", "regimes"]).is_err());
}
