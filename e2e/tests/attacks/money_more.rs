//! More about money: sources who want to be paid twice, and administrators and officers who want to keep somebody from
//! being paid at all without being seen.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use anyhow::Result;
use subrosa_casework::{
    award::{AwardOrder, SignedOrder, batch_digest},
    bytes::{AwardRef, Digest},
    case::{MessageKind, State},
    money::Cents,
    records::{IssuanceBody, ReservationBody, Version},
    role::RoleName,
};
use subrosa_crypto::{
    bundle::VerifiedBundle,
    passphrase::MasterKey,
    ratchet,
    secret::Secret32,
    token::{Denomination, PendingTokens, Presentation, Token, split},
    wire::{PublicRecord, RecordKind, RecordPage},
};
use subrosa_e2e::{
    programme::{PROGRAMME, Programme, denominations, keyset, new_source, rng},
    whole_case::{AWARD, BUDGET, Stage, form, payout},
};
use subrosa_engine::{
    board,
    message::{AwardNotice, Message, Redemption, SealedBox},
    officer::notice,
    source::{RETURN_BOX_INFO, ReturnBox},
    transport::Circuit,
    treasury::{
        BountyError, Order, Stage as Redeemed, Treasury,
        public::{issuance_body, stated_answer, token_award},
        redeem::{RedeemError, redeem},
    },
};

use crate::{
    hostile_server::altering,
    money::{finds, paid, recognised, report, secret, state, without_awards},
};

/// An award that two adjudicators ordered, and what its source knows of it.
struct Made {
    reference: AwardRef,
    order: SignedOrder,
    pending: PendingTokens,
}

impl Made {
    /// An award of so many cents, under a name of its own. Its order lies with every administrator.
    fn order(p: &mut Programme, name: u8, cents: u64) -> Result<Self> {
        let reference = AwardRef([name; 16]);
        let values: Vec<Denomination> = denominations().into_iter().filter_map(Denomination::new).collect();
        let (tokens, _) = split(cents, &values);
        let secret = Secret32::random(&mut rng());
        let pending = PendingTokens::derive(&secret, PROGRAMME.as_bytes(), token_award(&reference), &tokens)?;
        let (award_ref, amount, batch) = (reference, Cents(cents), batch_digest(&pending.request().encode()));
        let order = AwardOrder { award_ref, amount, batch, policy: Digest([4; 32]) };
        let by = |n: usize| {
            let key = p.desks[n].identity.signer();
            (key.verifying_key().holder_id(), order.sign(&key))
        };
        let made = Self { reference, order: SignedOrder { order, signatures: [by(0), by(1)] }, pending };
        for n in 0..p.treasuries.len() {
            made.give(&mut p.treasuries[n])?;
        }
        Ok(made)
    }

    /// The order reaches one more administrator.
    fn give(&self, treasury: &mut Treasury) -> Result<()> {
        let issuer = treasury.public(1)?.index.0;
        let address = ReturnBox::derive(&new_source().1, &self.reference, issuer).address().unwrap();
        let recipient = treasury.identity.wrap_key().recipient()?;
        let sealed = recipient.seal(RETURN_BOX_INFO, &self.reference.0, &address, &mut rng())?;
        let (order, batch) = (self.order, self.pending.request().encode());
        treasury.orders.push(Order { order, batch, return_box: SealedBox { issuer, sealed }, answer: None });
        Ok(())
    }

    /// The award's tokens under the keyset with this number. Shares come from the public records; those of `unsigned`
    /// are made here, for whoever shows tokens shows each administrator its own share alone, and none to the rest.
    async fn tokens(&self, p: &Programme, number: u32, unsigned: &[usize]) -> Result<Vec<Token>> {
        let charter = p.directory().await?.charter().clone();
        let keyset = charter.keysets().iter().find(|k| k.number() == number).unwrap();
        let mut answers = Vec::new();
        for listed in p.view().await?.records.iter().filter(|l| l.record.kind == RecordKind::Issuance) {
            answers.push(stated_answer(&IssuanceBody::parse(&listed.record.body)?).unwrap());
        }
        for n in unsigned {
            answers.push(secret(p, *n).await?.evaluate(&self.pending.request().check()?, &mut rng())?);
        }
        let ours = answers.iter().filter(|a| a.keyset == keyset.id() && a.award == token_award(&self.reference));
        let shares = ours.map(|a| self.pending.finalize(a, keyset.issuer(a.issuer).unwrap()));
        Ok(self.pending.assemble(keyset, &shares.collect::<Result<Vec<_>, _>>()?)?)
    }
}

