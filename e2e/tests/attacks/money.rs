//! Administrators, adjudicators and officers who want money that is not theirs, or want others not to have theirs.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use crate::hostile_server::altering;
use anyhow::{Result, ensure};
use serde::Deserialize;
use subrosa_casework::{
    bytes::{AwardRef, Digest, Signature},
    case::{MessageKind, State},
    money::Cents,
    records::{LedgerBody, Movement, RedemptionBody, ReservationBody, Version},
    refusal::Rule,
    role::RoleName,
};
use subrosa_crypto::{
    secret::Secret32,
    token::{Denomination, IssuerIndex, IssuerSecret, PendingTokens, Presentation, Token, split},
    wire::{PublicRecord, RecordKind, RecordPage},
};
use subrosa_e2e::{
    programme::{PROGRAMME, Programme, denominations, keyset, new_source, rng, stored},
    whole_case::{AWARD, BUDGET, Stage, form},
};
use subrosa_engine::{
    message::AwardNotice,
    officer::notice,
    transport::Circuit,
    treasury::{
        BountyError, Stage as Redeemed, Treasury,
        audit::{Report, audit},
        public::{issuance_body, redemption_body, sign_record, token_award},
        redeem::crowd,
    },
};

/// What a corrupt administrator takes out of its own keystore.
#[derive(Deserialize)]
struct Seed {
    issuer_seed: Secret32,
}

/// An administrator's token keys, as a corrupt one has them.
pub(crate) async fn secret(p: &Programme, n: usize) -> Result<IssuerSecret> {
    let mut bytes = Vec::new();
    ciborium::into_writer(&p.treasuries[n], &mut bytes)?;
    let seed: Seed = ciborium::from_reader(bytes.as_slice())?;
    let charter = p.directory().await?.charter().clone();
    let newest = charter.keysets().last().unwrap();
    let index = IssuerIndex(u8::try_from(n + 1)?);
    let secret =
        IssuerSecret::derive(&seed.issuer_seed, PROGRAMME.as_bytes(), newest.number(), index, &newest.denominations())?;
    Ok(secret.under(newest.issuer(index).unwrap())?)
}

/// Administrator `n` states something in public, whatever its program would say.
pub(crate) async fn state(p: &Programme, n: usize, kind: RecordKind, body: Vec<u8>) -> Result<()> {
    let charter = p.directory().await?.charter().digest();
    let record = sign_record(kind, body, charter, &p.treasuries[n].identity.signer())?;
    p.api().publish_record(&record, Circuit(3)).await?;
    Ok(())
}

pub(crate) async fn report(p: &Programme) -> Result<Report> {
    p.next_epoch().await?;
    Ok(audit(&p.api(), &p.directory().await?, &p.root_key(), &p.circuits).await?)
}

/// Whether a finding with this code stands in the report.
pub(crate) fn finds(report: &Report, code: &str) -> bool {
    report.findings.iter().any(|f| f.to_string().contains(code))
}

/// A programme in which one source holds the tokens of its award.
async fn issued() -> Result<(Programme, subrosa_crypto::passphrase::MasterKey, Vec<Token>)> {
    let mut p = Programme::start(200).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Issued).await?;
    p.next_epoch().await?;
    let tokens = p.source(&master).await?.tokens()?;
    Ok((p, master, tokens))
}

/// Those administrators look what is new, and recognise the one redemption that came in; answers its name.
pub(crate) async fn recognised(p: &mut Programme, who: &[usize]) -> Result<Digest> {
    p.next_epoch().await?;
    let mut context = None;
    for n in who {
        p.treasury_visit(*n).await?;
        let newest = p.treasuries[*n].redemptions.last().unwrap().context;
        ensure!(context.replace(newest).is_none_or(|c| c == newest), "all see the same redemption");
    }
    let context = context.unwrap();
    for n in who {
        p.verify(*n, &context).await?;
    }
    // Whoever was first sees only at its next look that the others have reserved too.
    for n in who {
        p.treasury_visit(*n).await?;
    }
    Ok(context)
}

