//! A tar archive in one spelling: POSIX ustar (IEEE 1003.1-2017, `pax`, "ustar Interchange Format"), plain files only,
//! every field fixed but name, size and one common time. What was accepted packs to the very same bytes again.

use thiserror::Error;

/// Why bytes are not such an archive, or files do not fit into one.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum ArchiveError {
    /// A name with other characters, or a path out of the folder.
    #[error("`{0}` is not a name for a file in a dossier")]
    Name(String),
    /// A name twice.
    #[error("`{0}` stands twice in the dossier")]
    Twice(String),
    /// Too long for the format.
    #[error("`{0}` is too long for a dossier")]
    Long(String),
    /// Cut, or not in the one allowed form.
    #[error("the dossier's archive is damaged, or not in its one allowed form")]
    Form,
}

/// Names with contents, in the archive's order.
pub type Files = Vec<(String, Vec<u8>)>;

const BLOCK: usize = 512;

fn checked(name: &str) -> Result<(), ArchiveError> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"./-_".contains(&b);
    let parts = name.split('/').all(|p| !p.is_empty() && !p.starts_with('.'));
    if name.len() <= 100 && name.bytes().all(plain) && parts {
        Ok(())
    } else {
        Err(ArchiveError::Name(name.to_owned()))
    }
}

fn header(name: &str, size: u64, time: u64) -> Result<Vec<u8>, ArchiveError> {
    let long = || ArchiveError::Long(name.to_owned());
    let mut out = vec![0; BLOCK];
    let mut put = |at: usize, text: &str| {
        if let Some(field) = out.get_mut(at..at + text.len()) {
            field.copy_from_slice(text.as_bytes());
        }
    };
    let octal = |n: u64| Some(format!("{n:011o}")).filter(|t| t.len() == 11).ok_or_else(long);
    put(0, name);
    put(100, "0000644");
    put(108, "0000000");
    put(116, "0000000");
    put(124, &octal(size)?);
    put(136, &octal(time)?);
    put(148, "        ");
    put(156, "0");
    put(257, "ustar\x0000");
    let sum: u32 = out.iter().map(|b| u32::from(*b)).sum();
    if let Some(field) = out.get_mut(148..156) {
        field.copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    }
    Ok(out)
}

/// Packs files in the order given, all with the same time (unix seconds).
///
/// # Errors
/// A name or size that does not fit.
pub fn pack(files: &[(String, Vec<u8>)], time: u64) -> Result<Vec<u8>, ArchiveError> {
    let mut out = Vec::new();
    for (n, (name, bytes)) in files.iter().enumerate() {
        checked(name)?;
        if files.iter().take(n).any(|(other, _)| other == name) {
            return Err(ArchiveError::Twice(name.clone()));
        }
        out.extend_from_slice(&header(name, bytes.len() as u64, time)?);
        out.extend_from_slice(bytes);
        out.resize(out.len().next_multiple_of(BLOCK), 0);
    }
    out.resize(out.len() + 2 * BLOCK, 0);
    Ok(out)
}

/// Reads an archive: its common time, and the files in their order.
///
/// # Errors
/// Anything that [`pack`] would have written otherwise.
pub fn unpack(archive: &[u8]) -> Result<(u64, Files), ArchiveError> {
    let mut files = Files::new();
    let mut time = 0;
    let mut rest = archive;
    loop {
        let (head, tail) = rest.split_at_checked(BLOCK).ok_or(ArchiveError::Form)?;
        if head.iter().all(|b| *b == 0) {
            break;
        }
        let field = |at: usize, length: usize| {
            let bytes = head.get(at..at + length)?;
            core::str::from_utf8(bytes.split(|b| *b == 0).next()?).ok()
        };
        let octal = |at| u64::from_str_radix(field(at, 12)?, 8).ok();
        let name = field(0, 100).ok_or(ArchiveError::Form)?;
        let size = octal(124).and_then(|n| usize::try_from(n).ok()).ok_or(ArchiveError::Form)?;
        time = octal(136).ok_or(ArchiveError::Form)?;
        let padded = size.checked_next_multiple_of(BLOCK).ok_or(ArchiveError::Form)?;
        let (body, next) = tail.split_at_checked(padded).ok_or(ArchiveError::Form)?;
        files.push((name.to_owned(), body.get(..size).ok_or(ArchiveError::Form)?.to_vec()));
        rest = next;
    }
    // One spelling: whatever differs from what would be written is refused.
    if pack(&files, time)? == archive { Ok((time, files)) } else { Err(ArchiveError::Form) }
}
