//! The law that no file names a place of one machine.

use hubchat_laws::{Tree, Verdict, verdict};

/// Folders that exist on somebody's machine only; written apart so that this file passes its own law.
const PRIVATE_FOLDERS: [&str; 3] = ["work", "root", "home"];

#[test]
fn no_file_names_a_path_of_one_machine() -> Verdict {
    let mut findings = Vec::new();
    for file in Tree::read()?.text_files()? {
        for (number, line) in (1..).zip(file.text.lines()) {
            findings.extend(private_path(line).map(|folder| format!("{}:{number}: /{folder}/", file.path)));
        }
    }
    verdict("name the path from the root of the checkout, or read it from the configuration", &findings)
}

/// The first private folder that a line names as the beginning of an absolute path.
fn private_path(line: &str) -> Option<&'static str> {
    PRIVATE_FOLDERS.into_iter().find(|folder| {
        let wanted = format!("/{folder}/");
        line.match_indices(&wanted).any(|(at, _)| {
            let before = line.get(..at).and_then(|start| start.chars().next_back());
            before.is_none_or(|before| !(before.is_alphanumeric() || "._-~})]>".contains(before)))
        })
    })
}

#[test]
fn the_law_tells_absolute_paths_from_longer_ones() {
    let at = |start: &str| format!("{start}/{}/x", "home");
    assert_eq!(private_path(&at("see \"")), Some("home"));
    assert_eq!(private_path(&at("file://")), Some("home"));
    assert_eq!(private_path(&at("https://example.com")), None);
    assert_eq!(private_path(&at("docs")), None);
}