/// Every one of those administrators releases; answers how many payment files were written.
pub(crate) async fn paid(p: &mut Programme, who: &[usize], context: &Digest) -> Result<usize> {
    let mut files = 0;
    for n in who {
        match p.pay(*n, context).await {
            Ok(_) => files += 1,
            Err(BountyError::MoreNeeded { .. } | BountyError::OtherPays) => {}
            Err(e) => return Err(e.into()),
        }
    }
    Ok(files)
}

/// Two administrators (two of three pay) invent an award, and redeem tokens that nobody issued.
#[tokio::test]
async fn k_administrators_cook_the_books_and_everybody_sees_it() -> Result<()> {
    let p = Programme::start(200).await?;
    p.fund().await?;
    let values: Vec<Denomination> = denominations().into_iter().filter_map(Denomination::new).collect();
    let reference = AwardRef([0x77; 16]);
    let (amount, award) = (Cents(13_750_000), token_award(&reference));
    let seed = Secret32::random(&mut rng());
    let pending = PendingTokens::derive(&seed, PROGRAMME.as_bytes(), award, &split(amount.0, &values).0)?;
    for n in 0..2 {
        let answer = secret(&p, n).await?.evaluate(&pending.request().check()?, &mut rng())?;
        let moved = |m| LedgerBody::of_award(m, reference, amount).to_json();
        state(&p, n, RecordKind::Ledger, moved(Movement::AwardReserved)).await?;
        let body = issuance_body(reference, pending.request(), &answer).to_json();
        state(&p, n, RecordKind::Issuance, body).await?;
        state(&p, n, RecordKind::Ledger, moved(Movement::TokensIssued)).await?;
    }
    let report_of_award = report(&p).await?;
    for code in ["award-without-order", "tokens-without-order", "too-few-signatures"] {
        assert!(finds(&report_of_award, code), "{code}: {:?}", report_of_award.findings);
    }

    // Tokens of 5,000 euros that stand in no issuance: the award above has one of them.
    let five = Denomination::new(500_000).unwrap();
    let context = Digest([0x99; 32]);
    let forged = PendingTokens::derive(&seed, PROGRAMME.as_bytes(), token_award(&AwardRef([0x78; 16])), &[five; 26])?;
    let keyset = p.directory().await?.charter().keysets()[0].clone();
    let mut shares = Vec::new();
    for n in 0..3 {
        let answer = secret(&p, n).await?.evaluate(&forged.request().check()?, &mut rng())?;
        shares.push(forged.finalize(&answer, &keyset.signers()[n].issuer)?);
    }
    let tokens = forged.assemble(&keyset, &shares)?;
    let mut nullifiers: Vec<Digest> = tokens.iter().map(|t| Digest(t.nullifier().0)).collect();
    nullifiers.sort_unstable();
    for (n, issuer) in [(0, 1), (1, 2)] {
        let (v, keyset, nullifiers) = (Version, Digest(keyset.id().0), nullifiers.clone());
        let body = ReservationBody { v, context, keyset, issuer, nullifiers };
        state(&p, n, RecordKind::Reservation, body.to_json()).await?;
    }
    for n in 0..2 {
        let secret = secret(&p, n).await?;
        let shown = Presentation::of(&tokens, secret.index()).unwrap();
        let proof = secret.prove_redemption(&secret.recognise(&shown)?, &mut rng())?;
        state(&p, n, RecordKind::Redemption, redemption_body(context, &proof).to_json()).await?;
        for m in [Movement::TokensRedeemed, Movement::PayoutReleased, Movement::PayoutSettled] {
            let body = LedgerBody::of_reference(m, context, Cents(500_000 * 26)).to_json();
            state(&p, n, RecordKind::Ledger, body).await?;
        }
    }
    let report = report(&p).await?;
    assert!(finds(&report, "more-redeemed-than-issued"), "{:?}", report.findings);
    assert!(!report.is_clean());
    Ok(())
}

