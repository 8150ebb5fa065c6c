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

use std::{
    fs::OpenOptions,
    path::{Path, PathBuf},
    sync::Arc,
};

use subrosa_server::store::engines::{Engine, Limits, NAMES, WithEngine, with_engine};

/// Rounds asked for in the environment, or `few`.
fn rounds(few: usize) -> usize {
    std::env::var("SUBROSA_SOAK_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(few)
}

/// Does `task` with each engine that the server has: all of them keep their data in a directory.
fn with_each_engine(task: impl Fn(&'static str)) {
    for engine in NAMES.iter().copied() {
        println!("engine {engine}");
        task(engine);
    }
}

/// Does `task` with one of them.
fn with<T: WithEngine>(engine: &str, task: T) -> T::Output {
    with_engine(engine, task).unwrap_or_else(|e| panic!("{e}"))
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// Opens a store as the server does.
fn opened<E: Engine>(dir: &Path) -> E {
    E::open_in(dir, Limits::default()).unwrap_or_else(|e| panic!("does not open: {e}"))
}

/// Not a test: the process that the tests start and kill. Without its environment it does nothing.
#[test]
fn worker() {
    let Some(dir) = std::env::var_os("SUBROSA_WORKER_DIR").map(PathBuf::from) else { return };
    let file =
        OpenOptions::new().append(true).create(true).open(std::env::var_os("SUBROSA_WORKER_LOG").unwrap()).unwrap();
    with(&std::env::var("SUBROSA_WORKER_ENGINE").unwrap(), Work { dir, log: workload::Log::new(file) });
}

/// What the worker does: random work through several lives of a store.
struct Work {
    dir: PathBuf,
    log: workload::Log,
}

impl WithEngine for Work {
    type Output = ();

    fn with<E: Engine>(self) {
        let number = |name: &str| -> u64 { std::env::var(name).unwrap().parse().unwrap() };
        runtime().block_on(async {
            for life in 0..number("SUBROSA_WORKER_LIVES") {
                let store = Arc::new(opened::<E>(&self.dir));
                let base = number("SUBROSA_WORKER_BASE") + life * 10_000_000;
                if std::env::var_os("SUBROSA_WORKER_FAILING").is_some() {
                    return workload::run_until_it_stops(&store, &self.log, base).await;
                }
                let (tasks, steps) = (number("SUBROSA_WORKER_TASKS"), number("SUBROSA_WORKER_STEPS"));
                workload::run(&store, &self.log, base, tasks, steps).await;
                // Some lives end in good order, some by leaving.
                if life % 2 == 0 {
                    store.close().await.unwrap();
                }
            }
        });
    }
}

/// How much a worker does: where its numbers start, and how many lives, tasks and steps it has.
#[derive(Clone, Copy)]
struct Load {
    base: u64,
    lives: u64,
    tasks: u64,
    steps: u64,
}

/// A command for [`worker`].
fn worker_command(engine: &str, dir: &Path, log: &Path, load: Load) -> std::process::Command {
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "worker", "--nocapture", "--test-threads=1"]);
    command.env("SUBROSA_WORKER_ENGINE", engine).env("SUBROSA_WORKER_DIR", dir).env("SUBROSA_WORKER_LOG", log);
    let Load { base, lives, tasks, steps } = load;
    for (name, value) in [("BASE", base), ("LIVES", lives), ("TASKS", tasks), ("STEPS", steps)] {
        command.env(format!("SUBROSA_WORKER_{name}"), value.to_string());
    }
    command.stdout(std::process::Stdio::null());
    command
}

/// Opens what is in `dir`, checks it against `log`, then uses it a little and opens it again.
fn open_and_check(engine: &str, dir: &Path, log: &str) {
    with(engine, Check { dir, log });
}

struct Check<'c> {
    dir: &'c Path,
    log: &'c str,
}

impl WithEngine for Check<'_> {
    type Output = ();

    fn with<E: Engine>(self) {
        runtime().block_on(async {
            let store: E = opened(self.dir);
            workload::check(&store, self.log).await;
            store.close().await.unwrap();
            drop(store);
            drop(opened::<E>(self.dir));
        });
    }
}
