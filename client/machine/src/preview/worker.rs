//! What runs inside the sandbox: reads a file from standard input, writes pixels to standard output, and can do nothing
//! else.

use std::{
    io::{Cursor, Read, Write},
    os::unix::process::CommandExt,
    path::Path,
    process::Command,
};

use super::{
    colours,
    kind::{FILE_MAX, FileKind, PAGES_MAX},
    orientation,
    pixels::{PIXELS_MAX, Pixels},
    sandbox,
};

/// The program's hidden command that leads here.
pub const COMMAND: &str = "preview-worker";
/// The sandbox cannot be built, or does not hold.
pub const EXIT_NO_FENCE: i32 = 40;
/// `pdftoppm` is not there.
pub const EXIT_NO_POPPLER: i32 = 41;
/// Too many pixels.
pub const EXIT_TOO_LARGE: i32 = 42;
/// The file cannot be decoded.
pub const EXIT_DAMAGED: i32 = 43;

/// Dots for each inch of a PDF page.
pub(super) const RESOLUTION: u32 = 110;
/// Where Debian's poppler-utils puts it. No search path: inside the sandbox there is no environment.
const PDFTOPPM: &str = "/usr/bin/pdftoppm";
/// Of the same package: says how many pages there are, and whether the file is locked.
const PDFINFO: &str = "/usr/bin/pdfinfo";
/// The kind for which the worker becomes that program.
pub(super) const PDF_FACTS: &str = "pdf-facts";

/// How the command line calls a kind that needs the sandbox.
pub(super) fn name(kind: FileKind) -> Option<&'static str> {
    match kind {
        FileKind::Jpeg => Some("jpeg"),
        FileKind::Png => Some("png"),
        FileKind::Webp => Some("webp"),
        FileKind::Pdf => Some("pdf"),
        FileKind::Text | FileKind::Other => None,
    }
}

/// Runs the hidden command and answers its exit code. The sandbox is closed before the first byte of the file is read.
pub fn run(kind: &str) -> i32 {
    // One page more than is shown: its arrival tells that there are more.
    let (resolution, last) = (RESOLUTION.to_string(), (PAGES_MAX + 1).to_string());
    let poppler = match kind {
        "pdf" => Some((PDFTOPPM, vec!["-q", "-r", &resolution, "-l", &last, "-"])),
        PDF_FACTS => Some((PDFINFO, vec!["-"])),
        _ => None,
    };
    if poppler.as_ref().is_some_and(|(program, _)| !Path::new(program).exists()) {
        return EXIT_NO_POPPLER;
    }
    if sandbox::close(poppler.as_ref().map(|(program, _)| Path::new(program))).is_err() {
        return EXIT_NO_FENCE;
    }
    if let Some((program, arguments)) = poppler {
        // Replaces this process; whatever comes after has the same sandbox around it. Reached only if it fails.
        let failed = Command::new(program).args(arguments).env_clear().env("LC_ALL", "C.UTF-8").exec();
        return if failed.kind() == std::io::ErrorKind::NotFound { EXIT_NO_POPPLER } else { EXIT_NO_FENCE };
    }
    let mut bytes = Vec::new();
    if std::io::stdin().take(FILE_MAX as u64 + 1).read_to_end(&mut bytes).is_err() || bytes.len() > FILE_MAX {
        return EXIT_TOO_LARGE;
    }
    let decoded = match kind {
        "jpeg" => jpeg(&bytes),
        "png" => png(&bytes),
        "webp" => webp(&bytes),
        _ => Err(EXIT_DAMAGED),
    };
    match decoded {
        Ok(pixels) if std::io::stdout().write_all(&pixels.to_ppm()).is_ok() => 0,
        Ok(_) => EXIT_DAMAGED,
        Err(code) => code,
    }
}

type Decoded = Result<Pixels, i32>;

fn bounded(width: usize, height: usize) -> Result<(), i32> {
    let fits = width.checked_mul(height).is_some_and(|n| n <= PIXELS_MAX);
    if fits { Ok(()) } else { Err(EXIT_TOO_LARGE) }
}

fn whole(width: usize, height: usize, rgb: Vec<u8>) -> Decoded {
    let sized = u32::try_from(width).ok().zip(u32::try_from(height).ok());
    sized.and_then(|(w, h)| Pixels::new(w, h, rgb)).ok_or(EXIT_DAMAGED)
}

