//! JSON as the executor holds it: a tree over the subgraphs' bodies. Scalars and keys are spans of
//! the text that came in and go out as they came: no unescaping, no rounding of numbers.

use bytes::Bytes;

/// Nesting that a subgraph's response may have.
const MAX_DEPTH: usize = 200;

/// A stretch of one of the [`Buffers`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    buffer: u32,
    start: u32,
    end: u32,
}

/// A JSON value over [`Buffers`].
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Null,
    /// A number, boolean or (quoted) string, as it stood.
    Scalar(Span),
    List(Vec<Value>, Span),
    Object(Object),
}

/// A JSON object; keys are unique only as far as the sender kept them so.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) fields: Vec<(Span, Value)>,
    /// The object as it came in, before anything was merged into it.
    pub(crate) span: Span,
}

impl Default for Object {
    /// The object that is not in any text yet: what is fetched is merged into it.
    fn default() -> Self {
        Self {
            fields: Vec::new(),
            span: Span {
                buffer: 0,
                start: 0,
                end: 0,
            },
        }
    }
}

/// The texts that the values of one execution point into.
#[derive(Debug, Default)]
pub(crate) struct Buffers(Vec<Bytes>);

/// What is wrong with a text that should be JSON.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum JsonError {
    #[error("unexpected input at byte {0}")]
    Unexpected(usize),
    #[error("nested too deep")]
    TooDeep,
    #[error("larger than 4 GiB")]
    TooLarge,
    #[error("not UTF-8")]
    NotUtf8,
}

impl Buffers {
    /// Reads `text`, which must be one JSON value.
    pub(crate) fn parse(&mut self, text: Bytes) -> Result<Value, JsonError> {
        if u32::try_from(text.len()).is_err() {
            return Err(JsonError::TooLarge);
        }
        std::str::from_utf8(&text).map_err(|_| JsonError::NotUtf8)?;
        let mut parser = Parser {
            text: &text,
            at: 0,
            buffer: self.next_buffer(),
            depth: 0,
        };
        let value = parser.value()?;
        parser.skip_whitespace();
        if parser.at != text.len() {
            return Err(JsonError::Unexpected(parser.at));
        }
        self.0.push(text);
        Ok(value)
    }

    /// Keeps a text that no subgraph sent, so that values can point at it.
    pub(crate) fn intern(&mut self, text: &str) -> Span {
        let buffer = self.next_buffer();
        self.0.push(Bytes::copy_from_slice(text.as_bytes()));
        Span {
            buffer,
            start: 0,
            end: u32::try_from(text.len()).expect("a name of the plan is short"),
        }
    }

    /// The text of `span`.
    pub(crate) fn get(&self, span: Span) -> &[u8] {
        &self.0[span.buffer as usize][span.start as usize..span.end as usize]
    }

    /// The text between the quotes of a string; `None` for other scalars. Escapes stay.
    pub(crate) fn string(&self, value: &Value) -> Option<&str> {
        let Value::Scalar(span) = value else {
            return None;
        };
        let text = self.get(*span).strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        std::str::from_utf8(text).ok()
    }

    /// The position of `key` in `object`, tried at `hint` first.
    pub(crate) fn find(&self, object: &Object, key: &str, hint: usize) -> Option<usize> {
        let is_key = |(span, _): &(Span, Value)| self.get(*span) == key.as_bytes();
        if object.fields.get(hint).is_some_and(is_key) {
            return Some(hint);
        }
        object.fields.iter().position(is_key)
    }

    /// The value under `key`.
    pub(crate) fn field<'a>(&self, object: &'a Object, key: &str) -> Option<&'a Value> {
        Some(&object.fields[self.find(object, key, 0)?].1)
    }

    /// The object's `__typename`, when it has one.
    pub(crate) fn type_name(&self, object: &Object) -> Option<&str> {
        let index = self.find(object, "__typename", 0)?;
        self.string(&object.fields[index].1)
    }

    fn next_buffer(&self) -> u32 {
        u32::try_from(self.0.len()).expect("a plan has far fewer fetches")
    }
}

impl Value {
    pub(crate) fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            Self::Null | Self::Scalar(_) | Self::List(..) => None,
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
    buffer: u32,
    depth: usize,
}

