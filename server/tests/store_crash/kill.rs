//! kill -9 at random moments: what was acknowledged is there.

use std::{fs, time::Duration};

use tempfile::TempDir;

use super::{open_and_check, rounds, worker_command, workload};

#[test]
fn nothing_acknowledged_is_lost_by_kill_9() {
    let mut dice = workload::Dice::new(u64::from(std::process::id()));
    let mut acknowledged = 0;
    let mut ground = TempDir::new().unwrap();
    for round in 0..rounds(4) {
        // The same directory dies several times, then a fresh one comes: check() itself changes what it looks at.
        let log = ground.path().join("log");
        let data = ground.path().join("data");
        let mut child =
            worker_command(&data, &log, 1000 + round as u64 * 1_000_000_000, 1, 8, 100_000).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(30 + dice.below(1200)));
        child.kill().unwrap();
        child.wait().unwrap();
        if round % 3 == 1 {
            // Killed while it recovers, too.
            let mut child = worker_command(&data, &log, 500_000_000_000 + round as u64 * 1_000_000_000, 1, 8, 100_000)
                .spawn()
                .unwrap();
            std::thread::sleep(Duration::from_millis(dice.below(150)));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        let told = fs::read_to_string(&log).unwrap_or_default();
        acknowledged += workload::acknowledged(&told);
        open_and_check(&data, &told);
        ground = TempDir::new().unwrap();
    }
    println!("{acknowledged} acknowledgements, none lost");
    assert!(acknowledged > 0);
}
