//! Supersets of a routine: an exercise joins the one above it, or is done alone again.

use axum::{extract::Path, response::Response};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;

use super::{
    Instance, OPERATIONS,
    editor::{act, to_editor},
};
use crate::{
    error::WebError,
    form::Form,
    graph::Operation,
    icon,
    page::{Page, SignedIn},
};

const ORDER: Operation = Operation::new(OPERATIONS, "RoutineOrder");
const UPDATE: Operation = Operation::new(OPERATIONS, "UpdateExerciseInstance");
/// The numbers that a superset may have.
const NUMBERS: std::ops::RangeInclusive<i16> = 1..=100;

#[derive(Deserialize)]
struct Found {
    routine: Option<Order>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Order {
    exercise_instances: Vec<Member>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Member {
    id: String,
    superset_group: Option<i16>,
}

/// Where an exercise stands among those of its superset that are next to it.
#[derive(Clone, Copy)]
pub(super) struct Place {
    is_first_of_all: bool,
    pub(super) with_above: bool,
    with_below: bool,
}

impl Place {
    pub(super) fn of(instances: &[Instance], index: usize) -> Self {
        let group = |index: usize| instances.get(index).and_then(|one| one.superset_group);
        let own = group(index);
        let above = index.checked_sub(1).and_then(group);
        Self {
            is_first_of_all: index == 0,
            with_above: own.is_some() && above == own,
            with_below: own.is_some() && group(index + 1) == own,
        }
    }

    /// How the card is framed.
    pub(super) fn class(self) -> &'static str {
        match (self.with_above, self.with_below) {
            (false, false) => "card log-card",
            (false, true) => "card log-card in-superset is-first",
            (true, true) => "card log-card in-superset",
            (true, false) => "card log-card in-superset is-last",
        }
    }
}

pub(super) fn button(page: &Page, at: &str, instance: &Instance, place: Place) -> Markup {
    let action = format!("{at}/superset");
    let is_in = instance.superset_group.is_some();
    html! {
        @if is_in || !place.is_first_of_all {
            form id={ "superset-" (instance.id) } class="superset-form" method="post" action=(action) hx-post=(action)
                hx-target="#instances" hx-select="#instances" hx-swap="outerHTML" {
                (page.csrf_field())
                @if is_in {
                    button class="quiet small" name="turn" value="alone" { (icon::link()) (page.t("superset-leave")) }
                } @else {
                    button class="quiet small" name="turn" value="above" { (icon::link()) (page.t("superset-join")) }
                }
            }
        }
    }
}

pub(super) async fn change(
    page: SignedIn,
    Path((id, instance)): Path<(String, String)>,
    form: Form,
) -> Result<Response, WebError> {
    let pick = |found: Found| found.routine.map(|order| order.exercise_instances);
    let members = page.find(ORDER, json!({ "id": id }), pick).await?;
    let members = members.ok_or(WebError::NotFound)?;
    let groups: Vec<_> = members.iter().map(|member| member.superset_group).collect();
    let at = members.iter().position(|member| member.id == instance);
    let at = at.ok_or(WebError::NotFound)?;
    let wanted = if form.value("turn") == "above" {
        joined(&groups, at)
    } else {
        alone(&groups, at)
    };
    for (member, group) in members.iter().zip(wanted) {
        if member.superset_group != group {
            let input =
                json!({ "routineId": id, "exerciseInstanceId": member.id, "supersetGroup": group });
            act(&page, UPDATE, input).await?;
        }
    }
    Ok(to_editor(&id, Some(&instance)))
}

/// The supersets when the exercise at `at` joins the one above it.
fn joined(groups: &[Option<i16>], at: usize) -> Vec<Option<i16>> {
    let Some(above) = at.checked_sub(1) else {
        return groups.to_vec();
    };
    let mut groups = alone(groups, at);
    let mut free = NUMBERS.filter(|number| !groups.contains(&Some(*number)));
    let group = groups[above].or(free.next());
    groups[above] = group;
    groups[at] = group;
    groups
}

/// The supersets when the exercise at `at` is in none, and whom it leaves alone neither.
fn alone(groups: &[Option<i16>], at: usize) -> Vec<Option<i16>> {
    let mut groups = groups.to_vec();
    let left = groups[at].take();
    let is_left = |group: &Option<i16>| left.is_some() && *group == left;
    if groups.iter().filter(|group| is_left(group)).count() == 1 {
        let mut rest = groups.iter_mut();
        if let Some(single) = rest.find(|group| is_left(group)) {
            *single = None;
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Option<i16> = Some(1);
    const B: Option<i16> = Some(2);

    #[test]
    fn an_exercise_joins_the_one_above_it() {
        assert_eq!(joined(&[None, None, None], 1), [A, A, None]);
        assert_eq!(joined(&[A, A, None, None], 3), [A, A, B, B]);
        assert_eq!(joined(&[A, A, None], 2), [A, A, A]);
        assert_eq!(joined(&[None, A, A, A], 1), [B, B, A, A]);
        assert_eq!(joined(&[A, None, B, B], 2), [A, B, B, None]);
        assert_eq!(joined(&[None], 0), [None]);
    }

    #[test]
    fn nobody_stays_in_a_superset_alone() {
        assert_eq!(alone(&[A, A, B, B], 0), [None, None, B, B]);
        assert_eq!(alone(&[A, A, A], 1), [A, None, A]);
    }
}
