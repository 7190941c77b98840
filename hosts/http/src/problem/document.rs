//! How problem documents appear in the OpenAPI document.

use poem_openapi::{
    ApiResponse, Object,
    registry::{MetaMediaType, MetaResponse, MetaResponses, Registry},
    types::Type,
};

use super::ApiProblem;

/// What went wrong (RFC 9457).
#[derive(Object)]
#[oai(rename_all = "camelCase")]
struct Problem {
    /// The page about this kind of problem: `/problems/<code>`.
    r#type: String,
    /// The kind of problem, in a line.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What happened this time, in words.
    detail: Option<String>,
    /// The stable code of the kind of problem.
    code: String,
    /// The part of the request at fault.
    field: Option<String>,
    /// The id under which the log has more.
    request_id: String,
}

impl ApiResponse for ApiProblem {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![MetaResponse {
                description: "Not done. `code` says why; each code has its page at `/problems/<code>`.",
                status: None,
                status_range: None,
                content: vec![MetaMediaType {
                    content_type: "application/problem+json",
                    schema: Problem::schema_ref(),
                }],
                headers: Vec::new(),
            }],
        }
    }

    fn register(registry: &mut Registry) {
        Problem::register(registry);
    }
}
