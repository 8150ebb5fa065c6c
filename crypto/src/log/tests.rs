#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::{
    secret::Secret32,
    sign::SigningKey,
    wire::{CapHash, Envelope, Hint, LeafKind, Tag},
};

mod published;

pub(super) struct Stored(pub(super) Vec<Hash>);

impl HashReader for Stored {
    type Error = TreeError;
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, TreeError> {
        Ok(indexes.iter().map(|i| self.0[usize::try_from(*i).unwrap()]).collect())
    }
}

/// RFC 6962 section 2.1, word for word.
fn reference_root(leaves: &[[u8; 32]]) -> Hash {
    match leaves {
        [] => empty_root(),
        [one] => leaf_hash(one),
        _ => {
            let k = leaves.len().next_power_of_two() / 2;
            node_hash(&reference_root(&leaves[..k]), &reference_root(&leaves[k..]))
        }
    }
}

fn leaves(n: u64) -> Vec<[u8; 32]> {
    (0..n).map(|i| crate::kdf::digest("test", &[&i.to_be_bytes()])).collect()
}

fn tree(n: u64) -> (Vec<[u8; 32]>, Stored, Appender) {
    let leaves = leaves(n);
    let mut appender = Appender::new();
    let mut stored = Vec::new();
    leaves.iter().for_each(|l| appender.append(l, &mut stored));
    (leaves, Stored(stored), appender)
}

#[test]
fn every_small_tree_has_the_right_root_and_proofs() {
    for n in 0..70u64 {
        let (leaves, stored, appender) = tree(n);
        let root = reference_root(&leaves);
        assert_eq!(stored.0.len() as u64, stored_count(n));
        assert_eq!(appender.root(), root);
        assert_eq!(tree_hash(n, &stored).unwrap(), root);
        let edge = stored.read_hashes(&root_indexes(n).unwrap()).unwrap();
        assert_eq!(Appender::resume(n, &edge).unwrap(), appender);
        for i in 0..n {
            let proof = inclusion_proof(n, i, &stored).unwrap();
            let leaf = leaf_hash(&leaves[i as usize]);
            verify_inclusion(&proof, i, &leaf, n, &root).unwrap();
            assert!(verify_inclusion(&proof, i, &leaf, n, &leaf_hash(b"x")).is_err());
            for other in (0..n).filter(|o| *o != i) {
                assert!(verify_inclusion(&proof, other, &leaf, n, &root).is_err());
            }
        }
        for m in 1..=n {
            let old = reference_root(&leaves[..m as usize]);
            let proof = consistency_proof(m, n, &stored).unwrap();
            verify_consistency(&proof, m, &old, n, &root).unwrap();
            assert!(verify_consistency(&proof, m, &leaf_hash(b"x"), n, &root).is_err());
            let mut long = proof.clone();
            long.push([0; 32]);
            assert!(verify_consistency(&long, m, &old, n, &root).is_err());
        }
    }
}

#[test]
fn stored_numbers_and_places_are_inverse() {
    for index in 0..5_000 {
        let (level, n) = split_index(index).unwrap();
        assert_eq!(stored_index(level, n), index);
    }
    let far = stored_index(3, (TREE_MAX >> 3) - 1);
    assert_eq!(split_index(far), Some((3, (TREE_MAX >> 3) - 1)));
    assert_eq!(split_index(u64::MAX), None);
}

struct Server(Stored);

impl TileReader for Server {
    type Error = TileError;
    fn read_tile(&mut self, tile: &Tile) -> Result<Vec<u8>, TileError> {
        assert_eq!(Tile::parse(tile.to_string().strip_prefix("tile/").unwrap()), Ok(*tile));
        Ok(self.0.read_hashes(&tile.stored_indexes())?.concat())
    }
}

