//! Tells Rust code from its comments and its string literals, without a parser.
//!
//! The laws search code for words and literals for statements; a word in a comment must trip neither.

/// One source file, taken apart.
#[derive(Debug, Default)]
pub struct RustText {
    /// The code with comments and the insides of literals blanked; line breaks stay where they were.
    pub code: String,
    /// The string literals in their order, escapes as written.
    pub literals: Vec<Literal>,
}

/// A string literal.
#[derive(Debug, PartialEq, Eq)]
pub struct Literal {
    /// The line on which it begins, counted from one.
    pub line: usize,
    /// What stands between its quotes.
    pub text: String,
}

impl RustText {
    /// Takes a source text apart. A text that is not Rust gives some answer, never an error.
    pub fn of(source: &str) -> Self {
        let mut scanner = Scanner { chars: source.chars().collect(), at: 0, line: 1, out: Self::default() };
        scanner.run();
        scanner.out
    }
}

struct Scanner {
    chars: Vec<char>,
    at: usize,
    line: usize,
    out: RustText,
}

impl Scanner {
    fn run(&mut self) {
        while let Some(next) = self.peek(0) {
            match next {
                '/' if self.peek(1) == Some('/') => self.line_comment(),
                '/' if self.peek(1) == Some('*') => self.block_comment(),
                '"' => self.quoted(),
                '\'' => self.apostrophe(),
                'r' if self.raw_hashes().is_some() && !self.inside_a_name() => self.raw(),
                _ => self.keep(),
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn step(&mut self, shown: bool) -> Option<char> {
        let next = self.peek(0)?;
        self.at += 1;
        if next == '\n' {
            self.line += 1;
        }
        self.out.code.push(if shown || next == '\n' { next } else { ' ' });
        Some(next)
    }

    fn keep(&mut self) {
        self.step(true);
    }

    fn blank(&mut self) -> Option<char> {
        self.step(false)
    }

    fn line_comment(&mut self) {
        while self.peek(0).is_some_and(|next| next != '\n') {
            self.blank();
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) => {
                    depth += 1;
                    self.blank();
                }
                (Some('*'), Some('/')) => {
                    depth -= 1;
                    self.blank();
                }
                (None, _) => return,
                _ => {}
            }
            self.blank();
            if depth == 0 {
                return;
            }
        }
    }

    fn quoted(&mut self) {
        let line = self.line;
        let mut text = String::new();
        self.keep();
        while let Some(next) = self.peek(0) {
            if next == '"' {
                self.keep();
                break;
            }
            let escape = next == '\\';
            text.extend(self.blank());
            if escape {
                text.extend(self.blank());
            }
        }
        self.out.literals.push(Literal { line, text });
    }

    /// The number of `#` of a raw string that begins here, `None` where none begins.
    fn raw_hashes(&self) -> Option<usize> {
        let hashes = self.chars.iter().skip(self.at + 1).take_while(|next| **next == '#').count();
        (self.peek(1 + hashes) == Some('"')).then_some(hashes)
    }

    /// An `r` that ends a longer name begins no raw string; the prefixes `br` and `cr` do.
    fn inside_a_name(&self) -> bool {
        let before = |back: usize| self.at.checked_sub(back).and_then(|at| self.chars.get(at)).copied();
        let in_name = |found: Option<char>| found.is_some_and(|found| found.is_alphanumeric() || found == '_');
        let prefix = matches!(before(1), Some('b' | 'c')) && !in_name(before(2));
        in_name(before(1)) && !prefix
    }

    fn raw(&mut self) {
        let hashes = self.raw_hashes().unwrap_or_default();
        let line = self.line;
        for _ in 0..hashes + 2 {
            self.keep();
        }
        let mut text = String::new();
        while let Some(next) = self.peek(0) {
            if next == '"' && (1..=hashes).all(|ahead| self.peek(ahead) == Some('#')) {
                for _ in 0..=hashes {
                    self.keep();
                }
                break;
            }
            text.extend(self.blank());
        }
        self.out.literals.push(Literal { line, text });
    }

    /// A character literal is blanked; a lifetime is code.
    fn apostrophe(&mut self) {
        self.keep();
        if self.peek(0) == Some('\\') {
            self.blank();
            self.blank();
            while self.peek(0).is_some_and(|next| next != '\'') {
                self.blank();
            }
            self.keep();
        } else if self.peek(1) == Some('\'') {
            self.blank();
            self.keep();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Literal, RustText};

    fn literals(source: &str) -> Vec<String> {
        RustText::of(source).literals.into_iter().map(|literal| literal.text).collect()
    }

    #[test]
    fn comments_are_no_code_and_no_literals() {
        let text = RustText::of("a /* \"x\" /* y */ z */ b // \"c\"\nd");
        assert_eq!(text.code.split_whitespace().collect::<Vec<_>>(), ["a", "b", "d"]);
        assert!(text.literals.is_empty());
    }

    #[test]
    fn a_literal_keeps_its_line_and_its_escaped_quotes() {
        let text = RustText::of("\n let x = \"say \\\"hi\\\"\n there\"; y");
        assert_eq!(text.literals, [Literal { line: 2, text: "say \\\"hi\\\"\n there".to_owned() }]);
        assert!(text.code.ends_with("; y"));
    }

    #[test]
    fn raw_and_byte_strings_end_at_their_own_hashes() {
        assert_eq!(literals("r#\"a \"b\" c\"# br\"d\\\" b\"e\" c\"f\""), ["a \"b\" c", "d\\", "e", "f"]);
        assert_eq!(literals("let var\"x\" = r#type;"), ["x"]);
    }

    #[test]
    fn a_quote_as_a_character_opens_no_string_and_a_lifetime_no_character() {
        assert_eq!(literals("fn f<'a>(x: &'a str) { '\"'; '\\''; '\\u{22}'; \"s\" }"), ["s"]);
    }
}