/// Somebody shows tokens to those administrators alone, as `alter` leaves them, under this salt.
async fn show(
    p: &Programme,
    tokens: &[Token],
    who: &[usize],
    salt: u8,
    alter: impl Fn(&mut Presentation),
) -> Result<()> {
    let (api, directory) = (p.api(), p.directory().await?);
    let params = api.params(Circuit(0)).await?;
    let offered = api.bundles(&params, &mut rng(), p.circuits.fresh()).await?;
    let mut envelopes = Vec::new();
    for n in who {
        let key = p.treasuries[*n].identity.signer().verifying_key();
        let admin = directory.administrators().iter().find(|a| a.key == key).unwrap();
        let bundle = offered.of(key.holder_id()).cloned().unwrap();
        let bundle = VerifiedBundle::verify(bundle, &admin.key, p.now).unwrap();
        let mut shown = Presentation::of(tokens, admin.index).unwrap();
        alter(&mut shown);
        let salt = Secret32::new([salt; 32]);
        let message = Message::Redemption(Redemption { salt, tokens: shown.encode(), payout: payout()? });
        envelopes.push(ratchet::Session::initiate(&admin.contact, &bundle, &message.encode()?, &mut rng())?.1);
    }
    api.deposit(&params, &board::parcel(envelopes, &mut rng())?, p.circuits.fresh()).await?;
    Ok(())
}

fn as_they_are(_: &mut Presentation) {}

/// A programme with its budget and one award of 5,000 euros: one token.
async fn one_award() -> Result<(Programme, Made)> {
    let mut p = Programme::start(200).await?;
    p.fund().await?;
    let made = Made::order(&mut p, 0x11, 500_000)?;
    Ok((p, made))
}

/// One award that everybody has signed, and its tokens.
async fn signed_award() -> Result<(Programme, Vec<Token>)> {
    let (mut p, made) = one_award().await?;
    for n in 0..3 {
        p.sign_tokens(n, &made.reference).await?;
    }
    let tokens = made.tokens(&p, 1, &[]).await?;
    Ok((p, tokens))
}

/// A programme with one case at `stage` of its award, its source, and the award's name.
async fn awarded(stage: Stage) -> Result<(Programme, MasterKey, AwardRef)> {
    let mut p = Programme::start(200).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, stage).await?;
    let reference = p.case(0).await?.case().award().unwrap().award_ref.unwrap();
    Ok((p, master, reference))
}

/// Two of three sign, which is enough to redeem. Then the third signer's slowness brings a new keyset, which signs the
/// same elements; among its signers are two who have never seen the token. It is spent all the same.
#[tokio::test]
async fn what_two_keysets_signed_is_paid_once() -> Result<()> {
    let (mut p, made) = one_award().await?;
    for n in [0, 1] {
        p.sign_tokens(n, &made.reference).await?;
    }
    let first = made.tokens(&p, 1, &[2]).await?;
    show(&p, &first, &[0, 1], 1, as_they_are).await?;
    let context = recognised(&mut p, &[0, 1]).await?;
    assert_eq!(paid(&mut p, &[0, 1], &context).await?, 1);

    let mut new = Treasury::generate("Gauri Treasury", PROGRAMME, 4, denominations(), &mut rng())?;
    made.give(&mut new)?;
    let administrator = new.public(2)?.administrator();
    let second = keyset([&p.treasuries[0], &p.treasuries[2], &new], 2, 2, p.now)?;
    p.next_charter(|c| {
        c.administrators.remove(1);
        c.administrators.push(administrator);
        c.last_number = 4;
        c.keysets.push(second);
    })
    .await?;
    p.treasuries[1] = new;
    p.publish_bundles().await?;
    for n in 0..3 {
        p.sign_tokens(n, &made.reference).await?;
    }
    let second = made.tokens(&p, 2, &[]).await?;
    assert_eq!(first[0].nullifier(), second[0].nullifier());
    let refused = redeem(&p.api(), &p.directory().await?, &second, &payout()?, p.now, &mut rng()).await;
    assert!(matches!(refused, Err(RedeemError::Spent(_))), "an honest holder's program says so");
    show(&p, &second, &[1, 2], 2, as_they_are).await?;
    p.next_epoch().await?;
    for n in [1, 2] {
        p.treasury_visit(n).await?;
        let context = p.treasuries[n].redemptions.last().unwrap().context;
        let refused = p.verify(n, &context).await;
        assert!(matches!(refused, Err(BountyError::SpentBefore(_))), "{n}: {refused:?}");
    }
    let report = report(&p).await?;
    assert!(report.is_clean() && report.contested.is_empty(), "{:?}", report.findings);
    Ok(())
}

