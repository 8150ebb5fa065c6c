//! Looking at a stranger's file without running it.
//!
//! Text is shown as text, with marks that could tell one copy from another. Pictures and PDF pages are turned into
//! pixels by a process of their own that has no network, reads no file of the officer, writes none, and ends after a
//! while ([`sandbox`]); only pixels come out of it, and this program writes a new picture from them. What is shown was
//! therefore made here: no script, link, font, metadata or thumbnail of the original survives. If the sandbox cannot be
//! built, nothing is shown.
//!
//! [`Previewer::derive`] makes a sanitised copy to pass on; the original stays sealed beside it, each under its own
//! digest.

mod colours;
mod error;
mod kind;
mod marks;
pub mod metadata;
mod orientation;
mod picture_pdf;
mod pixels;
mod removed;
pub mod sandbox;
pub mod worker;

use std::{
    io::{PipeReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use subrosa_casework::bytes::Digest;
use subrosa_crypto::kdf;

pub use error::PreviewError;
pub use kind::{FILE_MAX, FileKind, PAGES_MAX, TEXT_MAX};
pub(crate) use marks::is_invisible;
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
    /// Pictures as fresh PNG files: one, or a PDF's pages in order; and what of the file is not among them, pages or
    /// the pictures of a moving one.
    Pictures(Vec<Vec<u8>>, Vec<Removed>),
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

/// Starts the sandboxed process.
#[derive(Clone, Debug)]
pub struct Previewer {
    program: PathBuf,
}

impl Previewer {
    /// With the program `subrosa` at this path as the sandboxed process.
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
                let (pages, lacks) = self.pixels(kind, bytes)?;
                Ok(Preview::Pictures(pages.iter().map(Pixels::to_png).collect::<Result<_, _>>()?, lacks))
            }
        }
    }

    /// A sanitised copy, drawn anew from what can be seen: of a picture a PNG, of a PDF a PDF of its pages' pixels, so
    /// that no byte of the original is in it; a text loses invisible marks and look-alike letters. What the copy lacks
    /// stands in [`Derivative::removed`], also when it is not whole.
    ///
    /// A copy without metadata can still carry marks in its wording or its pixels: ask how many people received this
    /// exact version.
    ///
    /// # Errors
    /// [`PreviewError`].
    pub fn derive(&self, bytes: &[u8]) -> Result<Derivative, PreviewError> {
        let kind = FileKind::of(bytes);
        let named = match kind {
            FileKind::Jpeg => metadata::jpeg(bytes),
            FileKind::Png => metadata::png(bytes),
            FileKind::Webp => metadata::webp(bytes),
            FileKind::Pdf => Err(metadata::NotWhole),
            FileKind::Text => {
                let marked = examine(&String::from_utf8_lossy(bytes));
                let removed = marked.marks.iter().map(mark).collect();
                return Ok(Derivative::of(bytes, marked.clean.into_bytes(), "text/plain", removed));
            }
            FileKind::Other => return Err(PreviewError::Kind),
        };
        let (pages, lacks) = self.pixels(kind, bytes)?;
        // Where the parts have no names, all that is not seen is left behind nevertheless.
        let mut removed = lacks;
        removed.extend(named.map(|n| n.removed).unwrap_or_default());
        removed.push(Removed::AllButPixels);
        match (kind, pages.first()) {
            (FileKind::Pdf, _) => Ok(Derivative::of(bytes, picture_pdf::pdf_of(&pages)?, "application/pdf", removed)),
            (_, Some(picture)) => Ok(Derivative::of(bytes, picture.to_png()?, "image/png", removed)),
            (_, None) => Err(PreviewError::Damaged),
        }
    }

    /// The pixels of a file, and what of it they lack.
    fn pixels(&self, kind: FileKind, bytes: &[u8]) -> Result<(Vec<Pixels>, Vec<Removed>), PreviewError> {
        if bytes.len() > FILE_MAX {
            return Err(PreviewError::TooLarge(format!("more than {} MiB", FILE_MAX >> 20)));
        }
        let Some(name) = worker::name(kind) else { return Err(PreviewError::Kind) };
        let stated = if kind == FileKind::Pdf { self.pages_of(bytes)? } else { 1 };
        let (mut pages, status) = self.run(name, bytes, read_pages)?;
        if status != Some(0) {
            return Err(PreviewError::Damaged);
        }
        let of = stated.max(pages.len() as u64);
        pages.truncate(PAGES_MAX);
        let kept = pages.len() as u64;
        let mut lacks = Vec::new();
        if kept < of {
            lacks.push(Removed::Pages { kept, of });
        }
        if kind != FileKind::Pdf && metadata::moves(bytes) {
            lacks.push(Removed::Frames);
        }
        if pages.is_empty() { Err(PreviewError::Damaged) } else { Ok((pages, lacks)) }
    }

    /// How many pages a PDF says that it has.
    fn pages_of(&self, bytes: &[u8]) -> Result<u64, PreviewError> {
        let (said, _) = self.run(worker::PDF_FACTS, bytes, |from| {
            let mut said = Vec::new();
            // All of it, so that the process does not wait for ever; little of it is kept.
            from.take(1 << 20).read_to_end(&mut said).map_err(|e| PreviewError::Process(e.to_string()))?;
            Ok(String::from_utf8_lossy(&said).into_owned())
        })?;
        if said.lines().any(|l| l.ends_with("Incorrect password")) {
            return Err(PreviewError::Locked);
        }
        // The stranger's words (title, author) come before it.
        let pages = said.lines().rev().find_map(|l| l.strip_prefix("Pages:")).and_then(|n| n.trim().parse().ok());
        pages.ok_or(PreviewError::Damaged)
    }

    /// Runs the sandboxed process over a file; what `read` makes of its output, and its exit code if it is not one of
    /// the worker's own.
    fn run<T: Send + 'static>(
        &self,
        name: &str,
        bytes: &[u8],
        read: impl FnOnce(PipeReader) -> Result<T, PreviewError> + Send + 'static,
    ) -> Result<(T, Option<i32>), PreviewError> {
        let broken = |e: std::io::Error| PreviewError::Process(e.to_string());
        let (output, writer) = std::io::pipe().map_err(broken)?;
        // Only what is read for facts says something where errors go; pages are pixels alone.
        let errors = if name == worker::PDF_FACTS { writer.try_clone().map_err(broken)?.into() } else { Stdio::null() };
        // The command holds the writing end: it is gone at the end of this statement.
        let mut child = Command::new(&self.program)
            .args([worker::COMMAND, name])
            .env_clear()
            .current_dir(Path::new("/"))
            .stdin(Stdio::piped())
            .stdout(writer)
            .stderr(errors)
            .spawn()
            .map_err(broken)?;
        let Some(mut stdin) = child.stdin.take() else { return Err(PreviewError::Process("no pipes".into())) };
        let input = bytes.to_vec();
        // Ends by itself when the process ends: its end of the pipe is closed then.
        let feeding = thread::spawn(move || drop(stdin.write_all(&input)));
        let reading = thread::spawn(move || read(output));
        let status = wait(&mut child)?;
        let said = reading.join().map_err(|_| PreviewError::Process("the reader failed".into()))?;
        feeding.join().map_err(|_| PreviewError::Process("the writer failed".into()))?;
        match status {
            Some(worker::EXIT_NO_FENCE) => {
                Err(PreviewError::NoSandbox("the kernel does not offer it, or it does not hold".into()))
            }
            Some(worker::EXIT_NO_POPPLER) => Err(PreviewError::NoPoppler),
            Some(worker::EXIT_TOO_LARGE) => Err(PreviewError::TooLarge(format!("more than {PIXELS_MAX} pixels"))),
            Some(worker::EXIT_DAMAGED) => Err(PreviewError::Damaged),
            status => Ok((said?, status)),
        }
    }
}

fn read_pages(mut from: PipeReader) -> Result<Vec<Pixels>, PreviewError> {
    let mut pages = Vec::new();
    while let Some(page) = Pixels::read(&mut from)? {
        if pages.len() > PAGES_MAX {
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
