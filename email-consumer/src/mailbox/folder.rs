use std::{
    fs,
    io::{self, ErrorKind},
    path::PathBuf,
};

use mail_parser::{Address, Message, MessageParser};
use serde::Serialize;

const EXTENSION: &str = ".eml";

/// A folder of mails, one a file.
pub(super) struct Folder(PathBuf);

/// A mail in the list.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Summary {
    /// Its file in the folder.
    pub file: String,
    pub from: String,
    pub to: String,
    pub subject: String,
    /// RFC 3339.
    pub date: Option<String>,
    /// The plain text.
    pub text: String,
}

/// A whole mail.
#[derive(Clone, Debug)]
pub(super) struct StoredMail {
    pub summary: Summary,
    pub html: Option<String>,
    /// As they are in the file.
    pub headers: String,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum FolderError {
    #[error("there is no such mail")]
    NotFound,
    #[error("the folder cannot be read")]
    Io(#[from] io::Error),
}

impl Folder {
    pub fn new(dir: PathBuf) -> Self {
        Self(dir)
    }

    /// Newest first: file names begin with the time.
    pub fn list(&self) -> Result<Vec<Summary>, FolderError> {
        let entries = match fs::read_dir(&self.0) {
            Ok(entries) => entries,
            // No mail was sent yet.
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let mut files = Vec::new();
        for entry in entries {
            let name = entry?.file_name();
            files.extend(name.into_string().ok().filter(|name| is_mail(name)));
        }
        files.sort_unstable_by(|a, b| b.cmp(a));
        let mut mails = Vec::new();
        for file in files {
            match self.read(&file) {
                Ok(mail) => mails.push(mail.summary),
                // Deleted meanwhile.
                Err(FolderError::NotFound) => {}
                Err(error @ FolderError::Io(_)) => return Err(error),
            }
        }
        Ok(mails)
    }

    pub fn read(&self, file: &str) -> Result<StoredMail, FolderError> {
        let bytes = self.raw(file)?;
        let message = MessageParser::default().parse(&bytes);
        let message = message.unwrap_or_default();
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        let headers = &bytes[..end.unwrap_or(bytes.len())];
        Ok(StoredMail {
            summary: summary(file, &message),
            html: message.body_html(0).map(Into::into),
            headers: String::from_utf8_lossy(headers).into_owned(),
        })
    }

    pub fn raw(&self, file: &str) -> Result<Vec<u8>, FolderError> {
        if !is_mail(file) {
            return Err(FolderError::NotFound);
        }
        fs::read(self.0.join(file)).map_err(|error| match error.kind() {
            ErrorKind::NotFound => FolderError::NotFound,
            _ => FolderError::Io(error),
        })
    }
}

/// A name that stays in the folder, and that the folder transport would give.
fn is_mail(file: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    file.ends_with(EXTENSION) && !file.starts_with('.') && file.bytes().all(plain)
}

fn summary(file: &str, message: &Message<'_>) -> Summary {
    Summary {
        file: file.to_owned(),
        from: addresses(message.from()),
        to: addresses(message.to()),
        subject: message.subject().unwrap_or_default().to_owned(),
        date: message.date().map(mail_parser::DateTime::to_rfc3339),
        text: message.body_text(0).unwrap_or_default().into_owned(),
    }
}

fn addresses(address: Option<&Address<'_>>) -> String {
    let all = address.into_iter().flat_map(Address::iter);
    let all: Vec<String> = all
        .map(|one| {
            let email = one.address().unwrap_or_default();
            match one.name() {
                Some(name) => format!("{name} <{email}>"),
                None => email.to_owned(),
            }
        })
        .collect();
    all.join(", ")
}
