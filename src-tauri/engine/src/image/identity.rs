//! Whether two images, in two engines perhaps, are the same.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::{Engine, EngineError, ImageId, RequestError, Store};

/// Fields that tell how a container once ran, which some engines keep with the image.
const OF_CONTAINERS: [&str; 10] = [
    "ArgsEscaped",
    "AttachStderr",
    "AttachStdin",
    "AttachStdout",
    "Domainname",
    "Hostname",
    "Image",
    "OpenStdin",
    "StdinOnce",
    "Tty",
];

/// What makes an image that image: its layers and its configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageIdentity {
    id: ImageId,
    /// Whether the id is the digest of the configuration; else it is that of a manifest.
    id_of_configuration: bool,
    architecture: String,
    os: String,
    layers: Vec<String>,
    configuration: BTreeMap<String, Value>,
}

/// An engine's description, as far as it matters here.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Described {
    id: String,
    #[serde(default)]
    architecture: String,
    #[serde(default)]
    os: String,
    #[serde(rename = "RootFS", default)]
    root: Option<Root>,
    #[serde(default)]
    config: Option<BTreeMap<String, Value>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Root {
    #[serde(default)]
    layers: Option<Vec<String>>,
}

impl Engine {
    /// What makes the image with this id that image; none if it is not there.
    pub async fn identity(&self, image: &ImageId) -> Result<Option<ImageIdentity>, EngineError> {
        let path = format!("/images/{image}/json");
        let described = match self.connection().get(&path, &[]).await {
            Ok(described) => described,
            Err(missing) if missing.status() == Some(404) => return Ok(None),
            Err(source) => return Err(self.not_described(image.as_str(), source)),
        };
        ImageIdentity::of(described, self.info().store)
            .map(Some)
            .map_err(|source| self.not_described(image.as_str(), source))
    }
}

impl ImageIdentity {
    fn of(described: Described, store: Store) -> Result<Self, RequestError> {
        let mut configuration = described.config.unwrap_or_default();
        configuration
            .retain(|field, value| !OF_CONTAINERS.contains(&field.as_str()) && !is_empty(value));
        Ok(Self {
            id: described.id.parse().map_err(RequestError::unreadable)?,
            id_of_configuration: store != Store::Containerd,
            architecture: described.architecture,
            os: described.os,
            layers: described
                .root
                .and_then(|root| root.layers)
                .unwrap_or_default(),
            configuration,
        })
    }

    /// The digests of its unpacked layers, lowest first.
    pub fn layers(&self) -> &[String] {
        &self.layers
    }

    /// Whether the other one runs the same: the ids decide where both are of one sort. A classic
    /// store and Podman call an image by the digest of its configuration, a containerd store by that
    /// of its manifest; between those the unpacked layers and the configuration are compared, which
    /// every engine tells alike.
    pub fn is_same(&self, other: &Self) -> bool {
        if self.id == other.id {
            return true;
        }
        let both_of_configuration = self.id_of_configuration && other.id_of_configuration;
        !both_of_configuration
            && !self.layers.is_empty()
            && self.layers == other.layers
            && (&self.architecture, &self.os) == (&other.architecture, &other.os)
            && self.configuration == other.configuration
    }
}

/// One engine leaves a field out that another one writes empty.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(true) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::json;

    use super::*;

    fn identity(store: Store, id: &str, config: &Value, layers: &[&str]) -> ImageIdentity {
        let described = json!({
            "Id": format!("sha256:{}", id.repeat(64)),
            "Architecture": "amd64",
            "Os": "linux",
            "Config": config,
            "RootFS": { "Type": "layers", "Layers": layers },
        });
        ImageIdentity::of(serde_json::from_value(described).unwrap(), store).unwrap()
    }

    #[test]
    fn ids_of_one_sort_decide() {
        let config = json!({ "Cmd": ["/bin/sh"] });
        let classic = identity(Store::Classic, "a", &config, &["1"]);
        assert!(classic.is_same(&identity(Store::Podman, "a", &config, &["1"])));
        assert!(!classic.is_same(&identity(Store::Podman, "b", &config, &["1"])));
    }

    #[test]
    fn ids_of_two_sorts_do_not() {
        let told = json!({ "Cmd": ["/bin/sh"], "Env": null, "Hostname": "3f", "Tty": false });
        let classic = identity(Store::Classic, "a", &told, &["1", "2"]);
        let same = |config: &Value, layers: &[&str]| {
            classic.is_same(&identity(Store::Containerd, "b", config, layers))
        };
        let shorter = json!({ "Cmd": ["/bin/sh"], "Labels": {} });
        assert!(same(&shorter, &["1", "2"]));
        assert!(!same(&shorter, &["1"]));
        assert!(!same(
            &json!({ "Cmd": ["/bin/sh"], "User": "1" }),
            &["1", "2"]
        ));
    }

    #[test]
    fn an_image_of_which_nothing_is_known_is_no_other() {
        let nothing = json!({});
        let one = identity(Store::Containerd, "a", &nothing, &[]);
        assert!(!one.is_same(&identity(Store::Containerd, "b", &nothing, &[])));
    }
}
