//! Why a change is refused, and how that reads. A new rule is a new variant
//! here, with its code and its two sentences.

use setwise_graphql::{UserError, UserErrorCode};
use setwise_service::Locale;

/// A rule that a request breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    EmptyFilename,
    LongFilename {
        max: usize,
    },
    InvalidContentType,
    TooManyPending {
        max: i64,
    },
    /// There is no such upload, or it is another person's.
    UploadNotFound,
    NotUploaded,
    EmptyFile,
    TooManyBytes {
        max: u64,
    },
    NotAnImage,
    TooManyPixels {
        max_megapixels: u64,
    },
}

impl Refusal {
    /// The error as the person reads it.
    pub(crate) fn user_error(self, locale: Locale) -> UserError {
        let message = match locale {
            Locale::En => self.english(),
            Locale::Ru => self.russian(),
        };
        let error = UserError::new(self.code(), message);
        match self.field() {
            Some(field) => error.on(field),
            None => error,
        }
    }

    fn code(self) -> UserErrorCode {
        match self {
            Self::EmptyFilename
            | Self::LongFilename { .. }
            | Self::InvalidContentType
            | Self::EmptyFile
            | Self::TooManyBytes { .. }
            | Self::NotAnImage
            | Self::TooManyPixels { .. } => UserErrorCode::Invalid,
            Self::TooManyPending { .. } => UserErrorCode::ResourceExhausted,
            Self::UploadNotFound => UserErrorCode::NotFound,
            Self::NotUploaded => UserErrorCode::FailedPrecondition,
        }
    }

    fn field(self) -> Option<&'static str> {
        match self {
            Self::EmptyFilename | Self::LongFilename { .. } => Some("filename"),
            Self::InvalidContentType => Some("contentType"),
            Self::TooManyPending { .. } => None,
            Self::UploadNotFound
            | Self::NotUploaded
            | Self::NotAnImage
            | Self::TooManyPixels { .. } => Some("uploadId"),
            Self::EmptyFile | Self::TooManyBytes { .. } => Some("file"),
        }
    }

    fn english(self) -> String {
        match self {
            Self::EmptyFilename => "The file needs a name".into(),
            Self::LongFilename { max } => {
                format!("The file name must have at most {max} characters")
            }
            Self::InvalidContentType => {
                "The content type must be a media type, like image/jpeg".into()
            }
            Self::TooManyPending { max } => {
                format!("There are {max} unfinished uploads: send their files or wait 15 minutes")
            }
            Self::UploadNotFound => "Upload not found".into(),
            Self::NotUploaded => "The file has not been uploaded yet".into(),
            Self::EmptyFile => "The file is empty".into(),
            Self::TooManyBytes { max } => format!("The file must have at most {max} bytes"),
            Self::NotAnImage => "The file is not a JPEG, PNG or WebP picture".into(),
            Self::TooManyPixels { max_megapixels } => {
                format!("The picture must have at most {max_megapixels} megapixels")
            }
        }
    }

    fn russian(self) -> String {
        match self {
            Self::EmptyFilename => "Файлу нужно имя".into(),
            Self::LongFilename { max } => {
                format!("В имени файла может быть не больше {max} символов")
            }
            Self::InvalidContentType => {
                "Тип содержимого должен быть медиатипом, например image/jpeg".into()
            }
            Self::TooManyPending { max } => {
                format!("Незавершённых загрузок уже {max}: отправьте файлы или подождите 15 минут")
            }
            Self::UploadNotFound => "Загрузка не найдена".into(),
            Self::NotUploaded => "Файл ещё не загружен".into(),
            Self::EmptyFile => "Файл пуст".into(),
            Self::TooManyBytes { max } => format!("Размер файла может быть не больше {max} байт"),
            Self::NotAnImage => "Файл не является изображением JPEG, PNG или WebP".into(),
            Self::TooManyPixels { max_megapixels } => {
                format!("В изображении может быть не больше {max_megapixels} мегапикселей")
            }
        }
    }
}
