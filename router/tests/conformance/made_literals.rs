//! What a subgraph gets of literals, defaults and variables that nobody thought of.

use std::collections::BTreeMap;

use apollo_compiler::{
    Name, Node,
    ast::{Definition, Document, Value as Literal},
};
use serde_json::value::RawValue;

use crate::support::echo::{Echo, argument};

/// Values of all kinds, made up from a seed: of a custom scalar as literals, with variables among
/// them, and as JSON.
struct Made {
    state: u64,
    /// The variables that may be written in a literal.
    variables: &'static [&'static str],
}

impl Made {
    fn below(&mut self, count: u64) -> u64 {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) % count
    }

    fn one(&mut self, of: &[&str]) -> String {
        let count = u64::try_from(of.len()).unwrap();
        of[usize::try_from(self.below(count)).unwrap()].to_owned()
    }

    fn digits(&mut self) -> String {
        let length = 1 + self.below(25);
        let first = self.one(&["1", "2", "9"]);
        let rest = (1..length).map(|_| self.one(&["0", "1", "5", "9"]));
        first + &rest.collect::<String>()
    }

    /// As GraphQL and JSON write it.
    fn number(&mut self) -> String {
        let sign = self.one(&["", "-"]);
        let whole = match self.below(3) {
            0 => "0".to_owned(),
            _ => self.digits(),
        };
        let fraction = match self.below(2) {
            0 => String::new(),
            _ => format!(".{}{}", self.one(&["", "0"]), self.digits()),
        };
        let exponent = match self.below(3) {
            0 => {
                let mark = self.one(&["e", "E"]) + &self.one(&["", "+", "-"]);
                mark + &self.one(&["0", "05", "1", "9", "90", "12"])
            }
            _ => String::new(),
        };
        sign + &whole + &fraction + &exponent
    }

    fn string(&mut self) -> String {
        let parts = (0..self.below(6)).map(|_| {
            self.one(&[
                "a",
                " ",
                "é",
                "😀",
                r"\b",
                r"\f",
                r"\n",
                r"\r",
                r"\t",
                r"\/",
                r"\\",
                r#"\""#,
                r"\u0000",
                r"\u0010",
                r"\u00e9",
                r"\uD83D\uDE00",
                r"\u2028",
                "\u{2028}",
                "\u{7f}",
                "#",
                "$v",
                "{",
                "__setwise_literal_0",
                "'",
                ",",
            ])
        });
        format!("\"{}\"", parts.collect::<String>())
    }

    fn block_string(&mut self) -> String {
        let parts = (0..self.below(8)).map(|_| {
            self.one(&[
                "a",
                " ",
                "  ",
                "\n",
                "\n    ",
                "\r\n",
                "\t",
                "é",
                "\u{a0}",
                "\u{3000}",
                r"\n",
                r"\",
                r#"\""""#,
                "\" ",
                "\"\" ",
                "{",
                "#",
                "__setwise_literal_1",
            ])
        });
        format!("\"\"\"{} \"\"\"", parts.collect::<String>())
    }

    fn literal(&mut self, depth: u64) -> String {
        match self.below(if depth == 0 { 9 } else { 12 }) {
            0 => self.one(&["true", "false", "null"]),
            1 => self.one(&["RED", "nulls", "on", "__setwise_literal_2"]),
            2..=4 => self.number(),
            5 | 6 => self.string(),
            7 => self.block_string(),
            8 => self.one(self.variables),
            9 | 10 => {
                let items = (0..self.below(4)).map(|_| self.literal(depth - 1));
                format!("[{}]", items.collect::<Vec<_>>().join(" "))
            }
            _ => {
                let fields = (0..self.below(4))
                    .map(|number| format!("k{number}: {}", self.literal(depth - 1)));
                format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
            }
        }
    }

    fn json(&mut self, depth: u64) -> String {
        match self.below(if depth == 0 { 5 } else { 7 }) {
            0 => self.one(&["true", "false", "null"]),
            1..=3 => self.number(),
            4 => serde_json::to_string(&self.one(&["", "a\"\\", "1e5", "\n\u{8}", "é😀"])).unwrap(),
            5 => {
                let items = (0..self.below(4)).map(|_| self.json(depth - 1));
                format!("[{}]", items.collect::<Vec<_>>().join(","))
            }
            _ => {
                let fields = (0..self.below(4))
                    .map(|number| format!("\"k{number}\":{}", self.json(depth - 1)));
                format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
            }
        }
    }
}

#[tokio::test]
async fn whatever_is_written_reaches_the_subgraph() {
    let echo = Echo::open().await;
    for seed in 0..80 {
        let variables = &["$v", "$w"];
        let mut made = Made {
            state: seed,
            variables,
        };
        let (literal, v, w) = (made.literal(3), made.json(2), made.json(2));
        made.variables = &["null"];
        let default = made.literal(2);
        let query = format!(
            "query($v: JSON, $w: JSON, $d: JSON = {default}) {{
                node {{ json(value: {literal}) b: json(value: [$v, $w]) a: json(value: $d) }}
            }}"
        );
        let sent = format!(r#"{{"v":{v},"w":{w}}}"#);
        let (document, received) = echo.received(&query, &sent).await;
        let client = Document::parse(&query, "query.graphql").unwrap();
        assert_eq!(
            sorted(argument(&document)),
            sorted(argument(&client)),
            "{query}"
        );
        let named = |document: &Document| {
            let [Definition::OperationDefinition(operation)] = &document.definitions[..] else {
                panic!("{document}");
            };
            let mut variables = operation.variables.iter();
            let default = variables
                .find(|it| it.name == "d")
                .unwrap()
                .default_value
                .clone();
            sorted(&default.unwrap())
        };
        assert_eq!(named(&document), named(&client), "{query}");
        let received: BTreeMap<&str, &RawValue> = serde_json::from_str(&received).unwrap();
        assert_eq!(received["v"].get(), v, "{query} {sent}");
        assert_eq!(received["w"].get(), w, "{query} {sent}");
    }
}

/// `value` with the fields of its objects in order: that it gets lost means nothing.
fn sorted(value: &Literal) -> Literal {
    match value {
        Literal::List(items) => {
            Literal::List(items.iter().map(|item| sorted(item).into()).collect())
        }
        Literal::Object(fields) => {
            let mut fields: Vec<_> = fields
                .iter()
                .map(|(name, value)| (name.clone(), sorted(value).into()))
                .collect();
            fields.sort_by(|(a, _): &(Name, Node<Literal>), (b, _)| a.cmp(b));
            Literal::Object(fields)
        }
        value => value.clone(),
    }
}