/// Officers hand on return boxes and cannot read them, but can put others in their place; an administrator can sign in
/// public and send nothing. What is signed in public reaches the source all the same.
#[tokio::test]
async fn a_false_return_box_keeps_nothing_from_the_source() -> Result<()> {
    let (mut p, master, reference) = awarded(Stage::Ordered).await?;
    let elsewhere = ReturnBox::derive(&new_source().1, &reference, 2).address().unwrap();
    let recipient = p.treasuries[1].identity.wrap_key().recipient()?;
    p.treasuries[1].orders[0].return_box.sealed =
        recipient.seal(RETURN_BOX_INFO, &reference.0, &elsewhere, &mut rng())?;
    p.treasuries[2].orders[0].return_box.sealed = vec![0; 40];
    for n in 0..3 {
        p.sign_tokens(n, &reference).await?;
    }
    p.next_epoch().await?;
    let mut source = p.source(&master).await?;
    assert_eq!(source.collect_tokens(&mut rng()).await?, 3);
    assert_eq!(source.collect_tokens(&mut rng()).await?, 3, "and nothing is kept twice");
    p.next_epoch().await?;
    let source = p.source(&master).await?;
    assert_eq!(source.tokens()?.iter().map(|t| t.denomination().cents()).sum::<u64>(), AWARD);
    assert_eq!(source.state().award().unwrap().answers.len(), 3);
    assert!(report(&p).await?.is_clean());
    Ok(())
}

/// A signer signs elements of its own for an award, in public, in place of the source's. That makes no tokens whole:
/// the next keyset does without that signer.
#[tokio::test]
async fn signing_other_elements_completes_no_award() -> Result<()> {
    let (mut p, made) = one_award().await?;
    for n in [0, 1] {
        p.sign_tokens(n, &made.reference).await?;
    }
    let five = Denomination::new(500_000).unwrap();
    let award = token_award(&made.reference);
    let own = PendingTokens::derive(&Secret32::random(&mut rng()), PROGRAMME.as_bytes(), award, &[five])?;
    let answer = secret(&p, 2).await?.evaluate(&own.request().check()?, &mut rng())?;
    let body = issuance_body(made.reference, own.request(), &answer).to_json();
    state(&p, 2, RecordKind::Issuance, body).await?;
    let directory = p.directory().await?;
    let first = directory.charter().keysets()[0].clone();
    let view = p.view().await?;
    assert!(!view.is_whole(&made.reference, &directory));
    assert_eq!(view.crowd(&first, &[five]), 0, "and nobody can hide in it");
    assert!(finds(&report(&p).await?, "tokens-without-order"));

    let second = keyset([&p.treasuries[0], &p.treasuries[1]], 2, 2, p.now)?;
    p.next_charter(|c| c.keysets.push(second)).await?;
    for n in [0, 1] {
        p.sign_tokens(n, &made.reference).await?;
    }
    assert!(p.view().await?.is_whole(&made.reference, &p.directory().await?));
    show(&p, &made.tokens(&p, 2, &[]).await?, &[0, 1], 1, as_they_are).await?;
    let context = recognised(&mut p, &[0, 1]).await?;
    assert_eq!(paid(&mut p, &[0, 1], &context).await?, 1);
    Ok(())
}

