//! Leads: one open lead for each contact, and the newest is found.

use futures_util::future::join_all;
use hubchat_domain::{ChannelType, ContactId, Lead, LeadRecord, LeadStatus, Referral};
use hubchat_ports::StorageError;

use crate::StorageHarness;
use crate::specimens::{moments, texts};
use crate::world::{Customer, World, at, whole};

/// A later lead of the same contact.
fn next_lead(world: &World<'_>, of: &Lead, seconds: i64) -> Lead {
    let record = of.record();
    let source = (record.source_account_id, record.source_channel);
    Lead::open(world.id(), record.tenant_id, record.contact_id, source, at(seconds))
}

pub async fn leads_keep_every_field(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let member = world.new_member(shop.tenant.id, "Nok", at(0));
    world.hire(std::slice::from_ref(&member)).await;
    let team = world.new_team(shop.tenant.id, "North");
    world.found(&team, &[]).await;
    for (number, text) in texts().into_iter().enumerate() {
        let plain = world.new_customer(&shop, &format!("U{number}"), at(1));
        let status = LeadStatus::ALL[number % LeadStatus::ALL.len()];
        let moment = moments()[number % moments().len()];
        let record = LeadRecord {
            source_channel: ChannelType::ALL[number % ChannelType::ALL.len()],
            status,
            assigned_member_id: (number % 2 == 0).then_some(member.id),
            assigned_team_id: (number % 3 == 0).then_some(team.id),
            tags: vec![text.clone(); number % 3],
            referral: (number != 0).then(|| Referral {
                source: text.clone(),
                ad_id: Some(text.clone()),
                ..Referral::default()
            }),
            note: (number != 0).then(|| text.clone()),
            created_at: moment,
            updated_at: moments()[(number + 1) % moments().len()],
            closed_at: (!status.is_open()).then_some(moment),
            version: 41,
            ..plain.lead.record().clone()
        };
        let session = world.begin(shop.tenant.id).await;
        session.contacts().insert_many(&[plain.known()]).await.unwrap();
        session.leads().insert_many(&[Lead::restore(record.clone())]).await.unwrap();
        session.commit().await.unwrap();
        let found = world.begin(shop.tenant.id).await.leads().find(record.id).await.unwrap().unwrap();
        assert_eq!(found.record(), &record);
    }
}

pub async fn a_contact_has_one_open_lead(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let tenant = shop.tenant.id;
    let known = world.customer(&shop, "U1", at(1)).await;
    let second = next_lead(&world, &known.lead, 2);
    let session = world.begin(tenant).await;
    let refused = session.leads().insert_many(std::slice::from_ref(&second)).await;
    assert!(matches!(refused, Err(StorageError::Stale)));
    drop(session);
    assert!(world.begin(tenant).await.leads().find(second.record().id).await.unwrap().is_none());

    let mut lost = known.lead.clone();
    lost.move_to(LeadStatus::Lost, at(3)).unwrap();
    let session = world.begin(tenant).await;
    session.leads().update(&lost).await.unwrap();
    session.leads().insert_many(std::slice::from_ref(&second)).await.unwrap();
    session.commit().await.unwrap();
    let session = world.begin(tenant).await;
    assert_eq!(session.leads().find(second.record().id).await.unwrap(), Some(second.clone()));

    let new = world.new_customer(&shop, "U2", at(4));
    session.contacts().insert_many(&[new.known()]).await.unwrap();
    let twice = [new.lead.clone(), next_lead(&world, &new.lead, 5)];
    assert!(matches!(session.leads().insert_many(&twice).await, Err(StorageError::Stale)), "two in one batch");
}

pub async fn an_open_lead_raced_for_is_opened_once(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "U1", at(1)).await;
    let mut lost = known.lead.clone();
    lost.move_to(LeadStatus::Lost, at(3)).unwrap();
    let session = world.begin(shop.tenant.id).await;
    session.leads().update(&lost).await.unwrap();
    session.commit().await.unwrap();

    let rivals: Vec<Lead> = (0..8).map(|n| next_lead(&world, &known.lead, 10 + n)).collect();
    let outcomes = join_all(rivals.iter().map(|lead| async {
        let session = world.begin(shop.tenant.id).await;
        session.leads().insert_many(std::slice::from_ref(lead)).await?;
        session.commit().await
    }))
    .await;
    let winners: Vec<&Lead> =
        rivals.iter().zip(&outcomes).filter(|(_, outcome)| outcome.is_ok()).map(|(lead, _)| lead).collect();
    assert_eq!(winners.len(), 1);
    assert!(outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).all(StorageError::is_retryable));
    let session = world.begin(shop.tenant.id).await;
    let latest = session.leads().find_latest_of_contacts(&[known.contact.record().id]).await.unwrap();
    assert_eq!(latest.iter().collect::<Vec<_>>(), winners);
}

