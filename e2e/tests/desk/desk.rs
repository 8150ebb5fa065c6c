//! The officers' console from outside: what other pages, other programs and other people on the same machine try, over
//! real HTTP against the real program; and what a forged journal entry does when it is pushed straight to the server.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{
    fs,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use subrosa_e2e::{
    desk_session::{DeskSession, PASSWORD, Window},
    proxy::Proxy,
    stage::Stage,
};

/// A programme whose server runs, and one officer's console.
struct Target {
    window: Window,
    _stage: Stage,
    _folder: tempfile::TempDir,
}

impl Target {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let stage = Stage::open(&folder.path().join("stage"), "127.0.0.1:0", 1000, 4).unwrap();
        Self { window: Window::of(&stage, "anna"), _stage: stage, _folder: folder }
    }
}

impl std::ops::Deref for Target {
    type Target = Window;

    fn deref(&self) -> &Window {
        &self.window
    }
}

#[test]
fn other_names_pages_and_programs_are_turned_away() {
    let t = Target::new();
    // Before anybody is in: DNS rebinding, with and without a path that was guessed.
    for host in ["evil.example", "localhost", "127.0.0.1", "127.0.0.1:1", &format!("{}.", t.host), ""] {
        let answer = t.raw("GET", &t.enter, &[("Host", host), ("Sec-Fetch-Site", "none")], "");
        assert!(matches!(answer.status, 400 | 403), "{host}: {answer:?}");
        assert!(!answer.body.contains("password"), "{host}");
    }
    let twice = t.raw("GET", &t.enter, &[("Host", &t.host), ("Host", "evil.example")], "");
    assert!(matches!(twice.status, 400 | 403), "{twice:?}");
    assert_eq!(t.own("GET", "/", None, "").status, 404);
    assert_eq!(t.own("GET", "/en/", None, "").status, 404);
    assert_eq!(t.own("GET", &format!("{}/en/", t.root), None, "").status, 403, "no page without the printed address");
    assert_eq!(t.own("GET", &format!("{}/en/enter/{}", t.root, "0".repeat(32)), None, "").status, 403);
    assert_eq!(t.own("GET", &t.enter, None, "").status, 200);
    // A link on another page cannot even show the page that asks for the password.
    for site in ["cross-site", "same-site", "nonsense"] {
        let answer = t.raw("GET", &t.enter, &[("Host", &t.host), ("Sec-Fetch-Site", site)], "");
        assert_eq!(answer.status, 403, "{site}");
    }

    let (cookie, csrf) = t.come_in();
    let token = t.enter.rsplit('/').next().unwrap();
    let again = format!("token={token}&password={}", PASSWORD.replace(' ', "+"));
    assert_eq!(t.own("POST", &format!("{}/en/unlock", t.root), None, &again).status, 403, "the address works once");
    let lock = format!("{}/en/lock", t.root);
    let good = format!("csrf={csrf}");
    let origin = t.origin();
    let mine = [("Host", t.host.as_str()), ("Cookie", cookie.as_str())];
    // Each of these has the cookie and the right token: a page on another port of this machine, a rebound name, an old
    // browser without Origin.
    let other_port = "http://127.0.0.1:1";
    for wrong in [
        vec![("Origin", other_port), ("Sec-Fetch-Site", "same-site")],
        vec![("Origin", "http://evil.example"), ("Sec-Fetch-Site", "cross-site")],
        vec![("Origin", "null")],
        vec![],
        vec![("Sec-Fetch-Site", "same-origin")],
        vec![("Origin", origin.as_str()), ("Sec-Fetch-Site", "same-site")],
        vec![("Origin", origin.as_str()), ("Sec-Fetch-Site", "none")],
        vec![("Origin", origin.as_str()), ("Origin", "http://evil.example")],
    ] {
        let headers: Vec<_> = mine.iter().chain(&wrong).copied().collect();
        assert_eq!(t.raw("POST", &lock, &headers, &good).status, 403, "{wrong:?}");
    }
    // The right page without the right token, or without the cookie.
    for body in ["", "csrf=", "csrf=0", &format!("csrf={}", "0".repeat(32))] {
        assert_eq!(t.own("POST", &lock, Some(&cookie), body).status, 403, "{body}");
    }
    assert_eq!(t.own("POST", &lock, None, &good).status, 403);
    assert_eq!(t.own("POST", &lock, Some("subrosa-desk=0"), &good).status, 403);
    for method in ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"] {
        assert!(matches!(t.own(method, &lock, Some(&cookie), "").status, 403..=405), "{method}");
    }
    // Nothing of that locked the desk; this does.
    assert!(t.own("GET", &format!("{}/en/state", t.root), Some(&cookie), "").body.contains("\"locked\":false"));
    assert_eq!(t.own("POST", &lock, Some(&cookie), &good).status, 303);
    assert!(t.own("GET", &format!("{}/en/state", t.root), Some(&cookie), "").body.contains("\"locked\":true"));
}

