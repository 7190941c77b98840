//! Forged access tokens: none is taken.

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hubchat_domain::Timestamp;
use hubchat_ports::{AccessClaims, AccessTokenError, AccessTokens as _};
use jsonwebtoken::Algorithm;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{EdDsaTokens, seconds};
use crate::{
    MasterKeys,
    signing_keys::{PERIOD, SigningKey, period},
};

fn now() -> Timestamp {
    Timestamp::from_millis(1_767_225_600_000)
}

fn tokens(digit: &str) -> EdDsaTokens {
    EdDsaTokens::new(&MasterKeys::parse(&digit.repeat(64)).unwrap())
}

fn claims_at(at: Timestamp) -> AccessClaims {
    AccessClaims {
        session_id: Uuid::from_u128(1).into(),
        user_id: Uuid::from_u128(2).into(),
        issued_at: at,
        expires_at: at.plus(std::time::Duration::from_mins(10)),
    }
}

fn part(json: &str) -> String {
    URL_SAFE_NO_PAD.encode(json)
}

/// Signs any header and claims with a good key.
fn signed(key: &SigningKey, header: &str, claims: &str) -> String {
    let message = format!("{}.{}", part(header), part(claims));
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key.signs, Algorithm::EdDSA).unwrap();
    format!("{message}.{signature}")
}

fn header(key: &SigningKey) -> Value {
    json!({"typ": "at+jwt", "alg": "EdDSA", "kid": key.id})
}

fn claims() -> Value {
    let at = seconds(now());
    json!({
        "iss": "hubchat", "aud": "hubchat-api", "sub": Uuid::from_u128(2), "sid": Uuid::from_u128(1),
        "iat": at, "nbf": at, "exp": at + 600,
    })
}

fn with(mut object: Value, name: &str, value: Value) -> String {
    object[name] = value;
    object.to_string()
}

fn without(mut object: Value, name: &str) -> String {
    object.as_object_mut().unwrap().remove(name);
    object.to_string()
}

/// Every forgery, by what is wrong with it.
fn forgeries(tokens: &EdDsaTokens) -> Vec<(String, String)> {
    let keys = tokens.keys_at(now()).unwrap();
    let key = &keys[0];
    let (good_header, good_claims) = (header(key).to_string(), claims().to_string());
    let good = signed(key, &good_header, &good_claims);
    let mut all: Vec<(String, String)> = Vec::new();
    let mut add = |what: &str, token: String| all.push((what.to_owned(), token));

    // No signature, or one of another algorithm.
    for alg in ["none", "None", "NONE", "nOnE", "", "HS256", "RS256", "ES256", "PS256", "Ed25519", "EdDSA ", "eddsa"] {
        let header = with(header(key), "alg", json!(alg));
        add(&format!("alg {alg}, no signature"), format!("{}.{}.", part(&header), part(&good_claims)));
        add(&format!("alg {alg}, our signature"), signed(key, &header, &good_claims));
    }
    let hs256 = with(header(key), "alg", json!("HS256"));
    for (what, secret) in [("the public key", key.public.clone()), ("nothing", Vec::new()), ("zeros", vec![0; 32])] {
        let message = format!("{}.{}", part(&hs256), part(&good_claims));
        let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), message.as_bytes());
        add(&format!("HS256 by {what}"), format!("{message}.{}", URL_SAFE_NO_PAD.encode(mac)));
    }
    for (name, value) in [("alg", json!(null)), ("alg", json!(["EdDSA"])), ("alg", json!(7))] {
        add(&format!("header {name} {value}"), signed(key, &with(header(key), name, value), &good_claims));
    }

    // Keys that are not ours, or are brought along.
    for kid in [
        json!("../../../../dev/null"),
        json!("/etc/passwd"),
        json!("' OR 1=1 --"),
        json!("66687aad"),
        json!(""),
        json!(format!("{} ", key.id)),
        json!(format!("{}\u{0}", key.id)),
        json!(key.id.to_uppercase()),
        json!(null),
        json!(0),
        json!([key.id]),
        json!("https://keys.example/jwks.json"),
    ] {
        add(&format!("kid {kid}"), signed(key, &with(header(key), "kid", kid), &good_claims));
    }
    add("no kid", signed(key, &without(header(key), "kid"), &good_claims));
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(&key.public)});
    for (name, value) in [
        ("jwk", jwk),
        ("jku", json!("https://keys.example/jwks.json")),
        ("x5u", json!("https://keys.example/a.pem")),
        ("x5c", json!(["MIIB"])),
        ("crit", json!(["exp"])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
        ("cty", json!("JWT")),
    ] {
        add(&format!("header {name}"), signed(key, &with(header(key), name, value), &good_claims));
    }
    let stranger = self::tokens("7").keys_at(now()).unwrap();
    add("another installation's key", signed(&stranger[0], &header(&stranger[0]).to_string(), &good_claims));
    add("another installation's key under our id", signed(&stranger[0], &good_header, &good_claims));
    add("the former period's key under the current id", signed(&keys[1], &good_header, &good_claims));
    let past = tokens.keys_at(now().minus(PERIOD * 2)).unwrap();
    add("a key of two periods ago", signed(&past[0], &header(&past[0]).to_string(), &good_claims));
    let future = tokens.keys_at(now().plus(PERIOD)).unwrap();
    add("the next period's key", signed(&future[0], &header(&future[0]).to_string(), &good_claims));

    // Tokens of another kind.
    for typ in [json!("JWT"), json!("jwt"), json!("id+jwt"), json!("application/at+jwt"), json!(""), json!(null)] {
        add(&format!("typ {typ}"), signed(key, &with(header(key), "typ", typ), &good_claims));
    }
    add("no typ", signed(key, &without(header(key), "typ"), &good_claims));

    // Claims that are missing, of another type, or wrong.
    for name in ["iss", "aud", "sub", "sid", "iat", "nbf", "exp"] {
        add(&format!("no {name}"), signed(key, &good_header, &without(claims(), name)));
        add(&format!("{name} null"), signed(key, &good_header, &with(claims(), name, json!(null))));
    }
    let at = seconds(now());
    for (name, value) in [
        ("exp", json!((at + 600).to_string())),
        ("exp", json!(600.5)),
        ("exp", json!(-1)),
        ("exp", json!(true)),
        ("exp", json!([at + 600])),
        ("exp", json!(u64::MAX)),
        ("exp", json!(at)),
        ("exp", json!(at - 1)),
        ("exp", json!(at + 3_600)),
        ("exp", json!(1e300)),
        ("nbf", json!(at.to_string())),
        ("nbf", json!(at + 60)),
        ("iat", json!(at.to_string())),
        ("iat", json!(at + 60)),
        ("iat", json!(0)),
        ("aud", json!("hubchat")),
        ("aud", json!("HUBCHAT-API")),
        ("aud", json!("")),
        ("aud", json!(["hubchat-api"])),
        ("aud", json!(["hubchat-api", "other"])),
        ("iss", json!("https://hubchat")),
        ("iss", json!("Hubchat")),
        ("iss", json!(["hubchat"])),
        ("sub", json!("")),
        ("sub", json!("admin")),
        ("sub", json!(2)),
        ("sub", json!(Uuid::from_u128(2).simple().to_string())),
        ("sid", json!("../1")),
        ("sid", json!([Uuid::from_u128(1)])),
        ("sid", json!({"$ne": null})),
        ("role", json!("OWNER")),
        ("tenant_id", json!(Uuid::from_u128(9))),
    ] {
        add(&format!("{name} {value}"), signed(key, &good_header, &with(claims(), name, value)));
    }
    let twice = good_claims.replacen('{', &format!("{{\"sid\":\"{}\",", Uuid::from_u128(8)), 1);
    add("two sids", signed(key, &good_header, &twice));

    // What is no token, or was changed.
    let parts: Vec<&str> = good.split('.').collect();
    for text in [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "a.b.c".to_owned(),
        format!("{good}."),
        format!(".{good}"),
        format!("{good}="),
        format!(" {good}"),
        format!("{good} "),
        format!("{}.{}", parts[0], parts[1]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}.{}", parts[0], part(&with(claims(), "sid", json!(Uuid::from_u128(9)))), parts[2]),
        format!("{}.{}.{}", part(&with(header(key), "kid", json!(keys[1].id))), parts[1], parts[2]),
        format!("{}.{}.{}", parts[0], parts[1], URL_SAFE_NO_PAD.encode([0; 64])),
        format!("{}.{}.{}", parts[0], parts[1], parts[2].chars().rev().collect::<String>()),
        format!("{}.{}", good, parts[2]),
        good.to_uppercase(),
        format!("hcr_{}", "a".repeat(64)),
        format!("hck_0123456789abcdef_{}", "a".repeat(64)),
        signed(key, &good_header, &with(claims(), "sub", json!("a".repeat(4_000)))),
        signed(key, "[]", &good_claims),
        signed(key, &good_header, "[]"),
        signed(key, &good_header, "null"),
        signed(key, &good_header, "{}"),
    ] {
        add("no token or a changed one", text);
    }
    all
}

