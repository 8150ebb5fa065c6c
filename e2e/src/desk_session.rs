//! An officer's console over real HTTP, as its own pages and as strangers ask it: no client library corrects what is
//! sent.

#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "for tests: what does not hold ends them")]

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use subrosa_casework::refusal::Rule;

use crate::stage::{Desk, PATIENCE, Stage};

/// What opens every keystore of a [`Stage`].
pub const PASSWORD: &str = "correct horse battery staple";

/// One answer, as it came over the socket.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status, such as 303 after a form.
    pub status: u16,
    /// The header lines, in lower case.
    pub head: String,
    /// What was answered, as text.
    pub body: String,
    /// The same, as bytes.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The rules that the page names in its source: people read their sentences.
    pub fn rules(&self) -> Vec<&str> {
        let named = self.body.split("data-rule=\"").skip(1).filter_map(|rest| rest.split_once('"'));
        named.map(|(code, _)| code).filter(|code| Rule::of_code(code).is_some()).collect()
    }

    /// The digest of what a page shows before it is signed.
    pub fn shown(&self) -> Option<String> {
        let field = self.body.split("<input").find(|input| input.contains("name=\"shown\""))?;
        let value = field.split("value=\"").nth(1)?.split('"').next()?;
        Some(value.to_owned()).filter(|v| !v.is_empty())
    }
}

/// A console as an attacker sees it: a port, and the printed address as only its owner knows it.
#[derive(Debug)]
pub struct Window {
    _desk: Desk,
    /// Address and port.
    pub host: String,
    /// The first part of every path.
    pub root: String,
    /// The path that opens it once.
    pub enter: String,
}

impl Window {
    /// Starts a person's console.
    pub fn of(stage: &Stage, person: &str) -> Self {
        let desk = stage.desk(person).unwrap();
        let rest = desk.address.strip_prefix("http://").unwrap();
        let (host, path) = rest.split_once('/').unwrap();
        let root = format!("/{}", path.split('/').next().unwrap());
        let (host, enter) = (host.to_owned(), format!("/{path}"));
        Self { _desk: desk, host, root, enter }
    }

