//! A whole case at the level of the engines, against the real server: from a tip with two files to a paid claim, the
//! source knowing its passphrase alone.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use anyhow::Result;
use subrosa_casework::{award::SourceAct, case::State, money::Cents};
use subrosa_casework::{case::MessageKind, role::RoleName};
use subrosa_crypto::{kdf, passphrase::Passphrase};
use subrosa_e2e::{
    programme::{PROGRAMME, Programme, new_source, random_bytes, rng},
    whole_case::{AWARD, BUDGET, Stage, form},
};
use subrosa_engine::{
    message::Message,
    officer::files_of,
    source::{SourceError, prove_receipts},
    treasury::{
        BountyError, Stage as Redeemed,
        rail::{Details, Rail as _, pain001::Sepa},
        redeem::{RedeemError, crowd},
    },
};

#[tokio::test]
async fn a_tip_becomes_a_paid_claim() -> Result<()> {
    let mut p = Programme::start(250).await?;
    let (passphrase, master) = new_source();
    let words = passphrase.words();
    // From here on the source has nothing but the twelve words.
    let returns = || Passphrase::parse(&words).unwrap().master_key(PROGRAMME);

    // A tip with two files.
    let (report, photo) = (random_bytes(700_000), random_bytes(300_001));
    let files = vec![
        p.upload("report.pdf", "application/pdf", &report).await?,
        p.upload("photo.jpg", "image/jpeg", &photo).await?,
    ];
    let (source, filed) = p.file_tip(&master, form(files)).await?;
    assert_eq!(filed.receipts.len(), 3, "one receipt for each officer, verified against the log's key");
    assert!(filed.fallback.is_empty());
    assert!(filed.receipts.iter().all(|r| r.inclusion.is_none()), "a promise while the epoch is open");
    drop(source);

    // The officers open it.
    p.advance(&master, None, Stage::Received).await?;
    for n in 0..3 {
        let replay = p.case(n).await?;
        assert_eq!(replay.case().state(), State::Received);
        assert!(replay.passed_over().is_empty());
        let manifests = files_of(replay.case());
        assert_eq!(manifests.len(), 2);
        for (manifest, sent) in manifests.iter().zip([&report, &photo]) {
            let got = p.download(manifest).await?;
            assert_eq!(kdf::sha256(&got), kdf::sha256(sent), "the files arrive as they were");
        }
    }

    // Each deposit of the tip stands in the log by now.
    let directory = p.directory().await?;
    let proofs = prove_receipts(&p.api(), &directory, filed.receipts, &mut rng()).await?;
    assert_eq!(proofs.len(), 3);
    for file in &proofs {
        assert!(file.inclusion.is_some());
        let text = file.to_text();
        let read = subrosa_crypto::log::ReceiptFile::parse(&text)?;
        read.verify(directory.log_key(), &[])?;
    }
    p.next_epoch().await?;

    // Acknowledgement and a question; the source returns, reads, answers.
    p.advance(&returns(), Some(Stage::Received), Stage::Acknowledged).await?;
    p.next_epoch().await?;
    p.accept().await?;
    let question = Message::Text { text: "Which month was it?".into(), files: Vec::new() };
    p.reply(0, RoleName::Triager, MessageKind::Question, &question).await?;
    let (mut source, read) = p.source_reads(&returns()).await?;
    assert!(matches!(&read[..], [Message::Text { text, .. }] if text == "Which month was it?"));
    p.next_epoch().await?;
    let again = p.source(&returns()).await?.inbox().await?;
    assert!(
        again.unread.is_empty() && again.troubles.is_empty(),
        "acknowledged replies are gone: {:?}",
        again.troubles
    );
    let answer = |text: &str| Message::Text { text: text.into(), files: Vec::new() };
    source.send(&answer("In May."), &mut rng()).await?;
    source.send(&answer("In May."), &mut rng()).await?;
    p.everybody_visits().await?;
    for n in 0..3 {
        let replay = p.case(n).await?;
        let from_source = replay.case().messages().iter().filter(|m| m.sent.is_none()).count();
        assert_eq!(from_source, 3, "the tip and both answers, each once, though three officers wrote them down");
    }

    // Four-eyes decisions up to the award.
    p.substantiate().await?;
    p.source_reads(&returns()).await?;
    p.next_epoch().await?;
    assert!(matches!(p.source(&returns()).await?.request_tokens(&mut rng()).await, Err(SourceError::NoAward)));
    p.advance(&returns(), Some(Stage::ClaimOpen), Stage::AwardFinal).await?;
    assert_eq!(p.case(1).await?.case().award().unwrap().amount, Cents(AWARD));
    p.next_epoch().await?;
    assert_eq!(p.source(&returns()).await?.state().award().unwrap().amount_cents, AWARD);

    // Blinded requests, all three administrators, DLEQ checked.
    p.advance(&returns(), Some(Stage::AwardFinal), Stage::Issued).await?;
    let reference = p.case(0).await?.case().award().unwrap().award_ref.unwrap();
    assert!(matches!(p.sign_tokens(0, &reference).await.unwrap_err().downcast_ref(), Some(BountyError::SignedBefore)));
    p.next_epoch().await?;
    let tokens = p.source(&returns()).await?.tokens()?;
    let values: Vec<u64> = tokens.iter().map(|t| t.denomination().cents()).collect();
    assert_eq!(values.iter().sum::<u64>(), AWARD);
    assert_eq!(tokens.len(), 6, "100,000 + 20,000 + 10,000 + 5,000 + 2,000 + 500");
    let around = crowd(&p.api(), &p.directory().await?, &tokens, &mut rng()).await?;
    assert_eq!((around.together, &around.each[..]), (1, &[1; 6][..]), "one award: a crowd of one");

    // Three sittings, each as a stranger.
    for (n, sitting) in tokens.chunks(2).enumerate() {
        assert_eq!(crowd(&p.api(), &p.directory().await?, sitting, &mut rng()).await?.spent, [false, false]);
        p.redeem(sitting).await?;
        p.next_epoch().await?;
        let mut contexts = Vec::new();
        for t in 0..2 {
            let news = p.treasury_visit(t).await?;
            assert!(news.troubles.is_empty(), "{:?}", news.troubles);
            assert_eq!(news.redemptions.len(), 1);
            contexts.push(news.redemptions[0].0);
        }
        assert_eq!(contexts[0], contexts[1], "both see the same redemption");
        let context = contexts[0];
        assert_eq!(p.verify(0, &context).await?, Redeemed::Reserved);
        assert!(matches!(p.pay(0, &context).await, Err(BountyError::NotVerified { have: 0, need: 2 })));
        assert_eq!(p.verify(1, &context).await?, Redeemed::Verified);
        assert!(matches!(p.pay(1, &context).await, Err(BountyError::NotVerified { have: 1, need: 2 })));
        assert_eq!(p.verify(0, &context).await?, Redeemed::Verified);
        assert!(matches!(p.pay(0, &context).await, Err(BountyError::MoreNeeded { have: 1, need: 2 })));
        let early = p.settle(0, &context).await;
        assert!(matches!(early, Err(BountyError::NotReleased { have: 1, need: 2 })), "{early:?}");
        let file = p.pay(1, &context).await?;
        assert_eq!(p.payment(0, &context)?, file, "a bank that is handed both sees one order twice");
        assert!(file.contains("DE02120300000000202051") && file.contains("<InstdAmt"), "{file}");
        assert_eq!(p.pay(1, &context).await?, file, "asked again it is the same order");
        p.now += 86_400;
        assert_eq!(p.pay(1, &context).await?, file, "on another day too");
        let another = Details::typed(Sepa.debtor(), |f| Some(f.example.to_owned()))?;
        assert!(matches!(p.pay_from(1, &context, &another).await, Err(BountyError::OtherAccount)));
        assert!(matches!(p.pay(0, &context).await, Err(BountyError::OtherPays)));
        for t in 0..2 {
            p.settle(t, &context).await?;
            assert!(matches!(p.settle(t, &context).await, Err(BountyError::StatedBefore)), "it is public already");
        }
        assert!(matches!(p.pay(1, &context).await, Err(BountyError::Arrived)), "nothing is left to be paid");
        assert_eq!(crowd(&p.api(), &p.directory().await?, sitting, &mut rng()).await?.spent, [true, true]);
        let view = p.view().await?;
        let paid: u64 = values.iter().take(2 * (n + 1)).sum();
        assert_eq!(view.audit.totals.redeemed, Cents(paid));
    }

    // A second use is refused to an honest program, and to a dishonest one.
    p.next_epoch().await?;
    assert!(matches!(p.redeem(&tokens[..1]).await, Err(e) if matches!(e.downcast_ref(), Some(RedeemError::Spent(_)))));

    // The books balance: issued = redeemed + outstanding.
    let view = p.view().await?;
    assert_eq!(view.findings, []);
    let totals = view.audit.totals;
    assert_eq!((totals.funded, totals.issued, totals.redeemed), (Cents(BUDGET), Cents(AWARD), Cents(AWARD)));
    assert_eq!((totals.outstanding, totals.paid), (Cents(0), Cents(AWARD)));
    assert!(view.audit.ledger.balances());

    // The case knows no more than that its tokens were issued.
    assert_eq!(p.case(2).await?.case().state(), State::Paid);
    p.server.stop()?;
    Ok(())
}

#[tokio::test]
async fn a_withdrawn_tip_is_closed_by_its_source() -> Result<()> {
    let mut p = Programme::start(200).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Acknowledged).await?;
    p.source_states(&master, SourceAct::Withdraw).await?;
    p.everybody_visits().await?;
    assert_eq!(p.case(0).await?.case().state(), State::Closed);
    // What is said too late is kept as a message and changes nothing.
    p.source_states(&master, SourceAct::Contest).await?;
    p.everybody_visits().await?;
    let replay = p.case(1).await?;
    assert_eq!(replay.case().state(), State::Closed);
    assert_eq!(replay.case().messages().iter().filter(|m| m.sent.is_none()).count(), 3);
    Ok(())
}
