//! Uploads over a real socket, onto a real database and a real folder.

use std::{io::Cursor, time::Duration};

use hubchat_core::domain::MediaId;
use image::{ImageFormat, RgbImage};
use serde_json::json;

use crate::shops::{Form, Reply, Shops};

const ANY: &str = "/api/media";
const IMAGE: &str = "/api/messages/upload-image";
const PDF: &str = "/api/messages/upload-pdf";
const MIB: usize = 1024 * 1024;

fn picture(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(640, 480, image::Rgb([200, 30, 30])).write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}

fn pdf() -> Vec<u8> {
    b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n".to_vec()
}

/// A PNG whose header says that it is 30,000 pixels wide and high.
fn bomb() -> Vec<u8> {
    let mut png = picture(ImageFormat::Png);
    png[16..20].copy_from_slice(&30_000_u32.to_be_bytes());
    png[20..24].copy_from_slice(&30_000_u32.to_be_bytes());
    let crc = !png[12..29].iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)))
    });
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    png
}

fn chunked(piece: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat()
}

async fn refused(shops: &Shops, path: &str, form: &Form, expected: (u16, &str)) -> Reply {
    let reply = shops.upload(path, form).await;
    assert_eq!(reply.problem(), (expected.0, expected.1.to_owned()), "{} {}", form.file_name, form.content_type);
    assert_eq!(shops.files(), 0, "something is left of {}", form.file_name);
    reply
}

#[tokio::test]
async fn pictures_are_taken_read_and_sent() {
    let shops = Shops::open().await;
    for (path, name, kind, format) in [
        (IMAGE, "cat.png", "image/png", ImageFormat::Png),
        (IMAGE, "แมว.JPG", "image/jpeg", ImageFormat::Jpeg),
        (ANY, "cat.webp", "image/webp", ImageFormat::WebP),
    ] {
        let bytes = picture(format);
        let reply = shops.upload(path, &Form::new(&shops.ours, name, kind, bytes.clone())).await;
        assert_eq!(reply.status, 201, "{}", String::from_utf8_lossy(&reply.body));
        let media = reply.json();
        assert_eq!((&media["type"], &media["name"], &media["size"]), (&json!(kind), &json!(name), &json!(bytes.len())));

        let file = shops.get(media["url"].as_str().expect("a link")).await;
        assert_eq!((file.status, file.body == bytes), (200, true));
        assert!(file.head.contains("content-disposition: inline") && file.head.contains("nosniff"), "{}", file.head);
        let small = shops.get(media["thumbnailUrl"].as_str().expect("a link")).await;
        assert!(small.head.contains("content-type: image/jpeg") && small.body.starts_with(&[0xff, 0xd8, 0xff]));
    }
}

#[tokio::test]
async fn an_uploaded_file_is_sent_by_its_id() {
    let shops = Shops::open().await;
    let form = Form::new(&shops.ours, "cat.png", "image/png", picture(ImageFormat::Png));
    let media = shops.upload(IMAGE, &form).await.json();
    let message = json!({"conversationId": shops.ours.conversation, "type": "image", "mediaId": media["mediaId"]});
    let sent = shops.post_json("/api/messages/send", &message).await;
    assert_eq!(sent.status, 202, "{}", String::from_utf8_lossy(&sent.body));
    assert_eq!(sent.json()["media"]["id"], media["mediaId"]);
}

#[tokio::test]
async fn a_pdf_is_taken_and_never_shown_in_place() {
    let shops = Shops::open().await;
    for path in [PDF, ANY] {
        let reply = shops.upload(path, &Form::new(&shops.ours, "ใบเสนอราคา.pdf", "application/pdf", pdf())).await;
        assert_eq!(reply.status, 201);
        let media = reply.json();
        assert_eq!((&media["type"], media.get("thumbnailUrl")), (&json!("application/pdf"), None));
        let file = shops.get(media["url"].as_str().expect("a link")).await;
        assert!(file.head.contains("content-disposition: attachment; filename*=utf-8''%e0"), "{}", file.head);
        assert!(file.head.contains("content-security-policy: default-src 'none'; sandbox"), "{}", file.head);
    }
}

