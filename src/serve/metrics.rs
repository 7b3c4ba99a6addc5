//! The counters, in Prometheus' text format.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::analysis::{AnalysedUpload, Analysis};

/// Names with their values.
type Labels = Vec<(&'static str, String)>;

/// The upper bounds of the duration buckets, in seconds.
const SECONDS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// The methods that are counted separately.
const METHODS: [&str; 6] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST"];

/// The counters.
pub struct Metrics {
    registry: Registry,
    requests: Family<Labels, Counter>,
    seconds: Family<Labels, Histogram>,
    photos: Family<Labels, Counter>,
    remembered: Counter<u64, AtomicU64>,
    waiting: Gauge<i64, AtomicI64>,
}

impl Metrics {
    /// All at zero.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("verify");
        let requests = Family::<Labels, Counter<u64, AtomicU64>>::default();
        let seconds = Family::<Labels, Histogram>::new_with_constructor(|| Histogram::new(SECONDS));
        let photos = Family::<Labels, Counter>::default();
        let remembered = Counter::<u64, AtomicU64>::default();
        let waiting = Gauge::<i64, AtomicI64>::default();
        registry.register("requests", "Requests, by route and status", requests.clone());
        registry.register("request_seconds", "Time from request head to answer", seconds.clone());
        registry.register("photos", "Analysed photos, by outcome", photos.clone());
        registry.register("remembered_photos", "Photos found in the index", remembered.clone());
        registry.register("waiting_photos", "Photos that no thread has started", waiting.clone());
        Self { registry, requests, seconds, photos, remembered, waiting }
    }

    /// Count an answered request. `route` is a pattern, and an unknown method counts as `other`, so that clients cannot
    /// make the table grow.
    pub fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        let of = |name, value: &str| (name, value.to_owned());
        let method = if METHODS.contains(&method) { method } else { "other" };
        let route = vec![of("method", method), of("route", route)];
        self.seconds.get_or_create(&route).observe(took.as_secs_f64());
        let mut labels = route;
        labels.push(of("status", &status.to_string()));
        self.requests.get_or_create(&labels).inc();
    }

    /// Count analysed photos.
    pub fn looked_at(&self, photos: &[AnalysedUpload]) {
        let read = photos.iter().filter(|seen| seen.photo.is_ok()).count();
        let unreadable = photos.len() - read;
        for (outcome, photos) in [("read", read), ("unreadable", unreadable)] {
            if photos > 0 {
                let labels = vec![("outcome", outcome.to_owned())];
                self.photos.get_or_create(&labels).inc_by(photos as u64);
            }
        }
    }

    /// The text, including the counters of `analysis`.
    pub fn text(&self, analysis: &Analysis) -> String {
        self.waiting.set(analysis.waiting() as i64);
        self.remembered.inner().store(analysis.remembered(), Ordering::Relaxed);
        let mut text = String::new();
        // Writing into a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
