//! A server that cheats: each cheat is found, and the person is told what it means.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{
    collections::BTreeMap,
    fmt::Display,
    process::Command as Program,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use anyhow::Result;
use subrosa_casework::{bytes::Digest, role::RoleName};
use subrosa_crypto::{
    charter::CharterError,
    delivery::cover_hint,
    envelope,
    file::HybridIdentity,
    log::{Fork, charter_digest},
    seal::SealRecipient,
    secret::Secret32,
    sign::SigningKey,
    token::{BlindedBatch, Denomination, IssuerIndex, IssuerSecret, split},
    wire::{Bundle, BundleResponse, JournalPage, RecordKind, RecordPage},
};
use subrosa_e2e::{
    programme::{PROGRAMME, Programme, denominations, new_source, random_bytes, rng, stored},
    server::{Server, ServerOptions},
    whole_case::{AWARD, Stage, form},
    wire::{Altering, Answering, Recorder, Wire, answer},
};
use subrosa_engine::{
    api::Api,
    directory::{Directory, DirectoryError},
    log_watch::{LogFinding, LogWatch},
    officer::{Desk, JournalError, Known, OfficerError},
    policies::Policies,
    session::Session,
    source::{Filed, RETURN_BOX_INFO, Source, SourceError, prove_receipts, return_place},
    transport::{Circuit, Request, Response},
    treasury::{
        BountyError, Stage as Redeemed,
        public::{issuance_body, sign_record, token_award},
    },
};
use subrosa_machine::{
    dossier::{Wishes, export},
    preview::Previewer,
};

pub(crate) fn altering(wire: &Wire, f: impl Fn(&Request, &mut Response) + Send + Sync + 'static) -> Wire {
    wire.tapped(Arc::new(Altering(f)))
}

pub(crate) fn answering(wire: &Wire, f: impl Fn(&mut Request) -> Option<Response> + Send + Sync + 'static) -> Wire {
    wire.tapped(Arc::new(Answering(f)))
}

#[track_caller]
pub(crate) fn told(all: &[impl Display]) -> String {
    all.iter().map(|one| format!("{one} ")).collect()
}

pub(crate) fn says(error: &impl Display, words: &[&str]) {
    let text = error.to_string();
    for w in words {
        assert!(text.contains(w), "`{w}` is not in: {text}");
    }
}

async fn file_over(p: &Programme, wire: &Wire, now: u64) -> Result<Filed, SourceError> {
    let directory = p.newest().await.unwrap();
    let (_, master) = new_source();
    let filed = Source::file_tip(Api::new(wire.clone()), directory, master, form(Vec::new()), now, &mut rng()).await;
    filed.map(|(_, filed)| filed)
}

#[tokio::test]
async fn keys_that_are_not_the_officers_are_refused_before_anything_is_sent() -> Result<()> {
    let p = Programme::start(200).await?;
    let recorder = Recorder::new();
    let wire = p.wire.tapped(recorder.clone());
    let bundles = |change: fn(&mut BundleResponse)| {
        altering(&wire, move |request, response| {
            if request.path == "/v1/bundles" {
                let mut offered = BundleResponse::decode(&response.body).unwrap();
                change(&mut offered);
                response.body = offered.encode();
            }
        })
    };
    let swapped = bundles(|r| r.bundles[0].olm = [9; 32]);
    says(&file_over(&p, &swapped, p.now).await.unwrap_err(), &["are not signed by the person", "do not send anything"]);
    let swapped = bundles(|r| r.bundles[1].xwing[7] ^= 1);
    says(&file_over(&p, &swapped, p.now).await.unwrap_err(), &["are not signed by the person"]);
    let another = bundles(|r| r.bundles[0] = Bundle { holder: r.bundles[0].holder, ..r.bundles[1].clone() });
    says(&file_over(&p, &another, p.now).await.unwrap_err(), &["are not signed by the person"]);
    let withheld = bundles(|r| {
        let mut left = r.bundles.clone().into_vec();
        left.remove(2);
        r.bundles = left.try_into().unwrap();
    });
    says(
        &file_over(&p, &withheld, p.now).await.unwrap_err(),
        &["offers no keys for", "holding them back", "Nothing was sent"],
    );
    let late = p.now + 100 * 86_400;
    says(&file_over(&p, &wire, late).await.unwrap_err(), &["out of date", "holding newer keys back"]);
    assert!(recorder.to("/v1/deposit").is_empty(), "nothing was sent");
    Ok(())
}

