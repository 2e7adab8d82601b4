//! A mend of the planner's parser, which takes neither every number (`1e9`, integers over 64 bits)
//! nor every string (`"\b"` becomes U+0010), and reads numbers as 64 bits. What it would not give
//! back as it came is a name while an operation is planned, and itself again in what the subgraphs
//! are asked.

use apollo_parser::{Lexer, TokenKind};

/// What the names begin with. A client's aliases have lost such a beginning by then, and schemas may
/// not have it.
const PREFIX: &str = "__setwise_literal_";

/// The literals of one document that the planner does not get to see.
#[derive(Debug, Default)]
pub(super) struct Literals {
    prefix: String,
    /// By the number in their name; each once, so that what is equal stays equal.
    texts: Vec<String>,
}

/// `document`, which is valid, with names in the place of the literals that go with it.
pub(super) fn lift(document: &str) -> (String, Literals) {
    let mut prefix = PREFIX.to_owned();
    while document.contains(&prefix) {
        prefix.push('_');
    }
    let mut texts: Vec<String> = Vec::new();
    let mut lifted = String::with_capacity(document.len());
    for token in Lexer::new(document).flatten() {
        let text = token.data();
        if token.kind() == TokenKind::Eof {
            break;
        }
        if is_kept(token.kind(), text) {
            lifted.push_str(text);
            continue;
        }
        let known = texts.iter().position(|known| known == text);
        let number = known.unwrap_or_else(|| {
            texts.push(text.to_owned());
            texts.len() - 1
        });
        lifted.push_str(&prefix);
        lifted.push_str(&number.to_string());
    }
    (lifted, Literals { prefix, texts })
}

/// `sdl`, which is valid, without descriptions and with other literals in the place of those that the
/// planner does not take. It plans without them: they are defaults, or told by directives that are
/// none of its own.
pub(crate) fn plannable(sdl: &str) -> String {
    let mut kept = String::with_capacity(sdl.len());
    let mut before = TokenKind::Eof;
    let mut lists = 0_usize;
    for token in Lexer::new(sdl).flatten() {
        let (kind, text) = (token.kind(), token.data());
        match kind {
            TokenKind::Eof => break,
            TokenKind::LBracket => lists += 1,
            TokenKind::RBracket => lists = lists.saturating_sub(1),
            _ => {}
        }
        let is_value = lists > 0 || matches!(before, TokenKind::Colon | TokenKind::Eq);
        match kind {
            TokenKind::Int | TokenKind::Float if !is_kept(kind, text) => kept.push('0'),
            TokenKind::StringValue if !is_value => {}
            TokenKind::StringValue if text.contains("\\u") => kept.push_str("\"\""),
            _ => kept.push_str(text),
        }
        if !matches!(
            kind,
            TokenKind::Whitespace | TokenKind::Comment | TokenKind::Comma
        ) {
            before = kind;
        }
    }
    kept
}

/// Whether the planner writes a token as it reads it.
fn is_kept(kind: TokenKind, text: &str) -> bool {
    match kind {
        TokenKind::Int => text
            .parse::<i64>()
            .is_ok_and(|number| number.to_string() == text),
        TokenKind::Float => text
            .parse::<f64>()
            .is_ok_and(|number| number.to_string() == text),
        TokenKind::StringValue => !text.contains('\\') && !text.starts_with("\"\"\""),
        _ => true,
    }
}

impl Literals {
    /// `text`, which the planner wrote, with the literals in their places.
    pub(super) fn put_back(&self, text: &str) -> String {
        if self.texts.is_empty() {
            return text.to_owned();
        }
        let mut parts = text.split(&self.prefix);
        let mut whole = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end = part.find(|it: char| !it.is_ascii_digit());
            let (number, rest) = part.split_at(end.unwrap_or(part.len()));
            let literal = number.parse().ok().and_then(|it: usize| self.texts.get(it));
            whole.push_str(literal.map_or(number, String::as_str));
            whole.push_str(rest);
        }
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRANGE: [&str; 12] = [
        "1e9",
        "6.02E05",
        "1.0",
        "1e400",
        "-0",
        "-0.0",
        "123456789012345678901234567890",
        r#""a\b""#,
        r#""\u0008""#,
        r#""\uD83D\uDE00""#,
        r#""\"""#,
        r#""""a "quote" here""""#,
    ];

    #[test]
    fn what_the_planner_would_change_comes_back_as_it_was() {
        for literal in STRANGE {
            let document = format!("query($v:F={literal}){{f(a:[{literal},1],b:$v)}}");
            let (lifted, literals) = lift(&document);
            let name = "__setwise_literal_0";
            assert_eq!(
                lifted,
                format!("query($v:F={name}){{f(a:[{name},1],b:$v)}}")
            );
            assert_eq!(literals.put_back(&lifted), document);
        }
    }

    #[test]
    fn what_the_planner_keeps_is_left_to_it() {
        let document =
            r#"{ f(a: 1, b: -1.5, c: "é # 1e9", d: E, e: true, f: null) @skip(if: false) }"#;
        let (lifted, literals) = lift(document);
        assert_eq!(lifted, document);
        assert_eq!(literals.put_back(document), document);
    }

    #[test]
    fn names_of_the_client_are_no_literals() {
        let document = r#"query($__setwise_literal_0: F) { f(a: $__setwise_literal_0, b: "__setwise_literal_1", c: 1e9, d: 2e9) }"#;
        let (lifted, literals) = lift(document);
        assert_ne!(lifted, document);
        assert_eq!(literals.put_back(&lifted), document);
    }

    #[test]
    fn a_schema_loses_what_the_planner_refuses() {
        let sdl = r#"
            """ Of "all" """ type Q @join__type(graph: A, key: "id", on: ["x" "y"]) {
                "It says \u{1F600}" f("\uD83D\uDE00" a: F = 1e9, "b" b: F = 99999999999999999999): "1e9"
                "c" g(c: Int = 3, d: [S] = ["\u{1F600}"], e: I = { a: "\u0008" }): S
            }
        "#;
        let kept = r#"
             type Q @join__type(graph: A, key: "id", on: ["x" "y"]) {
                 f( a: F = 0,  b: F = 0): "1e9"
                 g(c: Int = 3, d: [S] = [""], e: I = { a: "" }): S
            }
        "#;
        assert_eq!(plannable(sdl), kept);
    }
}
