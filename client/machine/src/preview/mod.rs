//! Looking at a stranger's file without running it.
//!
//! Text is shown as text, with marks that could tell one copy from another. Pictures and PDF pages are turned into
//! pixels by a process of their own that has no network, reads no file of the officer, writes none, and ends after a
//! while ([`fence`]); only pixels come out of it, and this program writes a new picture from them. What is shown was
//! therefore made here: no script, link, font, metadata or thumbnail of the original survives. If the fence cannot be
//! built, nothing is shown.
//!
//! [`Previewer::derive`] makes a sanitised copy to pass on; the original stays sealed beside it, each under its own
//! digest.

pub mod fence;
mod marks;
mod paper;
mod pixels;
mod removed;
pub mod scrub;
pub mod worker;

use std::{
    io::{Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use subrosa_casework::bytes::Digest;
use subrosa_crypto::kdf;
use thiserror::Error;

pub use marks::{Mark, MarkKind, Marked, examine};
pub use pixels::{PIXELS_MAX, Pixels};
pub use removed::Removed;

/// The longest file that is looked at: bytes.
pub const FILE_MAX: usize = 64 << 20;
/// The most pages of a PDF.
pub const PAGES_MAX: usize = 60;
/// The longest text that is shown: bytes.
pub const TEXT_MAX: usize = 2 << 20;
/// How long one file may take.
const PATIENCE: Duration = Duration::from_secs(45);

/// Why there is no preview. Each says what to do instead.
#[derive(Debug, Error)]
pub enum PreviewError {
    /// Of a kind that nothing here can turn into pixels.
    #[error(
        "a file of this kind is not shown here. Look at it on a machine without network, and write down what it says"
    )]
    Kind,
    /// Longer than [`FILE_MAX`], or too many pixels or pages.
    #[error("the file is too large to be shown here: {0}")]
    TooLarge(String),
    /// The file is damaged, or made to break a reader.
    #[error(
        "the file cannot be read as what it claims to be; it may be damaged, or made to do harm. Do not open it with another program on this machine"
    )]
    Damaged,
    /// It took too long.
    #[error(
        "the file takes too long to be shown; it may be made to do harm. Do not open it with another program on this machine"
    )]
    TooSlow,
    /// The fence could not be built.
    #[error(
        "this machine cannot fence in a stranger's file ({0}), so nothing is shown. Look at the file on a machine without network"
    )]
    NoFence(String),
    /// Poppler is not installed.
    #[error("PDF files need the program pdftoppm (package poppler-utils), which is not installed here")]
    NoPoppler,
    /// The process could not be started or heard.
    #[error("the preview's own process failed: {0}")]
    Process(String),
}

/// What an officer sees of a file.
#[derive(Clone, Debug)]
pub enum Preview {
    /// Words, with what is suspicious in them.
    Text(Marked),
    /// Pictures as fresh PNG files: one, or a PDF's pages in order.
    Pictures(Vec<Vec<u8>>),
}

fn mark(m: &Mark) -> Removed {
    // What stands behind spacing is a description, not something that was found in the text.
    let found = (m.kind != MarkKind::Spacing).then(|| m.found.clone());
    Removed::Mark { kind: m.kind, line: m.line as u64, found }
}

/// A copy without what could point to its owner.
#[derive(Clone, Debug)]
pub struct Derivative {
    /// The whole copy, to be written to a file or sealed as evidence.
    pub bytes: Vec<u8>,
    /// Its media type.
    pub media: &'static str,
    /// Plain SHA-256 of the copy.
    pub sha256: Digest,
    /// Plain SHA-256 of the original, which stays sealed.
    pub original: Digest,
    /// What was left behind.
    pub removed: Vec<Removed>,
}

impl Derivative {
    fn of(original: &[u8], bytes: Vec<u8>, media: &'static str, removed: Vec<Removed>) -> Self {
        Self { sha256: Digest(kdf::sha256(&bytes)), original: Digest(kdf::sha256(original)), bytes, media, removed }
    }
}

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

/// Starts the fenced process.
#[derive(Clone, Debug)]
pub struct Previewer {
    program: PathBuf,
}

