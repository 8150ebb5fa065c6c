//! Nothing is believed and nothing is signed through a server whose log is another one than before. Visits look at the
//! log first; so does each single step, in program and console alike.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    thread,
};

use subrosa_e2e::{
    desk_session::{Answer, DeskSession},
    stage::Stage,
};

/// Between the programs and the server: while it `lies`, the log's checkpoint has another root; while it is `silent`,
/// whoever asks for the checkpoint gets no answer.
fn between(server: &str, [lies, silent]: [&Arc<AtomicBool>; 2]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = server.trim_start_matches("http://").to_owned();
    let (lies, silent) = (Arc::clone(lies), Arc::clone(silent));
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let Ok(server) = TcpStream::connect(&server) else { continue };
            let (client_too, server_too) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            let (lies, silent) = (Arc::clone(&lies), Arc::clone(&silent));
            let asks = |bytes: &[u8]| bytes.windows(14).any(|w| w == b"log/checkpoint");
            thread::spawn(move || pass_on(client_too, server_too, |bytes| !(silent.load(SeqCst) && asks(bytes))));
            thread::spawn(move || {
                pass_on(server, client, |bytes| {
                    if lies.load(SeqCst) {
                        another_root(bytes);
                    }
                    true
                });
            });
        }
    });
    address
}

/// Passes on what `change` has looked at, until that says no.
fn pass_on(mut from: TcpStream, mut to: TcpStream, change: impl Fn(&mut [u8]) -> bool) {
    let mut buffer = [0; 65536];
    while let Ok(n @ 1..) = from.read(&mut buffer) {
        if !change(&mut buffer[..n]) || to.write_all(&buffer[..n]).is_err() {
            break;
        }
    }
    for end in [&from, &to] {
        // It may be closed already.
        let _ = end.shutdown(Shutdown::Both);
    }
}

/// Changes the first digit of the root in a checkpoint: its third line.
fn another_root(bytes: &mut [u8]) {
    let Some(origin) = bytes.windows(5).position(|w| w == b"/log\n") else { return };
    let Some(size) = bytes[origin + 5..].iter().position(|b| *b == b'\n') else { return };
    if let Some(digit) = bytes.get_mut(origin + 5 + size + 1) {
        *digit = if *digit == b'A' { b'B' } else { b'A' };
    }
}

/// What is said of such a log, in program and console.
const SAID: [&str; 2] = ["not signed by the log", "o not trust this server"];

fn is_refused(answer: &Answer) {
    assert!(answer.status != 303 && SAID.iter().all(|said| answer.body.contains(said)), "{answer:?}");
}

#[test]
fn no_step_is_taken_through_a_server_that_shows_another_log() {
    let dir = tempfile::tempdir().unwrap();
    let mut stage = Stage::open(&dir.path().join("stage"), "127.0.0.1:0", 400, 4).unwrap();
    stage.file_tip(&["--story", "They trained at night."]).unwrap();
    stage.next_epoch();
    let [lies, silent] = [(); 2].map(|()| Arc::new(AtomicBool::new(false)));
    let honest = std::mem::take(&mut stage.url);
    stage.url = between(&honest, [&lies, &silent]);
    let listed = stage.keyed(&["officer", "inbox"], "anna", &[]).unwrap();
    let case = listed["cases"][0]["case"].as_str().unwrap();
    let [boris, dana] = ["boris", "dana"].map(|name| DeskSession::of(&stage, name));
    let books = dana.get("").body;
    assert!(books.contains("have not been fetched") && !books.contains("Nothing is booked yet"), "{books}");
    for desk in [&boris, &dana] {
        desk.fetch();
    }
    assert!(dana.get("").body.contains("Nothing is booked yet"));
    let entries = || stage.keyed(&["officer", "show"], "anna", &[case]).unwrap()["thread"].as_array().unwrap().len();
    let before = entries();

    lies.store(true, SeqCst);
    let fund = ["7.00", "--reference", "Decision 1", "--yes"];
    let refused = [
        stage.keyed(&["officer", "show"], "anna", &[case]),
        stage.keyed(&["officer", "act"], "anna", &[case, "acknowledge", "It has arrived."]),
        stage.keyed(&["bounty", "fund"], "emil", &fund),
    ];
    for refused in refused {
        let said = refused.unwrap_err().to_string();
        assert!(SAID.iter().all(|words| said.contains(words)), "{said}");
    }
    is_refused(&boris.sign(case, "acknowledge", "text=It+has+arrived."));
    let asked = "money=7.00&decision=Decision+1";
    is_refused(&dana.post("treasury/fund/new", &format!("phase=sign&{asked}")));

    lies.store(false, SeqCst);
    // One that answers everything but the log gets nothing either: the act waits on the desk.
    silent.store(true, SeqCst);
    let kept = boris.sign(case, "acknowledge", "text=It+has+arrived.");
    assert_eq!(kept.status, 303, "{kept:?}");
    assert_eq!(dana.post("treasury/fund/new", &format!("phase=sign&{asked}")).status, 422);
    silent.store(false, SeqCst);
    assert_eq!(entries(), before, "nothing was written");
    assert_eq!(stage.subrosa(&["audit"]).unwrap()["records"], 0, "nothing was booked");
    stage.keyed(&["officer", "act"], "anna", &[case, "acknowledge", "It has arrived."]).unwrap();
    stage.keyed(&["bounty", "fund"], "emil", &fund).unwrap();
}