/// One administrator binds a stranger's tokens to a redemption of its own. It stands in public under its name, and the
/// stranger is paid all the same.
#[tokio::test]
async fn one_administrator_cannot_burn_a_strangers_tokens() -> Result<()> {
    let (mut p, _, tokens) = issued().await?;
    p.redeem(&tokens[..2]).await?;
    p.next_epoch().await?;
    p.treasury_visit(0).await?;
    let keyset = Digest(p.directory().await?.charter().keysets()[0].id().0);
    let mut nullifiers: Vec<Digest> = tokens[..2].iter().map(|t| Digest(t.nullifier().0)).collect();
    nullifiers.sort_unstable();
    let body = ReservationBody { v: Version, context: Digest([0xbb; 32]), keyset, issuer: 1, nullifiers };
    state(&p, 0, RecordKind::Reservation, body.to_json()).await?;
    p.treasury_visit(1).await?;
    let context = p.treasuries[1].redemptions[0].context;
    assert_eq!(p.verify(1, &context).await?, Redeemed::Reserved, "one is not enough");
    // Shown again, to the same payee: the same redemption, and now to everybody.
    p.redeem(&tokens[..2]).await?;
    assert_eq!(recognised(&mut p, &[1, 2]).await?, context);
    assert_eq!(paid(&mut p, &[1, 2], &context).await?, 1);
    let view = p.view().await?;
    assert!(view.findings.is_empty(), "{:?}", view.findings);
    assert_eq!(report(&p).await?.contested.len(), 2, "who wanted to burn what stands there for everybody");
    Ok(())
}

/// A proof that does not hold counts for nothing when money is released.
#[tokio::test]
async fn a_false_proof_releases_no_money() -> Result<()> {
    let (mut p, _, tokens) = issued().await?;
    p.redeem(&tokens[..1]).await?;
    p.next_epoch().await?;
    for n in [0, 1] {
        p.treasury_visit(n).await?;
    }
    let context = p.treasuries[0].redemptions[0].context;
    p.verify(0, &context).await?;
    assert_eq!(p.verify(1, &context).await?, Redeemed::Verified);
    // The first one is lost before it proves; somebody puts a proof in its name that is the second one's, renumbered.
    let view = p.view().await?;
    let genuine = view.records.iter().rev().find(|r| r.record.kind == RecordKind::Redemption).unwrap();
    let mut body = RedemptionBody::parse(&genuine.record.body)?;
    body.issuer = 1;
    body.batches[0].proof = Signature([7; 64]);
    state(&p, 0, RecordKind::Redemption, body.to_json()).await?;
    assert!(matches!(p.pay(1, &context).await, Err(BountyError::NotVerified { have: 1, need: 2 })));
    assert!(!report(&p).await?.is_clean());
    Ok(())
}

/// Nothing is signed that the budget does not hold.
#[tokio::test]
async fn an_award_beyond_the_budget_is_not_signed() -> Result<()> {
    let mut p = Programme::start(200).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Ordered).await?;
    for n in 0..2 {
        let rest = Cents(BUDGET - AWARD + 1);
        let body = LedgerBody::of_award(Movement::AwardReserved, AwardRef([0x66; 16]), rest).to_json();
        state(&p, n, RecordKind::Ledger, body).await?;
    }
    let reference = p.case(0).await?.case().award().unwrap().award_ref.unwrap();
    let refused = p.sign_tokens(0, &reference).await.unwrap_err();
    assert!(matches!(refused.downcast_ref(), Some(BountyError::NoBudget { have, need })
        if *have == Cents(AWARD - 1) && *need == Cents(AWARD)));
    Ok(())
}

/// One officer announces an award that nobody decided, and the source asks for its tokens; the true one comes all the
/// same.
#[tokio::test]
async fn a_false_notice_blocks_no_true_award() -> Result<()> {
    let mut p = Programme::start(200).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::AwardProposed).await?;
    for n in 0..6u8 {
        let reference = AwardRef([0xe0 + n; 16]);
        // The last is worth less than a token: it cannot be asked for.
        let amount_cents = if n == 5 { 1 } else { 100_000_000 + u64::from(n) };
        let false_one = AwardNotice { reference, amount_cents };
        let told = notice(State::AwardFinal, "", Some(false_one));
        p.reply(2, RoleName::Investigator, MessageKind::Text, &told).await?;
    }
    let (mut source, _) = p.source_reads(&master).await?;
    assert_eq!(source.state().awards.len(), 4, "of one officer so many are kept");
    source.request_tokens(&mut rng()).await?;
    p.next_epoch().await?;
    p.advance(&master, Some(Stage::AwardProposed), Stage::Issued).await?;
    p.next_epoch().await?;
    let source = p.source(&master).await?;
    assert_eq!(source.tokens()?.iter().map(|t| t.denomination().cents()).sum::<u64>(), AWARD);
    assert_eq!(source.state().award().unwrap().amount_cents, AWARD, "what administrators answer is what is shown");
    let view = p.view().await?;
    let public = source.state().awards.iter().filter(|a| view.is_award(&a.reference, Cents(a.amount_cents)));
    assert_eq!(public.map(|a| a.amount_cents).collect::<Vec<_>>(), [AWARD], "one is ordered and reserved");
    Ok(())
}

