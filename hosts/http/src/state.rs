//! What every route works with.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use hubchat_core::Hubchat;
use hubchat_wiring::Metrics;
use poem::Request;
use tokio_util::sync::CancellationToken;

use crate::{HttpConfig, limits::Offenders, methods::Methods, problem::ApiProblem, realtime::Live};

/// Renders the metrics of this process as text in the Prometheus format.
pub type RenderMetrics = Arc<dyn Fn() -> BoxFuture<'static, String> + Send + Sync>;

/// The metrics that the wiring collects, to be shown at `/metrics`.
#[must_use]
pub fn render_metrics(metrics: Metrics) -> RenderMetrics {
    Arc::new(move || {
        let metrics = metrics.clone();
        Box::pin(async move { metrics.render().await })
    })
}

/// Shared by all requests behind one `Arc`.
pub(crate) struct State {
    pub(crate) hubchat: Hubchat,
    pub(crate) config: HttpConfig,
    pub(crate) metrics: Option<RenderMetrics>,
    pub(crate) shutdown: CancellationToken,
    /// Addresses that are turned away for a while.
    pub(crate) offenders: Offenders,
    pub(crate) methods: Methods,
    /// Sockets.
    pub(crate) live: Arc<Live>,
}

/// The state that the router put into the request.
pub(crate) fn state_of(request: &Request) -> Result<&Arc<State>, ApiProblem> {
    request.data::<Arc<State>>().ok_or_else(|| ApiProblem::of("internal"))
}
