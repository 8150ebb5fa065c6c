//! Every act of a source looks the same: on the socket, and on the server's disk. And nothing readable is left
//! behind.
#![expect(clippy::indexing_slicing, reason = "tests")]

use anyhow::{Context, Result};
use subrosa_casework::{case::MessageKind, role::RoleName};
use subrosa_crypto::{
    delivery::Capability,
    passphrase::MasterKey,
    secret::Secret32,
    wire::{BundleRequest, BundleResponse, CapRequest, DepositRequest},
};
use subrosa_e2e::{
    disk,
    programme::{ADMINISTRATORS, OFFICERS, PROGRAMME, Programme, new_source, random_bytes, rng},
    proxy::{Proxy, Seen},
    stolen_keys::secrets,
    whole_case::{Stage, form, payout},
    wire::{Recorder, Wire},
};
use subrosa_engine::{board, message::Message, source::Source};

/// The deposits that an act made.
struct Act {
    name: &'static str,
    deposits: Vec<Seen>,
    /// Slots of 32 KiB that were filled on the disk meanwhile, and of 256 KiB. (Lists of epochs that closed meanwhile
    /// fill 4 KiB ones.)
    envelope_slots: usize,
    blob_slots: usize,
}

struct Watch<'a> {
    proxy: &'a Proxy,
    acts: Vec<Act>,
    before: [Slots; 2],
}

type Slots = std::collections::BTreeMap<(std::path::PathBuf, u64), [u8; 32]>;

fn all_slots(p: &Programme) -> Result<[Slots; 2]> {
    let dir = &p.server.data_dir;
    Ok([disk::slots(dir, "32k")?, disk::slots(dir, "256k")?])
}

fn filled(before: &Slots, after: &Slots) -> usize {
    after.iter().filter(|(place, content)| before.get(*place) != Some(content)).count()
}

impl Watch<'_> {
    fn begin(&mut self, p: &Programme) -> Result<()> {
        self.before = all_slots(p)?;
        self.proxy.clear();
        Ok(())
    }

    fn end(&mut self, p: &Programme, name: &'static str) -> Result<()> {
        let deposits = self.proxy.seen().into_iter().filter(|s| s.line.contains("/v1/deposit")).collect();
        let after = all_slots(p)?;
        let [envelope_slots, blob_slots] = [0, 1].map(|i| filled(&self.before[i], &after[i]));
        self.acts.push(Act { name, deposits, envelope_slots, blob_slots });
        Ok(())
    }
}

