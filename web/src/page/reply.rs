//! Answers other than a page: redirects, and what they leave in cookies.

use axum::response::{IntoResponse, Redirect, Response};
use setwise_service::Locale;

use crate::{
    session::Session,
    text::{Message, msg},
};

/// What an answer changes in the browser; `open` writes the cookies.
#[derive(Clone, Default)]
pub(super) struct Changes {
    pub(super) session: Option<SessionChange>,
    pub(super) language: Option<Locale>,
    pub(super) notice: Option<Notice>,
}

#[derive(Clone)]
pub(super) enum SessionChange {
    Keep(Box<Session>),
    End,
}

/// A word about what has just been done, shown once on the next page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    Welcome,
    SignedOut,
    SessionEnded,
    ProfileSaved,
    AvatarSaved,
    AvatarRemoved,
    RoutineSaved,
    RoutineDeleted,
    RoutineCopied,
    RoutineArchived,
    WorkoutDiscarded,
    WorkoutSaved,
    WorkoutFinished,
    WorkoutGone,
    ExerciseGone,
    GenerationSaved,
    MeasurementSaved,
    MeasurementDeleted,
    ExerciseSaved,
    ExerciseDeleted,
}

impl Notice {
    const ALL: [Self; 20] = [
        Self::Welcome,
        Self::SignedOut,
        Self::SessionEnded,
        Self::ProfileSaved,
        Self::AvatarSaved,
        Self::AvatarRemoved,
        Self::RoutineSaved,
        Self::RoutineDeleted,
        Self::RoutineCopied,
        Self::RoutineArchived,
        Self::WorkoutDiscarded,
        Self::WorkoutSaved,
        Self::WorkoutFinished,
        Self::WorkoutGone,
        Self::ExerciseGone,
        Self::GenerationSaved,
        Self::MeasurementSaved,
        Self::MeasurementDeleted,
        Self::ExerciseSaved,
        Self::ExerciseDeleted,
    ];

    pub(crate) fn message(self) -> Message {
        match self {
            Self::Welcome => msg("notice-welcome"),
            Self::SignedOut => msg("notice-signed-out"),
            Self::SessionEnded => msg("notice-session-ended"),
            Self::ProfileSaved => msg("notice-profile-saved"),
            Self::AvatarSaved => msg("notice-avatar-saved"),
            Self::AvatarRemoved => msg("notice-avatar-removed"),
            Self::RoutineSaved => msg("notice-routine-saved"),
            Self::RoutineDeleted => msg("notice-routine-deleted"),
            Self::RoutineCopied => msg("notice-routine-copied"),
            Self::RoutineArchived => msg("notice-routine-archived"),
            Self::WorkoutDiscarded => msg("notice-workout-discarded"),
            Self::WorkoutSaved => msg("notice-workout-saved"),
            Self::WorkoutFinished => msg("notice-workout-finished"),
            Self::WorkoutGone => msg("notice-workout-gone"),
            Self::ExerciseGone => msg("notice-exercise-gone"),
            Self::GenerationSaved => msg("notice-generation-saved"),
            Self::MeasurementSaved => msg("notice-measurement-saved"),
            Self::MeasurementDeleted => msg("notice-measurement-deleted"),
            Self::ExerciseSaved => msg("notice-exercise-saved"),
            Self::ExerciseDeleted => msg("notice-exercise-deleted"),
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|notice| notice.message().0 == name)
    }
}

/// Post, redirect, get: reloading the next page sends nothing twice.
pub(crate) fn see_other(path: &str) -> Response {
    Redirect::to(path).into_response()
}

pub(crate) fn with_notice(response: Response, notice: Notice) -> Response {
    change(response, |changes| changes.notice = Some(notice))
}

pub(crate) fn keep_language(response: Response, locale: Locale) -> Response {
    change(response, |changes| changes.language = Some(locale))
}

pub(crate) fn renew_session(response: Response, session: Session) -> Response {
    let session = Some(SessionChange::Keep(Box::new(session)));
    change(response, |changes| changes.session = session)
}

pub(crate) fn end_session(response: Response) -> Response {
    change(response, |changes| {
        changes.session = Some(SessionChange::End);
    })
}

fn change(mut response: Response, apply: impl FnOnce(&mut Changes)) -> Response {
    let changes = response.extensions_mut().get_or_insert_default::<Changes>();
    apply(changes);
    response
}

/// `path` when it stays on this site, whatever a browser makes of it.
pub(crate) fn local_path(path: &str) -> Option<&str> {
    let plain = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && !path.contains(char::is_control);
    plain.then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn return_paths_stay_on_this_site() {
        for good in ["/", "/routines/1?a=b#c", "/sign-in?return=//x"] {
            assert_eq!(local_path(good), Some(good));
        }
        for bad in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "x",
            "/a\nb",
            "/\t/evil.example",
        ] {
            assert_eq!(local_path(bad), None, "{bad}");
        }
    }

    #[test]
    fn every_notice_comes_back_from_its_name() {
        for notice in Notice::ALL {
            assert_eq!(Notice::from_name(notice.message().0), Some(notice));
        }
        assert_eq!(Notice::from_name("<script>"), None);
    }
}