#[test]
fn what_was_sent_to_a_locked_desk_comes_back_whatever_follows_it() {
    let t = Target::new();
    let (cookie, csrf) = t.come_in();
    let post = |path: &str, body: &str| t.own("POST", &format!("{}/en{path}", t.root), Some(&cookie), body);
    assert_eq!(post("/lock", &format!("csrf={csrf}")).status, 303);
    let case = "0".repeat(64);
    let form = format!("/case/{case}/act/note");
    let locked = post(&form, &format!("csrf={csrf}&note=a+whole+thought"));
    assert!(locked.status == 200 && locked.body.contains("type=\"password\""), "{locked:?}");
    // The script keeps drafts by itself, and these buttons have no page: none of them is a place to come back to.
    for path in ["/draft", "/view", "/bulk", "/waiting/1", &format!("/case/{case}/file/{case}/copy"), "/fetch"] {
        assert_eq!(post(path, &format!("csrf={csrf}")).status, 200, "{path}");
    }
    let opened = post("/unlock", &format!("csrf={csrf}&password={}", PASSWORD.replace(' ', "+")));
    assert_eq!(opened.status, 303, "{opened:?}");
    assert!(opened.head.contains(&format!("location: {}/en{form}\r\n", t.root)), "{}", opened.head);
}

#[test]
fn every_form_needs_the_sessions_token_and_every_answer_has_the_headers() {
    let t = Target::new();
    let (cookie, _) = t.come_in();
    let case = "0".repeat(64);
    for path in [
        "lock".to_owned(),
        "fetch".into(),
        "bulk".into(),
        "view".into(),
        "draft".into(),
        format!("case/{case}/act/note"),
        format!("case/{case}/confirm/1"),
    ] {
        let path = format!("{}/en/{path}", t.root);
        let answer = t.own("POST", &path, Some(&cookie), "csrf=wrong&note=x");
        assert_eq!(answer.status, 403, "{path}");
        assert_eq!(t.own("POST", &path, None, "csrf=wrong&note=x").status, 403, "{path}");
    }
    for (path, status) in [("/en/", 200), ("/console.css", 200), ("/en/case/zz", 404), ("/nowhere", 404)] {
        let answer = t.own("GET", &format!("{}{path}", t.root), Some(&cookie), "");
        assert_eq!(answer.status, status, "{path}");
        for header in [
            "cache-control: no-store",
            "content-security-policy: default-src 'none'; style-src 'self'; script-src 'self'",
            "referrer-policy: same-origin",
            "x-content-type-options: nosniff",
            "x-frame-options: deny",
            "cross-origin-opener-policy: same-origin",
            "cross-origin-resource-policy: same-origin",
        ] {
            assert!(answer.head.contains(header), "{path}: {header}\n{}", answer.head);
        }
        for foreign in ["http://", "https://", "<script>", "style=\"", "onclick"] {
            let own = answer.body.replace("http://www.w3.org/2000/svg", "");
            assert!(!own.contains(foreign), "{path}: {foreign}");
        }
    }
}

#[test]
fn a_desk_is_for_this_machine_alone() {
    let t = Target::new();
    let key = t._stage.path("boris.key");
    let subrosa = std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join("subrosa");
    for listen in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let out = Command::new(&subrosa)
            .args(["--server", &t._stage.url, "--root", &t._stage.root, "desk", "--keystore", &key, "--listen", listen])
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(!out.status.success());
        assert!(String::from_utf8_lossy(&out.stderr).contains("127.0.0.1"), "{listen}");
    }
}

