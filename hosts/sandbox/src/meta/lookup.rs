//! Looking things up: people, accounts, tokens.

use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::MetaState;
use super::accounts::{Account, WhatsappNumber};
use super::refusals::{no_object, refused, token_unknown};
use super::route::GraphCall;
use crate::bounded::lock;
use crate::exchange::Answer;

const PAGE_SCOPES: [&str; 4] =
    ["pages_messaging", "pages_manage_metadata", "pages_read_engagement", "pages_manage_engagement"];
const INSTAGRAM_SCOPES: [&str; 3] =
    ["instagram_business_basic", "instagram_business_manage_messages", "instagram_business_manage_comments"];
const WHATSAPP_SCOPES: [&str; 2] = ["whatsapp_business_messaging", "whatsapp_business_management"];

fn number_info(number: &WhatsappNumber) -> Value {
    json!({
        "id": number.phone_number_id,
        "display_phone_number": number.display_phone_number,
        "verified_name": number.verified_name,
        "quality_rating": "GREEN",
        "code_verification_status": "VERIFIED",
        "platform_type": "CLOUD_API",
    })
}

impl MetaState {
    fn account_info(account: &Account) -> Value {
        match account {
            Account::Page(page) => {
                let mut info = json!({"id": page.id, "name": page.name});
                if let Some(linked) = &page.instagram_id {
                    info["instagram_business_account"] = json!({ "id": linked });
                }
                info
            }
            Account::Instagram(account) => json!({
                "id": account.id, "user_id": account.id, "username": account.username, "name": account.username,
                "account_type": "BUSINESS",
            }),
            Account::Number(number) => number_info(number),
        }
    }

    /// Whose token this is.
    pub(super) fn me(&self, call: &GraphCall) -> Result<Answer, Answer> {
        let own = self.accounts.of_token(&call.token);
        let account = own.iter().find(|account| account.is_instagram()).or_else(|| own.first());
        let account = account.ok_or_else(token_unknown)?;
        let mut info = Self::account_info(account);
        if let Account::Instagram(account) = account {
            // Of Instagram Login: the id is one of this app only, the one that webhooks go by is `user_id`.
            info["id"] = json!(format!("2{}", account.id));
        }
        Ok(Answer::ok(&call.only_asked(info)))
    }

    pub(super) fn look_up(&self, call: &GraphCall, id: &str) -> Result<Answer, Answer> {
        if let Some(account) = self.accounts.by_id(id) {
            self.must_speak_for(call, &account, id)?;
            return Ok(Answer::ok(&call.only_asked(Self::account_info(&account))));
        }
        if !self.accounts.of_waba(id).is_empty() {
            self.of_waba(call, id)?;
            return Ok(Answer::ok(&call.only_asked(json!({"id": id, "name": "Hubchat Demo"}))));
        }
        if let Some(info) = self.media_info(call, id) {
            return info;
        }
        self.profile(call, id)
    }

    /// A person, as far as the accounts that the token speaks for know one.
    fn profile(&self, call: &GraphCall, person: &str) -> Result<Answer, Answer> {
        let knowing: Vec<Account> = {
            let world = lock(&self.world);
            let accounts = self.accounts.list().into_iter().filter(|account| !matches!(account, Account::Number(_)));
            accounts.filter(|account| world.people.get(account.id(), person).is_some()).collect()
        };
        let first = knowing.first().ok_or_else(|| no_object(person))?;
        let own = knowing.iter().find(|account| self.accounts.speaks_for(&call.token, account));
        let Some(account) = own else {
            self.must_speak_for(call, first, person)?;
            return Err(no_object(person));
        };
        let known = lock(&self.world).people.get(account.id(), person).cloned().unwrap_or_default();
        let name = self.name_of(person);
        let picture =
            format!("{}/_cdn/profile/{person}.png", self.own_url.told().unwrap_or_else(|| call.call.own_url()));
        let profile = if account.is_instagram() {
            if known.last_message_ms.is_none() {
                // Who only commented has not consented.
                return Err(refused(403, 230, None, "(#230) User consent is required to access user profile"));
            }
            json!({
                "id": person, "name": name.full(), "username": self.username_of(person),
                "profile_pic": picture, "follower_count": 42, "is_verified_user": false,
                "is_user_follow_business": true, "is_business_follow_user": false,
            })
        } else {
            json!({
                "id": person, "first_name": name.first, "last_name": name.last, "profile_pic": picture,
                "locale": "th_TH", "timezone": 7,
            })
        };
        Ok(Answer::ok(&call.only_asked(profile)))
    }

    pub(super) fn phone_numbers(&self, call: &GraphCall, waba: &str) -> Result<Answer, Answer> {
        self.of_waba(call, waba)?;
        let numbers = self.accounts.of_waba(waba);
        let numbers: Vec<Value> = numbers.iter().map(|number| call.only_asked(number_info(number))).collect();
        Ok(Answer::ok(&json!({ "data": numbers })))
    }

    pub(super) fn debug_token(&self, call: &GraphCall) -> Result<Answer, Answer> {
        let app = self.accounts.app();
        if call.token != format!("{}|{}", app.app_id, app.app_secret.expose_secret()) {
            return Err(token_unknown());
        }
        let input = call.param("input_token").unwrap_or_default();
        let own = self.accounts.of_token(&input);
        let Some(account) = own.first() else {
            let subcode = self.accounts.has_ended(&input).then_some(460);
            return Ok(Answer::ok(&json!({"data": {
                "error": {"code": 190, "message": "Error validating access token", "subcode": subcode},
                "is_valid": false, "scopes": [],
            }})));
        };
        let (kind, scopes): (&str, &[&str]) = match account {
            Account::Page(_) => ("PAGE", &PAGE_SCOPES),
            Account::Instagram(_) => ("USER", &INSTAGRAM_SCOPES),
            Account::Number(_) => ("SYSTEM_USER", &WHATSAPP_SCOPES),
        };
        let now = self.now_ms() / 1_000;
        let granular: Vec<Value> =
            scopes.iter().map(|scope| json!({"scope": scope, "target_ids": [account.entry_id()]})).collect();
        Ok(Answer::ok(&json!({"data": {
            "app_id": app.app_id, "type": kind, "application": "hubchat", "is_valid": true, "expires_at": 0,
            "data_access_expires_at": now + 90 * 24 * 60 * 60, "issued_at": now,
            "profile_id": account.entry_id(), "scopes": scopes, "granular_scopes": granular,
            "user_id": "10220000000000001",
        }})))
    }
}
