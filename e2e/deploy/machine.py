#!/usr/bin/env python3
"""Installs Subrosa on a throw-away Debian machine, boots it, and walks one tip through it over a private Tor network.

  machine.py --programs DIR [--root DIR] [--cache DIR]

Needs root, x86-64, debootstrap and systemd-nspawn. The machine is an overlay over a Debian made once by debootstrap (kept in --root); systemd is its
first process, so deploy/subrosa-server.service runs under the restrictions that it names. Checked, each with a line:

  1. deploy/install.sh works on a bare Debian, and changes nothing when it is run again
  2. the unit, as installed, is rated 1.5 or better by systemd-analyze, and starts
  3. a probe started by the same unit finds every forbidden thing refused
  4. staff access: no key, no service; a key turns it on; the last key's removal turns it off
  5. a programme is founded, a tip filed, a report sealed with age sent in, over the onion services of that machine
  6. subrosa-intake.service passes the report on under its own restrictions
  7. what was filed survives a crash of the server and a restart of the machine's server, and both are read
  8. no line of the machine's journal names an address or a request
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
PACKAGES = "systemd,systemd-sysv,dbus,procps,tor"
PROGRAMME = "machine-pilot"


class Failed(Exception):
    pass


def run(command, ok=(0,), **options):
    done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if ok is not None and done.returncode not in ok:
        raise Failed(f"{' '.join(map(str, command))}\nended with {done.returncode}:\n{done.stdout[-3000:]}")
    return done.stdout


def until(condition, what, seconds=60):
    end = time.monotonic() + seconds
    while True:
        got = condition()
        if got:
            return got
        if time.monotonic() > end:
            raise Failed(f"{what}: not within {seconds} s")
        time.sleep(0.1)


def say(text):
    print(f"ok: {text}", flush=True)


def debian(root):
    """A bare Debian, made once for a list of packages."""
    made_of = root.with_name(root.name + ".packages")
    if made_of.exists() and made_of.read_text() == PACKAGES:
        return
    made_of.unlink(missing_ok=True)
    shutil.rmtree(root, ignore_errors=True)
    part = root.with_name(root.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.parent.mkdir(parents=True, exist_ok=True)
    run(["debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", part])
    part.rename(root)
    made_of.write_text(PACKAGES)


def fingerprint(upper):
    """Everything that differs from the bare Debian: names, modes, owners, times of change, contents."""
    out = {}
    for path in sorted(upper.rglob("*")):
        name = str(path.relative_to(upper))
        if not name.startswith(("tmp", "src", "run")):
            s = path.lstat()
            body = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
            out[name] = (s.st_mode, s.st_uid, s.st_gid, s.st_mtime_ns if body else 0, body)
    return out


class Machine:
    """An overlay on the bare Debian; `inside` runs commands in it, before the boot by chroot, after it in the machine's own namespaces."""

    def __init__(self, lower, work):
        self.upper, self.merged = work / "upper", work / "machine"
        for d in (self.upper, work / "work", self.merged):
            d.mkdir()
        run(["mount", "-t", "overlay", "overlay", "-o", f"lowerdir={lower},upperdir={self.upper},workdir={work}/work", self.merged])
        self.process = self.leader = None
        self.log = work / "boot.log"

    def inside(self, *command, ok=(0,), **options):
        if self.leader is None:
            return run(["chroot", self.merged, *command], ok=ok, **options)
        return run(["nsenter", "--target", str(self.leader), "--all", "--", *command], ok=ok, **options)

    def boot(self):
        # Its own first process, process numbers, mounts and name; the network is shared, because the private Tor
        # network lives on this loopback.
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                ["systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit", f"--machine=subrosa-{os.getpid()}",
                 f"--directory={self.merged}", "--resolv-conf=off", "--timezone=off"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)

        def leader():
            if self.process.poll() is not None:
                raise Failed(f"the machine did not boot:\n{self.log.read_text()[-3000:]}")
            children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
            return int(children[0]) if children else None

        self.leader = until(leader, "the machine's first process")
        # `degraded` is fine: a container has no consoles and no kernel log of its own.
        until(lambda: self.inside("systemctl", "is-system-running", ok=None).strip() in ("running", "degraded"), "the boot")

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.leader = None
        run(["umount", "--recursive", self.merged], ok=None)


