//! Every port and link of a lab, for people and programs.

use crate::running::{LinkView, link_view};
use labwright_patchbay::{EndName, EndState, EndStatus, Impairments, LinkStatus, Status};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Every port and link of a lab.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkList {
    /// The links, in the order of the file.
    pub links: Vec<ListedLink>,
    /// The ports that have none, by name.
    pub free: Vec<FreePort>,
}

/// A link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedLink {
    /// Its ends, and how it stands.
    #[serde(flatten)]
    pub link: LinkView,
    /// What is done to frames on their way to each end.
    pub impairments: [Impairments; 2],
}

/// A port without a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreePort {
    /// The port.
    pub end: String,
    /// What is wrong with it; empty where nothing is.
    pub problem: String,
}

/// How a link is listed.
pub(super) fn listed(link: &LinkStatus) -> ListedLink {
    ListedLink {
        link: link_view(link),
        impairments: link.impairments,
    }
}

impl LinkList {
    /// What a patchbay's state tells.
    pub fn of(status: &Status) -> Self {
        let linked: BTreeSet<&EndName> = status.links.iter().flat_map(|link| &link.ends).collect();
        let is_free = |end: &&EndStatus| !linked.contains(&end.end);
        let free = status.ends.iter().filter(is_free).map(|end| FreePort {
            end: end.end.to_string(),
            problem: match &end.state {
                EndState::Failed { problem } => problem.to_string(),
                EndState::Waiting => "its node does not run".to_owned(),
                EndState::Wired { .. } => String::new(),
            },
        });
        Self {
            links: status.links.iter().map(listed).collect(),
            free: free.collect(),
        }
    }
}
