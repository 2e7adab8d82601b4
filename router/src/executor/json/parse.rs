use super::{JsonError, Object, Span, Value};

/// Nesting that a subgraph's response may have.
const MAX_DEPTH: usize = 200;

pub(super) struct Parser<'a> {
    text: &'a [u8],
    at: usize,
    buffer: u32,
    depth: usize,
    /// What strings with escapes read without them, where it is a name; spans of it point into the
    /// next buffer.
    names: Vec<u8>,
    /// How many fields the last object at each depth had: those of a list are mostly alike.
    expected_fields: [u8; MAX_DEPTH + 1],
}

impl<'a> Parser<'a> {
    /// Reads `text`, which is UTF-8 and shorter than 4 GiB; spans point into `buffer`.
    pub(super) fn new(text: &'a [u8], buffer: u32) -> Self {
        Self {
            text,
            at: 0,
            buffer,
            depth: 0,
            names: Vec::new(),
            expected_fields: [0; MAX_DEPTH + 1],
        }
    }

    /// The one value that the text is, and the text that is to be the next buffer.
    pub(super) fn document(mut self) -> Result<(Value, Vec<u8>), JsonError> {
        let value = self.value()?;
        self.skip_whitespace();
        if self.at != self.text.len() {
            return Err(self.unexpected());
        }
        Ok((value, self.names))
    }

    fn value(&mut self) -> Result<Value, JsonError> {
        self.skip_whitespace();
        let start = self.at;
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::list),
            Some(b'"') => {
                let inside = self.string()?;
                let is_as_it_stands = inside.buffer == self.buffer;
                Ok(Value::Scalar(if is_as_it_stands {
                    self.span(start)
                } else {
                    inside.with_quotes()
                }))
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
        let mut fields = Vec::with_capacity(self.expected_fields[self.depth].into());
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
        self.expected_fields[self.depth] = u8::try_from(fields.len()).unwrap_or(u8::MAX);
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

    /// Past a string; the span is what stands between its quotes, or the name that it writes with
    /// escapes.
    fn string(&mut self) -> Result<Span, JsonError> {
        self.expect(b'"')?;
        let start = self.at;
        let mut has_escapes = false;
        loop {
            self.skip_plain();
            match self.peek() {
                Some(b'"') => {
                    let span = self.span(start);
                    self.at += 1;
                    let name = has_escapes.then(|| self.name(span)).flatten();
                    return Ok(name.unwrap_or(span));
                }
                Some(b'\\') => {
                    self.escape()?;
                    has_escapes = true;
                }
                Some(0x20..) => self.at += 1,
                _ => return Err(self.unexpected()),
            }
        }
    }

    /// On to what may end a string, escape or be refused, eight bytes at a time: most of a body
    /// is the inside of strings. Stops early before the last eight bytes of the text.
    fn skip_plain(&mut self) {
        const ONES: u64 = u64::from_le_bytes([0x01; 8]);
        const HIGHS: u64 = u64::from_le_bytes([0x80; 8]);
        // the high bit of each byte that is zero; of bytes above such a one perhaps too
        let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
        while let Some(bytes) = self.text[self.at..].first_chunk::<8>() {
            let word = u64::from_le_bytes(*bytes);
            let quotes = zeros(word ^ u64::from_le_bytes([b'"'; 8]));
            let escapes = zeros(word ^ u64::from_le_bytes([b'\\'; 8]));
            let controls = word.wrapping_sub(u64::from_le_bytes([0x20; 8])) & !word & HIGHS;
            let found = quotes | escapes | controls;
            if found != 0 {
                self.at += (found.trailing_zeros() / 8) as usize;
                return;
            }
            self.at += 8;
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

    /// The name that the string at `span` is once its escapes are undone. Other strings stay as
    /// they stand: nothing compares them.
    #[cold]
    fn name(&mut self, span: Span) -> Option<Span> {
        let mut rest = &self.text[span.start as usize..span.end as usize];
        // in quotes, to be a scalar too
        let start = self.names.len();
        self.names.push(b'"');
        while let Some((&byte, after)) = rest.split_first() {
            let (byte, after) = match byte {
                b'\\' => after
                    .strip_prefix(b"u")
                    .and_then(hex_byte)
                    .unwrap_or((b' ', after)),
                _ => (byte, after),
            };
            if !byte.is_ascii_alphanumeric() && byte != b'_' {
                self.names.truncate(start);
                return None;
            }
            self.names.push(byte);
            rest = after;
        }
        self.names.push(b'"');
        Some(Span {
            buffer: self.buffer + 1,
            start: u32::try_from(start + 1).ok()?,
            end: u32::try_from(self.names.len() - 1).ok()?,
        })
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

/// The character below 256 of four hexadecimal digits, and what follows them.
fn hex_byte(text: &[u8]) -> Option<(u8, &[u8])> {
    let (digits, after) = text.split_first_chunk::<4>()?;
    let digits = std::str::from_utf8(digits).ok()?;
    let byte = u32::from_str_radix(digits, 16).ok()?.try_into().ok()?;
    Some((byte, after))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::Buffers, *};

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
        fn accepts_exactly_the_strings_that_serde_accepts(text in r#"["\\\\\x00-\x22a-dé𝄞/un0]{0,30}"#) {
            let text = format!("\"{text}\"");
            let ours = Buffers::default().parse(text.clone().into()).is_ok();
            let theirs = serde_json::from_str::<&serde_json::value::RawValue>(&text).is_ok();
            prop_assert_eq!(ours, theirs, "{}", text);
        }

        #[test]
        fn accepts_exactly_what_serde_accepts(text in r#"[\[\]{}",:0-9.eE+\-truefalsn\\u ]{0,12}"#) {
            let ours = Buffers::default().parse(text.clone().into()).is_ok();
            let theirs = serde_json::from_str::<&serde_json::value::RawValue>(&text).is_ok();
            prop_assert_eq!(ours, theirs, "{}", text);
        }
    }

    #[test]
    fn undoes_the_escapes_of_names() {
        let text =
            r#"{"\u006eame":"\u0055s\u0065r","a\u0020b":"\n\u0041","x":"\u004A","\u0141":1}"#;
        let mut buffers = Buffers::default();
        let Value::Object(object) = buffers.parse(text.into()).unwrap() else {
            panic!("no object");
        };
        let read: Vec<_> = object
            .fields
            .iter()
            .map(|(key, value)| {
                let key = std::str::from_utf8(buffers.get(*key)).unwrap();
                (key, buffers.string(value))
            })
            .collect();
        let expected = [
            ("name", Some("User")),
            (r"a\u0020b", Some(r"\n\u0041")),
            ("x", Some("J")),
            (r"\u0141", None),
        ];
        assert_eq!(read, expected);
        // what comes next stands in a buffer of its own
        let next = buffers.parse(r#""next""#.into()).unwrap();
        assert_eq!(buffers.string(&next), Some("next"));
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
