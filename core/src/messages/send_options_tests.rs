//! What agents are told that they may send, with mocks.

use std::time::Duration;

use hubchat_domain::{
    AccountStatus, ChannelType, Conversation, MessageKind, ReplyHandle, Scope, SendMode, SendRefusal,
};
use hubchat_ports::{
    AccountStore, ContactStore, ConversationStore, KnownIdentity, MockAccountStore, MockContactStore,
    MockConversationStore, MockUnitOfWork,
};

use super::{GetSendOptions, SendOptionsError, SendOptionsView};
use crate::{
    ErrorCode,
    test_ports::{TestPorts, actor, adapter_of, conversation, now, person, stored_account},
};

/// A little world: a conversation with its person, on an account.
struct World {
    conversation: Option<Conversation>,
    person: Option<KnownIdentity>,
    account: Option<AccountStatus>,
    scopes: Vec<Scope>,
}

impl World {
    fn of(conversation: Conversation) -> Self {
        Self {
            conversation: Some(conversation),
            person: Some(person()),
            account: Some(AccountStatus::Active),
            scopes: vec![Scope::InboxRead],
        }
    }

    async fn ask(self) -> Result<SendOptionsView, SendOptionsError> {
        let channel = self.conversation.as_ref().map_or(ChannelType::Line, |thread| thread.record().channel_type);
        // The LINE adapter alone, whatever the conversation's channel, unless it is one of Facebook's.
        let channel = if channel == ChannelType::Facebook { channel } else { ChannelType::Line };
        let mut conversations = MockConversationStore::new();
        conversations.expect_find().returning(move |_| Ok(self.conversation.clone()));
        let mut contacts = MockContactStore::new();
        contacts.expect_find_identity().returning(move |_| Ok(self.person.clone()));
        let mut accounts = MockAccountStore::new();
        accounts.expect_find().returning(move |_| Ok(self.account.map(stored_account)));
        let mut session = MockUnitOfWork::new();
        session.expect_conversations().return_const(Box::new(conversations) as Box<dyn ConversationStore>);
        session.expect_contacts().return_const(Box::new(contacts) as Box<dyn ContactStore>);
        session.expect_accounts().return_const(Box::new(accounts) as Box<dyn AccountStore>);
        session.expect_commit().never();
        let ports = TestPorts { adapter: Some(adapter_of(channel, None)), ..TestPorts::default() };
        let options = GetSendOptions::new(ports.with_sessions(vec![session]).build());
        options.run(&actor(&self.scopes), conversation(|_| ()).record().id).await
    }
}

/// A Messenger thread in which the customer wrote so long ago.
fn messenger(ago: Duration) -> Conversation {
    conversation(|record| {
        record.channel_type = ChannelType::Facebook;
        record.last_inbound_at = Some(now().minus(ago));
    })
}

fn modes(view: &SendOptionsView) -> Vec<SendMode> {
    view.options.options.iter().map(|option| option.mode).collect()
}

#[tokio::test]
async fn the_channels_ways_and_limits_are_told_for_this_moment() {
    let view = World::of(conversation(|_| ())).ask().await.expect("told");
    assert_eq!((modes(&view), view.options.refusal), (vec![SendMode::Push], None));
    assert_eq!(view.options.options.first().map(|option| option.kinds.clone()), Some(vec![MessageKind::Text]));
    assert_eq!((view.max_text_utf16, view.media_limits, view.waits, view.at), (25_000, &[][..], None, now()));
}

#[tokio::test]
async fn a_living_right_to_answer_comes_first_with_its_end() {
    let expires_at = now().plus(Duration::from_secs(30));
    let handle = ReplyHandle { token: "token".to_owned(), expires_at };
    let view = World::of(conversation(|record| record.reply_handle = Some(handle))).ask().await.expect("told");
    assert_eq!(modes(&view), [SendMode::Reply, SendMode::Push]);
    assert_eq!(view.options.options.first().and_then(|option| option.until), Some(expires_at));
}

#[tokio::test]
async fn past_the_first_day_only_persons_may_answer() {
    let view = World::of(messenger(Duration::from_hours(25))).ask().await.expect("told");
    assert_eq!((modes(&view), view.options.refusal), (vec![SendMode::HumanAgent], Some(SendRefusal::PersonsOnly)));
}

#[tokio::test]
async fn a_closed_window_is_told_with_its_reason() {
    let view = World::of(messenger(Duration::from_hours(8 * 24))).ask().await.expect("told");
    assert_eq!((modes(&view), view.options.refusal), (vec![], Some(SendRefusal::WindowClosed)));
}

#[tokio::test]
async fn a_person_who_blocked_the_account_cannot_be_written_to() {
    let mut blocked = person();
    blocked.identity.set_reachable(false, now());
    let world = World { person: Some(blocked), ..World::of(conversation(|_| ())) };
    let view = world.ask().await.expect("told");
    assert_eq!((modes(&view), view.options.refusal), (vec![], Some(SendRefusal::Unreachable)));
}

#[tokio::test]
async fn a_person_of_whom_nothing_is_known_counts_as_reachable() {
    let world = World { person: None, ..World::of(conversation(|_| ())) };
    assert_eq!(modes(&world.ask().await.expect("told")), [SendMode::Push]);
}

#[tokio::test]
async fn a_thread_that_another_system_owns_is_only_shown() {
    let view = World::of(conversation(|record| record.standby = true)).ask().await.expect("told");
    assert_eq!((modes(&view), view.options.refusal), (vec![], Some(SendRefusal::Standby)));
}

#[tokio::test]
async fn why_sends_wait_is_told_and_the_ways_stay() {
    for status in [AccountStatus::Paused, AccountStatus::Unauthorized] {
        let world = World { account: Some(status), ..World::of(conversation(|_| ())) };
        let view = world.ask().await.expect("told");
        assert!(view.waits.is_some_and(|reason| !reason.is_empty()), "{status}");
        assert_eq!(modes(&view), [SendMode::Push]);
    }
    let world = World { account: Some(AccountStatus::Degraded), ..World::of(conversation(|_| ())) };
    assert_eq!(world.ask().await.expect("told").waits, None, "an account with trouble still sends");
}

#[tokio::test]
async fn an_unknown_conversation_and_a_channel_that_is_not_here_are_told_apart() {
    let unknown = World { conversation: None, ..World::of(conversation(|_| ())) };
    assert_eq!(unknown.ask().await.expect_err("unknown").code(), "conversation_not_found");
    let elsewhere = World::of(conversation(|record| record.channel_type = ChannelType::Shopee));
    assert_eq!(elsewhere.ask().await.expect_err("not here").code(), "channel_unavailable");
}

#[tokio::test]
async fn a_key_that_may_not_read_learns_nothing() {
    let world = World { scopes: vec![Scope::ChannelsManage], ..World::of(conversation(|_| ())) };
    assert_eq!(world.ask().await.expect_err("forbidden").code(), "forbidden");
}
