#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::disallowed_methods, reason = "tests")]

use std::{io::Write as _, path::Path};

use serde_json::Value;
use subrosa_vectors::CountingRng;

use super::*;
use crate::{file::age_format::seal_whole, sign::Domain};

pub(super) fn identity(byte: u8) -> IntakeIdentity {
    IntakeIdentity::from_seed(Secret32::new([byte; 32]))
}

pub(super) fn hybrid_file(byte: u8, plaintext: &[u8], rng: &mut CountingRng) -> Vec<u8> {
    let recipient = HybridRecipient::from_str(&identity(byte).recipients().hybrid[0]).unwrap();
    seal_whole(&recipient, plaintext, rng).unwrap()
}

/// With the age crate's own writer, as somebody else's program would.
fn sealed_by_age(recipients: &[&dyn age::Recipient], plaintext: &[u8]) -> Vec<u8> {
    let encryptor = age::Encryptor::with_recipients(recipients.iter().copied()).unwrap();
    let mut out = Vec::new();
    let mut writer = encryptor.wrap_output(&mut out).unwrap();
    writer.write_all(plaintext).unwrap();
    writer.finish().unwrap();
    out
}

fn bare(file: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    dearmored(file).read_to_end(&mut out).unwrap();
    out
}

#[test]
fn every_officer_opens_the_same_file_to_the_same_case() {
    let mut all = identity(1).recipients();
    all.extend(&identity(2).recipients());
    let both: Vec<HybridRecipient> = all.hybrid.iter().map(|r| r.parse().unwrap()).collect();
    let refs: Vec<&dyn age::Recipient> = both.iter().map(|r| r as _).collect();
    let file = sealed_by_age(&refs, b"the log was switched off");
    assert_eq!(inspect(file.as_slice()), Ok(Strength::PostQuantum));
    let (one, two) = (identity(1).open(&file).unwrap(), identity(2).open(&file).unwrap());
    assert_eq!(one.plaintext.as_slice(), b"the log was switched off");
    assert_eq!(one.case_secret.expose(), two.case_secret.expose());
    assert_eq!(identity(3).open(&file).unwrap_err(), OpenSealedError::NotForUs);
    let again = sealed_by_age(&refs, b"the log was switched off");
    assert_ne!(identity(1).open(&again).unwrap().case_secret.expose(), one.case_secret.expose());
}

#[test]
fn the_header_tells_what_it_can_and_nothing_else_passes() {
    let classic: age::x25519::Recipient = identity(1).recipients().classic[0].parse().unwrap();
    let file = sealed_by_age(&[&classic], b"x");
    assert_eq!(inspect(file.as_slice()), Ok(Strength::Classic));
    assert_eq!(identity(1).open(&file).unwrap().plaintext.as_slice(), b"x");
    for end in [0, 10, 21, 60, 100, file.len() / 2] {
        assert_eq!(inspect(&file[..end.min(150)]), Err(NotSealed::NotAge), "{end}");
    }
    assert_eq!(inspect(&b"-----BEGIN PGP MESSAGE-----"[..]), Err(NotSealed::NotAge));
    let endless = [b"age-encryption.org/v1\n".as_slice(), &b"-> X25519 aaaa\nbbbb\n".repeat(10_000)].concat();
    assert_eq!(inspect(endless.as_slice()), Err(NotSealed::NotAge));
    let mut altered = file.clone();
    *altered.last_mut().unwrap() ^= 1;
    assert_eq!(identity(1).open(&altered).unwrap_err(), OpenSealedError::Damaged);
    assert_eq!(identity(1).open(&file[..file.len() - 1]).unwrap_err(), OpenSealedError::Damaged);
}

#[test]
fn recipients_read_and_write() {
    let mut all = identity(1).recipients();
    all.extend(&identity(2).recipients());
    all.extend(&identity(1).recipients());
    assert_eq!((all.hybrid.len(), all.classic.len()), (2, 2));
    let text = all.to_string();
    assert_eq!(IntakeRecipients::parse(&text).unwrap(), all);
    let one = identity(1).recipients().classic[0].clone();
    for (bad, line) in [
        (String::new(), 1),
        (text.replace("version 1", "version 2"), 1),
        (format!("{text}{}\n", all.hybrid[0]), 6),
        (format!("{text}age1nobody\n"), 6),
        (text.replace(&one, &one.to_uppercase()), 4),
        (format!("{HEADING}\n{one}\n"), 1),
    ] {
        assert_eq!(IntakeRecipients::parse(&bad).unwrap_err().line, line, "{bad}");
    }
}

#[test]
fn nobody_can_sign_under_no_claim_key() {
    // With a key of small order some signatures pass a check that is not strict: R of small order, S zero.
    for r in [[0u8; 32], {
        let mut one = [0; 32];
        one[0] = 1;
        one
    }] {
        let mut signature = [0; 64];
        signature[..32].copy_from_slice(&r);
        for n in 0..64u8 {
            assert!(NO_CLAIM_KEY.verify(Domain::CLAIM, &[n], &signature).is_err());
        }
    }
}

/// Files that Debian's age 1.1 wrote, to the classic recipients of the seeds 01… and 02…, armoured and not.
#[test]
fn files_of_another_program_open() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/intake/recorded.json");
    let recorded: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let files = recorded["files"].as_array().unwrap();
    assert!(files.len() >= 2);
    for f in files {
        let bytes = bare(f["file"].as_str().map(|h| hex::decode(h).unwrap()).unwrap().as_slice());
        assert_eq!(inspect(bytes.as_slice()), Ok(Strength::Classic));
        for seed in [1, 2] {
            let opened = identity(seed).open(&bytes).unwrap();
            assert_eq!(hex::encode(&*opened.plaintext), f["plaintext"].as_str().unwrap());
        }
    }
}
