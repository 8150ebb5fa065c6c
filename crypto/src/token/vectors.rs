//! `vectors/tokens/tokens.json`: a token's whole way, and what must be refused.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use serde_json::{Value, json};

use super::{
    tests::{d, keyset},
    *,
};
use subrosa_vectors::{CountingRng, hold};

use crate::secret::Secret32;

const PROGRAMME: &[u8] = b"vectors";
const AWARD: AwardRef = AwardRef([0xaa; 32]);

fn denominations() -> Vec<Denomination> {
    [100, 200, 500].map(d).to_vec()
}

/// Keyset 1 of the vectors: issuers 1 and 3, both needed.
fn entry() -> KeysetEntry {
    keyset(PROGRAMME, 1, 2, &[1, 3], &denominations()).0
}

fn issuer(i: u8) -> (IssuerSecret, Issuer) {
    let secret = keyset(PROGRAMME, 1, 2, &[1, 3], &denominations()).1.into_iter().find(|s| s.index().0 == i).unwrap();
    let public = entry().verify().unwrap().issuer(IssuerIndex(i)).unwrap().clone();
    (secret, public)
}

/// What a reader of each format answers, in words that another implementation can share.
fn outcome(format: &str, bytes: &[u8], want: &[Denomination], checked: &CheckedBatch) -> &'static str {
    let (secret, public) = issuer(1);
    match format {
        "blinded-batch" => match BlindedBatch::decode(bytes).map(|b| b.verify(want)) {
            Err(_) => "malformed",
            Ok(Err(BatchError::Amount)) => "wrong amount",
            Ok(Err(BatchError::Element)) => "bad element",
            Ok(Err(BatchError::Repeated)) => "repeated element",
            Ok(Ok(_)) => "valid",
        },
        "evaluated-batch" => match EvaluatedBatch::decode(bytes).map(|b| b.verify(checked, &public)) {
            Err(_) => "malformed",
            Ok(Err(EvaluationError::Mismatch)) => "mismatch",
            Ok(Err(EvaluationError::Element)) => "bad element",
            Ok(Err(EvaluationError::Proof(_))) => "bad proof",
            Ok(Err(EvaluationError::Key(_))) => "no key",
            Ok(Ok(_)) => "valid",
        },
        "token" => match Token::decode(bytes).map(|t| Presentation::of(&[t], IssuerIndex(1))) {
            Err(_) => "malformed",
            Ok(None) => "no share",
            Ok(Some(shown)) => match secret.recognise(&shown) {
                Err(ShareError::NotOurs) => "no share",
                Err(ShareError::Wrong) => "wrong share",
                Ok(_) => "valid",
            },
        },
        "presentation" => match Presentation::decode(bytes).map(|p| secret.recognise(&p)) {
            Err(_) => "malformed",
            Ok(Err(ShareError::NotOurs)) => "no share",
            Ok(Err(ShareError::Wrong)) => "wrong share",
            Ok(Ok(_)) => "valid",
        },
        "redemption-proof" => match RedemptionProof::decode(bytes).map(|p| p.verify(&public)) {
            Err(_) => "malformed",
            Ok(Err(RedemptionError::Issuer)) => "mismatch",
            Ok(Err(RedemptionError::Key(_))) => "no key",
            Ok(Err(RedemptionError::Element)) => "bad element",
            Ok(Err(RedemptionError::Proof(_))) => "bad proof",
            Ok(Ok(_)) => "valid",
        },
        "token-file" => match TokenFile::parse(core::str::from_utf8(bytes).unwrap()) {
            Err(TokenFileError::NotATokenFile) => "not a token file",
            Err(TokenFileError::Line(_)) => "damaged line",
            Err(TokenFileError::Check) => "wrong check",
            Ok(_) => "valid",
        },
        _ => "unknown format",
    }
}

fn with(bytes: &[u8], change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut out = bytes.to_vec();
    change(&mut out);
    out
}

