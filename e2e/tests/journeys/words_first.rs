//! Nobody loses what they hold: the words are there before anything is sent, what cannot be had again is printed before
//! it is destroyed, and what can fail is tried before what cannot be undone.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{
    fs::File,
    io::{Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    process::{Child, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use subrosa_e2e::stage::Stage;

/// How long a program may take on a busy machine to show what it shows at once.
const PATIENCE: Duration = Duration::from_secs(300);

fn stage() -> (tempfile::TempDir, Stage) {
    let dir = tempfile::tempdir().unwrap();
    let stage = Stage::open(&dir.path().join("stage"), "127.0.0.1:0", 400, 4).unwrap();
    (dir, stage)
}

/// How many cases an officer has.
fn cases(stage: &Stage) -> usize {
    stage.next_epoch();
    stage.keyed(&["officer", "inbox"], "anna", &[]).unwrap()["cases"].as_array().unwrap().len()
}

#[test]
fn what_can_fail_is_tried_before_a_tip_is_sent() {
    let (_dir, stage) = stage();
    let story = ["--story", "They trained at night."];
    let used = stage.path("used");
    std::fs::create_dir(&used).unwrap();
    std::fs::write(stage.path("used/receipt-1.txt"), "an earlier one").unwrap();
    let file = stage.path("a-file");
    std::fs::write(&file, "no folder").unwrap();
    for folder in [&*used, &*file, "/proc/receipts"] {
        let refused = stage.file_tip(&[&story[..], &["--receipts", folder]].concat()).unwrap_err().to_string();
        assert!(refused.contains("Nothing was sent"), "{refused}");
    }
    assert_eq!(std::fs::read_to_string(stage.path("used/receipt-1.txt")).unwrap(), "an earlier one");
    // Words that go nowhere: a full screen, a file that is there, a program that does not say where.
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = stage.command().unwrap().args(["tip", "new"]).args(story).stdin(Stdio::null()).stdout(full).output();
    let said = String::from_utf8(output.unwrap().stderr).unwrap();
    assert!(said.contains("could not be shown") && said.contains("nothing was sent"), "{said}");
    let refused = stage.subrosa(&[&["tip", "new"], &story[..]].concat()).unwrap_err().to_string();
    assert!(refused.contains("--passphrase-out"), "{refused}");
    let refused = stage.subrosa(&[&["tip", "new", "--passphrase-out", &file], &story[..]].concat());
    assert!(refused.unwrap_err().to_string().contains("nothing was overwritten"));
    assert_eq!(cases(&stage), 0, "nothing was sent");
    // A folder that is not there yet is made, and takes the receipts.
    let folder = stage.path("receipts");
    let filed = stage.file_tip(&[&story[..], &["--receipts", &folder]].concat()).unwrap();
    assert_eq!(filed["receipts"], std::fs::read_dir(&folder).unwrap().count());
    assert!(filed["receipts"].as_u64().unwrap() > 0 && filed["unkept"].is_null(), "{filed}");
    assert_eq!(cases(&stage), 1);
}

#[test]
fn words_are_shown_before_anything_is_sent_and_lead_back() {
    let (_dir, stage) = stage();
    let mut command = stage.command().unwrap();
    let output = command.args(["tip", "new", "--story", "At night."]).stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{said}");
    let (words, filed) = (said.find("Your passphrase:").unwrap(), said.find("Your tip is on the board").unwrap());
    assert!(words < filed, "{said}");
    let line = said.lines().find(|l| l.split_whitespace().count() == 12 && l.starts_with("    ")).unwrap();
    std::fs::write(stage.path("words"), line.trim()).unwrap();
    stage.next_epoch();
    let inbox = ["tip", "inbox", "--passphrase-file", &stage.path("words")].map(str::to_owned);
    stage.subrosa(&inbox.each_ref().map(String::as_str)).unwrap();
}

/// What a person sees and types at a terminal.
struct Terminal {
    program: Child,
    screen: Arc<Mutex<String>>,
    keys: File,
    reader: JoinHandle<()>,
}

impl Terminal {
    /// Starts the program at a terminal of its own.
    fn start(stage: &Stage, arguments: &[&str]) -> Self {
        let main = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&main).unwrap();
        unlockpt(&main).unwrap();
        let name = ptsname(&main, Vec::new()).unwrap();
        let other = || File::options().read(true).write(true).open(name.to_str().unwrap()).unwrap();
        let mut command = stage.command().unwrap();
        let program = command.args(arguments).stdin(other()).stdout(other()).stderr(other()).spawn().unwrap();
        let keys = File::from(main);
        let mut shown = keys.try_clone().unwrap();
        let screen = Arc::new(Mutex::new(String::new()));
        let seen = Arc::clone(&screen);
        let reader = thread::spawn(move || {
            let mut buffer = [0; 4096];
            // It fails when the program has gone.
            while let Ok(n @ 1..) = shown.read(&mut buffer) {
                seen.lock().unwrap().push_str(&String::from_utf8_lossy(&buffer[..n]));
            }
        });
        Self { program, screen, keys, reader }
    }

    /// Waits until a word is asked for, for so many times in all; what the screen says then.
    fn asks(&self, times: usize) -> String {
        let began = Instant::now();
        loop {
            let screen = self.screen.lock().unwrap().clone();
            if screen.matches("type word number").count() == times && screen.ends_with(": ") {
                return screen;
            }
            assert!(began.elapsed() < PATIENCE, "{screen}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn types(&mut self, line: &str) {
        writeln!(self.keys, "{line}").unwrap();
    }

    /// Waits for the program's end: whether it went well, and what the screen says.
    fn ends(mut self) -> (bool, String) {
        let ended = self.program.wait().unwrap().success();
        self.reader.join().unwrap();
        (ended, self.screen.lock().unwrap().clone())
    }
}

/// The words on a screen, and the number that is asked for last.
fn asked(screen: &str) -> (Vec<&str>, usize) {
    let words = screen.lines().map(|l| l.split_whitespace().collect::<Vec<_>>()).find(|l| l.len() == 12).unwrap();
    let number = screen.rsplit("word number ").next().unwrap().trim_end_matches(": ").parse().unwrap();
    (words, number)
}

#[test]
fn whoever_sits_at_a_terminal_is_asked_for_two_of_the_words() {
    let (_dir, stage) = stage();
    let new = ["--yes", "tip", "new", "--story", "At night."];
    // Whoever did not write them down sends nothing, whatever was said beforehand.
    let mut careless = Terminal::start(&stage, &new);
    for times in 1..=3 {
        careless.asks(times);
        careless.types("whatever");
    }
    let (went_well, screen) = careless.ends();
    assert!(!went_well && screen.contains("Nothing was sent"), "{screen}");
    assert_eq!(cases(&stage), 0);
    let mut careful = Terminal::start(&stage, &new);
    let screen = careful.asks(1);
    assert!(screen.contains("Your passphrase:") && !screen.contains("on the board"), "{screen}");
    let (words, first) = asked(&screen);
    careful.types(words[first - 1]);
    let other = careful.asks(2);
    let (_, second) = asked(&other);
    assert_ne!(first, second);
    careful.types(&words[second - 1].to_uppercase());
    let (went_well, screen) = careful.ends();
    assert!(went_well && screen.contains("Your tip is on the board"), "{screen}");
    assert_eq!(cases(&stage), 1);
}

#[test]
fn messages_are_burnt_once_they_were_printed() {
    let (_dir, stage) = stage();
    let words = stage.path("words");
    stage.subrosa(&["tip", "new", "--passphrase-out", &words, "--story", "At night."]).unwrap();
    stage.next_epoch();
    let listed = stage.keyed(&["officer", "inbox"], "anna", &[]).unwrap();
    let case = listed["cases"][0]["case"].as_str().unwrap();
    stage.keyed(&["officer", "act"], "anna", &[case, "acknowledge", "It has arrived."]).unwrap();
    stage.next_epoch();
    let read = |stage: &Stage, out: Stdio| {
        let mut command = stage.command().unwrap();
        command.args(["tip", "inbox", "--burn", "--passphrase-file", &words]).stdin(Stdio::null()).stdout(out);
        command.output().unwrap()
    };
    let full = File::options().write(true).open("/dev/full").unwrap();
    assert!(!read(&stage, full.into()).status.success(), "a full screen shows nothing");
    // So nothing was burnt.
    let output = read(&stage, Stdio::piped());
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && said.contains("It has arrived."), "{said}");
    assert!(said.trim_end().ends_with("Read and burnt: these messages cannot be opened again by anybody."), "{said}");
    stage.next_epoch();
    let said = String::from_utf8(read(&stage, Stdio::piped()).stdout).unwrap();
    assert!(said.contains("Nothing new") && !said.contains("It has arrived."), "{said}");
}

/// Between a program and the server: the answers to the first deposits get lost after they were given.
fn losing(server: &str, losses: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (server, losses) = (server.trim_start_matches("http://").to_owned(), Arc::new(AtomicUsize::new(losses)));
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let Ok(server) = TcpStream::connect(&server) else { continue };
            let (client_too, server_too) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            let (lost, losses) = (Arc::new(AtomicBool::new(false)), Arc::clone(&losses));
            let seen = Arc::clone(&lost);
            thread::spawn(move || {
                pump(client_too, server_too, |bytes| {
                    if bytes.windows(16).any(|w| w == b"POST /v1/deposit")
                        && losses.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok()
                    {
                        lost.store(true, Ordering::SeqCst);
                    }
                    true
                });
            });
            thread::spawn(move || pump(server, client, |_| !seen.load(Ordering::SeqCst)));
        }
    });
    address
}

