//! Files of customers, and who may see a token on the way to them.

use hubchat_domain::MediaSource;
use hubchat_ports::{FetchError, MediaDownload};
use serde_json::{Value, json};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers};

use crate::support::{Account, TOKEN, asked, compare, config, fixture, header, serving};

const NUMBER: Account = Account::Number;
const NAME: &str = "whatsapp/media_get_url";

fn file(id: &str) -> MediaSource {
    MediaSource::Provider { external_id: id.to_owned(), transcoded: false }
}

/// A Graph API that says that the file is at `url`, and that has it under `/files`.
async fn whatsapp(url: &str, file: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    let mut told = fixture(NAME)["response"]["body"].clone();
    told["url"] = json!(url.replace("{here}", &server.uri()));
    Mock::given(matchers::path("/facebook/v25.0/1003383421380001"))
        .respond_with(ResponseTemplate::new(200).set_body_json(told))
        .mount(&server)
        .await;
    Mock::given(matchers::path_regex("^/files")).respond_with(file).mount(&server).await;
    server
}

async fn fetched(server: &MockServer) -> Result<MediaDownload, FetchError> {
    NUMBER.adapter(config(&server.uri())).fetch_media(&NUMBER.access(), &file("1003383421380001")).await
}

fn picture() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(vec![1, 2, 3], "image/jpeg")
}

#[tokio::test]
async fn a_file_of_whatsapp_is_asked_for_and_downloaded_with_the_token() {
    let server = whatsapp("{here}/files/?mid=1003383421380001&ext=1767225900&hash=x", picture()).await;
    let file = fetched(&server).await.unwrap();
    assert_eq!(file.content_type.as_deref(), Some("image/jpeg"));
    let asked = asked(&server).await;
    assert_eq!(asked.len(), 2);
    compare(NAME, &asked[0], None);
    assert_eq!(header(&asked[1], "authorization"), Some(format!("Bearer {TOKEN}").as_str()));
    assert_eq!(asked[1].url.query(), Some("mid=1003383421380001&ext=1767225900&hash=x"), "the address as it was told");
}

#[tokio::test]
async fn an_address_that_has_expired_is_asked_for_again() {
    for (status, gone) in [(401, false), (404, false), (429, false), (503, false), (410, true)] {
        let server = whatsapp("{here}/files/x", ResponseTemplate::new(status)).await;
        match fetched(&server).await.err() {
            Some(FetchError::Gone) => assert!(gone, "{status}"),
            Some(FetchError::Retry { .. }) => assert!(!gone, "{status}"),
            other => panic!("{status}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn the_token_goes_to_no_host_but_metas() {
    let stranger = serving(picture()).await;
    let port = stranger.address().port();
    for url in [
        format!("{}/files/x", stranger.uri()),
        format!("http://localhost:{port}/files/x"),
        format!("http://fbsbx.com@127.0.0.1:{port}/files/x"),
        "http://lookaside.fbsbx.com/x".to_owned(),
        "https://fbsbx.com.files.example/x".to_owned(),
        "https://evilfbsbx.com/x".to_owned(),
        "https://files.example/lookaside.fbsbx.com".to_owned(),
        "https://files.example?.fbsbx.com".to_owned(),
        "file:///etc/passwd".to_owned(),
        "no address".to_owned(),
        String::new(),
    ] {
        let server = whatsapp(&url, picture()).await;
        let error = fetched(&server).await.err().unwrap();
        assert!(matches!(error, FetchError::NotAvailable { .. }), "{url}: {error:?}");
        assert_eq!(asked(&server).await.len(), 1, "{url}");
    }
    // Nor where Meta's own host leads on to.
    let elsewhere = ResponseTemplate::new(302).insert_header("location", format!("{}/x", stranger.uri()).as_str());
    let server = whatsapp("{here}/files/x", elsewhere).await;
    assert!(fetched(&server).await.is_err());
    assert!(asked(&stranger).await.is_empty(), "a stranger was asked");
}

#[tokio::test]
async fn only_ids_are_asked_for() {
    let server = whatsapp("{here}/files/x", picture()).await;
    let adapter = NUMBER.adapter(config(&server.uri()));
    for id in ["", "me", "../1", "1/2", "1?x=y", "1#", "๑"] {
        let error = adapter.fetch_media(&NUMBER.access(), &file(id)).await.err().unwrap();
        assert!(matches!(error, FetchError::NotAvailable { .. }), "{id}: {error:?}");
    }
    let url = MediaSource::Url { url: format!("{}/files/x", server.uri()) };
    assert!(adapter.fetch_media(&NUMBER.access(), &url).await.is_err(), "WhatsApp names files by id");
    assert!(asked(&server).await.is_empty());
}

#[tokio::test]
async fn files_of_messenger_and_instagram_are_fetched_without_a_token() {
    for account in [Account::Page, Account::Instagram, Account::InstagramByPage] {
        let server = serving(picture()).await;
        let adapter = account.adapter(config(&server.uri()));
        let source = MediaSource::Url { url: format!("{}/v/t1.jpg?oh=1&oe=2", server.uri()) };
        let file = adapter.fetch_media(&account.access(), &source).await.unwrap();
        assert_eq!(file.content_type.as_deref(), Some("image/jpeg"));
        let asked = asked(&server).await;
        assert_eq!(header(&asked[0], "authorization"), None);
        assert_eq!(asked[0].url.query(), Some("oh=1&oe=2"), "nothing is added to a signed address");

        for status in [403, 404, 410] {
            let server = serving(ResponseTemplate::new(status).set_body_json(Value::Null)).await;
            let source = MediaSource::Url { url: server.uri() };
            let error = account.adapter(config(&server.uri())).fetch_media(&account.access(), &source).await.err();
            assert!(matches!(error, Some(FetchError::Gone)), "{status}: {error:?}");
        }
    }
}
