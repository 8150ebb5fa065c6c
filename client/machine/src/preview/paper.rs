//! A PDF of nothing but page pictures, written anew: no metadata, no identifier, no date, no font, no link.

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};

use super::{error::PreviewError, pixels::Pixels, worker::RESOLUTION};

/// A PDF 1.4 file with one page for each picture (ISO 32000-1, sections 7.3.8 and 8.9.5). The same pictures give the
/// same bytes.
pub(super) fn pdf_of(pages: &[Pixels]) -> Result<Vec<u8>, PreviewError> {
    let mut out = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut places = Vec::new();
    let kids: Vec<String> = (0..pages.len()).map(|n| format!("{} 0 R", 3 + n * 3)).collect();
    let mut object = |out: &mut Vec<u8>, body: &[u8]| {
        places.push(out.len());
        out.extend_from_slice(format!("{} 0 obj\n", places.len()).as_bytes());
        out.extend_from_slice(body);
        out.extend_from_slice(b"\nendobj\n");
    };
    object(&mut out, b"<< /Type /Catalog /Pages 2 0 R >>");
    object(&mut out, format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len()).as_bytes());
    for (n, page) in pages.iter().enumerate() {
        let (width, height) = (points(page.width), points(page.height));
        let (content, picture) = (4 + n * 3, 5 + n * 3);
        let body = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents {content} 0 R /Resources << /XObject << /P {picture} 0 R >> >> >>"
        );
        object(&mut out, body.as_bytes());
        object(&mut out, &stream("", format!("q {width} 0 0 {height} 0 0 cm /P Do Q").as_bytes()));
        let dictionary = format!(
            "/Type /XObject /Subtype /Image /Width {} /Height {} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode ",
            page.width, page.height
        );
        let failed = |e: std::io::Error| PreviewError::Process(e.to_string());
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(&page.rgb).map_err(failed)?;
        object(&mut out, &stream(&dictionary, &packed.finish().map_err(failed)?));
    }
    let table = out.len();
    out.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).as_bytes());
    for place in &places {
        out.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes());
    }
    let size = places.len() + 1;
    out.extend_from_slice(format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n").as_bytes());
    Ok(out)
}

fn stream(dictionary: &str, body: &[u8]) -> Vec<u8> {
    let mut out = format!("<< {dictionary}/Length {} >>\nstream\n", body.len()).into_bytes();
    out.extend_from_slice(body);
    out.extend_from_slice(b"\nendstream");
    out
}

/// A length in points of a seventy-second of an inch, with two decimals.
fn points(pixels: u32) -> String {
    let hundredths = u64::from(pixels) * 7200 / u64::from(RESOLUTION);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}
