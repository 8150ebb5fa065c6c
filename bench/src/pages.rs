//! What a visitor downloads: the public pages as the server sends them, and the built program of the page, if
//! `target/web` is there.

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{
    site::Site,
    table::{Aim, Table},
};

/// Length of `bytes` after a compressor that may not be installed.
fn compressed(program: &str, arguments: &[&str], bytes: &[u8]) -> Option<f64> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut input = child.stdin.take()?;
    let bytes = bytes.to_vec();
    let writer = std::thread::spawn(move || input.write_all(&bytes));
    let output = child.wait_with_output().ok()?;
    writer.join().ok()?.ok()?;
    output.status.success().then_some(output.stdout.len() as f64)
}

fn weigh(table: &mut Table, name: &str, bytes: &[u8]) {
    table.line(&format!("{name}, raw"), "B", bytes.len() as f64, None, Aim::None);
    if let Some(n) = compressed("gzip", &["-9", "--no-name", "--stdout"], bytes) {
        table.line(&format!("{name}, gzip"), "B", n, None, Aim::None);
    }
    if let Some(n) = compressed("brotli", &["--quality=11", "--stdout"], bytes) {
        table.line(&format!("{name}, brotli"), "B", n, None, Aim::None);
    }
}

/// Values of an attribute in a page, on elements that `wanted` accepts by the text of their tag.
fn values(page: &str, attribute: &str, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let opening = format!("{attribute}=\"");
    page.split('<')
        .filter_map(|part| part.split_once('>').map(|(tag, _)| tag))
        .filter(|tag| wanted(tag))
        .filter_map(|tag| Some(tag.split_once(&opening)?.1.split_once('"')?.0.to_owned()))
        .collect()
}

/// Addresses that a browser fetches by itself once it has the page.
fn parts_of(page: &str) -> Vec<String> {
    let mut parts = values(page, "href", |tag| tag.starts_with("link ") && tag.contains("stylesheet"));
    parts.extend(values(page, "src", |tag| tag.starts_with("script ") || tag.starts_with("img ")));
    parts
}

/// A visit: each page with its parts, what was fetched before being cached.
struct Visit<'a> {
    url: &'a str,
    http: reqwest::Client,
    runtime: &'a tokio::runtime::Runtime,
    had: BTreeSet<String>,
    requests: usize,
    bytes: usize,
}

impl Visit<'_> {
    fn fetch(&mut self, path: &str) -> Result<Vec<u8>> {
        let url = format!("{}{path}", self.url);
        let (status, body) = self.runtime.block_on(async {
            let answer = self.http.get(&url).send().await?;
            anyhow::Ok((answer.status(), answer.bytes().await?))
        })?;
        anyhow::ensure!(status.is_success(), "{path}: the server answered {status}");
        if self.had.insert(path.to_owned()) {
            self.requests += 1;
            self.bytes += body.len();
        }
        Ok(body.into())
    }

    fn page(&mut self, path: &str) -> Result<String> {
        let page = String::from_utf8(self.fetch(path)?).with_context(|| format!("{path} is no text"))?;
        for part in parts_of(&page) {
            self.fetch(&part)?;
        }
        Ok(page)
    }
}

/// What `make e2e-tor` measured with real browsers when it ran last; it takes a Tor network, so it is read here and not
/// measured anew.
fn over_tor(table: &mut Table, measured: &Path) -> Result<()> {
    let Ok(text) = fs::read(measured) else {
        table.note("no target/e2e/page-weight.json: `make e2e-tor` measures the way to a usable form over Tor");
        return Ok(());
    };
    let text: Value = serde_json::from_slice(&text).context("target/e2e/page-weight.json")?;
    table.part("From the landing page to a form that can be written in, in real browsers over the private Tor network");
    table.note(
        "as `make e2e-tor` measured it last; medians of new profiles; bytes as they went into Tor, with all headers",
    );
    for row in text.get("rows").and_then(Value::as_array).context("no rows in page-weight.json")? {
        let name = row.get("name").and_then(Value::as_str).context("a row without a name in page-weight.json")?;
        for (key, what, unit, aim) in [
            ("requests", "requests until it can be written in", "", Aim::ValueAtMost(6.0)),
            ("down", "bytes until it can be written in", "B", Aim::ValueAtMost(150_000.0)),
            ("usable", "time until it can be written in", "ms", Aim::None),
            ("ready", "time until the engine behind it is ready", "ms", Aim::None),
            ("all_requests", "requests, with the engine and what it asks", "", Aim::None),
            ("all_down", "bytes, with the engine and what it asks", "B", Aim::None),
        ] {
            let value = row.get(key).and_then(Value::as_f64).with_context(|| format!("no {key} for {name}"))?;
            table.line(&format!("{name}: {what}"), unit, value, None, aim);
        }
    }
    Ok(())
}

pub(crate) fn measure(table: &mut Table, target: &Path, scratch: &Path) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let site = Site::start(&scratch.join("pages"))?;
    let url = format!("http://{}", site.address());
    let http = reqwest::Client::builder().no_proxy().build()?;
    table.part("Pages, as the server sends them");
    let mut visit = Visit { url: &url, http, runtime: &runtime, had: BTreeSet::new(), requests: 0, bytes: 0 };
    let landing = visit.page("/")?;
    table.line("landing page with all its parts: requests", "", visit.requests as f64, None, Aim::None);
    table.line("landing page with all its parts: bytes", "B", visit.bytes as f64, None, Aim::None);
    weigh(table, "landing page", landing.as_bytes());
    let style = visit.fetch("/style.css")?;
    weigh(table, "style sheet", &style);
    let links = values(&landing, "href", |tag| tag.starts_with("a ") && tag.contains("href=\"/"));
    for link in links.iter().filter(|l| !l.contains('#')).collect::<BTreeSet<_>>() {
        let before = visit.requests;
        let page = visit.page(link)?;
        if visit.requests > before {
            table.line(
                &format!("from the landing page to {link}: more requests"),
                "",
                (visit.requests - before) as f64,
                None,
                Aim::None,
            );
            table.line(&format!("{link}, raw"), "B", page.len() as f64, None, Aim::None);
        }
    }
    site.stop()?;
    over_tor(table, &target.join("e2e/page-weight.json"))?;
    let web = target.join("web");
    let Ok(manifest) = fs::read(web.join("manifest.json")) else {
        table.note("no target/web: the page's program was not built, so it was not weighed");
        return Ok(());
    };
    let manifest: Value = serde_json::from_slice(&manifest).context("target/web/manifest.json")?;
    let files = manifest.get("files").and_then(Value::as_array).context("no files in target/web/manifest.json")?;
    table.part("The page's program: a browser fetches the application, and the engine or its twin");
    for file in files {
        let field = |name| file.get(name).and_then(Value::as_str).with_context(|| format!("no {name} in the manifest"));
        weigh(table, field("role")?, &fs::read(web.join(field("path")?))?);
    }
    Ok(())
}
