//! Names of files, as strangers give them.

/// The most characters of a name.
const LONGEST: usize = 200;
/// The most characters of an extension that is kept when a name is cut.
const LONGEST_EXTENSION: usize = 10;

/// The name without anything that leads into a folder, ends a header line, hides the extension or is taken
/// for something else by a file system; letters of every script stay. `None` when nothing is left.
pub(super) fn safe(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !is_hidden(*c)).map(|c| if is_special(c) { '_' } else { c }).collect();
    // A leading dot hides a file, and some systems drop dots and blanks at the end.
    let plain = plain.trim_start_matches(|c: char| c == '.' || c.is_whitespace());
    let plain = plain.trim_end_matches(|c: char| c == '.' || c.is_whitespace());
    let short = shortened(plain);
    (!short.is_empty()).then_some(short)
}

/// The extension of a safe name, in lower case.
pub(super) fn extension(name: &str) -> Option<String> {
    let (_, extension) = name.rsplit_once('.')?;
    (!extension.is_empty()).then(|| extension.to_lowercase())
}

/// Characters that nobody sees, or that turn the direction of what follows. The joiners stay: scripts need them.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffc}')
}

/// Characters that a file system or a shell takes for something else.
fn is_special(c: char) -> bool {
    matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '`' | '$')
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    let extension = extension.filter(|extension| extension.chars().count() <= LONGEST_EXTENSION);
    let Some(extension) = extension else { return name.chars().take(LONGEST).collect() };
    let stem = LONGEST - 1 - extension.chars().count();
    name.chars().take(stem).chain(['.']).chain(extension.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_names_stay_as_they_are() {
        for name in
            ["cat.png", "ใบเสนอราคา ๒๕๖๙.pdf", "Müller & Söhne (2).pdf", "a.tar.gz", "क्‍ष.png", "没有.jpg", "👩‍🌾.webp"]
        {
            assert_eq!(safe(name).as_deref(), Some(name));
        }
    }

    #[test]
    fn folders_lines_and_hidden_characters_are_taken_out() {
        for (told, kept) in [
            ("../../etc/passwd.png", "passwd.png"),
            ("C:\\Windows\\cat.png", "cat.png"),
            ("..\\..\\cat.png", "cat.png"),
            ("a\r\nSet-Cookie: x=1.png", "aSet-Cookie_ x=1.png"),
            ("a\0b\u{7f}\u{85}.png", "ab.png"),
            ("gpj.\u{202e}exe.png", "gpj.exe.png"),
            ("..hidden.png", "hidden.png"),
            ("  cat.png. . ", "cat.png"),
            ("a<b>\"c\"|d?.png", "a_b__c__d_.png"),
            ("a\u{2028}b\u{feff}.png", "ab.png"),
        ] {
            assert_eq!(safe(told).as_deref(), Some(kept), "{told:?}");
        }
    }

    #[test]
    fn what_is_no_name_gives_none() {
        for told in ["", "/", "a/", "..", ".", "...", " ", "\r\n", "\\", "\u{202e}"] {
            assert_eq!(safe(told), None, "{told:?}");
        }
    }

    #[test]
    fn long_names_are_cut_before_their_extension() {
        let thai = format!("{}.pdf", "ก".repeat(300));
        let short = safe(&thai).expect("a name");
        assert_eq!(short.chars().count(), 200);
        assert!(short.ends_with("ก.pdf"));
        assert_eq!(safe(&"x".repeat(300)).expect("a name").chars().count(), 200);
        let odd = format!("x.{}", "y".repeat(300));
        assert_eq!(safe(&odd).expect("a name").chars().count(), 200);
    }

    #[test]
    fn the_extension_is_the_last_one() {
        assert_eq!(extension("a.PNG").as_deref(), Some("png"));
        assert_eq!(extension("a.png.exe").as_deref(), Some("exe"));
        assert_eq!((extension("png"), extension("a.")), (None, None));
    }
}
