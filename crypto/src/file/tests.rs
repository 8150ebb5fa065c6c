#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
use super::*;
use crate::wire::BLOB_LEN;

pub(super) fn content(len: usize) -> Vec<u8> {
    (0..len).map(|i| (i * 7 + i / 251) as u8).collect()
}

pub(super) fn manifest(content: &[u8], seed: u8) -> FileManifest {
    let fingerprint = Fingerprint::of(content).unwrap();
    FileManifest::new("a.pdf", "application/pdf", fingerprint, FileSecret::from_secret(Secret32::new([seed; 32])))
        .unwrap()
}

pub(super) fn blobs(m: &FileManifest, content: &[u8]) -> Vec<Blob> {
    FileEncoder::new(m, content).unwrap().map(Result::unwrap).collect()
}

pub(super) fn open(m: &FileManifest, blobs: &[Blob]) -> Result<Vec<u8>, OpenFileError> {
    let mut d = FileDecoder::new(m, Vec::new());
    for b in blobs {
        d.push_blob(&b.bytes)?;
    }
    d.finish()
}

#[test]
fn files_of_every_awkward_length_come_back() {
    for len in [0, 1, 65_527, 65_528, 65_529, 260_420, 262_144, 300_000, 1_048_576, 5_000_001] {
        let c = content(len);
        let m = manifest(&c, 1);
        let b = blobs(&m, &c);
        assert_eq!(b.len(), m.blobs() as usize);
        assert!(b.iter().all(|b| b.bytes.len() == BLOB_LEN));
        assert_eq!(open(&m, &b).unwrap(), c, "{len}");
    }
}

#[test]
fn the_joined_blobs_are_one_age_file() {
    let c = content(300_000);
    let m = manifest(&c, 1);
    let file: Vec<u8> = blobs(&m, &c).into_iter().flat_map(|b| b.bytes).collect();
    let id: HybridIdentity = m.secret().identity().to_text().parse().unwrap();
    let one: &dyn age::Identity = &id;
    let mut inner = Vec::new();
    age::Decryptor::new(&file[..]).unwrap().decrypt(std::iter::once(one)).unwrap().read_to_end(&mut inner).unwrap();
    assert_eq!(inner[..8], 300_000u64.to_be_bytes());
    assert_eq!(inner[8..300_008], c);
    assert!(inner[300_008..].iter().all(|b| *b == 0));
}

#[test]
fn an_interrupted_upload_continues_with_the_same_blobs() {
    let c = content(700_000);
    let m = manifest(&c, 3);
    assert_eq!(blobs(&m, &c), blobs(&m, &c));
    // Another content under the same secret shares no byte of key stream: not even the headers agree.
    let mut other = c.clone();
    other[699_999] ^= 1;
    let o = manifest(&other, 3);
    assert_ne!(blobs(&m, &c)[0].bytes[..200], blobs(&o, &other)[0].bytes[..200]);
}

#[test]
fn names_and_capabilities_differ_for_each_blob_and_file() {
    let c = content(10);
    let (a, b) = (manifest(&c, 1), manifest(&c, 2));
    let names: std::collections::BTreeSet<_> =
        (0..10).flat_map(|i| [a.secret().blob_name(i), b.secret().blob_name(i)]).collect();
    assert_eq!(names.len(), 20);
    assert_eq!(
        a.secret().blob_name(4).0,
        kdf::digest("subrosa/capability/v1", &[a.secret().capability(4).expose().as_slice()])
    );
}

#[test]
fn each_tampering_has_its_own_answer() {
    let c = content(700_000);
    let m = manifest(&c, 1);
    let good = blobs(&m, &c);
    assert_eq!(good.len(), 3);

    let mut altered = good.clone();
    altered[1].bytes[5] ^= 1;
    assert!(matches!(open(&m, &altered), Err(OpenFileError::Altered(1))));
    let mut swapped = good.clone();
    swapped.swap(1, 2);
    assert!(matches!(open(&m, &swapped), Err(OpenFileError::Altered(1))));
    assert!(matches!(open(&m, &good[..2]), Err(OpenFileError::Incomplete { missing: 1, count: 3 })));
    let mut long = good.clone();
    long.push(good[2].clone());
    assert!(matches!(open(&m, &long), Err(OpenFileError::TooMany)));
    let mut short = good.clone();
    short[0].bytes.pop();
    assert!(matches!(open(&m, &short), Err(OpenFileError::BlobLength(0))));
    assert!(matches!(open(&manifest(&c, 2), &good), Err(OpenFileError::NotForUs)));

    let mut announced = m.clone();
    announced.sha256[0] ^= 1;
    assert!(matches!(open(&announced, &good), Err(OpenFileError::OtherContent)));
    announced = m.clone();
    announced.size -= 1;
    assert!(matches!(open(&announced, &good), Err(OpenFileError::OtherContent)));
}

#[test]
fn a_file_that_changes_while_it_is_sent_is_never_finished() {
    let c = content(300_000);
    let m = manifest(&c, 1);
    for other in [&c[..299_999], &[&c[..], b"x"].concat()[..], &content(300_001)[1..]] {
        let sent: Vec<_> = FileEncoder::new(&m, other).unwrap().collect();
        assert!(matches!(sent.last(), Some(Err(EncodeFileError::Changed))));
        assert!(sent.len() <= m.blobs() as usize);
    }
}

#[test]
fn manifests_travel_as_cbor_and_are_checked() {
    let m = manifest(&content(5), 1);
    let mut cbor = Vec::new();
    ciborium::into_writer(&m, &mut cbor).unwrap();
    let back: FileManifest = ciborium::from_reader(&cbor[..]).unwrap();
    assert_eq!(back.name(), "a.pdf");
    assert_eq!(back.fingerprint(), m.fingerprint());
    assert_eq!(back.secret().capability(0).expose(), m.secret().capability(0).expose());
    let mut wrong = m.clone();
    wrong.blobs = 9;
    let mut cbor = Vec::new();
    ciborium::into_writer(&wrong, &mut cbor).unwrap();
    assert!(ciborium::from_reader::<FileManifest, _>(&cbor[..]).is_err());
}

#[test]
fn names_that_lead_astray_are_refused_or_cleaned() {
    let make = |name: &str, media: &str| {
        let f = Fingerprint { size: 1, sha256: [0; 32] };
        FileManifest::new(name, media, f, FileSecret::from_secret(Secret32::new([0; 32]))).map(|_| ())
    };
    for bad in ["", ".", "..", "a/b", "a\\b", "a\nb", "a\u{202e}gpj.exe", &"x".repeat(256)] {
        assert_eq!(make(bad, "a/b"), Err(ManifestError::Name), "{bad:?}");
        assert_eq!(make(&safe_name(bad), "a/b"), Ok(()), "{bad:?}");
    }
    for bad in ["", "pdf", "a/", "/b", "a/b; c=d", "a/b\n"] {
        assert_eq!(make("a", bad), Err(ManifestError::MediaType), "{bad:?}");
    }
    assert_eq!(safe_name("C:\\Users\\x\\Bericht März.pdf"), "Bericht März.pdf");
}

#[test]
fn debug_prints_no_secret() {
    let c = content(5);
    let m = manifest(&c, 1);
    let e = FileEncoder::new(&m, &c[..]).unwrap();
    let d = FileDecoder::new(&m, Vec::new());
    assert_eq!(
        format!("{m:?} {:?} {e:?} {d:?}", m.secret()),
        "FileManifest([redacted], 1 blobs) FileSecret([redacted]) FileEncoder([redacted], 0 of 1) FileDecoder([redacted], 0 of 1)"
    );
}
