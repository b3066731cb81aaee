//! Looking at containers.

use super::detail::{ContainerDetail, ContainerSummary, Described, Listed};
use crate::{Action, Engine, EngineError};

impl Engine {
    /// What the engine knows of a container, by id or name; none where it is not there.
    pub async fn container(&self, container: &str) -> Result<Option<ContainerDetail>, EngineError> {
        let path = format!("/containers/{container}/json");
        match self.connection().get::<Described>(&path, &[]).await {
            Ok(described) => Ok(Some(described.detail())),
            Err(source) if source.status() == Some(404) => Ok(None),
            Err(source) => Err(self.refused(Action::InspectContainer, container, source)),
        }
    }

    /// All containers with this label, running or not. `name` alone asks for any value, `name=value` for one.
    pub async fn containers_with_label(
        &self,
        label: &str,
    ) -> Result<Vec<ContainerSummary>, EngineError> {
        let filters = label_filter(label);
        self.containers_of(&[("all", "1"), ("filters", filters.as_str())])
            .await
    }

    /// All containers, running or not.
    pub async fn containers(&self) -> Result<Vec<ContainerSummary>, EngineError> {
        self.containers_of(&[("all", "1")]).await
    }

    async fn containers_of(
        &self,
        query: &[(&str, &str)],
    ) -> Result<Vec<ContainerSummary>, EngineError> {
        let listed = self
            .connection()
            .get::<Vec<Listed>>("/containers/json", query)
            .await;
        let listed = listed.map_err(|source| self.containers_not_listed(source))?;
        Ok(listed.into_iter().map(Listed::summary).collect())
    }
}

/// The question for what has a label.
pub(crate) fn label_filter(label: &str) -> String {
    serde_json::json!({ "label": [label] }).to_string()
}