class Network:
    """e2e/tor/network.py without services of its own."""

    def __init__(self, cache):
        self.process = subprocess.Popen(
            [sys.executable, HERE.parent / "tor/network.py", "--cache", cache], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.members = self.answer()["members"]

    def answer(self):
        line = self.process.stdout.readline()
        answer = json.loads(line) if line else {"error": "it ended"}
        if "error" in answer:
            raise Failed(f"the private Tor network: {answer['error']}")
        return answer

    def order(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.answer()

    def end(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)


def over_tor(proxy, onion, request):
    """One HTTP request through a SOCKS5 port (RFC 1928), as a browser behind Tor sends it; the whole answer."""
    address, port = proxy.rsplit(":", 1)
    with socket.create_connection((address, int(port)), timeout=60) as s:
        name = onion.encode()
        s.sendall(b"\x05\x01\x00")
        if s.recv(2) != b"\x05\x00":
            raise Failed("Tor takes no client without a name")
        s.sendall(b"\x05\x01\x00\x03" + bytes([len(name)]) + name + (80).to_bytes(2, "big"))
        if s.recv(10)[1:2] != b"\x00":
            raise Failed(f"{onion} does not answer")
        s.sendall(request)
        return b"".join(iter(lambda: s.recv(65536), b"")).decode()


def sealed_form(onion, sealed):
    """What a browser without scripts sends for the sealed intake's form."""
    body = (b"--line\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n\r\n"
            b"--line\r\nContent-Disposition: form-data; name=\"file\"; filename=\"sealed.age\"\r\n"
            b"Content-Type: application/octet-stream\r\n\r\n" + sealed + b"\r\n--line--\r\n")
    head = (f"POST /sealed HTTP/1.1\r\nHost: {onion}\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
            "Content-Type: multipart/form-data; boundary=line\r\n\r\n")
    return head.encode() + body


class Subrosa:
    """The program `subrosa` on this side, as people use it."""

    def __init__(self, programs, folder):
        self.programs, self.folder = programs, folder
        self.environment = dict(os.environ)
        (folder / "password").write_text("correct horse battery staple\n")

    def __call__(self, *args, person=None):
        command = [self.programs / "subrosa", "--json", *args]
        if person:
            command += ["--keystore", self.folder / f"{person}.key", "--password-file", self.folder / "password"]
        done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.environment, stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise Failed(f"subrosa {' '.join(map(str, args))}: {done.stderr.strip()}")
        return json.loads(done.stdout)


def install(machine, programs, *options):
    return machine.inside("/src/deploy/install.sh", "--programs", "/src/programs", *options)


def main():
    parser = argparse.ArgumentParser(description="Installs and boots a throw-away Subrosa machine, and files a tip with it.")
    parser.add_argument("--programs", type=Path, required=True, help="folder with subrosa-server and subrosa")
    parser.add_argument("--root", type=Path, default=PROJECT / "target/debian", help="folder of the bare Debian")
    parser.add_argument("--cache", type=Path, default=PROJECT / "target/tor-keys", help="folder of the private network's keys")
    options = parser.parse_args()
    if os.geteuid() != 0 or os.uname().machine != "x86_64":
        sys.exit("machine.py: needs root on x86-64")
    for p in ("debootstrap", "systemd-nspawn", "systemd-analyze", "nsenter", "tor", "age"):
        if shutil.which(p) is None:
            sys.exit(f"machine.py: {p} is missing: apt-get install debootstrap systemd-container tor age")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    debian(options.root)
    with contextlib.ExitStack() as at_the_end:
        # Beside the bare Debian, for an overlay wants an ordinary file system under it.
        work = Path(at_the_end.enter_context(tempfile.TemporaryDirectory(prefix="machine-", dir=options.root.parent, ignore_cleanup_errors=True)))
        machine = Machine(options.root.resolve(), work)
        at_the_end.callback(machine.end)
        try:
            check(machine, options, work, at_the_end)
        except Failed as e:
            if machine.leader:
                print(machine.inside("journalctl", "--no-pager", "-n", "20", ok=None))
                print(machine.inside("tail", "-n", "40", "/var/log/tor/notice.log", ok=None))
            sys.exit(f"FAILED: {e}")


def check(machine, options, work, at_the_end):
    source = machine.merged / "src"
    shutil.copytree(PROJECT / "deploy", source / "deploy")
    (source / "programs").mkdir()
    for p in ("subrosa-server", "subrosa"):
        shutil.copy2(options.programs / p, source / "programs" / p)
    people = work / "people"
    people.mkdir()
    subrosa = Subrosa(options.programs, people)
    root = subrosa("charter", "root", person="root")["root"]
    subrosa.environment["SUBROSA_ROOT"] = root

    # 1. Installing, twice.
    machine.inside("mount", "-t", "proc", "proc", "/proc")
    print(install(machine, options.programs, "--programme", PROGRAMME, "--root-key", root))
    once = fingerprint(machine.upper)
    again = install(machine, options.programs, "--programme", PROGRAMME, "--root-key", root)
    twice = fingerprint(machine.upper)
    if not again.startswith("0 changes.") or once != twice:
        raise Failed(f"the second installation changed something: {again}\n{[n for n in twice if twice[n] != once.get(n)]}")
    say("deploy/install.sh sets a bare Debian up; a second run changes no file")
    refused = machine.inside("/src/deploy/install.sh", "--programs", "/nowhere", ok=(1,))
    if "build it first" not in refused:
        raise Failed(refused)
    machine.inside("umount", "/proc")
    wrong = machine.inside("sh", "-c", "su -s /bin/sh subrosa -c 'ls /var/lib/tor/subrosa-staff' 2>&1", ok=None)
    if "denied" not in wrong.splitlines()[-1]:
        raise Failed(f"the server's user reads Tor's keys: {wrong}")
    say("the server's user cannot read the onion services' keys")

    # The private network's authorities, before the machine's Tor starts; the probe, before the server does.
    network = Network(options.cache)
    at_the_end.callback(network.end)
    torrc = machine.merged / "etc/tor/torrc"
    torrc.write_text(network.members + "Log notice file /var/log/tor/notice.log\n" + torrc.read_text())
    network_ready = network.answer()["ready"]
    shutil.copy(HERE / "probe.pl", machine.merged / "usr/local/bin/probe.pl")
    drop_in = machine.merged / "etc/systemd/system/subrosa-server.service.d/probe.conf"
    drop_in.parent.mkdir(parents=True)
    drop_in.write_text("[Service]\nExecStartPre=/usr/bin/perl /usr/local/bin/probe.pl\n")
    (machine.merged / "etc/subrosa/server.toml").write_text(
        re.sub("(?m)^epoch_seconds = .*$", "epoch_seconds = 2", (machine.merged / "etc/subrosa/server.toml").read_text()))

    machine.boot()
    say("the machine boots with systemd as its first process")

    # 2. and 3.
    rating = machine.inside("systemd-analyze", "security", "--no-pager", "subrosa-server")
    exposure = float(re.search(r"exposure level for \S+: ([\d.]+)", rating)[1])
    if exposure > 1.5:
        raise Failed(f"exposure {exposure}")
    # systemd calls it active from the fork on; it serves when its socket is there.
    until(lambda: machine.inside("ls", "/run/subrosa", "/run/subrosa-metrics", ok=None).count("http.sock") == 2, "the server's start")
    journal = machine.inside("journalctl", "--no-pager", "-u", "subrosa-server")
    probes = [line.split("probe: ", 1)[1] for line in journal.splitlines() if "probe: " in line]
    if "nothing forbidden worked" not in probes:
        raise Failed("the probe did not end well:\n" + journal)
    for p in probes:
        print(f"    {p}")
    say(f"subrosa-server runs; exposure {exposure}; {len(probes) - 6} forbidden things tried under the unit's own restrictions, none worked")
    pid = machine.inside("systemctl", "show", "-p", "MainPID", "--value", "subrosa-server").strip()
    status = machine.inside("cat", f"/proc/{pid}/status")
    for field, value in (("NoNewPrivs", "1"), ("Seccomp", "2"), ("CapEff", "0" * 16), ("CapBnd", "0" * 16)):
        if re.search(rf"^{field}:\s*(\w+)", status, re.M)[1] != value:
            raise Failed(f"{field} of the server: {status}")
    say("the server's process itself: seccomp filter on, no capability, no new privileges")

    # 4. Staff access.
    staff = machine.inside("staff-access", "address").strip()
    if (machine.merged / "etc/tor/subrosa.d/staff.torrc").exists() or machine.inside("staff-access", "list").strip():
        raise Failed("the staff's service is on without a key")
    for bad in (("add", "anna", "descriptor:x25519:TOOSHORT"), ("add", "../x", "descriptor:x25519:" + "A" * 52), ("remove", "nobody")):
        machine.inside("staff-access", *bad, ok=(1, 2))
    public = run([PROJECT / "deploy/staff-key", staff, people / "anna.auth_private"]).strip()
    machine.inside("staff-access", "add", "anna", public)
    until(lambda: machine.inside("systemctl", "is-active", "tor@default", ok=None).strip() == "active", "Tor's reload")
    if not (machine.merged / "etc/tor/subrosa.d/staff.torrc").exists():
        raise Failed("the first key did not turn the staff's service on")
    until(lambda: "Bootstrapped 100%" in (machine.merged / "var/log/tor/notice.log").read_text(), "the machine's Tor", 120)
    network.order(f"authorise client0 {people / 'anna.auth_private'}")
    intake = machine.inside("cat", "/var/lib/tor/subrosa-intake/hostname").strip()
    network.order(f"reach client1 {intake}")
    network.order(f"reach client0 {staff}")
    say("both onion services of the machine answer: the public one to anybody, the staff's to the officer's key")
    if "error" not in network_error(network, f"reach-once client1 {staff}"):
        raise Failed("the staff's service answers somebody without a key")
    say("without a key the staff's address leads nowhere")

    # 5. A programme and a tip.
    proxies = {c["name"]: f"127.0.0.1:{c['socks']}" for c in network_ready["clients"]}
    by_staff = ("--server", f"http://{staff}", "--proxy", proxies["client0"])
    by_intake = ("--server", f"http://{intake}", "--proxy", proxies["client1"])
    machine.inside("systemctl", "stop", "subrosa-server")
    key = machine.inside("setpriv", "--reuid", "subrosa", "--regid", "subrosa", "--clear-groups", "subrosa-server", "log-key", "--config", "/etc/subrosa/server.toml")
    log_key = next(line for line in key.splitlines() if f"{PROGRAMME}/log" in line)
    machine.inside("systemctl", "start", "subrosa-server")
    network.order(f"reach client0 {staff}")
    (people / "notice.txt").write_text("A machine for one test.\n")
    charter = ["charter", "create", "--programme", PROGRAMME, "--title", "Machine Pilot", "--notice", people / "notice.txt", "--log-key", log_key,
               "--epoch-seconds", "2", "--address", f"http://{intake}", "--out", people / "charter.json"]
    for name in ("anna", "boris"):
        subrosa("officer", "init", "--name", name, "--public", people / f"{name}.json", person=name)
        subrosa("officer", "intake-key", "--public", people / f"{name}.intake", person=name)
        charter += ["--officer", f"intake,triager,adjudicator={people}/{name}.json"]
    for number, name in enumerate(("dana", "emil"), 1):
        subrosa("bounty", "init", "--name", name, "--programme", PROGRAMME, "--issuer", str(number), "--public", people / f"{name}.json", person=name)
        charter += ["--administrator", people / f"{name}.json"]
    recipients = people / "recipients.txt"
    subrosa("intake", "recipients", "--out", recipients, *(people / f"{name}.intake" for name in ("anna", "boris")))
    # As deploy/README.md says: readable by the server.
    run(["install", "-m", "644", recipients, machine.merged / "etc/subrosa/policies/intake-recipient.txt"])
    charter += ["--policy", f"intake-recipient={recipients}"]
    subrosa(*charter)
    subrosa("charter", "sign", people / "charter.json", "--out", people / "charter.note", person="root")
    subrosa(*by_staff, "charter", "publish", people / "charter.note")
    for name in ("anna", "boris"):
        subrosa(*by_staff, "officer", "inbox", person=name)
    for name in ("dana", "emil"):
        subrosa(*by_staff, "bounty", "inbox", person=name)
    story = "The inspection log of hall 7 was written the day before the inspection."
    subrosa(*by_intake, "tip", "new", "--story", story)
    say("a tip was filed over the public onion service")

    # 6. The sealed intake.
    report = "The chips' passports were cut out with a laser."
    classic = people / "classic.txt"
    classic.write_text("".join(line + "\n" for line in recipients.read_text().splitlines() if line.startswith("age1") and not line.startswith("age1pq")))
    sealed = subprocess.run(["age", "-R", str(classic)], input=report.encode(), stdout=subprocess.PIPE, check=True).stdout
    answer = over_tor(proxies["client1"], intake, sealed_form(intake, sealed))
    found = re.search(r'<p class="code"><code>([^<]+)<', answer)
    if " 200 " not in answer.splitlines()[0] or not found:
        raise Failed(f"the sealed report was not taken: {answer[:2000]}")
    ready = machine.merged / "var/lib/subrosa/sealed/ready"
    if len(list(ready.iterdir())) != 1:
        raise Failed("the sealed report does not wait in the spool")
    rating = machine.inside("systemd-analyze", "security", "--no-pager", "subrosa-intake")
    exposure = float(re.search(r"exposure level for \S+: ([\d.]+)", rating)[1])
    if exposure > 1.5:
        raise Failed(f"exposure of subrosa-intake {exposure}")
    machine.inside("systemctl", "start", "subrosa-intake")
    until(lambda: not list(ready.iterdir()), "subrosa-intake's passing on")
    if machine.inside("systemctl", "is-active", "subrosa-intake", ok=None).strip() != "active":
        raise Failed("subrosa-intake did not stay")
    say(f"subrosa-intake runs; exposure {exposure}; a report sealed with age went through it")

    # 7. A crash; both are read after it.
    machine.inside("systemctl", "kill", "--signal=SIGKILL", "subrosa-server")
    before = pid

    def restarted():
        now = machine.inside("systemctl", "show", "-p", "MainPID", "--value", "subrosa-server").strip()
        return now not in ("0", before) and machine.inside("systemctl", "is-active", "subrosa-server", ok=None).strip() == "active"

    until(restarted, "systemd's restart of the killed server")
    network.order(f"reach client0 {staff}")
    def both():
        cases = subrosa(*by_staff, "officer", "inbox", person="anna").get("cases")
        return cases if len(cases) == 2 else None

    cases = until(both, "the tip and the report in the officer's inbox")
    shown = json.dumps([subrosa(*by_staff, "officer", "show", str(c["case"]), person="anna") for c in cases])
    for words in (story, report, found[1]):
        if words not in shown:
            raise Failed(f"not read by the officer: {words}\n{shown}")
    say("the server was killed, systemd started it again, and the officer reads tip and report over the staff's service")
    if machine.inside("systemctl", "is-active", "subrosa-intake", ok=None).strip() != "active":
        raise Failed("subrosa-intake did not outlive the server's crash")

    machine.inside("staff-access", "remove", "anna")
    if (machine.merged / "etc/tor/subrosa.d/staff.torrc").exists():
        raise Failed("the staff's service stays on without a key")
    say("the last key's removal turns the staff's service off")

    # 8. What the machine has written down.
    journal = machine.inside("journalctl", "--no-pager", "-o", "cat", "-u", "subrosa-server", "-u", "subrosa-intake")
    for line in journal.splitlines():
        if re.search(r"\.onion|/v1/|\bGET\b|\bPOST\b|127\.0\.0\.1", line) and "probe" not in line:
            raise Failed(f"the journal tells of a request: {line}")
    say(f"the journal of both ({len(journal.splitlines())} lines) names no address and no request")
    machine.inside("systemctl", "stop", "subrosa-server")
    result = machine.inside("systemctl", "show", "-p", "Result", "--value", "subrosa-server").strip()
    if result != "success":
        raise Failed(f"the server did not stop well: {result}")
    say("the server stops when it is asked to")


def network_error(network, line):
    try:
        return network.order(line)
    except Failed as e:
        return {"error": str(e)}


if __name__ == "__main__":
    main()
