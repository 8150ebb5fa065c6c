//! The desk's search index: what is found, what survives closing, what is on disk.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::fs;

use rand_core::{CryptoRng, UnwrapErr};
use subrosa_crypto::{secret::Secret32, wire::JournalHead};
use subrosa_machine::index::{CaseId, Hit, Index, IndexError, Row, words};

fn rng() -> impl CryptoRng {
    UnwrapErr(getrandom::SysRng)
}

fn id(n: u32) -> CaseId {
    subrosa_crypto::kdf::sha256(&n.to_be_bytes())
}

fn row(seq: u64, summary: &str) -> Row {
    Row { seq, head: JournalHead([7; 32]), summary: summary.into() }
}

fn texts(list: &[(u64, &str)]) -> Vec<(u64, String)> {
    list.iter().map(|(seq, text)| (*seq, (*text).to_owned())).collect()
}

fn cases(hits: &[Hit]) -> Vec<CaseId> {
    hits.iter().map(|h| h.case).collect()
}

#[test]
fn every_word_must_begin_a_word_of_the_case() {
    let dir = tempfile::tempdir().unwrap();
    let key = Secret32::new([1; 32]);
    let mut index = Index::open(dir.path(), &key).unwrap();
    index.add(id(1), row(3, "one"), &texts(&[(0, "A training run in Zürich"), (2, "The runs went on")]));
    index.add(id(2), row(1, "two"), &texts(&[(0, "A shipment to Zurich, no training")]));
    assert_eq!(cases(&index.search("zürich train", 10)).len(), 2, "found before it is written");
    index.commit(&mut rng()).unwrap();
    let hits = index.search("run", 10);
    assert_eq!((hits.len(), hits[0].case, hits[0].entries, hits[0].places.clone()), (1, id(1), 2, vec![2, 0]));
    assert_eq!(cases(&index.search("SHIPM zur", 10)), [id(2)]);
    assert_eq!(index.search("shipment run", 10), []);
    assert_eq!(index.search("  ", 10), []);
    assert_eq!(index.search("train", 1).len(), 1);
}

#[test]
fn it_is_there_after_opening_again_and_grows_by_what_is_new() {
    let dir = tempfile::tempdir().unwrap();
    let key = Secret32::new([1; 32]);
    for n in 0..40u32 {
        let mut index = Index::open(dir.path(), &key).unwrap();
        assert_eq!(index.rows().count(), usize::try_from(n).unwrap().min(20));
        let case = id(n % 20);
        let seq = index.row(&case).map_or(0, |r| r.seq);
        index.add(case, row(seq + 1, &format!("row {n}")), &[(seq, format!("word{n} common"))]);
        index.commit(&mut rng()).unwrap();
        assert!(index.segments() <= 8, "{}", index.segments());
    }
    let index = Index::open(dir.path(), &key).unwrap();
    assert_eq!(index.row(&id(3)).unwrap(), &row(2, "row 23"));
    assert_eq!(index.search("common", 100).len(), 20);
    assert_eq!(cases(&index.search("word7 word27", 100)), [id(7)]);
    let files = fs::read_dir(dir.path()).unwrap().count();
    assert_eq!(files, index.segments() + 1, "old segments are gone");
}

#[test]
fn a_removed_case_is_found_no_more() {
    let dir = tempfile::tempdir().unwrap();
    let key = Secret32::new([1; 32]);
    let mut index = Index::open(dir.path(), &key).unwrap();
    for n in 0..10 {
        index.add(id(n), row(1, "x"), &[(0, format!("secret{n} shared"))]);
        index.commit(&mut rng()).unwrap();
    }
    index.remove(&id(4), &mut rng()).unwrap();
    for index in [index, Index::open(dir.path(), &key).unwrap()] {
        assert_eq!(index.search("secret4", 10), []);
        assert_eq!((index.search("shared", 100).len(), index.row(&id(4))), (9, None));
    }
}

#[test]
fn nothing_readable_is_on_disk_and_nothing_foreign_is_taken() {
    let dir = tempfile::tempdir().unwrap();
    let key = Secret32::new([1; 32]);
    let mut index = Index::open(dir.path(), &key).unwrap();
    index.add(id(1), row(1, "SUMMARY-CANARY"), &texts(&[(0, "narrative canary")]));
    index.commit(&mut rng()).unwrap();
    let files: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().path()).collect();
    for file in &files {
        let bytes = fs::read(file).unwrap();
        for canary in [&b"CANARY"[..], b"canary", &id(1)] {
            assert!(!bytes.windows(canary.len()).any(|w| w == canary), "{}", file.display());
        }
    }
    assert!(matches!(Index::open(dir.path(), &Secret32::new([2; 32])), Err(IndexError::Damaged(_))));
    for file in &files {
        let whole = fs::read(file).unwrap();
        for at in [0, 10, whole.len() - 1] {
            let mut bent = whole.clone();
            bent[at] ^= 1;
            fs::write(file, &bent).unwrap();
            assert!(matches!(Index::open(dir.path(), &key), Err(IndexError::Damaged(_))));
        }
        fs::write(file, whole).unwrap();
    }
    // A segment under another's name is no segment.
    index.add(id(2), row(1, "x"), &texts(&[(0, "a b c d e f g h i j k")]));
    fs::write(dir.path().join("00ff"), b"left over by a power cut").unwrap();
    assert_eq!(Index::open(dir.path(), &key).unwrap().search("canary", 9).len(), 1);
    assert!(!dir.path().join("00ff").exists(), "what no list names is destroyed");
}

#[test]
fn it_finds_what_a_plain_scan_finds() {
    use proptest::prelude::*;
    let texts = proptest::collection::vec((0u32..6, "[a-d]{1,3}( [a-d]{1,3}){0,4}"), 1..30);
    proptest!(ProptestConfig::with_cases(48), |(texts in texts, query in "[a-d]{1,2}( [a-d]{1,2})?", cut in 1usize..7)| {
        let dir = tempfile::tempdir().unwrap();
        let mut index = Index::open(dir.path(), &Secret32::new([1; 32])).unwrap();
        for (n, (case, text)) in texts.iter().enumerate() {
            index.add(id(*case), row(n as u64 + 1, ""), &[(n as u64, text.clone())]);
            if n % cut == 0 {
                index.commit(&mut rng()).unwrap();
            }
        }
        let all_words = |case: u32| texts.iter().filter(|(c, _)| *c == case).flat_map(|(_, t)| words(t)).collect::<Vec<_>>();
        let mut expected: Vec<CaseId> = (0..6)
            .filter(|c| {
                let held = all_words(*c);
                words(&query).iter().all(|w| held.iter().any(|h| h.starts_with(w.as_str())))
            })
            .map(id)
            .collect();
        let mut found = cases(&index.search(&query, 100));
        found.sort_unstable();
        expected.sort_unstable();
        prop_assert_eq!(found, expected);
    });
}
