//! What processes tell each other.

use futures_util::StreamExt as _;
use hubchat_domain::{PresenceState, TenantId};
use hubchat_ports::{EndedHolder, EventBus, Heard, Hearing, Notice, PresenceNotice, PresentMember};
use uuid::Uuid;

use crate::EventBusHarness;
use crate::deadline::{eventually, in_time};

fn tenant(number: usize) -> TenantId {
    Uuid::from_u128(0xbeef_0000 + number as u128).into()
}

fn committed(number: usize) -> Notice {
    Notice::Committed { tenant_id: tenant(number) }
}

fn specimens() -> Vec<Notice> {
    let id = Uuid::from_u128(0x019b_7000_0000_7000_8000_0000_0000_0001);
    let members = ["Nok \"the owl\" น้องนก", ""].map(|name| PresentMember {
        member_id: id.into(),
        name: name.to_owned(),
        state: PresenceState::Typing,
    });
    vec![
        committed(1),
        Notice::AccessChanged { tenant_id: tenant(1) },
        Notice::Ended { holder: EndedHolder::Session(id.into()) },
        Notice::Ended { holder: EndedHolder::Member(id.into()) },
        Notice::Ended { holder: EndedHolder::User(id.into()) },
        Notice::Ended { holder: EndedHolder::ApiKey(id.into()) },
        Notice::Presence(PresenceNotice {
            process: id,
            tenant_id: tenant(1),
            conversation_id: id.into(),
            owner: Some(id.into()),
            team: None,
            members: members.to_vec(),
        }),
    ]
}

/// The next notice; that something was missed is passed over.
async fn next(hearing: &mut Hearing) -> Notice {
    in_time("a notice comes", async {
        loop {
            match hearing.next().await {
                Some(Heard::Notice(notice)) => return notice,
                Some(Heard::Missed) => {}
                None => panic!("a hearing never ends"),
            }
        }
    })
    .await
}

/// Waits until `from` is heard by `hearing`: a bus may take a moment to get hold of others. Answers once everything
/// that was said for it has been heard.
async fn reached(from: &dyn EventBus, hearing: &mut Hearing) {
    let mut said = 1_000_000;
    eventually("others are reached", async || {
        said += 1;
        from.announce(committed(said));
        let heard = tokio::time::timeout(std::time::Duration::from_millis(100), next(hearing)).await;
        heard.ok().map(drop)
    })
    .await;
    from.announce(committed(0));
    while next(hearing).await != committed(0) {}
}

pub async fn what_is_told_is_heard_as_it_was_by_everyone_in_the_process(harness: &dyn EventBusHarness) {
    let bus = harness.bus();
    let (mut one, mut two) = (bus.listen(), bus.listen());
    for notice in specimens() {
        bus.announce(notice);
    }
    for hearing in [&mut one, &mut two] {
        for expected in specimens() {
            assert_eq!(next(hearing).await, expected);
        }
    }
}

pub async fn what_is_told_is_heard_as_it_was_in_other_processes(harness: &dyn EventBusHarness) {
    let mut hearing = harness.other().listen();
    reached(harness.bus(), &mut hearing).await;
    for notice in specimens() {
        harness.bus().announce(notice);
    }
    for expected in specimens() {
        assert_eq!(next(&mut hearing).await, expected);
    }
}

pub async fn nobody_hears_a_notice_twice(harness: &dyn EventBusHarness) {
    let (mut here, mut there) = (harness.bus().listen(), harness.other().listen());
    reached(harness.bus(), &mut there).await;
    while next(&mut here).await != committed(0) {}
    for number in 1..=50 {
        harness.bus().announce(committed(number));
    }
    for hearing in [&mut here, &mut there] {
        for number in 1..=50 {
            assert_eq!(next(hearing).await, committed(number));
        }
    }
    let end = Notice::Ended { holder: EndedHolder::Session(Uuid::nil().into()) };
    harness.bus().announce(end.clone());
    for hearing in [&mut here, &mut there] {
        assert_eq!(next(hearing).await, end, "nothing came in between");
    }
}

pub async fn who_does_not_listen_holds_nobody_up_and_learns_that_something_was_missed(harness: &dyn EventBusHarness) {
    let bus = harness.bus();
    let mut sleeper = bus.listen();
    in_time("telling takes no time", async {
        for number in 1..=20_000 {
            bus.announce(committed(number));
        }
    })
    .await;
    in_time("it is told that something was missed", async { while sleeper.next().await != Some(Heard::Missed) {} })
        .await;
    // And from then on it hears again, to the last word.
    in_time("the last notice comes", async { while next(&mut sleeper).await != committed(20_000) {} }).await;
    bus.announce(committed(1));
    assert_eq!(next(&mut sleeper).await, committed(1));
}

pub async fn who_tells_needs_nobody_who_listens(harness: &dyn EventBusHarness) {
    for notice in specimens() {
        harness.bus().announce(notice);
    }
    let mut late = harness.bus().listen();
    harness.bus().announce(committed(7));
    assert_eq!(next(&mut late).await, committed(7), "only what is told from then on");
}
