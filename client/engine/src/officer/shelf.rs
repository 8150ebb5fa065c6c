//! Journals as they were read last, on the officer's machine: what is not fetched again, and what can be read while the
//! server is away.

use subrosa_crypto::wire::JournalId;

/// Keeps journals' entries as the server has them: signed, chained, and encrypted under keys that lie in the keystore.
/// Nothing on it is believed without being read as the server's answers are; what is lost is fetched again. So nothing
/// here can fail.
pub trait Shelf: Send + Sync {
    /// A journal's entries from the first one on, as far as they are whole.
    fn load(&self, journal: &JournalId) -> Vec<Vec<u8>>;

    /// Puts entries behind the first `from`; whatever lay there is replaced: all of it at once, if `from` is 0.
    fn keep(&self, journal: &JournalId, from: u64, entries: &[Vec<u8>]);

    /// Destroys what lies there of a journal.
    fn forget(&self, journal: &JournalId);

    /// Keeps the programme: every charter, version 1 first, and the files of its policies.
    fn keep_programme(&self, charters: &[Vec<u8>], policies: &[Vec<u8>]);

    /// The programme as it was kept: charters, files.
    fn programme(&self) -> (Vec<Vec<u8>>, Vec<Vec<u8>>);
}
