//! The law that every problem code has its page, and every page its code.

use std::collections::BTreeSet;

use anyhow::Context;
use hubchat_laws::{Tree, Verdict, demand, verdict};

const CODES: &str = "hosts/http/src/problem/codes.rs";
const PAGES: &str = "docs/problems";

#[test]
fn every_problem_code_has_a_page_and_every_page_a_code() -> Verdict {
    let tree = Tree::read()?;
    let source = tree.text(CODES).context("the problem codes are declared there, as lines `code: \"...\"`")?;
    let codes = declared_codes(&source);
    demand(!codes.is_empty(), "the file declares no problem code: write each as code: \"...\"")?;
    let mut findings = Vec::new();
    let mut pages = BTreeSet::new();
    for entry in tree.entries(PAGES)? {
        match entry.strip_suffix(".md") {
            Some("README") => {}
            Some(page) => drop(pages.insert(page.to_owned())),
            None => findings.push(format!("{PAGES}/{entry} is no page: remove it")),
        }
    }
    findings.extend(codes.difference(&pages).map(|code| format!("write {PAGES}/{code}.md")));
    findings.extend(
        pages.difference(&codes).map(|page| format!("remove {PAGES}/{page}.md, or declare its code in {CODES}")),
    );
    for page in codes.intersection(&pages) {
        if !tree.text(&format!("{PAGES}/{page}.md"))?.contains(page.as_str()) {
            findings.push(format!("name the code in {PAGES}/{page}.md"));
        }
    }
    verdict("problem codes and their pages go together", &findings)
}

fn declared_codes(source: &str) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for line in source.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for rest in line.split("code: \"").skip(1) {
            codes.extend(rest.split_once('"').map(|(code, _)| code.to_owned()).filter(|code| is_code(code)));
        }
    }
    codes
}

fn is_code(code: &str) -> bool {
    !code.is_empty() && code.chars().all(|part| part.is_ascii_lowercase() || part == '_')
}

#[test]
fn the_law_reads_codes_and_no_comments() {
    let source =
        "  // code: \"old\"\n  Problem { code: \"lead_not_found\", status: 404 },\n  code: \"stale\",\n code: \"{x}\"";
    assert_eq!(declared_codes(source).into_iter().collect::<Vec<_>>(), ["lead_not_found", "stale"]);
}
