//! The sandbox around the process that touches a stranger's file. It closes for good, for this process and everything
//! that it starts.
//!
//! Three layers of the kernel's, none of which needs privileges: resource limits (memory, time, files); Landlock (no
//! file but the system's libraries and fonts can be read, none can be written or made, no TCP); seccomp (no socket of
//! any kind, no tracing or signalling of other processes, no mounts, no kernel keyrings, no io_uring, which could do
//! all of that). After closing, the process tries its sandbox out, and refuses to work if anything gives.

use std::{
    collections::BTreeMap,
    fs,
    net::{TcpListener, UdpSocket},
    os::unix::net::UnixStream,
    path::Path,
};

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetStatus,
};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};
use thiserror::Error;

/// Memory: bytes of address space.
const MEMORY: u64 = 1 << 30;
/// Seconds of processor time.
const SECONDS: u64 = 30;

/// The sandbox is not whole. The text is for the developer; the person is told that this machine cannot do it.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct NoSandbox(String);

fn not(what: &str) -> impl Fn(String) -> NoSandbox {
    let what = what.to_owned();
    move |e| NoSandbox(format!("{what}: {e}"))
}

/// Closes the sandbox around this process. With `programs`, the system's programs, libraries and fonts can still be
/// read and run; without, nothing can.
///
/// # Errors
/// Some part is missing or does not hold. The process must end then.
pub fn close(programs: bool) -> Result<(), NoSandbox> {
    limits()?;
    landlock(programs)?;
    seccomp()?;
    try_out()
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

fn landlock(programs: bool) -> Result<(), NoSandbox> {
    let broken = |e: landlock::RulesetError| not("landlock")(e.to_string());
    // Files: every right of the first version must be enforced, or there is no sandbox. TCP came later: enforced where
    // the kernel can; seccomp covers it anyway.
    let ruleset = Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(ABI::V1))
        .map_err(broken)?
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(ABI::V5))
        .and_then(|r| r.handle_access(AccessNet::from_all(ABI::V5)))
        .map_err(broken)?;
    let mut created = ruleset.create().map_err(broken)?;
    if programs {
        let readable = AccessFs::from_read(ABI::V1);
        for path in ["/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/fonts", "/var/cache/fontconfig"] {
            // What a machine does not have cannot be read either.
            let Ok(opened) = PathFd::new(path) else { continue };
            let rights = if Path::new(path).is_dir() { readable } else { readable & AccessFs::from_file(ABI::V1) };
            created = created.add_rule(PathBeneath::new(opened, rights)).map_err(broken)?;
        }
    }
    let status = created.restrict_self().map_err(broken)?;
    if status.ruleset == RulesetStatus::NotEnforced || !status.no_new_privs {
        return Err(NoSandbox("landlock is not enforced".into()));
    }
    Ok(())
}

/// System calls that have no place in turning bytes into pixels.
const FORBIDDEN: [libc::c_long; 39] = [
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_sendto,
    libc::SYS_sendmsg,
    libc::SYS_sendmmsg,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_send_signal,
    libc::SYS_kill,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_open_by_handle_at,
    libc::SYS_mq_open,
    libc::SYS_shmget,
    libc::SYS_shmat,
    libc::SYS_msgget,
    libc::SYS_semget,
    libc::SYS_memfd_secret,
];

/// On x86-64 the same kernel may answer to a second set of numbers, marked by this bit.
const X32: i64 = 0x4000_0000;

fn seccomp() -> Result<(), NoSandbox> {
    let broken = |e: String| not("seccomp")(e);
    let arch = TargetArch::try_from(std::env::consts::ARCH).map_err(|e| broken(e.to_string()))?;
    let numbers = FORBIDDEN.iter().flat_map(|n| [*n, *n | X32]);
    let rules: BTreeMap<i64, Vec<_>> = numbers.map(|n| (n, Vec::new())).collect();
    let refused = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, refused, arch).map_err(|e| broken(e.to_string()))?;
    let program: BpfProgram = filter.try_into().map_err(|e: seccompiler::BackendError| broken(e.to_string()))?;
    seccompiler::apply_filter_all_threads(&program).map_err(|e| broken(e.to_string()))
}

/// Tries what must fail.
fn try_out() -> Result<(), NoSandbox> {
    let refused = |e: &std::io::Error| e.kind() == std::io::ErrorKind::PermissionDenied;
    let promises = [
        ("tcp", TcpListener::bind("127.0.0.1:0").err()),
        ("udp", UdpSocket::bind("127.0.0.1:0").err()),
        ("unix", UnixStream::pair().err()),
        ("reading", fs::read("/etc/passwd").err()),
        ("the folder", fs::read_dir("/").err()),
        ("processes", fs::read("/proc/self/environ").err()),
        ("writing", fs::write("/tmp/subrosa-sandbox", b"x").err()),
    ];
    for (promise, outcome) in promises {
        if !outcome.as_ref().is_some_and(refused) {
            return Err(NoSandbox(format!("{promise} is not kept")));
        }
    }
    Ok(())
}