#[tokio::test]
async fn a_forged_receipt_is_seen_at_once() -> Result<()> {
    let p = Programme::start(200).await?;
    let forging = altering(&p.wire, |request, response| {
        if request.path == "/v1/deposit" {
            *response.body.last_mut().unwrap() ^= 1;
        }
    });
    let refused = file_over(&p, &forging, p.now).await.unwrap_err();
    assert!(matches!(refused, SourceError::ForgedReceipt));
    says(&refused, &["receipt is not signed by the programme's log", "do not trust this server"]);
    Ok(())
}

#[tokio::test]
async fn charters_cannot_be_rolled_back_forked_or_altered() -> Result<()> {
    let mut p = Programme::start(200).await?;
    let first = p.charter_bytes.clone();
    let mut other = p.charter.clone();
    p.next_charter(|c| c.notice = "The second text.".into()).await?;
    let second = p.directory().await?.seen();
    assert_eq!(second.0, 2);
    other.version = 2;
    other.previous = charter_digest(&first);
    other.notice = "Another second text.".into();
    let forked = other.sign(&p.root)?;
    let unsigned = other.sign(&SigningKey::from_seed(&Secret32::random(&mut rng())))?;
    let altered =
        String::from_utf8(p.charter_bytes.clone())?.replace("The second text.", "The secand text.").into_bytes();

    // Whoever remembers the newest version sees it at once.
    let shown = |bytes: &[u8]| {
        let bytes = bytes.to_vec();
        Api::new(answering(&p.wire, move |r| (r.path == "/v1/charter").then(|| answer(200, bytes.clone()))))
    };
    let fetch =
        async |bytes: &[u8], seen| Directory::fetch(&shown(bytes), &p.root_key(), p.now, seen, Circuit(0)).await;
    let refused = fetch(&first, Some(second)).await.unwrap_err();
    assert!(matches!(refused, DirectoryError::Charter(CharterError::RolledBack { shown: 1, seen: 2 })));
    says(&refused, &["shows charter version 1, but you have seen version 2", "Do not send anything"]);
    let refused = fetch(&forked, Some(second)).await.unwrap_err();
    assert!(matches!(refused, DirectoryError::Charter(CharterError::Forked(2))));
    says(&refused, &["two different charters with version 2", "tell the programme by another way"]);
    says(&fetch(&unsigned, None).await.unwrap_err(), &["not signed by this programme's root key", "printed notice"]);
    says(&fetch(&altered, None).await.unwrap_err(), &["altered after it was signed"]);

    // A source remembers through its passphrase alone.
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.next_epoch().await?;
    for (bytes, how) in [(&first, "an older version"), (&forked, "another text under the same version")] {
        let directory = fetch(bytes, None).await?;
        let refused = Source::restore(p.api(), directory, master.clone(), &mut rng()).await.unwrap_err();
        assert!(matches!(refused, SourceError::Charter(_)));
        says(&refused, &["another charter than on your last visit", how, "Do not send anything"]);
    }
    Ok(())
}

