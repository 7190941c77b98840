//! A browser, as far as log-ins are concerned: it keeps the cookie, and says which page it is on.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{deadline::eventually, hub::Hub};

pub const COOKIE: &str = "__Host-hubchat_refresh";
pub const PASSWORD: &str = "correct horse battery";

#[derive(Clone)]
pub struct Browser {
    pub url: String,
    pub client: reqwest::Client,
    /// The refresh token.
    pub cookie: Option<String>,
    /// The access token.
    pub token: Option<String>,
}

pub struct Page {
    pub status: StatusCode,
    pub body: Value,
    pub set_cookie: Option<String>,
    pub retry_after: Option<String>,
}

impl Browser {
    pub fn of(hub: &Hub) -> Self {
        Self { url: hub.url.clone(), client: hub.client.clone(), cookie: None, token: None }
    }

    /// Sends a request as a script of our own page does. Keeps what it is given.
    pub async fn call(&mut self, method: Method, path: &str, body: Option<Value>) -> Page {
        let origin = self.url.clone();
        let page = self.call_from(&[("origin", &origin), ("sec-fetch-site", "same-origin")], method, path, body).await;
        if let Some(cookie) = &page.set_cookie {
            let value = cookie.split(';').next().unwrap().split_once('=').unwrap().1;
            self.cookie = (!value.is_empty()).then(|| value.to_owned());
        }
        let signed = [&page.body["session"]["accessToken"], &page.body["accessToken"]];
        if let Some(token) = signed.into_iter().find_map(Value::as_str) {
            self.token = Some(token.to_owned());
        }
        page
    }

    pub async fn call_from(&self, headers: &[(&str, &str)], method: Method, path: &str, body: Option<Value>) -> Page {
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", format!("theme=dark; {COOKIE}={cookie}"));
        }
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.expect("hubchat answers");
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (status, set_cookie, retry_after) = (response.status(), header("set-cookie"), header("retry-after"));
        let text = response.text().await.expect("a body");
        Page { status, body: serde_json::from_str(&text).unwrap_or(Value::String(text)), set_cookie, retry_after }
    }

    pub async fn post(&mut self, path: &str, body: Value) -> Page {
        self.call(Method::POST, path, Some(body)).await
    }

    pub async fn refresh(&mut self) -> Page {
        self.post("/api/auth/refresh", json!({})).await
    }

    pub async fn log_in(&mut self, email: &str, password: &str) -> Page {
        self.post("/api/auth/login", json!({"email": email, "password": password})).await
    }

    /// Whether the access token is taken.
    pub async fn is_in(&mut self) -> bool {
        self.call(Method::GET, "/api/me", None).await.status == StatusCode::OK
    }

    /// Waits until the access token is refused.
    pub async fn is_out(&mut self) {
        let start = std::time::Instant::now();
        let me = &*self;
        eventually("the access token is refused", || async {
            let page = me.call_from(&[], Method::GET, "/api/me", None).await;
            (page.status == StatusCode::UNAUTHORIZED).then_some(())
        })
        .await;
        assert!(start.elapsed() <= std::time::Duration::from_secs(6), "it took {:?}", start.elapsed());
    }
}

/// Mail that was written, oldest first, with soft line breaks undone.
pub fn mails(hub: &Hub) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(hub.wired.config.data_dir.join("mail")) else { return Vec::new() };
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|path| std::fs::read_to_string(path).unwrap().replace("=\r\n", "").replace("=3D", "=")).collect()
}

/// The token of the newest mail with a link to that address.
pub fn mailed_token(hub: &Hub, email: &str) -> Option<String> {
    let to = format!("To: {email}");
    let mail = mails(hub).into_iter().rev().find(|mail| mail.contains(&to) && mail.contains("#token="))?;
    Some(token_of(&mail).to_owned())
}

/// The token of a link.
pub fn token_of(text: &str) -> &str {
    text.split_once("#token=").unwrap().1.split_whitespace().next().unwrap()
}

/// The first owner, who came in by their link.
pub async fn owner(hub: &Hub) -> Browser {
    use secrecy::ExposeSecret;
    let owners = &hub.wired.hubchat.first_owner;
    let link = owners.link_for(hub.tenant.tenant_id(), "owner@shop.example", "Owner").await.expect("a link");
    let mut browser = Browser::of(hub);
    let body = json!({"token": token_of(link.url.expose_secret()), "password": PASSWORD});
    let page = browser.post("/api/auth/accept-invitation", body).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    browser
}

/// A member who was invited and came; answers them and their id.
pub async fn member(hub: &Hub, owner: &mut Browser, email: &str, role: &str) -> (Browser, String) {
    let page = owner.post("/api/members", json!({"name": "Nok", "email": email, "role": role})).await;
    assert_eq!((page.status, page.body["status"].as_str()), (StatusCode::CREATED, Some("INVITED")), "{}", page.body);
    let token = eventually("an invitation", || async { mailed_token(hub, email) }).await;
    let mut browser = Browser::of(hub);
    let page = browser.post("/api/auth/accept-invitation", json!({"token": token, "password": PASSWORD})).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    (browser, page.body["member"]["id"].as_str().unwrap().to_owned())
}
