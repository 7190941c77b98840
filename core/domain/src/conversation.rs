//! Conversations: threads of messages, with what a list shows of them.

mod waiting;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    ChannelAccountId, ChannelType, ContactId, ContactIdentityId, ConversationId, Direction, LeadId, MemberId, Message,
    MessageKind, TeamId, TenantId, Timestamp, channel::named,
};

/// Whether a conversation needs someone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ConversationStatus {
    /// Needs an answer or is being worked on.
    Open,
    /// Waits for something outside.
    Pending,
    /// Done, until the customer writes again.
    Resolved,
}

named!(ConversationStatus { Open => "OPEN", Pending => "PENDING", Resolved => "RESOLVED" });

/// What kind of thread it is at the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ThreadKind {
    /// With one person.
    Direct,
    /// With a named group.
    Group,
    /// With a nameless group (LINE's multi-person chats).
    Room,
    /// What one person says under a public post, and what follows in private.
    Comment,
}

named!(ThreadKind { Direct => "DIRECT", Group => "GROUP", Room => "ROOM", Comment => "COMMENT" });

/// What makes a thread unique within a tenant: one conversation per account and external thread.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ThreadKey {
    /// The account.
    pub account_id: ChannelAccountId,
    /// The provider's id of the thread: the person for direct ones, else the group or room.
    pub external_thread_id: String,
}

/// A one-use right to answer an event, where the channel knows such a thing (LINE's reply token).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyHandle {
    /// The provider's token.
    pub token: String,
    /// When it must no longer be used for a first attempt.
    pub expires_at: Timestamp,
}

/// Where a thread that began with a comment stands. Stored as JSON: fields are only ever added.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CommentThread {
    /// The post.
    pub post_id: Option<String>,
    /// The newest comment that a private reply may go to.
    pub comment_id: Option<String>,
    /// When it was written.
    pub commented_at: Option<Timestamp>,
    /// When its one private reply went out.
    pub replied_at: Option<Timestamp>,
    /// When the person last wrote in private.
    pub wrote_in_private_at: Option<Timestamp>,
}

impl ConversationRecord {
    /// How many messages are unread for a member who has seen so many of `inbound_count`, or never looked: what
    /// nobody answered yet, and of that what they have not seen.
    #[must_use]
    pub fn unread_for(&self, seen_inbound: Option<i64>) -> i64 {
        let unanswered = i64::from(self.unread_count);
        seen_inbound.map_or(unanswered, |seen| (self.inbound_count - seen).clamp(0, unanswered))
    }

    /// The provider's id to send to.
    #[must_use]
    pub fn send_address(&self) -> &str {
        self.address.as_deref().unwrap_or(&self.thread.external_thread_id)
    }
}

/// What is kept of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversationRecord {
    /// Its id.
    pub id: ConversationId,
    /// Whose it is.
    pub tenant_id: TenantId,
    /// Account and external thread.
    pub thread: ThreadKey,
    /// What kind of thread.
    pub thread_kind: ThreadKind,
    /// The account's channel.
    pub channel_type: ChannelType,
    /// The customer.
    pub contact_id: ContactId,
    /// The customer on this account.
    pub identity_id: ContactIdentityId,
    /// The lead that the thread now belongs to.
    pub lead_id: LeadId,
    /// The lead's owner. Storage keeps it equal to the lead's; what is written here is passed over.
    pub assigned_member_id: Option<MemberId>,
    /// The lead's team; likewise.
    pub assigned_team_id: Option<TeamId>,
    /// Whether it needs someone.
    pub status: ConversationStatus,
    /// Inbound messages since it was last marked read for everybody, or answered. What is new to one member is told
    /// by what they have seen of `inbound_count`.
    pub unread_count: i32,
    /// The newest message in a line.
    pub last_message_preview: Option<String>,
    /// The newest message's kind.
    pub last_message_kind: Option<MessageKind>,
    /// When the newest message was written; lists are ordered by it.
    pub last_message_at: Timestamp,
    /// When the customer last wrote.
    pub last_inbound_at: Option<Timestamp>,
    /// The customer's name when last seen, for lists.
    pub participant_name: Option<String>,
    /// The customer's picture when last seen, for lists.
    pub participant_avatar_url: Option<String>,
    /// The newest unused right to answer.
    pub reply_handle: Option<ReplyHandle>,
    /// Another id under which the provider may name the thread.
    pub alias: Option<String>,
    /// Where to send, when that is not the thread's own id.
    pub address: Option<String>,
    /// Where it stands, when it began with a comment.
    pub comment: Option<CommentThread>,
    /// Another system owns the thread now: show, never send (LINE's standby mode).
    pub standby: bool,
    /// When the customer wrote what nobody answered yet, the oldest such word.
    pub waiting_since: Option<Timestamp>,
    /// Until when it is put aside, unless the customer writes before.
    pub snoozed_until: Option<Timestamp>,
    /// How many messages the customer wrote that ask for something. It only grows, so that what a reader has seen
    /// of it tells what is new to them.
    pub inbound_count: i64,
    /// The sequence number of the newest message; numbers begin at 1.
    pub last_seq: i64,
    /// When it began.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts changes; guards against lost updates.
    pub version: i64,
}