#[tokio::test]
async fn altered_and_withheld_envelopes_are_reported() -> Result<()> {
    let mut p = Programme::start(200).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.next_epoch().await?;
    let flip = altering(&p.wire, |request, response| {
        if request.path == "/v1/take" && response.status == 200 {
            response.body[5000] ^= 1;
        }
    });
    let mut desk: Desk = stored(&p.desks[0])?;
    let troubles = desk.collect(&Api::new(flip.clone()), &p.circuits, p.log_key(), PROGRAMME).await?;
    assert!(desk.cases.is_empty());
    says(&told(&troubles), &["could not be opened", "changed on the way"]);
    let refused = Source::restore(Api::new(flip), p.newest().await?, master.clone(), &mut rng()).await.unwrap_err();
    says(&refused, &["changed on the way"]);

    let hide = answering(&p.wire, |r| (r.path == "/v1/take").then(|| answer(404, Vec::new())));
    let mut desk: Desk = stored(&p.desks[0])?;
    let troubles = desk.collect(&Api::new(hide.clone()), &p.circuits, p.log_key(), PROGRAMME).await?;
    says(&told(&troubles), &["is listed, but the server does not hand it out"]);
    let refused = Source::restore(Api::new(hide), p.newest().await?, master.clone(), &mut rng()).await.unwrap_err();
    says(&refused, &["does not hand it out", "withholding"]);

    // A reply, altered once: it is reported, and not lost.
    p.advance(&master, None, Stage::Received).await?;
    p.tell(0, RoleName::Triager, "we have it", None).await?;
    p.next_epoch().await?;
    let on = Arc::new(AtomicBool::new(false));
    let switch = Arc::clone(&on);
    let sometimes = altering(&p.wire, move |request, response| {
        if request.path == "/v1/take" && response.status == 200 && switch.load(Ordering::Relaxed) {
            response.body[5000] ^= 1;
        }
    });
    let source = Source::restore(Api::new(sometimes), p.newest().await?, master, &mut rng()).await?;
    on.store(true, Ordering::Relaxed);
    let inbox = source.inbox().await?;
    assert!(inbox.unread.is_empty());
    let told: Vec<String> = inbox.troubles.iter().map(ToString::to_string).collect();
    says(&told.join(" "), &["a reply from Adaeze", "could not be read", "changed on the way"]);
    on.store(false, Ordering::Relaxed);
    assert_eq!(source.inbox().await?.unread.len(), 1);
    Ok(())
}

#[tokio::test]
async fn reordered_lists_are_refused() -> Result<()> {
    let p = Programme::start(200).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.next_epoch().await?;
    let change = |part: &'static str, f: fn(&mut Vec<u8>)| {
        Api::new(altering(&p.wire, move |request, response| {
            if request.path.starts_with("/v1/epoch/") && request.path.ends_with(part) {
                f(&mut response.body);
            }
        }))
    };
    let collect = async |api: Api<Wire>| -> Result<(usize, usize), OfficerError> {
        let mut desk: Desk = stored(&p.desks[0]).unwrap();
        let troubles = desk.collect(&api, &p.circuits, p.log_key(), PROGRAMME).await?;
        Ok((desk.cases.len(), troubles.len()))
    };
    let reordered = collect(change("tags", |b| b[13..45].rotate_left(16))).await.unwrap_err();
    says(&reordered, &["not as specified", "order of tags", "broken, or hostile"]);
    let another = collect(change("tags", |b| b[8] ^= 1)).await.unwrap_err();
    says(&another, &["not as specified", "epoch"]);
    let shortened = collect(change("hints", |b| b.truncate(b.len() - 32))).await.unwrap_err();
    says(&shortened, &["not as specified", "count"]);
    // Hints have no order of their own, but the log holds one: shifted against the tags, the list is not believed.
    assert_eq!(collect(change("hints", |b| b[13..].rotate_left(32))).await?, (0, 1));
    Ok(())
}

