//! What to call a customer and which picture to show, in a fixed order of fall-backs.

/// What is known of a customer's name, best source first.
#[derive(Debug, Clone, Copy, Default)]
pub struct NameParts<'a> {
    /// The name kept with the conversation.
    pub conversation: Option<&'a str>,
    /// The contact's name.
    pub contact: Option<&'a str>,
    /// The name on the channel.
    pub identity: Option<&'a str>,
    /// The provider's id of the person.
    pub external_user_id: Option<&'a str>,
    /// The provider's id of the thread.
    pub external_thread_id: Option<&'a str>,
}

/// The name to show: conversation, contact, identity, external user id, thread id, "Unknown User".
#[must_use]
pub fn display_name(parts: NameParts<'_>) -> String {
    [parts.conversation, parts.contact, parts.identity, parts.external_user_id, parts.external_thread_id]
        .into_iter()
        .flatten()
        .map(str::trim)
        .find(|name| !name.is_empty())
        .unwrap_or("Unknown User")
        .to_owned()
}

/// What to show as a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AvatarChoice {
    /// This address.
    Url(String),
    /// These letters.
    Initials(String),
}

/// The first HTTPS picture of conversation, identity and contact; else the initials of the resolved name.
#[must_use]
pub fn https_avatar(
    conversation: Option<&str>,
    identity: Option<&str>,
    contact: Option<&str>,
    resolved_name: &str,
) -> AvatarChoice {
    [conversation, identity, contact]
        .into_iter()
        .flatten()
        .find(|url| url.starts_with("https://"))
        .map_or_else(|| AvatarChoice::Initials(initials(resolved_name)), |url| AvatarChoice::Url(url.to_owned()))
}

/// Up to two letters of a name, each a whole grapheme; "?" when there are none.
#[must_use]
pub fn initials(name: &str) -> String {
    use unicode_segmentation::UnicodeSegmentation;
    let letters: String = name
        .split_whitespace()
        .filter_map(|word| word.graphemes(true).next())
        .take(2)
        .collect::<String>()
        .to_uppercase();
    if letters.is_empty() { "?".to_owned() } else { letters }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_back_in_the_written_order() {
        let all = NameParts {
            conversation: Some("conversation"),
            contact: Some("contact"),
            identity: Some("identity"),
            external_user_id: Some("user"),
            external_thread_id: Some("thread"),
        };
        assert_eq!(display_name(all), "conversation");
        assert_eq!(display_name(NameParts { conversation: Some("  "), ..all }), "contact");
        assert_eq!(display_name(NameParts { conversation: None, contact: None, ..all }), "identity");
        assert_eq!(display_name(NameParts { external_thread_id: Some("thread"), ..NameParts::default() }), "thread");
        assert_eq!(display_name(NameParts::default()), "Unknown User");
    }

    #[test]
    fn only_https_pictures_are_shown() {
        let insecure = Some("http://cdn.example/a.jpg");
        assert_eq!(https_avatar(insecure, None, None, "Mali Suk"), AvatarChoice::Initials("MS".to_owned()));
        let secure = "https://cdn.example/a.jpg";
        assert_eq!(https_avatar(insecure, Some(secure), None, ""), AvatarChoice::Url(secure.to_owned()));
    }

    #[test]
    fn initials_keep_a_letter_with_its_marks() {
        assert_eq!(initials("น้ำ ใส"), "น้ำใ".to_owned());
        assert_eq!(initials("  "), "?");
    }
}
