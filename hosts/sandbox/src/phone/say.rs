//! Does as a customer what the phone is asked to, at each provider in its own way.

use poem::http::StatusCode;
use serde_json::{Value, json};

use super::request::{Channel, Deed, SayRequest};
use super::{Phone, failed};
use crate::error::SandboxError;
use crate::exchange::Answer;
use crate::line::{Media, Say, SayKind};
use crate::meta::{MetaFile, MetaObject, MetaSay};
use crate::telegram::{TelegramFile, TelegramSay};

/// What is wrong with a request before any provider hears of it.
type Refused = &'static str;

const CANNOT: Refused = "a customer cannot do this at this channel";

impl Phone {
    pub(super) async fn say(&self, request: SayRequest) -> Answer {
        let SayRequest { channel, account_id, person_id, deed } = request;
        let done = match channel {
            Channel::Line => self.say_line(account_id, person_id, deed).await,
            Channel::Telegram => self.say_telegram(account_id, &person_id, deed).await,
            _ => self.say_meta(channel, account_id, &person_id, deed).await,
        };
        match done {
            Ok(Ok(told)) => Answer::ok(&told),
            Ok(Err(SandboxError::ImpossibleEvent(why))) | Err(why) => failed(StatusCode::BAD_REQUEST, why),
            Ok(Err(error @ (SandboxError::WebhookTimeout | SandboxError::WebhookUnreachable(_)))) => {
                failed(StatusCode::BAD_GATEWAY, &error.to_string())
            }
            Ok(Err(error)) => failed(StatusCode::CONFLICT, &error.to_string()),
        }
    }

    async fn say_line(&self, account: Option<String>, person: String, deed: Deed) -> Result<Done, Refused> {
        let media =
            |(bytes, content_type)| Media { bytes: Some(bytes), content_type: Some(content_type), ..Media::default() };
        let event = match deed {
            Deed::Text { text, quoted_id: None } => SayKind::Text(text),
            Deed::Picture { file, caption: None } => SayKind::Image(media(file.open()?)),
            Deed::File { file, file_name } => SayKind::File { file_name, media: media(file.open()?) },
            Deed::Sticker { package_id, sticker_id } => SayKind::Sticker { package_id, sticker_id },
            Deed::Choose { payload, .. } => SayKind::Postback { data: payload, params: None },
            Deed::Unsend { message_id } => SayKind::Unsend { message_id },
            Deed::Block => SayKind::Unfollow,
            Deed::Unblock => SayKind::Follow { is_unblocked: true },
            _ => return Err(CANNOT),
        };
        let said = self.line.say(Say { destination: account, user_id: Some(person), event }).await;
        Ok(said.map(|said| done(said.status, said.message_id.as_deref())))
    }

    async fn say_telegram(&self, account: Option<String>, person: &str, deed: Deed) -> Result<Done, Refused> {
        let number = |text: &str| text.parse::<i64>().map_err(|_| "Telegram's ids are numbers");
        let file = |(bytes, content_type)| TelegramFile { bytes, content_type };
        let say = match deed {
            Deed::Text { text, quoted_id: None } => TelegramSay::Text(text),
            Deed::Picture { file: sent, caption } => TelegramSay::Photo { file: file(sent.open()?), caption },
            Deed::File { file: sent, file_name } => TelegramSay::Document { file: file(sent.open()?), file_name },
            Deed::Choose { payload, message_id: Some(id), .. } => {
                TelegramSay::Press { message_id: number(&id)?, data: payload }
            }
            Deed::Edit { message_id, text } => TelegramSay::Edit { message_id: number(&message_id)?, text },
            Deed::Block => TelegramSay::Block,
            Deed::Unblock => TelegramSay::Unblock,
            _ => return Err(CANNOT),
        };
        let bot = account.as_deref().map(number).transpose()?;
        let said = self.telegram.say(bot, number(person)?, say).await;
        Ok(said.map(|said| done(said.status, Some(&said.message_id.to_string()))))
    }

    async fn say_meta(
        &self,
        channel: Channel,
        account: Option<String>,
        person: &str,
        deed: Deed,
    ) -> Result<Done, Refused> {
        let object = match channel {
            Channel::Instagram | Channel::InstagramComment => MetaObject::Instagram,
            Channel::Whatsapp => MetaObject::Whatsapp,
            _ => MetaObject::Page,
        };
        let account = account.or_else(|| self.meta.first_account(object).map(|(id, _)| id));
        let account = account.ok_or("the sandbox has no such account yet")?;
        if !channel.is_of_comments() && matches!(deed, Deed::Block | Deed::Unblock) {
            // Meta tells nobody of it.
            self.meta.set_blocked(&account, person, matches!(deed, Deed::Block));
            return Ok(Ok(done(200, None)));
        }
        let say = if channel.is_of_comments() { comment(deed)? } else { message(deed)? };
        let said = self.meta.say(&account, person, say).await;
        Ok(said.map(|said| done(said.status, Some(&said.id))))
    }
}

type Done = Result<Value, SandboxError>;

fn done(status: u16, id: Option<&str>) -> Value {
    json!({ "status": status, "id": id })
}

fn comment(deed: Deed) -> Result<MetaSay, Refused> {
    Ok(match deed {
        Deed::Comment { on, text } => MetaSay::Comment { post_id: on, text },
        Deed::Edit { message_id, text } => MetaSay::CommentEdited { comment_id: message_id, text },
        Deed::Unsend { message_id } => MetaSay::CommentRemoved { comment_id: message_id },
        _ => return Err(CANNOT),
    })
}

fn message(deed: Deed) -> Result<MetaSay, Refused> {
    let file = |(bytes, content_type)| MetaFile { bytes, content_type };
    Ok(match deed {
        Deed::Text { text, quoted_id: None } => MetaSay::Text(text),
        Deed::Text { text, quoted_id: Some(to) } => MetaSay::Reply { to, text },
        Deed::Picture { file: sent, caption } => MetaSay::Image { file: file(sent.open()?), caption },
        Deed::File { file: sent, file_name } => MetaSay::Document { file: file(sent.open()?), file_name },
        Deed::Choose { text, payload, is_button: false, .. } => MetaSay::QuickReply { text, payload },
        Deed::Choose { text: title, payload, is_button: true, .. } => MetaSay::Postback { title, payload },
        Deed::React { message_id: to, emoji } => MetaSay::React { to, emoji },
        Deed::Edit { message_id: id, text } => MetaSay::Edit { id, text },
        Deed::Unsend { message_id: id } => MetaSay::Unsend { id },
        Deed::Delivered { message_ids: ids } => MetaSay::Delivered { ids },
        Deed::Read { message_ids: ids } => MetaSay::Read { ids },
        Deed::Comment { .. } | Deed::Sticker { .. } | Deed::Block | Deed::Unblock => return Err(CANNOT),
    })
}
