//! Mail: it goes to whom it is for, and says what they need.

use hubchat_domain::Timestamp;
use hubchat_ports::{Mail, MailError};
use secrecy::SecretString;

use crate::MailerHarness;

const LINK: &str = "https://chat.example.com/accept-invitation#token=hcl_0123456789abcdef";

fn mails() -> Vec<(Mail, Vec<&'static str>)> {
    let at = Timestamp::from_millis(1_767_225_600_000);
    let link = || SecretString::from(LINK);
    vec![
        (
            Mail::Invitation {
                tenant: "ร้านมะลิ".to_owned(), name: "Nok".to_owned(), link: link(), expires_at: at
            },
            vec!["ร้านมะลิ", "Nok", LINK, "2026-01-01"],
        ),
        (Mail::PasswordReset { link: link(), expires_at: at }, vec![LINK, "2026-01-01"]),
        (Mail::ReuseNotice { tenant: "Mali".to_owned(), at }, vec!["Mali", "2026-01-01"]),
    ]
}

pub async fn every_mail_arrives_with_its_words(harness: &dyn MailerHarness) {
    for (mail, words) in mails() {
        harness.mailer().send("nok@shop.example", &mail).await.unwrap();
        let delivered = harness.delivered().await;
        let last = delivered.last().unwrap();
        assert_eq!(last.to, "nok@shop.example");
        for word in words {
            assert!(last.text.contains(word), "{word} is missing in: {}", last.text);
        }
    }
    assert_eq!(harness.delivered().await.len(), mails().len());
}

pub async fn an_address_or_a_name_cannot_add_lines_to_a_mail(harness: &dyn MailerHarness) {
    let mail = Mail::Invitation {
        tenant: "Mali\r\nBcc: thief@elsewhere.example".to_owned(),
        name: "Nok\r\n\r\nInjected".to_owned(),
        link: SecretString::from(LINK),
        expires_at: Timestamp::EPOCH,
    };
    for address in ["nok@shop.example\r\nBcc: thief@elsewhere.example", "not an address", "", "a@b@c"] {
        let refused = harness.mailer().send(address, &mail).await;
        assert!(matches!(refused, Err(MailError::Address)), "{address}");
    }
    assert!(harness.delivered().await.is_empty());
    harness.mailer().send("nok@shop.example", &mail).await.unwrap();
    let delivered = harness.delivered().await;
    assert_eq!(delivered.len(), 1);
    assert!(delivered[0].headers.iter().all(|line| !line.to_lowercase().starts_with("bcc")), "{:?}", delivered[0]);
    assert!(!delivered[0].text.lines().any(|line| line == "Injected"));
}
