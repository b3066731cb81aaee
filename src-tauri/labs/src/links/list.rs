//! Every port and link of a lab, for people and programs.

use crate::running::{LinkView, link_view};
use labwright_patchbay::{EndState, EndStatus, Impairments, Status};
use serde::{Deserialize, Serialize};

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

impl LinkList {
    /// What a patchbay's state tells.
    pub fn of(status: &Status) -> Self {
        let links = status.links.iter().map(|link| ListedLink {
            link: link_view(link),
            impairments: link.impairments,
        });
        let is_free =
            |end: &&EndStatus| !status.links.iter().any(|link| link.ends.contains(&end.end));
        let free = status.ends.iter().filter(is_free).map(|end| FreePort {
            end: end.end.to_string(),
            problem: match &end.state {
                EndState::Failed { problem } => problem.to_string(),
                EndState::Waiting => "its node does not run".to_owned(),
                EndState::Wired { .. } => String::new(),
            },
        });
        Self {
            links: links.collect(),
            free: free.collect(),
        }
    }
}
