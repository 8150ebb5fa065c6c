//! The desk with many cases: opening it, and searching it, against decrypting the same bytes and against scanning the
//! same words.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use subrosa_crypto::{kdf, secret::Secret32, wire::JournalHead};
use subrosa_machine::index::{CaseId, CaseRow, Index, Row};

use crate::{
    sealing::rng,
    table::{Aim, Table, median, micros},
};

const CASES: u32 = 10_000;
const QUARTER: u32 = 2_500;
const EVENTS: u64 = 40;
const WORDS: usize = 25;
const VOCABULARY: u32 = 20_000;
/// Cases that are written at once, as a desk does that catches up.
const BATCH: u32 = 500;
/// A common word, a rare one, two words, and one that is nowhere.
const QUERIES: [&str; 4] = ["w3", "w19876", "w3 w4711", "nowhere"];

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A word whose rank decides how often it comes, about as in real text.
    fn word(&mut self) -> String {
        let share = (self.next() % (1 << 20)) as f64 / f64::from(1u32 << 20);
        format!("w{}", f64::from(VOCABULARY).powf(share) as u32)
    }

    fn text(&mut self) -> String {
        (0..WORDS).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }
}

fn id(n: u32) -> CaseId {
    kdf::sha256(&n.to_be_bytes())
}

fn row(n: u32, begins: &str) -> CaseRow {
    CaseRow {
        state: "investigating".into(),
        since: 1_790_000_000,
        last_at: 1_790_000_000 + u64::from(n),
        received_at: Some(1_780_000_000),
        acknowledge_due: None,
        feedback_due: Some(1_800_000_000),
        breaches: 0,
        messages: 12,
        source_wrote_last: n.is_multiple_of(3),
        waiting: n % 2,
        assigned: None,
        tags: vec!["site-b".into()],
        regime: "compute-thresholds".into(),
        class: Some("unnotified-run".into()),
        severity: Some(4),
        retaliation: Some(44),
        on_hold: false,
        begins: begins.chars().take(100).collect(),
    }
}

struct Measured {
    open: f64,
    decrypt: f64,
    search: f64,
    scan: f64,
}

/// Opens the folder as a desk does: index, and the whole queue.
fn measured(folder: &Path, key: &Secret32, words: &[String]) -> Result<Measured> {
    let (mut open, mut decrypt, mut search, mut scan) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..3 {
        let (t, index) = micros(|| {
            let index = Index::open(folder, key)?;
            let mut queue: Vec<CaseRow> = index.rows().filter_map(|(_, row)| CaseRow::decode(&row.summary)).collect();
            queue.sort_by_key(|r| core::cmp::Reverse(r.last_at));
            queue.truncate(100);
            Ok::<_, anyhow::Error>((index, queue.len()))
        });
        open.push(t / 1000.0);
        let (index, shown) = index?;
        anyhow::ensure!(shown == 100, "the queue is not whole");
        decrypt.push(micros(|| raw_decrypt(folder, key)).0 / 1000.0);
        let mut worst: f64 = 0.0;
        for query in QUERIES {
            worst = worst.max(micros(|| index.search(query, 50)).0 / 1000.0);
        }
        search.push(worst);
        let needle = QUERIES.first().copied().unwrap_or_default();
        scan.push(micros(|| words.iter().filter(|w| w.contains(needle)).count()).0 / 1000.0);
    }
    Ok(Measured { open: median(open), decrypt: median(decrypt), search: median(search), scan: median(scan) })
}

/// Reads and decrypts every segment, and does nothing with it.
fn raw_decrypt(folder: &Path, key: &Secret32) -> Result<usize> {
    let cipher = XChaCha20Poly1305::new(key.expose().into());
    let mut total = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let bytes = fs::read(entry.path())?;
        let (head, sealed) = bytes.split_at_checked(25).context("a short segment")?;
        let nonce: [u8; 24] = head.get(1..).and_then(|n| n.try_into().ok()).context("no nonce")?;
        let aad = [b"subrosa/desk-index/v1", entry.file_name().as_encoded_bytes()].concat();
        let plain = cipher.decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad: &aad });
        total += plain.map_err(|_| anyhow::anyhow!("a segment does not open"))?.len();
    }
    Ok(total)
}

pub(crate) fn measure(table: &mut Table, scratch: &Path) -> Result<()> {
    let folder = scratch.join("desk-index");
    let key = Secret32::new([9; 32]);
    let mut index = Index::open(&folder, &key)?;
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut words: Vec<String> = Vec::new();
    let mut quarter = None;
    let mut building = 0.0;
    for n in 0..CASES {
        let entries: Vec<(u64, String)> = (0..EVENTS).map(|seq| (seq, dice.text())).collect();
        words.extend(entries.iter().map(|(_, text)| text.clone()));
        let begins = entries.first().map(|(_, t)| t.as_str()).unwrap_or_default();
        let row = Row { seq: EVENTS, head: JournalHead([1; 32]), summary: row(n, begins).encode() };
        building += micros(|| index.add(id(n), row, &entries)).0;
        if (n + 1) % BATCH == 0 {
            let (t, done) = micros(|| index.commit(&mut rng()));
            building += t;
            done?;
        }
        if n + 1 == QUARTER {
            quarter = Some(measured(&folder, &key, &words)?);
        }
    }
    let size = index.size() as f64 / 1e6;
    drop(index);
    let quarter = quarter.context("not measured")?;
    let all = measured(&folder, &key, &words)?;
    let each = |ms: f64, cases: u32| ms * 1000.0 / f64::from(cases);
    table.note("10,000 cases with 40 entries of 25 words each; floors: reading and decrypting the same segments; a plain scan of the same words in memory");
    table.line(
        "desk: first screen (index and whole queue)",
        "ms",
        all.open,
        Some(all.decrypt),
        Aim::ValueAtMost(1000.0),
    );
    table.line("desk: slowest of four searches", "ms", all.search, Some(all.scan), Aim::ValueAtMost(200.0));
    table.line(
        "desk: first screen, for each case: 10,000 against 2,500",
        "µs",
        each(all.open, CASES),
        Some(each(quarter.open, QUARTER)),
        Aim::RatioAtMost(1.5),
    );
    table.line(
        "desk: search, for each case: 10,000 against 2,500",
        "µs",
        each(all.search, CASES),
        Some(each(quarter.search, QUARTER)),
        Aim::RatioAtMost(1.5),
    );
    table.line("desk: taking in a case of 40 entries", "µs", building / f64::from(CASES), None, Aim::None);
    table.line("desk: index on disk", "MB", size, None, Aim::None);
    Ok(())
}
