//! Progressive `@override`: fields that move to another subgraph for some requests only.

use std::collections::{BTreeSet, HashSet};

use hive_router_query_planner::{
    graph::{PERCENTAGE_SCALE_FACTOR, PlannerOverrideContext},
    planner::Planner,
};
use rand::Rng as _;

/// The labels of a supergraph.
#[derive(Debug, Default)]
pub(crate) struct Overrides {
    /// What the labels in percent say, as the planner counts it.
    steps: BTreeSet<u64>,
    /// Other labels.
    labels: BTreeSet<String>,
    active: HashSet<String>,
}

/// Where between 0 and 100 % a request lies: the same for all between the same two labels, so
/// that they share their plans.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Share(u64);

impl Overrides {
    pub(super) fn of(planner: &Planner) -> Self {
        let known = &planner.supergraph.progressive_overrides;
        Self {
            steps: known.percentages.iter().copied().collect(),
            labels: known.flags.iter().cloned().collect(),
            active: HashSet::new(),
        }
    }

    /// Lets the fields of these labels come from their new subgraphs. Says in the log which others
    /// there are, and which there are not.
    pub(super) fn activate(&mut self, labels: &[String]) {
        self.active = labels.iter().cloned().collect();
        for label in self
            .active
            .iter()
            .filter(|label| !self.labels.contains(*label))
        {
            tracing::warn!(label, "the supergraph has no override with this label");
        }
        for label in self
            .labels
            .iter()
            .filter(|label| !self.active.contains(*label))
        {
            tracing::info!(
                label,
                "fields with this override label stay where they were"
            );
        }
    }

    /// The share of a new request, by chance.
    pub(crate) fn draw(&self) -> Share {
        if self.steps.is_empty() {
            return Share::default();
        }
        self.share(rand::rng().random_range(0..100 * PERCENTAGE_SCALE_FACTOR))
    }

    fn share(&self, at: u64) -> Share {
        Share(self.steps.range(..=at).next_back().copied().unwrap_or(0))
    }

    pub(crate) fn context(&self, share: Share) -> PlannerOverrideContext {
        PlannerOverrideContext::new(self.active.clone(), share.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_between_two_labels_are_the_same() {
        let percent = |n: u64| n * PERCENTAGE_SCALE_FACTOR;
        let overrides = Overrides {
            steps: BTreeSet::from([percent(20), percent(70)]),
            ..Overrides::default()
        };
        for (at, share) in [
            (0, 0),
            (percent(20) - 1, 0),
            (percent(20), percent(20)),
            (percent(70) - 1, percent(20)),
            (percent(99), percent(70)),
        ] {
            assert_eq!(overrides.share(at), Share(share), "{at}");
        }
        assert_eq!(Overrides::default().draw(), Share(0));
    }
}
