//! The commands of operators, as the real process: what they answer, and with which code they end.

use std::process::{Output, Stdio};

use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::database::{Database, Kind};

/// An operator at a machine with a database of its own.
struct Operator {
    database: Database,
}

impl Operator {
    async fn new(kind: Kind) -> Self {
        let operator = Self { database: Database::create(kind).await };
        operator.done(&["tenant", "create", "--slug", "shop", "--name", "Shop"]).await;
        operator
    }

    async fn run(&self, arguments: &[&str]) -> Output {
        let folder = self.database.folder.path();
        Command::new(env!("CARGO_BIN_EXE_hubchat-under-test"))
            .arg("--json")
            .args(arguments)
            .env_clear()
            .env("HUBCHAT_DATABASE_URL", self.database.url.expose_secret())
            .env("HUBCHAT_DATA_DIR", folder.join("data"))
            .env("HUBCHAT_LOG", "off")
            .current_dir(folder)
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await
            .expect("the process starts")
    }

    /// The object that a command answers, in the last line.
    async fn done(&self, arguments: &[&str]) -> Value {
        let output = self.run(arguments).await;
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{arguments:?}: {told}{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_str(told.lines().last().expect("an answer")).expect("JSON")
    }

    /// Why a command failed.
    async fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments).await;
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        let object: Value = serde_json::from_str(told.lines().last().expect("an answer")).expect("JSON");
        object["error"].as_str().expect("an error").to_owned()
    }

    async fn member(&self, name: &str) -> String {
        let email = format!("{}@shop.example", name.to_lowercase());
        let arguments = ["member", "create", "--tenant", "shop", "--name", name, "--email", &email];
        self.done(&arguments).await["id"].as_str().expect("an id").to_owned()
    }
}

async fn teams(kind: Kind) {
    let operator = Operator::new(kind).await;
    let (nok, mali) = (operator.member("Nok").await, operator.member("Mali").await);
    let north = operator.done(&["team", "create", "--tenant", "shop", "--name", " North "]).await;
    assert_eq!((&north["name"], &north["memberIds"]), (&json!("North"), &json!([])));
    operator.done(&["team", "create", "--tenant", "shop", "--name", "East"]).await;
    let id = north["id"].as_str().expect("an id");
    for member in [&nok, &mali, &nok] {
        operator.done(&["team", "add-member", "--tenant", "shop", "--team", id, "--member", member]).await;
    }
    let listed = operator.done(&["team", "list", "--tenant", "shop"]).await;
    let names: Vec<_> = listed["items"].as_array().expect("a list").iter().map(|team| &team["name"]).collect();
    assert_eq!(names, ["East", "North"]);
    let mut both = [nok.as_str(), mali.as_str()];
    both.sort_unstable();
    assert_eq!(listed["items"][1]["memberIds"], json!(both), "each once");

    let taken = operator.refused(&["team", "create", "--tenant", "shop", "--name", "NORTH"]).await;
    assert!(taken.contains("exists already"), "{taken}");
    let nobody = "00000000-0000-0000-0000-000000000001";
    let strange = operator.refused(&["team", "add-member", "--tenant", "shop", "--team", id, "--member", nobody]).await;
    assert!(strange.contains("no such member"), "{strange}");
    let strange =
        operator.refused(&["team", "add-member", "--tenant", "shop", "--team", nobody, "--member", &nok]).await;
    assert!(strange.contains("no such team"), "{strange}");
    let tenant = operator.refused(&["team", "list", "--tenant", "elsewhere"]).await;
    assert!(tenant.contains("elsewhere"), "{tenant}");

    // Teams are part of what a tenant is handed out.
    let out = operator.database.folder.path().join("export");
    let count = operator.done(&["export", "--tenant", "shop", "--out", out.to_str().expect("text")]).await;
    assert_eq!((&count["teams"], &count["team_members"]), (&json!(2), &json!(2)));
    let rows = std::fs::read_to_string(out.join("team_members.jsonl")).expect("a file");
    let first: Value = serde_json::from_str(rows.lines().next().expect("a row")).expect("JSON");
    assert_eq!(first, json!({"teamId": id, "memberId": both[0]}));
    operator.database.remove().await;
}

async fn names(kind: Kind) {
    let operator = Operator::new(kind).await;
    let renamed = operator.done(&["tenant", "rename", "--slug", "shop", "--name", " ร้านมาลี "]).await;
    assert_eq!((&renamed["slug"], &renamed["name"]), (&json!("shop"), &json!("ร้านมาลี")));
    let settings = operator.done(&["settings", "get", "--tenant", "shop"]).await;
    assert_eq!(settings["settings"]["name"], "ร้านมาลี");
    operator.done(&["settings", "set", "--tenant", "shop", "name=Mali"]).await;
    let told = operator.done(&["tenant", "set-public-reply", "--slug", "shop", "--none"]).await;
    assert_eq!(told["name"], "Mali");
    let blank = operator.refused(&["tenant", "rename", "--slug", "shop", "--name", " "]).await;
    assert!(blank.contains("1 to 200"), "{blank}");
    operator.refused(&["tenant", "rename", "--slug", "elsewhere", "--name", "x"]).await;
    operator.database.remove().await;
}

