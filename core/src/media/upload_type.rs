//! The kinds of files that are taken. What is not here is refused: above all whatever a browser might run.

/// Which kinds a caller takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadTypes {
    /// All that hubchat takes.
    Any,
    /// Pictures that every channel can send: JPEG, PNG and WebP.
    Images,
    /// PDF.
    Pdf,
}

/// A kind of file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UploadType {
    /// Its type, as the first bytes tell it.
    pub(super) sniffed: &'static str,
    /// The types that it may be declared as.
    declared: &'static [&'static str],
    /// The extensions that it may have.
    extensions: &'static [&'static str],
    /// Whether it is a picture, which must be one that can be decoded.
    pub(super) is_picture: bool,
}

const fn picture(
    sniffed: &'static str,
    declared: &'static [&'static str],
    extensions: &'static [&'static str],
) -> UploadType {
    UploadType { sniffed, declared, extensions, is_picture: true }
}

const fn other(
    sniffed: &'static str,
    declared: &'static [&'static str],
    extensions: &'static [&'static str],
) -> UploadType {
    UploadType { sniffed, declared, extensions, is_picture: false }
}

const PDF: &str = "application/pdf";
const SENDABLE: [&str; 3] = ["image/jpeg", "image/png", "image/webp"];

const TYPES: &[UploadType] = &[
    picture("image/jpeg", &["image/jpeg", "image/jpg", "image/pjpeg"], &["jpg", "jpeg", "jpe", "jfif"]),
    picture("image/png", &["image/png"], &["png"]),
    picture("image/webp", &["image/webp"], &["webp"]),
    picture("image/gif", &["image/gif"], &["gif"]),
    other(PDF, &[PDF], &["pdf"]),
    other("video/mp4", &["video/mp4"], &["mp4"]),
    other("audio/m4a", &["audio/m4a", "audio/x-m4a", "audio/mp4"], &["m4a"]),
    other("audio/mpeg", &["audio/mpeg", "audio/mp3"], &["mp3"]),
    other("audio/ogg", &["audio/ogg", "application/ogg"], &["ogg", "oga"]),
    other("audio/x-wav", &["audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"], &["wav"]),
];

impl UploadTypes {
    /// The kind that both the declared type and the extension name, if it is taken here.
    pub(super) fn find(self, declared: &str, extension: &str) -> Option<&'static UploadType> {
        // Parameters, such as a character set, say nothing about these kinds.
        let declared = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        TYPES.iter().find(|kind| {
            self.takes(kind) && kind.declared.contains(&declared.as_str()) && kind.extensions.contains(&extension)
        })
    }

    fn takes(self, kind: &UploadType) -> bool {
        match self {
            Self::Any => true,
            Self::Images => SENDABLE.contains(&kind.sniffed),
            Self::Pdf => kind.sniffed == PDF,
        }
    }

    /// Whether only pictures are taken.
    pub(super) fn are_pictures(self) -> bool {
        self == Self::Images
    }

    /// What is taken, in words.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Any => "JPEG, PNG, WebP, GIF, PDF, MP4, M4A, MP3, Ogg or WAV",
            Self::Images => "JPEG, PNG or WebP",
            Self::Pdf => "PDF",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_type_and_extension_must_name_the_same_kind() {
        let find = |declared, extension| UploadTypes::Any.find(declared, extension).map(|kind| kind.sniffed);
        assert_eq!(find("image/png", "png"), Some("image/png"));
        assert_eq!(find("IMAGE/JPEG; charset=binary", "jpeg"), Some("image/jpeg"));
        assert_eq!(find("audio/mp4", "m4a"), Some("audio/m4a"));
        for (declared, extension) in [
            ("image/png", "jpg"),
            ("image/png", "html"),
            ("text/html", "png"),
            ("image/svg+xml", "svg"),
            ("text/html", "html"),
            ("application/xml", "xml"),
            ("text/javascript", "js"),
            ("application/octet-stream", "png"),
            ("", "png"),
            ("application/zip", "zip"),
        ] {
            assert_eq!(find(declared, extension), None, "{declared} {extension}");
        }
    }

    #[test]
    fn narrow_doors_take_only_their_own() {
        for (types, declared, extension, taken) in [
            (UploadTypes::Images, "image/webp", "webp", true),
            (UploadTypes::Images, "image/gif", "gif", false),
            (UploadTypes::Images, "application/pdf", "pdf", false),
            (UploadTypes::Pdf, "application/pdf", "pdf", true),
            (UploadTypes::Pdf, "image/png", "png", false),
        ] {
            assert_eq!(types.find(declared, extension).is_some(), taken, "{types:?} {declared}");
        }
    }

    #[test]
    fn nothing_that_a_browser_runs_is_taken() {
        for kind in TYPES {
            for declared in kind.declared {
                assert!(!["html", "xml", "svg", "script"].iter().any(|word| declared.contains(word)), "{declared}");
            }
        }
    }
}
