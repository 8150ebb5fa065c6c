#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]
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

#[derive(serde::Deserialize)]
struct Testkit {
    cases: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    expect: String,
    payload: Option<String>,
    file_key: Option<String>,
    compressed: Option<String>,
    #[serde(default)]
    armored: bool,
    #[serde(default)]
    identities: Vec<String>,
    body: String,
}

impl Case {
    fn bytes(&self) -> Vec<u8> {
        let body = base64::prelude::BASE64_STANDARD.decode(&self.body).unwrap();
        let mut raw = Vec::new();
        match self.compressed {
            Some(_) => flate2::read::ZlibDecoder::new(&body[..]).read_to_end(&mut raw).unwrap(),
            None => return body,
        };
        raw
    }
}

fn testkit() -> Vec<Case> {
    let text = include_str!("../../../../vectors/age/testkit.json");
    serde_json::from_str::<Testkit>(text).unwrap().cases
}

/// Opens a whole payload as a receiver does that knows where it ends.
fn open_payload(mut stream: Stream, sealed: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut chunks = sealed.chunks(CHUNK_LEN + super::super::stream::TAG_LEN).peekable();
    chunks.peek()?;
    while let Some(chunk) = chunks.next() {
        let mut chunk = chunk.to_vec();
        stream.open(&mut chunk, chunks.peek().is_none()).ok()?;
        out.append(&mut chunk);
    }
    Some(out)
}

#[test]
fn our_stream_agrees_with_every_payload_of_the_testkit() {
    use sha2::Digest;
    let mut seen = 0;
    for c in testkit() {
        let payload_case = matches!(c.expect.as_str(), "success" | "payload failure");
        let (Some(key), true, false) = (&c.file_key, payload_case, c.armored) else { continue };
        let key: [u8; 16] = hex::decode(key).unwrap().try_into().unwrap();
        let bytes = c.bytes();
        let mac_line = bytes.windows(5).position(|w| w == b"\n--- ").unwrap() + 1;
        let header_end = mac_line + bytes[mac_line..].iter().position(|b| *b == b'\n').unwrap() + 1;
        let opened = bytes[header_end..]
            .split_first_chunk::<NONCE_LEN>()
            .and_then(|(nonce, sealed)| open_payload(Stream::new(&payload_key(&key, nonce)), sealed));
        match (c.expect.as_str(), opened) {
            ("success", Some(text)) => assert_eq!(Some(hex::encode(Sha256::digest(text))), c.payload, "{}", c.name),
            ("payload failure", None) => {}
            (expect, got) => panic!("{}: expected {expect}, opened {}", c.name, got.is_some()),
        }
        seen += 1;
    }
    assert!(seen > 30, "{seen}");
}

#[test]
fn our_header_reader_takes_the_testkits_plain_hybrid_file_and_no_faulty_one() {
    let mut opened = Vec::new();
    for c in testkit() {
        let Some(id) = c.identities.iter().find_map(|t| t.parse::<HybridIdentity>().ok()) else { continue };
        let bytes = c.bytes();
        let Some((prefix, sealed)) = bytes.split_first_chunk::<PREFIX_LEN>() else { continue };
        if let Ok(stream) = open_prefix(prefix, &id) {
            assert_eq!(c.expect, "success", "{}", c.name);
            assert!(open_payload(stream, sealed).is_some());
            opened.push(c.name);
        }
    }
    assert_eq!(opened, ["hybrid"]);
}
