//! One immutable part of the index: rows, entries, and the words that stand in them.
//!
//! Layout, integers big-endian, `vint` a little-endian base-128 number: `cases u32, cases × (id[32], seq u64, head[32],
//! var summary), entries u32, entries × (case u32, seq u32), words u32, words × (length u8, word, entries of it u32,
//! length of its list u32), lists`. A list is the entries' numbers, ascending, each as the difference from the one
//! before it. Words stand in the order of their bytes.

use std::collections::{BTreeMap, HashMap};

use subrosa_crypto::{
    encoding::{Codec, Reader, put_count, put_var},
    wire::JournalHead,
};

use super::words::words;

/// A case's name: its journal's id.
pub type CaseId = [u8; 32];

/// How far a case was read, and what the queue shows of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Entries of the journal that were read: the next one's sequence number.
    pub seq: u64,
    /// The journal's head there.
    pub head: JournalHead,
    /// What the desk keeps for its queue, opaque here; [`CaseRow`](super::CaseRow) is made for it.
    pub summary: Vec<u8>,
}

/// A segment, decrypted.
#[derive(Clone)]
pub(super) struct Segment {
    name: String,
    plain: Vec<u8>,
    cases: Vec<(CaseId, Row)>,
    /// Case number and sequence number of each entry.
    entries: Vec<(u32, u32)>,
    terms: Vec<Term>,
}

#[derive(Clone, Copy)]
struct Term {
    word: (u32, u8),
    list: (u32, u32),
    entries: u32,
}

impl Segment {
    /// Reads a segment's bytes; `None` if they are none.
    pub(super) fn parse(name: String, plain: Vec<u8>) -> Option<Self> {
        let mut r = Reader::new(&plain);
        let mut cases = Vec::new();
        for _ in 0..r.u32("cases").ok()? {
            let id = r.array("id").ok()?;
            let (seq, head) = (r.u64("seq").ok()?, JournalHead(r.array("head").ok()?));
            cases.push((id, Row { seq, head, summary: r.var(1 << 20, "summary").ok()?.to_vec() }));
        }
        let count = r.u32("entries").ok()?;
        let mut entries = Vec::new();
        for _ in 0..count {
            let entry = (r.u32("case").ok()?, r.u32("seq").ok()?);
            cases.get(usize::try_from(entry.0).ok()?)?;
            entries.push(entry);
        }
        let total = plain.len();
        let mut terms: Vec<Term> = Vec::new();
        let mut lists = 0u32;
        for _ in 0..r.u32("words").ok()? {
            let length = r.u8("length").ok()?;
            let at = u32::try_from(total - r.remaining()).ok()?;
            r.bytes(usize::from(length), "word").ok()?;
            let (entries, list) = (r.u32("entries of it").ok()?, r.u32("length of its list").ok()?);
            terms.push(Term { word: (at, length), list: (lists, list), entries });
            lists = lists.checked_add(list)?;
        }
        let base = u32::try_from(total - r.remaining()).ok()?;
        if r.remaining() != usize::try_from(lists).ok()? {
            return None;
        }
        for term in &mut terms {
            term.list.0 = term.list.0.checked_add(base)?;
        }
        Some(Self { name, plain, cases, entries, terms })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn plain(&self) -> &[u8] {
        &self.plain
    }

    /// The number of entries.
    pub(super) fn len(&self) -> usize {
        self.entries.len() + self.cases.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.plain.len() + 41
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = (&CaseId, &Row)> {
        self.cases.iter().map(|(id, row)| (id, row))
    }

    pub(super) fn holds(&self, case: &CaseId) -> bool {
        self.cases.iter().any(|(id, _)| id == case)
    }

    /// How many entries of each case hold a word that begins with `start`. An entry with several such words counts for
    /// each of them.
    pub(super) fn counts(&self, start: &str) -> Vec<(&CaseId, u32)> {
        let mut counts = vec![0u32; self.cases.len()];
        self.each_entry(start, |(case, _)| {
            if let Some(n) = usize::try_from(case).ok().and_then(|c| counts.get_mut(c)) {
                *n = n.saturating_add(1);
            }
        });
        self.cases.iter().map(|(id, _)| id).zip(counts).filter(|(_, n)| *n > 0).collect()
    }

    /// Calls back with case and sequence number of each entry that holds a word that begins with `start`.
    pub(super) fn each_place(&self, start: &str, mut found: impl FnMut(&CaseId, u64)) {
        self.each_entry(start, |(case, seq)| {
            if let Some((id, _)) = usize::try_from(case).ok().and_then(|c| self.cases.get(c)) {
                found(id, u64::from(seq));
            }
        });
    }

    fn each_entry(&self, start: &str, mut found: impl FnMut((u32, u32))) {
        let start = start.as_bytes();
        let from = self.terms.partition_point(|t| self.word(t) < start);
        for term in self.terms.iter().skip(from).take_while(|t| self.word(t).starts_with(start)) {
            for number in self.list(term) {
                if let Some(entry) = usize::try_from(number).ok().and_then(|n| self.entries.get(n)) {
                    found(*entry);
                }
            }
        }
    }

    fn word(&self, term: &Term) -> &[u8] {
        self.part(term.word.0, u32::from(term.word.1))
    }

    fn list(&self, term: &Term) -> List<'_> {
        List { bytes: self.part(term.list.0, term.list.1), left: term.entries, last: 0 }
    }

    fn part(&self, at: u32, length: u32) -> &[u8] {
        let range = usize::try_from(at).ok().zip(usize::try_from(length).ok());
        range.and_then(|(at, length)| self.plain.get(at..at.checked_add(length)?)).unwrap_or_default()
    }

    /// One segment out of several, oldest first, without the case `without`. The newest row of each case stays. `None`
    /// if it would be too large.
    pub(super) fn merge(name: String, parts: &[Self], without: Option<&CaseId>) -> Option<Self> {
        let mut numbers: HashMap<CaseId, u32> = HashMap::new();
        let mut cases: Vec<(CaseId, Row)> = Vec::new();
        let mut entries: Vec<(u32, u32)> = Vec::new();
        let mut lists: BTreeMap<&[u8], Vec<u32>> = BTreeMap::new();
        for part in parts {
            let mut own = Vec::with_capacity(part.cases.len());
            for (id, row) in &part.cases {
                if without == Some(id) {
                    own.push(None);
                    continue;
                }
                let next = u32::try_from(cases.len()).ok()?;
                let number = *numbers.entry(*id).or_insert(next);
                match cases.get_mut(usize::try_from(number).ok()?) {
                    Some((_, standing)) => *standing = row.clone(),
                    None => cases.push((*id, row.clone())),
                }
                own.push(Some(number));
            }
            let mut moved = Vec::with_capacity(part.entries.len());
            for (case, seq) in &part.entries {
                let kept = own.get(usize::try_from(*case).ok()?).copied().flatten();
                moved.push(kept.map(|case| {
                    entries.push((case, *seq));
                    entries.len() - 1
                }));
            }
            for term in &part.terms {
                let list = lists.entry(part.word(term)).or_default();
                for number in part.list(term) {
                    if let Some(Some(n)) = moved.get(usize::try_from(number).ok()?) {
                        list.push(u32::try_from(*n).ok()?);
                    }
                }
            }
        }
        lists.retain(|_, list| !list.is_empty());
        Self::parse(name, encode(&cases, &entries, &lists)?)
    }
}

struct List<'s> {
    bytes: &'s [u8],
    left: u32,
    last: u32,
}

