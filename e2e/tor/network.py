#!/usr/bin/env python3
"""A private Tor network on loopback, for tests and for the demo: authorities, relays, clients, and the project's onion services.

  network.py [--target 127.0.0.1:PORT] [--dir DIR] [--cache DIR] [--clients N]

It lives as long as its standard input: end of input, SIGTERM or SIGINT take everything down. It prints lines of JSON:

  {"addresses": {"intake": "….onion", "staff": "….onion"}, "members": TORRC}       before anything runs
  {"ready": {"intake", "staff", "clients": [{"name", "socks", "staff"}…], "seconds"}}   once the intake answers over its onion address

TORRC is what another tor needs in its configuration to be part of this network. Without --target there are no onion services here: they are
elsewhere. Then it obeys lines on standard input, each answered by one line of JSON:

  stop NAME | kill NAME     end one node (client0, service, …); kill is at once, as a crash would
  start NAME                start it again and wait until it has a circuit
  reach NAME ADDRESS        wait until that client gets an answer from an onion address
  reach-once NAME ADDRESS   try it once
  authorise NAME FILE       give that client's Tor a key that `staff-key` made
  memory                    what all nodes take together, in MiB (proportional set size)

The onion services are those of deploy/tor/*.torrc, with nothing changed but the folder of the keys and where the server listens. client0 holds a
key for the staff's service (made and filed with deploy/staff-key and deploy/staff-access), the other clients hold none.

What makes it start every time:
- Authorities and relays start just after a voting boundary, so that every relay is in the first vote.
- The services and clients start only when the consensus lists every relay as usable: vanguards-lite keeps the relays of the first consensus that it
  sees, and a missed download is tried again only after ten seconds.
- All relays are given the same measured bandwidth. Otherwise the first one to see traffic gets all the weight, and a path would visit it twice.
- Eight relays in all (three authorities, five others): vanguards-lite needs four for its own layer.
"""

import argparse
import contextlib
import ctypes
import json
import os
import re
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
DEPLOY = HERE.parent.parent / "deploy"
AUTHORITIES, RELAYS = 3, 5
# The first vote comes after this many seconds, later ones less often.
FIRST_VOTE, VOTES = 5, 20
PATIENCE = 120
KEYS_LAST = 30 * 86_400

EVERYBODY = """TestingTorNetwork 1
AssumeReachable 1
ShutdownWaitLength 0
AvoidDiskWrites 1
ContactInfo nobody@test.invalid
MaxMemInQueues 256 MB
PathsNeededToBuildCircuits 0.67
"""

AUTHORITY = f"""SocksPort 0
ExitPolicy reject *:*
AuthoritativeDirectory 1
V3AuthoritativeDirectory 1
TestingV3AuthInitialVotingInterval {FIRST_VOTE}
TestingV3AuthInitialVoteDelay 2
TestingV3AuthInitialDistDelay 2
V3AuthVotingInterval {VOTES}
V3AuthVoteDelay 2
V3AuthDistDelay 2
V3AuthNIntervalsValid 10
TestingDirAuthVoteGuard *
TestingDirAuthVoteHSDir *
MinUptimeHidServDirectoryV2 0
"""


class Broken(Exception):
    """The network cannot be had; the text says why."""