#[tokio::test]
async fn all_acts_of_a_source_look_the_same_and_leave_nothing_readable() -> Result<()> {
    let mut p = Programme::start(250).await?;
    let proxy = Proxy::start(&p.server.url)?;
    let recorder = Recorder::new();
    p.wire = Wire::new(&proxy.url)?.tapped(recorder.clone());
    let mut watch = Watch { proxy: &proxy, acts: Vec::new(), before: Default::default() };
    let (passphrase, master) = new_source();
    let content = random_bytes(200_000);
    let file = p.upload("minutes-of-the-board.pdf", "application/pdf", &content).await?;

    watch.begin(&p)?;
    p.file_tip(&master, form(vec![file])).await?;
    watch.end(&p, "first tip")?;
    p.advance(&master, None, Stage::Received).await?;
    accept_after_hello(&mut p).await?;
    p.next_epoch().await?;

    let mut source = p.source(&master).await?;
    let inbox = source.inbox().await?;
    assert!(!inbox.unread.is_empty());
    watch.begin(&p)?;
    source.acknowledge(inbox, &mut rng()).await?;
    watch.end(&p, "self-state")?;

    watch.begin(&p)?;
    let answer = Message::Text { text: "It was in the cold aisle of hall four.".into(), files: Vec::new() };
    source.send(&answer, &mut rng()).await?;
    watch.end(&p, "reply")?;

    watch.begin(&p)?;
    let circuit = p.circuits.fresh();
    let params = p.api().params(circuit).await?;
    board::deposit(&p.api(), &params, &board::parcel(Vec::new(), &mut rng())?, circuit).await?;
    watch.end(&p, "cover")?;

    p.everybody_visits().await?;
    p.substantiate().await?;
    p.source_reads(&master).await?;
    p.advance(&master, Some(Stage::ClaimOpen), Stage::AwardFinal).await?;
    p.next_epoch().await?;
    let mut source: Source<Wire> = p.source(&master).await?;
    watch.begin(&p)?;
    source.request_tokens(&mut rng()).await?;
    watch.end(&p, "token request")?;
    p.order_requested().await?;
    p.advance(&master, Some(Stage::Ordered), Stage::Issued).await?;
    p.next_epoch().await?;
    let tokens = p.source(&master).await?.tokens()?;
    watch.begin(&p)?;
    p.redeem(&tokens[..2]).await?;
    watch.end(&p, "redemption")?;
    p.next_epoch().await?;

    // No capability was shown before something lay at its place.
    assert_eq!(recorder.shown_before_deposit(), Vec::<String>::new());
    // Keys: whoever was written to, everybody's were asked for, and nothing in the request says whose.
    let asked = recorder.to("/v1/bundles");
    assert!(asked.len() > 2, "a tip, an order, a redemption");
    let everybody: Vec<_> = p.newest().await?.charter().holders().map(|h| h.keys().holder_id()).collect();
    for (request, response) in &asked {
        assert_eq!(request.body.len(), BundleRequest::LEN);
        let offered = BundleResponse::decode(&response.body)?;
        assert_eq!(offered.bundles.iter().map(|b| b.holder).collect::<Vec<_>>(), everybody);
    }

    // On the socket.
    let first = watch.acts[0].deposits.first().context("the tip made no deposit")?;
    let names: Vec<&str> = first.headers.iter().map(|(name, _)| name.as_str()).collect();
    for act in &watch.acts {
        assert_eq!(act.deposits.len(), 1, "{}", act.name);
        let seen = &act.deposits[0];
        assert_eq!(seen.line, "POST /v1/deposit HTTP/1.1", "{}", act.name);
        assert_eq!(seen.body_len, DepositRequest::LEN, "{}", act.name);
        assert_eq!(seen.headers_but_host(), first.headers_but_host(), "{}", act.name);
        assert_eq!(seen.head_len, first.head_len, "{}", act.name);
        // On the disk.
        assert_eq!((act.envelope_slots, act.blob_slots), (4, 0), "{}", act.name);
    }
    for forbidden in ["user-agent", "cookie", "referer", "accept-language", "authorization"] {
        assert!(!names.iter().any(|n| n.eq_ignore_ascii_case(forbidden)), "{forbidden} is sent");
    }
    // No request of anybody carries more.
    for seen in proxy.seen() {
        let known = ["host", "content-type", "content-length", "accept"];
        assert!(seen.headers.iter().all(|(n, _)| known.contains(&n.to_ascii_lowercase().as_str())), "{seen:?}");
    }

    // Nothing readable is left: on the disk, as it is after a stop, and in the log.
    let returned = p.source(&master).await?;
    let state = secrets(returned.state())?;
    // The log's root is public; at a size that is a power of two it is one of the hashes that the server stores.
    let identities = p.desks.iter().map(|d| d.identity.log_seen());
    let seen: Vec<_> = identities.chain([returned.state().log]).flatten().map(|(_, root)| root).collect();
    let ports = proxy.ports();
    p.server.stop()?;
    let mut files = disk::files(&p.server.data_dir)?;
    let log = p.server.log_text()?;
    files.push((p.server.log.clone(), log.clone().into_bytes()));
    let payout = payout()?;
    let stated = |name| payout.details().get(name).context("a field of SEPA");
    let words = passphrase.words();
    let pairs: Vec<String> = words.split(' ').collect::<Vec<_>>().windows(2).map(|w| w.join(" ")).collect();
    let mut plain: Vec<&str> = vec![
        "A training run above",
        "kept the scheduler running",
        "cold aisle",
        "Which hall",
        "minutes-of-the-board",
        "unnotified-run",
        "power company",
        stated("iban")?,
        stated("payee")?,
        stated("reference")?,
        "reqwest",
        "User-Agent",
    ];
    plain.extend(pairs.iter().map(String::as_str));
    for words in plain {
        assert_eq!(disk::holding(&files, words.as_bytes()), Vec::<std::path::PathBuf>::new(), "{words}");
    }
    assert!(disk::holding(&files, &content[1000..1032]).is_empty(), "a file's content");
    // Keys: those of the source's state, and every capability that was ever shown to the server.
    let mut public = public_values(&p)?;
    public.extend(seen);
    // Receipts are kept until the next visit finds their leaves, which the log publishes.
    public.extend(p.desks.iter().flat_map(|d| d.identity.promised_leaves()));
    for secret in state.iter().filter(|s| !public.contains(*s)) {
        let found = disk::holding(&files, secret);
        assert!(found.is_empty(), "a value of the state, {}, in {found:?}", hex::encode(secret));
    }
    for (request, _) in recorder.exchanges() {
        let capability = match request.path.as_str() {
            "/v1/take" | "/v1/discard" | "/v1/blob/take" => request.body.get(1..33),
            "/v1/journal/read" => request.body.get(33..65),
            _ => None,
        };
        if let Some(capability) = capability {
            assert!(disk::holding(&files, capability).is_empty(), "a capability of {}", request.path);
        }
    }
    for desk in &p.desks {
        let seed = secrets(&desk.identity)?;
        for secret in seed.iter().filter(|s| !public.contains(*s)) {
            assert!(disk::holding(&files, secret).is_empty(), "a key of {}", desk.identity.name);
        }
    }
    // Addresses and names: the charter is public and names its people, the log names nobody.
    let (data, _) = files.split_at(files.len() - 1);
    assert!(disk::holding(data, b"127.0.0.1").is_empty());
    for port in ports {
        assert!(!log.contains(&format!(":{port}")), "a client's port is in the log:\n{log}");
    }
    let names = OFFICERS.iter().map(|(name, _)| *name).chain(ADMINISTRATORS);
    for name in names {
        assert!(!log.contains(name));
    }
    assert!(log.lines().filter(|l| l.contains("127.0.0.1")).all(|l| l.contains("listening on")), "{log}");
    assert!(!log.contains("/v1/"), "no request is logged:\n{log}");
    Ok(())
}

