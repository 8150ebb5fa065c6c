//! Pixels on their way out of the sandbox: PPM (`P6`), the plainest picture there is, and PNG for showing them.

use std::io::Read;

use super::error::PreviewError;

/// The most pixels of one picture or page.
pub const PIXELS_MAX: usize = 40_000_000;

/// Pixels, three bytes each: red, green, blue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pixels {
    /// Width: pixels in a row.
    pub width: u32,
    /// Height: how many rows there are.
    pub height: u32,
    /// `width × height × 3` bytes.
    pub rgb: Vec<u8>,
}

impl Pixels {
    /// Pixels whose number fits their size.
    pub fn new(width: u32, height: u32, rgb: Vec<u8>) -> Option<Self> {
        let wanted = usize::try_from(width).ok()?.checked_mul(usize::try_from(height).ok()?)?;
        let fits = wanted > 0 && wanted <= PIXELS_MAX && rgb.len() == wanted.checked_mul(3)?;
        fits.then_some(Self { width, height, rgb })
    }

    /// As a camera or browser shows them: EXIF's tag 274 says which side of the stored rows is up (EXIF 2.32, section
    /// 4.6.4 A). Any other number than 2 to 8 leaves them as they are.
    #[must_use]
    pub fn turned(self, orientation: u16) -> Self {
        let (w, h) = (self.width as usize, self.height as usize);
        // Where the pixel that belongs at column `x` and row `y` stands.
        let from: fn(usize, usize, usize, usize) -> (usize, usize) = match orientation {
            2 => |x, y, w, _| (w - 1 - x, y),
            3 => |x, y, w, h| (w - 1 - x, h - 1 - y),
            4 => |x, y, _, h| (x, h - 1 - y),
            5 => |x, y, _, _| (y, x),
            6 => |x, y, _, h| (y, h - 1 - x),
            7 => |x, y, w, h| (w - 1 - y, h - 1 - x),
            8 => |x, y, w, _| (w - 1 - y, x),
            _ => return self,
        };
        let (width, height) = if orientation > 4 { (self.height, self.width) } else { (self.width, self.height) };
        let (columns, rows) = if orientation > 4 { (h, w) } else { (w, h) };
        let mut rgb = Vec::with_capacity(self.rgb.len());
        for y in 0..rows {
            for x in 0..columns {
                let (column, row) = from(x, y, w, h);
                let at = (row * w + column) * 3;
                rgb.extend_from_slice(self.rgb.get(at..at + 3).unwrap_or(&[255; 3]));
            }
        }
        Self { width, height, rgb }
    }

    /// The PPM file: header and bytes.
    pub fn to_ppm(&self) -> Vec<u8> {
        let mut out = format!("P6\n{} {}\n255\n", self.width, self.height).into_bytes();
        out.extend_from_slice(&self.rgb);
        out
    }

    /// Reads one PPM out of a stream of them; `None` at its end. Whoever wrote the stream may be the stranger's.
    pub(super) fn read(from: &mut impl Read) -> Result<Option<Self>, PreviewError> {
        let Some(first) = byte(from)? else { return Ok(None) };
        if first != b'P' || byte(from)? != Some(b'6') {
            return Err(PreviewError::Damaged);
        }
        let (width, height, depth) = (number(from)?, number(from)?, number(from)?);
        let count = usize::try_from(width).ok().zip(usize::try_from(height).ok()).and_then(|(w, h)| w.checked_mul(h));
        let count = count.filter(|n| *n > 0 && depth == 255).ok_or(PreviewError::Damaged)?;
        if count > PIXELS_MAX {
            return Err(PreviewError::TooLarge(format!("more than {PIXELS_MAX} pixels")));
        }
        let mut rgb = vec![0; count * 3];
        from.read_exact(&mut rgb).map_err(|_| PreviewError::Damaged)?;
        Self::new(width, height, rgb).map(Some).ok_or(PreviewError::Damaged)
    }

