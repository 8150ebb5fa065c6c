//! `vectors/cbor.json`: one value, its encoding, and every other way of writing it, which a reader refuses.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use serde::{Deserialize, Serialize};
use serde_json::json;
use subrosa_vectors::hold;

use super::{CborError, read, write};

/// A member of each kind that our formats have.
#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(deny_unknown_fields)]
struct Sample {
    name: String,
    count: u64,
    #[serde(with = "serde_bytes")]
    key: Vec<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<u64>,
    kind: Kind,
    parts: Vec<u32>,
}

#[derive(Serialize, Deserialize, PartialEq, Debug)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Plain,
    Due { at: u64 },
}

fn sample() -> Sample {
    Sample {
        name: "hall".into(),
        count: 7,
        key: vec![1, 2, 3],
        until: None,
        kind: Kind::Due { at: 300 },
        parts: vec![1, 500],
    }
}

/// `a5`, and the five members of the sample, in order.
const MEMBERS: [&str; 5] = [
    "646e616d65",   /* name */
    "65636f756e74", /* count */
    "636b6579",     /* key */
    "646b696e64",   /* kind */
    "657061727473", /* parts */
];
const VALUES: [&str; 5] = ["6468616c6c", "07", "43010203", "a163647565a162617419012c", "82011901f4"];

/// The sample with other values for some members.
fn with(other: &[(usize, &str)]) -> String {
    let value = |n: usize| other.iter().find(|(m, _)| *m == n).map_or(VALUES[n], |(_, v)| *v);
    let members: String = (0..5).map(|n| format!("{}{}", MEMBERS[n], value(n))).collect();
    format!("a5{members}")
}

/// What a reader refuses: why, and the bytes.
fn refused() -> Vec<(&'static str, String)> {
    let one = with(&[]);
    let member = |n: usize| format!("{}{}", MEMBERS[n], VALUES[n]);
    let order = format!("a5{}{}{}{}{}", member(1), member(0), member(2), member(3), member(4));
    vec![
        ("two members in another order", order),
        ("a member twice", format!("a6{}{}", member(1), &one[2..])),
        ("a member twice, with two values", format!("a6{}08{}", MEMBERS[1], &one[2..])),
        ("a member that the format does not have", format!("a6{}6178{}", &one[2..], "01")),
        ("a member too few", format!("a4{}{}{}{}", member(0), member(1), member(2), member(3))),
        ("a map of indefinite length", format!("bf{}ff", &one[2..])),
        ("a map whose length is written long", format!("b805{}", &one[2..])),
        (
            "an optional member that is null",
            format!("a6{}{}{}65756e74696cf6{}{}", member(0), member(1), member(2), member(3), member(4)),
        ),
        ("a number in two bytes instead of one", with(&[(1, "1807")])),
        ("a number in nine bytes instead of one", with(&[(1, "1b0000000000000007")])),
        ("a number as a floating-point number", with(&[(1, "f94700")])),
        ("a number as a bignum", with(&[(1, "c24107")])),
        ("a number with a tag", with(&[(1, "d82507")])),
        ("a negative number", with(&[(1, "26")])),
        ("a text whose length is written long", with(&[(0, "780468616c6c")])),
        ("a text of indefinite length", with(&[(0, "7f626861626c6cff")])),
        ("a byte string for a text", with(&[(0, "4468616c6c")])),
        ("a text that is not UTF-8", with(&[(0, "64ff616c6c")])),
        ("a list for a byte string", with(&[(2, "83010203")])),
        ("a text for a byte string", with(&[(2, "63616263")])),
        ("a byte string of indefinite length", with(&[(2, "5f4101420203ff")])),
        ("a list of indefinite length", with(&[(4, "9f011901f4ff")])),
        ("a list whose length is written long", with(&[(4, "9802011901f4")])),
        ("a choice as a number", with(&[(3, "00")])),
        ("a choice that the format does not have", with(&[(3, "656f74686572")])),
        ("the whole with a tag (self-described CBOR)", format!("d9d9f7{one}")),
        ("the whole as a list", format!("85{}", VALUES.concat())),
        ("cut off", one[..one.len() - 2].to_owned()),
        ("a byte behind it", format!("{one}00")),
        ("nothing", String::new()),
    ]
}

#[test]
fn cbor_vectors_hold() {
    let mut bytes = Vec::new();
    write(&sample(), &mut bytes).unwrap();
    assert_eq!(hex::encode(&bytes), with(&[]));
    assert_eq!(read::<Sample>(&bytes), Ok(sample()));
    let cases: Vec<_> = refused()
        .into_iter()
        .map(|(why, encoded)| {
            let got = read::<Sample>(&hex::decode(&encoded).unwrap());
            assert!(got.is_err(), "{why} is refused");
            json!({ "why": why, "cbor": encoded })
        })
        .collect();
    hold(
        "cbor.json",
        &json!({
            "about": "One value with a member of each kind that the formats have, its only encoding, and others that a \
                      reader refuses. `key` is a byte string, `until` is left out where there is none, `kind` is a \
                      text or a map of one member. See docs/spec/conventions.md, section 1.",
            "value": { "name": "hall", "count": 7, "key": "010203", "kind": { "due": { "at": 300 } }, "parts": [1, 500] },
            "cbor": hex::encode(&bytes),
            "refused": cases,
        }),
    );
}

#[test]
fn nesting_without_end_is_refused() {
    assert_eq!(read::<Sample>(&[0x81; 100_000]).unwrap_err(), CborError::Malformed);
    assert_eq!(read::<ciborium::Value>(&[vec![0x81; 100], vec![0x00]].concat()).unwrap_err(), CborError::Malformed);
}
