//! The law that SQL stays in the storage.

use hubchat_laws::{RustText, Tree, Verdict, verdict};

const ROOMS_OF_SQL: [&str; 4] = ["adapters/storage-seaorm/", "migrations/", "benches/", "tests/"];
const STATEMENTS: [(&str, &str); 4] = [("SELECT", "FROM"), ("INSERT", "INTO"), ("UPDATE", "SET"), ("DELETE", "FROM")];

#[test]
fn no_statement_stands_outside_storage_and_migrations() -> Verdict {
    let mut strays = Vec::new();
    for source in Tree::read()?.sources()? {
        if ROOMS_OF_SQL.iter().any(|room| source.path.starts_with(room)) {
            continue;
        }
        let literals = RustText::of(&source.text).literals;
        strays.extend(
            literals
                .iter()
                .filter(|literal| is_statement(&literal.text))
                .map(|literal| format!("{}:{}", source.path, literal.line)),
        );
    }
    verdict("SQL belongs to adapters/storage-seaorm and migrations: ask through a port of ports", &strays)
}

/// In capitals anywhere, or in any case where the literal begins with it, so that plain English passes.
fn is_statement(literal: &str) -> bool {
    let words: Vec<_> = literal.split(|part: char| !(part.is_alphanumeric() || part == '_')).collect();
    let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
    STATEMENTS.iter().any(|(verb, companion)| {
        let shouted = words.iter().position(|word| word == verb);
        let shouted = shouted.is_some_and(|at| words[at..].contains(companion));
        let begun = words.first().is_some_and(|word| word.eq_ignore_ascii_case(verb));
        let next = words.iter().skip(1).position(|word| word.eq_ignore_ascii_case(companion));
        let begun = begun
            && match *verb {
                "INSERT" | "DELETE" => next == Some(0),
                _ => next.is_some_and(|at| at > 0),
            };
        shouted || (begun && literal.trim() == literal.trim().to_lowercase())
    })
}

#[test]
fn the_law_tells_statements_from_english() {
    assert!(is_statement("SELECT id FROM leads"));
    assert!(is_statement("WITH x AS (SELECT 1\n FROM y) UPDATE z SET a = 1"));
    assert!(is_statement("insert into leads values ($1)"));
    assert!(is_statement("  delete from leads"));
    assert!(is_statement("update leads set status = $1"));
    assert!(!is_statement("Select one from the list"));
    assert!(!is_statement("could not update the lead"));
    assert!(!is_statement("the status update was not set"));
}