/// 32-byte values that are meant to be seen: charter and log digests, public keys.
fn public_values(p: &Programme) -> Result<Vec<[u8; 32]>> {
    let mut out = vec![subrosa_crypto::log::charter_digest(&p.charter_bytes)];
    for desk in &p.desks {
        let keys = desk.identity.public()?.keys;
        out.extend([keys.sign.0, keys.olm, keys.scan]);
        out.extend(desk.cases.iter().map(|c| c.id()));
    }
    assert_eq!(p.options.programme, PROGRAMME);
    Ok(out)
}

#[tokio::test]
async fn a_tip_without_files_takes_four_requests_and_less_than_150_kilobytes() -> Result<()> {
    let mut p = Programme::start(250).await?;
    let proxy = Proxy::start(&p.server.url)?;
    p.wire = Wire::new(&proxy.url)?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    let seen = proxy.seen();
    let lines: Vec<&str> = seen.iter().map(|s| s.line.as_str()).collect();
    assert!(seen.len() <= 4, "{lines:?}");
    let up: usize = seen.iter().map(|s| s.head_len + s.body_len).sum();
    assert!(up <= 150_000, "{up} bytes");
    // It is there.
    p.everybody_visits().await?;
    assert_eq!(p.desks[0].cases.len(), 1);
    Ok(())
}

/// What the server sees of a visit that depends on nothing but the visit: address, length of the request, length of the
/// answer. How many lists and parts of the log are read hangs on the time since the last visit, and whether the log is
/// asked for a second time on whether an epoch has closed meanwhile.
fn shape(recorder: &Recorder) -> Vec<(String, usize, usize)> {
    let timely = |path: &str| ["/v1/epoch/", "/v1/block/", "/v1/log/"].iter().any(|t| path.starts_with(t));
    let seen = recorder.exchanges().into_iter().filter(|(request, _)| !timely(&request.path));
    // Its numbers grow by a digit now and then.
    let length = |path: &str, body: &[u8]| if path == "/v1/params" { 0 } else { body.len() };
    seen.map(|(q, a)| (q.path.clone(), q.body.len(), length(&q.path, &a.body))).collect()
}

