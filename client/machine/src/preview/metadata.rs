//! What a picture's file holds besides its pixels: by allow-list, whatever is not needed to show them. A copy is drawn
//! anew from the pixels alone; these names tell what it lacks.
//!
//! Sources: ITU-T T.81 annex B and JFIF 1.02 (JPEG), the PNG specification (third edition) chapters 5 and 11, RFC 9649
//! (WebP).

use thiserror::Error;

use super::removed::Removed;

/// The picture is not whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("the picture is damaged")]
pub struct NotWhole;

/// A stripped picture.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stripped {
    /// The bytes that stay.
    pub bytes: Vec<u8>,
    /// What does not stay.
    pub removed: Vec<Removed>,
}

fn segment(name: String, body: &[u8]) -> Removed {
    Removed::Segment { name, bytes: body.len() as u64 }
}

/// Whether a picture moves: an `acTL` chunk of a PNG, the animation flag of a WebP's extended header.
pub fn moves(bytes: &[u8]) -> bool {
    if bytes.get(8..12) == Some(b"WEBP") {
        return bytes.get(12..16) == Some(b"VP8X") && bytes.get(20).is_some_and(|flags| flags & 0x02 != 0);
    }
    png(bytes).is_ok_and(|s| s.removed.iter().any(|r| matches!(r, Removed::Segment { name, .. } if name == "acTL")))
}

struct Cursor<'b>(&'b [u8]);

impl<'b> Cursor<'b> {
    fn take(&mut self, n: usize) -> Result<&'b [u8], NotWhole> {
        let (head, tail) = self.0.split_at_checked(n).ok_or(NotWhole)?;
        self.0 = tail;
        Ok(head)
    }

    fn byte(&mut self) -> Result<u8, NotWhole> {
        self.take(1)?.first().copied().ok_or(NotWhole)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], NotWhole> {
        self.take(N)?.try_into().map_err(|_| NotWhole)
    }
}

fn long(n: u32) -> Result<usize, NotWhole> {
    usize::try_from(n).map_err(|_| NotWhole)
}

/// A JFIF header of version 1.02 without density and thumbnail.
const JFIF: [u8; 18] = [0xff, 0xe0, 0, 16, b'J', b'F', b'I', b'F', 0, 1, 2, 0, 0, 1, 0, 1, 0, 0];

/// Keeps frame, scan, tables and restart intervals; the colour transform of an Adobe segment (without its other
/// fields); writes a bare JFIF header if there was one.
///
/// # Errors
/// The segments do not lead to a scan and an end.
pub fn jpeg(bytes: &[u8]) -> Result<Stripped, NotWhole> {
    let mut r = Cursor(bytes);
    if r.array()? != [0xff, 0xd8] {
        return Err(NotWhole);
    }
    let mut out = vec![0xff, 0xd8];
    let mut removed = Vec::new();
    let mut scans = 0;
    loop {
        if r.byte()? != 0xff {
            return Err(NotWhole);
        }
        let mut marker = r.byte()?;
        while marker == 0xff {
            marker = r.byte()?;
        }
        if marker == 0xd9 {
            out.extend_from_slice(&[0xff, 0xd9]);
            if !r.0.is_empty() {
                removed.push(Removed::AfterEnd { bytes: r.0.len() as u64 });
            }
            return if scans > 0 { Ok(Stripped { bytes: out, removed }) } else { Err(NotWhole) };
        }
        let length = r.array::<2>()?;
        let body = r.take(usize::from(u16::from_be_bytes(length)).checked_sub(2).ok_or(NotWhole)?)?;
        match marker {
            // SOFn, DHT, DQT, DNL, DRI, DAC.
            0xc0..=0xcf | 0xdb..=0xdd => keep(&mut out, marker, length, body),
            0xda => {
                keep(&mut out, marker, length, body);
                scans += 1;
                out.extend_from_slice(scan(&mut r)?);
            }
            0xe0 if body.starts_with(b"JFIF\0") && body.len() >= JFIF.len() - 4 && !out.ends_with(&JFIF) => {
                out.extend_from_slice(&JFIF);
                if body.len() > JFIF.len() - 4 {
                    removed.push(Removed::Thumbnail { bytes: body.len() as u64 });
                }
            }
            // "Adobe", version 2, flags 2 + 2, transform 1: only the transform says how to read the colours.
            0xee if body.starts_with(b"Adobe") && body.len() >= 12 => {
                let transform = body.get(11).copied().filter(|t| *t <= 2).ok_or(NotWhole)?;
                let bare = [b'A', b'd', b'o', b'b', b'e', 0, 100, 0, 0, 0, 0, transform];
                keep(&mut out, 0xee, [0, 14], &bare);
            }
            0xfe => removed.push(Removed::Comment { bytes: body.len() as u64 }),
            0xe0..=0xef => removed.push(segment(format!("APP{}", marker - 0xe0), body)),
            _ => removed.push(segment(format!("{marker:02x}"), body)),
        }
    }
}

