//! What a file is, by its first bytes; never by what a sender said.

/// Bytes that are enough to tell.
pub(crate) const ENOUGH: usize = 8192;

/// What a file is when nothing is known of it.
pub(crate) const UNKNOWN: &str = "application/octet-stream";

/// Types that may be named. Anything that a browser might run, such as SVG, HTML or XML, is not among
/// them and stays unknown.
const NAMED: &[&str] = &[
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "image/heif",
    "image/avif",
    "image/bmp",
    "video/mp4",
    "video/quicktime",
    "video/webm",
    "video/x-m4v",
    "video/x-matroska",
    "video/x-msvideo",
    "audio/m4a",
    "audio/mpeg",
    "audio/ogg",
    "audio/opus",
    "audio/x-wav",
    "audio/aac",
    "audio/amr",
    "audio/x-flac",
    "application/pdf",
    "application/zip",
    "application/gzip",
    "application/vnd.rar",
    "application/x-7z-compressed",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
];

/// The type of a file that begins with these bytes.
pub(crate) fn of(first: &[u8]) -> &'static str {
    infer::get(first)
        .and_then(|kind| NAMED.iter().find(|named| **named == kind.mime_type()))
        .copied()
        .unwrap_or(UNKNOWN)
}

/// Whether these first bytes promise a picture that a thumbnail can be made of.
pub(crate) fn may_have_thumbnail(first: &[u8]) -> bool {
    matches!(of(first), "image/jpeg" | "image/png" | "image/gif" | "image/webp")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn types_come_from_the_bytes() {
        for (first, expected) in [
            (b"\x89PNG\r\n\x1a\n....".as_slice(), "image/png"),
            (b"\xff\xd8\xff\xe0....", "image/jpeg"),
            (b"GIF89a......", "image/gif"),
            (b"RIFF\x04\0\0\0WEBPVP8 ", "image/webp"),
            (b"\0\0\0\x20ftypisom....", "video/mp4"),
            (b"%PDF-1.7\n", "application/pdf"),
            (b"PK\x03\x04....", "application/zip"),
        ] {
            assert_eq!(of(first), expected);
        }
    }

    #[test]
    fn nothing_that_a_browser_or_a_shell_might_run_is_named() {
        for other in [
            b"<html><script>alert(1)</script>".as_slice(),
            b"<!DOCTYPE html><html>",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>",
            b"<?xml version='1.0'?><svg/>",
            b"\xef\xbb\xbf<?xml version='1.0'?><svg/>",
            b"  \n<!-- GIF89a --><script>x</script>",
            b"MZ\x90\0",
            b"\x7fELF............",
            b"#!/bin/sh\n",
        ] {
            assert_eq!(of(other), UNKNOWN);
        }
    }

    #[test]
    fn what_is_not_known_stays_unknown() {
        for other in [b"hello".as_slice(), b"", b"\0", b"\x89PN"] {
            assert_eq!(of(other), UNKNOWN);
        }
    }

    #[test]
    fn a_file_of_two_minds_is_what_its_first_bytes_say() {
        assert_eq!(of(b"GIF89a/*<script>*/=1;alert(1)"), "image/gif");
        assert_eq!(of(b"<html>\x89PNG\r\n\x1a\n"), UNKNOWN);
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_guess_fail(
            magic in prop::sample::select(vec![
                b"".as_slice(), b"PK\x03\x04", b"\0\0\0\x20ftyp", b"RIFF\0\0\0\0", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1aE\xdf\xa3",
            ]),
            rest in prop::collection::vec(any::<u8>(), 0..600),
        ) {
            let first = [magic, &rest].concat();
            prop_assert!(of(&first) == UNKNOWN || NAMED.contains(&of(&first)));
        }
    }
}
