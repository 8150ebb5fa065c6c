//! Counters without identities. They become visible, in `/metrics` and in the operator's log, only when an epoch
//! closes: a scraper that keeps every sample would otherwise hold the precise time of each source's request.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use prometheus::{IntCounterVec, IntGauge, Opts, Registry, TextEncoder};

use crate::lock::locked;

/// What happened since the epoch opened, and what was shown when the last one closed.
pub struct Counters {
    /// Route pattern and status code → how often, in this epoch.
    live: Mutex<BTreeMap<(String, u16), u64>>,
    /// Error code → how often, in this epoch.
    codes: Mutex<BTreeMap<&'static str, u64>>,
    /// The newest trouble of the store, for the operator.
    trouble: Mutex<Option<String>>,
    last_closed: AtomicU64,
    shown: Option<Shown>,
}

struct Shown {
    registry: Registry,
    requests: IntCounterVec,
    errors: IntCounterVec,
    open_epoch: IntGauge,
    rows: IntGauge,
    log_size: IntGauge,
    difficulty: IntGauge,
}

impl Shown {
    fn new() -> Result<Self, prometheus::Error> {
        let shown = Self {
            registry: Registry::new(),
            requests: IntCounterVec::new(
                Opts::new(
                    "subrosa_requests_total",
                    "Answered requests by route and status, as of the last closed epoch.",
                ),
                &["route", "status"],
            )?,
            errors: IntCounterVec::new(
                Opts::new("subrosa_refusals_total", "Refused requests by error code, as of the last closed epoch."),
                &["code"],
            )?,
            open_epoch: IntGauge::new("subrosa_open_epoch", "The epoch that takes deposits.")?,
            rows: IntGauge::new("subrosa_list_rows", "Rows of the newest list, padding included.")?,
            log_size: IntGauge::new("subrosa_log_size", "Leaves in the log, padding included.")?,
            difficulty: IntGauge::new("subrosa_pow_bits", "Leading zero bits asked for a proof of work.")?,
        };
        shown.registry.register(Box::new(shown.requests.clone()))?;
        shown.registry.register(Box::new(shown.errors.clone()))?;
        shown.registry.register(Box::new(shown.open_epoch.clone()))?;
        shown.registry.register(Box::new(shown.rows.clone()))?;
        shown.registry.register(Box::new(shown.log_size.clone()))?;
        shown.registry.register(Box::new(shown.difficulty.clone()))?;
        Ok(shown)
    }
}

fn gauge(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

impl Counters {
    pub(crate) fn new() -> Self {
        Self {
            live: Mutex::default(),
            codes: Mutex::default(),
            trouble: Mutex::default(),
            last_closed: AtomicU64::new(0),
            shown: Shown::new().ok(),
        }
    }

    /// Counts a request by the pattern of its route; all without one go under one name.
    pub(crate) fn request(&self, route: Option<String>, status: u16) {
        let route = route.unwrap_or_else(|| "other".into());
        *locked(&self.live).entry((route, status)).or_default() += 1;
    }

    pub(crate) fn refusal(&self, code: &'static str) {
        *locked(&self.codes).entry(code).or_default() += 1;
    }

    pub(crate) fn trouble(&self, text: &str) {
        *locked(&self.trouble) = Some(text.to_owned());
    }

    pub(crate) fn epoch_closed(&self, rows: usize, log_size: u64, uptime: u64) {
        self.last_closed.store(uptime, Relaxed);
        if let Some(shown) = &self.shown {
            shown.rows.set(i64::try_from(rows).unwrap_or(i64::MAX));
            shown.log_size.set(gauge(log_size));
        }
    }

    /// Uptime in milliseconds at which the last epoch was published; 0 before the first.
    pub(crate) fn last_closed(&self) -> u64 {
        self.last_closed.load(Relaxed)
    }

    /// Shows what was counted since the last call.
    pub(crate) fn report(&self, open_epoch: u64, difficulty: u8) {
        let live = std::mem::take(&mut *locked(&self.live));
        let codes = std::mem::take(&mut *locked(&self.codes));
        let trouble = locked(&self.trouble).take();
        if let Some(shown) = &self.shown {
            for ((route, status), n) in &live {
                shown.requests.with_label_values(&[route.as_str(), status.to_string().as_str()]).inc_by(*n);
            }
            for (code, n) in &codes {
                shown.errors.with_label_values(&[*code]).inc_by(*n);
            }
            shown.open_epoch.set(gauge(open_epoch));
            shown.difficulty.set(i64::from(difficulty));
        }
        let refused: u64 = codes.values().sum();
        let answered: u64 = live.values().sum();
        tracing::info!(open_epoch, answered, refused, difficulty, "epoch closed");
        for (code, n) in &codes {
            tracing::debug!(code, n, "refusals in this epoch");
        }
        if let Some(text) = trouble {
            tracing::error!("storage: {text}");
        }
    }

    /// The Prometheus text format.
    pub fn render(&self) -> String {
        let Some(shown) = &self.shown else { return String::new() };
        TextEncoder::new().encode_to_string(&shown.registry.gather()).unwrap_or_default()
    }
}
