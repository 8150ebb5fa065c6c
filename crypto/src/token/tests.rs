#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::{encoding::put_count, kdf::Part, secret::Secret32};

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

fn issuers() -> Vec<(IssuerSecret, Issuer)> {
    (1..=3)
        .map(|i| {
            let secret =
                IssuerSecret::derive(&Secret32::new([i; 32]), b"programme", IssuerIndex(i), &denominations()).unwrap();
            let public = secret.public_keys().verify().unwrap();
            (secret, public)
        })
        .collect()
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

    let issuers = issuers();
    let mut shares = Vec::new();
    for (secret, public) in issuers.iter().take(2) {
        let answer = secret.evaluate(&checked, &mut rng()).unwrap();
        let answer = EvaluatedBatch::decode(&answer.encode()).unwrap();
        shares.push(pending.finalize(&answer, public).unwrap());
        let mut wrong = answer.clone();
        wrong.groups[0].elements[0] = answer.groups[1].elements[0];
        let first = wrong.groups[0].denomination;
        assert_eq!(pending.finalize(&wrong, public).unwrap_err(), EvaluationError::Proof(first));
        assert_eq!(pending.finalize(&answer, &issuers[2].1).unwrap_err(), EvaluationError::Mismatch);
    }
    assert!(matches!(pending.assemble(3, &shares), Err(AssembleError::TooFew { have: 2, need: 3 })));
    let tokens = pending.assemble(2, &shares).unwrap();
    assert_eq!(tokens.iter().map(|t| t.denomination().cents()).sum::<u64>(), 13_750_000);

    let again = PendingTokens::derive(&Secret32::new([7; 32]), b"programme", award, &want).unwrap();
    assert_eq!(again.request(), pending.request());

    for (secret, public) in issuers.iter().take(2) {
        let verified: Vec<VerifiedShare> = tokens.iter().map(|t| secret.verify_share(t).unwrap()).collect();
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
    assert_eq!(issuers[2].0.verify_share(&tokens[0]), Err(ShareError::NotOurs));

    let one = tokens[0].only_for(IssuerIndex(1)).unwrap();
    assert_eq!(one.issuers().collect::<Vec<_>>(), [IssuerIndex(1)]);
    assert_eq!(one.nullifier(), tokens[0].nullifier());
    assert!(issuers[0].0.verify_share(&one).is_ok() && tokens[0].only_for(IssuerIndex(3)).is_none());
    assert!(
        !format!("{:?} {:?} {pending:?} {shares:?}", tokens[0], issuers[0].0).contains(&hex::encode(tokens[0].input()))
    );
    assert_eq!(format!("{:?}", issuers[0].0), "IssuerSecret(1, [redacted])");

    let file = TokenFile { programme: "programme".into(), tokens };
    let text = file.to_text();
    assert_eq!(TokenFile::parse(&text).unwrap(), file);
    assert_eq!(TokenFile::parse(&text.replacen("programme p", "programme q", 1)), Err(TokenFileError::Check));
}