pub async fn the_newest_lead_of_each_contact_is_found(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let [twice, once, never] = ["U1", "U2", "U3"].map(|user| world.new_customer(&shop, user, at(1)));
    world.enter(&[twice.clone(), once.clone()]).await;
    let session = world.begin(shop.tenant.id).await;
    session.contacts().insert_many(&[never.known()]).await.unwrap();
    let mut won = once.lead.clone();
    won.move_to(LeadStatus::Lost, at(9)).unwrap();
    let mut lost = twice.lead.clone();
    lost.move_to(LeadStatus::Lost, at(99)).unwrap();
    session.leads().update_many(&[won, lost]).await.unwrap();
    let newest = next_lead(&world, &twice.lead, 3);
    session.leads().insert_many(std::slice::from_ref(&newest)).await.unwrap();
    session.commit().await.unwrap();

    let session = world.begin(shop.tenant.id).await;
    let asked: Vec<ContactId> = [&twice, &once, &never].map(|customer| customer.contact.record().id).to_vec();
    let mut found: Vec<_> =
        session.leads().find_latest_of_contacts(&asked).await.unwrap().iter().map(|lead| lead.record().id).collect();
    found.sort();
    assert_eq!(found, [once.lead.record().id, newest.record().id]);
}

pub async fn a_lead_is_updated_once_for_each_reading(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let member = world.new_member(shop.tenant.id, "Nok", at(0));
    world.hire(std::slice::from_ref(&member)).await;
    let known = world.customer(&shop, "U1", at(1)).await;
    let id = known.lead.record().id;
    let mut lead = known.lead.clone();
    lead.assign(member.id, None, at(2));
    lead.set_tags(&["ลูกค้าใหม่".to_owned(), "🍎".to_owned()], at(3)).unwrap();
    lead.set_note("call back", at(4));
    let session = world.begin(shop.tenant.id).await;
    session.leads().update(&lead).await.unwrap();
    session.commit().await.unwrap();

    let session = world.begin(shop.tenant.id).await;
    let found = session.leads().find(id).await.unwrap().unwrap();
    assert!(found.record().version > 1);
    assert_eq!(&LeadRecord { version: 1, ..found.record().clone() }, lead.record());
    let mut late = known.lead.clone();
    late.set_note("late", at(5));
    assert!(matches!(session.leads().update(&late).await, Err(StorageError::Stale)));
    drop(session);
    let session = world.begin(shop.tenant.id).await;
    assert_eq!(session.leads().find(id).await.unwrap(), Some(found.clone()));
    session.leads().update(&found).await.unwrap();
}

pub async fn one_of_two_who_read_the_same_lead_may_write(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let known = world.customer(&shop, "U1", at(1)).await;
    let outcomes = join_all((0..8).map(|n| {
        let mut lead = known.lead.clone();
        lead.set_note(&format!("note {n}"), at(2));
        let world = &world;
        async move {
            let session = world.begin(lead.record().tenant_id).await;
            session.leads().update(&lead).await?;
            session.commit().await
        }
    }))
    .await;
    let winner = outcomes.iter().position(Result::is_ok).unwrap();
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).all(StorageError::is_retryable));
    let found = world.begin(shop.tenant.id).await.leads().find(known.lead.record().id).await.unwrap().unwrap();
    assert_eq!(found.record().note, Some(format!("note {winner}")));
}

pub async fn hundreds_of_leads_fit_in_one_batch(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let customers: Vec<Customer> = (0..500).map(|n| world.new_customer(&shop, &format!("U{n}"), at(n))).collect();
    world.enter(&customers).await;
    let changed: Vec<Lead> = customers
        .iter()
        .enumerate()
        .map(|(number, customer)| {
            let mut lead = customer.lead.clone();
            lead.set_note(&format!("note {number}"), at(1_000 + whole(number)));
            lead
        })
        .collect();
    let session = world.begin(shop.tenant.id).await;
    session.leads().update_many(&changed).await.unwrap();
    session.commit().await.unwrap();
    let session = world.begin(shop.tenant.id).await;
    let contacts: Vec<ContactId> = customers.iter().map(|customer| customer.contact.record().id).collect();
    let found = session.leads().find_latest_of_contacts(&contacts).await.unwrap();
    assert_eq!(found.len(), 500);
    for lead in &changed {
        let kept = found.iter().find(|other| other.record().id == lead.record().id).unwrap();
        assert!(kept.record().version > 1);
        assert_eq!(&LeadRecord { version: 1, ..kept.record().clone() }, lead.record());
    }
}

pub async fn one_stale_lead_spoils_its_whole_batch(harness: &dyn StorageHarness) {
    let world = World::new(harness);
    let shop = world.shop("mali").await;
    let customers: Vec<Customer> = (0..3).map(|n| world.new_customer(&shop, &format!("U{n}"), at(n))).collect();
    world.enter(&customers).await;
    let noted = |note: &str| -> Vec<Lead> {
        customers
            .iter()
            .map(|customer| {
                let mut lead = customer.lead.clone();
                lead.set_note(note, at(9));
                lead
            })
            .collect()
    };
    let session = world.begin(shop.tenant.id).await;
    session.leads().update(&noted("first")[1]).await.unwrap();
    session.commit().await.unwrap();
    let session = world.begin(shop.tenant.id).await;
    assert!(matches!(session.leads().update_many(&noted("second")).await, Err(StorageError::Stale)));
    drop(session);
    let session = world.begin(shop.tenant.id).await;
    for (number, note) in [(0, None), (1, Some("first")), (2, None)] {
        let found = session.leads().find(customers[number].lead.record().id).await.unwrap().unwrap();
        assert_eq!(found.record().note.as_deref(), note);
    }
}