#[test]
fn proofs_come_out_of_tiles() {
    let n = 70_000;
    let (leaves, stored, appender) = tree(n);
    let root = appender.root();
    let old = 65_536 + 300;
    let old_root = tree_hash(old, &stored).unwrap();
    let mut server = Server(stored);
    let mut tiles = TileSet::new(n);
    for index in [0, 255, 256, 65_535, 65_536, 69_999] {
        tiles.load(&inclusion_indexes(n, index).unwrap(), &mut server).unwrap();
        let proof = inclusion_proof(n, index, &tiles).unwrap();
        verify_inclusion(&proof, index, &leaf_hash(&leaves[index as usize]), n, &root).unwrap();
    }
    tiles.load(&consistency_indexes(old, n).unwrap(), &mut server).unwrap();
    let proof = consistency_proof(old, n, &tiles).unwrap();
    verify_consistency(&proof, old, &old_root, n, &root).unwrap();
    assert!(matches!(TileSet::new(n).read_hashes(&[0]), Err(TileError::Missing(_))));
    assert_eq!(TileSet::new(5).read_hashes(&[stored_count(5)]), Err(TileError::Tree(TreeError::Outside)));
    // The example of C2SP tlog-tiles: 70,000 leaves.
    assert_eq!(Tile::at(TileKind::Hashes(0), 273, n).unwrap().width, 112);
    assert_eq!(Tile::at(TileKind::Hashes(1), 1, n).unwrap().width, 17);
    assert_eq!(Tile::at(TileKind::Hashes(2), 0, n).unwrap().width, 1);
    assert_eq!(Tile::at(TileKind::Hashes(0), 274, n), None);
    assert_eq!(Tile::at(TileKind::Hashes(3), 0, n), None);
}

#[test]
fn tile_paths_have_one_spelling() {
    let t = Tile { kind: TileKind::Entries, n: 1_234_067, width: 256 };
    assert_eq!(t.to_string(), "tile/entries/x001/x234/067");
    assert_eq!(Tile::parse("0/x001/x234/067.p/8").unwrap().width, 8);
    for bad in [
        "",
        "0",
        "0/",
        "0/1",
        "0/0001",
        "00/001",
        "64/001",
        "0/x000/001",
        "0/001.p/0",
        "0/001.p/256",
        "0/001.p/01",
        "0/001.p/",
        "0/x001",
        "0/001/002",
        "-1/001",
        "entries",
        "8/0/001",
        "0/x999/x999/x999/x999/x999/x999/x999/999",
        "9/001",
        "data/001",
        "0/+01",
        "+0/001",
    ] {
        assert_eq!(Tile::parse(bad), Err(BadTilePath), "{bad}");
    }
    let leaves = leaves(3);
    let tile = Tile::at(TileKind::Entries, 0, 3).unwrap();
    assert_eq!(decode_entries(&tile, &encode_entries(&leaves)).unwrap(), leaves);
    assert_eq!(decode_entries(&tile, &encode_entries(&leaves[..2])), Err(TileError::Length));
}