/// One signer refuses: the source has nothing, and the case is not paid, though enough have stated that the tokens are
/// issued. The next keyset does without that one; the others sign the same elements once more, and never again.
#[tokio::test]
async fn whoever_does_not_sign_is_replaced_and_marks_nobody() -> Result<()> {
    let mut p = Programme::start(200).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Ordered).await?;
    let reference = p.case(0).await?.case().award().unwrap().award_ref.unwrap();
    for n in [0, 1] {
        p.sign_tokens(n, &reference).await?;
    }
    p.next_epoch().await?;
    let mut source = p.source(&master).await?;
    assert_eq!(source.collect_tokens(&mut rng()).await?, 2);
    assert!(source.tokens().is_err());
    let under_way = report(&p).await?.findings;
    assert!(under_way.len() == 1 && under_way[0].to_string().contains("too-few-signatures"), "{under_way:?}");
    let refused = p.note_paid(&reference).await.unwrap_err().to_string();
    assert!(refused.contains(Rule::NotIssued.text()), "{refused}");

    let second = keyset([&p.treasuries[0], &p.treasuries[1]], 2, 2, p.now)?;
    p.next_charter(|c| c.keysets.push(second)).await?;
    for n in [0, 1] {
        p.sign_tokens(n, &reference).await?;
        let again = p.sign_tokens(n, &reference).await.unwrap_err();
        assert!(matches!(again.downcast_ref(), Some(BountyError::SignedBefore)), "{again}");
    }
    p.next_epoch().await?;
    let mut source = p.source(&master).await?;
    assert_eq!(source.collect_tokens(&mut rng()).await?, 2);
    p.next_epoch().await?;
    let tokens = p.source(&master).await?.tokens()?;
    assert_eq!(tokens.iter().map(|t| t.denomination().cents()).sum::<u64>(), AWARD);
    assert!(report(&p).await?.is_clean());
    p.note_paid(&reference).await?;

    // Whole tokens are signed under no third keyset, whoever else it names.
    let third = keyset(&p.treasuries, 3, 2, p.now)?;
    p.next_charter(|c| c.keysets.push(third)).await?;
    for n in [0, 1, 2] {
        let again = p.sign_tokens(n, &reference).await.unwrap_err();
        assert!(matches!(again.downcast_ref(), Some(BountyError::SignedBefore)), "{again}");
    }
    p.redeem(&tokens).await?;
    let context = recognised(&mut p, &[0, 1]).await?;
    assert_eq!(paid(&mut p, &[0, 1], &context).await?, 1);
    assert!(report(&p).await?.is_clean());
    Ok(())
}

