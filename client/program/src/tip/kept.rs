//! What a person must hold before anything is sent: the twelve words, and a place for the server's receipts. Nothing
//! that can fail stands between what cannot be undone and what it is worth.

use std::{
    fs,
    io::{BufRead as _, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use rand_core::Rng;
use subrosa_crypto::{log::ReceiptFile, passphrase::Passphrase};
use subrosa_machine::{files::write_new, say::plain};
use zeroize::Zeroizing;

use crate::env::Env;

/// How often somebody may mistype a word before the filing ends.
const TRIES: usize = 3;

/// Hands over the words of a tip that is not sent yet: into a new file, or onto the screen, where two of them are asked
/// for if somebody sits there.
///
/// # Errors
/// The file could not be written or the screen not be written to, or the words were not typed. Nothing was sent.
pub(super) fn hand_over(passphrase: &Passphrase, file: Option<&Path>, env: &mut Env) -> Result<()> {
    let words = passphrase.words();
    if let Some(file) = file {
        let line = Zeroizing::new(format!("{}\n", words.as_str()));
        return write_new(file, line.as_bytes())
            .context("the passphrase goes into a new file; name another one with --passphrase-out. Nothing was sent");
    }
    if env.json {
        bail!("with --json, say where the passphrase goes: --passphrase-out FILE. Nothing was sent");
    }
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "Your passphrase:\n\n    {}\n\nWrite the twelve words down on paper before you go on. They are the only way back to this tip: nobody can give\nthem to you again.\n",
        words.as_str()
    )
    .and_then(|()| out.flush())
    .context("your passphrase could not be shown; nothing was sent")?;
    // Whoever sits there is asked even with --yes: that speaks of sending, and not of having written words down.
    if !std::io::stdin().is_terminal() {
        return Ok(());
    }
    let words: Vec<&str> = words.split_whitespace().collect();
    let first = env.rng.next_u32() as usize % words.len().max(1);
    // Another one than the first.
    let second = (first + 1 + env.rng.next_u32() as usize % words.len().saturating_sub(1).max(1)) % words.len().max(1);
    for place in [first, second] {
        let word = words.get(place).copied().unwrap_or_default();
        ask(place + 1, word)?;
    }
    Ok(())
}

/// Asks for one of the words.
fn ask(number: usize, word: &str) -> Result<()> {
    for _ in 0..TRIES {
        let mut err = std::io::stderr().lock();
        write!(err, "From your paper, type word number {number}: ").and_then(|()| err.flush()).context("terminal")?;
        let mut line = Zeroizing::new(String::new());
        std::io::stdin().lock().read_line(&mut line).context("terminal")?;
        if line.trim().to_lowercase() == word {
            return Ok(());
        }
        writeln!(err, "That is not the word. Look at what is shown above.").context("terminal")?;
    }
    bail!("The words were not typed as they are shown. Nothing was sent.")
}

/// A folder that can take receipts, tried before there are any.
pub(super) struct ReceiptFolder(Option<PathBuf>);

impl ReceiptFolder {
    /// Makes the folder if it is not there.
    ///
    /// # Errors
    /// It cannot be written to, or holds receipts already. Nothing was sent.
    pub(super) fn prepare(folder: Option<&Path>) -> Result<Self> {
        let Some(folder) = folder else { return Ok(Self(None)) };
        let unsent = || format!("{}: receipts cannot be kept there. Nothing was sent", folder.display());
        fs::create_dir_all(folder).with_context(unsent)?;
        for entry in fs::read_dir(folder).with_context(unsent)? {
            let name = entry.with_context(unsent)?.file_name();
            if name.to_string_lossy().starts_with("receipt-") {
                bail!("{} holds receipts of an earlier time: name another folder. Nothing was sent", folder.display());
            }
        }
        let probe = folder.join("receipt-0.txt");
        write_new(&probe, &[0; 4096]).with_context(unsent)?;
        fs::remove_file(&probe).with_context(unsent)?;
        Ok(Self(Some(folder.to_owned())))
    }

    /// Writes the receipts. What was sent stays sent: if a file cannot be written now, the receipt is in the text that
    /// is answered, which the person can still copy.
    pub(super) fn keep(&self, receipts: &[ReceiptFile]) -> String {
        let Some(folder) = &self.0 else { return String::new() };
        let mut said = String::new();
        for (i, receipt) in receipts.iter().enumerate() {
            let path = folder.join(format!("receipt-{}.txt", i + 1));
            let text = receipt.to_text();
            if let Err(e) = write_new(&path, text.as_bytes()) {
                said.push_str(&format!(
                    "\n\nThis receipt could not be written ({}). Keep it yourself:\n{text}",
                    plain(&e.to_string())
                ));
            }
        }
        said
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_folder_is_tried_before_anything_is_sent() {
        let folder = tempfile::tempdir().unwrap();
        let new = folder.path().join("new");
        ReceiptFolder::prepare(Some(&new)).unwrap();
        assert_eq!(fs::read_dir(&new).unwrap().count(), 0, "and left as it was");
        fs::write(new.join("receipt-1.txt"), "x").unwrap();
        let used = ReceiptFolder::prepare(Some(&new)).err().unwrap();
        assert!(used.to_string().ends_with("Nothing was sent"), "{used}");
        let file = folder.path().join("file");
        fs::write(&file, "x").unwrap();
        for bad in [file.as_path(), Path::new("/proc/receipts")] {
            assert!(format!("{:#}", ReceiptFolder::prepare(Some(bad)).err().unwrap()).contains("Nothing was sent"));
        }
        assert!(ReceiptFolder::prepare(None).unwrap().keep(&[]).is_empty());
    }
}
