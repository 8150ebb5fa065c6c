//! What a shipped program makes costs its full price to guess at, whatever stands in the environment; a cheap keystore
//! is named, and can be sealed anew.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{fs, path::Path, process::Output};

use anyhow::Result;
use subrosa_e2e::{keys, stage};

/// What tests once set to make keystores cheap.
const VARIABLE: &str = "SUBROSA_INSECURE_TEST_KEYSTORES";
const FULL_COST: &str = " m=65536 t=3 p=1 ";

/// Runs `subrosa` in a folder, with the variable set.
fn subrosa(folder: &Path, args: &[&str]) -> Result<Output> {
    let mut command = std::process::Command::new(stage::program("subrosa")?);
    command.args(args).current_dir(folder).env(VARIABLE, "1").stdin(std::process::Stdio::null());
    let output = command.output()?;
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(output)
}

/// The first line of a keystore.
fn header(path: &Path) -> String {
    String::from_utf8_lossy(fs::read(path).unwrap().split(|b| *b == b'\n').next().unwrap()).into_owned()
}

#[test]
fn no_program_reads_the_variable_and_each_makes_keystores_at_full_cost() -> Result<()> {
    for name in ["subrosa", "subrosa-server"] {
        let bytes = fs::read(stage::program(name)?)?;
        assert!(!bytes.windows(VARIABLE.len()).any(|w| w == VARIABLE.as_bytes()), "{name} knows {VARIABLE}");
    }
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("password"), keys::PASSWORD)?;
    let init = |words: &[&str], name: &str| -> Result<()> {
        let key = format!("{name}.key");
        subrosa(folder.path(), &[words, &["--keystore", &key, "--password-file", "password"]].concat())?;
        assert!(header(&folder.path().join(key)).contains(FULL_COST), "{name}");
        Ok(())
    };
    init(&["charter", "root"], "root")?;
    init(&["officer", "init", "--name", "anna", "--public", "anna.json"], "anna")?;
    let administrator = ["--name", "dana", "--programme", "test.example", "--issuer", "1", "--public", "dana.json"];
    init(&[&["bounty", "init"][..], &administrator].concat(), "dana")
}

#[test]
fn a_cheap_keystore_is_named_and_sealed_anew_at_full_cost() -> Result<()> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("password"), keys::PASSWORD)?;
    fs::write(folder.path().join("new"), "another long sentence")?;
    keys::officer(folder.path(), "anna")?;
    let key = folder.path().join("anna.key");
    assert!(!header(&key).contains(FULL_COST));
    let intake = |out: &str, password: &str| {
        let words = ["officer", "intake-key", "--keystore", "anna.key", "--public", out, "--password-file", password];
        subrosa(folder.path(), &words)
    };
    let said = String::from_utf8(intake("first.intake", "password")?.stderr)?;
    assert!(said.contains("cheap to guess") && said.contains("subrosa password"), "{said}");
    assert!(!header(&key).contains(FULL_COST), "saving keeps the cost: the password is not at hand");
    let words = ["password", "--keystore", "anna.key", "--password-file", "password", "--new-password-file", "new"];
    subrosa(folder.path(), &words)?;
    assert!(header(&key).contains(FULL_COST));
    assert_eq!(String::from_utf8(intake("second.intake", "new")?.stderr)?, "");
    let keys = ["first.intake", "second.intake"].map(|name| fs::read(folder.path().join(name)).unwrap());
    assert_eq!(keys[0], keys[1], "the contents are the same");
    Ok(())
}
