use std::time::Instant;
use hubchat_domain::*;
use hubchat_ports::*;
use uuid::Uuid;
use crate::database::TestDatabase;

const N: u128 = 96;

async fn run(db: &TestDatabase) {
    let t: TenantId = Uuid::from_u128(1).into();
    db.storage.insert_tenant(&Tenant{id:t,slug:TenantSlug::parse("a").unwrap(),name:"a".into(),created_at:Timestamp::EPOCH}).await.unwrap();
    let acc: ChannelAccountId = Uuid::from_u128(2).into();
    let s = db.storage.begin(t).await.unwrap();
    s.accounts().insert(&StoredAccount{account:ChannelAccount::connect(ChannelAccountRecord{id:acc,tenant_id:t,channel_type:ChannelType::Line,name:"x".into(),external_id:Some("e".into()),webhook_key:"k".into(),status:AccountStatus::Active,status_reason:None,created_at:Timestamp::EPOCH,updated_at:Timestamp::EPOCH,version:1}),sealed:SealedSecrets("s".into())}).await.unwrap();
    let key = |n:u128| IdentityKey{account_id:acc,external_user_id:format!("U{n:032x}")};
    let thr = |n:u128| ThreadKey{account_id:acc,external_thread_id:format!("U{n:032x}")};
    let mut known=vec![];let mut leads=vec![];let mut convs=vec![];
    for n in 0..N*4 {
        let now=Timestamp::from_micros(i64::try_from(n).unwrap());
        let c=Contact::first_seen(Uuid::from_u128(1000+n).into(),t,now);
        let i=ContactIdentity::first_seen(Uuid::from_u128(100_000+n).into(),&c,key(n),ChannelType::Line,now);
        let l=Lead::open(Uuid::from_u128(200_000+n).into(),t,c.record().id,(acc,ChannelType::Line),now);
        convs.push(Conversation::begin(Uuid::from_u128(300_000+n).into(),(thr(n),ThreadKind::Direct),&i,l.record().id,now));
        leads.push(l); known.push(KnownIdentity{identity:i,contact:c});
    }
    let t0=Instant::now();
    s.contacts().insert_many(&known).await.unwrap(); let a=t0.elapsed();
    s.leads().insert_many(&leads).await.unwrap(); let b=t0.elapsed();
    s.conversations().insert_many(&convs).await.unwrap(); let c=t0.elapsed();
    s.commit().await.unwrap();
    println!("setup {} rows: contacts {a:?} leads {b:?} convs {c:?} commit {:?}", N*4, t0.elapsed());
    let mut id: u128 = 1_000_000;
    for round in 0..12_u32 {
        let base = u128::from(round%4)*N;
        let t0=Instant::now();
        let mut log=vec![];
        macro_rules! step {($n:expr)=>{log.push(($n,t0.elapsed()));}}
        let s=db.storage.begin(t).await.unwrap(); step!("begin");
        let keys:Vec<_>=(base..base+N).map(key).collect();
        let found=s.contacts().find_by_keys(&keys).await.unwrap(); step!("keys");
        let cids:Vec<_>=found.iter().map(|k|k.contact.record().id).collect();
        let mut ls=s.leads().find_latest_of_contacts(&cids).await.unwrap(); step!("latest");
        let threads:Vec<_>=(base..base+N).map(thr).collect();
        let mut cs=s.conversations().find_by_threads(&threads).await.unwrap(); step!("threads");
        assert_eq!((ls.len(),cs.len()),(N as usize,N as usize));
        let now=Timestamp::from_micros(10_000_000+i64::from(round));
        let mut msgs=vec![];let mut acts=vec![];let mut evs=vec![];let mut jobs=vec![];
        for c in &mut cs {
            id+=1;
            let m=Message::received(MessageRecord{id:Uuid::from_u128(id).into(),tenant_id:t,conversation_id:c.record().id,account_id:acc,lead_id:c.record().lead_id,seq:c.next_seq(),direction:Direction::Inbound,sender:Sender::Contact{external_user_id:None},content:MessageContent::Text{text:"สวัสดีค่ะ สนใจสินค้าตัวนี้ค่ะ ราคาเท่าไหร่".into()},external_message_id:Some(format!("{id:018}")),further_external_ids:vec![],quote_token:Some("q".repeat(80)),quoted_external_id:None,delivery_status:DeliveryStatus::Delivered,failure:None,attempt:None,occurred_at:now,created_at:now,updated_at:now,sent_at:None,edited_at:None,unsent_at:None,former_texts:vec![],version:1});
            c.note_message(&m,now);
            acts.push(Activity{id:Uuid::from_u128(id).into(),lead_id:c.record().lead_id,kind:ActivityKind::MessageReceived,author:Author::System,detail:serde_json::json!({"messageId":m.record().id,"messageType":"TEXT"}),at:now});
            evs.push(DomainEvent{event_type:EventType::MessageCreated,lead_id:Some(c.record().lead_id),conversation_id:Some(c.record().id),message_id:Some(m.record().id),data:serde_json::json!({"direction":"INBOUND","messageType":"TEXT","seq":1}),at:now});
            jobs.push(NewJob{lane:Lane::Background,order_key:"x".into(),kind:"k.v1".into(),payload:"{}".into(),delay:std::time::Duration::ZERO});
            msgs.push(m);
        }
        for l in &mut ls { l.touch(now); }
        step!("build");
        s.leads().update_many(&ls).await.unwrap(); step!("leads");
        s.conversations().update_many(&cs).await.unwrap(); step!("convs");
        s.messages().insert_many(&msgs).await.unwrap(); step!("msgs");
        s.activities().append(&acts).await.unwrap(); step!("acts");
        s.events().append(evs).await.unwrap();
        s.jobs().append(&jobs).await.unwrap(); step!("jobs");
        s.commit().await.unwrap(); step!("commit");
        let mut last=std::time::Duration::ZERO;
        if round>=8 { let line:Vec<String>=log.iter().map(|(n,d)|{let x=*d-last;last=*d;format!("{n} {:.1}",x.as_secs_f64()*1e3)}).collect(); println!("{}", line.join(" | ")); }
    }
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn zz_pg() { let d=TestDatabase::postgres().await; run(&d).await; d.remove().await; }
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn zz_sqlite() { let d=TestDatabase::sqlite().await; run(&d).await; d.remove().await; }
