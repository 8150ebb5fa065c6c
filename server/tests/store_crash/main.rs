//! The store under kill -9, power cuts and full disks. `SUBROSA_SOAK_ROUNDS` makes the runs as long as wanted.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "tests"
)]

mod full;
mod kill;
mod powercut;
mod workload;

use std::{fs::OpenOptions, path::PathBuf, sync::Arc};

use subrosa_server::store::{
    Store,
    engines::sled::{SledOptions, SledStore},
};

/// Rounds asked for in the environment, or `few`.
fn rounds(few: usize) -> usize {
    std::env::var("SUBROSA_SOAK_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(few)
}

/// Not a test: the process that the tests start and kill. Without its environment it does nothing.
#[test]
fn worker() {
    let Some(dir) = std::env::var_os("SUBROSA_WORKER_DIR").map(PathBuf::from) else { return };
    let number = |name: &str| -> u64 { std::env::var(name).unwrap().parse().unwrap() };
    let file =
        OpenOptions::new().append(true).create(true).open(std::env::var_os("SUBROSA_WORKER_LOG").unwrap()).unwrap();
    let log = workload::Log::new(file);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        for life in 0..number("SUBROSA_WORKER_LIVES") {
            let store = Arc::new(SledStore::open(&dir, SledOptions::default()).unwrap());
            let base = number("SUBROSA_WORKER_BASE") + life * 10_000_000;
            if std::env::var_os("SUBROSA_WORKER_FAILING").is_some() {
                return workload::run_until_it_stops(&store, &log, base).await;
            }
            workload::run(&store, &log, base, number("SUBROSA_WORKER_TASKS"), number("SUBROSA_WORKER_STEPS")).await;
            // Some lives end in good order, some by leaving.
            if life % 2 == 0 {
                store.close().await.unwrap();
            }
        }
    });
}

/// A command for [`worker`].
fn worker_command(
    dir: &std::path::Path,
    log: &std::path::Path,
    base: u64,
    lives: u64,
    tasks: u64,
    steps: u64,
) -> std::process::Command {
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "worker", "--nocapture", "--test-threads=1"]);
    command.env("SUBROSA_WORKER_DIR", dir).env("SUBROSA_WORKER_LOG", log);
    for (name, value) in [("BASE", base), ("LIVES", lives), ("TASKS", tasks), ("STEPS", steps)] {
        command.env(format!("SUBROSA_WORKER_{name}"), value.to_string());
    }
    command.stdout(std::process::Stdio::null());
    command
}

/// Opens what is in `dir`, checks it against `log`, then uses it a little and opens it again.
fn open_and_check(dir: &std::path::Path, log: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let store = SledStore::open(dir, SledOptions::default()).unwrap_or_else(|e| panic!("does not open: {e}"));
        workload::check(&store, log).await;
        store.close().await.unwrap();
        drop(store);
        drop(SledStore::open(dir, SledOptions::default()).unwrap_or_else(|e| panic!("does not open again: {e}")));
    });
}