#[tokio::test]
async fn what_is_not_what_it_says_is_refused_and_leaves_nothing() {
    let shops = Shops::open().await;
    let (png, html) = (picture(ImageFormat::Png), b"<!doctype html><script>alert(1)</script>".to_vec());
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".to_vec();
    let kind = (415, "file_type_refused");
    for (path, name, declared, bytes) in [
        (IMAGE, "cat.png", "image/png", svg.clone()),
        (IMAGE, "cat.png", "image/png", html.clone()),
        (ANY, "cat.png", "image/png", picture(ImageFormat::Jpeg)),
        (ANY, "cat.svg", "image/svg+xml", svg),
        (ANY, "page.html", "text/html", html.clone()),
        (ANY, "page.html", "image/png", png.clone()),
        (ANY, "run.js", "text/javascript", b"alert(1)".to_vec()),
        (ANY, "a.xml", "application/xml", b"<?xml version=\"1.0\"?><a/>".to_vec()),
        (ANY, "cat.jpg", "image/png", png.clone()),
        (ANY, "cat.png", "image/jpeg", png.clone()),
        (ANY, "cat", "image/png", png.clone()),
        (ANY, "cat.png", "application/octet-stream", png.clone()),
        (ANY, "a.zip", "application/zip", b"PK\x03\x04".to_vec()),
        (IMAGE, "a.pdf", "application/pdf", pdf()),
        (IMAGE, "a.gif", "image/gif", picture(ImageFormat::Gif)),
        (PDF, "cat.png", "image/png", png.clone()),
        (PDF, "a.pdf", "application/pdf", html.clone()),
    ] {
        refused(&shops, path, &Form::new(&shops.ours, name, declared, bytes), kind).await;
    }
    let polyglot = [&png[..8], &html].concat();
    let longer = [&png[..33], &html].concat();
    for bytes in [polyglot, longer, bomb()] {
        refused(&shops, ANY, &Form::new(&shops.ours, "cat.png", "image/png", bytes), (422, "picture_refused")).await;
    }
    refused(&shops, ANY, &Form::new(&shops.ours, "cat.png", "image/png", ""), (422, "file_empty")).await;
}

#[tokio::test]
async fn a_name_is_made_safe() {
    let shops = Shops::open().await;
    for (told, kept) in [
        ("filename=\"../../../etc/cat.png\"", "cat.png"),
        ("filename=\"C:\\\\Windows\\\\cat.png\"", "cat.png"),
        ("filename=\"a\tb\u{202e}.png\"", "ab.png"),
        ("filename=\"<b>.png\"", "_b_.png"),
    ] {
        let mut form = Form::new(&shops.ours, "", "image/png", picture(ImageFormat::Png));
        told.clone_into(&mut form.file_name);
        let reply = shops.upload(ANY, &form).await;
        assert_eq!(reply.status, 201, "{told}");
        assert_eq!(reply.json()["name"], kept, "{told}");
    }
    // Written in full in the extended form, a line break must not reach the header of the file when it is read.
    let mut form = Form::new(&shops.ours, "", "image/png", picture(ImageFormat::Png));
    "filename=\"x.png\"; filename*=UTF-8''a%0D%0ASet-Cookie:%20x=1.png".clone_into(&mut form.file_name);
    let media = shops.upload(ANY, &form).await.json();
    assert!(!media["name"].as_str().expect("a name").contains(['\r', '\n']), "{media}");
    assert!(!shops.get(media["url"].as_str().expect("a link")).await.head.contains("\r\nset-cookie"));
    let long = format!("{}.png", "ก".repeat(300));
    let reply = shops.upload(ANY, &Form::new(&shops.ours, &long, "image/png", picture(ImageFormat::Png))).await;
    assert_eq!(reply.json()["name"].as_str().expect("a name").chars().count(), 200);
}

#[tokio::test]
async fn a_form_that_is_not_one_conversation_and_one_file_is_refused() {
    let shops = Shops::open().await;
    let good = Form::new(&shops.ours, "cat.png", "image/png", picture(ImageFormat::Png));
    let with = |change: fn(&mut Form)| {
        let mut form = good.clone();
        change(&mut form);
        form
    };
    let second = |name: &str| format!("\r\n--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\nx");
    let invalid = (422, "validation_failed");
    refused(&shops, ANY, &with(|form| form.conversation = None), invalid).await;
    refused(&shops, ANY, &with(|form| form.conversation = Some("7".to_owned())), invalid).await;
    refused(&shops, ANY, &with(|form| form.file_name = "filename=\"../\"".to_owned()), invalid).await;
    let twice = format!("{ANY}?conversationId={}", shops.ours.conversation);
    refused(&shops, &twice, &good, invalid).await;
    for name in ["file", "conversationId", "other"] {
        let end = format!("{}{}", second(name), good.end);
        refused(&shops, ANY, &Form { end, ..good.clone() }, invalid).await;
    }
    for end in ["", "\r\n--edg", "\r\n--edge"] {
        refused(&shops, ANY, &Form { end: end.to_owned(), ..good.clone() }, (400, "body_interrupted")).await;
    }
    let endless = Form { conversation: Some("7".repeat(200_000)), ..good.clone() };
    refused(&shops, ANY, &endless, invalid).await;
    let endless = Form { file_name: format!("filename=\"{}\"", "x".repeat(2 * MIB)), ..good.clone() };
    refused(&shops, ANY, &endless, (400, "not_multipart")).await;
    // In the query it may stand alone; what follows the form is ignored.
    let alone = Form { conversation: None, end: format!("{}and more", good.end), ..good.clone() };
    let reply = shops.upload(&twice, &alone).await;
    assert_eq!((reply.status, &reply.json()["size"]), (201, &json!(good.bytes.len())));

    let reply = shops.post_json(ANY, &json!({})).await;
    assert_eq!(reply.problem(), (415, "unsupported_media_type".to_owned()));
}

