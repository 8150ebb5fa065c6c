#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::{
    encoding::put_count,
    kdf::Part,
    secret::Secret32,
    sign::{SigningKey, VerifyingKey},
};

mod oracle;
mod published;

/// A token input of the published vectors and the oracle, where it has any length.
struct Input<'a>(&'a [u8]);

impl Part for Input<'_> {
    fn put(&self, info: &mut Vec<u8>) {
        put_count::<u16>(info, self.0.len()).unwrap();
        info.extend_from_slice(self.0);
    }
}

fn rng() -> impl rand_core::CryptoRng {
    rand_core::UnwrapErr(getrandom::SysRng)
}

pub(super) fn d(cents: u64) -> Denomination {
    Denomination::new(cents).unwrap()
}

pub(super) fn denominations() -> Vec<Denomination> {
    [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 1_000_000, 2_000_000, 10_000_000]
        .map(d)
        .to_vec()
}

fn sign_key(i: u8) -> VerifyingKey {
    SigningKey::from_seed(&Secret32::new([i; 32])).verifying_key()
}

/// A keyset of these signers, and its secrets in the same order. Each has the seed of its number.
pub(super) fn keyset(
    programme: &[u8],
    number: u32,
    k: u8,
    signers: &[u8],
    denominations: &[Denomination],
) -> (KeysetEntry, Vec<IssuerSecret>) {
    let secret = |i: &u8| {
        IssuerSecret::derive(&Secret32::new([*i; 32]), programme, number, IssuerIndex(*i), denominations).unwrap()
    };
    let secrets: Vec<IssuerSecret> = signers.iter().map(secret).collect();
    let signer =
        |s: &IssuerSecret| KeysetSigner { index: s.index(), sign: sign_key(s.index().0), keys: s.public_keys() };
    let entry = KeysetEntry {
        number,
        threshold: k,
        accept_until: 2_000_000_000,
        signers: secrets.iter().map(signer).collect(),
    };
    let public = entry.verify().unwrap();
    let secrets = secrets.into_iter().zip(public.signers()).map(|(s, p)| s.under(&p.issuer).unwrap()).collect();
    (entry, secrets)
}

#[test]
fn a_token_lives_from_award_to_public_proof() {
    let (want, rest) = split(13_750_000, &denominations());
    assert_eq!(rest, 0);
    let award = AwardRef([9; 32]);
    let pending = PendingTokens::derive(&Secret32::new([7; 32]), b"programme", award, &want).unwrap();
    let request = BlindedBatch::decode(&pending.request().encode()).unwrap();
    assert_eq!(request.total_cents(), Some(13_750_000));
    let checked = request.verify(&want).unwrap();
    assert_eq!(request.verify(&want[1..]), Err(BatchError::Amount));

    let (entry, secrets) = keyset(b"programme", 1, 2, &[1, 2, 3], &denominations());
    let public = entry.verify().unwrap();
    let issuers: Vec<(IssuerSecret, Issuer)> =
        secrets.into_iter().zip(public.signers().iter().map(|s| s.issuer.clone())).collect();
    let mut shares = Vec::new();
    for (secret, public) in &issuers {
        let answer = secret.evaluate(&checked, &mut rng()).unwrap();
        let answer = EvaluatedBatch::decode(&answer.encode()).unwrap();
        shares.push(pending.finalize(&answer, public).unwrap());
        let mut wrong = answer.clone();
        wrong.groups[0].elements[0] = answer.groups[1].elements[0];
        let first = wrong.groups[0].denomination;
        assert_eq!(pending.finalize(&wrong, public).unwrap_err(), EvaluationError::Proof(first));
        let other = &issuers[usize::from(public.index().0) % 3].1;
        assert_eq!(pending.finalize(&answer, other).unwrap_err(), EvaluationError::Mismatch);
    }
    // Two of three would do to redeem; nothing is handed out before all have signed.
    assert!(matches!(pending.assemble(&public, &shares[..2]), Err(AssembleError::TooFew { have: 2, need: 3 })));
    let tokens = pending.assemble(&public, &shares).unwrap();
    assert_eq!(tokens.iter().map(|t| t.denomination().cents()).sum::<u64>(), 13_750_000);

    let again = PendingTokens::derive(&Secret32::new([7; 32]), b"programme", award, &want).unwrap();
    assert_eq!(again.request(), pending.request());

    for (secret, public) in issuers.iter().take(2) {
        let shown = Presentation::of(&tokens, secret.index()).unwrap();
        let shown = Presentation::decode(&shown.encode()).unwrap();
        let verified = secret.recognise(&shown).unwrap();
        let proof = secret.prove_redemption(&verified, &mut rng()).unwrap();
        let proof = RedemptionProof::decode(&proof.encode()).unwrap();
        let redeemed = proof.verify(public).unwrap();
        assert_eq!(redeemed.len(), tokens.len());
        for r in &redeemed {
            let token = tokens.iter().find(|t| t.nullifier() == r.nullifier).unwrap();
            let token = Token::decode(&token.encode()).unwrap();
            assert!(token.encode().windows(64).any(|w| w == r.output));
        }
        let mut forged = proof.clone();
        forged.groups[0].rows[0].0[0] ^= 1;
        assert!(matches!(forged.verify(public), Err(RedemptionError::Proof(_))));
    }

    let one = Presentation::of(&tokens[..1], IssuerIndex(1)).unwrap();
    assert_eq!(one.nullifiers(), [tokens[0].nullifier()]);
    assert!(!one.encode().windows(32).any(|w| w == tokens[0].seed()), "nobody is shown a seed");
    assert_eq!(issuers[2].0.recognise(&one), Err(ShareError::NotOurs));
    assert!(issuers[0].0.recognise(&one).is_ok() && Presentation::of(&tokens[..1], IssuerIndex(4)).is_none());
    assert!(Presentation::of(&[tokens[0].clone(), tokens[0].clone()], IssuerIndex(1)).is_none());
    let shown = format!("{:?} {:?} {pending:?} {shares:?} {one:?}", tokens[0], issuers[0].0);
    assert!(!shown.contains(&hex::encode(tokens[0].input())) && !shown.contains(&hex::encode(tokens[0].seed())));
    assert_eq!(format!("{:?}", issuers[0].0), "IssuerSecret(1, [redacted])");

    let file = TokenFile { programme: "programme".into(), tokens };
    let text = file.to_text();
    assert_eq!(TokenFile::parse(&text).unwrap(), file);
    assert_eq!(TokenFile::parse(&text.replacen("programme p", "programme q", 1)), Err(TokenFileError::Check));
}

