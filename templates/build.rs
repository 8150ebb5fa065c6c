//! Puts every folder of `locales/` into the program, lists the keys of the console, and refuses a page that asks for
//! words that no file has.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::Path,
    process::ExitCode,
};

#[path = "src/text/folder.rs"]
mod folder;
#[path = "src/text/scan.rs"]
mod scan;

use folder::{CONSOLE, Folder, LANGUAGE, PUBLIC};

type Keys = BTreeMap<String, BTreeSet<String>>;

fn main() -> ExitCode {
    println!("cargo:rerun-if-changed=locales");
    println!("cargo:rerun-if-changed=pages");
    match write() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn write() -> Result<(), String> {
    let folders = scan::scan(Path::new("locales")).map_err(|e| format!("locales: {e}"))?;
    let english = folders.first().filter(|f| f.code == "en").ok_or("locales/en is missing")?;
    let (public, console) = (keys(english, PUBLIC)?, keys(english, CONSOLE)?);
    pages(Path::new("pages"), &public, &console)?;
    let code = |f: &&Folder| f.code.is_empty() || !f.code.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if let Some(folder) = folders.iter().find(code) {
        return Err(format!("locales/{}: a folder is named after its language's BCP 47 code", folder.code));
    }
    let mut out = String::from("pub(super) static FOLDERS: &[(&str, &[(&str, &str)])] = &[\n");
    for folder in &folders {
        if !folder.files.contains_key(LANGUAGE) {
            return Err(format!("locales/{}/{LANGUAGE}.ftl is missing: it says what this language is", folder.code));
        }
        let _ = writeln!(out, "    ({}, &[", literal(&folder.code));
        for name in folder.files.keys() {
            let path = literal(&format!("/locales/{}/{name}.ftl", folder.code));
            let text = format!("include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path}))");
            let _ = writeln!(out, "        ({}, {text}),", literal(name));
        }
        out.push_str("    ]),\n");
    }
    out.push_str("];\n\npub(super) static CONSOLE_KEYS: &[(&str, &[&str])] = &[\n");
    for (key, values) in &console {
        let values: Vec<String> = values.iter().map(|value| literal(value)).collect();
        let _ = writeln!(out, "    ({}, &[{}]),", literal(key), values.join(", "));
    }
    out.push_str("];\n");
    let folder = std::env::var("OUT_DIR").map_err(|e| format!("OUT_DIR: {e}"))?;
    std::fs::write(Path::new(&folder).join("locales.rs"), out).map_err(|e| format!("{folder}: {e}"))
}

/// A text as Rust writes it.
fn literal(text: &str) -> String {
    format!("\"{}\"", text.escape_default())
}

/// The messages of some of a language's files.
fn keys(folder: &Folder, files: &[&str]) -> Result<Keys, String> {
    let mut all = Keys::new();
    for name in files {
        let file = format!("locales/{}/{name}.ftl", folder.code);
        let text = folder.files.get(*name).ok_or_else(|| format!("{file} is missing"))?;
        for (key, values) in scan::messages(text).map_err(|why| format!("{file}: {why}"))? {
            if all.insert(key.clone(), values).is_some() {
                return Err(format!("{file}: {key} stands in two files"));
            }
        }
    }
    Ok(all)
}

/// Looks through the pages of a folder: what is under `console` has the console's words, everything else the public's.
fn pages(folder: &Path, public: &Keys, console: &Keys) -> Result<(), String> {
    for entry in std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))? {
        let path = entry.map_err(|e| format!("{}: {e}", folder.display()))?.path();
        if path.is_dir() {
            pages(&path, public, console)?;
        } else if path.extension().is_some_and(|e| e == "html") {
            let page = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            let keys = if path.starts_with("pages/console") { console } else { public };
            page_asks(&page, keys).map_err(|why| format!("{}: {why}", path.display()))?;
        }
    }
    Ok(())
}

/// Every `t.get("key")` and `t.fill("key", "value", …)` of a page, against the messages that there are.
fn page_asks(page: &str, keys: &Keys) -> Result<(), String> {
    for call in ["t.get(\"", "t.fill(\"", "t.with(\""] {
        for part in page.split(call).skip(1) {
            let (key, rest) = part.split_once('"').ok_or("a key has no end")?;
            let values = keys.get(key).ok_or_else(|| format!("no file in locales/en has the words {key}"))?;
            if let Some(given) = given(call, rest).filter(|given| given != values) {
                let list = |names: &BTreeSet<String>| names.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
                return Err(format!("{key} takes the values ({}), and is given ({})", list(values), list(&given)));
            }
        }
    }
    Ok(())
}

/// The names of the values in a call, where they stand in the call itself.
fn given(call: &str, rest: &str) -> Option<BTreeSet<String>> {
    let name = |part: &str| part.split('"').next().map(str::to_owned);
    match call {
        "t.get(\"" => Some(BTreeSet::new()),
        "t.fill(\"" => rest.split('"').nth(1).map(|n| BTreeSet::from([n.to_owned()])),
        _ => {
            let list = rest.split_once('[')?.1.split_once(']')?.0;
            Some(list.split("(\"").skip(1).filter_map(name).collect())
        }
    }
}
