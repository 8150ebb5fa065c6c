//! What a case officer signs before the server begins, turns or purges a journal.
//!
//! Spec: `docs/spec/keeper.md`. The server reads no journal, and whoever filed a tip knows where its officers meet: so
//! it asks for the signature of a case officer of the newest charter. It learns which officer that was.

use crate::{
    encode_decode,
    encoding::Codec,
    layout,
    sign::{BadSignature, Domain, HolderId, SigningKey, VerifyingKey},
    wire::{JournalHead, JournalId},
};

const VERSION: u8 = 1;

/// What is asked of the server. Each has a number of its own in the signed bytes, so that a signature for one cannot
/// serve for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeeperAction {
    /// An entry at the meeting place, under the capability that the tip's source knows too.
    Begin,
    /// An entry after which another capability is needed.
    Turn,
    /// The journal is destroyed.
    Purge,
}

impl KeeperAction {
    const fn code(self) -> u8 {
        match self {
            Self::Begin => 1,
            Self::Turn => 2,
            Self::Purge => 3,
        }
    }
}

/// What a case officer asks of the server: all of it stands in the request too. A purge writes nothing; what it does
/// not have is zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeeperStatement {
    /// What is to be done.
    pub action: KeeperAction,
    /// In which journal.
    pub journal: JournalId,
    /// The standing capability, as the server keeps it.
    pub capability: [u8; 32],
    /// The next one, as the server keeps it.
    pub next: [u8; 32],
    /// The entry's place.
    pub seq: u64,
    /// The head in front of it.
    pub head: JournalHead,
    /// SHA-256 of the entry.
    pub entry: [u8; 32],
}

/// The signature of a case officer for a [`KeeperStatement`], under a charter and at a time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeeperSignature {
    /// The officer who signed, as the charter names keys.
    pub holder: HolderId,
    /// The digest of the charter that names that officer: the newest one.
    pub charter: [u8; 32],
    /// The epoch that was open then.
    pub epoch: u64,
    /// Ed25519, domain `subrosa/sig/journal-keeper/v1`.
    pub signature: [u8; 64],
}

layout! { KeeperSignature { holder, charter, epoch, signature } }
encode_decode! { KeeperSignature }

impl KeeperSignature {
    /// Length of an encoded signature: bytes.
    pub const LEN: usize = 16 + 32 + 8 + 64;
}

impl core::fmt::Debug for KeeperSignature {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "KeeperSignature({}, epoch {})", self.holder, self.epoch)
    }
}

impl KeeperStatement {
    /// The signed bytes: `version || action || charter || epoch || journal || capability || next || seq || head ||
    /// entry`.
    pub fn signed_part(&self, charter: &[u8; 32], epoch: u64) -> Vec<u8> {
        let mut out = vec![VERSION, self.action.code()];
        (*charter, epoch, self.journal).write(&mut out);
        (self.capability, self.next, self.seq).write(&mut out);
        (self.head, self.entry).write(&mut out);
        out
    }

    /// A case officer asks for it: under the charter of this digest, while `epoch` is open.
    pub fn sign(&self, charter: [u8; 32], epoch: u64, key: &SigningKey) -> KeeperSignature {
        let signature = key.sign(Domain::JOURNAL_KEEPER, &self.signed_part(&charter, epoch));
        KeeperSignature { holder: key.verifying_key().holder_id(), charter, epoch, signature }
    }

    /// Refuses unless the holder of `key` asked for this very thing. Whether that holder may, and whether charter and
    /// epoch are today's, is the server's to judge.
    ///
    /// # Errors
    /// [`BadSignature`].
    pub fn verify(&self, signed: &KeeperSignature, key: &VerifyingKey) -> Result<(), BadSignature> {
        if key.holder_id() != signed.holder {
            return Err(BadSignature);
        }
        key.verify(Domain::JOURNAL_KEEPER, &self.signed_part(&signed.charter, signed.epoch), &signed.signature)
    }
}

#[cfg(test)]
mod vectors;

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;
    use crate::secret::Secret32;

    fn key(n: u8) -> SigningKey {
        SigningKey::from_seed(&Secret32::new([n; 32]))
    }

    fn statement(action: KeeperAction) -> KeeperStatement {
        KeeperStatement {
            action,
            journal: JournalId([1; 32]),
            capability: [2; 32],
            next: [3; 32],
            seq: 4,
            head: JournalHead([5; 32]),
            entry: [6; 32],
        }
    }

    #[test]
    fn a_signature_for_one_action_serves_for_no_other() {
        let all = [KeeperAction::Begin, KeeperAction::Turn, KeeperAction::Purge];
        for signed in all {
            let signature = statement(signed).sign([7; 32], 8, &key(1));
            for asked in all {
                let holds = statement(asked).verify(&signature, &key(1).verifying_key()).is_ok();
                assert_eq!(holds, asked == signed, "{signed:?} for {asked:?}");
            }
        }
    }

    #[test]
    fn a_signature_is_bound_to_its_officer_its_statement_and_every_bit() {
        let asked = statement(KeeperAction::Turn);
        let public = key(1).verifying_key();
        let signature = asked.sign([7; 32], 8, &key(1));
        assert_eq!(asked.verify(&signature, &public), Ok(()));
        assert_eq!(asked.verify(&signature, &key(2).verifying_key()), Err(BadSignature), "another officer");
        let others = [
            KeeperStatement { journal: JournalId([9; 32]), ..asked },
            KeeperStatement { capability: [9; 32], ..asked },
            KeeperStatement { next: [9; 32], ..asked },
            KeeperStatement { seq: 9, ..asked },
            KeeperStatement { head: JournalHead([9; 32]), ..asked },
            KeeperStatement { entry: [9; 32], ..asked },
        ];
        for other in others {
            assert_eq!(other.verify(&signature, &public), Err(BadSignature), "{other:?}");
        }
        let bytes = signature.encode();
        assert_eq!(bytes.len(), KeeperSignature::LEN);
        for at in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[at] ^= 1;
            let bad = KeeperSignature::decode(&bad).unwrap();
            assert_eq!(asked.verify(&bad, &public), Err(BadSignature), "byte {at}");
        }
    }

    /// What the same key signs elsewhere begins with another domain.
    #[test]
    fn a_journal_entry_is_no_request() {
        let asked = statement(KeeperAction::Purge);
        let mut signature = asked.sign([7; 32], 8, &key(1));
        signature.signature = key(1).sign(Domain::JOURNAL, &asked.signed_part(&[7; 32], 8));
        assert_eq!(asked.verify(&signature, &key(1).verifying_key()), Err(BadSignature));
    }
}