/// A thread of messages with a contact on one channel account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation(ConversationRecord);

/// The most characters of a preview.
const PREVIEW_CHARS: usize = 140;

impl Conversation {
    /// A new, open thread of a contact's lead.
    #[must_use]
    pub fn begin(
        id: ConversationId,
        thread: (ThreadKey, ThreadKind),
        identity: &crate::ContactIdentity,
        lead_id: LeadId,
        now: Timestamp,
    ) -> Self {
        let person = identity.record();
        Self(ConversationRecord {
            id,
            tenant_id: person.tenant_id,
            thread: thread.0,
            thread_kind: thread.1,
            channel_type: person.channel_type,
            contact_id: person.contact_id,
            identity_id: person.id,
            lead_id,
            assigned_member_id: None,
            assigned_team_id: None,
            status: ConversationStatus::Open,
            unread_count: 0,
            last_message_preview: None,
            last_message_kind: None,
            last_message_at: now,
            last_inbound_at: None,
            participant_name: person.display_name.clone(),
            participant_avatar_url: person.avatar_url.clone(),
            reply_handle: None,
            alias: None,
            address: None,
            comment: (thread.1 == ThreadKind::Comment).then(CommentThread::default),
            standby: false,
            waiting_since: None,
            snoozed_until: None,
            inbound_count: 0,
            last_seq: 0,
            created_at: now,
            updated_at: now,
            version: 1,
        })
    }

    /// The conversation as storage keeps it.
    #[must_use]
    pub fn restore(record: ConversationRecord) -> Self {
        Self(record)
    }

    /// Its fields.
    #[must_use]
    pub fn record(&self) -> &ConversationRecord {
        &self.0
    }

    /// Gives the next sequence number of a message in this thread.
    pub fn next_seq(&mut self) -> i64 {
        self.0.last_seq += 1;
        self.0.last_seq
    }

    /// When a message counts as written of which the provider tells the whole second only (WhatsApp, Telegram): not
    /// before the thread's newest message, if that is of the same second. What answers it would stand above it.
    #[must_use]
    pub fn within_its_second(&self, told_at: Timestamp) -> Timestamp {
        let newest = self.0.last_message_at;
        let whole = told_at.as_micros().rem_euclid(1_000_000) == 0;
        let same = newest > told_at && newest.since(told_at) < Duration::from_secs(1);
        if whole && same && self.0.last_message_kind.is_some() { newest } else { told_at }
    }

    /// Takes a message into account: preview, order, unread, who waits for whom, and a resolved or snoozed thread
    /// comes back when the customer writes. A message older than the newest changes neither preview nor order. A
    /// note among colleagues changes nothing that the customer or a list would see.
    pub fn note_message(&mut self, message: &Message, now: Timestamp) {
        let record = message.record();
        if record.direction == Direction::Internal {
            self.0.updated_at = now;
            return;
        }
        let newest = self.0.last_message_kind.is_none() || record.occurred_at >= self.0.last_message_at;
        if newest {
            self.0.last_message_preview = Some(shorten(&message.preview()));
            self.0.last_message_kind = Some(record.content.kind());
            self.0.last_message_at = record.occurred_at;
        }
        let speaks = record.content.kind().speaks();
        if record.direction == Direction::Inbound && speaks && record.unsent_at.is_none() {
            self.0.unread_count = self.0.unread_count.saturating_add(1);
            self.0.last_inbound_at = self.0.last_inbound_at.max(Some(record.occurred_at));
            self.0.status = ConversationStatus::Open;
            self.0.inbound_count += 1;
            self.0.waiting_since.get_or_insert(record.occurred_at);
            self.0.snoozed_until = None;
        }
        if record.direction == Direction::Outbound && speaks {
            self.0.unread_count = 0;
            self.0.waiting_since = None;
        }
        self.0.updated_at = now;
    }