    /// A PNG file with the chunks that pixels need, and no other.
    pub(super) fn to_png(&self) -> Result<Vec<u8>, PreviewError> {
        let mut out = Vec::new();
        let failed = |e: png::EncodingError| PreviewError::Process(e.to_string());
        let mut encoder = png::Encoder::new(&mut out, self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Fast);
        let mut writer = encoder.write_header().map_err(failed)?;
        writer.write_image_data(&self.rgb).map_err(failed)?;
        writer.finish().map_err(failed)?;
        Ok(out)
    }
}

fn byte(from: &mut impl Read) -> Result<Option<u8>, PreviewError> {
    let mut one = [0; 1];
    match from.read(&mut one) {
        Ok(0) => Ok(None),
        Ok(_) => Ok(one.first().copied()),
        Err(e) if e.kind() == std::io::ErrorKind::Interrupted => byte(from),
        Err(_) => Err(PreviewError::Damaged),
    }
}

/// White space, digits, and one white space after them.
fn number(from: &mut impl Read) -> Result<u32, PreviewError> {
    let mut digits = String::new();
    for _ in 0..64 {
        match byte(from)? {
            Some(d) if d.is_ascii_digit() => digits.push(char::from(d)),
            Some(s) if s.is_ascii_whitespace() && digits.is_empty() => {}
            Some(s) if s.is_ascii_whitespace() => return digits.parse().map_err(|_| PreviewError::Damaged),
            _ => return Err(PreviewError::Damaged),
        }
    }
    Err(PreviewError::Damaged)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// The letters stand for pixels; each orientation as EXIF's drawing of it, for rows `abc`, `def`.
    #[test]
    fn each_orientation_stands_upright() {
        let rgb = b"abcdef".iter().flat_map(|c| [*c; 3]).collect();
        let stored = Pixels::new(3, 2, rgb).unwrap();
        for (orientation, width, upright) in [
            (0, 3, "abcdef"),
            (1, 3, "abcdef"),
            (2, 3, "cbafed"),
            (3, 3, "fedcba"),
            (4, 3, "defabc"),
            (5, 2, "adbecf"),
            (6, 2, "daebfc"),
            (7, 2, "fcebda"),
            (8, 2, "cfbead"),
            (9, 3, "abcdef"),
        ] {
            let turned = stored.clone().turned(orientation);
            let letters: Vec<u8> = turned.rgb.chunks(3).filter_map(|p| p.first().copied()).collect();
            assert_eq!((turned.width, String::from_utf8(letters).unwrap()), (width, upright.to_owned()));
        }
    }

    #[test]
    fn a_stream_of_pictures_is_read_back_and_nothing_else_is() {
        let one = Pixels::new(2, 1, vec![1, 2, 3, 4, 5, 6]).unwrap();
        let two = Pixels::new(1, 2, vec![9; 6]).unwrap();
        let stream = [one.to_ppm(), two.to_ppm()].concat();
        let mut from = stream.as_slice();
        assert_eq!(Pixels::read(&mut from).unwrap(), Some(one));
        assert_eq!(Pixels::read(&mut from).unwrap(), Some(two));
        assert_eq!(Pixels::read(&mut from).unwrap(), None);
        for bad in [
            "P5\n1 1\n255\nxxx",
            "P6\n0 1\n255\n",
            "P6\n1 1\n65535\nxxx",
            "P6\n1 1\n255\nxx",
            "P6\n-1 1\n255\n",
            "P6",
            "P6\n99999999999 1\n255\n",
        ] {
            assert!(Pixels::read(&mut bad.as_bytes()).is_err(), "{bad:?}");
        }
        assert!(matches!(Pixels::read(&mut &b"P6\n100000 100000\n255\n"[..]), Err(PreviewError::TooLarge(_))));
        assert_eq!(Pixels::new(2, 2, vec![0; 3]), None);
    }
}