impl Parser<'_> {
    fn value(&mut self) -> Result<Value, JsonError> {
        self.skip_whitespace();
        let start = self.at;
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::list),
            Some(b'"') => {
                self.string()?;
                Ok(Value::Scalar(self.span(start)))
            }
            Some(b'n') => self.literal(b"null").map(|()| Value::Null),
            Some(b't') => self
                .literal(b"true")
                .map(|()| Value::Scalar(self.span(start))),
            Some(b'f') => self
                .literal(b"false")
                .map(|()| Value::Scalar(self.span(start))),
            Some(b'-' | b'0'..=b'9') => {
                self.number()?;
                Ok(Value::Scalar(self.span(start)))
            }
            _ => Err(self.unexpected()),
        }
    }

    fn nested(
        &mut self,
        parse: fn(&mut Self) -> Result<Value, JsonError>,
    ) -> Result<Value, JsonError> {
        if self.depth == MAX_DEPTH {
            return Err(JsonError::TooDeep);
        }
        self.depth += 1;
        let value = parse(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Result<Value, JsonError> {
        let start = self.at;
        self.at += 1;
        let mut fields = Vec::new();
        self.skip_whitespace();
        if self.peek() == Some(b'}') {
            self.at += 1;
        } else {
            loop {
                self.skip_whitespace();
                let key = self.string()?;
                self.skip_whitespace();
                self.expect(b':')?;
                let value = self.value()?;
                fields.push((key, value));
                if self.ends(b'}')? {
                    break;
                }
            }
        }
        Ok(Value::Object(Object {
            fields,
            span: self.span(start),
        }))
    }

    fn list(&mut self) -> Result<Value, JsonError> {
        let start = self.at;
        self.at += 1;
        let mut items = Vec::new();
        self.skip_whitespace();
        if self.peek() == Some(b']') {
            self.at += 1;
        } else {
            loop {
                items.push(self.value()?);
                if self.ends(b']')? {
                    break;
                }
            }
        }
        Ok(Value::List(items, self.span(start)))
    }

    /// Past a comma (false) or past `close` (true).
    fn ends(&mut self, close: u8) -> Result<bool, JsonError> {
        self.skip_whitespace();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(false)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(true)
            }
            _ => Err(self.unexpected()),
        }
    }

    /// Past a string; the span is what stands between its quotes.
    fn string(&mut self) -> Result<Span, JsonError> {
        self.expect(b'"')?;
        let start = self.at;
        loop {
            match self.peek() {
                Some(b'"') => {
                    let span = self.span(start);
                    self.at += 1;
                    return Ok(span);
                }
                Some(b'\\') => self.escape()?,
                Some(0x20..) => self.at += 1,
                _ => return Err(self.unexpected()),
            }
        }
    }

    fn escape(&mut self) -> Result<(), JsonError> {
        self.at += 1;
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
            Some(b'u') => {
                self.at += 1;
                for _ in 0..4 {
                    if !self.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
                        return Err(self.unexpected());
                    }
                    self.at += 1;
                }
            }
            _ => return Err(self.unexpected()),
        }
        Ok(())
    }

    fn number(&mut self) -> Result<(), JsonError> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.unexpected());
        }
        Ok(())
    }

    fn literal(&mut self, text: &[u8]) -> Result<(), JsonError> {
        if !self.text[self.at..].starts_with(text) {
            return Err(self.unexpected());
        }
        self.at += text.len();
        Ok(())
    }

    fn expect(&mut self, byte: u8) -> Result<(), JsonError> {
        if self.peek() != Some(byte) {
            return Err(self.unexpected());
        }
        self.at += 1;
        Ok(())
    }

    fn skip_whitespace(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn unexpected(&self) -> JsonError {
        JsonError::Unexpected(self.at)
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "the text's length was checked to fit"
    )]
    fn span(&self, start: usize) -> Span {
        Span {
            buffer: self.buffer,
            start: start as u32,
            end: self.at as u32,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn to_serde(buffers: &Buffers, value: &Value) -> serde_json::Value {
        match value {
            Value::Null => serde_json::Value::Null,
            Value::Scalar(span) => serde_json::from_slice(buffers.get(*span)).unwrap(),
            Value::List(items, _) => items.iter().map(|item| to_serde(buffers, item)).collect(),
            Value::Object(object) => object
                .fields
                .iter()
                .map(|(key, value)| {
                    let key = [b"\"", buffers.get(*key), b"\""].concat();
                    let key: String = serde_json::from_slice(&key).unwrap();
                    (key, to_serde(buffers, value))
                })
                .collect(),
        }
    }

    fn json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<f64>().prop_map(Into::into),
            ".*".prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                prop::collection::vec((".{0,6}", inner), 0..6)
                    .prop_map(|fields| fields.into_iter().collect::<serde_json::Value>()),
            ]
        })
    }

    proptest! {
        #[test]
        fn reads_what_serde_writes(value in json(), pretty in any::<bool>()) {
            let text = if pretty {
                serde_json::to_vec_pretty(&value).unwrap()
            } else {
                serde_json::to_vec(&value).unwrap()
            };
            let mut buffers = Buffers::default();
            let parsed = buffers.parse(text.into()).unwrap();
            prop_assert_eq!(to_serde(&buffers, &parsed), value);
        }

        #[test]
        fn accepts_exactly_what_serde_accepts(text in r#"[\[\]{}",:0-9.eE+\-truefalsn\\u ]{0,12}"#) {
            let ours = Buffers::default().parse(text.clone().into()).is_ok();
            let theirs = serde_json::from_str::<&serde_json::value::RawValue>(&text).is_ok();
            prop_assert_eq!(ours, theirs, "{}", text);
        }
    }

    #[test]
    fn refuses_what_is_nested_too_deep() {
        let text = "[".repeat(100_000);
        assert_eq!(
            Buffers::default().parse(text.into()).unwrap_err(),
            JsonError::TooDeep
        );
    }
}