fn swap(bytes: &mut [u8], a: usize, b: usize, n: usize) {
    for i in 0..n {
        bytes.swap(a + i, b + i);
    }
}

/// What is made once and then damaged.
struct Made {
    want: Vec<Denomination>,
    rest: u64,
    checked: CheckedBatch,
    request: Vec<u8>,
    evaluated: Vec<Vec<u8>>,
    encoded: Vec<Vec<u8>>,
    shown: Vec<u8>,
    proof: Vec<u8>,
    file: TokenFile,
    text: String,
}

fn made() -> Made {
    let (want, rest) = split(1_250, &denominations());
    assert_eq!(rest, 50);
    let secret = Secret32::new([0x55; 32]);
    let pending = PendingTokens::derive(&secret, PROGRAMME, AWARD, &want).unwrap();
    let request = pending.request().encode();
    let checked = pending.request().verify(&want).unwrap();
    let mut rng = CountingRng::from(1);
    let mut shares = Vec::new();
    let mut evaluated = Vec::new();
    for i in [1, 3] {
        let (secret, public) = issuer(i);
        let answer = secret.evaluate(&checked, &mut rng).unwrap();
        shares.push(pending.finalize(&answer, &public).unwrap());
        evaluated.push(answer.encode());
    }
    let tokens = pending.assemble(&entry().verify().unwrap(), &shares).unwrap();
    let encoded: Vec<Vec<u8>> = tokens.iter().map(|t| t.encode().to_vec()).collect();
    let presented = Presentation::of(&tokens, IssuerIndex(1)).unwrap();
    let verified = issuer(1).0.recognise(&presented).unwrap();
    let shown = presented.encode();
    let proof = issuer(1).0.prove_redemption(&verified, &mut rng).unwrap().encode();
    let file = TokenFile { programme: "vectors".into(), tokens };
    let text = file.to_text().to_string();
    Made { want, rest, checked, request, evaluated, encoded, shown, proof, file, text }
}

type Case = (&'static str, &'static str, Vec<u8>);

/// Where the first element of a batch stands: behind version, award, number of groups, denomination and count.
const ELEMENT: usize = 1 + 32 + 2 + 8 + 2;

fn blinded_cases(request: &[u8]) -> Vec<Case> {
    vec![
        ("blinded-batch", "as made", request.to_vec()),
        ("blinded-batch", "version 2", with(request, |b| b[0] = 2)),
        ("blinded-batch", "one byte more", with(request, |b| b.push(0))),
        ("blinded-batch", "one byte less", with(request, |b| b.truncate(b.len() - 1))),
        (
            "blinded-batch",
            "no groups",
            with(request, |b| {
                b.truncate(33);
                b.extend([0, 0]);
            }),
        ),
        ("blinded-batch", "denomination zero", with(request, |b| b[35..43].fill(0))),
        ("blinded-batch", "another denomination", with(request, |b| b[42] += 1)),
        ("blinded-batch", "count zero", with(request, |b| b[43..45].fill(0))),
        ("blinded-batch", "identity element", with(request, |b| b[ELEMENT..ELEMENT + 32].fill(0))),
        ("blinded-batch", "element not canonical", with(request, |b| b[ELEMENT..ELEMENT + 32].fill(0xff))),
        ("blinded-batch", "negative element", with(request, |b| b[ELEMENT] |= 1)),
    ]
}