impl Previewer {
    /// With the program `subrosa` at this path as the fenced process.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self { program: program.into() }
    }

    /// With the running program itself.
    ///
    /// # Errors
    /// The system does not say which program runs.
    pub fn this_program() -> Result<Self, PreviewError> {
        std::env::current_exe().map(Self::new).map_err(|e| PreviewError::Process(e.to_string()))
    }

    /// What an officer may see of a file.
    ///
    /// # Errors
    /// [`PreviewError`]; nothing is shown then.
    pub fn show(&self, bytes: &[u8]) -> Result<Preview, PreviewError> {
        match FileKind::of(bytes) {
            FileKind::Text if bytes.len() > TEXT_MAX => {
                Err(PreviewError::TooLarge(format!("more than {} MiB of text", TEXT_MAX >> 20)))
            }
            FileKind::Text => Ok(Preview::Text(examine(&String::from_utf8_lossy(bytes)))),
            FileKind::Other => Err(PreviewError::Kind),
            kind => {
                let pages = self.pixels(kind, bytes)?;
                Ok(Preview::Pictures(pages.iter().map(Pixels::to_png).collect::<Result<_, _>>()?))
            }
        }
    }

    /// A sanitised copy. Pictures keep their compressed pixels and lose every segment that is not needed to show them;
    /// a PDF becomes a new PDF of its pages' pixels; a text loses invisible marks and look-alike letters.
    ///
    /// A copy without metadata can still carry marks in its wording or its pixels: ask how many people received this
    /// exact version.
    ///
    /// # Errors
    /// [`PreviewError`].
    pub fn derive(&self, bytes: &[u8]) -> Result<Derivative, PreviewError> {
        let picture = |scrubbed: Result<scrub::Scrubbed, scrub::ScrubError>, media| {
            let scrubbed = scrubbed.map_err(|_| PreviewError::Damaged)?;
            Ok(Derivative::of(bytes, scrubbed.bytes, media, scrubbed.removed))
        };
        match FileKind::of(bytes) {
            FileKind::Jpeg => picture(scrub::jpeg(bytes), "image/jpeg"),
            FileKind::Png => picture(scrub::png(bytes), "image/png"),
            FileKind::Webp => picture(scrub::webp(bytes), "image/webp"),
            FileKind::Pdf => {
                let pages = self.pixels(FileKind::Pdf, bytes)?;
                let removed = vec![Removed::AllButPixels];
                Ok(Derivative::of(bytes, paper::pdf_of(&pages)?, "application/pdf", removed))
            }
            FileKind::Text => {
                let marked = examine(&String::from_utf8_lossy(bytes));
                let removed = marked.marks.iter().map(mark).collect();
                Ok(Derivative::of(bytes, marked.clean.into_bytes(), "text/plain", removed))
            }
            FileKind::Other => Err(PreviewError::Kind),
        }
    }

    /// Runs the fenced process over a file and reads the pixels that come out.
    fn pixels(&self, kind: FileKind, bytes: &[u8]) -> Result<Vec<Pixels>, PreviewError> {
        if bytes.len() > FILE_MAX {
            return Err(PreviewError::TooLarge(format!("more than {} MiB", FILE_MAX >> 20)));
        }
        let Some(name) = worker::name(kind) else { return Err(PreviewError::Kind) };
        let broken = |e: std::io::Error| PreviewError::Process(e.to_string());
        let mut child = Command::new(&self.program)
            .args([worker::COMMAND, name])
            .env_clear()
            .current_dir(Path::new("/"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(broken)?;
        let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(PreviewError::Process("no pipes".into()));
        };
        let input = bytes.to_vec();
        // Ends by itself when the process ends: its end of the pipe is closed then.
        let feeding = thread::spawn(move || drop(stdin.write_all(&input)));
        let reading = thread::spawn(move || read_pages(stdout));
        let status = wait(&mut child)?;
        let pages = reading.join().map_err(|_| PreviewError::Process("the reader failed".into()))?;
        feeding.join().map_err(|_| PreviewError::Process("the writer failed".into()))?;
        match status {
            Some(0) => {}
            Some(worker::EXIT_NO_FENCE) => {
                return Err(PreviewError::NoFence("the kernel does not offer it, or it does not hold".into()));
            }
            Some(worker::EXIT_NO_POPPLER) => return Err(PreviewError::NoPoppler),
            Some(worker::EXIT_TOO_LARGE) => {
                return Err(PreviewError::TooLarge(format!("more than {PIXELS_MAX} pixels")));
            }
            _ => return Err(PreviewError::Damaged),
        }
        let pages = pages?;
        if pages.is_empty() { Err(PreviewError::Damaged) } else { Ok(pages) }
    }
}

fn read_pages(mut from: impl Read) -> Result<Vec<Pixels>, PreviewError> {
    let mut pages = Vec::new();
    while let Some(page) = Pixels::read(&mut from)? {
        if pages.len() >= PAGES_MAX {
            return Err(PreviewError::TooLarge(format!("more than {PAGES_MAX} pages")));
        }
        pages.push(page);
    }
    Ok(pages)
}

/// Waits for the end of the process, and ends it when patience is over.
fn wait(child: &mut Child) -> Result<Option<i32>, PreviewError> {
    let began = Instant::now();
    let broken = |e: std::io::Error| PreviewError::Process(e.to_string());
    loop {
        if let Some(status) = child.try_wait().map_err(broken)? {
            return Ok(status.code());
        }
        if began.elapsed() > PATIENCE {
            child.kill().and_then(|()| child.wait()).map_err(broken)?;
            return Err(PreviewError::TooSlow);
        }
        thread::sleep(Duration::from_millis(5));
    }
}
