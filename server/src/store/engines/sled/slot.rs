//! A slot's address and size.

/// A key slot's length in bytes: key, tag, check. It divides a disk sector, so that no write of one can tear.
pub(super) const KEY_SLOT: usize = 64;
/// Key slots set aside for each segment, whatever its class.
pub(super) const KEYS_PER_SEGMENT: u64 = 8192;

/// The size of a segment's slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// 4 KiB: bundles, short journal entries, public statements.
    Small,
    /// 32 KiB: envelopes.
    Envelope,
    /// 256 KiB: blobs, and parts of what is longer.
    Blob,
}

impl Class {
    /// The class of a long body's parts.
    pub(super) const LARGEST: Self = Self::Blob;
    pub(super) const ALL: [Self; 3] = [Self::Small, Self::Envelope, Self::Blob];

    /// A slot's length in bytes.
    pub(super) const fn bytes(self) -> usize {
        match self {
            Self::Small => 4 * 1024,
            Self::Envelope => 32 * 1024,
            Self::Blob => 256 * 1024,
        }
    }

    /// Slots in a segment; at most [`KEYS_PER_SEGMENT`].
    pub(super) const fn slots(self) -> u16 {
        match self {
            Self::Small | Self::Envelope => 8192,
            Self::Blob => 1024,
        }
    }

    /// The smallest class whose slots hold `len` bytes.
    pub(super) fn for_len(len: usize) -> Self {
        Self::ALL.into_iter().find(|c| len <= c.bytes()).unwrap_or(Self::LARGEST)
    }

    /// How its segments' files end.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Small => "4k",
            Self::Envelope => "32k",
            Self::Blob => "256k",
        }
    }
}

/// A slot's address: that of a body's part and, in the key file, of its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Slot {
    /// The segment's number.
    pub(super) segment: u32,
    /// The slot's number in it.
    pub(super) number: u16,
}

subrosa_crypto::layout! { Slot { segment, number } }

impl Slot {
    /// Where its key lies in the key file.
    pub(super) fn key_offset(self) -> u64 {
        (u64::from(self.segment) * KEYS_PER_SEGMENT + u64::from(self.number)) * KEY_SLOT as u64
    }
}