fn evaluated_cases(evaluated: &[Vec<u8>]) -> Vec<Case> {
    vec![
        ("evaluated-batch", "as made", evaluated[0].clone()),
        ("evaluated-batch", "from another issuer", evaluated[1].clone()),
        ("evaluated-batch", "another issuer's answer under our number", with(&evaluated[1], |b| b[65] = 1)),
        ("evaluated-batch", "another award", with(&evaluated[0], |b| b[33] ^= 1)),
        ("evaluated-batch", "another keyset", with(&evaluated[0], |b| b[1] ^= 1)),
        ("evaluated-batch", "version 1", with(&evaluated[0], |b| b[0] = 1)),
        (
            "evaluated-batch",
            "proof changed",
            with(&evaluated[0], |b| {
                let n = b.len();
                b[n - 32] ^= 1;
            }),
        ),
        (
            "evaluated-batch",
            "scalar of the proof not reduced",
            with(&evaluated[0], |b| {
                let n = b.len();
                b[n - 1] = 0xff;
            }),
        ),
        ("evaluated-batch", "identity element", with(&evaluated[0], |b| b[ELEMENT + 33..ELEMENT + 65].fill(0))),
        ("evaluated-batch", "elements exchanged", {
            // The last group has two tokens of 5 euros: elements, then proof.
            let n = evaluated[0].len();
            with(&evaluated[0], |b| swap(b, n - 128, n - 96, 32))
        }),
        ("evaluated-batch", "one byte more", with(&evaluated[0], |b| b.push(0))),
    ]
}

fn token_cases(encoded: &[Vec<u8>]) -> Vec<Case> {
    vec![
        ("token", "as made", encoded[0].clone()),
        ("token", "another keyset", with(&encoded[0], |b| b[1] ^= 1)),
        ("token", "another denomination", with(&encoded[0], |b| b[40] = 100)),
        ("token", "another seed", with(&encoded[0], |b| b[41] ^= 1)),
        ("token", "share changed", with(&encoded[0], |b| b[75] ^= 1)),
        (
            "token",
            "without our share",
            with(&encoded[0], |b| {
                b.drain(74..74 + 65);
                b[73] = 1;
            }),
        ),
        ("token", "unknown denomination", with(&encoded[0], |b| b[39] = 0x7f)),
        ("token", "issuers out of order", with(&encoded[0], |b| swap(b, 74, 74 + 65, 65))),
        (
            "token",
            "no shares",
            with(&encoded[0], |b| {
                b.truncate(73);
                b.push(0);
            }),
        ),
        ("token", "version 1", with(&encoded[0], |b| b[0] = 1)),
    ]
}

/// Where the first row of a presentation stands: behind version, keyset, issuer and count. A row has 104 bytes.
const ROW: usize = 1 + 32 + 1 + 2;

fn presentation_cases(shown: &[u8]) -> Vec<Case> {
    vec![
        ("presentation", "as made", shown.to_vec()),
        ("presentation", "version 2", with(shown, |b| b[0] = 2)),
        ("presentation", "another keyset", with(shown, |b| b[1] ^= 1)),
        ("presentation", "another issuer", with(shown, |b| b[33] = 3)),
        ("presentation", "another denomination", with(shown, |b| b[ROW + 7] = 100)),
        ("presentation", "another input", with(shown, |b| b[ROW + 8] ^= 1)),
        ("presentation", "share changed", with(shown, |b| b[ROW + 40] ^= 1)),
        ("presentation", "tokens out of order", with(shown, |b| swap(b, ROW, ROW + 104, 104))),
        ("presentation", "one token twice", with(shown, |b| b.copy_within(ROW..ROW + 104, ROW + 104))),
        (
            "presentation",
            "no tokens",
            with(shown, |b| {
                b.truncate(ROW);
                b[34..36].fill(0);
            }),
        ),
        ("presentation", "one byte more", with(shown, |b| b.push(0))),
    ]
}

fn proof_cases(proof: &[u8]) -> Vec<Case> {
    vec![
        ("redemption-proof", "as made", proof.to_vec()),
        ("redemption-proof", "version 1", with(proof, |b| b[0] = 1)),
        ("redemption-proof", "another keyset", with(proof, |b| b[1] ^= 1)),
        ("redemption-proof", "another issuer", with(proof, |b| b[33] = 2)),
        ("redemption-proof", "another input", with(proof, |b| b[46] ^= 1)),
        ("redemption-proof", "identity element", with(proof, |b| b[46 + 32..46 + 64].fill(0))),
        ("redemption-proof", "unknown denomination", with(proof, |b| b[43] = 101)),
        (
            "redemption-proof",
            "proof changed",
            with(proof, |b| {
                let n = b.len();
                b[n - 32] ^= 1;
            }),
        ),
        ("redemption-proof", "one byte less", with(proof, |b| b.truncate(b.len() - 1))),
    ]
}

