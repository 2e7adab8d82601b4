//! JSON as the executor holds it: a tree over the subgraphs' bodies. Scalars and keys are spans of
//! the text that came in and go out as they came: no rounding of numbers, and no unescaping but of
//! names, which are compared.

mod parse;

use bytes::Bytes;

use parse::Parser;

/// A stretch of one of the [`Buffers`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    buffer: u32,
    start: u32,
    end: u32,
}

impl Span {
    fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// With the byte before and the one after it.
    fn with_quotes(self) -> Self {
        Self {
            start: self.start - 1,
            end: self.end + 1,
            ..self
        }
    }

    /// Without its first byte and its last.
    fn without_quotes(self) -> Self {
        Self {
            start: self.start + 1,
            end: self.end - 1,
            ..self
        }
    }
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
        let (value, names) = Parser::new(&text, self.next_buffer()).document()?;
        self.0.push(text);
        if !names.is_empty() {
            self.0.push(names.into());
        }
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

    /// The position of `key` in `object`, looked for from `hint` on.
    pub(crate) fn find(&self, object: &Object, key: &str, hint: usize) -> Option<usize> {
        self.find_bytes(object, key.as_bytes(), hint)
    }

    /// [`find`](Self::find), for a key as it stood in a text.
    pub(crate) fn find_bytes(&self, object: &Object, key: &[u8], hint: usize) -> Option<usize> {
        // most keys differ in length: then their text is not looked at
        let is_key = |(span, _): &(Span, Value)| span.len() == key.len() && self.get(*span) == key;
        let (before, after) = object.fields.split_at(hint.min(object.fields.len()));
        let offset = after.iter().position(is_key);
        offset
            .map(|offset| before.len() + offset)
            .or_else(|| before.iter().position(is_key))
    }

    /// The value under `key`.
    pub(crate) fn field<'a>(&self, object: &'a Object, key: &str) -> Option<&'a Value> {
        Some(&object.fields[self.find(object, key, 0)?].1)
    }

    /// The object's `__typename`, when it has one.
    pub(crate) fn type_name(&self, object: &Object) -> Option<&str> {
        self.string(self.field(object, "__typename")?)
    }

    /// Where [`type_name`](Self::type_name) stands.
    pub(crate) fn type_name_span(&self, object: &Object) -> Option<Span> {
        let name = self.field(object, "__typename")?;
        self.string(name)?;
        match name {
            Value::Scalar(span) => Some(span.without_quotes()),
            Value::Null | Value::List(..) | Value::Object(_) => None,
        }
    }

    /// The bytes of all texts.
    pub(crate) fn len(&self) -> usize {
        self.0.iter().map(Bytes::len).sum()
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