impl Iterator for List<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        self.left = self.left.checked_sub(1)?;
        let mut value = 0u32;
        let mut shift = 0;
        loop {
            let (byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            value |= u32::from(byte & 0x7f).checked_shl(shift)?;
            shift += 7;
            if byte & 0x80 == 0 {
                self.last = self.last.wrapping_add(value);
                return Some(self.last);
            }
        }
    }
}

/// Collects a batch.
#[derive(Default)]
pub(super) struct Builder {
    numbers: HashMap<CaseId, usize>,
    cases: Vec<(CaseId, Row)>,
    entries: Vec<(usize, u64)>,
    lists: BTreeMap<String, Vec<usize>>,
}

impl Builder {
    pub(super) fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    pub(super) fn add(&mut self, case: CaseId, row: Row, entries: &[(u64, String)]) {
        let next = self.cases.len();
        let number = *self.numbers.entry(case).or_insert(next);
        match self.cases.get_mut(number) {
            Some((_, standing)) => *standing = row,
            None => self.cases.push((case, row)),
        }
        for (seq, text) in entries {
            let entry = self.entries.len();
            self.entries.push((number, *seq));
            for word in words(text) {
                let list = self.lists.entry(word).or_default();
                if list.last() != Some(&entry) {
                    list.push(entry);
                }
            }
        }
    }

    pub(super) fn segment(&self, name: String) -> Option<Segment> {
        let entries: Option<Vec<(u32, u32)>> =
            self.entries.iter().map(|(c, s)| Some((u32::try_from(*c).ok()?, u32::try_from(*s).ok()?))).collect();
        let mut lists: BTreeMap<&[u8], Vec<u32>> = BTreeMap::new();
        for (word, list) in &self.lists {
            let list: Option<Vec<u32>> = list.iter().map(|n| u32::try_from(*n).ok()).collect();
            lists.insert(word.as_bytes(), list?);
        }
        Segment::parse(name, encode(&self.cases, &entries?, &lists)?)
    }
}

fn encode(cases: &[(CaseId, Row)], entries: &[(u32, u32)], lists: &BTreeMap<&[u8], Vec<u32>>) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let put = |out: &mut Vec<u8>, n: usize| put_count::<u32>(out, n).ok();
    put(&mut out, cases.len())?;
    for (id, row) in cases {
        (*id, row.seq, row.head).write(&mut out);
        put_var(&mut out, &row.summary).ok()?;
    }
    put(&mut out, entries.len())?;
    entries.iter().for_each(|entry| entry.write(&mut out));
    let mut tail = Vec::new();
    put(&mut out, lists.len())?;
    for (word, list) in lists {
        let before = tail.len();
        let mut last = 0;
        for n in list {
            put_vint(&mut tail, n.checked_sub(last)?);
            last = *n;
        }
        out.push(u8::try_from(word.len()).ok()?);
        out.extend_from_slice(word);
        put(&mut out, list.len())?;
        put(&mut out, tail.len() - before)?;
    }
    out.extend_from_slice(&tail);
    u32::try_from(out.len()).ok()?;
    Some(out)
}

fn put_vint(out: &mut Vec<u8>, mut n: u32) {
    while let Ok(byte) = u8::try_from(n & 0x7f) {
        n >>= 7;
        if n == 0 {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}