fn file_cases(text: &str) -> Vec<Case> {
    vec![
        ("token-file", "as made", text.as_bytes().to_vec()),
        ("token-file", "with Windows line ends", text.replace('\n', "\r\n").into_bytes()),
        ("token-file", "one token cut out", {
            let lines: Vec<&str> = text.lines().collect();
            [&lines[..2], &lines[3..]].concat().join("\n").into_bytes()
        }),
        ("token-file", "end cut off", text.as_bytes()[..text.len() - 30].to_vec()),
        ("token-file", "another header", text.replacen("v2", "v1", 1).into_bytes()),
    ]
}

/// A request for two tokens in which both have one element.
fn repeated_case(request: &[u8]) -> Case {
    let n = request.len();
    ("blinded-batch", "element twice", with(request, |b| b.copy_within(n - 64..n - 32, n - 32)))
}

fn cases(m: &Made) -> Vec<Value> {
    let mut cases = blinded_cases(&m.request);
    cases.extend(evaluated_cases(&m.evaluated));
    cases.extend(token_cases(&m.encoded));
    cases.extend(presentation_cases(&m.shown));
    cases.extend(proof_cases(&m.proof));
    cases.extend(file_cases(&m.text));
    cases.push(repeated_case(&m.request));
    cases
        .into_iter()
        .map(|(format, name, bytes)| {
            let expected = outcome(format, &bytes, &m.want, &m.checked);
            if format == "token-file" {
                json!({"format": format, "name": name, "text": String::from_utf8(bytes).unwrap(), "expected": expected})
            } else {
                json!({"format": format, "name": name, "bytes": hex::encode(bytes), "expected": expected})
            }
        })
        .collect()
}

fn generate() -> Value {
    let m = made();
    let nullifiers: Vec<String> = m.file.tokens.iter().map(|t| hex::encode(t.nullifier().0)).collect();
    let inputs: Vec<String> = m.file.tokens.iter().map(|t| hex::encode(t.input())).collect();
    let seeds: Vec<String> = m.file.tokens.iter().map(|t| hex::encode(t.seed())).collect();
    let issuers = [1, 3].map(|i| json!({"issuer": i, "seed": hex::encode([i; 32])}));
    json!({
        "about": "docs/spec/tokens.md. Byte strings are hexadecimal. Proofs hold a random scalar: check them, do not compare them. Cases are read by issuer 1, who expects `split`.",
        "programme": "vectors",
        "issuers": issuers,
        "keyset": entry(),
        "keyset_id": hex::encode(entry().id().unwrap().0),
        "token_secret": hex::encode([0x55; 32]),
        "award": hex::encode(AWARD.0),
        "amount_cents": 1250,
        "split": m.want.iter().map(|d| d.cents()).collect::<Vec<_>>(),
        "remainder_cents": m.rest,
        "seeds": seeds,
        "inputs": inputs,
        "blinded_batch": hex::encode(&m.request),
        "evaluated_batches": m.evaluated.iter().map(hex::encode).collect::<Vec<_>>(),
        "tokens": m.encoded.iter().map(hex::encode).collect::<Vec<_>>(),
        "nullifiers": nullifiers,
        "presentation": hex::encode(&m.shown),
        "redemption_proof": hex::encode(&m.proof),
        "cases": cases(&m),
    })
}

#[test]
fn token_vectors_hold() {
    let value = generate();
    hold("tokens/tokens.json", &value);
    for case in value["cases"].as_array().unwrap() {
        let named_valid = matches!(case["name"].as_str(), Some("as made" | "with Windows line ends"));
        assert_eq!(case["expected"] == "valid", named_valid, "{case}");
    }
}
