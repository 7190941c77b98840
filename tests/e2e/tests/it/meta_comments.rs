//! Comments under a page's posts: answered in private once, in public once, and going on in private.

use hubchat_sandbox::{FakeMeta, Fault, FaultAction, InstagramAccount, MetaObject, MetaSay};
use serde_json::{Value, json};

use crate::{meta::PAGE, on_both_databases};

const COMMENTER: &str = "24680135791113";
const POST: &str = "100200300400500_122100000000000001";

impl crate::hub::Hub {
    async fn comments(&self, text: &str) -> hubchat_sandbox::MetaEvent {
        let comment = MetaSay::Comment { post_id: POST.to_owned(), text: text.to_owned() };
        self.says(PAGE, COMMENTER, comment).await
    }

    fn operations(&self) -> Vec<(&'static str, String)> {
        self.meta_effects().iter().map(|effect| (effect.operation, effect.to.clone())).collect()
    }
}

on_both_databases! {
    async fn a_comment_is_answered_in_private_then_in_public_and_goes_on_as_one_thread(hub: Hub) {
        hub.connect_page().await;
        hub.sandbox.meta().set_echoes(true);
        let comment = hub.comments("ราคาเท่าไหร่คะ").await;
        let thread = hub.thread_on("FACEBOOK").await;
        assert_eq!((&thread["threadType"], &thread["postId"]), (&json!("COMMENT"), &json!(POST)));
        let options = hub.send_options(&thread).await;
        assert_eq!(options["options"][0]["mode"], "PRIVATE_REPLY", "{options}");
        let picture = json!({"type": "image", "mediaUrl": "https://files.example/a.jpg"});
        let (status, problem) = hub.try_send(&thread, picture.clone()).await;
        assert_eq!((status, problem["code"].as_str()), (409, Some("text_only")), "{problem}");
        let message = hub.send_text(&thread, "590 บาทค่ะ").await;
        hub.settled(&message, &["SENT"]).await;
        hub.drained().await;
        let psid = FakeMeta::page_scoped_id(PAGE, COMMENTER);
        let told = [("private_reply", psid.clone()), ("public_reply", comment.id.clone())];
        assert_eq!(hub.operations(), told);
        let public = hub.meta_effects().pop().unwrap();
        assert_eq!(public.body["message"], "ขออนุญาตตอบกลับทาง Inbox นะครับ");
        // Our own public answer comes back as a comment of the page and opens nothing.
        assert_eq!(hub.list("/api/conversations").await.len(), 1);
        let (status, problem) = hub.try_send(&thread, json!({"type": "text", "content": "more"})).await;
        assert_eq!((status, problem["code"].as_str()), (409, Some("awaiting_answer")), "{problem}");
        // The person answers in private: the same conversation, the same lead, and everything may be sent.
        hub.says(PAGE, &psid, MetaSay::Text("เอาค่ะ".to_owned())).await;
        hub.drained().await;
        let threads = hub.list("/api/conversations").await;
        assert_eq!(threads.len(), 1, "{threads:?}");
        assert_eq!(hub.list("/api/leads").await.len(), 1);
        let (status, message) = hub.try_send(&thread, picture).await;
        assert_eq!(status, 202, "{message}");
        hub.settled(&message, &["SENT"]).await;
        let last = hub.meta_effects().pop().unwrap();
        assert_eq!((last.operation, last.to.as_str()), ("message", psid.as_str()));
        let messages = hub.messages(&thread).await;
        let kinds: Vec<&str> = messages.iter().map(|message| message["messageType"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["TEXT", "TEXT", "PUBLIC_REPLY", "TEXT", "IMAGE"], "{messages:?}");
    }

    async fn a_comment_at_instagram_is_answered_in_private_then_in_public(hub: Hub) {
        let (account, person, post) = ("17841400000000001", "1789001122334455", "17900000000000001");
        hub.sandbox.meta().add_instagram(InstagramAccount::new(account, "ig-token"));
        hub.subscribe(MetaObject::Instagram, "instagram").await;
        hub.connect("INSTAGRAM", account, json!({"accessToken": "ig-token"})).await;
        let comment = MetaSay::Comment { post_id: post.to_owned(), text: "ราคาเท่าไหร่คะ".to_owned() };
        let comment = hub.says(account, person, comment).await;
        let thread = hub.thread_on("INSTAGRAM").await;
        assert_eq!((&thread["threadType"], &thread["postId"]), (&json!("COMMENT"), &json!(post)));
        let message = hub.send_text(&thread, "590 บาทค่ะ").await;
        hub.settled(&message, &["SENT"]).await;
        hub.drained().await;
        assert_eq!(hub.operations(), [("private_reply", person.to_owned()), ("public_reply", comment.id)]);
        let channels: Vec<&str> = hub.meta_effects().iter().map(|effect| effect.channel).collect();
        assert_eq!(channels, ["instagram", "instagram_comment"]);
    }

    /// The public answer is tried once, and whatever becomes of it stops nothing.
    async fn a_public_answer_that_fails_is_shown_and_not_repeated(hub: Hub) {
        hub.connect_page().await;
        hub.sandbox.meta().set_fault(Fault::on("/comments", FaultAction::RejectBeforeEffect500));
        hub.comments("how much?").await;
        let thread = hub.thread_on("FACEBOOK").await;
        let message = hub.send_text(&thread, "590").await;
        hub.settled(&message, &["SENT"]).await;
        hub.drained().await;
        let messages = hub.messages(&thread).await;
        let public: Vec<&Value> = messages.iter().filter(|message| message["messageType"] == "PUBLIC_REPLY").collect();
        assert_eq!(public.len(), 1, "{messages:?}");
        let status = public[0]["deliveryStatus"].as_str().unwrap();
        assert!(["FAILED", "UNCERTAIN"].contains(&status), "{public:?}");
        hub.says(PAGE, &FakeMeta::page_scoped_id(PAGE, COMMENTER), MetaSay::Text("ok".to_owned())).await;
        hub.drained().await;
        let after = hub.send_text(&thread, "thanks").await;
        hub.settled(&after, &["SENT"]).await;
    }

    async fn a_tenant_chooses_its_public_answer_or_none(hub: Hub) {
        hub.connect_page().await;
        hub.wired.hubchat.create_tenant.set_public_reply("shop", Some("ตอบในแชทแล้วค่ะ")).await.unwrap();
        hub.comments("first").await;
        let thread = hub.thread_on("FACEBOOK").await;
        let message = hub.send_text(&thread, "hello").await;
        hub.settled(&message, &["SENT"]).await;
        hub.drained().await;
        assert_eq!(hub.meta_effects().pop().unwrap().body["message"], json!("ตอบในแชทแล้วค่ะ"));
        hub.wired.hubchat.create_tenant.set_public_reply("shop", None).await.unwrap();
        // Another comment has a private reply of its own.
        hub.comments("second").await;
        hub.drained().await;
        let message = hub.send_text(&thread, "again").await;
        hub.settled(&message, &["SENT"]).await;
        hub.drained().await;
        let operations: Vec<&str> = hub.meta_effects().iter().map(|effect| effect.operation).collect();
        assert_eq!(operations, ["private_reply", "public_reply", "private_reply"]);
    }

    async fn edits_and_removals_of_comments_are_kept_as_history(hub: Hub) {
        hub.connect_page().await;
        let comment = hub.comments("how much?").await;
        let edited = MetaSay::CommentEdited { comment_id: comment.id.clone(), text: "how much is M?".to_owned() };
        hub.says(PAGE, COMMENTER, edited).await;
        hub.drained().await;
        let thread = hub.thread_on("FACEBOOK").await;
        let message = hub.messages(&thread).await.remove(0);
        assert_eq!((&message["content"], message["editedAt"].is_string()), (&json!("how much is M?"), true));
        hub.says(PAGE, COMMENTER, MetaSay::CommentRemoved { comment_id: comment.id }).await;
        hub.drained().await;
        let messages = hub.messages(&thread).await;
        assert_eq!(messages.len(), 1, "{messages:?}");
        assert!(messages[0]["unsentAt"].is_string(), "{messages:?}");
    }
}