#[test]
fn the_log_of_readings_is_sealed_and_names_no_case_in_clear() {
    let t = Target::new();
    t._stage.file_tip(&["--story", "A story for one reader."]).unwrap();
    t._stage.next_epoch();
    let (cookie, csrf) = t.come_in();
    let began = Instant::now();
    let id = loop {
        t.own("POST", &format!("{}/en/fetch", t.root), Some(&cookie), &format!("csrf={csrf}"));
        std::thread::sleep(Duration::from_millis(500));
        let page = t.own("GET", &format!("{}/en/", t.root), Some(&cookie), "").body;
        if let Some(rest) = page.split("/en/case/").nth(1) {
            break rest.split('"').next().unwrap().to_owned();
        }
        assert!(began.elapsed() < Duration::from_secs(240), "the tip does not come: {page}");
    };
    let page = t.own("GET", &format!("{}/en/case/{id}/thread", t.root), Some(&cookie), "");
    assert_eq!(page.status, 200, "{page:?}");
    assert!(page.body.contains("A story for one reader."));
    let readings = t.own("GET", &format!("{}/en/readings", t.root), Some(&cookie), "").body;
    assert!(readings.contains(&id.chars().take(8).collect::<String>()) && readings.contains("Thread"));
    let book = fs::read(t._stage.path("anna.key.desk")).unwrap();
    let raw = hex_of(&id);
    for clear in [raw.as_slice(), b"thread", b"reads"] {
        assert!(!book.windows(clear.len()).any(|w| w == clear));
    }
}

/// A programme whose server runs, and one tip that waits.
fn with_a_tip() -> (tempfile::TempDir, Stage) {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::open(&folder.path().join("stage"), "127.0.0.1:0", 1000, 4).unwrap();
    stage.file_tip(&["--story", "They trained at night."]).unwrap();
    stage.next_epoch();
    (folder, stage)
}

fn hex_of(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(text.get(i..i + 2).unwrap(), 16).unwrap()).collect()
}

