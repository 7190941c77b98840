//! Files: what customers send, and what WhatsApp numbers upload.

use aws_lc_rs::digest;
use bytes::Bytes;
use poem::http::StatusCode;
use serde_json::json;

use super::MetaState;
use super::accounts::Account;
use super::refusals::{no_object, parameter, whatsapp};
use super::route::GraphCall;
use super::say::MetaFile;
use super::webhook::hex;
use super::world::World;
use crate::bounded::lock;
use crate::exchange::{Answer, Call};
use crate::ids::stable_number;

const URL_LIFE_S: i64 = 5 * 60;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

#[derive(Debug, Clone)]
pub(super) struct StoredMedia {
    account: String,
    file: MetaFile,
    /// When its id is forgotten.
    ends_ms: i64,
}

pub(super) fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}

impl MetaState {
    /// Keeps a customer's file; its id lives 7 days.
    pub(super) fn keep_media(&self, world: &mut World, account: &Account, file: MetaFile) -> String {
        let ends_ms = self.now_ms().saturating_add(7 * DAY_MS);
        self.keep(world, account, file, ends_ms)
    }

    fn keep(&self, world: &mut World, account: &Account, file: MetaFile, ends_ms: i64) -> String {
        let id = self.ids.message_id();
        world.media.insert(id.clone(), StoredMedia { account: account.id().to_owned(), file, ends_ms });
        id
    }

    /// A file for anyone who has the URL.
    pub(super) fn public_file(&self, path: &str) -> Answer {
        let rest = path.strip_prefix("/_cdn/").unwrap_or_default();
        let id = rest.split('/').next().unwrap_or_default();
        if id == "profile" {
            return Answer::bytes(StatusCode::OK, "image/png", Bytes::from_static(crate::line::PICTURE));
        }
        match lock(&self.world).media.get(id) {
            Some(media) => Answer::bytes(StatusCode::OK, media.file.content_type.clone(), media.file.bytes.clone()),
            None => Answer::not_found(),
        }
    }

    /// A URL of a WhatsApp file, good for 5 minutes.
    pub(super) fn media_url(&self, id: &str, own_url: &str) -> String {
        let ends = self.now_ms() / 1_000 + URL_LIFE_S;
        format!("{own_url}/v25.0/_media/{id}?ext={ends}&hash={}", url_hash(id, ends))
    }

    /// What is known of a WhatsApp file; `None` when there is none of this id.
    pub(super) fn media_info(&self, call: &GraphCall, id: &str) -> Option<Result<Answer, Answer>> {
        let media = lock(&self.world).media.get(id).cloned()?;
        let account = self.accounts.by_id(&media.account).filter(|account| matches!(account, Account::Number(_)))?;
        if let Err(refusal) = self.must_speak_for(call, &account, id) {
            return Some(Err(refusal));
        }
        let other_number = call.param("phone_number_id").is_some_and(|number| number != account.id());
        if other_number || media.ends_ms <= self.now_ms() {
            return Some(Err(no_object(id)));
        }
        Some(Ok(Answer::ok(&json!({
            "messaging_product": "whatsapp",
            "url": self.media_url(id, &call.call.own_url()),
            "mime_type": media.file.content_type,
            "sha256": hex(&sha256(&media.file.bytes)),
            "file_size": media.file.bytes.len().to_string(),
            "id": id,
        }))))
    }

    pub(super) fn download(&self, call: &GraphCall, id: &str) -> Result<Answer, Answer> {
        let media = lock(&self.world).media.get(id).cloned().ok_or_else(Answer::not_found)?;
        let account = self.accounts.by_id(&media.account).ok_or_else(Answer::not_found)?;
        self.must_speak_for(call, &account, id).map_err(|_| Answer::not_found())?;
        let ends: i64 = call.call.query_value("ext").and_then(|ends| ends.parse().ok()).unwrap_or(0);
        let right = call.call.query_value("hash").is_some_and(|hash| hash == url_hash(id, ends));
        // The token must be in the header: a URL that works by itself would be one to leak.
        let in_header = call.call.header("authorization").is_some();
        if !right || !in_header || ends <= self.now_ms() / 1_000 {
            return Err(Answer::not_found());
        }
        Ok(Answer::bytes(StatusCode::OK, media.file.content_type, media.file.bytes))
    }

