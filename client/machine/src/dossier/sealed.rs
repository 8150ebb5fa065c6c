//! The envelope of a dossier: an age file to whoever gets it.

use std::io::Read;

use subrosa_crypto::file::{HybridIdentity, HybridRecipient};

use super::DossierError;

/// The longest dossier: bytes.
pub const DOSSIER_MAX: usize = 1 << 30;

/// Encrypts a dossier to age recipients: X25519 (`age1…`) or hybrid with ML-KEM-768 (`age1pq1…`). They cannot be mixed:
/// a post-quantum file would then open without it.
///
/// # Errors
/// Not a recipient, or none.
pub fn encrypt(archive: &[u8], to: &[String]) -> Result<Vec<u8>, DossierError> {
    let mut recipients: Vec<Box<dyn age::Recipient>> = Vec::new();
    for text in to {
        let text = text.trim();
        if let Ok(hybrid) = text.parse::<HybridRecipient>() {
            recipients.push(Box::new(hybrid));
        } else {
            let plain: age::x25519::Recipient = text.parse().map_err(|_| DossierError::Recipient(text.to_owned()))?;
            recipients.push(Box::new(plain));
        }
    }
    if recipients.is_empty() {
        return Err(DossierError::Nobody);
    }
    let failed = |e: &dyn core::fmt::Display| DossierError::Age(e.to_string());
    let encryptor = age::Encryptor::with_recipients(recipients.iter().map(|r| &**r)).map_err(|e| failed(&e))?;
    let mut out = Vec::new();
    let mut writer = encryptor.wrap_output(&mut out).map_err(|e| failed(&e))?;
    std::io::Write::write_all(&mut writer, archive).map_err(|e| failed(&e))?;
    writer.finish().map_err(|e| failed(&e))?;
    Ok(out)
}

/// Opens an encrypted dossier with the identities of an age identity file.
///
/// # Errors
/// No identity, or none that fits.
pub fn decrypt(file: &[u8], identity_file: &str) -> Result<Vec<u8>, DossierError> {
    let mut identities: Vec<Box<dyn age::Identity>> = Vec::new();
    for line in identity_file.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        if let Ok(hybrid) = line.parse::<HybridIdentity>() {
            identities.push(Box::new(hybrid));
        } else if let Ok(plain) = line.parse::<age::x25519::Identity>() {
            identities.push(Box::new(plain));
        } else {
            return Err(DossierError::Identity);
        }
    }
    if identities.is_empty() {
        return Err(DossierError::Identity);
    }
    let failed = |e: &dyn core::fmt::Display| DossierError::Age(e.to_string());
    let decryptor = age::Decryptor::new(file).map_err(|e| failed(&e))?;
    let reader = decryptor.decrypt(identities.iter().map(|i| &**i)).map_err(|e| failed(&e))?;
    let mut out = Vec::new();
    reader.take(DOSSIER_MAX as u64).read_to_end(&mut out).map_err(|e| failed(&e))?;
    Ok(out)
}