def die_with_parent():
    """Linux: the child gets SIGTERM when this process ends, however it ends."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None, use_errno=True).prctl(pr_set_pdeathsig, signal.SIGTERM)


def free_ports(count):
    """Ports that nobody listens on now. All are held open until all are found, so that they differ."""
    with contextlib.ExitStack() as held:
        ports = []
        for _ in range(count):
            s = held.enter_context(socket.socket())
            s.bind(("127.0.0.1", 0))
            ports.append(s.getsockname()[1])
        return ports


def quietly(command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
    if done.returncode != 0:
        raise Broken(f"{command[0]} failed: {(done.stderr or done.stdout).strip()[-600:]}")
    return done.stdout


class Node:
    """One tor process with its own folder."""

    def __init__(self, name, folder):
        self.name, self.folder = name, folder / name
        self.process = None
        self.folder.mkdir(mode=0o700, exist_ok=True)

    def write(self, torrc):
        head = f"DataDirectory {self.folder}\nNickname {self.name}\nLog notice file {self.folder}/notice.log\n"
        (self.folder / "torrc").write_text(EVERYBODY + head + torrc)

    def start(self, *options):
        log = self.folder / "notice.log"
        log.unlink(missing_ok=True)
        with open(self.folder / "output", "w") as output:
            self.process = subprocess.Popen(
                ["tor", "--hush", "-f", str(self.folder / "torrc"), "--defaults-torrc", "/dev/null", *options],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True, preexec_fn=die_with_parent,
            )

    def alive(self):
        return self.process is not None and self.process.poll() is None

    def bootstrapped(self):
        """Per cent."""
        try:
            found = re.findall(r"Bootstrapped (\d+)%", (self.folder / "notice.log").read_text())
        except FileNotFoundError:
            return 0
        return int(found[-1]) if found else 0

    def end(self, sig=signal.SIGTERM):
        """Ends it for good: a node without a process is not missed."""
        if self.alive():
            self.process.send_signal(sig)
            try:
                self.process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def pss(self):
        """Memory in MiB, shared pages counted in parts."""
        try:
            text = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return 0.0
        return int(re.search(r"Pss:\s+(\d+)", text)[1]) / 1024


class Network:
    def __init__(self, folder, target, cache, clients):
        self.folder, self.target, self.cache = folder, target, cache
        self.began = time.monotonic()
        self.authorities = [Node(f"auth{i}", folder) for i in range(AUTHORITIES)]
        self.relays = [Node(f"relay{i}", folder) for i in range(RELAYS)]
        self.service = Node("service", folder)
        self.clients = [Node(f"client{i}", folder) for i in range(clients)]
        # Without a target the onion services are somewhere else.
        self.onions = {}
        self.users = [*([self.service] if target else []), *self.clients]
        self.nodes = [*self.authorities, *self.relays, *self.users]
        ports = iter(free_ports(2 * AUTHORITIES + RELAYS + clients))
        self.orport = {n.name: next(ports) for n in self.authorities + self.relays}
        self.dirport = {n.name: next(ports) for n in self.authorities}
        self.socks = {n.name: next(ports) for n in self.clients}

    # Before anything runs

    def prepare(self):
        self._identities()
        named = {n.name: (n.folder / "fingerprint").read_text().split()[1] for n in self.authorities + self.relays}
        directories = ""
        for n in self.authorities:
            certificate = (n.folder / "keys/authority_certificate").read_text()
            v3 = re.search(r"^fingerprint (\w+)", certificate, re.M)[1]
            directories += (
                f"DirAuthority {n.name} orport={self.orport[n.name]} no-v2 v3ident={v3} "
                f"127.0.0.1:{self.dirport[n.name]} {named[n.name]}\n"
            )
        bandwidths = self.folder / "bandwidths"
        lines = "".join(f"node_id=${fingerprint} bw=1000\n" for fingerprint in named.values())
        bandwidths.write_text(f"{int(time.time())}\n{lines}")
        for n in self.authorities:
            ports = f"ORPort 127.0.0.1:{self.orport[n.name]}\nDirPort 127.0.0.1:{self.dirport[n.name]}\nAddress 127.0.0.1\n"
            n.write(directories + ports + AUTHORITY + f"V3BandwidthsFile {bandwidths}\n")
        for n in self.relays:
            n.write(directories + f"ORPort 127.0.0.1:{self.orport[n.name]}\nAddress 127.0.0.1\nSocksPort 0\nExitRelay 0\nExitPolicy reject *:*\n")
        self.members = EVERYBODY + directories
        if self.target:
            self._services(directories)
        for n in self.clients:
            keys = n.folder / "onion_auth"
            keys.mkdir(mode=0o700)
            n.write(directories + f"SocksPort 127.0.0.1:{self.socks[n.name]}\nClientOnionAuthDir {keys}\n")
        if self.target:
            self._staff_key()

    def _identities(self):
        """Long-term keys, made ahead because the fingerprints stand in everybody's configuration; a cache saves 10 s of RSA."""
        members = self.authorities + self.relays
        cached = self.cache / "identities" if self.cache else None
        if cached and cached.is_dir() and time.time() - cached.stat().st_mtime < KEYS_LAST:
            for n in members:
                shutil.copytree(cached / n.name, n.folder, dirs_exist_ok=True)
            return
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(self._identity, members))
        if cached:
            # Moved in whole, so that a second network never reads half a cache.
            cached.parent.mkdir(parents=True, exist_ok=True)
            part = Path(tempfile.mkdtemp(dir=cached.parent))
            for n in members:
                shutil.copytree(n.folder, part / n.name, ignore=shutil.ignore_patterns("lock", "state"))
            shutil.rmtree(cached, ignore_errors=True)
            part.rename(cached)

    def _identity(self, node):
        keys = node.folder / "keys"
        keys.mkdir(mode=0o700)
        if node in self.authorities:
            quietly(
                ["tor-gencert", "--create-identity-key", "--passphrase-fd", "0", "-m", "12",
                 "-i", f"{keys}/authority_identity_key", "-s", f"{keys}/authority_signing_key", "-c", f"{keys}/authority_certificate"],
                input="for tests\n",
            )
        quietly(
            ["tor", "--quiet", "--list-fingerprint", "--ignore-missing-torrc", "-f", "/dev/null", "--defaults-torrc", "/dev/null",
             "--DataDirectory", str(node.folder), "--ORPort", "127.0.0.1:1", "--Nickname", node.name,
             "--DirAuthority", f"x orport=1 v3ident={'1' * 40} 127.0.0.1:1 {'0' * 40}"],
        )

    def _services(self, directories):
        """The project's own files, with the folder of the keys and the target put in, and Tor's proof of work only where this build has it."""
        parts = self.folder / "service/torrc.d"
        parts.mkdir()
        pow_built = "pow: yes" in quietly(["tor", "--list-modules"])
        for name in ("intake", "staff"):
            text = (DEPLOY / f"tor/{name}.torrc").read_text()
            text, folders = re.subn(r"(?m)^(HiddenServiceDir) /var/lib/tor/", rf"\1 {self.folder}/service/", text)
            text, targets = re.subn(r"(?m)^(HiddenServicePort 80) unix:/run/subrosa/(?:http|staff).sock$", rf"\1 {self.target}", text)
            if (folders, targets) != (1, 1):
                raise Broken(f"deploy/tor/{name}.torrc does not name one folder and one target any more")
            if not pow_built:
                text = re.sub(r"(?m)^HiddenServicePoW.*\n", "", text)
            (parts / f"{name}.torrc").write_text(text)
        self.service.write(directories + f"SocksPort 0\n%include {parts}/*.torrc\n")
        # Without the network tor makes the services' keys and nothing else: so the addresses are known before anybody
        # could come.
        self.service.start("--DisableNetwork", "1")
        self._until(lambda: all((self._hidden(s) / "hostname").exists() for s in ("intake", "staff")), "the onion services' keys")
        self.service.end()
        for s in ("intake", "staff"):
            self.onions[s] = (self._hidden(s) / "hostname").read_text().strip()

    def _hidden(self, service):
        return self.folder / f"service/subrosa-{service}"

    def _staff_key(self):
        """As an officer and an operator do it, with the same two programs."""
        private = self.clients[0].folder / "onion_auth/staff.auth_private"
        public = quietly([str(DEPLOY / "staff-key"), self.onions["staff"], str(private)]).strip()
        keys = self._hidden("staff") / "authorized_clients"
        keys.mkdir(mode=0o700, exist_ok=True)
        (keys / "client0.auth").write_text(public + "\n")

    # Running

    def start(self):
        # Just after a voting boundary.
        time.sleep(FIRST_VOTE - time.time() % FIRST_VOTE + 0.05)
        for n in self.relays + self.authorities:
            n.start()
        nudged = time.monotonic()

        def usable():
            nonlocal nudged
            if not all(self._whole(self._consensus(n)) for n in self.authorities):
                return False
            late = [n for n in self.authorities + self.relays if n.bootstrapped() < 75]
            if late and time.monotonic() - nudged > 1.5:
                # SIGHUP makes tor forget how long it wanted to wait before it asks again.
                for n in late:
                    n.process.send_signal(signal.SIGHUP)
                nudged = time.monotonic()
            return not late

        self._until(usable, "a consensus with every relay in it")
        for n in self.users:
            n.start()
        self._until(lambda: all(n.bootstrapped() == 100 for n in self.users), "the clients' first circuits")
        if self.target:
            self.wait_for(self.onions["intake"], self.clients[0])

    def wait_for(self, onion, client):
        """Until the service's descriptor is out and a rendezvous works: an answer of any status."""
        self._until(lambda: self.reached(onion, client), f"an answer from {onion} to {client.name}", pause=0.3)

    def reached(self, onion, client):
        """Whether HTTP goes through: asked of tor's SOCKS port (RFC 1928, a name as address)."""
        try:
            with socket.create_connection(("127.0.0.1", self.socks[client.name]), timeout=15) as s:
                s.sendall(b"\x05\x01\x00")
                if s.recv(2) != b"\x05\x00":
                    return False
                s.sendall(b"\x05\x01\x00\x03" + bytes([len(onion)]) + onion.encode() + (80).to_bytes(2, "big"))
                answer = s.recv(10)
                if len(answer) < 2 or answer[1] != 0:
                    return False
                s.sendall(f"GET /healthz HTTP/1.1\r\nHost: {onion}\r\nConnection: close\r\n\r\n".encode())
                return s.recv(64).startswith(b"HTTP/")
        except OSError:
            return False

    def _consensus(self, node):
        address = f"http://127.0.0.1:{self.dirport[node.name]}/tor/status-vote/current/consensus-microdesc"
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(address, timeout=3) as answer:
                return answer.read().decode()
        except OSError:
            return ""

    @staticmethod
    def _whole(consensus):
        flags = re.findall(r"^s (.*)$", consensus, re.M)
        return len(flags) == AUTHORITIES + RELAYS and all(
            f in line.split() for line in flags for f in ("HSDir", "Fast", "Running"))

    def _until(self, condition, what, pause=0.1):
        until = time.monotonic() + PATIENCE
        while not condition():
            for n in self.nodes:
                if n.process is not None and n.process.poll() is not None:
                    raise Broken(f"{n.name} ended ({n.process.returncode}): {(n.folder / 'output').read_text()[-600:]}")
            if time.monotonic() > until:
                raise Broken(f"{what} did not come within {PATIENCE} s; the logs are in {self.folder}")
            time.sleep(pause)

    def ready(self):
        return {
            "ready": {
                **self.onions,
                "clients": [
                    {"name": n.name, "socks": self.socks[n.name], "staff": bool(self.target) and i == 0} for i, n in enumerate(self.clients)],
                "seconds": round(time.monotonic() - self.began, 1),
            }
        }

    def obey(self, line):
        verb, _, name = line.partition(" ")
        if verb == "memory" and not name:
            return {"memory_mib": round(sum(n.pss() for n in self.nodes if n.alive()))}
        name, _, argument = name.partition(" ")
        node = next((n for n in self.nodes if n.name == name), None)
        with_argument = verb in ("reach", "reach-once", "authorise")
        if node is None or verb not in ("stop", "kill", "start", "reach", "reach-once", "authorise") or bool(argument) != with_argument:
            return {"error": f"not understood: {line}"}
        if verb == "reach":
            self.wait_for(argument, node)
        elif verb == "reach-once" and not self.reached(argument, node):
            return {"error": "no answer"}
        elif verb == "authorise":
            shutil.copy(argument, node.folder / "onion_auth")
            node.process.send_signal(signal.SIGHUP)
        if with_argument:
            return {"done": line}
        if verb == "start":
            if node.alive():
                return {"error": f"{name} runs"}
            node.start()
            self._until(lambda: node.bootstrapped() == 100, f"{name}'s first circuit")
        else:
            node.end(signal.SIGKILL if verb == "kill" else signal.SIGTERM)
        return {"done": line}

    def end(self):
        for n in self.nodes:
            if n.alive():
                n.process.terminate()
        for n in self.nodes:
            n.end()