/// Passes on what comes as long as `passes` says so, then closes both ends.
fn pump(mut from: TcpStream, mut to: TcpStream, mut passes: impl FnMut(&[u8]) -> bool) {
    let mut buffer = [0; 65536];
    while let Ok(n @ 1..) = from.read(&mut buffer) {
        if !passes(&buffer[..n]) || to.write_all(&buffer[..n]).is_err() {
            break;
        }
    }
    for end in [&from, &to] {
        // It may be closed already.
        let _ = end.shutdown(Shutdown::Both);
    }
}

#[test]
fn an_answer_that_was_lost_is_asked_for_and_nothing_is_said_twice() {
    let (_dir, stage) = stage();
    let words = stage.path("words");
    stage.subrosa(&["tip", "new", "--passphrase-out", &words, "--story", "At night."]).unwrap();
    stage.next_epoch();
    stage.keyed(&["officer", "inbox"], "anna", &[]).unwrap();
    // Both the first and the second try of the deposit arrive, and both answers are lost.
    let lossy = losing(&stage.url, 2);
    let reply = ["--server", &lossy, "tip", "reply", "--passphrase-file", &words, "In the second hall."];
    let sent = stage.subrosa(&reply).unwrap();
    assert_eq!(sent["receipts"], 0, "they were lost: {sent}");
    stage.next_epoch();
    let listed = stage.keyed(&["officer", "inbox"], "anna", &[]).unwrap();
    let case = listed["cases"][0]["case"].as_str().unwrap();
    let thread = stage.keyed(&["officer", "show"], "anna", &[case]).unwrap()["thread"].to_string();
    assert_eq!(thread.matches("In the second hall.").count(), 1, "{thread}");
}