/// Whoever was shown a redemption knows its name, and sends it to a colleague with false shares, before its holder
/// does. What the holder shows counts.
#[tokio::test]
async fn false_shares_do_not_keep_out_a_redemption() -> Result<()> {
    let (mut p, tokens) = signed_award().await?;
    show(&p, &tokens, &[0, 1], 1, as_they_are).await?;
    show(&p, &tokens, &[2], 1, |shown| shown.rows[0].2[0] ^= 1).await?;
    p.next_epoch().await?;
    for n in [1, 2] {
        p.treasury_visit(n).await?;
    }
    let context = p.treasuries[1].redemptions[0].context;
    assert_eq!(p.treasuries[2].redemptions[0].context, context);
    assert_eq!(p.verify(1, &context).await?, Redeemed::Reserved);
    assert!(matches!(p.verify(2, &context).await, Err(BountyError::Share(_))));
    // The first one does not reserve. The holder shows the tokens again, now to everybody.
    show(&p, &tokens, &[0, 1, 2], 1, as_they_are).await?;
    assert_eq!(recognised(&mut p, &[1, 2]).await?, context);
    // And false shares do not take the place of true ones.
    show(&p, &tokens, &[2], 1, |shown| shown.rows[0].2[0] ^= 1).await?;
    p.next_epoch().await?;
    assert!(p.treasury_visit(2).await?.redemptions.is_empty());
    assert_eq!(paid(&mut p, &[1, 2], &context).await?, 1);
    assert!(report(&p).await?.is_clean());
    Ok(())
}

/// After the true award an officer announces another one, and another amount for the same. The source asks for all of
/// them, the true one first; the order is for the true one.
#[tokio::test]
async fn a_false_notice_after_the_true_one_blocks_no_award() -> Result<()> {
    let (mut p, master, reference) = awarded(Stage::AwardFinal).await?;
    let lies = [(AwardRef([0xe1; 16]), 100_000_000), (reference, AWARD - 100), (reference, AWARD + 500_000)];
    for (reference, amount_cents) in lies {
        let told = notice(State::AwardFinal, "", Some(AwardNotice { reference, amount_cents }));
        p.reply(2, RoleName::Investigator, MessageKind::Text, &told).await?;
    }
    let (mut source, _) = p.source_reads(&master).await?;
    assert_eq!(source.state().awards.len(), 4);
    source.request_tokens(&mut rng()).await?;
    p.next_epoch().await?;
    p.order_requested().await?;
    p.advance(&master, Some(Stage::Ordered), Stage::Issued).await?;
    p.next_epoch().await?;
    let tokens = p.source(&master).await?.tokens()?;
    assert_eq!(tokens.iter().map(|t| t.denomination().cents()).sum::<u64>(), AWARD);
    assert!(report(&p).await?.is_clean());
    Ok(())
}

/// A reservation that everybody's audit refuses binds nobody, so nobody proves anything on the strength of it: else an
/// honest administrator would stand there as the one who proved too early.
#[tokio::test]
async fn a_reservation_that_does_not_count_tempts_nobody() -> Result<()> {
    let (mut p, tokens) = signed_award().await?;
    show(&p, &tokens, &[0, 1], 1, as_they_are).await?;
    p.next_epoch().await?;
    p.treasury_visit(1).await?;
    let context = p.treasuries[1].redemptions[0].context;
    let keyset = Digest(tokens[0].keyset().0);
    let nullifiers = vec![Digest(tokens[0].nullifier().0)];
    let under_anothers_number = ReservationBody { v: Version, context, keyset, issuer: 3, nullifiers };
    state(&p, 0, RecordKind::Reservation, under_anothers_number.to_json()).await?;
    assert_eq!(p.verify(1, &context).await?, Redeemed::Reserved);
    let report = report(&p).await?;
    assert!(finds(&report, "wrong-issuer") && report.findings.len() == 1, "{:?}", report.findings);
    Ok(())
}

