#![expect(clippy::unwrap_used, reason = "tests")]
use std::io::Read;

use getrandom::SysRng;
use rand_core::UnwrapErr;

use super::*;
use crate::secret::Secret32;

fn identity(b: u8) -> HybridIdentity {
    HybridIdentity::from_secret(Secret32::new([b; 32]))
}

fn age_open(bytes: &[u8], id: &HybridIdentity) -> Result<Vec<u8>, age::DecryptError> {
    let mut out = Vec::new();
    let one: &dyn age::Identity = id;
    age::Decryptor::new(bytes)?.decrypt(std::iter::once(one))?.read_to_end(&mut out)?;
    Ok(out)
}

#[test]
fn the_age_crate_reads_what_is_written_here() {
    let rng = &mut UnwrapErr(SysRng);
    for len in [0, 1, CHUNK_LEN - 1, CHUNK_LEN, CHUNK_LEN + 1, 3 * CHUNK_LEN] {
        let text: Vec<u8> = (0..len).map(|i| i as u8).collect();
        let sealed = seal_whole(&identity(1).recipient(), &text, rng).unwrap();
        assert_eq!(age_open(&sealed, &identity(1)).unwrap(), text);
        assert!(matches!(age_open(&sealed, &identity(2)), Err(age::DecryptError::NoMatchingKeys)));
        assert_eq!(sealed.len(), PREFIX_LEN + len + 16 * len.div_ceil(CHUNK_LEN).max(1));
    }
}

#[test]
fn a_prefix_opens_only_unaltered() {
    let rng = &mut UnwrapErr(SysRng);
    let sealed = seal_whole(&identity(1).recipient(), b"x", rng).unwrap();
    let prefix = *sealed.first_chunk::<PREFIX_LEN>().unwrap();
    assert!(open_prefix(&prefix, &identity(1)).is_ok());
    assert!(matches!(open_prefix(&prefix, &identity(2)), Err(PrefixError::NotForUs)));
    for i in 0..HEADER_LEN {
        let mut bad = prefix;
        bad[i] ^= 1;
        assert!(open_prefix(&bad, &identity(1)).is_err(), "byte {i}");
    }
}

#[test]
fn identities_and_recipients_have_ages_text_form() {
    let id = identity(9);
    let text = id.to_text();
    assert!(text.starts_with("AGE-SECRET-KEY-PQ-1"));
    let again: HybridIdentity = text.parse().unwrap();
    assert!(again.recipient() == id.recipient());
    let public = id.recipient().to_string();
    assert!(public.starts_with("age1pq1") && public.len() == 1959);
    assert!(public.parse::<HybridRecipient>().unwrap() == id.recipient());
    assert!("age1qqqq".parse::<HybridRecipient>().is_err());
    assert_eq!(format!("{id:?}"), "HybridIdentity([redacted])");
}