fn keep(out: &mut Vec<u8>, marker: u8, length: [u8; 2], body: &[u8]) {
    out.extend_from_slice(&[0xff, marker]);
    out.extend_from_slice(&length);
    out.extend_from_slice(body);
}

/// Entropy-coded bytes up to the next marker that is neither a stuffed zero nor a restart.
fn scan<'b>(r: &mut Cursor<'b>) -> Result<&'b [u8], NotWhole> {
    let ends = |w: &[u8]| matches!(*w, [0xff, m] if m != 0 && m != 0xff && !(0xd0..=0xd7).contains(&m));
    let end = r.0.windows(2).position(ends).ok_or(NotWhole)?;
    r.take(end)
}

/// Keeps what stands in `IHDR PLTE tRNS gAMA sRGB IDAT IEND`, with fresh checksums checked first; nothing after the
/// end.
///
/// # Errors
/// A chunk is cut or its checksum is wrong, or there is no pixel or no end.
pub fn png(bytes: &[u8]) -> Result<Stripped, NotWhole> {
    let mut r = Cursor(bytes);
    let signature = r.take(8)?;
    if signature != b"\x89PNG\r\n\x1a\n" {
        return Err(NotWhole);
    }
    let mut out = signature.to_vec();
    let mut removed = Vec::new();
    let mut pixels = false;
    loop {
        let length = r.array::<4>()?;
        let kind = r.array::<4>()?;
        let body = r.take(long(u32::from_be_bytes(length))?)?;
        let sum = r.array::<4>()?;
        let mut crc = flate2::Crc::new();
        crc.update(&kind);
        crc.update(body);
        if crc.sum().to_be_bytes() != sum {
            return Err(NotWhole);
        }
        match &kind {
            b"IHDR" | b"PLTE" | b"tRNS" | b"gAMA" | b"sRGB" | b"IDAT" | b"IEND" => {
                pixels |= &kind == b"IDAT";
                for part in [&length[..], &kind, body, &sum] {
                    out.extend_from_slice(part);
                }
            }
            other => {
                let name: String =
                    other.iter().map(|b| if b.is_ascii_alphabetic() { char::from(*b) } else { '?' }).collect();
                removed.push(segment(name, body));
            }
        }
        if &kind == b"IEND" {
            if !r.0.is_empty() {
                removed.push(Removed::AfterEnd { bytes: r.0.len() as u64 });
            }
            return if pixels { Ok(Stripped { bytes: out, removed }) } else { Err(NotWhole) };
        }
    }
}

/// Keeps `VP8 `, `VP8L`, `ALPH` and the extended header with its flags for colour profile, EXIF and XMP taken back.
/// Animations are refused.
///
/// # Errors
/// A chunk is cut, or there are no still pixels.
pub fn webp(bytes: &[u8]) -> Result<Stripped, NotWhole> {
    let mut r = Cursor(bytes);
    if r.take(4)? != b"RIFF" {
        return Err(NotWhole);
    }
    let size = long(u32::from_le_bytes(r.array()?))?;
    let mut riff = Cursor(r.take(size)?);
    let mut removed = Vec::new();
    if !r.0.is_empty() {
        removed.push(Removed::AfterEnd { bytes: r.0.len() as u64 });
    }
    if riff.take(4)? != b"WEBP" {
        return Err(NotWhole);
    }
    let mut body = b"WEBP".to_vec();
    let mut pixels = false;
    while !riff.0.is_empty() {
        let kind = riff.array::<4>()?;
        let length = riff.array::<4>()?;
        let content = riff.take(long(u32::from_le_bytes(length))?)?;
        if content.len() % 2 == 1 {
            riff.take(1)?;
        }
        let kept: Vec<u8> = match &kind {
            b"VP8 " | b"VP8L" => {
                pixels = true;
                content.to_vec()
            }
            b"ALPH" => content.to_vec(),
            // Flags: ICC 0x20, alpha 0x10, EXIF 0x08, XMP 0x04, animation 0x02.
            b"VP8X" => match content {
                [flags, _, _, _, sizes @ ..] if flags & 0x02 == 0 && sizes.len() == 6 => {
                    [&[flags & 0x10, 0, 0, 0], sizes].concat()
                }
                _ => return Err(NotWhole),
            },
            other => {
                let name: String =
                    other.iter().map(|b| if b.is_ascii_graphic() { char::from(*b) } else { '?' }).collect();
                removed.push(segment(name.trim().to_owned(), content));
                continue;
            }
        };
        body.extend_from_slice(&kind);
        body.extend_from_slice(&length);
        body.extend_from_slice(&kept);
        if kept.len() % 2 == 1 {
            body.push(0);
        }
    }
    let length = u32::try_from(body.len()).map_err(|_| NotWhole)?;
    let out = [b"RIFF", &length.to_le_bytes()[..], &body].concat();
    if pixels { Ok(Stripped { bytes: out, removed }) } else { Err(NotWhole) }
}
