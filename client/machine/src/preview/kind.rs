//! What is looked at: kinds of files, and how large they may be.

/// The longest file that is looked at: bytes.
pub const FILE_MAX: usize = 64 << 20;
/// The most pages of a PDF.
pub const PAGES_MAX: usize = 60;
/// The longest text that is shown: bytes.
pub const TEXT_MAX: usize = 2 << 20;
/// What a file is, by its first bytes: names and declared types are the stranger's words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileKind {
    /// JFIF or EXIF.
    Jpeg,
    /// PNG, by its signature of eight bytes.
    Png,
    /// WebP, in its RIFF container.
    Webp,
    /// PDF, whose header may stand anywhere in the first kilobyte.
    Pdf,
    /// UTF-8 without control characters other than line breaks and tabs.
    Text,
    /// None of these. Nothing of the file is shown.
    Other,
}

impl FileKind {
    /// Looks at the bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let starts = |magic: &[u8]| bytes.starts_with(magic);
        if starts(b"\xff\xd8\xff") {
            return Self::Jpeg;
        }
        if starts(b"\x89PNG\r\n\x1a\n") {
            return Self::Png;
        }
        if starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            return Self::Webp;
        }
        // Readers accept a PDF whose header stands anywhere in the first kilobyte.
        if bytes.get(..bytes.len().min(1024)).is_some_and(|head| head.windows(5).any(|w| w == b"%PDF-")) {
            return Self::Pdf;
        }
        let text = core::str::from_utf8(bytes)
            .is_ok_and(|t| !t.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')));
        if text { Self::Text } else { Self::Other }
    }
}
