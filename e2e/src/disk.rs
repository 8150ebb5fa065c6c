//! A data directory as somebody who seized it sees it: copies, and searches through every byte.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;

/// Copies a directory with everything in it.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Every file with its bytes.
pub fn files(dir: &Path) -> Result<Vec<(PathBuf, Vec<u8>)>> {
    let mut out = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            out.extend(files(&entry.path())?);
        } else {
            let bytes = fs::read(entry.path())?;
            out.push((entry.path(), bytes));
        }
    }
    Ok(out)
}

/// The number of bytes of every file, together.
pub fn size(dir: &Path) -> Result<u64> {
    Ok(files(dir)?.iter().map(|(_, bytes)| bytes.len() as u64).sum())
}

/// Whether `needle` stands anywhere in `haystack`.
pub fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    let Some(first) = needle.first() else { return true };
    let mut rest = haystack;
    while let Some(at) = rest.iter().position(|b| b == first) {
        let Some(tail) = rest.get(at..) else { return false };
        if tail.starts_with(needle) {
            return true;
        }
        rest = tail.get(1..).unwrap_or_default();
    }
    false
}

/// The files that hold `needle`, as raw bytes or in lower-case hexadecimal.
pub fn holding(files: &[(PathBuf, Vec<u8>)], needle: &[u8]) -> Vec<PathBuf> {
    let in_hex = hex::encode(needle);
    let holds = |bytes: &[u8]| contains(bytes, needle) || contains(bytes, in_hex.as_bytes());
    files.iter().filter(|(_, bytes)| holds(bytes)).map(|(path, _)| path.clone()).collect()
}