fn jpeg(bytes: &[u8]) -> Decoded {
    use zune_jpeg::{
        JpegDecoder,
        zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
    };
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(|_| EXIT_DAMAGED)?;
    let (width, height) = decoder.dimensions().ok_or(EXIT_DAMAGED)?;
    bounded(width, height)?;
    let rgb = decoder.decode().map_err(|_| EXIT_DAMAGED)?;
    let rgb = colours::to_srgb(rgb, decoder.icc_profile().as_deref());
    let up = decoder.exif().map_or(1, |exif| orientation::of(exif));
    Ok(whole(width, height, rgb)?.turned(up))
}

fn png(bytes: &[u8]) -> Decoded {
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|_| EXIT_DAMAGED)?;
    let size = |n: u32| usize::try_from(n).map_err(|_| EXIT_TOO_LARGE);
    let (width, height) = (size(reader.info().width)?, size(reader.info().height)?);
    bounded(width, height)?;
    let up = reader.info().exif_metadata.as_ref().map_or(1, |exif| orientation::of(exif));
    let mut raw = vec![0; reader.output_buffer_size().ok_or(EXIT_TOO_LARGE)?];
    let frame = reader.next_frame(&mut raw).map_err(|_| EXIT_DAMAGED)?;
    raw.truncate(frame.buffer_size());
    let rgb = match frame.color_type {
        png::ColorType::Rgb => raw,
        png::ColorType::Rgba => over_white(&raw, 4),
        png::ColorType::Grayscale => raw.iter().flat_map(|g| [*g; 3]).collect(),
        png::ColorType::GrayscaleAlpha => over_white(&raw, 2),
        png::ColorType::Indexed => return Err(EXIT_DAMAGED),
    };
    let rgb = colours::to_srgb(rgb, reader.info().icc_profile.as_deref());
    Ok(whole(width, height, rgb)?.turned(up))
}

fn webp(bytes: &[u8]) -> Decoded {
    let mut decoder = image_webp::WebPDecoder::new(Cursor::new(bytes)).map_err(|_| EXIT_DAMAGED)?;
    let size = |n: u32| usize::try_from(n).map_err(|_| EXIT_TOO_LARGE);
    let (width, height) = decoder.dimensions();
    let (width, height) = (size(width)?, size(height)?);
    bounded(width, height)?;
    let mut raw = vec![0; decoder.output_buffer_size().ok_or(EXIT_TOO_LARGE)?];
    decoder.read_image(&mut raw).map_err(|_| EXIT_DAMAGED)?;
    let rgb = if decoder.has_alpha() { over_white(&raw, 4) } else { raw };
    // What cannot be read says nothing: the pixels are there.
    let rgb = colours::to_srgb(rgb, decoder.icc_profile().ok().flatten().as_deref());
    let up = decoder.exif_metadata().ok().flatten().map_or(1, |exif| orientation::of(&exif));
    Ok(whole(width, height, rgb)?.turned(up))
}

/// Lays pixels that end with their opacity over white paper.
fn over_white(raw: &[u8], width: usize) -> Vec<u8> {
    let blend = |colour: u8, opacity: u8| {
        let (c, o) = (u32::from(colour), u32::from(opacity));
        u8::try_from((c * o + 255 * (255 - o)) / 255).unwrap_or(u8::MAX)
    };
    let pixel = |p: &[u8]| match *p {
        [g, o] => [blend(g, o); 3],
        [r, g, b, o] => [blend(r, o), blend(g, o), blend(b, o)],
        _ => [255; 3],
    };
    raw.chunks_exact(width).flat_map(pixel).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::borrow::Cow;

    use super::*;

    #[test]
    fn a_picture_with_a_colour_profile_is_read_as_it_means() {
        let profile = moxcms::ColorProfile::new_display_p3().encode().unwrap();
        let mut info = png::Info::with_size(1, 1);
        info.color_type = png::ColorType::Rgb;
        info.icc_profile = Some(Cow::Borrowed(&profile));
        let mut bytes = Vec::new();
        let mut writer = png::Encoder::with_info(&mut bytes, info).unwrap().write_header().unwrap();
        writer.write_image_data(&[200, 100, 50]).unwrap();
        writer.finish().unwrap();
        let rgb = png(&bytes).unwrap().rgb;
        assert_eq!(rgb, colours::to_srgb(vec![200, 100, 50], Some(&profile)));
        assert_ne!(rgb, [200, 100, 50]);
    }
}