#[tokio::test]
async fn a_log_that_forks_shrinks_or_forgets_is_caught() -> Result<()> {
    let mut p = Programme::start(200).await?;
    p.next_epoch().await?;
    let early = p.api().checkpoint(Circuit(0)).await?;
    let (_, master) = new_source();
    let (_, filed) = p.file_tip(&master, form(Vec::new())).await?;
    let directory = p.directory().await?;
    p.next_epoch().await?;
    let proofs = prove_receipts(&p.api(), &directory, filed.receipts.clone(), &mut rng()).await?;
    assert!(proofs.len() == 3 && proofs.iter().all(|r| r.inclusion.is_some()), "the honest log proves all three");
    // A visit that is saved remembers the log; the next one compares.
    p.source_reads(&master).await?;
    p.next_epoch().await?;
    let over = async |wire: Wire| -> Result<SourceError> {
        Ok(Source::restore(Api::new(wire), p.newest().await?, master.clone(), &mut rng()).await.unwrap_err())
    };
    let kept = early.clone();
    let rolled_back = answering(&p.wire, move |r| (r.path == "/v1/log/checkpoint").then(|| answer(200, kept.clone())));
    // Its state is in a list that this log does not hold. (Officers remember the log itself: `again.rs`.)
    says(&over(rolled_back).await?, &["lists that are not those in the log", "do not trust this server"]);
    let unsigned = altering(&p.wire, |request, response| {
        if request.path == "/v1/log/checkpoint" {
            let at = response.body.len() - 10;
            response.body[at] = if response.body[at] == b'A' { b'B' } else { b'A' };
        }
    });
    says(&over(unsigned).await?, &["not signed by the log's key", "do not trust this server"]);
    let forgetful = altering(&p.wire, |request, response| {
        if request.path.starts_with("/v1/log/tile/entries/") {
            let (leaves, size) = (response.body.len() / 34, 34);
            for leaf in 0..leaves {
                response.body[leaf * size + 2..(leaf + 1) * size].copy_from_slice(&random_bytes(32));
            }
        }
    });
    let refused = prove_receipts(&Api::new(forgetful), &directory, filed.receipts, &mut rng()).await.unwrap_err();
    says(&refused, &["the log cannot prove what it lists", "hiding or changing entries"]);

    // A fork: the same server with the same keys, twice, on two copies of its disk.
    p.server.stop()?;
    let copy = p.directory_for("twin");
    assert!(Program::new("cp").arg("-a").arg(&p.server.data_dir).arg(&copy).status()?.success());
    p.restart()?;
    let twin = Server::start(&ServerOptions { data_dir: copy, ..p.options.clone() })?;
    p.file_tip(&new_source().1, form(Vec::new())).await?;
    p.next_epoch().await?;
    let key = p.directory().await?.log_key().clone();
    let (one, two) = (p.api(), Api::new(Wire::new(&twin.url)?));
    let mut seen: BTreeMap<u64, [u8; 32]> = BTreeMap::new();
    let (mut split, mut not_continued) = (None, None);
    for _ in 0..100 {
        let view = LogWatch::new(&one, key.clone(), Circuit(0)).advance(None).await?;
        seen.insert(view.size(), view.root());
        let other = LogWatch::new(&two, key.clone(), Circuit(0));
        let size = other.advance(None).await?.size();
        if let Some(root) = seen.get(&size).copied() {
            match other.advance(Some((size, root))).await {
                Err(e @ LogFinding::Fork(Fork::Split)) => split = Some(e),
                Err(LogFinding::Fork(_)) | Ok(_) => {}
                Err(e) => return Err(e.into()),
            }
        }
        if let Some((known, root)) = seen.range(..size).next_back().map(|(s, r)| (*s, *r))
            && let Err(e @ LogFinding::Fork(Fork::NotContinued(_))) = other.advance(Some((known, root))).await
        {
            not_continued = Some(e);
        }
        if split.is_some() && not_continued.is_some() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(70)).await;
    }
    // A dossier takes the log along: it is not made from a log that contradicts what the desk saw.
    let history = p.directory().await?;
    let known = Known { ctx: p.context(&history), policies: Policies::default(), directory: history };
    p.desks[0].identity.watch_log(&one, known.directory.charter(), &p.circuits).await?;
    let identity = HybridIdentity::from_secret(Secret32::new([7; 32]));
    let wishes = Wishes {
        to: vec![identity.recipient().to_string()],
        summary: "A run is reported.".into(),
        language: "en".into(),
        ..Wishes::default()
    };
    let (previewer, rng) = (Previewer::this_program()?, &mut rng());
    let s = &mut Session::new(&two, &p.circuits, rng, p.now, &known.directory);
    let refused = export(&mut p.desks[0], s, 0, &known, RoleName::Triager, &previewer, &wishes).await.unwrap_err();
    assert!(matches!(refused.downcast_ref(), Some(LogFinding::Fork(_))), "{refused}");
    says(&refused, &["Do not trust this server"]);
    says(&split.unwrap(), &["two different histories of the same size", "Do not trust this server"]);
    says(&not_continued.unwrap(), &["does not continue what it showed before", "Do not trust this server"]);
    Ok(())
}