/// The server shows no award as reserved. Whoever has signed one remembers what it took from the budget.
#[tokio::test]
async fn a_server_that_hides_awards_makes_nobody_sign_beyond_the_budget() -> Result<()> {
    let mut p = Programme::start(200).await?;
    p.fund().await?;
    let more_than_half = BUDGET / 2 + 100;
    let awards = [0x11, 0x12].map(|name| Made::order(&mut p, name, more_than_half).unwrap().reference);
    p.wire = altering(&p.wire, |request, response| {
        if request.path.starts_with("/v1/records?from=0") && response.status == 200 {
            response.body = without_awards(&response.body);
        }
    });
    p.sign_tokens(0, &awards[0]).await?;
    let refused = p.sign_tokens(0, &awards[1]).await.unwrap_err();
    assert!(matches!(refused.downcast_ref(), Some(BountyError::NoBudget { .. })), "{refused}");
    Ok(())
}

/// Somebody shows tokens to one administrator alone, who waits for others. The keyset's period ends, and the next
/// charter leaves it out; that redemption holds up no other.
#[tokio::test]
async fn a_redemption_that_is_over_holds_up_no_other() -> Result<()> {
    let mut p = Programme::start_with(200, |c| {
        c.expires = c.issued + 1_000;
        c.keysets[0].accept_until = c.issued + 2_000;
        Ok(())
    })
    .await?;
    p.fund().await?;
    let first = Made::order(&mut p, 0x11, 500_000)?;
    for n in 0..3 {
        p.sign_tokens(n, &first.reference).await?;
    }
    show(&p, &first.tokens(&p, 1, &[]).await?, &[1], 1, as_they_are).await?;
    p.next_epoch().await?;
    p.treasury_visit(1).await?;
    let waiting = p.treasuries[1].redemptions[0].context;
    assert_eq!(p.verify(1, &waiting).await?, Redeemed::Reserved);

    p.now += 3_000;
    let (now, second) = (p.now, keyset(&p.treasuries, 2, 2, p.now)?);
    p.next_charter(|c| {
        (c.issued, c.expires) = (now, now + 40 * 365 * 86_400);
        c.keysets = vec![second];
    })
    .await?;
    let next = Made::order(&mut p, 0x12, 500_000)?;
    for n in 0..3 {
        p.sign_tokens(n, &next.reference).await?;
    }
    show(&p, &next.tokens(&p, 2, &[]).await?, &[0, 1], 2, as_they_are).await?;
    let context = recognised(&mut p, &[0, 1]).await?;
    assert_eq!(paid(&mut p, &[0, 1], &context).await?, 1);
    assert!(report(&p).await?.is_clean());
    Ok(())
}

/// The two releases in the other order.
fn swapped_releases(bytes: &[u8]) -> Vec<u8> {
    let mut page = RecordPage::decode(bytes).unwrap();
    let releases =
        |bytes: &[u8]| String::from_utf8_lossy(&PublicRecord::decode(bytes).unwrap().body).contains("payout-released");
    let at: Vec<usize> = (0..page.records.len()).filter(|n| releases(&page.records[*n].2)).collect();
    if let [a, b] = at[..] {
        page.records.swap(a, b);
    }
    page.encode()
}

/// A server that shows each administrator another order of releases brings both to hold a payment file. The two are one
/// order to a bank, on whatever day they were written.
#[tokio::test]
async fn a_server_that_reorders_releases_makes_no_second_order() -> Result<()> {
    let (mut p, made) = one_award().await?;
    for n in 0..3 {
        p.sign_tokens(n, &made.reference).await?;
    }
    show(&p, &made.tokens(&p, 1, &[]).await?, &[0, 1], 1, as_they_are).await?;
    let context = recognised(&mut p, &[0, 1]).await?;
    assert!(matches!(p.pay(0, &context).await, Err(BountyError::MoreNeeded { .. })));
    let file = p.pay(1, &context).await?;
    p.wire = altering(&p.wire, |request, response| {
        if request.path.starts_with("/v1/records?from=0") && response.status == 200 {
            response.body = swapped_releases(&response.body);
        }
    });
    p.now += 3 * 86_400;
    let other = p.pay(0, &context).await?;
    let names = |file: &str| {
        let names =
            ["<MsgId>", "<PmtInfId>", "<EndToEndId>"].map(|tag| file.split(tag).nth(1).unwrap()[..32].to_owned());
        assert!(names.iter().all(|n| *n == names[0]), "one name for all of it");
        names[0].clone()
    };
    assert_eq!(names(&file), names(&other));
    Ok(())
}
