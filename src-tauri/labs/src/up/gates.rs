//! How far each node is, for those that wait for it.

use crate::topology::StageName;
use std::collections::BTreeMap;
use tokio::sync::watch;

/// How far a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reached {
    /// Nothing of it is done.
    Nothing,
    /// It has left this stage behind.
    Stage(StageName),
    /// It will not come further.
    Failed,
}

/// The gates of all nodes.
#[derive(Debug)]
pub(crate) struct Gates {
    nodes: BTreeMap<String, watch::Sender<Reached>>,
}

impl Gates {
    pub(crate) fn new(nodes: impl IntoIterator<Item = String>) -> Self {
        let gate = |name| (name, watch::Sender::new(Reached::Nothing));
        Self {
            nodes: nodes.into_iter().map(gate).collect(),
        }
    }

    /// A node has come so far. It never goes back.
    pub(crate) fn reach(&self, node: &str, reached: Reached) {
        if let Some(gate) = self.nodes.get(node) {
            gate.send_if_modified(|now| {
                let further = reached > *now;
                *now = reached.max(*now);
                further
            });
        }
    }

    /// Waits until a node has left a stage behind; false if it failed before. A node that is not deployed here is not
    /// waited for.
    pub(crate) async fn wait(&self, node: &str, stage: StageName) -> bool {
        let Some(gate) = self.nodes.get(node) else {
            return true;
        };
        let mut told = gate.subscribe();
        let reached = told.wait_for(|now| *now >= Reached::Stage(stage)).await;
        reached.is_ok_and(|now| *now != Reached::Failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_waits_hears_of_the_stage_and_of_a_failure() {
        let gates = Gates::new(["a".to_owned(), "b".to_owned()]);
        gates.reach("a", Reached::Stage(StageName::Healthy));
        gates.reach("a", Reached::Stage(StageName::Create));
        assert!(gates.wait("a", StageName::Configure).await);
        gates.reach("b", Reached::Failed);
        assert!(!gates.wait("b", StageName::Create).await);
        assert!(gates.wait("c", StageName::Exit).await);
    }
}
