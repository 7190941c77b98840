//! Laws on the documents: what they name exists, and decisions are numbered.

use anyhow::Context;
use hubchat_laws::{Tree, Verdict, demand, verdict};

const DOCUMENTS: [&str; 2] = ["docs/architecture.md", "README.md"];
const DECISIONS: &str = "docs/decisions";

#[test]
fn every_path_that_a_document_names_exists() -> Verdict {
    let tree = Tree::read()?;
    let mut missing = Vec::new();
    for document in DOCUMENTS {
        let text = tree.text(document)?;
        for (line, path) in named_paths(&text, &top_folders(&tree)) {
            if !tree.path(&path).exists() {
                missing.push(format!("{document}:{line}: {path}"));
            }
        }
    }
    verdict("mend the name in the document, or write what it names", &missing)
}

#[test]
fn the_architecture_names_every_package() -> Verdict {
    let tree = Tree::read()?;
    let text = tree.text("docs/architecture.md")?;
    let unnamed: Vec<_> = tree
        .packages()
        .iter()
        .filter(|package| !text.contains(package.folder.as_str()))
        .map(|package| format!("{} ({})", package.folder, package.name))
        .collect();
    verdict("say in docs/architecture.md what the package is for", &unnamed)
}

#[test]
fn decisions_are_numbered_without_gaps() -> Verdict {
    let tree = Tree::read()?;
    let names = tree.entries(DECISIONS)?;
    demand(!names.is_empty(), "docs/decisions is empty: write down the first decision")?;
    let mut findings = Vec::new();
    for (number, name) in (1..).zip(&names) {
        if !is_decision(name) {
            findings.push(format!("{DECISIONS}/{name} is not called NNNN-title.md"));
        } else if !name.starts_with(&format!("{number:04}-")) {
            findings.push(format!("{DECISIONS}/{name} should have the number {number:04}"));
        }
    }
    verdict("number the decisions from 0001, one file each, titles in small letters and hyphens", &findings)
}

/// The folders of the root in which a document may name a path.
fn top_folders(tree: &Tree) -> Vec<String> {
    let mut folders: Vec<_> = tree
        .packages()
        .iter()
        .filter_map(|package| package.folder.split('/').next())
        .chain(["docs", "scripts", ".ci", ".config"])
        .map(|folder| format!("{folder}/"))
        .collect();
    folders.dedup();
    folders
}

/// The paths in backticks that begin with a folder of the root; patterns and placeholders are none.
fn named_paths(text: &str, folders: &[String]) -> Vec<(usize, String)> {
    let mut paths = Vec::new();
    for (line, words) in (1..).zip(text.lines()) {
        for quoted in words.split('`').skip(1).step_by(2) {
            let plain = quoted.chars().all(|part| part.is_alphanumeric() || "/_-.".contains(part));
            if plain && folders.iter().any(|folder| quoted.starts_with(folder)) {
                paths.push((line, quoted.to_owned()));
            }
        }
    }
    paths
}

fn is_decision(name: &str) -> bool {
    let title = name.strip_suffix(".md").and_then(|name| name.split_once('-'));
    title.is_some_and(|(number, title)| {
        let words = |part: char| part.is_ascii_lowercase() || part.is_ascii_digit() || part == '-';
        number.len() == 4
            && number.chars().all(|digit| digit.is_ascii_digit())
            && title.chars().all(words)
            && !title.is_empty()
    })
}

#[test]
fn the_law_of_names_reads_paths_and_no_patterns() -> Verdict {
    let folders = ["core/".to_owned(), "hosts/".to_owned()];
    let found = named_paths("See `core/domain/src`, `hosts/*`, `core::inbound`,\nor `hosts/http/src/x.rs`.", &folders);
    assert_eq!(found.first().context("a path")?, &(1, "core/domain/src".to_owned()));
    assert_eq!(found.get(1).context("a second path")?, &(2, "hosts/http/src/x.rs".to_owned()));
    assert_eq!(found.len(), 2);
    Ok(())
}

#[test]
fn the_law_of_decisions_knows_their_names() {
    assert!(is_decision("0001-one-session-one-tenant.md"));
    assert!(!is_decision("1-short.md"));
    assert!(!is_decision("0001-Title.md"));
    assert!(!is_decision("0001-.md"));
}