/// The same people sign again in the next period: other keys, and no share of one keyset is taken in the other.
#[test]
fn keysets_are_told_apart() {
    let (one, _) = keyset(b"programme", 1, 2, &[1, 2, 3], &denominations());
    let (two, secrets) = keyset(b"programme", 2, 2, &[1, 2, 3], &denominations());
    assert_ne!(one.id(), two.id());
    let (one, two) = (one.verify().unwrap(), two.verify().unwrap());
    let pending = PendingTokens::derive(&Secret32::new([7; 32]), b"programme", AwardRef([9; 32]), &[d(100)]).unwrap();
    let answer = secrets[0].evaluate(&pending.request().check().unwrap(), &mut rng()).unwrap();
    let under = |k: &Keyset| pending.finalize(&answer, k.issuer(IssuerIndex(1)).unwrap());
    assert_eq!(under(&one).unwrap_err(), EvaluationError::Mismatch);
    let share = under(&two).unwrap();
    assert!(matches!(pending.assemble(&one, &[share]), Err(AssembleError::TooFew { have: 0, need: 3 })));
    let strangers = IssuerSecret::derive(&Secret32::new([1; 32]), b"programme", 1, IssuerIndex(1), &denominations());
    assert_eq!(strangers.unwrap().under(two.issuer(IssuerIndex(1)).unwrap()).unwrap_err(), KeysError::NotOurs);
}

#[test]
fn a_keyset_that_could_double_money_is_refused() {
    let (good, _) = keyset(b"programme", 1, 3, &[1, 2, 4, 7], &denominations());
    type Fault = (fn(&mut KeysetEntry), KeysError);
    let faults: [Fault; 8] = [
        (|k| k.threshold = 2, KeysError::Threshold),
        (|k| k.threshold = 5, KeysError::Threshold),
        (|k| k.signers.truncate(2), KeysError::Threshold),
        (|k| k.signers.swap(0, 1), KeysError::Signers),
        (|k| k.signers[1].keys.clear(), KeysError::Count),
        (|k| k.signers[1].keys.swap(0, 1), KeysError::Order),
        (|k| k.signers[1].keys.truncate(3), KeysError::Uneven),
        (|k| k.signers[1].keys[0].key = k.signers[0].keys[0].key, KeysError::Repeated),
    ];
    for (change, fault) in faults {
        let mut bad = good.clone();
        change(&mut bad);
        assert_eq!(bad.verify().unwrap_err(), fault);
        assert_ne!(bad.id(), good.id());
    }
    let mut many = good.clone();
    many.signers = vec![good.signers[0].clone(); 256];
    assert_eq!((many.id(), many.verify().unwrap_err()), (Err(KeysError::Threshold), KeysError::Threshold));
    let mut later = good.clone();
    later.accept_until += 1;
    assert_eq!(later.id(), good.id(), "a period that is put off makes no other keyset");
}

/// A generator that answers the same bytes twice gives two statements two nonces.
#[test]
fn a_generator_that_repeats_itself_gives_no_key_away() {
    use subrosa_vectors::CountingRng;
    let (entry, secrets) = keyset(b"programme", 1, 2, &[1, 2], &denominations());
    let public = entry.verify().unwrap();
    let answer = |secret: u8| {
        let pending =
            PendingTokens::derive(&Secret32::new([secret; 32]), b"programme", AwardRef([9; 32]), &[d(100)]).unwrap();
        let checked = pending.request().check().unwrap();
        let answer = secrets[0].evaluate(&checked, &mut CountingRng::from(1)).unwrap();
        answer.verify(&checked, &public.signers()[0].issuer).unwrap();
        answer.groups[0].proof
    };
    assert_eq!(answer(1), answer(1));
    let (one, two) = (answer(1), answer(2));
    let scalar = |b: &[u8]| curve25519_dalek::Scalar::from_canonical_bytes(b.try_into().unwrap()).unwrap();
    // With one nonce r for both, s + c·k = r would give k = (s1 − s2) / (c2 − c1).
    let (c, s) = ([scalar(&one[..32]), scalar(&two[..32])], [scalar(&one[32..]), scalar(&two[32..])]);
    let key = (s[0] - s[1]) * (c[1] - c[0]).invert();
    let found = curve25519_dalek::RistrettoPoint::mul_base(&key).compress().to_bytes();
    assert_ne!(found, entry.signers[0].keys[0].key);
}
