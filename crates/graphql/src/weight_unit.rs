use async_graphql::Enum;
use serde::{Deserialize, Serialize};

/// The unit in which a person enters and reads weights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum WeightUnit {
    /// Kilograms
    #[default]
    Kg,
    /// Pounds, of exactly 0.45359237 kg (International yard and pound agreement, 1959)
    Lb,
}

impl WeightUnit {
    /// `kg` or `lb`.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Kg => "kg",
            Self::Lb => "lb",
        }
    }
}
