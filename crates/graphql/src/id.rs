/// Makes an id: a newtype over a UUID that is GraphQL's `ID` in both
/// directions, a `uuid` in PostgreSQL and a string in JSON.
///
/// What is not a UUID becomes the nil UUID on input: nothing has that id, so
/// it is simply not found.
#[macro_export]
macro_rules! id_type {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord,
            $crate::reexport::serde::Serialize, $crate::reexport::serde::Deserialize,
            $crate::reexport::sqlx::Type,
        )]
        #[serde(transparent, crate = "::setwise_graphql::reexport::serde")]
        #[sqlx(transparent)]
        pub struct $name(pub $crate::reexport::uuid::Uuid);

        impl $name {
            /// A new id that sorts by the time it was made (UUIDv7).
            #[must_use]
            #[expect(clippy::new_without_default, reason = "a default id would be a new one each time")]
            pub fn new() -> Self {
                Self($crate::reexport::uuid::Uuid::now_v7())
            }
        }

        impl From<$crate::reexport::uuid::Uuid> for $name {
            fn from(id: $crate::reexport::uuid::Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for $crate::reexport::uuid::Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl $crate::reexport::async_graphql::InputType for $name {
            type RawValueType = Self;

            fn type_name() -> ::std::borrow::Cow<'static, str> {
                "ID".into()
            }

            fn create_type_info(
                registry: &mut $crate::reexport::async_graphql::registry::Registry,
            ) -> String {
                <$crate::reexport::async_graphql::ID as $crate::reexport::async_graphql::InputType>::create_type_info(registry)
            }

            fn parse(
                value: Option<$crate::reexport::async_graphql::Value>,
            ) -> $crate::reexport::async_graphql::InputValueResult<Self> {
                let id = <$crate::reexport::async_graphql::ID as $crate::reexport::async_graphql::InputType>::parse(value)
                    .map_err($crate::reexport::async_graphql::InputValueError::propagate)?;
                Ok(Self(id.0.parse().unwrap_or_default()))
            }

            fn to_value(&self) -> $crate::reexport::async_graphql::Value {
                $crate::reexport::async_graphql::Value::String(self.0.to_string())
            }

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }
        }

        impl $crate::reexport::async_graphql::OutputType for $name {
            fn type_name() -> ::std::borrow::Cow<'static, str> {
                "ID".into()
            }

            fn create_type_info(
                registry: &mut $crate::reexport::async_graphql::registry::Registry,
            ) -> String {
                <$crate::reexport::async_graphql::ID as $crate::reexport::async_graphql::OutputType>::create_type_info(registry)
            }

            async fn resolve(
                &self,
                _: &$crate::reexport::async_graphql::ContextSelectionSet<'_>,
                _: &$crate::reexport::async_graphql::Positioned<
                    $crate::reexport::async_graphql::parser::types::Field,
                >,
            ) -> $crate::reexport::async_graphql::ServerResult<
                $crate::reexport::async_graphql::Value,
            > {
                Ok($crate::reexport::async_graphql::Value::String(self.0.to_string()))
            }
        }
    };
}
