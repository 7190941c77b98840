//! Every edge of the policy, to the microsecond.

use uuid::Uuid;

use super::*;
use crate::{CommentThread, ConversationStatus, ReplyHandle, ThreadKey};

const KINDS: &[MessageKind] = &[MessageKind::Text, MessageKind::Image, MessageKind::File, MessageKind::Template];
const DAY: i64 = 24 * 3_600;

/// Seconds after a fixed beginning.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_767_225_600_000 + seconds * 1_000)
}

fn just_before(moment: Timestamp) -> Timestamp {
    Timestamp::from_micros(moment.as_micros() - 1)
}

fn thread(channel_type: ChannelType, thread_kind: ThreadKind) -> ConversationRecord {
    let nil = Uuid::nil();
    ConversationRecord {
        id: nil.into(),
        tenant_id: nil.into(),
        thread: ThreadKey { account_id: nil.into(), external_thread_id: "t".to_owned() },
        thread_kind,
        channel_type,
        contact_id: nil.into(),
        identity_id: nil.into(),
        lead_id: nil.into(),
        assigned_member_id: None,
        assigned_team_id: None,
        status: ConversationStatus::Open,
        unread_count: 0,
        last_message_preview: None,
        last_message_kind: None,
        last_message_at: at(0),
        last_inbound_at: Some(at(0)),
        participant_name: None,
        participant_avatar_url: None,
        reply_handle: None,
        alias: None,
        address: None,
        comment: (thread_kind == ThreadKind::Comment).then(|| CommentThread {
            post_id: Some("p".to_owned()),
            comment_id: Some("c".to_owned()),
            commented_at: Some(at(0)),
            replied_at: None,
            wrote_in_private_at: None,
        }),
        waiting_since: None,
        snoozed_until: None,
        inbound_count: 0,
        standby: false,
        last_seq: 1,
        created_at: at(0),
        updated_at: at(0),
        version: 1,
    }
}

/// The modes and the refusal at a moment.
fn told(thread: &ConversationRecord, now: Timestamp) -> (Vec<SendMode>, Option<SendRefusal>) {
    let options = send_options(&SendFacts { conversation: thread, reachable: true, kinds: KINDS }, now);
    (options.options.iter().map(|option| option.mode).collect(), options.refusal)
}

fn text() -> MessageContent {
    MessageContent::Text { text: "x".to_owned() }
}

fn picture() -> MessageContent {
    MessageContent::Image(crate::Attachment::default())
}

fn template() -> MessageContent {
    MessageContent::Template { text: "x".to_owned(), payload: serde_json::Value::Null }
}

fn chosen(
    thread: &ConversationRecord,
    now: Timestamp,
    content: &MessageContent,
    person: bool,
) -> Result<SendMode, SendRefusal> {
    send_options(&SendFacts { conversation: thread, reachable: true, kinds: KINDS }, now).choose(content, person)
}