/// An administrator leaves, another comes; then the threshold and the denominations change. Tokens signed before are
/// there, are redeemed, and honest books stay honest.
#[tokio::test]
async fn tokens_outlive_administrators_thresholds_and_denominations() -> Result<()> {
    let (mut p, master, tokens) = issued().await?;
    let new = Treasury::generate("Gauri Treasury", PROGRAMME, 4, denominations(), &mut rng())?;
    let (administrator, now) = (new.public(2)?.administrator(), p.now);
    let second = keyset([&p.treasuries[1], &p.treasuries[2], &new], 2, 2, now)?;
    p.next_charter(|c| {
        c.administrators.remove(0);
        c.administrators.push(administrator);
        c.last_number = 4;
        c.keysets.push(second);
    })
    .await?;
    let dismissed = std::mem::replace(&mut p.treasuries[0], new);
    p.publish_bundles().await?;
    assert_eq!(p.source(&master).await?.tokens()?.len(), tokens.len(), "from the passphrase");
    p.redeem(&tokens[..2]).await?;
    let context = recognised(&mut p, &[1, 2]).await?;
    assert_eq!(paid(&mut p, &[1, 2], &context).await?, 1);
    assert!(report(&p).await?.is_clean());

    // Three of three now, and no token below 100 euros.
    for t in &mut p.treasuries {
        t.set_denominations(denominations().split_off(6));
        *t = stored(t)?;
    }
    let third = keyset([&p.treasuries[1], &p.treasuries[2], &p.treasuries[0]], 3, 3, now)?;
    p.next_charter(|c| {
        c.threshold = 3;
        c.keysets.push(third);
    })
    .await?;
    p.redeem(&tokens[2..4]).await?;
    let context = recognised(&mut p, &[1, 2]).await?;
    assert_eq!(paid(&mut p, &[1, 2], &context).await?, 1, "two are enough for what was promised under two");
    assert!(report(&p).await?.is_clean());
    let around = crowd(&p.api(), &p.directory().await?, &tokens[4..], &mut rng()).await?;
    assert_eq!((around.together, around.spent), (1, vec![false, false]));

    // Who was dismissed states nothing any more, and no number goes to somebody else.
    p.treasuries[0] = dismissed;
    let body = LedgerBody::of_reference(Movement::BudgetAdded, Digest([1; 32]), Cents(1)).to_json();
    assert!(state(&p, 0, RecordKind::Ledger, body).await.is_err());
    let stranger = Treasury::generate("Hana Treasury", PROGRAMME, 1, denominations(), &mut rng())?.public(4)?;
    let refused = p.next_charter(|c| c.administrators.insert(0, stranger.administrator())).await;
    assert!(refused.is_err());
    Ok(())
}

/// A threshold of four of five: more administrators than one request for keys or one parcel holds.
#[tokio::test]
async fn a_threshold_of_four_works() -> Result<()> {
    let more = [("Gauri Treasury", 4), ("Hana Treasury", 5)]
        .map(|(name, n)| Treasury::generate(name, PROGRAMME, n, denominations(), &mut rng()).unwrap());
    let public = [more[0].public(1)?, more[1].public(1)?];
    let mut p = Programme::start_with(200, |c| {
        for new in public {
            c.administrators.push(new.administrator());
            c.keysets[0].signers.push(new.signer());
        }
        c.last_number = 5;
        c.threshold = 4;
        c.keysets[0].threshold = 4;
        Ok(())
    })
    .await?;
    p.treasuries.extend(more);
    p.publish_bundles().await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Issued).await?;
    p.next_epoch().await?;
    let tokens = p.source(&master).await?.tokens()?;
    assert_eq!(tokens[0].issuers().count(), 5);
    p.redeem(&tokens).await?;
    let context = recognised(&mut p, &[0, 1, 2, 3]).await?;
    assert_eq!(paid(&mut p, &[0, 1, 2, 3], &context).await?, 1);
    let report = report(&p).await?;
    assert!(report.is_clean(), "{:?}", report.findings);
    Ok(())
}

/// Hides from a reader every record that names an award.
pub(crate) fn without_awards(bytes: &[u8]) -> Vec<u8> {
    let mut page = RecordPage::decode(bytes).unwrap();
    let names =
        |bytes: &[u8]| String::from_utf8_lossy(&PublicRecord::decode(bytes).unwrap().body).contains("award_ref");
    let kept: Vec<_> = page.records.iter().filter(|(.., bytes)| !names(bytes)).cloned().collect();
    page.total = kept.len() as u64;
    page.records = kept.try_into().unwrap();
    page.encode()
}

/// A server hides a whole award from one auditor: the log says that there are more records.
#[tokio::test]
async fn a_record_that_is_hidden_is_missed() -> Result<()> {
    let (mut p, ..) = issued().await?;
    p.next_epoch().await?;
    assert!(report(&p).await?.is_clean());
    p.wire = altering(&p.wire, |request, response| {
        if request.path.starts_with("/v1/records?from=0") && response.status == 200 {
            response.body = without_awards(&response.body);
        }
    });
    let report = report(&p).await?;
    assert!(finds(&report, "records were hidden, added or changed"), "{:?}", report.findings);
    Ok(())
}