#[tokio::test]
async fn journals_cannot_be_cut_changed_or_filled_by_the_server() -> Result<()> {
    let mut p = Programme::start(200).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Acknowledged).await?;
    p.accept().await?;
    let honest = p.case(0).await?;
    let directory = p.directory().await?;
    let ctx = p.context(&directory);
    let pages = |f: fn(&mut JournalPage)| {
        altering(&p.wire, move |request, response| {
            if request.path == "/v1/journal/read" {
                let mut page = JournalPage::decode(&response.body).unwrap();
                f(&mut page);
                response.body = page.encode();
            }
        })
    };
    let open = async |wire: Wire| {
        let mut desk: Desk = stored(&p.desks[0]).unwrap();
        desk.open(&mut Session::new(&Api::new(wire), &p.circuits, &mut rng(), p.now, &directory), 0, &ctx).await
    };
    let cut = open(pages(|page| {
        let mut entries = std::mem::take(&mut page.entries).into_vec();
        entries.pop();
        page.entries = entries.try_into().unwrap();
        page.position.seq -= 1;
    }))
    .await
    .unwrap_err();
    assert!(matches!(cut, OfficerError::Journal(JournalError::Cut { .. })));
    says(&cut, &["hides entries of this case that you have read before"]);
    let gone = open(answering(&p.wire, |r| (r.path == "/v1/journal/read").then(|| answer(404, Vec::new())))).await;
    says(&gone.unwrap_err(), &["hides entries of this case", "0 now"]);
    let changed = open(pages(|page| page.entries[1][100] ^= 1)).await.unwrap_err();
    says(&changed, &["another past of this journal", "spoken with your colleagues"]);
    let misnamed = open(pages(|page| page.position.head.0[0] ^= 1)).await.unwrap_err();
    says(&misnamed, &["another past of this journal"]);
    // An entry that nobody of the team wrote is passed over, by every reader alike.
    let forged = open(pages(|page| {
        let mut entry = random_bytes(4096);
        entry[..5].copy_from_slice(&[1, 0, 0, 0, 0]);
        page.position.head = page.position.head.after(&entry);
        page.entries.push(entry.try_into().unwrap()).unwrap();
        page.position.seq += 1;
    }))
    .await?;
    assert_eq!(forged.passed_over().len(), 1);
    assert_eq!(forged.passed_over()[0].fault.code(), "unreadable");
    assert_eq!(forged.case(), honest.case());
    Ok(())
}