async fn audit(kind: Kind) {
    let operator = Operator::new(kind).await;
    let nok = operator.member("Nok").await;
    operator.done(&["tenant", "create", "--slug", "other", "--name", "Other"]).await;
    let list = async |more: &[&str]| {
        let listed = operator.done(&[&["audit", "list", "--tenant", "shop"], more].concat()).await;
        listed["items"].as_array().expect("a list").clone()
    };
    let all = list(&[]).await;
    let actions: Vec<_> = all.iter().map(|entry| entry["action"].as_str().expect("an action")).collect();
    assert_eq!((actions.first(), actions.last()), (Some(&"MEMBER_CREATED"), Some(&"TENANT_CREATED")));
    assert_eq!(list(&["--limit", "1"]).await, all[..1]);
    assert_eq!(list(&["--action", "TENANT_CREATED"]).await, all[all.len() - 1..]);
    assert_eq!(list(&["--subject", &format!("MEMBER:{nok}")]).await, all[..1]);
    assert_eq!(list(&["--actor", "SYSTEM"]).await, all);
    assert_eq!(list(&["--to", "2020-01-01T00:00:00Z"]).await, [] as [Value; 0]);
    assert_eq!(list(&["--from", "2020-01-01T00:00:00Z"]).await, all);
    for (wrong, named) in [
        (["--action", "NOTHING"], "--action"),
        (["--actor", "nobody"], "--actor"),
        (["--subject", "LEAD"], "--subject"),
        (["--from", "yesterday"], "--from"),
    ] {
        let refused = operator.refused(&[&["audit", "list", "--tenant", "shop"], &wrong[..]].concat()).await;
        assert!(refused.contains(named), "{refused}");
    }

    let verified = operator.done(&["audit", "verify"]).await;
    let slugs: Vec<_> = verified["items"].as_array().expect("a list").iter().map(|item| &item["tenant"]).collect();
    assert_eq!(slugs.len(), 2, "all tenants: {verified}");
    let own = operator.done(&["audit", "verify", "--tenant", "shop"]).await;
    let head = own["items"][0]["head"].as_str().expect("an end").to_owned();
    assert_eq!(own["items"][0]["intact"], true);
    operator.member("Mali").await;
    operator.done(&["audit", "verify", "--tenant", "shop", "--head", &head]).await;
    let (seq, _) = head.split_once(':').expect("a number and a hash");
    let other = format!("{seq}:{}", "0".repeat(64));
    let broken = operator.refused(&["audit", "verify", "--tenant", "shop", "--head", &other]).await;
    assert!(broken.contains("tampered"), "{broken}");
    let wrong = operator.refused(&["audit", "verify", "--tenant", "shop", "--head", "0:1"]).await;
    assert!(wrong.contains("--head"), "{wrong}");

    for (format, lines) in [("jsonl", all.len() + 1), ("csv", all.len() + 3)] {
        let path = operator.database.folder.path().join(format!("audit.{format}"));
        let output = path.to_str().expect("text");
        let told =
            operator.done(&["audit", "export", "--tenant", "shop", "--format", format, "--output", output]).await;
        let text = std::fs::read_to_string(&path).expect("a file");
        assert_eq!(told["bytes"], json!(text.len()));
        // The log has one entry more by each export that was begun before, and a table has a head.
        assert!(text.lines().count() >= lines, "{format}: {text}");
    }
    assert!(list(&["--action", "AUDIT_EXPORTED"]).await.len() == 2);
    operator.database.remove().await;
}

#[tokio::test]
async fn teams_are_made_filled_listed_and_exported_on_sqlite() {
    teams(Kind::Sqlite).await;
}

#[tokio::test]
async fn teams_are_made_filled_listed_and_exported_on_postgres() {
    teams(Kind::Postgres).await;
}

#[tokio::test]
async fn the_audit_log_is_listed_exported_and_checked_on_sqlite() {
    audit(Kind::Sqlite).await;
}

#[tokio::test]
async fn the_audit_log_is_listed_exported_and_checked_on_postgres() {
    audit(Kind::Postgres).await;
}

#[tokio::test]
async fn a_tenant_gets_another_name_on_sqlite() {
    names(Kind::Sqlite).await;
}

#[tokio::test]
async fn a_tenant_gets_another_name_on_postgres() {
    names(Kind::Postgres).await;
}
