//! Blind tokens, against variable-base multiplications on ristretto255.

use anyhow::{Context, Result, bail};
use subrosa_crypto::{
    secret::Secret32,
    sign::SigningKey,
    token::{
        AwardRef, Denomination, IssuerIndex, IssuerSecret, KeysetEntry, KeysetSigner, PendingTokens, Presentation,
    },
};

use crate::{
    sealing::{multiplication, rng},
    table::{Aim, Table, median, micros},
};

const TOKENS: usize = 100;

pub(crate) fn measure(table: &mut Table) -> Result<()> {
    table.note("floor: one variable-base multiplication on ristretto255; the ratio counts multiplications");
    let denomination = Denomination::new(100_000).context("not a denomination")?;
    let want = vec![denomination; TOKENS];
    let mut secrets = Vec::new();
    let mut signers = Vec::new();
    for n in 1..=2 {
        let (seed, index) = (Secret32::random(&mut rng()), IssuerIndex(n));
        let secret = IssuerSecret::derive(&seed, b"bench.example", 1, index, &[denomination])?;
        let sign = SigningKey::from_seed(&seed).verifying_key();
        signers.push(KeysetSigner { index, sign, keys: secret.public_keys() });
        secrets.push(secret);
    }
    let keyset = KeysetEntry { number: 1, threshold: 2, accept_until: u64::MAX, signers }.verify()?;
    let issuers: Vec<_> = keyset.signers().iter().map(|s| s.issuer.clone()).collect();
    let mut secrets = secrets.into_iter().zip(&issuers).map(|(s, i)| s.under(i));
    let (secret, other) = (secrets.next().context("no secret")??, secrets.next().context("no secret")??);
    let [issuer, second] = issuers.as_slice() else { bail!("not two issuers") };
    let source = Secret32::random(&mut rng());
    let mut times: [Vec<f64>; 8] = Default::default();
    for batch in 0..15 {
        let [floor, blind, check, sign, finalize, verify, prove, audit] = &mut times;
        // Beside what is held against it, so that other work on the machine slows both.
        floor.push(multiplication() * TOKENS as f64);
        let award = AwardRef([batch; 32]);
        let (t, pending) = micros(|| PendingTokens::derive(&source, b"bench.example", award, &want));
        blind.push(t);
        let pending = pending?;
        let (t, checked) = micros(|| pending.request().verify(&want));
        check.push(t);
        let checked = checked?;
        let (t, answer) = micros(|| secret.evaluate(&checked, &mut rng()));
        sign.push(t);
        let answer = answer?;
        let (t, shares) = micros(|| pending.finalize(&answer, issuer));
        finalize.push(t);
        let seconds = pending.finalize(&other.evaluate(&checked, &mut rng())?, second)?;
        let tokens = pending.assemble(&keyset, &[shares?, seconds])?;
        let shown = Presentation::of(&tokens, IssuerIndex(1)).context("no presentation")?;
        let (t, verified) = micros(|| secret.recognise(&shown));
        verify.push(t);
        let verified = verified?;
        let (t, proof) = micros(|| secret.prove_redemption(&verified, &mut rng()));
        prove.push(t);
        let proof = proof?;
        let (t, redeemed) = micros(|| proof.verify(issuer));
        audit.push(t);
        redeemed?;
    }
    let [floor, blind, check, sign, finalize, verify, prove, audit] = times.map(|t| median(t) / TOKENS as f64);
    let mut line = |name: &str, value: f64, aim| table.line(name, "us", value, Some(floor), aim);
    line("blind (derive input and blind, hash to the group, check)", blind, Aim::None);
    line("sign: evaluate with one batched proof", sign, Aim::RatioAtMost(1.6));
    line("sign: read and check the request before", check, Aim::None);
    line("finalize: check the proof and unblind", finalize, Aim::RatioAtMost(3.0));
    line("verify a share at redemption", verify, Aim::None);
    line("prove a redemption to the public", prove, Aim::None);
    line("audit a redemption's proof", audit, Aim::None);
    Ok(())
}
