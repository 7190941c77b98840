//! Splitting text that is longer than a channel allows.

use unicode_segmentation::UnicodeSegmentation;

/// The length of a text in UTF-16 units, which is how LINE counts
/// (<https://developers.line.biz/en/docs/messaging-api/text-character-count/>).
#[must_use]
pub fn utf16_len(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Splits a text into parts of at most `limit` UTF-16 units. Parts joined give the text again.
///
/// A cut is made after a paragraph, else after a sentence, else after white space, and only when the
/// last quarter of a part has none of them, between two graphemes: never between a letter and its marks.
/// A single grapheme longer than the limit (it takes thousands of marks) is cut between characters.
#[must_use]
pub fn split_text_utf16(text: &str, limit: usize) -> Vec<String> {
    split_text_by(text, limit, utf16_len)
}

/// As [`split_text_utf16`], by any measure of length that adds up, such as bytes. The limit is at least what
/// the longest character measures, so that a part can hold one.
#[must_use]
pub fn split_text_by(text: &str, limit: usize, measure: fn(&str) -> usize) -> Vec<String> {
    let limit = limit.max(char_most(measure));
    let mut parts = Vec::new();
    let mut rest = text;
    while measure(rest) > limit {
        let cut = cut_at(rest, limit, measure);
        let (part, tail) = rest.split_at(cut);
        parts.push(part.to_owned());
        rest = tail;
    }
    if !rest.is_empty() || parts.is_empty() {
        parts.push(rest.to_owned());
    }
    parts
}

/// What the longest character measures.
fn char_most(measure: fn(&str) -> usize) -> usize {
    measure("\u{10FFFF}")
}

/// The byte at which to cut so that the head has at most `limit` units; never 0.
fn cut_at(text: &str, limit: usize, measure: fn(&str) -> usize) -> usize {
    let (mut units, mut hard) = (0, 0);
    let (mut paragraph, mut sentence, mut space) = (None, None, None);
    let worth_it = limit - limit / 4;
    for (at, grapheme) in text.grapheme_indices(true) {
        let length = measure(grapheme);
        if units + length > limit {
            break;
        }
        units += length;
        hard = at + grapheme.len();
        if units >= worth_it {
            match grapheme {
                "\n" | "\r\n" => paragraph = Some(hard),
                "." | "!" | "?" | "。" | "！" | "？" => sentence = Some(hard),
                _ if grapheme.chars().all(char::is_whitespace) => space = Some(hard),
                _ => {}
            }
        }
    }
    if hard == 0 {
        return within_grapheme(text, limit, measure);
    }
    paragraph.or(sentence).or(space).unwrap_or(hard)
}

fn within_grapheme(text: &str, limit: usize, measure: fn(&str) -> usize) -> usize {
    let fits =
        text.char_indices().map(|(at, char)| at + char.len_utf8()).take_while(|end| measure(&text[..*end]) <= limit);
    fits.last().unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_fit_and_joined_give_the_text_again(text in "(?s).{0,300}", limit in 2_usize..40) {
            let parts = split_text_utf16(&text, limit);
            prop_assert_eq!(parts.concat(), text);
            for part in &parts {
                prop_assert!(utf16_len(part) <= limit);
            }
        }
    }

    #[test]
    fn thai_marks_and_emoji_stay_with_their_letters() {
        let text = "ที่".repeat(10) + &"👩‍👩‍👧".repeat(4);
        for limit in 9..20 {
            let parts = split_text_utf16(&text, limit);
            let whole: usize = parts.iter().map(|p| p.graphemes(true).count()).sum();
            assert_eq!(whole, text.graphemes(true).count(), "limit {limit}: {parts:?}");
        }
    }

    #[test]
    fn a_cut_prefers_the_end_of_a_paragraph() {
        let text = format!("{}\n{}", "a".repeat(8), "b".repeat(8));
        assert_eq!(split_text_utf16(&text, 10), ["aaaaaaaa\n".to_owned(), "bbbbbbbb".to_owned()]);
    }
}
