//! Tickets of sockets: good once, in their time, whoever comes first.

use futures_util::future::join_all;
use hubchat_ports::{SocketTicket, TicketHolder};

use crate::StorageHarness;
use crate::world::{World, at};

pub async fn a_ticket_comes_back_once_with_every_field(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let (one, two) = (world.tenant("one").await.id, world.tenant("two").await.id);
    let tickets = harness.socket_tickets();
    let kept = [
        SocketTicket {
            hash: vec![0, 1, 255],
            tenant_id: one,
            holder: TicketHolder::Session(world.id()),
            access_ends_at: Some(at(600)),
            expires_at: at(30),
        },
        SocketTicket {
            hash: vec![2; 32],
            tenant_id: two,
            holder: TicketHolder::ApiKey(world.id()),
            access_ends_at: None,
            expires_at: at(31),
        },
    ];
    for ticket in &kept {
        tickets.insert(ticket).await.unwrap();
    }
    for ticket in &kept {
        assert_eq!(tickets.take(&ticket.hash, at(1)).await.unwrap().as_ref(), Some(ticket));
        assert_eq!(tickets.take(&ticket.hash, at(1)).await.unwrap(), None, "a second time");
    }
    assert_eq!(tickets.take(&[9], at(1)).await.unwrap(), None);
}

pub async fn a_ticket_whose_time_is_over_is_good_for_nothing(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant_id = world.tenant("mali").await.id;
    let tickets = harness.socket_tickets();
    let ticket = |number: u8, seconds| SocketTicket {
        hash: vec![number],
        tenant_id,
        holder: TicketHolder::ApiKey(world.id()),
        access_ends_at: None,
        expires_at: at(seconds),
    };
    tickets.insert(&ticket(1, 30)).await.unwrap();
    assert_eq!(tickets.take(&[1], at(30)).await.unwrap(), None);
    for number in 2..7 {
        tickets.insert(&ticket(number, i64::from(number))).await.unwrap();
    }
    assert_eq!(tickets.remove_expired(at(5), 2).await.unwrap(), 2);
    assert_eq!(tickets.remove_expired(at(5), 2).await.unwrap(), 1);
    assert_eq!(tickets.remove_expired(at(5), 2).await.unwrap(), 0);
    assert!(tickets.take(&[5], at(0)).await.unwrap().is_some() && tickets.take(&[4], at(0)).await.unwrap().is_none());
}

pub async fn a_ticket_raced_for_is_taken_once(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let tenant_id = world.tenant("mali").await.id;
    let tickets = harness.socket_tickets();
    for round in 0..5_u8 {
        let ticket = SocketTicket {
            hash: vec![round],
            tenant_id,
            holder: TicketHolder::Session(world.id()),
            access_ends_at: None,
            expires_at: at(30),
        };
        tickets.insert(&ticket).await.unwrap();
        let taken = join_all((0..16).map(|_| async { tickets.take(&[round], at(1)).await.unwrap().is_some() })).await;
        assert_eq!(taken.into_iter().filter(|taken| *taken).count(), 1);
    }
}
