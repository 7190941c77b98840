//! The console's pages, and that nothing else becomes one.

use poem::{Request, http::Method};

use crate::harness::Mocks;

fn page(path: &str) -> Request {
    Request::builder().uri_str(path).header("accept", "text/html,application/xhtml+xml,*/*;q=0.8").finish()
}

#[tokio::test]
async fn every_address_of_a_screen_is_the_one_page_and_its_files_never_change() {
    let client = Mocks::new().client();
    let front = client.call(page("/")).await;
    assert_eq!(front.status, 200, "the console is not built: make console");
    assert!(front.text.contains("<div id=\"root\">"), "{}", front.text);
    assert_eq!(front.header("cache-control"), "no-cache");
    assert!(front.header("content-security-policy").starts_with("default-src 'self';"));
    for path in
        ["/inbox/00000000-0000-0000-0000-0000000000d4", "/settings/audit", "/accept-invitation", "/no/such/screen"]
    {
        assert_eq!(client.call(page(path)).await.text, front.text, "{path}");
    }
    let mut scripts = front.text.split("src=\"").filter_map(|rest| rest.split('"').next());
    let script = scripts.find(|script| script.starts_with("/assets/")).expect("a script");
    let file = client.call(Request::builder().uri_str(script).finish()).await;
    assert_eq!(file.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
    let tag = file.header("etag").to_owned();
    let again = client.call(Request::builder().uri_str(script).header("if-none-match", &tag).finish()).await;
    assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
}

#[tokio::test]
async fn what_is_no_screen_does_not_become_one() {
    let client = Mocks::new().client();
    for path in
        ["/api/nothing", "/media/none", "/assets/gone.js", "/.vite/manifest.json", "/problems/none/none", "/docs/none"]
    {
        assert_eq!(client.call(page(path)).await.problem().0, 404, "{path}");
    }
    // Programs are told that there is nothing, and nobody leaves the folder.
    for path in ["/", "/inbox", "/../Cargo.toml", "/..%2f..%2fCargo.toml", "/assets/../../package.json"] {
        let answer = client.call(Request::builder().uri_str(path).finish()).await;
        assert_eq!(answer.problem().0, 404, "{path}");
    }
    for method in [Method::POST, Method::DELETE] {
        assert_eq!(client.send(method, "/inbox", "").await.problem().1, "not_found");
    }
}
