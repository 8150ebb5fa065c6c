//! The transparency log: an RFC 6962 tree served as C2SP tiles, signed checkpoints, witnesses' cosignatures, receipts.
//!
//! Spec: `docs/spec/log.md` and `docs/spec/receipt.md`.

mod batch;
mod checkpoint;
mod note;
mod proof;
mod receipt;
mod tile;
mod tree;

pub use batch::{
    ListFile, RecordChain, batch_head, batch_size, batch_sizes, batches, bucket, check_batch_heads, list_leaf,
    list_leaves,
};
pub use checkpoint::{
    CHECKPOINT_MAX, Checkpoint, CheckpointError, Continuity, Cosignature, Fork, TreeHead, check_continuity,
};
pub use note::{
    NOTE_MAX, Note, NoteAlgorithm, NoteError, NoteKey, NoteKeyError, NoteSignature, NoteSigner, NoteVerifyError,
    SIGNATURES_MAX, VerifiedNote,
};
pub use proof::{ProofError, verify_consistency, verify_inclusion};
pub use receipt::{
    Inclusion, Proven, RECEIPT_FILE_MAX, ReceiptError, ReceiptFile, ReceiptFileError, charter_digest, envelope_digest,
    leaf_data, record_digest, sign_receipt, verify_leaf_receipt, verify_receipt,
};
pub use tile::{
    BadTilePath, NumberedBundle, STRETCH_BUNDLES, TILE_WIDTH, Tile, TileError, TileKind, TileReader, TileSet,
    decode_entries, decode_stretch, encode_entries, split_index,
};
pub use tree::{
    Appender, Hash, HashReader, TREE_MAX, TreeError, consistency_from, consistency_indexes, consistency_proof,
    empty_root, inclusion_from, inclusion_indexes, inclusion_proof, leaf_hash, node_hash, root_from, root_indexes,
    stored_count, stored_index, tree_hash,
};

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
