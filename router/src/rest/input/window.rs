use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    super::failure::{Failure, Problem},
    Int32,
};

/// `offset` and `limit` of a list's query.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(in crate::rest) struct Window {
    /// How many of the newest to leave out.
    #[schemars(extend("minimum" = 0))]
    offset: Int32,
    /// How many to answer, at most 100; more is taken for 100, and 0 for 20.
    #[schemars(extend("minimum" = 0, "default" = 20))]
    limit: Int32,
}

/// The same as arguments of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(in crate::rest) struct Slice {
    pub(in crate::rest) offset: i32,
    pub(in crate::rest) first: i32,
}

impl Window {
    const DEFAULT: i32 = 20;
    const MAX: i32 = 100;

    /// No limit, and a limit of zero, is the default; one above the cap is the cap.
    pub(in crate::rest) fn slice(&self) -> Result<Slice, Failure> {
        for (name, number) in [("offset", self.offset), ("limit", self.limit)] {
            if number < Int32(0) {
                return Err(Failure::Field {
                    name: name.into(),
                    problem: Problem::Negative,
                });
            }
        }
        let limit = match self.limit.0 {
            0 => Self::DEFAULT,
            limit => limit.min(Self::MAX),
        };
        Ok(Slice {
            offset: self.offset.0,
            first: limit,
        })
    }
}
