//! A report without scripts: an ordinary `age` program, a form as a browser without scripts sends it, the spool, the
//! intake program, an officer's desk.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{
    collections::BTreeSet,
    fs,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use subrosa_e2e::{disk, stage::Stage};

const STORY: &str = "The evaluation log was switched off on the third of March.";

fn founded() -> (tempfile::TempDir, Stage) {
    let dir = tempfile::tempdir().unwrap();
    let stage = Stage::open(&dir.path().join("stage"), "127.0.0.1:0", 400, 4).unwrap();
    stage.open_intake(&["anna", "boris"]).unwrap();
    (dir, stage)
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

async fn get(stage: &Stage, path: &str) -> String {
    client().get(format!("{}{path}", stage.url)).send().await.unwrap().text().await.unwrap()
}

/// What a browser without scripts sends for the form: a text part with CRLF line ends and a file part, either of them
/// empty.
async fn post(stage: &Stage, path: &str, text: &str, file: &[u8]) -> (u16, String) {
    let mut body = b"--line\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n".to_vec();
    body.extend_from_slice(text.replace('\n', "\r\n").as_bytes());
    body.extend_from_slice(b"\r\n--line\r\nContent-Disposition: form-data; name=\"file\"; filename=\"sealed.age\"\r\n");
    body.extend_from_slice(b"Content-Type: application/octet-stream\r\n\r\n");
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--line--\r\n");
    let request = client().post(format!("{}{path}", stage.url));
    let r = request.header("content-type", "multipart/form-data; boundary=line").body(body).send().await.unwrap();
    (r.status().as_u16(), r.text().await.unwrap())
}

/// Debian's `age`, as the page tells people to run it.
fn age(stage: &Stage, recipients: &str, armour: bool, plaintext: &[u8]) -> Vec<u8> {
    let list = stage.path("recipients.txt");
    fs::write(&list, recipients).unwrap();
    // Out of a file: a pipe that is written before the other one is read would stop both.
    let plain = tempfile::NamedTempFile::new().unwrap();
    fs::write(plain.path(), plaintext).unwrap();
    let mut command = Command::new("age");
    command.args(["-R", &list]).stdin(fs::File::open(plain.path()).unwrap());
    if armour {
        command.arg("-a");
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn code(html: &str) -> String {
    let (_, rest) = html.split_once("<p class=\"code\"><code>").unwrap();
    rest.split('<').next().unwrap().to_owned()
}

fn waiting(stage: &Stage) -> usize {
    fs::read_dir(stage.folder.join("sealed/ready")).unwrap().count()
}

/// Receipt code to case, as an officer's desk shows them.
fn cases(stage: &Stage, officer: &str) -> Vec<(String, String, serde_json::Value)> {
    let inbox = stage.keyed(&["officer", "inbox"], officer, &[]).unwrap();
    let ids = inbox["cases"].as_array().unwrap().clone();
    ids.iter()
        .map(|c| {
            let id = c["case"].as_str().unwrap().to_owned();
            let shown = stage.keyed(&["officer", "show"], officer, &[&id]).unwrap();
            let text = shown["thread"][0]["text"].as_str().unwrap();
            let (_, code) = text.split_once("receipt-code: ").unwrap();
            (code.lines().next().unwrap().to_owned(), id, shown.clone())
        })
        .collect()
}

#[tokio::test]
async fn a_person_without_scripts_is_read_by_an_officer() {
    let (dir, stage) = founded();
    let page = get(&stage, "/de/sealed").await;
    assert!(page.contains("multipart/form-data") && page.contains("/sealed/recipients.txt"));
    let recipients = get(&stage, "/sealed/recipients.txt").await;
    assert_eq!(recipients.lines().count(), 2);
    assert!(get(&stage, "/sealed/recipients-pq.txt").await.starts_with("age1pq1"));

    let pasted = String::from_utf8(age(&stage, &recipients, true, STORY.as_bytes())).unwrap();
    let (status, html) = post(&stage, "/de/sealed", &pasted, b"").await;
    assert_eq!(status, 200, "{html}");
    let first = code(&html);
    // Not text: it stays a file.
    let photograph: Vec<u8> = (0..300_000u32).map(|i| (i * 7 % 251) as u8).collect();
    let (status, html) = post(&stage, "/sealed", "", &age(&stage, &recipients, false, &photograph)).await;
    assert_eq!(status, 200, "{html}");
    let second = code(&html);

    // Mistakes are pages, of one size, and nothing of them is kept.
    let stranger = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    for (text, file, said) in [
        (STORY, &b""[..], "not a whole age file"),
        (&pasted[..pasted.len() / 2], b"", "not a whole age file"),
        ("", b"", "The form was empty"),
        (&pasted, b"x", "The form was empty"),
    ] {
        let (status, html) = post(&stage, "/sealed", text, file).await;
        assert!(status == 400 && html.contains(said) && html.len() % 65_536 == 0, "{status} {said}");
    }
    let other = age(&stage, stranger, true, b"to nobody here");
    let (status, _) = post(&stage, "/sealed", &String::from_utf8(other).unwrap(), b"").await;
    assert_eq!(status, 200, "an age header does not name its recipients, and the page says so");
    assert_eq!(waiting(&stage), 3);
    for (path, bytes) in disk::files(dir.path()).unwrap() {
        let found = bytes.windows(14).any(|w| w == b"third of March");
        assert!(!found, "plaintext in {}", path.display());
    }

    let passed = stage.subrosa(&["intake", "forward", "--spool", &stage.path("sealed")]).unwrap();
    assert_eq!(passed["passed_on"], 3);
    assert_eq!((waiting(&stage), fs::read_dir(stage.folder.join("sealed/done")).unwrap().count()), (0, 0));
    stage.next_epoch();

    for officer in ["anna", "boris"] {
        let found = cases(&stage, officer);
        let codes: BTreeSet<&String> = found.iter().map(|(code, ..)| code).collect();
        assert_eq!(codes, BTreeSet::from([&first, &second]), "{officer}");
        let (_, _, shown) = found.iter().find(|(code, ..)| *code == first).unwrap();
        assert!(shown["thread"][0]["text"].as_str().unwrap().contains(STORY));
    }
    // The file comes out as it went in.
    let (_, case, _) = cases(&stage, "anna").into_iter().find(|(code, ..)| *code == second).unwrap();
    let out = dir.path().join("out");
    fs::create_dir(&out).unwrap();
    stage.keyed(&["officer", "files"], "anna", &[&case, "--out", &out.to_string_lossy()]).unwrap();
    assert_eq!(fs::read(out.join(format!("{second}.opened"))).unwrap(), photograph);
    // Chiara takes tips in, but made no intake identity: she is told, and keeps what came.
    let inbox = stage.keyed(&["officer", "inbox"], "chiara", &[]).unwrap();
    assert_eq!(inbox["troubles"].as_array().unwrap().len(), 3);
    // An identity made afterwards does not open what was sealed before, and she is told that, too.
    let public = stage.path("chiara.intake");
    stage.keyed(&["officer", "intake-key"], "chiara", &["--public", &public]).unwrap();
    let inbox = stage.keyed(&["officer", "inbox"], "chiara", &[]).unwrap();
    let troubles = inbox["troubles"].as_array().unwrap();
    assert_eq!(troubles.len(), 3);
    assert!(troubles.iter().all(|t| t["code"] == "sealed-never"
        && t["text"].as_str().unwrap().contains("was not sealed to the keys of this desk")));
}

#[tokio::test]
async fn killed_at_any_point_the_intake_loses_nothing_and_doubles_nothing() {
    let (_dir, stage) = founded();
    let recipients = get(&stage, "/sealed/recipients.txt").await;
    let mut codes = BTreeSet::new();
    for n in 0..6 {
        let sealed = age(&stage, &recipients, true, format!("{STORY} {n}").as_bytes());
        let (status, html) = post(&stage, "/sealed", &String::from_utf8(sealed).unwrap(), b"").await;
        assert_eq!(status, 200);
        codes.insert(code(&html));
    }
    let mut killed = 0;
    for round in 0..14u64 {
        let mut command = stage.command().unwrap();
        command.args(["intake", "forward", "--spool", &stage.path("sealed")]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(4 + round * 8));
        if child.try_wait().unwrap().is_none() {
            killed += 1;
        }
        let _ = child.kill();
        child.wait().unwrap();
    }
    assert!(killed > 2, "the kills came too late: {killed}");
    stage.subrosa(&["intake", "forward", "--spool", &stage.path("sealed")]).unwrap();
    assert_eq!(waiting(&stage), 0);
    stage.next_epoch();
    for officer in ["anna", "boris"] {
        let found: Vec<String> = cases(&stage, officer).into_iter().map(|(code, ..)| code).collect();
        assert_eq!(found.len(), codes.len(), "{officer}: {found:?}");
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), codes, "{officer}");
    }
}

#[tokio::test]
async fn the_program_is_handed_out_with_a_signature_that_ssh_keygen_verifies() {
    let dir = tempfile::tempdir().unwrap();
    let stage = Stage::open(&dir.path().join("stage"), "127.0.0.1:0", 400, 4).unwrap();
    assert!(get(&stage, "/help").await.contains("does not offer the program"));
    let key = stage.path("release");
    let run = |command: &mut Command| {
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    run(Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f", &key]));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/release-files");
    let program = stage.command().unwrap();
    let made = stage.path("downloads");
    run(Command::new(script).args([&made, "--ssh", &key, "--program"]).arg(program.get_program()));

    let page = get(&stage, "/help").await;
    let name = page.split("/downloads/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(name.starts_with("subrosa-") && page.contains("ssh-keygen -Y verify"));
    let folder = dir.path().join("a person's machine");
    fs::create_dir(&folder).unwrap();
    for file in [&name, "SHA256SUMS", "SHA256SUMS.sig"] {
        let r = client().get(format!("{}/downloads/{file}", stage.url)).send().await.unwrap();
        assert_eq!(
            (r.status(), &r.headers()["content-type"]),
            (200.try_into().unwrap(), &"application/octet-stream".parse().unwrap())
        );
        fs::write(folder.join(file), r.bytes().await.unwrap()).unwrap();
    }
    let public = fs::read_to_string(format!("{key}.pub")).unwrap();
    fs::write(folder.join("allowed_signers"), format!("demo-pilot {public}")).unwrap();
    let verify = || {
        let mut command = Command::new("ssh-keygen");
        command.args([
            "-Y",
            "verify",
            "-f",
            "allowed_signers",
            "-I",
            "demo-pilot",
            "-n",
            "file",
            "-s",
            "SHA256SUMS.sig",
        ]);
        command.current_dir(&folder).stdin(fs::File::open(folder.join("SHA256SUMS")).unwrap());
        command
    };
    run(&mut verify());
    run(Command::new("sha256sum").args(["--check", "SHA256SUMS"]).current_dir(&folder));
    let sums = fs::read_to_string(folder.join("SHA256SUMS")).unwrap();
    fs::write(folder.join("SHA256SUMS"), sums.replacen('a', "b", 1).replacen('0', "1", 1)).unwrap();
    assert!(!verify().output().unwrap().status.success(), "an altered list does not verify");
    for outside in ["../password", "..%2fpassword", ".release", "nothing"] {
        let r = client().get(format!("{}/downloads/{outside}", stage.url)).send().await.unwrap();
        assert_eq!(r.status(), 404, "{outside}");
    }
}
