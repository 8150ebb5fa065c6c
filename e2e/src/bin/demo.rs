//! `make demo`: a programme of three officers and three administrators on this machine, and what each of them does
//! next.
#![expect(clippy::print_stdout, reason = "a program that talks to people")]

use std::{fs, path::PathBuf, thread, time::Duration};

use anyhow::{Result, bail};
use subrosa_e2e::stage::Stage;

fn main() -> Result<()> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    let folder = std::path::absolute(target.join("demo"))?;
    println!("Founding a demo programme: root key, three officers, three administrators (two of three pay) …");
    // Port 8460 if it is free, else any.
    let mut stage = found(&folder, "127.0.0.1:8460").or_else(|_| found(&folder, "127.0.0.1:0"))?;
    let at = folder.display();
    println!(
        r#"
The server listens on {url}  (open it in a browser: what the programme is, and whose keys these are)

In a second terminal, copy these lines first:

  export SUBROSA_SERVER={url} SUBROSA_ROOT={root}
  export SUBROSA_PASSWORD_FILE={at}/password PATH="{bin}:$PATH"

You are an employee. File a tip, and keep the twelve words that it prints:

  subrosa tip new --story "They ran 16,384 accelerators for 54 days and told nobody."

You are Anna, a case officer. Wait a few seconds, then look (CASE is the case's number):

  subrosa officer inbox --keystore {at}/anna.key
  subrosa officer show  --keystore {at}/anna.key CASE
  subrosa officer reply --keystore {at}/anna.key CASE "Thank you. Which site was it?" --kind acknowledgement

You are the employee again. Any machine, nothing but the words:

  subrosa tip inbox
  subrosa tip reply "Site B."

You are a bounty administrator, and then anybody at all:

  subrosa bounty inbox --keystore {at}/dana.key
  subrosa audit

You are somebody without scripts, with Debian's age alone: seal, send, and pass it on as the operator's machine does

  curl -s {url}/sealed/recipients.txt >recipients.txt
  echo "The log was switched off." | age -a -R recipients.txt | curl -s -F 'text=<-' {url}/sealed | grep -A1 code
  subrosa intake forward --spool {at}/sealed

A whole case, from tip to payment, step by step: make journey
Ctrl-C ends the demo; its folder is {at}."#,
        url = stage.url,
        root = stage.root,
        bin = std::env::current_exe()?.parent().map(|p| p.display().to_string()).unwrap_or_default(),
    );
    while stage.alive() {
        thread::sleep(Duration::from_millis(300));
    }
    bail!("the server has ended; its last words stand in {at}/server.log")
}

fn found(folder: &PathBuf, listen: &str) -> Result<Stage> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let stage = Stage::open(folder, listen, 2000, 12)?;
    stage.open_intake(&["anna", "boris", "chiara"])?;
    Ok(stage)
}
