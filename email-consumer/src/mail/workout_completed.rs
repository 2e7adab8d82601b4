use std::fmt::Write as _;

use maud::{Markup, html};

use super::{
    Letter,
    layout::{DIM, LINE, button, paragraph},
};
use crate::text::Text;

/// What the notice of a finished workout tells.
pub(super) struct Workout<'a> {
    pub duration_seconds: i64,
    pub exercises: i64,
    pub sets: i64,
    pub reps: i64,
    /// In `weight_unit`.
    pub volume: f64,
    /// `kg` or `lb`.
    pub weight_unit: &'a str,
    /// The address of its report.
    pub report: String,
}

/// A number and what it tells.
struct Figure {
    value: String,
    label: String,
    /// Both on one line.
    line: String,
}

impl Figure {
    fn count(value: String, label: String) -> Self {
        let line = format!("{value} {label}");
        Self { value, label, line }
    }

    fn measure(value: String, label: String) -> Self {
        let line = format!("{label}: {value}");
        Self { value, label, line }
    }
}

/// The notice of a finished workout.
pub(super) fn letter(text: Text, workout: &Workout<'_>) -> Letter {
    let figures = figures(text, workout);
    let intro = text.get("workout-intro");
    let action = text.get("workout-action");
    let html = html! {
        (paragraph(&intro))
        (grid(&figures))
        (button(&workout.report, &action))
    };
    let mut plain = format!("{intro}\n\n");
    for figure in &figures {
        // Writing into a string does not fail.
        let _ = writeln!(plain, "- {}", figure.line);
    }
    let _ = write!(plain, "\n{action}: {}", workout.report);
    let subject = [
        ("count", workout.sets.into()),
        ("sets", text.whole(workout.sets).into()),
        ("duration", text.duration(workout.duration_seconds).into()),
    ];
    Letter {
        subject: text.with("workout-subject", &subject),
        preview: text.get("workout-preview"),
        heading: text.get("workout-heading"),
        html,
        text: plain,
    }
}

/// What there is to tell: a workout of planks has no volume.
fn figures(text: Text, workout: &Workout<'_>) -> Vec<Figure> {
    let count = |name: &str, value: i64| {
        let label = text.with(name, &[("count", value.into())]);
        Figure::count(text.whole(value), label)
    };
    let mut figures = vec![
        count("workout-sets", workout.sets),
        count("workout-exercises", workout.exercises),
    ];
    if workout.reps > 0 {
        figures.push(count("workout-reps", workout.reps));
    }
    if workout.volume > 0.0 {
        let arguments = [
            ("weight", text.decimal(workout.volume).into()),
            ("unit", workout.weight_unit.to_owned().into()),
        ];
        let volume = text.with("workout-weight", &arguments);
        figures.push(Figure::measure(volume, text.get("workout-volume")));
    }
    let duration = text.duration(workout.duration_seconds);
    figures.push(Figure::measure(duration, text.get("workout-duration")));
    figures
}

/// Two figures a row: wide enough on a phone.
fn grid(figures: &[Figure]) -> Markup {
    html! {
        table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="border-collapse:separate;border-spacing:0" {
            @for row in figures.chunks(2) {
                tr {
                    @for figure in row {
                        td width="50%" style={ "padding:10px 8px 10px 0;vertical-align:top;border-top:1px solid " (LINE) } {
                            div style="font-size:22px;font-weight:700;line-height:1.3" { (figure.value) }
                            div style={ "font-size:14px;color:" (DIM) } { (figure.label) }
                        }
                    }
                    @if row.len() == 1 {
                        td width="50%" style={ "border-top:1px solid " (LINE) } {}
                    }
                }
            }
        }
    }
}
