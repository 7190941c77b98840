//! Whether this process lives, whether it should get requests, and what it counts.

use std::{sync::Arc, time::Duration};

use poem::{
    IntoResponse, Response, Result, handler,
    http::{StatusCode, header},
    web::Data,
    web::Json,
};
use serde_json::json;

use crate::{problem::ApiProblem, state::State};

/// The process is alive; nothing else is asked.
#[handler]
pub(crate) fn health() -> Response {
    Json(json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")})).into_response()
}

/// Whether requests should come here: storage answers, and no shutdown has begun.
#[handler]
pub(crate) async fn ready(state: Data<&Arc<State>>) -> Result<Response> {
    if state.shutdown.is_cancelled() {
        return Err(ApiProblem::of("shutting_down").into());
    }
    match tokio::time::timeout(Duration::from_secs(2), state.hubchat.ports.directory.ping()).await {
        Ok(Ok(())) => Ok(Json(json!({"status": "ready"})).into_response()),
        Ok(Err(error)) => Err(ApiProblem::of("storage_unavailable").caused_by(error).into()),
        Err(_) => Err(ApiProblem::of("storage_unavailable").detailed("storage does not answer in time").into()),
    }
}

/// Leads to the page of the sandbox that runs beside hubchat.
#[handler]
pub(crate) fn sandbox(Data(state): Data<&Arc<State>>) -> Result<Response> {
    let Some(page) = &state.config.sandbox_page else { return Err(ApiProblem::of("not_found").into()) };
    // For now only: without the sandbox there is nothing here, and a browser must not remember otherwise.
    Ok(Response::builder().status(StatusCode::TEMPORARY_REDIRECT).header(header::LOCATION, page.as_str()).finish())
}

/// The metrics of this process.
#[handler]
pub(crate) async fn metrics(state: Data<&Arc<State>>) -> Result<Response> {
    let Some(render) = &state.metrics else { return Err(ApiProblem::of("not_found").into()) };
    let text = render().await;
    Ok(Response::builder().header(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8").body(text))
}
