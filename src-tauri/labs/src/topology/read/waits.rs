//! Nodes that wait for each other, so that none of them could ever start.

use super::context::Context;
use crate::topology::{Code, NetworkMode, Node, StageName};
use std::collections::HashMap;

/// The stages, in the order in which a node goes through them.
const STAGES: usize = 5;

/// Reports each circle of nodes once.
pub(super) fn cycles(nodes: &[Node], context: &Context<'_>) {
    let graph = Graph::new(nodes);
    for circle in graph.circles() {
        let names: Vec<_> = circle
            .iter()
            .map(|vertex| &nodes[vertex / STAGES].name)
            .collect();
        let mut path: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
        path.dedup();
        if path.len() > 1 && path.first() == path.last() {
            path.pop();
        }
        let place = circle
            .iter()
            .map(|vertex| nodes[vertex / STAGES].place)
            .min()
            .unwrap_or_default();
        let message = match path.as_slice() {
            [one] => format!("node {one} waits for itself"),
            [first, rest @ ..] => format!(
                "node {first} waits for {}, which waits for {first}",
                rest.join(", which waits for ")
            ),
            [] => continue,
        };
        let hint = "remove one `wait-for` or `network-mode` of them".to_owned();
        context
            .problems
            .error_hint(Code::Cycle, place, message, Some(hint));
    }
}

/// For each stage of each node what must be over before: a vertex is `node * STAGES + stage`.
struct Graph {
    before: Vec<Vec<usize>>,
}

impl Graph {
    fn new(nodes: &[Node]) -> Self {
        let by_name: HashMap<_, _> = nodes
            .iter()
            .enumerate()
            .map(|(index, node)| (&node.name, index))
            .collect();
        let vertex = |node: usize, stage: StageName| node * STAGES + stage as usize;
        let mut before = vec![Vec::new(); nodes.len() * STAGES];
        for (index, node) in nodes.iter().enumerate() {
            for stage in 1..STAGES {
                before[index * STAGES + stage].push(index * STAGES + stage - 1);
            }
            for (name, stage) in node.settings.stages.all() {
                let waits = stage
                    .wait_for
                    .iter()
                    .filter_map(|wait| Some((by_name.get(&wait.node)?, wait.stage)));
                before[vertex(index, name)]
                    .extend(waits.map(|(other, stage)| vertex(*other, stage)));
            }
            if let NetworkMode::Node(other) = &node.settings.network_mode
                && let Some(other) = by_name.get(other)
            {
                before[vertex(index, StageName::Create)].push(vertex(*other, StageName::Create));
            }
        }
        Self { before }
    }

    /// One circle for each place where walking on comes back to where it was.
    fn circles(&self) -> Vec<Vec<usize>> {
        let mut state = vec![State::New; self.before.len()];
        let mut circles = Vec::new();
        for start in 0..self.before.len() {
            self.walk(start, &mut state, &mut circles);
        }
        circles
    }

    /// Walks from one vertex, deep first, without recursion: a chain may be as long as the file.
    fn walk(&self, start: usize, state: &mut [State], circles: &mut Vec<Vec<usize>>) {
        if state[start] != State::New {
            return;
        }
        let mut path = vec![(start, 0)];
        state[start] = State::Open;
        while let Some((vertex, next)) = path.last_mut() {
            let Some(&before) = self.before[*vertex].get(*next) else {
                state[*vertex] = State::Over;
                path.pop();
                continue;
            };
            *next += 1;
            match state[before] {
                State::Over => {}
                State::New => {
                    state[before] = State::Open;
                    path.push((before, 0));
                }
                State::Open => {
                    let from = path
                        .iter()
                        .position(|(vertex, _)| *vertex == before)
                        .unwrap_or_default();
                    circles.push(path[from..].iter().map(|(vertex, _)| *vertex).collect());
                }
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Over,
}
