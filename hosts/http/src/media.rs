//! Files by links, signed unless the installation makes them public. Whoever has a link may read the file until it
//! expires; nothing else is asked.
//!
//! What a customer sent is never trusted: only plain pictures, sounds and films are shown in place, and
//! nothing that a browser opens may run.

use std::sync::Arc;

use futures_util::TryStreamExt;
use hubchat_core::{
    MediaVariant, OpenedMedia,
    domain::{MediaId, TenantId},
};
use poem::{
    Body, Response, Result, handler,
    http::header,
    web::{Data, Path, Query},
};
use serde::Deserialize;

use crate::{problem::ApiProblem, state::State};

/// The proof of a link. What is missing proves nothing.
#[derive(Deserialize)]
struct Proof {
    #[serde(default)]
    expires: String,
    #[serde(default)]
    signature: String,
}

/// `GET /media/{tenant}/{id}/{variant}?expires=..&signature=..`
#[handler]
pub(crate) async fn open(
    Path((tenant, id, variant)): Path<(String, String, String)>,
    proof: Query<Proof>,
    state: Data<&Arc<State>>,
) -> Result<Response> {
    let refused = || ApiProblem::of("media_not_found");
    let tenant: TenantId = tenant.parse().map_err(|_| refused())?;
    let id: MediaId = id.parse().map_err(|_| refused())?;
    let variant = MediaVariant::parse(&variant).ok_or_else(refused)?;
    let media = &state.hubchat.media;
    let opened = if proof.expires.is_empty() && proof.signature.is_empty() {
        media.open_public(tenant, id, variant).await
    } else {
        let expires: i64 = proof.expires.parse().map_err(|_| refused())?;
        media.open(tenant, id, variant, expires, &proof.signature).await
    };
    Ok(show(opened.map_err(ApiProblem::from)?))
}

fn show(media: OpenedMedia) -> Response {
    let disposition = disposition(&media.content_type, media.file_name.as_deref());
    let bytes = media.read.body.map_err(std::io::Error::other);
    Response::builder()
        .header(header::CONTENT_TYPE, media.content_type)
        .header(header::CONTENT_LENGTH, media.read.size)
        .header(header::CONTENT_DISPOSITION, disposition)
        .header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")
        .header(header::CACHE_CONTROL, "private, max-age=3600")
        .body(Body::from_bytes_stream(bytes))
}

/// Whether a browser may show the type in place: nothing that could carry a script.
fn is_plain(content_type: &str) -> bool {
    matches!(content_type, "image/jpeg" | "image/png" | "image/webp" | "image/gif")
        || content_type.starts_with("audio/")
        || content_type.starts_with("video/")
}

/// The header's value, with the name in the form of RFC 5987 (RFC 6266, section 4.3).
fn disposition(content_type: &str, file_name: Option<&str>) -> String {
    use std::fmt::Write;

    let mut value = if is_plain(content_type) { "inline" } else { "attachment" }.to_owned();
    if let Some(name) = file_name.filter(|name| !name.is_empty()) {
        value.push_str("; filename*=UTF-8''");
        for byte in name.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                value.push(char::from(byte));
            } else {
                // Writing to a String cannot fail.
                let _ = write!(value, "%{byte:02X}");
            }
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_cannot_carry_a_script_is_shown_in_place() {
        for plain in ["image/jpeg", "image/png", "image/webp", "image/gif", "audio/mpeg", "video/mp4"] {
            assert_eq!(disposition(plain, None), "inline", "{plain}");
        }
        for other in ["image/svg+xml", "text/html", "application/pdf", "application/octet-stream", ""] {
            assert_eq!(disposition(other, None), "attachment", "{other}");
        }
    }

    #[test]
    fn a_file_name_cannot_leave_its_header() {
        let value = disposition("application/pdf", Some("ใบ\"เสนอ\r\nX: y;.pdf"));
        assert!(value.is_ascii() && !value.contains(['"', '\r', '\n']), "{value}");
        assert!(value.starts_with("attachment; filename*=UTF-8''%E0%B9%83"), "{value}");
        assert!(value.ends_with("%0D%0AX%3A%20y%3B.pdf"), "{value}");
    }
}