#[tokio::test]
async fn wrong_evaluations_and_lies_about_spending_cost_nothing() -> Result<()> {
    let mut p = Programme::start(200).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Ordered).await?;
    let reference = p.case(0).await?.case().award().unwrap().award_ref.unwrap();
    p.sign_tokens(0, &reference).await?;

    // The second administrator signs with keys that are not the published ones.
    let corrupt = &p.treasuries[1];
    let order = &corrupt.orders[0];
    let values: Vec<Denomination> = denominations().into_iter().filter_map(Denomination::new).collect();
    let seed = Secret32::random(&mut rng());
    let secret = IssuerSecret::derive(&seed, PROGRAMME.as_bytes(), 1, IssuerIndex(2), &values)?;
    let batch = BlindedBatch::decode(&order.batch)?;
    assert_eq!(batch.award, token_award(&reference));
    let mut false_answer = secret.evaluate(&batch.verify(&split(AWARD, &values).0)?, &mut rng())?;
    let charter = p.directory().await?.charter().clone();
    false_answer.keyset = charter.keysets()[0].id();
    let address = corrupt.identity.wrap_key().open(RETURN_BOX_INFO, &reference.0, &order.return_box.sealed)?;
    let place = return_place(&Secret32::new(address[..32].try_into()?), &false_answer.keyset);
    let recipient = SealRecipient::from_slice(&address[32..])?;
    let letter =
        envelope::write(&place, cover_hint(&mut rng()), &recipient, &[0; 16], &false_answer.encode(), &mut rng())?;
    let api = p.api();
    let params = api.params(Circuit(0)).await?;
    api.deposit(&params, &subrosa_engine::board::parcel(vec![letter], &mut rng())?, Circuit(0)).await?;
    let record = issuance_body(reference, &batch, &false_answer).to_json();
    api.publish_record(
        &sign_record(RecordKind::Issuance, record, charter.digest(), &corrupt.identity.signer())?,
        Circuit(0),
    )
    .await?;
    p.next_epoch().await?;
    let refused = p.source(&master).await?.collect_tokens(&mut rng()).await.unwrap_err();
    assert!(matches!(refused, SourceError::Evaluation { issuer: 2, .. }));
    says(&refused, &["administrator 2", "did not use its published key"]);
    let findings = told(&p.view().await?.findings);
    says(&findings, &["did not use its published key"]);

    // The third one signs; the first one's answer was not lost. Two would do to redeem, and nothing is handed out
    // before the second one has signed too: who refuses marks nobody.
    p.sign_tokens(2, &reference).await?;
    p.next_epoch().await?;
    assert_eq!(p.source(&master).await?.collect_tokens(&mut rng()).await.unwrap_err().to_string(), refused.to_string());
    p.next_epoch().await?;
    assert!(matches!(p.source(&master).await?.tokens(), Err(SourceError::Assemble(_))));
    Ok(())
}

/// A server that hides reservations: whoever made one remembers, and the one who is fooled alone pays nothing.
#[tokio::test]
async fn lies_about_spending_cost_nothing() -> Result<()> {
    let mut p = Programme::start(200).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Issued).await?;
    p.next_epoch().await?;
    let tokens = p.source(&master).await?.tokens()?;

    // Shown twice, to different payees, before anybody has looked.
    for payee in ["Kanzlei Beispiel Anderkonto", "Another Payee"] {
        p.redeem_to(&tokens[..1], payee).await?;
        p.next_epoch().await?;
        for n in [0, 1] {
            p.treasury_visit(n).await?;
        }
    }
    let shown: Vec<Digest> = p.treasuries[0].redemptions.iter().map(|r| r.context).collect();
    assert_eq!(shown.len(), 2);
    let (first, second) = (shown[0], shown[1]);
    let kept = stored(&p.treasuries[1])?;
    for n in [0, 1, 0] {
        p.verify(n, &first).await?;
    }
    assert!(p.view().await?.findings.is_empty());
    // The server shows nobody's reservations. Whoever reserved for the first redemption remembers.
    let blind = answering(&p.wire, |r| {
        let empty = RecordPage { total: 0, from: 0, records: Default::default() };
        r.path.starts_with("/v1/records?").then(|| answer(200, empty.encode()))
    });
    let honest = std::mem::replace(&mut p.wire, blind.clone());
    let refused = p.verify(0, &second).await.unwrap_err();
    assert!(matches!(refused, BountyError::SpentBefore(_)));
    says(&refused, &["was redeemed before, in another redemption", "Nothing is paid"]);
    // A keystore from before it has forgotten; an honest server tells it what it said in public.
    p.treasuries[1] = stored(&kept)?;
    p.wire = honest.clone();
    assert!(matches!(p.verify(1, &second).await.unwrap_err(), BountyError::SpentBefore(_)));
    // With a lying server it is fooled alone, which pays nothing, and everybody sees it.
    p.treasuries[1] = kept;
    p.wire = blind;
    assert_eq!(p.verify(1, &second).await?, Redeemed::Reserved);
    p.wire = honest;
    let refused = p.pay(1, &second).await.unwrap_err();
    assert!(matches!(refused, BountyError::NotVerified { have: 0, need: 2 }));
    says(&refused, &["only 0 of 2 administrators have verified"]);
    let findings: Vec<String> = p.view().await?.findings.iter().map(ToString::to_string).collect();
    says(&findings.join(" "), &["reserved-twice"]);
    Ok(())
}
