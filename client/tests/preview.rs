//! The preview through the real program's sandboxed process, on files that carry EXIF with GPS, XMP, IPTC, text chunks,
//! comments, thumbnails, scripts and trailers. (`tests/files`: each mark in them contains the word CANARY.)
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::{fs, path::PathBuf, process::Command};

use subrosa_crypto::kdf::sha256;
use subrosa_machine::preview::{FileKind, Preview, PreviewError, Previewer, Removed, metadata, worker};

fn previewer() -> Previewer {
    Previewer::new(env!("CARGO_BIN_EXE_subrosa"))
}

fn file(name: &str) -> Vec<u8> {
    fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(name)).unwrap()
}

fn canaries(bytes: &[u8]) -> usize {
    bytes.windows(6).filter(|w| w.eq_ignore_ascii_case(b"CANARY")).count()
}

/// The raw values of the GPS position in the test files.
fn holds_position(bytes: &[u8]) -> bool {
    let seconds: Vec<u8> = [123_456u32, 1000].iter().flat_map(|n| n.to_le_bytes()).collect();
    bytes.windows(8).any(|w| w == seconds)
}

fn pictures(bytes: &[u8]) -> Vec<Vec<u8>> {
    match previewer().show(bytes).unwrap() {
        Preview::Pictures(pictures, lacks) if lacks.is_empty() => pictures,
        Preview::Pictures(_, lacks) => panic!("not whole: {lacks:?}"),
        Preview::Text(text) => panic!("shown as text: {text:?}"),
    }
}

fn png_size(png: &[u8]) -> (u32, u32) {
    assert_eq!(FileKind::of(png), FileKind::Png);
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

#[test]
fn pictures_are_shown_as_fresh_pixels() {
    for (name, kind, size) in [
        ("photo.jpg", FileKind::Jpeg, (96, 64)),
        ("scan.png", FileKind::Png, (64, 48)),
        ("web.webp", FileKind::Webp, (64, 48)),
    ] {
        let original = file(name);
        assert!(canaries(&original) >= 4 && holds_position(&original), "{name} carries its marks");
        assert_eq!(FileKind::of(&original), kind);
        let shown = pictures(&original);
        assert_eq!((shown.len(), png_size(&shown[0])), (1, size), "{name}");
        assert!(canaries(&shown[0]) == 0 && !holds_position(&shown[0]), "{name}");
        let chunks = metadata::png(&shown[0]).unwrap();
        assert_eq!(chunks.removed, [], "only what pixels need");
    }
}

#[test]
fn a_pdf_is_shown_as_its_pages() {
    let original = file("paper.pdf");
    assert!(canaries(&original) >= 6);
    let pages = pictures(&original);
    // 300 × 200 points at 110 dots an inch.
    assert_eq!(pages.iter().map(|p| png_size(p)).collect::<Vec<_>>(), [(459, 306), (459, 306)]);
    assert!(pages.iter().all(|p| canaries(p) == 0));
    // The words of the page are there: black pixels on white.
    let Preview::Pictures(again, _) = previewer().show(&pages[0]).unwrap() else { panic!("no picture") };
    assert_eq!(again.len(), 1);
}

#[test]
fn derivatives_keep_the_pixels_and_nothing_else() {
    for name in ["photo.jpg", "scan.png", "web.webp"] {
        let original = file(name);
        let copy = previewer().derive(&original).unwrap();
        assert!(canaries(&copy.bytes) == 0 && !holds_position(&copy.bytes), "{name}: {:?}", copy.removed);
        assert!(copy.removed.len() >= 4, "{name}: {:?}", copy.removed);
        assert_eq!((copy.original.0, copy.sha256.0), (sha256(&original), sha256(&copy.bytes)));
        assert_eq!(pictures(&copy.bytes), pictures(&original), "{name}: the same pixels");
        // Nothing is left to take away.
        assert_eq!(previewer().derive(&copy.bytes).unwrap().bytes, copy.bytes);
    }
    let original = file("paper.pdf");
    let copy = previewer().derive(&original).unwrap();
    assert_eq!((copy.media, canaries(&copy.bytes)), ("application/pdf", 0));
    for word in [&b"/Info"[..], b"/Metadata", b"/JavaScript", b"/ID", b"/Font", b"/Annots", b"CreationDate"] {
        assert!(!copy.bytes.windows(word.len()).any(|w| w == word), "{}", String::from_utf8_lossy(word));
    }
    assert_eq!(pictures(&copy.bytes).len(), 2, "a reader opens the new file");
    assert_eq!(previewer().derive(&original).unwrap().sha256, copy.sha256, "the same file gives the same copy");
}

/// A PDF with so many empty pages.
fn pdf_of_pages(pages: usize) -> Vec<u8> {
    let kids: Vec<String> = (3..pages + 3).map(|n| format!("{n} 0 R")).collect();
    let kids = format!("<< /Type /Pages /Kids [{}] /Count {pages} >>", kids.join(" "));
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 20 20] >>";
    let mut objects = vec!["<< /Type /Catalog /Pages 2 0 R >>".to_owned(), kids];
    objects.extend(vec![page.to_owned(); pages]);
    let mut out = "%PDF-1.4\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (n, object) in (1..).zip(&objects) {
        table.push_str(&format!("{:010} 00000 n \n", out.len()));
        out.push_str(&format!("{n} 0 obj\n{object}\nendobj\n"));
    }
    let (size, at) = (objects.len() + 1, out.len());
    out.push_str(&format!("{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n"));
    out.into_bytes()
}

