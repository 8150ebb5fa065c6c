//! A sealed submission on its way from the connection to the spool: pieces through a short queue, so that no more of it
//! is in memory than that.

use std::{
    io::{self, BufRead, Read},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use subrosa_templates::NotReceived;
use tokio::sync::mpsc;
use zeroize::Zeroizing;

use crate::spool::grow;

/// Pieces in the queue; each is as long as what the connection hands over at once.
const QUEUE: usize = 2;
/// How an age file begins, with armour and without (C2SP age).
const BEGINNINGS: [&[u8]; 2] = [b"-----BEGIN AGE ENCRYPTED FILE-----", b"age-encryption.org/"];
/// White space that is kept back because it may stand behind the armour.
const SPACE_MAX: usize = 4096;

/// The sending end.
pub(crate) struct Pieces {
    queue: mpsc::Sender<Zeroizing<Vec<u8>>>,
    whole: Arc<AtomicBool>,
}

impl Pieces {
    /// Hands a piece on.
    ///
    /// # Errors
    /// Nobody takes it any more: the file was refused, and the spool says why.
    pub(crate) async fn send(&self, piece: Zeroizing<Vec<u8>>) -> Result<(), NotReceived> {
        self.queue.send(piece).await.map_err(|_| NotReceived::Broken)
    }

    /// That was all.
    pub(crate) fn end(self) {
        self.whole.store(true, Ordering::Release);
    }
}

/// The receiving end, read by a thread that may block.
pub(crate) struct Arriving {
    queue: mpsc::Receiver<Zeroizing<Vec<u8>>>,
    whole: Arc<AtomicBool>,
    piece: Zeroizing<Vec<u8>>,
    at: usize,
}

impl Arriving {
    /// Both ends of a new queue.
    pub(crate) fn new() -> (Pieces, Self) {
        let (sender, queue) = mpsc::channel(QUEUE);
        let whole = Arc::new(AtomicBool::new(false));
        (Pieces { queue: sender, whole: Arc::clone(&whole) }, Self { queue, whole, piece: Zeroizing::default(), at: 0 })
    }

    /// Turns true before the end is reached, if all was sent.
    pub(crate) fn whole(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.whole)
    }
}

impl Read for Arriving {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(buf)?;
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Arriving {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at >= self.piece.len() {
            let Some(piece) = self.queue.blocking_recv() else { return Ok(&[]) };
            (self.piece, self.at) = (piece, 0);
        }
        Ok(self.piece.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.at = self.at.saturating_add(amount);
    }
}

/// Looks at how a file begins, and takes away the white space around it, which people paste along with armour.
#[derive(Default)]
pub(crate) struct Opening {
    /// What came and is too short to be told.
    first: Zeroizing<Vec<u8>>,
    armoured: Option<bool>,
    /// White space that nothing has followed yet.
    space: Vec<u8>,
    /// Whether something of it was handed on.
    pub(crate) handed_on: bool,
}

impl Opening {
    /// What of the file can be handed on, with this piece.
    ///
    /// # Errors
    /// It does not begin as an age file.
    pub(crate) fn pass(&mut self, piece: Zeroizing<Vec<u8>>) -> Result<Option<Zeroizing<Vec<u8>>>, NotReceived> {
        let piece = match self.armoured {
            Some(_) => piece,
            None => {
                let from = if self.first.is_empty() { space_before(&piece) } else { 0 };
                grow(&mut self.first, piece.get(from..).unwrap_or_default());
                let first = self.first.as_slice();
                let begins = |b: &&[u8]| first.len() >= b.len() && first.starts_with(b);
                let may_begin = |b: &&[u8]| first.len() < b.len() && b.starts_with(first);
                if BEGINNINGS.iter().any(may_begin) {
                    return Ok(None);
                }
                let found = BEGINNINGS.iter().position(begins).ok_or(NotReceived::NotAge)?;
                self.armoured = Some(found == 0);
                std::mem::take(&mut self.first)
            }
        };
        if self.armoured != Some(true) {
            return Ok(Some(piece));
        }
        let behind = piece.len() - piece.iter().rev().take_while(|b| b.is_ascii_whitespace()).count();
        let (text, space) = piece.split_at_checked(behind).unwrap_or_default();
        let mut out = Zeroizing::new(Vec::new());
        if !text.is_empty() {
            grow(&mut out, &std::mem::take(&mut self.space));
            grow(&mut out, text);
        }
        self.space.extend_from_slice(space);
        if self.space.len() > SPACE_MAX {
            return Err(NotReceived::NotAge);
        }
        Ok((!out.is_empty()).then_some(out))
    }

    /// Whether it ended before it could be told what it is.
    pub(crate) fn is_short(&self) -> bool {
        self.armoured.is_none() && !self.first.is_empty()
    }
}

fn space_before(piece: &[u8]) -> usize {
    piece.iter().take_while(|b| b.is_ascii_whitespace()).count()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn passed(pieces: &[&[u8]]) -> Result<Vec<u8>, NotReceived> {
        let mut opening = Opening::default();
        let mut out = Vec::new();
        for piece in pieces {
            if let Some(piece) = opening.pass(Zeroizing::new(piece.to_vec()))? {
                out.extend_from_slice(&piece);
            }
        }
        if opening.is_short() { Err(NotReceived::NotAge) } else { Ok(out) }
    }

    #[test]
    fn a_file_is_told_by_its_first_bytes_wherever_they_are_cut() {
        let armour = b"\n \r\n-----BEGIN AGE ENCRYPTED FILE-----\r\nYWdl\r\n-----END AGE ENCRYPTED FILE-----\r\n\n";
        let bare = b"-----BEGIN AGE ENCRYPTED FILE-----\r\nYWdl\r\n-----END AGE ENCRYPTED FILE-----";
        for cut in 1..armour.len() {
            let pieces: Vec<&[u8]> = armour.chunks(cut).collect();
            assert_eq!(passed(&pieces).unwrap(), bare, "{cut}");
        }
        assert_eq!(passed(&[b"age-encryption.org/v1\n\n"]).unwrap(), b"age-encryption.org/v1\n\n");
        assert_eq!(passed(&[b"  ", b"\n"]).unwrap(), b"");
        for plain in
            [&[&b"My name is Ada"[..]][..], &[b"a", b"nd so on"], &[b"age"], &[b"\n-----BEGIN PGP MESSAGE-----"]]
        {
            assert_eq!(passed(plain), Err(NotReceived::NotAge));
        }
    }

    #[test]
    fn what_breaks_off_is_not_whole() {
        let (pieces, mut arriving) = Arriving::new();
        let whole = arriving.whole();
        let reading = std::thread::spawn(move || {
            let mut all = Vec::new();
            arriving.read_to_end(&mut all).unwrap();
            all
        });
        pieces.queue.blocking_send(Zeroizing::new(b"ab".to_vec())).unwrap();
        drop(pieces);
        assert_eq!(reading.join().unwrap(), b"ab");
        assert!(!whole.load(Ordering::Acquire));
    }
}
