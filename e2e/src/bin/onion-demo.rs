//! `make onion-demo`: the demo programme behind real onion services on a private Tor network; see `deploy/tor/`.
//!
//! With `--json` it talks to a test instead of a person: one line says where everything is, then it obeys lines on
//! standard input (`tor …` goes to the network, `server stop`, `server start [OPTIONS]`, `intake` passes on what waits
//! in the sealed intake's spool), each answered by one line, until the input ends.
#![expect(clippy::print_stdout, reason = "a program that talks to people")]

use std::{
    fs,
    io::BufRead,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use subrosa_e2e::{
    onion::OnionNetwork,
    port::HeldPort,
    stage::{OFFICERS, Stage},
};

fn main() -> Result<()> {
    let target =
        std::path::absolute(std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from))?;
    let talks_json = std::env::args().any(|a| a == "--json");
    let folder = target.join("onion-demo");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    // The addresses stand in the charter, so the network comes first; the server's port is chosen before both, and held
    // until the server has it.
    let held = HeldPort::take()?;
    let listen = held.address.to_string();
    if !talks_json {
        println!("Starting a private Tor network: three authorities, five relays, two clients; half a minute …");
    }
    let mut network = OnionNetwork::start(&listen, &target.join("tor-keys"))?;
    let epoch_millis = std::env::var("SUBROSA_EPOCH_MILLIS").ok().map_or(Ok(2000), |v| v.parse())?;
    let mut stage =
        Stage::open_with(&folder, &listen, &format!("http://{}", network.intake), epoch_millis, 12, &OFFICERS)?;
    stage.open_intake(&["anna", "boris"])?;
    let ready = network.ready()?;
    if talks_json {
        let place = json!({
            "intake": network.intake, "staff": network.staff, "clients": ready.get("clients"), "seconds": ready.get("seconds"),
            "url": stage.url, "root": stage.root, "folder": folder, "programs": programs()?,
        });
        println!("{}", json!({ "ready": place }));
        return obey(&mut stage, &mut network);
    }
    invite(&stage, &network, &ready, &folder)?;
    while stage.alive() {
        thread::sleep(Duration::from_millis(300));
    }
    bail!("the server has ended; its last words stand in {}/server.log", folder.display())
}

fn programs() -> Result<PathBuf> {
    Ok(std::env::current_exe()?.parent().context("no folder")?.to_owned())
}

fn invite(stage: &Stage, network: &OnionNetwork, ready: &Value, folder: &Path) -> Result<()> {
    let port =
        |n: usize| ready.pointer(&format!("/clients/{n}/socks")).and_then(Value::as_u64).context("no SOCKS port");
    println!(
        r#"
The public onion service:  http://{intake}
SOCKS port of a visitor:   127.0.0.1:{visitor}
The staff's onion service: http://{staff}
SOCKS port of an officer:  127.0.0.1:{officer}   (its Tor holds a key; without one the address leads nowhere)

This network exists on this machine alone. To look at the page, give a browser that SOCKS port, names resolved by the proxy:

  firefox: network.proxy.type=1, socks=127.0.0.1, socks_port={visitor}, socks_remote_dns=true, network.dns.blockDotOnion=false
  chromium --user-data-dir=$(mktemp -d) --proxy-server=socks5://127.0.0.1:{visitor} http://{intake}

You are an employee, without a browser:

  export SUBROSA_ROOT={root} SUBROSA_PASSWORD_FILE={at}/password PATH="{bin}:$PATH"
  subrosa --server http://{intake} --proxy 127.0.0.1:{visitor} tip new --story "They ran 16,384 accelerators for 54 days and told nobody."

You are Anna, a case officer:

  subrosa --server http://{staff} --proxy 127.0.0.1:{officer} officer inbox --keystore {at}/anna.key

Ctrl-C ends the network, the server and the demo."#,
        intake = network.intake,
        staff = network.staff,
        visitor = port(1)?,
        officer = port(0)?,
        root = stage.root,
        at = folder.display(),
        bin = programs()?.display(),
    );
    Ok(())
}

fn obey(stage: &mut Stage, network: &mut OnionNetwork) -> Result<()> {
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        let done = match words.as_slice() {
            ["tor", ..] => network.order(line.trim_start_matches("tor").trim()),
            ["server", "stop"] => stage.stop().map(|()| json!({ "done": line })),
            ["server", "start", options @ ..] => stage.start_again(options).map(|()| json!({ "done": line })),
            ["intake"] => stage.subrosa(&["intake", "forward", "--spool", &stage.path("sealed")]),
            _ => bail!("not understood: {line}"),
        };
        println!("{}", done.unwrap_or_else(|e| json!({ "error": format!("{e:#}") })));
    }
    Ok(())
}