/// A whole visit of a source: what it read, and what the server saw.
async fn visit(p: &Programme, master: &MasterKey, recorder: &Recorder) -> Result<(usize, Vec<(String, usize, usize)>)> {
    p.next_epoch().await?;
    recorder.clear();
    let mut source = p.source(master).await?;
    let inbox = source.inbox().await?;
    let read = inbox.unread.len();
    source.acknowledge(inbox, &mut rng()).await?;
    Ok((read, shape(recorder)))
}

#[tokio::test]
async fn a_visit_with_news_and_one_without_are_the_same_requests() -> Result<()> {
    let mut p = Programme::start(250).await?;
    let recorder = Recorder::new();
    p.wire = p.wire.tapped(recorder.clone());
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Received).await?;
    // The first return has no cover yet after a tip to three officers.
    visit(&p, &master, &recorder).await?;
    let (none, quiet) = visit(&p, &master, &recorder).await?;
    assert_eq!(none, 0);
    let of = |path: &str| quiet.iter().filter(|(seen, ..)| seen == path).count();
    assert_eq!((of("/v1/take"), of("/v1/deposit"), of("/v1/discard")), (4, 1, 4), "{quiet:?}");
    for letters in [1, 2, 3, 0] {
        for n in 0..letters {
            p.tell(n % 2, RoleName::Triager, &format!("This is message {n}."), None).await?;
        }
        let (read, seen) = visit(&p, &master, &recorder).await?;
        assert_eq!((read, &seen), (letters, &quiet), "{letters} letters");
    }
    Ok(())
}

#[tokio::test]
async fn cover_is_fetched_and_destroyed_as_letters_are() -> Result<()> {
    let mut p = Programme::start(250).await?;
    let recorder = Recorder::new();
    p.wire = p.wire.tapped(recorder.clone());
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Received).await?;
    p.tell(0, RoleName::Triager, "We have it.", None).await?;
    for _ in 0..2 {
        visit_unheard(&p, &master).await?;
        p.everybody_visits().await?;
    }
    // Parcels of the source and of an officer: all that was in them is asked for by the visit after.
    let deposited = recorder.envelopes();
    assert!(deposited.len() >= 16, "a tip, a reply, two visits");
    visit_unheard(&p, &master).await?;
    p.everybody_visits().await?;
    for path in ["/v1/take", "/v1/discard"] {
        let asked: Vec<[u8; 32]> =
            recorder.to(path).iter().map(|(r, _)| capability_hash(&r.body)).collect::<Result<_>>()?;
        let missed = deposited.iter().filter(|e| !asked.contains(&e.cap_hash.0)).count();
        assert_eq!(missed, 0, "{path}: {missed} of {}", deposited.len());
    }
    assert_eq!(recorder.shown_before_deposit(), Vec::<String>::new());
    Ok(())
}

async fn visit_unheard(p: &Programme, master: &MasterKey) -> Result<()> {
    p.next_epoch().await?;
    let mut source = p.source(master).await?;
    let inbox = source.inbox().await?;
    Ok(source.acknowledge(inbox, &mut rng()).await?)
}

fn capability_hash(body: &[u8]) -> Result<[u8; 32]> {
    let request = CapRequest::decode(body)?;
    Ok(Capability::new(Secret32::new(request.capability)).hash().0)
}

/// The beginning of a case, with two replies left unread.
async fn accept_after_hello(p: &mut Programme) -> Result<()> {
    let hello = Message::Text { text: "It has arrived.".into(), files: Vec::new() };
    p.reply(0, RoleName::Triager, MessageKind::Acknowledgement, &hello).await?;
    p.accept().await?;
    let question = Message::Text { text: "Which hall was it?".into(), files: Vec::new() };
    p.reply(0, RoleName::Triager, MessageKind::Text, &question).await
}
