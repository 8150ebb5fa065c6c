//! The vectors of what the engines say and keep, in `vectors/client/`. `SUBROSA_WRITE_VECTORS=1` writes them anew;
//! otherwise they must stand there as generated.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "vectors are files, and tests may stop"
)]

mod case_keys;
mod messages;
mod source_state;

use std::path::{Path, PathBuf};

use ciborium::Value as Cbor;
use serde_json::{Value as Json, json};
use subrosa_crypto::{
    kdf,
    passphrase::{MasterKey, Passphrase},
};

/// The members of a CBOR map.
type Pairs = Vec<(Cbor, Cbor)>;

/// The programme of every vector.
const PROGRAMME: &str = "whistle.example/demo";

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/client").join(name)
}

/// Compares `value` with the file `name`.
fn hold(name: &str, value: &Json) {
    let path = path(name);
    let text = serde_json::to_string_pretty(value).unwrap() + "\n";
    if std::env::var_os("SUBROSA_WRITE_VECTORS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
    }
    let standing = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(text == standing, "vectors/client/{name} differs: run `make vectors`");
}

/// The master key of the entropy `00 01 … 0f`.
fn master() -> MasterKey {
    Passphrase::from_entropy(&core::array::from_fn(|i| i as u8)).master_key(PROGRAMME)
}

/// CBOR as JSON that loses nothing which these formats use: a byte string is `{"bytes": hex}`, a map is a list of pairs
/// in their order.
fn shown(value: &Cbor) -> Json {
    match value {
        Cbor::Integer(n) => json!(u64::try_from(*n).unwrap()),
        Cbor::Bytes(b) => json!({ "bytes": hex::encode(b) }),
        Cbor::Text(t) => json!(t),
        Cbor::Bool(b) => json!(b),
        Cbor::Null => Json::Null,
        Cbor::Array(items) => items.iter().map(shown).collect(),
        Cbor::Map(pairs) => json!({ "map": pairs.iter().map(|(k, v)| json!([shown(k), shown(v)])).collect::<Json>() }),
        other => unreachable!("{other:?} is not used"),
    }
}

/// `01` and a CBOR value.
fn framed(value: &Cbor) -> Vec<u8> {
    framed_as(1, value)
}

/// A version byte and a CBOR value.
fn framed_as(version: u8, value: &Cbor) -> Vec<u8> {
    let mut out = vec![version];
    ciborium::into_writer(value, &mut out).unwrap();
    out
}

/// The CBOR value behind the version byte.
fn unframed(bytes: &[u8]) -> Cbor {
    ciborium::from_reader(&bytes[1..]).unwrap()
}

/// The map at `path`, a list of member names.
fn at<'v>(value: &'v mut Cbor, path: &[&str]) -> &'v mut Pairs {
    let mut here = value;
    for name in path {
        let pairs = here.as_map_mut().unwrap();
        here = pairs.iter_mut().find(|(k, _)| k.as_text() == Some(name)).map(|(_, v)| v).unwrap();
    }
    here.as_map_mut().unwrap()
}

/// Randomness for vectors: SHA-256 of a counter, in order.
#[derive(Default)]
struct CountingRng(u64);

impl rand_core::TryRng for CountingRng {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut b = [0; 4];
        self.try_fill_bytes(&mut b)?;
        Ok(u32::from_be_bytes(b))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut b = [0; 8];
        self.try_fill_bytes(&mut b)?;
        Ok(u64::from_be_bytes(b))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        for chunk in out.chunks_mut(32) {
            let block = kdf::sha256(&self.0.to_be_bytes());
            self.0 += 1;
            chunk.iter_mut().zip(block).for_each(|(to, from)| *to = from);
        }
        Ok(())
    }
}

impl rand_core::TryCryptoRng for CountingRng {}
