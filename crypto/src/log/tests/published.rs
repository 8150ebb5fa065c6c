//! The inclusion and consistency cases of transparency-dev/merkle, good and bad.

use serde::Deserialize;

use super::super::{Hash, verify_consistency, verify_inclusion};

#[derive(Deserialize)]
struct File {
    inclusion: Vec<Inclusion>,
    consistency: Vec<Consistency>,
}

#[derive(Deserialize)]
struct Inclusion {
    name: String,
    index: u64,
    size: u64,
    root: String,
    leaf_hash: String,
    proof: Vec<String>,
    valid: bool,
}

#[derive(Deserialize)]
struct Consistency {
    name: String,
    size1: u64,
    size2: u64,
    root1: String,
    root2: String,
    proof: Vec<String>,
    valid: bool,
}

/// Hashes of another length cannot be written in our types: refused where they are read.
fn hash(text: &str) -> Option<Hash> {
    hex::decode(text).unwrap().try_into().ok()
}

fn hashes(texts: &[String]) -> Option<Vec<Hash>> {
    texts.iter().map(|t| hash(t)).collect()
}

#[test]
fn all_published_cases_end_as_they_should() {
    let file: File = serde_json::from_str(include_str!("../../../../vectors/log/rfc6962.json")).unwrap();
    assert_eq!((file.inclusion.len(), file.consistency.len()), (98, 98));
    for c in &file.inclusion {
        let accepted = (|| {
            let (root, leaf, proof) = (hash(&c.root)?, hash(&c.leaf_hash)?, hashes(&c.proof)?);
            verify_inclusion(&proof, c.index, &leaf, c.size, &root).ok()
        })();
        assert_eq!(accepted.is_some(), c.valid, "{}", c.name);
    }
    for c in &file.consistency {
        let accepted = (|| {
            let (root1, root2, proof) = (hash(&c.root1)?, hash(&c.root2)?, hashes(&c.proof)?);
            verify_consistency(&proof, c.size1, &root1, c.size2, &root2).ok()
        })();
        assert_eq!(accepted.is_some(), c.valid, "{}", c.name);
    }
}
