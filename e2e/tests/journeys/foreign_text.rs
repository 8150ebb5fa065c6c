//! What strangers write, as the real program prints it: nothing of it steers a terminal, turns a line round or hides.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use subrosa_e2e::stage::Stage;

/// Right-to-left override, an isolate, a separator, a zero width, a tag, and one that a terminal obeys.
const TRICKS: &str = "A\u{202e}B\u{2066}C\u{2028}D\u{200b}E\u{e0041}F\u{9b}G";
const SHOWN: &str = "A⟨U+202E⟩B⟨U+2066⟩C⟨U+2028⟩D⟨U+200B⟩E⟨U+E0041⟩F⟨U+009B⟩G";
/// Two Persian words that are written with a joiner, and a picture of two.
const PROPER: &str = "می\u{200c}خواهم 👩\u{200d}🔬";

/// What `subrosa` prints for people.
fn printed(stage: &Stage, words: &[&str], person: &str, rest: &[&str]) -> String {
    let (key, password) = (stage.path(&format!("{person}.key")), stage.path("password"));
    let mut command = stage.command().unwrap();
    command.args(words).args(["--keystore", &key, "--password-file", &password]).args(rest);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn holds(text: &str) {
    assert!(text.contains(SHOWN), "{text}");
    for c in TRICKS.chars().filter(|c| !c.is_ascii()) {
        assert!(!text.contains(c), "{:04X} is in {text}", u32::from(c));
    }
}

#[test]
fn what_strangers_write_is_printed_as_what_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let stage = Stage::open(&dir.path().join("stage"), "127.0.0.1:0", 400, 4).unwrap();
    let words = stage.path("words");
    let story = format!("{TRICKS} {PROPER}");
    stage.subrosa(&["tip", "new", "--passphrase-out", &words, "--story", &story]).unwrap();
    stage.next_epoch();
    let inbox = printed(&stage, &["officer", "inbox"], "anna", &[]);
    assert!(inbox.contains("  1 message\n") || inbox.trim_end().ends_with("  1 message"), "{inbox}");
    let listed = stage.keyed(&["officer", "inbox"], "anna", &[]).unwrap();
    let case = listed["cases"][0]["case"].as_str().unwrap();

    // The tip is shown, as what it is, and once.
    let shown = printed(&stage, &["officer", "show"], "anna", &[case]);
    holds(&shown);
    assert!(shown.contains(PROPER), "{shown}");
    assert_eq!(shown.matches(SHOWN).count(), 1, "{shown}");
    let thread = stage.keyed(&["officer", "show"], "anna", &[case]).unwrap()["thread"].clone();
    assert_eq!(thread.as_array().unwrap().len(), 1, "{thread}");

    // What a colleague wrote is looked at before it is signed.
    stage.signed(&["officer", "act"], "anna", &[case, "declare"]).unwrap();
    let held = stage.signed(&["officer", "act"], "anna", &[case, "hold", TRICKS]).unwrap()["proposal"].to_string();
    stage.keyed(&["officer", "inbox"], "boris", &[]).unwrap();
    stage.signed(&["officer", "act"], "boris", &[case, "declare"]).unwrap();
    holds(&printed(&stage, &["officer", "act"], "boris", &[case, "confirm", &held]));

    // A story that nobody can read is none: it is refused before words are drawn or anything is sent.
    for story in ["", " \t", "\u{200b}\u{feff}"] {
        let kept = stage.path("no-words");
        let error =
            stage.subrosa(&["tip", "new", "--passphrase-out", &kept, "--story", story]).unwrap_err().to_string();
        assert!(error.contains("the story is empty") && error.contains("Nothing was sent"), "{story:?}: {error}");
        assert!(!std::path::Path::new(&kept).exists(), "{story:?}");
    }

    // An error repeats what was typed.
    let mut command = stage.command().unwrap();
    let output = command.args(["audit", "dossier", TRICKS]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success());
    holds(&said);
}
