//! The vectors of what the engines say and keep, in `vectors/client/`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod case_keys;
mod messages;
mod source_state;

use ciborium::Value as Cbor;
use serde_json::{Value as Json, json};
use subrosa_crypto::passphrase::{MasterKey, Passphrase};

/// The members of a CBOR map.
type Pairs = Vec<(Cbor, Cbor)>;

/// The programme of every vector.
const PROGRAMME: &str = "whistle.example/demo";

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
