//! A data directory as somebody who seized it sees it: searches through every byte.

use std::{
    collections::BTreeMap,
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use anyhow::Result;
use subrosa_crypto::kdf;

/// Bytes of the pages that are looked at one by one.
const PAGE: usize = 4096;

/// Every file with its bytes. Segment files are mostly holes: pages of zeros are left out, their neighbours stay
/// together.
pub fn files(dir: &Path) -> Result<Vec<(PathBuf, Vec<u8>)>> {
    let mut out = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            out.extend(files(&entry.path())?);
        } else {
            out.push((entry.path(), written(&entry.path())?));
        }
    }
    Ok(out)
}

fn written(path: &Path) -> Result<Vec<u8>> {
    let mut file = fs::File::open(path)?;
    let mut out = Vec::new();
    each_page(&mut file, PAGE, |_, page| out.extend_from_slice(page))?;
    Ok(out)
}

fn each_page(file: &mut fs::File, len: usize, mut see: impl FnMut(u64, &[u8])) -> Result<()> {
    let zeros = vec![0; len];
    let mut page = vec![0; len];
    for number in 0.. {
        let mut got = 0;
        while let Some(rest) = page.get_mut(got..).filter(|rest| !rest.is_empty()) {
            match file.read(rest)? {
                0 => break,
                n => got += n,
            }
        }
        let read = page.get(..got).unwrap_or_default();
        if read.is_empty() {
            break;
        }
        if zeros.get(..got) != Some(read) {
            see(number, read);
        }
    }
    Ok(())
}

/// The slots in use of all segment files of one class (`4k`, `32k`, `256k`): file, number, digest of the content.
pub fn slots(data_dir: &Path, class: &str) -> Result<BTreeMap<(PathBuf, u64), [u8; 32]>> {
    let len = match class {
        "4k" => 4 * 1024,
        "32k" => 32 * 1024,
        _ => 256 * 1024,
    };
    let mut out = BTreeMap::new();
    for entry in fs::read_dir(data_dir.join("bodies"))? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(&format!(".{class}")) {
            each_page(&mut fs::File::open(&path)?, len, |number, slot| {
                out.insert((path.clone(), number), kdf::sha256(slot));
            })?;
        }
    }
    Ok(out)
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