#[tokio::test]
async fn a_file_that_is_too_large_is_refused_by_its_length_and_while_it_is_read() {
    let shops = Shops::open().await;
    let png = |size| {
        let mut png = picture(ImageFormat::Png);
        png.resize(size, 0);
        png
    };
    let too_large = (413, "payload_too_large".to_owned());
    for (path, name, kind, size) in [
        (IMAGE, "cat.png", "image/png", 10 * MIB + 1),
        (ANY, "cat.png", "image/png", 10 * MIB + 1),
        (PDF, "a.pdf", "application/pdf", 25 * MIB + 1),
    ] {
        let bytes = if kind == "image/png" { png(size) } else { [pdf(), vec![b' '; size - pdf().len()]].concat() };
        let form = Form::new(&shops.ours, name, kind, bytes);
        let pieces = form.body().chunks(MIB).map(chunked).chain([chunked(b"")]).collect();
        let reply = shops.call(&Form::head(path, &shops.ours.key, None), pieces).await;
        assert_eq!((reply.problem(), shops.files()), (too_large.clone(), 0), "{path} {name}");
    }
    // No byte of the body is waited for.
    let reply = shops.call(&Form::head(PDF, &shops.ours.key, Some(26 * MIB)), Vec::new()).await;
    assert_eq!(reply.problem(), too_large);

    let bytes = [pdf(), vec![b' '; 25 * MIB - pdf().len()]].concat();
    let reply = shops.upload(PDF, &Form::new(&shops.ours, "a.pdf", "application/pdf", bytes)).await;
    assert_eq!(reply.status, 201, "exactly the limit");
}

#[tokio::test]
async fn an_endless_body_is_read_no_further_than_the_limit() {
    let shops = Shops::open().await;
    let form = Form::new(&shops.ours, "a.pdf", "application/pdf", pdf());
    let first = chunked(&[form.beginning().as_bytes(), &form.bytes].concat());
    let pieces = [first].into_iter().chain(std::iter::repeat_n(chunked(&vec![b' '; MIB]), 200)).collect();
    let reply = shops.call(&Form::head(ANY, &shops.ours.key, None), pieces).await;
    assert_eq!(reply.problem(), (413, "payload_too_large".to_owned()));
    assert_eq!(shops.files(), 0);
}

#[tokio::test]
async fn a_length_that_lies_a_pause_and_a_hang_up_leave_nothing() {
    let shops = Shops::open_with(|config| config.body_deadline = Duration::from_millis(300)).await;
    let form = Form::new(&shops.ours, "cat.png", "image/png", picture(ImageFormat::Png));
    let body = form.body();
    // Less comes than was told: the server waits for it, and no longer than it must.
    let reply = shops.call(&Form::head(ANY, &shops.ours.key, Some(body.len() + 100)), vec![body.clone()]).await;
    assert_eq!((reply.problem(), shops.files()), ((408, "body_timeout".to_owned()), 0));
    // More comes than was told: the rest is no part of this request, and the form is cut.
    let reply = shops.call(&Form::head(ANY, &shops.ours.key, Some(body.len() - 100)), vec![body.clone()]).await;
    assert_eq!((reply.problem(), shops.files()), ((400, "body_interrupted".to_owned()), 0));

    let large = Form { bytes: vec![b' '; 12 * MIB], ..Form::new(&shops.ours, "a.pdf", "application/pdf", "") };
    let part = large.body();
    shops.hang_up(&Form::head(ANY, &shops.ours.key, Some(part.len() + 100)), &part).await;
    let gone = tokio::time::timeout(Duration::from_secs(20), async {
        while shops.files() > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    gone.await.expect("what was begun is removed");
}

#[tokio::test]
async fn a_file_is_its_tenants_alone() {
    let shops = Shops::open().await;
    let form = Form::new(&shops.ours, "cat.png", "image/png", picture(ImageFormat::Png));
    // Into their conversation with our key.
    let theirs = Form { conversation: Some(shops.theirs.conversation.clone()), ..form.clone() };
    refused(&shops, ANY, &theirs, (404, "conversation_not_found")).await;

    let media = shops.upload(ANY, &form).await.json();
    // By our link, under their name.
    let link = media["url"].as_str().expect("a link");
    let forged = link.replace(&shops.ours.tenant.to_string(), &shops.theirs.tenant.to_string());
    assert_ne!(link, forged);
    assert_eq!(shops.get(&forged).await.problem(), (404, "media_not_found".to_owned()));
    assert_eq!(shops.get(&link.replace("signature=", "signature=0")).await.problem().0, 404);
    // By its id, in their rows and in their messages.
    let id: MediaId = media["mediaId"].as_str().expect("an id").parse().expect("an id");
    let session = shops.hubchat.ports.repository.begin(shops.theirs.tenant).await.expect("a session");
    assert!(session.media().find(id).await.expect("an answer").is_none());
    drop(session);
    let body = json!({"conversationId": shops.theirs.conversation, "type": "image", "mediaId": id}).to_string();
    let head = format!(
        "POST /api/messages/send HTTP/1.1\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: {}",
        shops.theirs.key,
        body.len(),
    );
    let reply = shops.call(&head, vec![body.into_bytes()]).await;
    assert_eq!(reply.problem(), (422, "invalid_content".to_owned()));
}
