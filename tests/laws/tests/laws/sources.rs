//! Laws on how a source file looks.

use hubchat_laws::{RustText, Tree, Verdict, verdict};

const LONGEST: usize = 600;
const FORBIDDEN_NAMES: [&str; 5] = ["utils", "common", "helpers", "types", "models"];

#[test]
fn every_module_opens_by_saying_what_it_is_for() -> Verdict {
    let silent: Vec<_> = Tree::read()?
        .sources()?
        .into_iter()
        .filter(|source| !opens_with_purpose(&source.text))
        .map(|source| source.path)
        .collect();
    verdict("let the first line be `//!` and say what the module is for, and what it must never do", &silent)
}

#[test]
fn no_source_file_is_longer_than_its_limit() -> Verdict {
    let long: Vec<_> = Tree::read()?
        .sources()?
        .into_iter()
        .filter(|source| !exempt_from_length(&source.path, &source.text))
        .map(|source| (lines_of_code(&source.text), source.path))
        .filter(|(lines, _)| *lines > LONGEST)
        .map(|(lines, path)| format!("{path}: {lines} lines"))
        .collect();
    verdict(&format!("split the file along its concepts: {LONGEST} lines are the limit, tests not counted"), &long)
}

#[test]
fn no_module_has_a_name_that_says_nothing() -> Verdict {
    let mut vague = Vec::new();
    for source in Tree::read()?.sources()? {
        let parts = source.path.trim_end_matches(".rs").split('/');
        vague
            .extend(parts.filter(|part| FORBIDDEN_NAMES.contains(part)).map(|part| format!("{}: {part}", source.path)));
        let code = RustText::of(&source.text).code;
        vague.extend(
            declared_modules(&code)
                .filter(|name| FORBIDDEN_NAMES.contains(name))
                .map(|name| format!("{}: mod {name}", source.path)),
        );
    }
    verdict("name the module after its concept, or move its parts to where their concepts live", &vague)
}

#[test]
fn a_crate_root_holds_only_docs_attributes_modules_and_uses() -> Verdict {
    let tree = Tree::read()?;
    let mut busy = Vec::new();
    for source in tree.sources()?.iter().filter(|source| source.path.ends_with("src/lib.rs")) {
        let odd = odd_items(&source.text);
        busy.extend(odd.iter().map(|item| format!("{}: {item}", source.path)));
    }
    verdict("move the item into a module of its own and re-export it with pub use", &busy)
}

fn opens_with_purpose(text: &str) -> bool {
    text.lines().next().is_some_and(|line| line.strip_prefix("//!").is_some_and(|words| !words.trim().is_empty()))
}

fn exempt_from_length(path: &str, text: &str) -> bool {
    let test_file = path.ends_with("/tests.rs") || path.contains("/tests/") || path.starts_with("tests/e2e/");
    test_file || text.lines().take(5).any(|line| line.contains("@generated"))
}

/// The lines above the file's own test module.
fn lines_of_code(text: &str) -> usize {
    let lines: Vec<_> = text.lines().collect();
    let tests = lines.windows(2).position(|pair| pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod tests"));
    tests.unwrap_or(lines.len())
}

fn declared_modules(code: &str) -> impl Iterator<Item = &str> {
    let words: Vec<_> = code.split(|part: char| !(part.is_alphanumeric() || part == '_')).collect();
    let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let names: Vec<_> = words.windows(2).filter(|pair| pair[0] == "mod").map(|pair| pair[1]).collect();
    names.into_iter()
}

/// The beginnings of those items of a crate root that are neither `mod name;` nor `use`.
fn odd_items(text: &str) -> Vec<String> {
    let code = RustText::of(text).code;
    let mut odd = Vec::new();
    let mut item = String::new();
    let mut depth = 0_usize;
    for part in code.chars() {
        item.push(part);
        match part {
            '{' | '[' | '(' => depth += 1,
            '}' | ']' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let whole = item.trim();
        if depth > 0 || whole.is_empty() {
            continue;
        }
        if whole.starts_with('#') {
            if part == ']' {
                item.clear();
            }
        } else if part == ';' || (part == '}' && !names_a_use(whole)) {
            if !(names_a_use(whole) || (names_a_module(whole) && part == ';')) {
                odd.push(whole.lines().next().unwrap_or_default().to_owned());
            }
            item.clear();
        }
    }
    if !item.trim().is_empty() {
        odd.push(item.trim().lines().next().unwrap_or_default().to_owned());
    }
    odd
}

fn without_visibility(item: &str) -> &str {
    let rest = item.strip_prefix("pub").unwrap_or(item).trim_start();
    rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or(rest, |(_, rest)| rest.trim_start())
}

fn names_a_use(item: &str) -> bool {
    without_visibility(item).starts_with("use ")
}

fn names_a_module(item: &str) -> bool {
    without_visibility(item).starts_with("mod ")
}

#[test]
fn the_law_of_crate_roots_tells_items_apart() {
    let root =
        "//! Docs.\n#![warn(x)]\n#[cfg(test)]\nmod a;\npub(crate) mod b;\npub use c::{d, e::{f}};\nuse g as h;\n";
    assert!(odd_items(root).is_empty());
    assert_eq!(
        odd_items("mod a;\n/// Docs.\npub fn f() -> u8 {\n 1\n}\nmod b { }"),
        ["pub fn f() -> u8 {", "mod b { }"]
    );
    assert_eq!(odd_items("const A: [u8; 2] = [1, 2];\nmacro_rules! m { () => {}; }\n").len(), 2);
}

#[test]
fn the_law_of_lengths_counts_what_is_above_the_tests() {
    assert_eq!(lines_of_code("a\nb\n#[cfg(test)]\nmod tests {\n}\n"), 2);
    assert_eq!(lines_of_code("a\n#[cfg(test)]\nfn b() {}\n"), 3);
}

#[test]
fn the_law_of_names_sees_modules_and_not_words() {
    let code = RustText::of("// mod utils\npub mod helpers { }\nlet modern = 1;").code;
    assert_eq!(declared_modules(&code).collect::<Vec<_>>(), ["helpers"]);
}
