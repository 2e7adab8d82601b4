use std::fmt;

use crate::refusal::Flaw;

const MAX_LENGTH: usize = 254;
const MAX_LOCAL_LENGTH: usize = 64;
const MAX_LABEL_LENGTH: usize = 63;

/// An e-mail address that mail can be sent to: the rule of the browsers'
/// `<input type="email">` (WHATWG HTML), without the dots that a mail server
/// refuses. Two addresses that differ in case alone are the same account,
/// which the unique index sees to.
#[derive(Clone, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct Email(String);

impl Email {
    /// # Errors
    /// [`Flaw::Email`] when the trimmed text is not an address or is longer
    /// than 254 characters (RFC 5321).
    pub fn parse(text: &str) -> Result<Self, Flaw> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(Flaw::Email)?;
        let valid = text.len() <= MAX_LENGTH
            && local.len() <= MAX_LOCAL_LENGTH
            && local.split('.').all(is_atom)
            && domain.split('.').all(is_label);
        valid.then(|| Self(text.to_owned())).ok_or(Flaw::Email)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part before the `@`.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.0.rsplit_once('@').map_or(&*self.0, |(local, _)| local)
    }
}

/// `atext` of RFC 5322, at least one.
fn is_atom(text: &str) -> bool {
    let atext = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&byte);
    !text.is_empty() && text.bytes().all(atext)
}

/// A label of a host name (RFC 1123).
fn is_label(text: &str) -> bool {
    (1..=MAX_LABEL_LENGTH).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// Addresses do not belong in logs.
impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_address_reads_back_as_it_was_parsed(
            text in "[ ]{0,2}[a-zA-Z0-9_+-]{1,20}(\\.[a-z0-9]{1,9}){0,2}@[a-zA-Z0-9]{1,20}(\\.[a-z]{2,6}){0,3}[ ]{0,2}"
        ) {
            let email = Email::parse(&text).unwrap();
            prop_assert_eq!(email.as_str(), text.trim());
            prop_assert_eq!(&Email::parse(email.as_str()).unwrap(), &email);
            prop_assert!(email.as_str().starts_with(email.local_part()));
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,300}") {
            if let Ok(email) = Email::parse(&text) {
                prop_assert!(email.as_str().len() <= MAX_LENGTH);
            }
        }
    }

    #[test]
    fn refuses_what_no_mail_reaches() {
        for text in [
            "",
            " ",
            "ann",
            "@",
            "ann@",
            "@example.com",
            "a b@example.com",
            "ann@exa mple.com",
            "ann@-example.com",
            "ann@example-.com",
            "ann@example..com",
            "ann@example.com.",
            ".ann@example.com",
            "ann.@example.com",
            "a..b@example.com",
            "a@b@example.com",
            "ann@exam_ple.com",
            "анна@example.com",
            "ann@example.com\r\nBcc: b@example.com",
            "Ann <ann@example.com>",
        ] {
            assert_eq!(Email::parse(text), Err(Flaw::Email), "{text:?}");
        }
        let domain = format!("{}.com", ["a"; 124].join("."));
        let longest = format!("ab@{domain}");
        assert_eq!(longest.len(), MAX_LENGTH);
        assert!(Email::parse(&longest).is_ok());
        assert!(Email::parse(&format!("c{longest}")).is_err());
        assert!(Email::parse(&format!("{}@example.com", "a".repeat(65))).is_err());
    }

    #[test]
    fn does_not_show_in_debug_output() {
        let email = Email::parse("ann@example.com").unwrap();
        assert_eq!(format!("{email:?}"), "Email([redacted])");
    }
}