#[test]
fn no_forged_token_is_taken() {
    let tokens = tokens("1");
    let forgeries = forgeries(&tokens);
    assert!(forgeries.len() >= 120, "{} forgeries", forgeries.len());
    for (what, token) in &forgeries {
        let taken = tokens.verify(&SecretString::from(token.clone()), now());
        assert_eq!(taken, Err(AccessTokenError::Refused), "{what}: {token}");
    }
    // The pieces of the forgeries are good ones: put together rightly they are taken.
    let key = &tokens.keys_at(now()).unwrap()[0];
    let good = signed(key, &header(key).to_string(), &claims().to_string());
    assert_eq!(tokens.verify(&SecretString::from(good), now()), Ok(claims_at(now())));
}

#[test]
fn a_token_is_good_from_its_issue_to_its_end() {
    let tokens = tokens("1");
    let token = tokens.issue(&claims_at(now())).unwrap();
    let after = |seconds: u64| tokens.verify(&token, now().plus(std::time::Duration::from_secs(seconds)));
    assert_eq!(after(0), Ok(claims_at(now())));
    assert!(after(599).is_ok());
    assert_eq!(after(600), Err(AccessTokenError::Refused));
    assert!(tokens.verify(&token, now().minus(std::time::Duration::from_mins(1))).is_err());
    assert!(!format!("{token:?} {tokens:?}").contains(token.expose_secret()));
}

#[test]
fn a_token_outlives_the_end_of_its_period_and_a_change_of_the_master_key() {
    let end = Timestamp::EPOCH.plus(PERIOD * u32::try_from(period(now()) + 1).unwrap());
    let before = end.minus(std::time::Duration::from_mins(1));
    let old = tokens("1");
    let token = old.issue(&claims_at(before)).unwrap();
    assert!(old.verify(&token, end.plus(std::time::Duration::from_mins(1))).is_ok());
    let both = EdDsaTokens::new(&MasterKeys::parse(&format!("{},{}", "2".repeat(64), "1".repeat(64))).unwrap());
    assert!(both.verify(&token, end).is_ok());
    let renewed = both.issue(&claims_at(end)).unwrap();
    assert!(old.verify(&renewed, end).is_err(), "the new master key signs");
    assert!(tokens("2").verify(&token, end).is_err(), "without the old master key its tokens are over");
}
