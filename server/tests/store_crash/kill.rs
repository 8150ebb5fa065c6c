//! kill -9 at random moments: what was acknowledged is there.

use std::{fs, time::Duration};

use tempfile::TempDir;

use super::{Load, open_and_check, rounds, with_each_engine, worker_command, workload};

#[test]
fn nothing_acknowledged_is_lost_by_kill_9() {
    with_each_engine(killed);
}

fn killed(engine: &str) {
    let load = |base: u64| Load { base, lives: 1, tasks: 8, steps: 100_000 };
    let mut dice = workload::Dice::new(u64::from(std::process::id()));
    let mut acknowledged = 0;
    let mut ground = TempDir::new().unwrap();
    for round in 0..rounds(4) {
        // The same directory dies several times, then a fresh one comes: check() itself changes what it looks at.
        let log = ground.path().join("log");
        let data = ground.path().join("data");
        let base = round as u64 * 1_000_000_000;
        let mut child = worker_command(engine, &data, &log, load(1000 + base)).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(30 + dice.below(1200)));
        child.kill().unwrap();
        child.wait().unwrap();
        if round % 3 == 1 {
            // Killed while it recovers, too.
            let mut child = worker_command(engine, &data, &log, load(500_000_000_000 + base)).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(dice.below(150)));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        let told = fs::read_to_string(&log).unwrap_or_default();
        acknowledged += workload::acknowledged(&told);
        open_and_check(engine, &data, &told);
        ground = TempDir::new().unwrap();
    }
    println!("{engine}: {acknowledged} acknowledgements, none lost");
    assert!(acknowledged > 0);
}