    /// Shows a changed newest message in the preview.
    pub fn note_message_changed(&mut self, message: &Message, now: Timestamp) {
        // By its time and not by its number: a note may have come after it.
        let record = message.record();
        if record.direction != Direction::Internal && record.occurred_at >= self.0.last_message_at {
            self.0.last_message_preview = Some(shorten(&message.preview()));
            self.0.updated_at = now;
        }
    }

    /// The provider may name the thread by this id too, or no longer does.
    pub fn set_alias(&mut self, alias: Option<&str>, now: Timestamp) {
        let alias = alias.filter(|alias| *alias != self.0.thread.external_thread_id);
        if self.0.alias.as_deref() != alias {
            self.0.alias = alias.map(str::to_owned);
            self.0.updated_at = now;
        }
    }

    /// The thread goes on under this id: it is sent to there, and what comes from there belongs to it.
    pub fn move_to(&mut self, address: &str, now: Timestamp) {
        self.set_alias(Some(address), now);
        self.0.address = Some(address.to_owned());
        self.0.updated_at = now;
    }

    /// Notes a comment of the person's: the newest one is what a private reply goes to.
    pub fn note_comment(&mut self, comment_id: &str, post_id: Option<&str>, at: Timestamp, now: Timestamp) {
        let comment = self.0.comment.get_or_insert_default();
        comment.post_id = comment.post_id.take().or_else(|| post_id.map(str::to_owned));
        if comment.commented_at.is_none_or(|known| known <= at) {
            comment.comment_id = Some(comment_id.to_owned());
            comment.commented_at = Some(at);
            comment.replied_at = None;
            self.0.updated_at = now;
        }
    }

    /// Notes that the person wrote in private, in a thread that began with a comment.
    pub fn note_private_word(&mut self, at: Timestamp, now: Timestamp) {
        if let Some(comment) = &mut self.0.comment {
            comment.wrote_in_private_at = comment.wrote_in_private_at.max(Some(at));
            self.0.updated_at = now;
        }
    }

    /// Notes that the comment got its private reply, and the person's id in private.
    pub fn note_private_reply(&mut self, recipient: Option<&str>, now: Timestamp) {
        if let Some(comment) = &mut self.0.comment {
            comment.replied_at = Some(now);
        }
        if let Some(recipient) = recipient {
            self.0.address = Some(recipient.to_owned());
        }
        self.0.updated_at = now;
    }

    /// Keeps a right to answer that came with an event. `ttl` counts from `now`, `max_age` from the event.
    pub fn offer_reply(
        &mut self,
        token: &str,
        occurred_at: Timestamp,
        (ttl, max_age): (Duration, Option<Duration>),
        now: Timestamp,
    ) {
        let by_age = max_age.map(|age| occurred_at.plus(age));
        let expires_at = by_age.map_or(now.plus(ttl), |limit| limit.min(now.plus(ttl)));
        if expires_at > now {
            self.0.reply_handle = Some(ReplyHandle { token: token.to_owned(), expires_at });
            self.0.updated_at = now;
        }
    }

    /// Takes the right to answer, if it is still good; it is gone either way.
    pub fn take_reply_handle(&mut self, now: Timestamp) -> Option<ReplyHandle> {
        self.0.reply_handle.take().filter(|handle| handle.expires_at > now)
    }

    /// Gives back a right to answer that was taken and not used, unless a newer one came meanwhile.
    pub fn return_reply_handle(&mut self, handle: ReplyHandle, now: Timestamp) {
        if self.0.reply_handle.is_none() && handle.expires_at > now {
            self.0.reply_handle = Some(handle);
            self.0.updated_at = now;
        }
    }

    /// Belongs to another lead of the same contact from now on.
    pub fn move_to_lead(&mut self, lead_id: LeadId, now: Timestamp) {
        if self.0.lead_id != lead_id {
            self.0.lead_id = lead_id;
            self.0.updated_at = now;
        }
    }