#[test]
fn two_desks_that_were_offline_lose_nothing_and_the_order_is_explained() {
    let (_folder, mut stage) = with_a_tip();
    let (anna, boris) = (DeskSession::of(&stage, "anna"), DeskSession::of(&stage, "boris"));
    let id = anna.until("the tip", |s| s.cases().pop());
    boris.until("the tip", |s| s.cases().pop());
    assert!(anna.act(&id, "acknowledge", "text=Thank+you.").contains("said=done"));
    for officer in [&anna, &boris] {
        officer.fetch();
        assert!(officer.act(&id, "declare", "").contains("said=done"));
    }
    anna.fetch();
    assert!(anna.get("waiting").body.contains("Nothing waits."));

    stage.stop().unwrap();
    for (officer, note) in [(&anna, "note-of-anna"), (&boris, "note-of-boris")] {
        for (step, fields) in [("note", format!("note={note}&visibility=team")), ("open-triage", String::new())] {
            let to = officer.act(&id, step, &fields);
            assert!(to.ends_with("/waiting?said=kept"), "{step}: {to}");
        }
        officer.fetch();
        let page = officer.get("waiting").body;
        assert_eq!(page.matches("Waits for the server.").count(), 2, "{page}");
    }
    stage.start_again(&[]).unwrap();
    anna.fetch();
    boris.fetch();
    anna.fetch();

    // Anna was first: all of hers stands. Boris is told what came before his note, and which rule forbids what she had
    // done already.
    let hers = anna.get("waiting").body;
    assert!(
        hers.contains("Nothing waits.") && hers.matches("It stands in the journal as entry").count() == 2,
        "{hers}"
    );
    let his = boris.get("waiting").body;
    assert_eq!(his.matches("It stands in the journal as entry").count(), 1, "{his}");
    assert!(his.contains("Before it, entry") && his.contains("anna"), "{his}");
    assert!(his.contains("data-rule=\"wrong-state\""), "{his}");
    for officer in [&anna, &boris] {
        let journal = officer.get(&format!("case/{id}/journal")).body;
        for note in ["note-of-anna", "note-of-boris"] {
            assert_eq!(journal.matches(note).count(), 1, "{journal}");
        }
    }
    // What was refused stays until it is dropped.
    boris.fetch();
    let his = boris.get("waiting").body;
    let number = his.split("/en/waiting/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(boris.post(&format!("waiting/{number}"), "").status, 303);
    assert_eq!(boris.post(&format!("waiting/{number}"), "").status, 404);
    assert!(boris.get("waiting").body.contains("Nothing waits."));
}

#[test]
fn a_desk_that_is_opened_without_a_server_shows_the_last_visit_and_works_on() {
    let (_folder, mut stage) = with_a_tip();
    let anna = DeskSession::of(&stage, "anna");
    let id = anna.until("the tip", |s| s.cases().pop());
    assert!(anna.act(&id, "acknowledge", "text=Thank+you.").contains("said=done"));
    drop(anna);
    stage.keyed(&["officer", "inbox"], "boris", &[]).unwrap();
    stage.stop().unwrap();

    // The program shows what was read last, and says so; somebody who never visited has nothing to be shown.
    for command in ["show", "journal"] {
        let shown = stage.keyed(&["officer", command], "boris", &[&id]).unwrap();
        assert_eq!(shown["recalled"].as_bool(), Some(true), "{shown}");
    }
    assert!(stage.keyed(&["officer", "show"], "chiara", &[&id]).is_err());

    // Opened anew, as after a lock: nothing but what lies on this machine.
    let anna = DeskSession::of(&stage, "anna");
    anna.fetch();
    let page = anna.get("").body;
    assert!(page.contains("could not be reached since you opened this desk"), "{page}");
    assert_eq!(anna.cases(), std::slice::from_ref(&id));
    for (room, holds) in [("/thread", "They trained at night."), ("/thread", "Thank you."), ("/journal", "anna")] {
        let page = anna.get(&format!("case/{id}{room}")).body;
        assert!(page.contains(holds), "{room}: {page}");
    }
    assert!(anna.act(&id, "note", "note=written-without-a-server&visibility=team").ends_with("/waiting?said=kept"));
    let refused = anna.post(&format!("case/{id}/act/open-triage"), "phase=sign");
    assert_eq!((refused.status, refused.rules()), (409, vec!["declaration-missing"]), "rules hold here as well");
    let shelf = std::path::PathBuf::from(stage.path("anna.key.shelf"));
    for entry in fs::read_dir(&shelf).unwrap() {
        let path = entry.unwrap().path();
        let (name, bytes) = (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap());
        assert!(!id.starts_with(&name), "{name}");
        assert!(!bytes.windows(20).any(|w| w == b"They trained at nigh"), "{name}");
    }

    stage.start_again(&[]).unwrap();
    anna.fetch();
    assert!(!anna.get("").body.contains("could not be reached since"));
    assert!(anna.get(&format!("case/{id}/journal")).body.contains("written-without-a-server"));
}

#[test]
fn a_colleague_is_brought_in_at_the_console_and_by_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let officers =
        [("anna", "intake,triager,adjudicator"), ("boris", "triager,adjudicator"), ("chiara", "investigator")];
    let address = "127.0.0.1:0";
    let stage =
        Stage::open_with(&folder.path().join("stage"), address, &format!("http://{address}"), 700, 4, &officers)
            .unwrap();
    stage.file_tip(&["--story", "They trained at night."]).unwrap();
    stage.next_epoch();
    let anna = DeskSession::of(&stage, "anna");
    let id = anna.until("the tip", |s| s.cases().pop());
    let visit = |name: &str| stage.keyed(&["officer", "inbox"], name, &[]).unwrap();
    for name in ["boris", "chiara"] {
        assert_eq!(visit(name)["cases"].as_array().unwrap().len(), 0, "tips are not addressed to {name}");
    }
    assert!(!anna.get(&format!("case/{id}/people")).body.contains(">boris<"));

    // At the console: those whom the charter names, and nobody else.
    let form = anna.get(&format!("case/{id}/act/bring")).body;
    let offered: Vec<&str> = form
        .split("name=\"colleague\"")
        .skip(1)
        .filter_map(|r| r.split("value=\"").nth(1)?.split('"').next())
        .collect();
    assert_eq!(offered.len(), 2, "{form}");
    for wrong in ["", "colleague=", "colleague=anna", "colleague=00000000000000000000000000000000"] {
        let answer = anna.post(&format!("case/{id}/act/bring"), &format!("phase=sign&{wrong}"));
        assert_eq!(answer.status, 422, "{wrong}");
    }
    let colleague = format!("colleague={}", offered.first().unwrap());
    let asked = anna.post(&format!("case/{id}/act/bring"), &colleague);
    assert!(
        asked.status == 200 && asked.body.contains("boris"),
        "it is shown once more before it is signed: {asked:?}"
    );
    assert!(anna.act(&id, "bring", &colleague).contains("/people?said=done"));
    assert!(anna.get(&format!("case/{id}/people")).body.contains("boris"));
    assert!(anna.get(&format!("case/{id}/journal")).body.contains("Joined the team"));

    // By the program: whoever was brought in brings in the next.
    stage.next_epoch();
    assert_eq!(visit("boris")["cases"][0]["case"].as_str().unwrap(), id);
    let bring = |name: &str| stage.keyed(&["officer", "act"], "boris", &[&id, "bring", name]);
    let wrong = bring("nobody").unwrap_err().to_string();
    assert!(wrong.contains("names no officer `nobody`") && wrong.contains("chiara"), "{wrong}");
    assert_eq!(bring("chiara").unwrap()["joined"].as_bool(), Some(true));
    assert_eq!(bring("chiara").unwrap()["joined"].as_bool(), Some(false), "the keys again, and no second entry");
    stage.next_epoch();
    let chiara = DeskSession::of(&stage, "chiara");
    let hers = chiara.until("the case", |s| s.cases().pop());
    assert_eq!(hers, id);
    assert!(chiara.get(&format!("case/{id}/thread")).body.contains("They trained at night."));
    assert!(chiara.act(&id, "note", "note=written-by-chiara&visibility=team").contains("said=done"));
    anna.fetch();
    assert!(anna.get(&format!("case/{id}/journal")).body.contains("written-by-chiara"));
}

