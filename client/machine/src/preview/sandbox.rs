//! The sandbox around the process that touches a stranger's file. It closes for good, for this process and everything
//! that it starts.
//!
//! Layers of the kernel's, none of which needs privileges: an ordinary user (who starts as root becomes nobody);
//! resource limits (memory, time, files); Landlock (no file but the system's libraries and fonts can be read, none can
//! be written or made, one program can be started; where the kernel knows it, no TCP, and no signal and no abstract
//! socket to anything outside); seccomp, which allows the few system calls that turning bytes into pixels takes
//! (`calls`) and refuses every other. After closing, the process tries its sandbox out (`promises`), and refuses to
//! work if anything gives.
//!
//! What an old kernel lacks: without Landlock (before 5.13, or switched off) or seccomp nothing is shown. Landlock's
//! rules for TCP (6.7) and for signals and abstract sockets (6.12) are a second wall behind seccomp, which needs no
//! new kernel.

mod calls;
mod missing;
mod promises;

use std::{fs, path::Path};

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetStatus, Scope,
};
use rustix::{
    process::geteuid,
    thread::{set_thread_groups, set_thread_res_gid, set_thread_res_uid},
};

pub use missing::NoSandbox;
use missing::not;
use promises::Before;

/// Memory: bytes of address space.
const MEMORY: u64 = 1 << 30;
/// Seconds of processor time.
const SECONDS: u64 = 30;

/// Closes the sandbox around this process. With a `program`, the system's libraries and fonts can still be read, and
/// this one program be started in the place of this process; without, no file at all.
///
/// # Errors
/// Some part is missing or does not hold. The process must end then.
pub fn close(program: Option<&Path>) -> Result<(), NoSandbox> {
    let before = Before::look()?;
    limits()?;
    leave_root()?;
    landlock(program)?;
    calls::allow_only(program.is_some())?;
    promises::try_out(&before)
}

/// Debian's `nobody` and `nogroup`.
const NOBODY: u32 = 65_534;

/// Whoever starts as root becomes nobody, and with that loses every capability. Rights belong to a thread, so there may
/// be no other one yet.
fn leave_root() -> Result<(), NoSandbox> {
    let broken = |e: std::io::Error| not("another user than root")(e.to_string());
    if fs::read_dir("/proc/self/task").map_err(broken)?.count() != 1 {
        return Err(NoSandbox("there is more than one thread".into()));
    }
    if geteuid().is_root() {
        let (user, group) = (rustix::process::Uid::from_raw(NOBODY), rustix::process::Gid::from_raw(NOBODY));
        set_thread_groups(&[])
            .and_then(|()| set_thread_res_gid(group, group, group))
            .and_then(|()| set_thread_res_uid(user, user, user))
            .map_err(|e| broken(e.into()))?;
    }
    if geteuid().is_root() { Err(NoSandbox("this is root".into())) } else { Ok(()) }
}

fn limits() -> Result<(), NoSandbox> {
    use rlimit::Resource;
    let limits = [
        (Resource::AS, MEMORY),
        (Resource::CPU, SECONDS),
        (Resource::FSIZE, 0),
        (Resource::CORE, 0),
        (Resource::NOFILE, 64),
    ];
    for (resource, most) in limits {
        resource.set(most, most).map_err(|e| not("limits")(e.to_string()))?;
    }
    Ok(())
}

fn landlock(program: Option<&Path>) -> Result<(), NoSandbox> {
    let broken = |e: landlock::RulesetError| not("landlock")(e.to_string());
    // Files: every right of the first version must be enforced, or there is no sandbox. TCP, signals and abstract
    // sockets came later: enforced where the kernel can; seccomp covers them anyway.
    let ruleset = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(ABI::V1))
        .map_err(broken)?
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(ABI::V5))
        .and_then(|r| r.handle_access(AccessNet::from_all(ABI::V5)))
        .and_then(|r| r.scope(Scope::from_all(ABI::V6)))
        .map_err(broken)?;
    let mut created = ruleset.create().map_err(broken)?;
    if let Some(program) = program {
        let readable = AccessFs::ReadFile | AccessFs::ReadDir;
        for path in ["/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/fonts", "/var/cache/fontconfig"] {
            // What a machine does not have cannot be read either.
            let Ok(opened) = PathFd::new(path) else { continue };
            let rights = if Path::new(path).is_dir() { readable } else { AccessFs::ReadFile.into() };
            created = created.add_rule(PathBeneath::new(opened, rights)).map_err(broken)?;
        }
        // The kernel starts the loader of shared libraries with the program.
        let loaders = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"].map(Path::new);
        for path in [program].into_iter().chain(loaders) {
            let Ok(opened) = PathFd::new(path) else { continue };
            let rights = AccessFs::ReadFile | AccessFs::Execute;
            created = created.add_rule(PathBeneath::new(opened, rights)).map_err(broken)?;
        }
    }
    let status = created.restrict_self().map_err(broken)?;
    if status.ruleset == RulesetStatus::NotEnforced || !status.no_new_privs {
        return Err(NoSandbox("landlock is not enforced".into()));
    }
    Ok(())
}
