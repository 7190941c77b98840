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
    "image/bmp",
    "video/mp4",
    "video/quicktime",
    "video/webm",
    "video/x-m4v",
    "audio/m4a",
    "audio/mpeg",
    "audio/ogg",
    "audio/x-wav",
    "audio/aac",
    "audio/x-flac",
    "application/pdf",
    "application/zip",
    "application/msword",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_come_from_the_bytes_and_nothing_that_runs_is_named() {
        assert_eq!(of(b"\x89PNG\r\n\x1a\n...."), "image/png");
        assert_eq!(of(b"\xff\xd8\xff\xe0...."), "image/jpeg");
        assert_eq!(of(b"%PDF-1.7\n"), "application/pdf");
        for other in [
            b"<html><script>alert(1)</script>".as_slice(),
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>",
            b"<?xml version='1.0'?><svg/>",
            b"hello",
            b"",
            b"MZ\x90\0",
            b"#!/bin/sh\n",
        ] {
            assert_eq!(of(other), UNKNOWN);
        }
    }
}