#[test]
fn a_journal_that_cannot_be_read_again_stays_as_it_was_read_and_the_page_says_so() {
    let (_folder, mut stage) = with_a_tip();
    let proxy = Proxy::start(&stage.url).unwrap();
    let honest = std::mem::replace(&mut stage.url, proxy.url.clone());
    let anna = DeskSession::of(&stage, "anna");
    stage.url = honest;
    let id = anna.until("the tip", |s| s.cases().pop());
    assert!(anna.act(&id, "acknowledge", "text=Thank+you.").contains("said=done"));

    proxy.refuse(Some("POST /v1/journal/read"));
    anna.fetch();
    assert!(anna.get("").body.contains("One case could not be read then."), "{}", anna.get("").body);
    let page = anna.get(&format!("case/{id}/thread"));
    assert!(page.status == 200 && page.body.contains("Thank you."), "{page:?}");
    assert!(page.body.contains("It is shown as it was read before."), "{page:?}");
    let german = anna.get_in("de", &format!("case/{id}")).body;
    assert!(german.contains("Gezeigt wird er, wie er davor gelesen wurde."), "{german}");

    proxy.refuse(None);
    anna.fetch();
    let page = anna.get(&format!("case/{id}/thread")).body;
    assert!(!page.contains("as it was read before") && !anna.get("").body.contains("could not be read"), "{page}");
    for (language, words) in [("en", "There is no such page"), ("de", "Diese Seite gibt es")] {
        for path in ["nowhere", "case/0/confirm/99999999999999999999", &format!("case/{id}/file/{id}/page/x")] {
            let answer = anna.get_in(language, path);
            assert!(answer.status == 404 && answer.body.starts_with(words), "{path}: {answer:?}");
        }
    }
}

#[test]
fn a_server_that_was_set_back_is_told_on_the_page_and_what_is_known_stays() {
    let (_folder, mut stage) = with_a_tip();
    let anna = DeskSession::of(&stage, "anna");
    let id = anna.until("the tip", |s| s.cases().pop());
    let (disk, copy) = (stage.path("server"), stage.path("server.copy"));
    stage.stop().unwrap();
    assert!(Command::new("cp").args(["-r", &disk, &copy]).status().unwrap().success());
    stage.start_again(&[]).unwrap();
    anna.fetch();
    assert!(anna.act(&id, "note", "note=written-after-the-copy&visibility=team").contains("said=done"));
    stage.file_tip(&["--story", "Something else."]).unwrap();
    stage.next_epoch();
    anna.until("the second tip", |s| (s.cases().len() == 2).then_some(()));

    stage.stop().unwrap();
    fs::remove_dir_all(&disk).unwrap();
    fs::rename(&copy, &disk).unwrap();
    stage.start_again(&[]).unwrap();
    anna.fetch();
    let page = anna.get("").body;
    assert!(page.contains("become smaller") && page.contains("Do not trust this server"), "{page}");
    assert_eq!(anna.cases().len(), 2);
    assert!(anna.get(&format!("case/{id}/journal")).body.contains("written-after-the-copy"));
    // As long again, with another history: the two signed statements do not fit together.
    for story in ["A third story.", "A fourth story.", "A fifth story."] {
        stage.file_tip(&["--story", story]).unwrap();
    }
    stage.next_epoch();
    anna.fetch();
    let page = anna.get("").body;
    assert!(page.contains("Do not trust this server"), "{page}");
    assert!(!page.contains("A third story."), "nothing was taken in from it");
}