    /// Everything up to now was seen; tells whether that is news.
    pub fn mark_read(&mut self, now: Timestamp) -> bool {
        let news = self.0.unread_count != 0;
        if news {
            self.0.unread_count = 0;
            self.0.updated_at = now;
        }
        news
    }

    /// Marked unread for everybody again; tells whether that is news.
    pub fn mark_unread(&mut self, now: Timestamp) -> bool {
        let news = self.0.unread_count == 0 && self.0.inbound_count > 0;
        if news {
            self.0.unread_count = 1;
            self.0.updated_at = now;
        }
        news
    }

    /// Puts the thread aside until a moment, or takes it back with `None`; tells whether that is news.
    pub fn snooze(&mut self, until: Option<Timestamp>, now: Timestamp) -> bool {
        let news = self.0.snoozed_until != until;
        if news {
            self.0.snoozed_until = until;
            self.0.updated_at = now;
        }
        news
    }

    /// Shows the customer's newest name and picture; blanks never overwrite. Tells whether that is news.
    pub fn refresh_snapshot(&mut self, name: Option<&str>, avatar_url: Option<&str>, now: Timestamp) -> bool {
        let mut news = false;
        for (slot, text) in [(&mut self.0.participant_name, name), (&mut self.0.participant_avatar_url, avatar_url)] {
            if let Some(text) = text.map(str::trim).filter(|t| !t.is_empty())
                && slot.as_deref() != Some(text)
            {
                *slot = Some(text.to_owned());
                news = true;
            }
        }
        if news {
            self.0.updated_at = now;
        }
        news
    }

    /// Notes whether another system owns the thread.
    pub fn set_standby(&mut self, standby: bool, now: Timestamp) {
        if self.0.standby != standby {
            self.0.standby = standby;
            self.0.updated_at = now;
        }
    }

    /// Changes the status by hand; tells whether that is news.
    pub fn set_status(&mut self, status: ConversationStatus, now: Timestamp) -> bool {
        let news = self.0.status != status;
        if news {
            self.0.status = status;
            self.0.updated_at = now;
        }
        news
    }
}

fn shorten(text: &str) -> String {
    use unicode_segmentation::UnicodeSegmentation;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= PREVIEW_CHARS {
        return line;
    }
    let mut short: String = line.graphemes(true).take(PREVIEW_CHARS - 1).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_in_the_second_of_its_answer_does_not_come_before_it() {
        let tenant = uuid::Uuid::from_u128(1).into();
        let second = Timestamp::from_micros(1_767_225_600_000_000);
        let contact = crate::Contact::first_seen(uuid::Uuid::from_u128(2).into(), tenant, second);
        let account_id = uuid::Uuid::from_u128(3).into();
        let key = crate::IdentityKey { account_id, external_user_id: "u".to_owned() };
        let id = uuid::Uuid::from_u128(4).into();
        let person = crate::ContactIdentity::first_seen(id, &contact, key, ChannelType::Telegram, second);
        let thread = ThreadKey { account_id, external_thread_id: "u".to_owned() };
        let (id, lead) = (uuid::Uuid::from_u128(5).into(), uuid::Uuid::from_u128(6).into());
        let mut conversation = Conversation::begin(id, (thread, ThreadKind::Direct), &person, lead, second);
        let answered = second.plus(Duration::from_millis(400));
        conversation.0.last_message_at = answered;
        assert_eq!(conversation.within_its_second(second), second, "nothing was written yet");
        conversation.0.last_message_kind = Some(MessageKind::Text);
        let late = second.minus(Duration::from_secs(1));
        let exact = second.plus(Duration::from_millis(1));
        for (told, counts) in [(second, answered), (late, late), (exact, exact)] {
            assert_eq!(conversation.within_its_second(told), counts);
        }
        let next = second.plus(Duration::from_secs(1));
        assert_eq!(conversation.within_its_second(next), next);
    }

    #[test]
    fn previews_are_one_short_line_that_never_cuts_a_letter_from_its_marks() {
        assert_eq!(shorten("a\n b\t c"), "a b c");
        let long = "ที่".repeat(200);
        let short = shorten(&long);
        assert!(short.ends_with("ที่…"), "{short}");
    }
}
