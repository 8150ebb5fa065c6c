//! What a newcomer runs first. `make demo` is run by the step `pages`, `make journey` by the step `journey`.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    io::{BufRead as _, BufReader},
    os::unix::process::CommandExt as _,
    process::{Command, Stdio},
};

use rustix::process::{Pid, Signal, kill_process_group};

#[test]
fn desks_open_and_a_tip_waits_for_them() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("desks");
    let mut demo = Command::new(env!("CARGO_BIN_EXE_desk-demo"))
        .arg("--folder")
        .arg(&folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // With all that it starts, as Ctrl-C ends it.
        .process_group(0)
        .spawn()
        .unwrap();
    let group = Pid::from_child(&demo);
    // The last line; without it, what the program says is read to its end.
    let shown: Vec<String> = BufReader::new(demo.stdout.take().unwrap()).lines().map_while(Result::ok).fold(
        Vec::new(),
        |mut shown, line| {
            if line.starts_with("Ctrl-C ends it all") {
                kill_process_group(group, Signal::INT).unwrap();
            }
            shown.push(line);
            shown
        },
    );
    let said = std::io::read_to_string(demo.stderr.take().unwrap()).unwrap();
    demo.wait().unwrap();
    let shown = shown.join("\n");
    assert!(shown.contains("A tip waits for them") && said.is_empty(), "{shown}\n{said}");
    for name in ["anna", "boris", "chiara", "dana"] {
        assert!(shown.contains(&format!("  {name} (")), "{name}: {shown}");
    }
    assert!(shown.matches("http://127.0.0.1:").count() >= 6, "{shown}");
}
