//! The documentation of the settings, made from their table.

use std::fmt::Write;

use super::TenantSettings;

const BEGINNING: &str = "# Settings of a tenant\n\n\
    This page is made from the types of the settings; do not edit it.\n\n\
    Read them with `GET /api/settings` or `hubchat settings get --tenant shop`; change some with\n\
    `PATCH /api/settings` (a JSON object of names and values) or\n\
    `hubchat settings set --tenant shop salesSee=OWN retentionDays=365`. A change is made wholly or not at all; a name\n\
    that is not below is refused. It asks for the permission `settings:manage`. Every process sees a change within\n\
    five seconds.\n\n\
    `GET` answers an `ETag`; a `PATCH` that sends it as `If-Match` is refused with `settings_changed` when somebody\n\
    else changed something meanwhile.\n";

impl TenantSettings {
    /// The page `docs/settings.md`, in Markdown.
    #[must_use]
    pub fn reference() -> String {
        let usual = Self::default();
        let mut page = BEGINNING.to_owned();
        for definition in Self::DEFINITIONS {
            let words: Vec<&str> = definition.words.iter().map(|line| line.trim()).collect();
            let default = if definition.kind.has_default() {
                format!("`{}`", usual.value(definition.key).unwrap_or_default())
            } else {
                "the one that it was created with".to_owned()
            };
            // Writing to a String does not fail.
            let _ = write!(
                page,
                "\n## `{}`\n\n{}\n\n- Takes: {}\n- Default: {default}\n",
                definition.key,
                words.join("\n"),
                definition.kind.in_words(),
            );
        }
        page
    }
}