#[test]
fn pages_past_the_last_shown_are_counted_and_never_lost_in_silence() {
    let lack = Removed::Pages { kept: 60, of: 75 };
    let Preview::Pictures(shown, lacks) = previewer().show(&pdf_of_pages(75)).unwrap() else { panic!("text") };
    assert_eq!((shown.len(), lacks), (60, vec![lack.clone()]));
    assert!(previewer().derive(&pdf_of_pages(75)).unwrap().removed.contains(&lack));
    assert_eq!(pictures(&pdf_of_pages(60)).len(), 60, "sixty are whole");
}

/// The photo with an EXIF segment that says so, before all others.
fn photo_turned(orientation: u8) -> Vec<u8> {
    let exif =
        [&b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"[..], &[orientation, 0, 0, 0], &[0; 4]].concat();
    let mut length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes().to_vec();
    length.splice(0..0, [0xff, 0xe1]);
    let mut out = metadata::jpeg(&file("photo.jpg")).unwrap().bytes;
    out.splice(2..2, [length, exif].concat());
    out
}

/// Three pages under the user password "secret".
#[test]
fn a_locked_pdf_is_called_locked() {
    let error = previewer().show(&file("locked.pdf")).unwrap_err();
    assert!(matches!(error, PreviewError::Locked), "{error}");
    assert!(matches!(previewer().derive(&file("locked.pdf")), Err(PreviewError::Locked)));
}

#[test]
fn pictures_stand_upright_in_preview_and_copy() {
    for (orientation, size) in [(1, (96, 64)), (3, (96, 64)), (6, (64, 96)), (8, (64, 96))] {
        let photo = photo_turned(orientation);
        let shown = pictures(&photo);
        assert_eq!(png_size(&shown[0]), size, "{orientation}");
        assert_eq!(previewer().derive(&photo).unwrap().bytes, shown[0], "{orientation}");
    }
}

#[test]
fn no_mark_survives_in_tables_that_nothing_uses() {
    let mut photo = file("photo.jpg");
    // A quantisation table that no component asks for, number 3, of one byte each.
    let mut table = vec![0xff, 0xdb, 0, 67, 3];
    table.extend(b"CANARY".iter().cycle().take(64));
    photo.splice(2..2, table);
    let copy = previewer().derive(&photo).unwrap();
    assert_eq!((canaries(&copy.bytes), copy.media), (0, "image/png"));
    assert_eq!(copy.bytes, previewer().derive(&file("photo.jpg")).unwrap().bytes);
}

#[test]
fn texts_lose_their_invisible_marks() {
    let copy = previewer().derive("Six\u{200b}teen thou\u{0441}ands\u{2009}chips \n".as_bytes()).unwrap();
    assert_eq!(String::from_utf8(copy.bytes).unwrap(), "Sixteen thoucands chips\n");
    assert_eq!(copy.removed.len(), 4);
    assert!(matches!(previewer().show(b"plain"), Ok(Preview::Text(t)) if t.marks.is_empty()));
}

#[test]
fn what_is_no_picture_is_refused_in_plain_words() {
    let previewer = previewer();
    for (bytes, part) in [
        (b"PK\x03\x04 an office file \x00".to_vec(), "not shown here"),
        (b"\xff\xd8\xff\xe0 no jpeg at all".to_vec(), "cannot be read as what it claims to be"),
        (file("photo.jpg")[..600].to_vec(), "cannot be read"),
        (b"\x89PNG\r\n\x1a\n".to_vec(), "cannot be read"),
        (b"%PDF-1.7 nothing".to_vec(), "cannot be read"),
        // 60,000 × 60,000 pixels in a header.
        (huge_png(), "too large"),
    ] {
        let error = previewer.show(&bytes).unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
    let missing = Previewer::new("/nowhere/subrosa").show(&file("scan.png")).unwrap_err();
    assert!(matches!(missing, PreviewError::Process(_)));
    // Something that is not the worker shows nothing.
    assert!(Previewer::new("/bin/false").show(&file("scan.png")).is_err());
    assert!(Previewer::new("/bin/true").show(&file("scan.png")).is_err());
}

fn huge_png() -> Vec<u8> {
    let mut out = file("scan.png");
    out.splice(16..24, [60_000u32, 60_000].iter().flat_map(|n| n.to_be_bytes()));
    let mut crc = flate2_crc(&out[12..29]);
    out.splice(29..33, std::mem::take(&mut crc));
    out
}

/// CRC-32 of PNG, bit by bit.
fn flate2_crc(bytes: &[u8]) -> Vec<u8> {
    let mut crc = !0u32;
    for b in bytes {
        crc ^= u32::from(*b);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    (!crc).to_be_bytes().to_vec()
}

/// The sandbox tries itself out in each process before it works; here it is looked at from outside, with a program that
/// is not ours inside it.
#[test]
fn the_sandbox_holds_around_other_programs() {
    let inside = |script: &str| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_subrosa")).args([worker::COMMAND, "probe", script]).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    // The worker knows no such kind: it ends without running anything.
    assert_eq!(inside("id"), (Some(worker::EXIT_DAMAGED), String::new()));
    // As an ordinary user too, the sandbox needs no privilege.
    let user = Command::new("setpriv")
        .args([
            "--reuid",
            "65534",
            "--regid",
            "65534",
            "--clear-groups",
            env!("CARGO_BIN_EXE_subrosa"),
            worker::COMMAND,
            "png",
        ])
        .stdin(std::process::Stdio::null())
        .output();
    if let Ok(output) = user
        && output.status.code() != Some(127)
        && output.status.code() != Some(126)
    {
        assert_ne!(output.status.code(), Some(worker::EXIT_NO_FENCE), "{output:?}");
    }
}

/// Seen from outside while it waits for the file: an ordinary user, whoever started it, without new rights, under
/// filters, with one thread.
#[test]
fn the_sandboxed_process_is_no_root_and_gains_no_rights() {
    let mut worker = Command::new(env!("CARGO_BIN_EXE_subrosa"))
        .args([worker::COMMAND, "png"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let field = |name: &str| {
        let status = fs::read_to_string(format!("/proc/{}/status", worker.id())).unwrap();
        let line = status.lines().find_map(|l| l.strip_prefix(name)).unwrap_or_default().to_owned();
        line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    // It is inside as soon as the filter counts.
    let began = std::time::Instant::now();
    while field("Seccomp:") != ["2"] {
        assert!(began.elapsed().as_secs() < 60, "no filter");
        std::thread::yield_now();
    }
    let users = field("Uid:");
    assert!(users.len() == 4 && users.iter().all(|u| u != "0"), "{users:?}");
    assert_eq!(field("CapEff:"), ["0000000000000000"]);
    assert_eq!(field("CapPrm:"), ["0000000000000000"]);
    assert_eq!((field("NoNewPrivs:"), field("Threads:")), (vec!["1".to_owned()], vec!["1".to_owned()]));
    drop(worker.stdin.take());
    // It passed its own trial: no bytes are no picture.
    assert_eq!(worker.wait().unwrap().code(), Some(worker::EXIT_DAMAGED));
}

#[test]
fn no_bytes_make_the_stripping_panic() {
    use proptest::prelude::*;
    let files = ["photo.jpg", "scan.png", "web.webp"].map(file);
    proptest!(ProptestConfig::with_cases(300), |(which in 0usize..3, at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>())| {
        let mut bytes = files[which].clone();
        let place = at.index(bytes.len());
        bytes[place] = byte;
        let cut = cut.index(bytes.len());
        for bytes in [&bytes[..], &bytes[..cut]] {
            let outcomes = [metadata::jpeg(bytes), metadata::png(bytes), metadata::webp(bytes)];
            for stripped in outcomes.into_iter().flatten() {
                prop_assert!(stripped.bytes.len() <= bytes.len());
            }
        }
    });
}
