//! Supersets of a live workout: exercises that are done in turn.

use maud::{Markup, html};

use super::ExerciseLog;
use crate::{icon, page::Page};

/// Exercises that stand together: those of a superset at the place of its first, any other alone.
pub(super) struct Block<'a> {
    pub(super) group: Option<i16>,
    pub(super) logs: Vec<&'a ExerciseLog>,
}

pub(super) fn blocks(logs: &[ExerciseLog]) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block> = Vec::new();
    for log in logs {
        let group = log.superset_group;
        let mut open = blocks.iter_mut();
        match open.find(|block| group.is_some() && block.group == group) {
            Some(block) => block.logs.push(log),
            None => blocks.push(Block {
                group,
                logs: vec![log],
            }),
        }
    }
    blocks
}

impl Block<'_> {
    pub(super) fn is_superset(&self) -> bool {
        self.logs.len() > 1
    }

    /// Whose turn it is: of those with a set left to do, the one with the fewest done.
    fn next(&self) -> Option<&ExerciseLog> {
        let open = self.logs.iter().filter(|log| {
            let planned = log.expected_sets.len();
            planned == 0 || log.set_logs.len() < planned
        });
        open.min_by_key(|log| log.set_logs.len()).copied()
    }

    /// What changes outside the card of an exercise when a set of it is logged, as htmx names it.
    pub(super) fn others(&self, log: &ExerciseLog) -> String {
        let turns = self.logs.iter().filter(|other| other.id != log.id);
        let turns = turns.map(|log| format!(",#turn-{}", log.id));
        format!("#workout-totals{}", turns.collect::<String>())
    }

    /// In the card of an exercise: that it is its turn, or whose it is.
    pub(super) fn turn(&self, page: &Page, log: &ExerciseLog) -> Markup {
        html! {
            @if self.is_superset() {
                p class="turn" id={ "turn-" (log.id) } {
                    @match self.next() {
                        Some(next) if next.id == log.id => strong { (icon::arrow()) (page.t("superset-now")) },
                        Some(next) => a href={ "#log-" (next.id) } {
                            (page.t_with("superset-next", [("name", next.exercise.name.clone().into())]))
                        },
                        None => {}
                    }
                }
            }
        }
    }
}
