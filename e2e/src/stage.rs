//! A programme set up the way people set one up: with the programs `subrosa` and `subrosa-server`, and nothing else.
//! The demo and the journey stand on it.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::{
    keys::{self, PASSWORD},
    port::HeldPort,
};

/// How long a busy machine may take for what is done in a moment on an idle one: only what never comes waits as long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(240);

/// The programme's permanent name.
pub const PROGRAMME: &str = "demo-pilot";
/// Officers with their roles: two who take in and decide, one who investigates.
pub const OFFICERS: [(&str, &str); 3] = [
    ("anna", "intake,triager,adjudicator"),
    ("boris", "intake,triager,adjudicator"),
    ("chiara", "intake,investigator"),
];
/// Administrators; two of three sign.
pub const ADMINISTRATORS: [&str; 3] = ["dana", "emil", "farah"];

/// A folder with everybody's keys, and a server that runs.
#[derive(Debug)]
pub struct Stage {
    /// The folder that the caller named. Keystores, charter, policies and the server's data lie in it.
    pub folder: PathBuf,
    /// The server's address.
    pub url: String,
    /// The root key's fingerprint as 64 digits.
    pub root: String,
    /// Minutes after which a console that nobody uses locks.
    pub idle_minutes: u8,
    epoch_millis: u64,
    pow_bits: u8,
    /// The server's, also while it is stopped.
    port: HeldPort,
    server: Child,
}