#[test]
fn a_published_note_verifies() {
    // The example of golang.org/x/mod/sumdb/note's documentation.
    let key = NoteKey::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").unwrap();
    let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    let bytes = format!(
        "{text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    );
    let note = Note::parse(bytes.as_bytes()).unwrap();
    assert_eq!(note.verify(core::slice::from_ref(&key)).unwrap().text(), text);
    assert_eq!(note.to_bytes(), bytes.as_bytes());
    let changed = bytes.replacen("problem", "question", 1);
    assert_eq!(Note::parse(changed.as_bytes()).unwrap().verify(&[key]), Err(NoteVerifyError::Bad));
}

pub(super) fn signer(name: &str, seed: u8) -> NoteSigner {
    NoteSigner::new(name, SigningKey::from_seed(&Secret32::new([seed; 32]))).unwrap()
}

pub(super) fn checkpoint(size: u64, root: Hash) -> Vec<u8> {
    head(size, root).sign(&signer("p/log", 1)).unwrap().to_bytes()
}

/// What the test log says of itself, at the close of epoch 7.
pub(super) fn head(size: u64, root: Hash) -> TreeHead {
    TreeHead { origin: "p/log".into(), size, root, epoch: 7, time: 1_764_500_100 }
}

#[test]
fn checkpoints_are_bound_to_log_and_witness() {
    let log = signer("p/log", 1);
    let witness = NoteSigner::witness("w", SigningKey::from_seed(&Secret32::new([2; 32]))).unwrap();
    let (_, stored, appender) = tree(9);
    let bytes = checkpoint(9, appender.root());
    let mut nine = Checkpoint::verify(&bytes, log.key(), &[]).unwrap();
    assert_eq!((nine.epoch(), nine.time()), (7, 1_764_500_100));
    nine.cosign(&witness, 1_700_000_000).unwrap();
    let seen = Checkpoint::verify(&nine.to_bytes(), log.key(), &[witness.key().clone()]).unwrap();
    assert_eq!(seen.cosignatures(), nine.cosignatures());
    assert!(Checkpoint::verify(&nine.to_bytes(), log.key(), &[]).unwrap().cosignatures().is_empty());
    assert_eq!(
        Checkpoint::verify(&bytes, signer("p/log", 3).key(), &[]),
        Err(CheckpointError::Signature(NoteVerifyError::Unsigned))
    );

    let five = Checkpoint::verify(&checkpoint(5, tree(5).2.root()), log.key(), &[]).unwrap();
    let proof = consistency_proof(5, 9, &stored).unwrap();
    assert_eq!(check_continuity(&five, &nine, &proof), Ok(Continuity::Continues));
    assert_eq!(check_continuity(&nine, &five, &proof), Err(Fork::RolledBack));
    assert_eq!(check_continuity(&nine, &seen, &[]), Ok(Continuity::Same));
    let other = Checkpoint::verify(&checkpoint(9, [1; 32]), log.key(), &[]).unwrap();
    assert_eq!(check_continuity(&nine, &other, &[]), Err(Fork::Split));
    assert_eq!(check_continuity(&five, &other, &proof), Err(Fork::NotContinued(ProofError::Root)));
}

#[test]
fn a_receipt_file_proves_a_deposit_offline() {
    let log = signer("p/log", 1);
    let key = SigningKey::from_seed(&Secret32::new([1; 32]));
    let envelope = Envelope {
        tag: Tag([1; 16]),
        hint: Hint([2; 32]),
        cap_hash: CapHash([3; 32]),
        body: Box::new([4; crate::wire::ENVELOPE_LEN]),
    };
    let object = envelope_digest(&envelope);
    let receipt = sign_receipt(&key, &object, [5; 32], 77);
    let leaf = verify_receipt(&key.verifying_key(), &object, &receipt).unwrap();
    assert_eq!(leaf, leaf_data(LeafKind::Deposit, &[5; 32], &object));
    let mut all = leaves(10);
    all[6] = leaf;
    let mut appender = Appender::new();
    let mut stored = Vec::new();
    all.iter().for_each(|l| appender.append(l, &mut stored));
    let proof = inclusion_proof(10, 6, &Stored(stored)).unwrap();
    let inclusion = Inclusion { index: 6, proof, checkpoint: checkpoint(10, appender.root()) };
    let file = ReceiptFile { object_digest: object, receipt, inclusion: Some(inclusion) };
    let parsed = ReceiptFile::parse(&file.to_text()).unwrap();
    assert_eq!(parsed, file);
    assert_eq!(parsed.verify(log.key(), &[]).unwrap().checkpoint.unwrap().size(), 10);

    let promise = ReceiptFile { inclusion: None, ..file.clone() };
    assert_eq!(ReceiptFile::parse(&promise.to_text()).unwrap(), promise);
    assert_eq!(promise.verify(log.key(), &[]).unwrap().checkpoint, None);
    let mut other = file.clone();
    other.object_digest[0] ^= 1;
    assert_eq!(other.verify(log.key(), &[]), Err(ReceiptError::Signature));
    let mut moved = file;
    moved.inclusion.as_mut().unwrap().index = 7;
    assert!(matches!(moved.verify(log.key(), &[]), Err(ReceiptError::NotIncluded(_))));
}
