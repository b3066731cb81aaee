//! What stands on a host where nodes would go, before anything is touched.

use labwright_jobs::JobId;
use serde::Serialize;
use tokio::time::{Duration, timeout};
use ts_rs::TS;

use super::error::InstallError;
use super::request::InstallRequest;
use crate::runner::{
    Event, FarNode, FarPlan, Follower, Found, Mode, News, Started, What, forget, start,
};
use crate::ssh::{Connection, SshError};

/// How much of a commit tells it from others, for people.
const SHORT: usize = 8;

/// How long a look may take before it is given up: thousands of folders are looked at in that time.
const LIMIT: Duration = Duration::from_secs(120);

/// What stands on the host where a node would go; read-only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub struct NodeStanding {
    /// The node's name.
    pub name: String,
    /// What would happen to it.
    pub prospect: Prospect,
    /// The commit that stands there, shortened; or what else tells more: the other remote, the changed files.
    pub detail: Option<String>,
}

/// What an install would do with a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "../../../src-ui/src/backend/generated/")]
pub enum Prospect {
    /// Nothing stands there: it would be installed.
    New,
    /// It is there as wanted; only its requirements are seen to.
    Present,
    /// It is there at another commit, which would be changed.
    Update,
    /// Only `.git` stands there.
    Husk,
    /// Another remote's repository stands there.
    OtherRemote,
    /// There are local changes.
    LocalChanges,
    /// Something stands there that is no repository.
    NotARepository,
    /// It could not be told.
    Unknown,
}

/// Looks at what stands where the request's nodes would go. Nothing there is changed.
pub(crate) async fn examine(
    connection: &Connection,
    request: &InstallRequest,
) -> Result<Vec<NodeStanding>, InstallError> {
    let job = JobId::generate();
    let looking = look(connection, &job, request);
    let looked = timeout(LIMIT, looking).await.unwrap_or_else(|_| {
        Err(InstallError::Damaged {
            host: request.host.clone(),
            why: format!("the look took longer than {} s", LIMIT.as_secs()),
        })
    });
    // What it wrote on the host was for this look alone; what stays is removed a day later.
    let _stays = forget(connection, &job).await.is_err();
    looked
}

async fn look(
    connection: &Connection,
    job: &JobId,
    request: &InstallRequest,
) -> Result<Vec<NodeStanding>, InstallError> {
    let nodes: Vec<FarNode<'_>> = request
        .far_nodes()
        .map(|(_, node)| FarNode {
            name: &node.name,
            source: &node.source,
            replace: false,
        })
        .collect();
    let names: Vec<&str> = nodes.iter().map(|node| node.name).collect();
    let plan = FarPlan {
        mode: Mode::Examine,
        target: &request.folder,
        venv: "",
        jobs: 1,
        nodes,
    };
    let refused = |code, said| {
        let host = request.host.clone();
        InstallError::Refused { host, code, said }
    };
    if let Started::Refused { code, text } = start(connection, job, &plan).await? {
        return Err(refused(code, text));
    }
    let mut follower = Follower::begin(connection, job, 0).await?;
    let mut standings = Vec::new();
    loop {
        match follower.next().await? {
            News::Lines(lines) => {
                for line in &lines {
                    match serde_json::from_slice::<Event>(line).map(|event| event.what) {
                        Ok(What::Standing {
                            node,
                            found,
                            commit,
                            text,
                        }) => standings.extend(standing(&names, node, found, &commit, text)),
                        Ok(What::Refused { code, text }) => return Err(refused(code, text)),
                        _ => {}
                    }
                }
            }
            News::Exit(_) => return Ok(standings),
            News::Lost(why) => {
                let host = request.host.clone();
                let said = format!("the look ended without a word: {why}");
                return Err(SshError::Broken { host, said }.into());
            }
        }
    }
}

fn standing(
    names: &[&str],
    number: usize,
    found: Found,
    commit: &str,
    text: String,
) -> Option<NodeStanding> {
    let name = names.get(number.checked_sub(1)?)?;
    let short = commit.chars().take(SHORT).collect();
    let detail = if text.is_empty() { short } else { text };
    Some(NodeStanding {
        name: (*name).to_owned(),
        prospect: match found {
            Found::Nothing => Prospect::New,
            Found::Same => Prospect::Present,
            Found::OtherCommit => Prospect::Update,
            Found::Husk => Prospect::Husk,
            Found::OtherRemote => Prospect::OtherRemote,
            Found::LocalChanges => Prospect::LocalChanges,
            Found::NotARepository => Prospect::NotARepository,
            Found::Unknown => Prospect::Unknown,
        },
        detail: Some(detail).filter(|detail| !detail.is_empty()),
    })
}
