//! Prometheus metrics of this process, with the queue and the inbound ledger read when asked.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use hubchat_core::{
    Ports,
    port::{JobQueue, WebhookIntake},
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// The recorder of this process: there can be only one.
static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Provider calls take from a millisecond to the request deadline.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Renders metrics. Cheap to clone.
#[derive(Clone)]
pub struct Metrics {
    handle: Option<PrometheusHandle>,
    queue: Arc<dyn JobQueue>,
    intake: Arc<dyn WebhookIntake>,
}

impl Metrics {
    /// For how long storage may take to answer a scrape.
    const PATIENCE: Duration = Duration::from_secs(2);

    /// The metrics of this process, over its ports.
    #[must_use]
    pub fn new(ports: &Ports) -> Self {
        let handle = RECORDER.get_or_init(install).clone();
        Self { handle, queue: Arc::clone(&ports.queue), intake: Arc::clone(&ports.intake) }
    }

    /// The metrics in Prometheus' text format. Numbers that storage did not give in time are left as they were.
    pub async fn render(&self) -> String {
        if let Ok(Ok(lanes)) = tokio::time::timeout(Self::PATIENCE, self.queue.stats()).await {
            for lane in lanes {
                let name = lane.lane.as_str();
                for (state, count) in
                    [("ready", lane.ready), ("leased", lane.leased), ("delayed", lane.delayed), ("dead", lane.dead)]
                {
                    metrics::gauge!("hubchat_queue_jobs", "lane" => name, "state" => state).set(number(count));
                }
                metrics::gauge!("hubchat_queue_lag_seconds", "lane" => name).set(lane.lag.as_secs_f64());
            }
        }
        if let Ok(Ok(ledger)) = tokio::time::timeout(Self::PATIENCE, self.intake.ledger()).await {
            let pending = ledger.received - ledger.processed - ledger.ignored - ledger.dead;
            for (state, count) in [
                ("received", ledger.received),
                ("pending", pending),
                ("processed", ledger.processed),
                ("ignored", ledger.ignored),
                ("dead", ledger.dead),
            ] {
                metrics::gauge!("hubchat_inbound_events", "state" => state).set(number(count));
            }
        }
        self.handle.as_ref().map(PrometheusHandle::render).unwrap_or_default()
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
fn number(count: i64) -> f64 {
    count as f64
}

fn install() -> Option<PrometheusHandle> {
    let builder =
        PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS).ok()?;
    let handle = builder.install_recorder().ok()?;
    metrics::describe_gauge!("hubchat_queue_jobs", "Jobs of a lane, by state");
    metrics::describe_gauge!("hubchat_queue_lag_seconds", "How long the oldest ready job of a lane has waited");
    metrics::describe_gauge!(
        "hubchat_inbound_events",
        "Events ever received, by what became of them: received = pending + processed + ignored + dead"
    );
    metrics::describe_counter!("hubchat_jobs_total", "Jobs that this process has had, by lane and outcome");
    metrics::describe_histogram!("hubchat_provider_request_seconds", "Calls of providers, by operation and status");
    let upkeep = handle.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(5)).await;
            upkeep.run_upkeep();
        }
    });
    Some(handle)
}
