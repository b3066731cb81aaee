//! Volumes: what outlives the containers that use it.

use std::collections::BTreeMap;

use bollard::models::VolumeCreateRequest;
use reqwest::Method;
use serde::Deserialize;

use crate::container::{label_filter, or_default};
use crate::{Action, Engine, EngineError};

/// A volume that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// Its name.
    pub name: String,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct List {
    #[serde(default, deserialize_with = "or_default")]
    volumes: Vec<Listed>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    labels: BTreeMap<String, String>,
}

impl Engine {
    /// Makes a volume. One of this name that is there stays as it is, with its labels.
    pub async fn create_volume(
        &self,
        name: &str,
        labels: &BTreeMap<String, String>,
    ) -> Result<(), EngineError> {
        let wanted = VolumeCreateRequest {
            name: Some(name.to_owned()),
            labels: Some(labels.clone().into_iter().collect()),
            ..VolumeCreateRequest::default()
        };
        let made = self.connection().docker().create_volume(wanted).await;
        match made.map_err(crate::RequestError::from) {
            // Podman 4.3 refuses where Docker says that it is there.
            Err(source) if !is_there(&source) => {
                Err(self.refused(Action::CreateVolume, name, source))
            }
            _ => Ok(()),
        }
    }

    /// The volumes with this label, as in [`containers_with_label`](Self::containers_with_label).
    pub async fn volumes_with_label(&self, label: &str) -> Result<Vec<Volume>, EngineError> {
        let filters = label_filter(label);
        let query = [("filters", filters.as_str())];
        let listed = self.connection().get::<List>("/volumes", &query).await;
        let listed = listed.map_err(|source| self.refused(Action::ListVolumes, "", source))?;
        let volume = |listed: Listed| Volume {
            name: listed.name,
            labels: listed.labels,
        };
        Ok(listed.volumes.into_iter().map(volume).collect())
    }

    /// Removes a volume with what is in it. One that is not there is gone already.
    pub async fn remove_volume(&self, name: &str) -> Result<(), EngineError> {
        let path = format!("/volumes/{name}");
        match self.connection().send(Method::DELETE, &path, &[]).await {
            Err(source) if source.status() != Some(404) => {
                Err(self.refused(Action::RemoveVolume, name, source))
            }
            _ => Ok(()),
        }
    }
}

fn is_there(source: &crate::RequestError) -> bool {
    let message = source.message().unwrap_or_default();
    message.contains("already exists")
}
