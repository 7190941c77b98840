//! `subscribed_apps`: which fields of an account the app hears of.

use serde_json::{Value, json};

use super::MetaState;
use super::accounts::{Account, MetaObject};
use super::refusals::{no_object, no_permission, parameter, refused};
use super::route::GraphCall;
use super::subscriptions::{all_fields, is_field};
use crate::exchange::Answer;

impl MetaState {
    pub(super) async fn subscribed_apps(&self, call: &GraphCall, id: &str) -> Result<Answer, Answer> {
        let account = match self.accounts.by_id(id) {
            // A number has no subscriptions; its business account has.
            Some(Account::Number(_)) => return Err(no_object(id)),
            Some(account) => {
                self.must_speak_for(call, &account, id).map_err(|_| no_permission())?;
                account
            }
            None => self.of_waba(call, id)?,
        };
        match call.call.method.as_str() {
            "GET" => Ok(Answer::ok(&json!({"data": self.subscribed(&account)}))),
            "POST" => self.subscribe(call, &account).await,
            "DELETE" => {
                self.subscriptions.set(account.entry_id(), None);
                Ok(Answer::ok(&json!({ "success": true })))
            }
            _ => Err(no_object(id)),
        }
    }

    fn subscribed(&self, account: &Account) -> Vec<Value> {
        let Some(fields) = self.subscriptions.fields(account.entry_id()) else { return Vec::new() };
        let id = &self.accounts.app().app_id;
        let link = "https://hubchat.example/";
        vec![match account.object() {
            MetaObject::Whatsapp => {
                json!({"whatsapp_business_api_data": {"id": id, "name": "hubchat", "link": link}})
            }
            _ => json!({
                "id": id, "name": "hubchat", "category": "Business", "link": link, "subscribed_fields": fields,
            }),
        }]
    }

    async fn subscribe(&self, call: &GraphCall, account: &Account) -> Result<Answer, Answer> {
        if account.object() == MetaObject::Whatsapp {
            let url = call.param("override_callback_uri");
            if let Some(url) = &url {
                let verify_token = call.param("verify_token").unwrap_or_default();
                let shaken = self.shake_hands(url, &verify_token).await;
                if !matches!(shaken, Ok((_, true))) {
                    let message = "(#2200) Callback verification failed";
                    return Err(refused(400, 2_200, None, message));
                }
            }
            self.subscriptions.set_override(account.entry_id(), url.as_deref());
            let all = all_fields(account.object());
            // Which fields is the app's own setting there.
            self.subscriptions.set(account.entry_id(), Some(all.iter().map(|field| (*field).to_owned()).collect()));
            return Ok(Answer::ok(&json!({ "success": true })));
        }
        let fields = call.param("subscribed_fields").unwrap_or_default();
        // A list within JSON is a list of texts.
        let fields: Vec<String> = serde_json::from_str(&fields)
            .unwrap_or_else(|_| fields.split(',').map(|field| field.trim().to_owned()).collect());
        if fields.iter().all(String::is_empty) {
            return Err(parameter("The parameter subscribed_fields is required."));
        }
        if let Some(unknown) = fields.iter().find(|field| !is_field(account.object(), field)) {
            return Err(parameter(&format!(
                "Param subscribed_fields must be a list of known fields - got \"{unknown}\"."
            )));
        }
        self.subscriptions.set(account.entry_id(), Some(fields));
        Ok(Answer::ok(&json!({ "success": true })))
    }
}