def lines_of(stream):
    """Lines as they come; ends at end of input."""
    selector = selectors.DefaultSelector()
    selector.register(stream, selectors.EVENT_READ)
    rest = b""
    while True:
        selector.select()
        piece = os.read(stream.fileno(), 4096)
        if not piece:
            return
        rest += piece
        *whole, rest = rest.split(b"\n")
        for line in whole:
            yield line.decode(errors="replace").strip()


def main():
    parser = argparse.ArgumentParser(description="A private Tor network on loopback with the project's onion services.")
    parser.add_argument("--target", help="where the server listens: 127.0.0.1:PORT or unix:/path")
    parser.add_argument("--dir", type=Path, help="folder for keys and logs; a fresh one if not given, removed at the end")
    parser.add_argument("--cache", type=Path, help="folder that keeps the relays' identity keys between runs")
    parser.add_argument("--clients", type=int, default=2, help="how many client tors (2)")
    options = parser.parse_args()
    for program in ("tor", "tor-gencert", "openssl"):
        if shutil.which(program) is None:
            sys.exit(f"network.py: {program} is missing: apt-get install tor openssl")

    def stop(*_):
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with contextlib.ExitStack() as at_the_end:
        folder = options.dir
        if folder is None:
            folder = Path(at_the_end.enter_context(tempfile.TemporaryDirectory(prefix="subrosa-tor-")))
        else:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True, mode=0o700)
        network = Network(folder.resolve(), options.target, options.cache, options.clients)
        at_the_end.callback(network.end)
        try:
            network.prepare()
            # The addresses are wanted before the network is up: they stand in the charter.
            print(json.dumps({"addresses": network.onions, "members": network.members}), flush=True)
            network.start()
            print(json.dumps(network.ready()), flush=True)
            for line in lines_of(sys.stdin):
                if line:
                    print(json.dumps(network.obey(line)), flush=True)
        except Broken as e:
            print(json.dumps({"error": str(e)}), flush=True)
            sys.exit(f"network.py: {e}")


if __name__ == "__main__":
    main()
