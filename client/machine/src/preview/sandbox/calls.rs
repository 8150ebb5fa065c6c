//! The system calls that turning bytes into pixels takes. Every other one is refused, also one that a later kernel
//! brings.

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen as Len, SeccompCmpOp as Op, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch,
};

use super::missing::{NoSandbox, not};

/// For a picture: what is open already is read and written, memory is asked for and given back, the process ends.
const PICTURES: &[libc::c_long] = &[
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_close,
    libc::SYS_lseek,
    libc::SYS_fstat,
    libc::SYS_brk,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_futex,
    libc::SYS_getrandom,
    libc::SYS_clock_gettime,
    libc::SYS_sched_yield,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// Besides, for a program that loads its libraries and fonts. Landlock says which files may be opened, and which one
/// started.
const PROGRAM: &[libc::c_long] = &[
    libc::SYS_execve,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    libc::SYS_openat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_fstatfs,
    libc::SYS_statfs,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_readlinkat,
    libc::SYS_getdents64,
    libc::SYS_pread64,
    libc::SYS_fadvise64,
    libc::SYS_getcwd,
    libc::SYS_uname,
    libc::SYS_sysinfo,
    libc::SYS_gettimeofday,
    libc::SYS_clock_getres,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_sched_getaffinity,
    libc::SYS_set_tid_address,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
];

/// Older calls that only this processor has.
#[cfg(target_arch = "x86_64")]
const OLDER: &[libc::c_long] = &[
    libc::SYS_open,
    libc::SYS_stat,
    libc::SYS_lstat,
    libc::SYS_access,
    libc::SYS_readlink,
    libc::SYS_arch_prctl,
    libc::SYS_time,
];
#[cfg(not(target_arch = "x86_64"))]
const OLDER: &[libc::c_long] = &[];

/// Leaves this process, and a program that takes its place, only these calls.
pub(super) fn allow_only(program: bool) -> Result<(), NoSandbox> {
    let broken = |e: String| not("seccomp")(e);
    let arch = TargetArch::try_from(std::env::consts::ARCH).map_err(|e| broken(e.to_string()))?;
    let rules = rules(program).map_err(|e| broken(e.to_string()))?;
    let refused = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let filter = SeccompFilter::new(rules, refused, SeccompAction::Allow, arch).map_err(|e| broken(e.to_string()))?;
    let compiled: BpfProgram = filter.try_into().map_err(|e: seccompiler::BackendError| broken(e.to_string()))?;
    seccompiler::apply_filter_all_threads(&compiled).map_err(|e| broken(e.to_string()))
}

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// A call without rules is allowed with every argument; one with rules, if one of them fits.
fn rules(program: bool) -> Result<Rules, seccompiler::BackendError> {
    let word = |argument, value: u64| SeccompCondition::new(argument, Len::Dword, Op::Eq, value);
    let mut rules: Rules = PICTURES.iter().map(|n| (*n, Vec::new())).collect();
    if program {
        rules.extend([PROGRAM, OLDER].concat().into_iter().map(|n| (n, Vec::new())));
        // Its own limits may be read, nobody's set.
        let nothing = SeccompCondition::new(2, Len::Qword, Op::Eq, 0)?;
        rules.insert(libc::SYS_prlimit64, vec![SeccompRule::new(vec![word(0, 0)?, nothing])?]);
        // Whether this is a terminal (TCGETS, TCGETS2): other requests can put keys into one.
        let requests = [0x5401, 0x802c_542a].map(|r| SeccompRule::new(vec![word(1, r)?]));
        rules.insert(libc::SYS_ioctl, requests.into_iter().collect::<Result<_, _>>()?);
        // F_GETFD, F_SETFD, F_GETFL: others of this call can have signals sent.
        let flags = [1, 2, 3].map(|r| SeccompRule::new(vec![word(1, r)?]));
        rules.insert(libc::SYS_fcntl, flags.into_iter().collect::<Result<_, _>>()?);
    } else {
        // Memory that no bytes of a picture can run from (PROT_EXEC is 4).
        let data = || SeccompRule::new(vec![SeccompCondition::new(2, Len::Dword, Op::MaskedEq(4), 0)?]);
        rules.insert(libc::SYS_mmap, vec![data()?]);
        rules.insert(libc::SYS_mprotect, vec![data()?]);
    }
    Ok(rules)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// What could reach another process, the network, the kernel's own stores, or another user's rights.
    const OUT: &[libc::c_long] = &[
        libc::SYS_kill,
        libc::SYS_tkill,
        libc::SYS_tgkill,
        libc::SYS_rt_sigqueueinfo,
        libc::SYS_rt_tgsigqueueinfo,
        libc::SYS_pidfd_open,
        libc::SYS_pidfd_send_signal,
        libc::SYS_pidfd_getfd,
        libc::SYS_ptrace,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
        libc::SYS_process_madvise,
        libc::SYS_setpriority,
        libc::SYS_ioprio_set,
        libc::SYS_sched_setscheduler,
        libc::SYS_sched_setattr,
        libc::SYS_sched_setaffinity,
        libc::SYS_setrlimit,
        libc::SYS_prctl,
        libc::SYS_clone,
        libc::SYS_clone3,
        libc::SYS_execveat,
        libc::SYS_socket,
        libc::SYS_socketpair,
        libc::SYS_connect,
        libc::SYS_sendto,
        libc::SYS_sendmsg,
        libc::SYS_io_uring_setup,
        libc::SYS_keyctl,
        libc::SYS_bpf,
        libc::SYS_userfaultfd,
        libc::SYS_perf_event_open,
        libc::SYS_mount,
        libc::SYS_unshare,
        libc::SYS_setns,
        libc::SYS_chroot,
        libc::SYS_open_by_handle_at,
        libc::SYS_memfd_create,
        libc::SYS_shmget,
        libc::SYS_msgget,
        libc::SYS_setuid,
        libc::SYS_setresuid,
        libc::SYS_capset,
        libc::SYS_setsid,
        libc::SYS_setpgid,
        libc::SYS_flock,
        libc::SYS_timer_create,
    ];

    #[test]
    fn no_call_that_leads_out_is_on_the_list() {
        for program in [false, true] {
            let rules = rules(program).unwrap();
            for call in OUT {
                assert!(!rules.contains_key(call), "{call}");
            }
            // The second set of numbers that x86-64 may answer to.
            assert!(rules.keys().all(|n| *n < 0x4000_0000));
            // What is there with conditions only.
            for call in [libc::SYS_prlimit64, libc::SYS_ioctl, libc::SYS_fcntl] {
                assert_eq!(rules.get(&call).map(|r| !r.is_empty()), program.then_some(true), "{call}");
            }
        }
        let pictures = rules(false).unwrap();
        for call in [libc::SYS_openat, libc::SYS_execve, libc::SYS_newfstatat] {
            assert!(!pictures.contains_key(&call), "{call}");
        }
    }
}
