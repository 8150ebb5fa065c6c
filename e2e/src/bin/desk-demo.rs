//! `make desk-demo`: a programme of three officers on this machine, each with a console, and a tip that waits for them.
//! With `--json`, for the browser tests: one line that says where everything is; it ends when standard input does.
#![expect(clippy::print_stdout, reason = "a program that talks to people")]

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use anyhow::{Result, bail};
use serde_json::json;
use subrosa_e2e::stage::{ADMINISTRATORS, Desk, Stage};

/// Three people are enough for every act of two: Chiara investigates, and sits on the panel that Anna, as proposer,
/// cannot sit on.
const OFFICERS: [(&str, &str); 3] = [
    ("anna", "intake,triager,adjudicator"),
    ("boris", "intake,triager,adjudicator"),
    ("chiara", "intake,investigator,adjudicator"),
];

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (mut machine, mut folder) = (false, None);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--json" => machine = true,
            "--folder" => folder = arguments.next().map(PathBuf::from),
            other => bail!("`{other}` is not an option; there are --json and --folder DIR"),
        }
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    let folder = std::path::absolute(folder.unwrap_or_else(|| target.join("desk-demo")))?;
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let mut stage =
        Stage::open_with(&folder, "127.0.0.1:0", "http://127.0.0.1:0", if machine { 700 } else { 2000 }, 8, &OFFICERS)?;
    if !machine {
        // As a person has it who gives no option.
        stage.idle_minutes = 10;
    }
    let people: Vec<&str> = OFFICERS.iter().map(|(name, _)| *name).chain(ADMINISTRATORS).collect();
    let desks: Vec<Desk> = people.iter().map(|name| stage.desk(name)).collect::<Result<_>>()?;
    if machine {
        let addresses: serde_json::Map<_, _> =
            people.iter().zip(&desks).map(|(name, d)| ((*name).to_owned(), json!(d.address))).collect();
        let program = std::env::current_exe()?.with_file_name("subrosa");
        println!(
            "{}",
            json!({ "server": stage.url, "root": stage.root, "folder": folder, "desks": addresses, "subrosa": program })
        );
        let mut rest = Vec::new();
        std::io::stdin().read_to_end(&mut rest)?;
        return Ok(());
    }
    file_a_tip(&stage, &folder)?;
    println!(
        "The desks of three officers and three administrators are open on this machine. Each address works once; give each person a browser window of their own (a private window will do):\n"
    );
    for (name, desk) in people.iter().zip(&desks) {
        let roles = OFFICERS.iter().find(|(n, _)| n == name).map_or("treasury", |(_, roles)| roles);
        println!("  {name} ({roles})\n    {}", desk.address);
    }
    println!(
        "\nThe password is: correct horse battery staple\nA tip waits for them; press Fetch if it is not there yet.\nCtrl-C ends it all; the folder is {}.",
        folder.display()
    );
    while stage.alive() {
        thread::sleep(Duration::from_millis(300));
    }
    bail!("the server has ended; its last words stand in {}/server.log", folder.display())
}

fn file_a_tip(stage: &Stage, folder: &Path) -> Result<()> {
    let file = folder.join("scheduler.csv");
    fs::write(&file, "day,chips,hours\n2026-03-01,16384,24\n2026-03-02,16384,24\n")?;
    let story = "They ran 16,384 accelerators for 54 days and told nobody.";
    stage.file_tip(&["--story", story, "--regime", "compute-thresholds", "--file", &file.to_string_lossy()])?;
    stage.next_epoch();
    Ok(())
}