    /// Sends exactly these header lines: no client library corrects them.
    pub fn raw(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut request = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        if method == "POST" {
            request.push_str("Content-Type: application/x-www-form-urlencoded\r\n");
            request.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        request.push_str("\r\n");
        request.push_str(body);
        stream.write_all(request.as_bytes()).unwrap();
        let mut text = Vec::new();
        stream.read_to_end(&mut text).unwrap();
        let end = text.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
        let bytes = text.split_off(end + 4);
        let head = String::from_utf8_lossy(&text).to_lowercase();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    }

    /// What a page of it calls its origin.
    pub fn origin(&self) -> String {
        format!("http://{}", self.host)
    }

    /// As the console's own pages ask.
    pub fn own(&self, method: &str, path: &str, cookie: Option<&str>, body: &str) -> Answer {
        let origin = self.origin();
        let mut headers =
            vec![("Host", self.host.as_str()), ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Mode", "navigate")];
        if method == "POST" {
            headers.push(("Origin", origin.as_str()));
        }
        if let Some(cookie) = cookie {
            headers.push(("Cookie", cookie));
        }
        self.raw(method, path, &headers, body)
    }

    /// The owner comes in; answers the cookie and the token for forms.
    pub fn come_in(&self) -> (String, String) {
        let token = self.enter.rsplit('/').next().unwrap();
        let unlock = format!("{}/en/unlock", self.root);
        let answer = self.own("POST", &unlock, None, &format!("token={token}&password={}", PASSWORD.replace(' ', "+")));
        assert_eq!(answer.status, 303, "{answer:?}");
        let set = answer.head.lines().find_map(|l| l.strip_prefix("set-cookie: ")).unwrap().to_owned();
        for must in ["httponly", "samesite=strict", &format!("path={}", self.root)] {
            assert!(set.contains(must), "{set}");
        }
        let cookie = set.split(';').next().unwrap().to_owned();
        let page = self.own("GET", &format!("{}/en/", self.root), Some(&cookie), "");
        assert_eq!(page.status, 200, "{page:?}");
        let csrf = page.body.split("data-csrf=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        (cookie, csrf)
    }
}

/// The session of an officer who came in.
#[derive(Debug)]
pub struct DeskSession {
    window: Window,
    cookie: String,
    csrf: String,
}

impl DeskSession {
    /// Starts a person's console and comes in.
    pub fn of(stage: &Stage, person: &str) -> Self {
        let window = Window::of(stage, person);
        let (cookie, csrf) = window.come_in();
        Self { window, cookie, csrf }
    }

    /// A form in another language than English.
    pub fn post_in(&self, language: &str, path: &str, fields: &str) -> Answer {
        let body = format!("csrf={}&{fields}", self.csrf);
        self.window.own("POST", &format!("{}/{language}/{path}", self.window.root), Some(&self.cookie), &body)
    }

    /// A page, by its path behind the language.
    pub fn get(&self, path: &str) -> Answer {
        self.window.own("GET", &format!("{}/en/{path}", self.window.root), Some(&self.cookie), "")
    }

    /// A page in another language than English.
    pub fn get_in(&self, language: &str, path: &str) -> Answer {
        self.window.own("GET", &format!("{}/{language}/{path}", self.window.root), Some(&self.cookie), "")
    }

    /// A form, with the session's token.
    pub fn post(&self, path: &str, fields: &str) -> Answer {
        self.post_in("en", path, fields)
    }

    /// Visits the server, and waits until the visit has ended.
    pub fn fetch(&self) {
        self.quiet();
        self.post("fetch", "");
        self.quiet();
    }

    /// Waits until no visit is under way.
    pub fn quiet(&self) {
        let began = Instant::now();
        while self.get("state").body.contains("\"running\":true") {
            assert!(began.elapsed() < PATIENCE, "the visit does not end");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Visits the server until `ask` answers something.
    pub fn until<T>(&self, what: &str, ask: impl Fn(&Self) -> Option<T>) -> T {
        let began = Instant::now();
        loop {
            self.fetch();
            if let Some(found) = ask(self) {
                return found;
            }
            assert!(began.elapsed() < PATIENCE, "{what} does not come");
            std::thread::sleep(Duration::from_millis(300));
        }
    }

    /// The cases in the queue, by the order of the page.
    pub fn cases(&self) -> Vec<String> {
        let page = self.get("").body;
        let mut found: Vec<String> = Vec::new();
        for id in page.split("/en/case/").skip(1).filter_map(|rest| rest.split('"').next()) {
            if id.len() == 64 && !found.iter().any(|f| f == id) {
                found.push(id.to_owned());
            }
        }
        found
    }

    /// The entry of a decision that waits in a case, whoever may sign it.
    pub fn waiting(&self, id: &str) -> Option<u64> {
        let page = self.get(&format!("case/{id}")).body;
        ["confirm", "drop"]
            .iter()
            .find_map(|what| page.split(&format!("case/{id}/{what}/")).nth(1)?.split('"').next()?.parse().ok())
    }

    /// Sends a step's form, and signs what is shown if it is shown once more before.
    pub fn sign(&self, id: &str, step: &str, fields: &str) -> Answer {
        let page = format!("case/{id}/act/{step}");
        let answer = self.post(&page, &format!("phase=sign&{fields}"));
        match answer.shown() {
            Some(shown) if answer.status == 200 => self.post(&page, &format!("phase=sign&shown={shown}&{fields}")),
            _ => answer,
        }
    }

    /// Looks at a decision that waits, whole, and signs it second.
    pub fn confirm(&self, id: &str, number: u64) -> Answer {
        let page = format!("case/{id}/confirm/{number}");
        let shown = self.get(&page).shown().unwrap_or_default();
        self.post(&page, &format!("phase=sign&shown={shown}"))
    }

    /// Takes a step and answers where the page goes then.
    pub fn act(&self, id: &str, step: &str, fields: &str) -> String {
        let answer = self.sign(id, step, fields);
        assert_eq!(answer.status, 303, "{step}: {answer:?}");
        answer.head.lines().find_map(|l| l.strip_prefix("location: ")).unwrap().to_owned()
    }
}
