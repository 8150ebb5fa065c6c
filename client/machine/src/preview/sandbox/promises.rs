//! What the sandbox promises, each tried by the process that is inside, before it reads a byte of a stranger's file.

use std::{
    fs, io,
    net::{TcpListener, TcpStream, UdpSocket},
    os::unix::{
        net::UnixStream,
        process::{CommandExt, parent_id},
    },
    process::{Command, Stdio},
};

use rustix::process::{
    Pid, PidfdFlags, Resource, Rlimit, Uid, getpriority_process, getrlimit, pidfd_open, prlimit, setpriority_process,
    test_kill_process,
};

use super::missing::{NoSandbox, not};

/// What must be known of the process outside before the sandbox closes. Every attempt asks for what is already so:
/// where a promise is not kept, nothing has changed.
pub(super) struct Before {
    parent: Pid,
    priority: i32,
    core: Rlimit,
}

impl Before {
    /// Looks at the process that started this one, or at the first of all if that one is hidden.
    pub(super) fn look() -> Result<Self, NoSandbox> {
        let parent = i32::try_from(parent_id()).ok().and_then(Pid::from_raw).unwrap_or(Pid::INIT);
        let priority = getpriority_process(Some(parent)).map_err(|e| not("the parent")(e.to_string()))?;
        Ok(Self { parent, priority, core: getrlimit(Resource::Core) })
    }
}

/// Each promise by its name, and what came of the attempt to break it.
fn attempts(before: &Before) -> Vec<(&'static str, io::Result<()>)> {
    let outside = Some(before.parent);
    let of = before.parent.as_raw_pid();
    let written = fs::write(WRITTEN, b"x");
    let started = Command::new("/bin/sh").args(["-c", ":"]).stdin(Stdio::inherit()).status();
    vec![
        ("tcp", TcpListener::bind("127.0.0.1:0").map(drop)),
        ("connecting", tcp_out()),
        ("udp", UdpSocket::bind("127.0.0.1:0").map(drop)),
        ("unix sockets", UnixStream::pair().map(drop)),
        ("reading", fs::read("/etc/passwd").map(drop)),
        ("the folder", fs::read_dir("/").map(drop)),
        ("its own process", fs::read("/proc/self/environ").map(drop)),
        ("the parent's process", fs::read(format!("/proc/{of}/stat")).map(drop)),
        ("writing", written),
        ("signals", test_kill_process(before.parent).map_err(Into::into)),
        ("handles of processes", pidfd_open(before.parent, PidfdFlags::empty()).map(drop).map_err(Into::into)),
        ("limits", prlimit(outside, Resource::Core, before.core).map(drop).map_err(Into::into)),
        ("priority", setpriority_process(outside, before.priority).map_err(Into::into)),
        ("processes", started.map(drop)),
        ("the user", same_user()),
    ]
}

/// Where the attempt to write goes.
const WRITTEN: &str = "/tmp/subrosa-sandbox";

/// Any answer of the network's, also a refusal of the other side, is one too much.
fn tcp_out() -> io::Result<()> {
    match TcpStream::connect("127.0.0.1:9") {
        Err(e) if e.kind() == io::ErrorKind::PermissionDenied => Err(e),
        _ => Ok(()),
    }
}

/// Changing to the user that it is already: allowed to everybody outside.
fn same_user() -> io::Result<()> {
    let none: Option<Uid> = None;
    rustix::thread::set_thread_res_uid(none, none, none).map_err(Into::into)
}

/// The promises that are not kept: those where the kernel gave another answer than "you may not".
fn broken(before: &Before) -> Vec<&'static str> {
    let refused = |e: &io::Error| e.kind() == io::ErrorKind::PermissionDenied;
    attempts(before).into_iter().filter(|(_, outcome)| !outcome.as_ref().is_err_and(refused)).map(|(p, _)| p).collect()
}

/// Tries what must fail.
pub(super) fn try_out(before: &Before) -> Result<(), NoSandbox> {
    if let Some(promise) = broken(before).first() {
        return Err(NoSandbox(format!("{promise} is not kept")));
    }
    // Where this succeeds, a shell that does nothing has taken the place of this process: no pixel comes out of it.
    let failed = Command::new("/bin/sh").args(["-c", "exit 40"]).exec();
    match failed.kind() {
        io::ErrorKind::PermissionDenied => Ok(()),
        _ => Err(NoSandbox("other programs is not kept".into())),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// Here there is no sandbox, so each attempt must succeed: none is refused for another reason than the sandbox.
    #[test]
    fn without_a_sandbox_every_attempt_succeeds() {
        let before = Before::look().unwrap();
        let names: Vec<&str> = attempts(&before).iter().map(|(name, _)| *name).collect();
        assert_eq!(broken(&before), names);
        assert_eq!(names.len(), 15);
        drop(fs::remove_file(WRITTEN));
    }
}
