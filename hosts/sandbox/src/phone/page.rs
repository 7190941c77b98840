//! The page, its scripts and styles, and sample pictures.

use poem::http::{Method, StatusCode};

use super::failed;
use crate::exchange::{Answer, Call};

/// A picture that a customer can send.
#[derive(Debug)]
pub(super) struct SamplePicture {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) bytes: &'static [u8],
}

macro_rules! picture {
    ($name:literal, $title:literal) => {
        SamplePicture {
            name: $name,
            title: $title,
            bytes: include_bytes!(concat!("../../assets/phone/pictures/", $name)),
        }
    };
}

pub(super) const PICTURES: [SamplePicture; 5] = [
    picture!("dress.jpg", "A dress"),
    picture!("sneaker.jpg", "A sneaker"),
    picture!("parcel.jpg", "A damaged parcel"),
    picture!("slip.jpg", "A bank transfer slip"),
    picture!("cat.jpg", "A cat"),
];

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

macro_rules! asset {
    ($name:literal, $kind:expr) => {
        ($name, $kind, include_bytes!(concat!("../../assets/phone/", $name)).as_slice())
    };
}

const ASSETS: [(&str, &str, &[u8]); 16] = [
    asset!("index.html", "text/html; charset=utf-8"),
    asset!("phone.css", STYLE),
    asset!("chat.css", STYLE),
    asset!("panel.css", STYLE),
    asset!("app.js", SCRIPT),
    asset!("api.js", SCRIPT),
    asset!("elements.js", SCRIPT),
    asset!("story.js", SCRIPT),
    asset!("read-line.js", SCRIPT),
    asset!("read-meta.js", SCRIPT),
    asset!("read-telegram.js", SCRIPT),
    asset!("chat.js", SCRIPT),
    asset!("comments.js", SCRIPT),
    asset!("composer.js", SCRIPT),
    asset!("faults.js", SCRIPT),
    asset!("icon.svg", "image/svg+xml"),
];

/// Answers one request under `/phone`.
pub(super) fn page(call: &Call) -> Answer {
    if call.method != Method::GET && call.method != Method::HEAD {
        return failed(StatusCode::METHOD_NOT_ALLOWED, "GET");
    }
    let name = call.path.strip_prefix("/phone").unwrap_or_default().trim_start_matches('/');
    let name = if name.is_empty() { "index.html" } else { name };
    if let Some((_, kind, bytes)) = ASSETS.iter().find(|(known, ..)| *known == name) {
        return Answer::bytes(StatusCode::OK, *kind, *bytes);
    }
    let picture = name.strip_prefix("pictures/");
    match PICTURES.iter().find(|known| picture == Some(known.name)) {
        Some(picture) => Answer::bytes(StatusCode::OK, "image/jpeg", picture.bytes),
        None => failed(StatusCode::NOT_FOUND, "no such page"),
    }
}