/// Modes and refusal.
type Told = (&'static [SendMode], Option<SendRefusal>);

#[test]
fn the_windows_close_at_their_last_microsecond() {
    use SendMode::{HumanAgent, PrivateReply, Standard, Template};
    use SendRefusal::{CommentTooOld, PersonsOnly, TemplateOnly, TextOnly, WindowClosed};
    let (facebook, instagram, whatsapp) = (ChannelType::Facebook, ChannelType::Instagram, ChannelType::Whatsapp);
    let (direct, comment) = (ThreadKind::Direct, ThreadKind::Comment);
    let edges: &[(ChannelType, ThreadKind, i64, Told, Told)] = &[
        (facebook, direct, DAY, (&[Standard], None), (&[HumanAgent], Some(PersonsOnly))),
        (facebook, direct, 7 * DAY, (&[HumanAgent], Some(PersonsOnly)), (&[], Some(WindowClosed))),
        (instagram, direct, DAY, (&[Standard], None), (&[HumanAgent], Some(PersonsOnly))),
        (instagram, direct, 7 * DAY, (&[HumanAgent], Some(PersonsOnly)), (&[], Some(WindowClosed))),
        (whatsapp, direct, DAY, (&[Standard, Template], None), (&[Template], Some(TemplateOnly))),
        (facebook, comment, 7 * DAY, (&[PrivateReply], Some(TextOnly)), (&[], Some(CommentTooOld))),
        (instagram, comment, 7 * DAY, (&[PrivateReply], Some(TextOnly)), (&[], Some(CommentTooOld))),
    ];
    for (channel, kind, second, before, after) in edges {
        let thread = thread(*channel, *kind);
        let expected = |told: &Told| (told.0.to_vec(), told.1);
        for moment in [at(0), at(second - 1), just_before(at(*second))].into_iter().filter(|m| *m >= at(second - DAY)) {
            assert_eq!(told(&thread, moment), expected(before), "{channel} {kind} before {second}");
        }
        for moment in [at(*second), at(second + 1)] {
            assert_eq!(told(&thread, moment), expected(after), "{channel} {kind} from {second}");
        }
    }
}

#[test]
fn every_option_ends_when_the_next_answer_begins() {
    for channel in [ChannelType::Facebook, ChannelType::Instagram, ChannelType::Whatsapp] {
        for kind in [ThreadKind::Direct, ThreadKind::Comment] {
            let thread = thread(channel, kind);
            let facts = SendFacts { conversation: &thread, reachable: true, kinds: KINDS };
            let mut now = at(0);
            while let Some(until) = send_options(&facts, now).options.iter().filter_map(|option| option.until).min() {
                assert!(until > now);
                assert_eq!(send_options(&facts, now), send_options(&facts, just_before(until)), "{channel} {kind}");
                assert_ne!(send_options(&facts, now), send_options(&facts, until), "{channel} {kind}");
                now = until;
            }
        }
    }
}

#[test]
fn a_late_answer_is_for_persons() {
    let thread = thread(ChannelType::Facebook, ThreadKind::Direct);
    assert_eq!(chosen(&thread, at(DAY - 1), &text(), false), Ok(SendMode::Standard));
    assert_eq!(chosen(&thread, at(DAY - 1), &text(), true), Ok(SendMode::Standard), "no tag within the window");
    assert_eq!(chosen(&thread, at(DAY), &text(), true), Ok(SendMode::HumanAgent));
    assert_eq!(chosen(&thread, at(DAY), &text(), false), Err(SendRefusal::PersonsOnly));
    assert_eq!(chosen(&thread, at(7 * DAY), &text(), true), Err(SendRefusal::WindowClosed));
}

#[test]
fn a_window_that_never_opened_is_closed() {
    let never = |channel| ConversationRecord { last_inbound_at: None, ..thread(channel, ThreadKind::Direct) };
    assert_eq!(told(&never(ChannelType::Facebook), at(0)), (vec![], Some(SendRefusal::WindowClosed)));
    assert_eq!(told(&never(ChannelType::Whatsapp), at(0)), (vec![SendMode::Template], Some(SendRefusal::TemplateOnly)));
}

#[test]
fn whatsapp_takes_templates_at_any_time_and_the_rest_within_the_window() {
    let thread = thread(ChannelType::Whatsapp, ThreadKind::Direct);
    assert_eq!(chosen(&thread, at(0), &picture(), false), Ok(SendMode::Standard));
    assert_eq!(chosen(&thread, at(0), &template(), false), Ok(SendMode::Template));
    assert_eq!(chosen(&thread, at(DAY), &picture(), true), Err(SendRefusal::TemplateOnly));
    assert_eq!(chosen(&thread, at(400 * DAY), &template(), false), Ok(SendMode::Template));
}

#[test]
fn a_comment_gets_one_text_and_goes_on_once_the_person_answers() {
    let mut thread = thread(ChannelType::Facebook, ThreadKind::Comment);
    assert_eq!(chosen(&thread, at(0), &text(), false), Ok(SendMode::PrivateReply));
    assert_eq!(chosen(&thread, at(0), &picture(), false), Err(SendRefusal::TextOnly));
    let mut conversation = crate::Conversation::restore(thread);
    conversation.note_private_reply(Some("psid"), at(60));
    thread = conversation.record().clone();
    assert_eq!(thread.send_address(), "psid");
    assert_eq!(told(&thread, at(61)), (vec![], Some(SendRefusal::AwaitingAnswer)));
    assert_eq!(chosen(&thread, at(61), &text(), true), Err(SendRefusal::AwaitingAnswer));
    let mut answered = crate::Conversation::restore(thread.clone());
    answered.note_private_word(at(100), at(100));
    let answered = answered.record().clone();
    assert_eq!(chosen(&answered, at(100 + DAY - 1), &picture(), false), Ok(SendMode::Standard));
    assert_eq!(chosen(&answered, at(100 + DAY), &picture(), true), Ok(SendMode::HumanAgent));
    assert_eq!(told(&answered, at(100 + 7 * DAY)), (vec![], Some(SendRefusal::WindowClosed)));
    // Another comment has a private reply of its own.
    let mut again = crate::Conversation::restore(thread);
    again.note_comment("c2", None, at(200), at(200));
    assert_eq!(chosen(again.record(), at(200), &text(), false), Ok(SendMode::PrivateReply));
}

#[test]
fn line_offers_the_free_answer_first_and_the_allowance_always() {
    let mut thread = thread(ChannelType::Line, ThreadKind::Direct);
    assert_eq!(told(&thread, at(400 * DAY)), (vec![SendMode::Push], None));
    thread.reply_handle = Some(ReplyHandle { token: "r".to_owned(), expires_at: at(50) });
    assert_eq!(told(&thread, just_before(at(50))), (vec![SendMode::Reply, SendMode::Push], None));
    assert_eq!(told(&thread, at(50)), (vec![SendMode::Push], None));
    assert!(SendMode::Push.is_charged() && !SendMode::Reply.is_charged());
}

#[test]
fn nothing_goes_to_another_systems_thread_or_to_whoever_blocked_the_account() {
    for channel in ChannelType::ALL {
        let standby = ConversationRecord { standby: true, ..thread(*channel, ThreadKind::Direct) };
        assert_eq!(told(&standby, at(0)), (vec![], Some(SendRefusal::Standby)));
        let thread = thread(*channel, ThreadKind::Direct);
        let facts = SendFacts { conversation: &thread, reachable: false, kinds: KINDS };
        assert_eq!(send_options(&facts, at(0)).choose(&text(), true), Err(SendRefusal::Unreachable));
    }
}

#[test]
fn a_kind_that_the_channel_lacks_is_named_so() {
    let thread = thread(ChannelType::Telegram, ThreadKind::Direct);
    let facts = SendFacts { conversation: &thread, reachable: true, kinds: &[MessageKind::Text] };
    assert_eq!(send_options(&facts, at(0)).choose(&picture(), true), Err(SendRefusal::KindUnsupported));
    assert_eq!(send_options(&facts, at(400 * DAY)).choose(&text(), false), Ok(SendMode::Standard));
}
