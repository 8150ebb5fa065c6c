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

mod error;
pub mod fence;
mod kind;
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

pub use error::PreviewError;
pub use kind::{FILE_MAX, FileKind, PAGES_MAX, TEXT_MAX};
pub use marks::{Mark, MarkKind, Marked, examine};
pub use pixels::{PIXELS_MAX, Pixels};
pub use removed::Removed;

/// How long one file may take.
const PATIENCE: Duration = Duration::from_secs(45);

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
