//! File encryption, against the cipher alone over the same bytes.

use std::io;

use anyhow::Result;
use chacha20poly1305::{ChaCha20Poly1305, KeyInit, Nonce, aead::AeadInOut};
use sha2::{Digest, Sha256};
use subrosa_crypto::file::{FileDecoder, FileEncoder, FileManifest, FileSecret, Fingerprint};

use crate::{
    sealing::rng,
    table::{Aim, Table, median, micros},
};

const SIZE: usize = 64 * 1024 * 1024;
const CHUNK: usize = 64 * 1024;

pub(crate) fn measure(table: &mut Table) -> Result<()> {
    let content: Vec<u8> = (0..SIZE).map(|i| (i % 251) as u8).collect();
    let fingerprint = Fingerprint::of(content.as_slice())?;
    let rate = |micros: f64| SIZE as f64 / micros;
    let cipher = ChaCha20Poly1305::new(&[7; 32].into());
    let (mut bare, mut hash, mut encode, mut decode) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..3 {
        let mut copy = content.clone();
        let (t, done) = micros(|| {
            copy.chunks_mut(CHUNK)
                .try_for_each(|c| cipher.encrypt_inout_detached(&Nonce::default(), &[], c.into()).map(|_| ()))
        });
        done.map_err(|_| anyhow::anyhow!("the cipher refused"))?;
        bare.push(rate(t));
        hash.push(rate(micros(|| Sha256::digest(&content)).0));
        let manifest =
            FileManifest::new("f.bin", "application/octet-stream", fingerprint, FileSecret::random(&mut rng()))?;
        let (t, blobs) = micros(|| FileEncoder::new(&manifest, content.as_slice())?.collect::<Result<Vec<_>, _>>());
        encode.push(rate(t));
        let blobs = blobs?;
        let (t, done) = micros(|| {
            let mut decoder = FileDecoder::new(&manifest, io::sink());
            blobs.iter().try_for_each(|b| decoder.push_blob(&b.bytes))?;
            decoder.finish()
        });
        decode.push(rate(t));
        done?;
    }
    let (bare, hash) = (median(bare), median(hash));
    // Both ways the content is hashed as well: the two one after the other.
    let both = 1.0 / (1.0 / bare + 1.0 / hash);
    table.note("floor: ChaCha20-Poly1305 over the same bytes; the engine also hashes the content, so a second floor has SHA-256 too");
    let (encode, decode) = (median(encode), median(decode));
    table.line("age file, encrypt: MB a second", "MB/s", encode, Some(bare), Aim::None);
    table.line("age file, decrypt: MB a second", "MB/s", decode, Some(bare), Aim::None);
    table.line("age file, encrypt, against cipher + SHA-256", "MB/s", encode, Some(both), Aim::None);
    table.line("age file, decrypt, against cipher + SHA-256", "MB/s", decode, Some(both), Aim::None);
    Ok(())
}
