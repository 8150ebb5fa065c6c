//! A server on a free port, and a small client for it.

pub(crate) mod memory;

use std::{sync::Arc, time::Duration};

use memory::Memory;
use rand_core::{CryptoRng, Rng, UnwrapErr};
use sha2::{Digest, Sha256};
use subrosa_crypto::{
    kdf,
    log::{Note, TreeHead},
    pow::{self, Challenge},
    secret::Secret32,
    sign::SigningKey,
    wire::*,
};
use subrosa_server::{
    Pricing, Settings,
    run::{self, Listeners, Running},
};

pub(crate) fn rng() -> impl CryptoRng {
    UnwrapErr(getrandom::SysRng)
}

pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut out = [0; N];
    rng().fill_bytes(&mut out);
    out
}

pub(crate) fn root() -> SigningKey {
    SigningKey::from_seed(&Secret32::new([1; 32]))
}

pub(crate) fn settings(epoch_millis: u64) -> Settings {
    let mut s = Settings::new("test.example", root().verifying_key());
    s.epoch = Duration::from_millis(epoch_millis);
    s.pricing = Pricing { base_bits: 4, threshold: 10_000.0, ..Pricing::default() };
    s.workers = 1;
    s
}

/// A client of any server.
pub(crate) struct Client {
    pub(crate) http: reqwest::Client,
    pub(crate) url: String,
}

/// A server in this process, and a client of it.
pub(crate) struct Site {
    pub(crate) store: Arc<Memory>,
    pub(crate) running: Running,
    pub(crate) client: Client,
}

impl std::ops::Deref for Site {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

pub(crate) async fn site(settings: Settings) -> Site {
    site_on(Arc::new(Memory::default()), settings).await
}

pub(crate) async fn site_on(store: Arc<Memory>, settings: Settings) -> Site {
    let running = run::start(Arc::clone(&store), settings, Listeners::local()).await.unwrap();
    let url = running.url();
    Site { store, running, client: Client { http: reqwest::Client::builder().no_proxy().build().unwrap(), url } }
}

pub(crate) struct Params {
    pub(crate) epoch: u64,
    pub(crate) last_published: Option<u64>,
    pub(crate) challenge: Challenge,
    pub(crate) log_size: u64,
    pub(crate) difficulty: u8,
}

impl Client {
    pub(crate) async fn post(&self, path: &str, body: Vec<u8>) -> reqwest::Response {
        self.send(reqwest::Method::POST, path, body).await
    }

    pub(crate) async fn send(&self, method: reqwest::Method, path: &str, body: Vec<u8>) -> reqwest::Response {
        let request = self.http.request(method, format!("{}{path}", self.url));
        request.header("content-type", "application/octet-stream").body(body).send().await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> reqwest::Response {
        self.http.get(format!("{}{path}", self.url)).send().await.unwrap()
    }

    pub(crate) async fn get_bytes(&self, path: &str) -> Vec<u8> {
        let r = self.get(path).await;
        assert_eq!(r.status(), 200, "{path}");
        r.bytes().await.unwrap().to_vec()
    }

    pub(crate) async fn params(&self) -> Params {
        let v: serde_json::Value = serde_json::from_slice(&self.get_bytes("/v1/params").await).unwrap();
        let head = v["checkpoint"]
            .as_str()
            .map(|note| TreeHead::parse(Note::parse(note.as_bytes()).unwrap().unverified_text()).unwrap());
        let (log_size, challenge) = head
            .as_ref()
            .map_or((0, Challenge::of_no_checkpoint()), |h| (h.size, Challenge::of_checkpoint(h.size, &h.root)));
        assert_eq!(v["now"].as_u64().unwrap() % 60, 0);
        let last_published = v["last_published"].as_u64();
        assert_eq!(last_published, head.as_ref().map(|h| h.epoch), "a list, and another checkpoint to work on: {v}");
        Params {
            epoch: v["epoch"].as_u64().unwrap(),
            last_published,
            challenge,
            log_size,
            difficulty: v["pow"]["difficulty"].as_u64().unwrap() as u8,
        }
    }

    pub(crate) async fn paid(&self, payload: &[u8]) -> Work {
        let p = self.params().await;
        let nonce = pow::solve(&p.challenge, &Sha256::digest(payload).into(), p.difficulty);
        Work { log_size: p.log_size, nonce }
    }

    pub(crate) async fn deposit(&self, envelopes: &[Envelope; 4]) -> reqwest::Response {
        let work = self.paid(&DepositRequest::work_payload(envelopes)).await;
        self.post("/v1/deposit", DepositRequest { work, envelopes: envelopes.clone() }.encode()).await
    }

    pub(crate) async fn deposited(&self, envelopes: &[Envelope; 4]) -> DepositResponse {
        let r = self.deposit(envelopes).await;
        assert_eq!(r.status(), 200);
        DepositResponse::decode(&r.bytes().await.unwrap()).unwrap()
    }

    /// Waits until the list of `epoch` is out.
    pub(crate) async fn closed(&self, epoch: u64) {
        // A minute and more, on a busy machine: only what never comes waits as long.
        for _ in 0..12_000 {
            if self.params().await.last_published.is_some_and(|p| p >= epoch) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("epoch {epoch} did not close");
    }
}

pub(crate) fn capability_hash(capability: &[u8; 32]) -> CapHash {
    CapHash(kdf::digest("subrosa/capability/v1", &[capability]))
}

/// An envelope with a valid hint, and its capability.
pub(crate) fn envelope() -> (Envelope, [u8; 32]) {
    let capability = bytes();
    let point = curve25519_dalek::ristretto::RistrettoPoint::from_uniform_bytes(&bytes());
    let mut body = Box::new([0; ENVELOPE_LEN]);
    rng().fill_bytes(body.as_mut_slice());
    let cap_hash = capability_hash(&capability);
    (Envelope { tag: Tag(bytes()), hint: Hint(point.compress().0), cap_hash, body }, capability)
}

pub(crate) fn parcel() -> [Envelope; 4] {
    std::array::from_fn(|_| envelope().0)
}