impl Drop for Stage {
    fn drop(&mut self) {
        // A server that has ended already cannot be killed; that is no error here.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// A person's console; it ends when this is dropped.
#[derive(Debug)]
pub struct Desk {
    /// The address that opens it once.
    pub address: String,
    child: Child,
}

impl Drop for Desk {
    fn drop(&mut self) {
        // One that has ended already cannot be killed; that is no error here.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where a program of this build lies, such as `subrosa`.
pub fn program(name: &str) -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    let folder = here.parent().context("no folder")?;
    let found = [folder.join(name), folder.join("..").join(name)].into_iter().find(|p| p.exists());
    found.with_context(|| format!("{name} is not built; run: cargo build --workspace --bins"))
}

/// The page's program, if `make web` has built it.
fn web() -> Result<Option<PathBuf>> {
    let here = std::env::current_exe()?;
    let built =
        here.ancestors().skip(1).take(3).map(|folder| folder.join("web")).find(|f| f.join("manifest.json").exists());
    Ok(built)
}

/// Fills a new folder with what the server needs before there is a charter; answers the key of its log.
fn prepare(folder: &Path) -> Result<String> {
    fs::create_dir_all(folder.join("policies"))?;
    fs::write(folder.join("password"), format!("{PASSWORD}\n"))?;
    fs::write(
        folder.join("notice.txt"),
        "This is a demonstration. It is run by nobody, protects nobody and pays nothing.\nA real programme says here who runs it, under which law, what protection it gives and what it does not.\n",
    )?;
    let log_key = Command::new(program("subrosa-server")?)
        .args(["log-key", "--programme", PROGRAMME, "--data-dir"])
        .arg(folder.join("server"))
        .stderr(Stdio::inherit())
        .output()?;
    let lines = String::from_utf8(log_key.stdout)?;
    Ok(lines.lines().nth(1).context("the server printed no log key")?.to_owned())
}

/// The code of an error that `subrosa --json` printed, in brackets; nothing if it has none.
fn code_of(said: &Value) -> String {
    said.get("code").and_then(Value::as_str).map(|code| format!(" [{code}]")).unwrap_or_default()
}

impl Stage {
    /// Founds a programme in `folder` and starts its server.
    pub fn open(folder: &Path, listen: &str, epoch_millis: u64, pow_bits: u8) -> Result<Self> {
        Self::open_with(folder, listen, &format!("http://{listen}"), epoch_millis, pow_bits, &OFFICERS)
    }

    /// As [`Stage::open`]; the charter names `address`, such as an onion service in front of the server, and these
    /// officers.
    pub fn open_with(
        folder: &Path,
        listen: &str,
        address: &str,
        epoch_millis: u64,
        pow_bits: u8,
        officers: &[(&str, &str)],
    ) -> Result<Self> {
        let log_key = prepare(folder)?;
        let mut stage = Self {
            folder: folder.to_owned(),
            url: String::new(),
            root: String::new(),
            idle_minutes: 120,
            epoch_millis,
            pow_bits,
            port: HeldPort::take_this(listen.parse().context("where the server listens")?)?,
            server: Command::new("true").spawn()?,
        };
        let root = stage.keyed(&["charter", "root"], "root", &[])?;
        stage.root = root.get("root").and_then(Value::as_str).context("no root")?.to_owned();
        for (name, _) in officers {
            keys::officer(folder, name)?;
        }
        for (name, number) in ADMINISTRATORS.iter().zip(1..) {
            keys::administrator(folder, name, PROGRAMME, number)?;
        }
        let signed = stage.found(address, &log_key, officers)?;
        stage.start(&[])?;
        stage.subrosa(&["charter", "publish", &signed])?;
        for (name, _) in officers {
            stage.keyed(&["officer", "inbox"], name, &[])?;
        }
        for name in ADMINISTRATORS {
            stage.keyed(&["bounty", "inbox"], name, &[])?;
        }
        Ok(stage)
    }

    /// Makes and signs the first charter, which names the people whose public files lie in the folder; answers where it
    /// lies.
    fn found(&self, address: &str, log_key: &str, officers: &[(&str, &str)]) -> Result<String> {
        let mut create: Vec<String> =
            ["charter", "create", "--programme", PROGRAMME, "--title", "Demo Pilot"].map(String::from).to_vec();
        create.extend(["--notice".into(), self.path("notice.txt"), "--log-key".into(), log_key.into()]);
        create.extend(["--epoch-seconds".into(), self.epoch_millis.div_ceil(1000).max(1).to_string()]);
        for (name, roles) in officers {
            create.extend(["--officer".into(), format!("{roles}={}", self.path(&format!("{name}.json")))]);
        }
        for name in ADMINISTRATORS {
            create.extend(["--administrator".into(), self.path(&format!("{name}.json"))]);
        }
        if let Some(web) = web()? {
            let manifest = self.path("policies/web-assets.json");
            fs::copy(web.join("manifest.json"), &manifest)?;
            create.extend(["--policy".into(), format!("web-assets={manifest}")]);
        }
        create.extend(["--address".into(), address.into(), "--out".into(), self.path("charter.json")]);
        self.subrosa(&create.iter().map(String::as_str).collect::<Vec<_>>())?;
        let (unsigned, signed) = (self.path("charter.json"), self.path("charter.note"));
        self.keyed(&["charter", "sign"], "root", &[&unsigned, "--out", &signed])?;
        Ok(signed)
    }

    /// Publishes the next version of the charter; `changes` are options of `charter amend`. Officers keep what they
    /// saw.
    pub fn amend(&self, changes: &[&str]) -> Result<Value> {
        let newest = self.path("charter.note");
        let (unsigned, signed) = (self.path("charter.next.json"), self.path("charter.next.note"));
        let mut args = vec!["charter", "amend", &newest, "--out", &unsigned];
        args.extend(changes);
        self.subrosa(&args)?;
        self.keyed(&["charter", "sign"], "root", &[&unsigned, "--out", &signed])?;
        let answer = self.subrosa(&["charter", "publish", &signed])?;
        fs::rename(&signed, &newest)?;
        fs::remove_file(&unsigned)?;
        Ok(answer)
    }

    fn start(&mut self, options: &[&str]) -> Result<()> {
        let address = self.folder.join("address");
        let _ = fs::remove_file(&address);
        let log = fs::File::create(self.folder.join("server.log"))?;
        self.server = Command::new(program("subrosa-server")?)
            .args(["run", "--programme", PROGRAMME, "--root-key", &self.root])
            .args(["--listen", &self.port.address.to_string()])
            // As on a real server: Tor says in front of each stream on which circuit it came (deploy/tor/). Connections
            // without that line are served too.
            .arg("--tor-circuits")
            .args(["--epoch-millis", &self.epoch_millis.to_string(), "--pow-bits", &self.pow_bits.to_string()])
            .args(options)
            .arg("--data-dir")
            .arg(self.folder.join("server"))
            // A test may bring its own.
            .args(web()?.filter(|_| !options.contains(&"--web")).map(|folder| format!("--web={}", folder.display())))
            .arg("--policies")
            .arg(self.folder.join("policies"))
            .arg("--sealed-spool")
            .arg(self.folder.join("sealed"))
            .arg("--downloads")
            .arg(self.folder.join("downloads"))
            .arg("--address-file")
            .arg(&address)
            .stderr(log)
            .stdout(Stdio::null())
            .spawn()?;
        let began = Instant::now();
        while !address.exists() {
            if let Some(status) = self.server.try_wait()? {
                let said = fs::read_to_string(self.folder.join("server.log")).unwrap_or_default();
                bail!("the server ended at once ({status}):\n{said}");
            }
            if began.elapsed() > PATIENCE {
                bail!("the server does not start; see {}", self.path("server.log"));
            }
            thread::sleep(Duration::from_millis(20));
        }
        self.url = format!("http://{}", fs::read_to_string(&address)?.trim());
        Ok(())
    }

    /// Asks the server to stop, and waits until it has.
    pub fn stop(&mut self) -> Result<()> {
        let told = Command::new("kill").args(["-TERM", &self.server.id().to_string()]).status()?;
        let ended = self.server.wait()?;
        if !told.success() || !ended.success() {
            bail!("the server did not stop as asked ({ended}); see {}", self.path("server.log"));
        }
        Ok(())
    }

    /// Tells the server to read its policies anew, and waits until it has.
    pub fn reload(&self) -> Result<()> {
        let log = self.folder.join("server.log");
        let told = |text: &str| text.matches("read the policies anew").count();
        let before = told(&fs::read_to_string(&log)?);
        let status = Command::new("kill").args(["-HUP", &self.server.id().to_string()]).status()?;
        let began = Instant::now();
        while status.success() && told(&fs::read_to_string(&log)?) == before {
            if began.elapsed() > PATIENCE {
                bail!("the server does not answer SIGHUP; see {}", log.display());
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    /// Starts a stopped server at the same address, with further options.
    pub fn start_again(&mut self, options: &[&str]) -> Result<()> {
        self.start(options)
    }

    /// Whether the server still runs.
    pub fn alive(&mut self) -> bool {
        matches!(self.server.try_wait(), Ok(None))
    }

    /// A path in the folder, as text.
    pub fn path(&self, name: &str) -> String {
        self.folder.join(name).to_string_lossy().into_owned()
    }

    /// `subrosa` with the programme's server and root key, to be run by the caller.
    pub fn command(&self) -> Result<Command> {
        let mut command = Command::new(program("subrosa")?);
        command.env_remove("SUBROSA_PROXY").stdin(Stdio::null());
        command.env("SUBROSA_SERVER", &self.url).env("SUBROSA_ROOT", &self.root);
        Ok(command)
    }

    /// Opens the sealed intake: the named officers make their recipients, and the next charter commits to them.
    pub fn open_intake(&self, officers: &[&str]) -> Result<Value> {
        let out = self.path("policies/intake-recipient.txt");
        fs::create_dir_all(self.folder.join("policies"))?;
        let mut args: Vec<String> = ["intake", "recipients", "--out", &out].map(String::from).to_vec();
        for name in officers {
            let public = self.path(&format!("{name}.intake"));
            self.keyed(&["officer", "intake-key"], name, &["--public", &public])?;
            args.push(public);
        }
        self.subrosa(&args.iter().map(String::as_str).collect::<Vec<_>>())?;
        self.amend(&["--policy", &format!("intake-recipient={out}")])
    }

    /// Runs `subrosa` with `--json` and answers what it printed; an error carries what it said, and its code.
    pub fn subrosa(&self, args: &[&str]) -> Result<Value> {
        let mut command = Command::new(program("subrosa")?);
        command.arg("--json").args(args).env_remove("SUBROSA_PROXY").stdin(Stdio::null());
        if !self.url.is_empty() {
            command.env("SUBROSA_SERVER", &self.url);
        }
        if !self.root.is_empty() {
            command.env("SUBROSA_ROOT", &self.root);
        }
        let output = command.output()?;
        if !output.status.success() {
            let said: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
            let said = String::from_utf8_lossy(&output.stderr).trim().to_owned() + &code_of(&said);
            bail!("subrosa {}: {said}", args.join(" "));
        }
        serde_json::from_slice(&output.stdout).context("subrosa printed no JSON")
    }

    /// Files a tip whose words nobody needs again, with these further words of the command.
    pub fn file_tip(&self, rest: &[&str]) -> Result<Value> {
        static TIPS: AtomicU32 = AtomicU32::new(0);
        let words = self.path(&format!("tip-{}.words", TIPS.fetch_add(1, Ordering::Relaxed)));
        self.subrosa(&[&["tip", "new", "--passphrase-out", &words], rest].concat())
    }

    /// As [`Stage::subrosa`], with a person's keystore: the command's words, then `--keystore` and password, then the
    /// rest.
    pub fn keyed(&self, words: &[&str], person: &str, rest: &[&str]) -> Result<Value> {
        let (key, password) = (self.path(&format!("{person}.key")), self.path("password"));
        let mut args = words.to_vec();
        args.extend(["--keystore", &key, "--password-file", &password]);
        args.extend(rest);
        self.subrosa(&args)
    }

    /// As [`Stage::keyed`]; what is shown before it is signed is signed with the code that was printed under it.
    pub fn signed(&self, words: &[&str], person: &str, rest: &[&str]) -> Result<Value> {
        let answer = self.keyed(words, person, rest)?;
        match (answer.get("signed").and_then(Value::as_bool), answer.get("code").and_then(Value::as_str)) {
            (Some(false), Some(code)) => self.keyed(words, person, &[rest, &["--sign", code]].concat()),
            _ => Ok(answer),
        }
    }

    /// Starts a person's console on a free port, and answers it with the address that opens it.
    pub fn desk(&self, person: &str) -> Result<Desk> {
        let address = self.folder.join(format!("{person}.address"));
        // A file of an earlier console would be taken for this one's.
        let _ = fs::remove_file(&address);
        let said = fs::File::create(self.folder.join(format!("{person}.desk.log")))?;
        let child = Command::new(program("subrosa")?)
            .args(["--server", &self.url, "--root", &self.root, "desk", "--keystore"])
            .arg(self.folder.join(format!("{person}.key")))
            .arg("--address-file")
            .arg(&address)
            .args(["--idle", &self.idle_minutes.to_string()])
            .env_remove("SUBROSA_PROXY")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(said)
            .spawn()?;
        let mut desk = Desk { address: String::new(), child };
        let began = Instant::now();
        loop {
            match fs::read_to_string(&address) {
                Ok(text) if !text.is_empty() => {
                    desk.address = text;
                    return Ok(desk);
                }
                _ => {}
            }
            if desk.child.try_wait()?.is_some() || began.elapsed() > PATIENCE {
                bail!("{person}'s console does not start; see {}", self.path(&format!("{person}.desk.log")));
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until whatever was deposited before the call is listed: the epoch that is open now has closed.
    #[expect(clippy::panic, clippy::missing_panics_doc, reason = "for proofs: what does not hold ends them")]
    pub fn next_epoch(&self) {
        let began = Instant::now();
        let epoch = |name: &str| self.params().map(|params| params.get(name).and_then(Value::as_u64));
        let closes = || -> Result<()> {
            let open = epoch("epoch")?;
            while epoch("last_published")? < open {
                if began.elapsed() > PATIENCE {
                    bail!("the epoch does not close");
                }
                thread::sleep(Duration::from_millis(20));
            }
            Ok(())
        };
        closes().unwrap_or_else(|e| panic!("{e:#}; see {}", self.path("server.log")));
    }

    /// `GET /v1/params`, over a connection of its own.
    fn params(&self) -> Result<Value> {
        let host = self.port.address;
        let mut stream = TcpStream::connect(host)?;
        write!(stream, "GET /v1/params HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (_, body) = answer.split_once("\r\n\r\n").context("the server answers no page")?;
        serde_json::from_str(body).context("the server's parameters")
    }
}