    pub(super) fn upload_media(&self, call: &GraphCall, account: &Account) -> Result<Answer, Answer> {
        let parts = parts(&call.call).ok_or_else(|| parameter("The parameter file is required."))?;
        let text = |name: &str| {
            let part = parts.iter().find(|part| part.name == name)?;
            std::str::from_utf8(&part.bytes).ok()
        };
        if text("messaging_product") != Some("whatsapp") {
            return Err(parameter("The parameter messaging_product is required."));
        }
        let file = parts.iter().find(|part| part.name == "file");
        let file = file.ok_or_else(|| parameter("The parameter file is required."))?;
        let content_type = file.content_type.as_deref().or_else(|| text("type")).unwrap_or_default();
        let plain_type = content_type.split(';').next().unwrap_or_default().trim();
        let most = most_bytes(plain_type).ok_or_else(|| {
            parameter(&format!(
                "Param file must be a file with one of the supported types. Received file of type '{plain_type}'."
            ))
        })?;
        if file.bytes.is_empty() || file.bytes.len() > most {
            return Err(whatsapp(
                400,
                131_053,
                "Media upload error",
                "The file is empty or larger than its type may be.",
            ));
        }
        let file = MetaFile { bytes: file.bytes.clone(), content_type: content_type.to_owned() };
        let ends_ms = self.now_ms().saturating_add(30 * DAY_MS);
        let id = self.keep(&mut lock(&self.world), account, file, ends_ms);
        Ok(Answer::ok(&json!({ "id": id })))
    }

    /// Whether a number may send the file of this id.
    pub(super) fn can_send_media(&self, account: &Account, id: &str) -> bool {
        let world = lock(&self.world);
        world.media.get(id).is_some_and(|media| media.account == account.id() && media.ends_ms > self.now_ms())
    }
}

fn url_hash(id: &str, ends: i64) -> String {
    format!("{:x}", stable_number(&format!("{id}/{ends}")))
}

/// The largest file of a type that WhatsApp takes.
fn most_bytes(content_type: &str) -> Option<usize> {
    const MB: usize = 1_024 * 1_024;
    match content_type {
        "image/jpeg" | "image/png" => Some(5 * MB),
        "image/webp" => Some(500 * 1_024),
        "audio/aac" | "audio/amr" | "audio/mpeg" | "audio/mp4" | "audio/ogg" | "video/mp4" | "video/3gpp" => {
            Some(16 * MB)
        }
        "text/plain"
        | "application/pdf"
        | "application/msword"
        | "application/vnd.ms-excel"
        | "application/vnd.ms-powerpoint" => Some(100 * MB),
        other if other.starts_with("application/vnd.openxmlformats-officedocument.") => Some(100 * MB),
        _ => None,
    }
}

#[derive(Debug)]
struct FormPart {
    name: String,
    content_type: Option<String>,
    bytes: Bytes,
}

/// The parts of a multipart form.
fn parts(call: &Call) -> Option<Vec<FormPart>> {
    let boundary = call.header("content-type")?.strip_prefix("multipart/form-data")?.split_once("boundary=")?.1;
    let boundary = boundary.split(';').next()?.trim().trim_matches('"');
    let delimiter = format!("\r\n--{boundary}");
    let mut found = Vec::new();
    // The first delimiter may stand at the very beginning, where no line ends before it.
    let start = call.body.starts_with(&delimiter.as_bytes()[2..]).then_some(delimiter.len() - 2);
    let mut at = start.or_else(|| find(&call.body, delimiter.as_bytes(), 0).map(|at| at + delimiter.len()))?;
    while !call.body[at..].starts_with(b"--") {
        let head_ends = find(&call.body, b"\r\n\r\n", at)?;
        let body_starts = head_ends + 4;
        let body_ends = find(&call.body, delimiter.as_bytes(), body_starts)?;
        let head = String::from_utf8_lossy(&call.body[at..head_ends]).into_owned();
        let header = |name: &str| {
            let lines = head.lines().filter_map(|line| line.split_once(':'));
            lines
                .into_iter()
                .find(|(key, _)| key.trim().eq_ignore_ascii_case(name))
                .map(|(_, value)| value.trim().to_owned())
        };
        let disposition = header("content-disposition")?;
        let name = disposition.split(';').find_map(|piece| piece.trim().strip_prefix("name="))?;
        found.push(FormPart {
            name: name.trim_matches('"').to_owned(),
            content_type: header("content-type"),
            bytes: call.body.slice(body_starts..body_ends),
        });
        at = body_ends + delimiter.len();
    }
    Some(found)
}

fn find(bytes: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    bytes.get(from..)?.windows(wanted.len()).position(|window| window == wanted).map(|at| at + from)
}
