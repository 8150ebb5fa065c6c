//! Which circuit a connection came on: the line that Tor sends in front of a stream with
//! `HiddenServiceExportCircuitID haproxy`, of the PROXY protocol's first version.

use std::{fmt, net::Ipv6Addr};

/// A circuit of this onion service, by the number that Tor gives it. It is never printed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Circuit(u32);

impl fmt::Debug for Circuit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// What stands in front of a stream.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Preface {
    /// It cannot be told yet.
    More,
    /// No circuit is told; this many bytes are not the stream's.
    Plain(usize),
    /// The circuit, and how many bytes told it.
    Told(Circuit, usize),
    /// It begins as such a line and is none.
    Broken,
}

/// The longest line, with its end.
const LINE_MAX: usize = 107;
const WORD: &[u8] = b"PROXY ";
/// Tor's made-up network: the circuit's number is the address's last 32 bits.
const NETWORK: [u16; 4] = [0xfc00, 0xdead, 0xbeef, 0x4dad];

/// Reads what stands in front of a stream, from its first bytes.
pub(crate) fn preface(bytes: &[u8]) -> Preface {
    let seen = bytes.len().min(WORD.len());
    if bytes.get(..seen) != WORD.get(..seen) {
        return Preface::Plain(0);
    }
    let Some(end) = bytes.windows(2).take(LINE_MAX - 1).position(|w| w == b"\r\n") else {
        return if bytes.len() < LINE_MAX { Preface::More } else { Preface::Broken };
    };
    let line = bytes.get(..end).and_then(|l| core::str::from_utf8(l).ok()).unwrap_or_default();
    let mut fields = line.split(' ').skip(1);
    match (fields.next(), fields.next().map(str::parse::<Ipv6Addr>)) {
        (Some("UNKNOWN"), _) => Preface::Plain(end + 2),
        (Some("TCP6"), Some(Ok(address))) => {
            let [a, b, c, d, .., high, low] = address.segments();
            if [a, b, c, d] != NETWORK {
                return Preface::Broken;
            }
            Preface::Told(Circuit(u32::from(high) << 16 | u32::from(low)), end + 2)
        }
        _ => Preface::Broken,
    }
}

/// A circuit for tests, by its number.
#[cfg(test)]
pub(super) fn numbered(n: u16) -> Circuit {
    Circuit(u32::from(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tors_line_is_read_and_whatever_else_is_told_apart() {
        let line = b"PROXY TCP6 fc00:dead:beef:4dad::12:34 ::1 65535 42\r\n";
        assert_eq!(preface(line), Preface::Told(Circuit(0x0012_0034), line.len()));
        let with_more = [line.as_slice(), b"GET / HTTP/1.1\r\n"].concat();
        assert_eq!(preface(&with_more), Preface::Told(Circuit(0x0012_0034), line.len()));
        for n in 0..line.len() {
            assert_eq!(preface(line.get(..n).unwrap_or_default()), Preface::More, "{n}");
        }
        assert_eq!(preface(b"GET / HTTP/1.1\r\n"), Preface::Plain(0));
        assert_eq!(preface(b"PUT"), Preface::Plain(0));
        assert_eq!(preface(b"PROXY UNKNOWN\r\nGET"), Preface::Plain(15));
        for broken in [
            &b"PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n"[..],
            b"PROXY TCP6 ::1 ::1 1 2\r\n",
            b"PROXY \r\n",
            b"PROXY TCP6 fc00:dead:beef:4dad::zz ::1 1 2\r\n",
            &[b"PROXY ".as_slice(), &[b'x'; 200]].concat(),
        ] {
            assert_eq!(preface(broken), Preface::Broken);
        }
        assert_eq!(format!("{:?}", Circuit(77)), "[redacted]");
    }
}
