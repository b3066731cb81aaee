//! Asking for one platform of an image that has several.

use bollard::models::ImageInspect;
use serde_json::json;

use super::describe::detail;
use crate::{Engine, EngineError, ImageDetail, Store};

/// The first version of Docker's API whose images can be asked for by platform.
const SINCE: (u32, u32) = (1, 49);

impl Engine {
    /// Describes the image with this name for a platform; none if it is not there for that one.
    ///
    /// Only a containerd store keeps several platforms under one name, and only a newer one can be asked for one of
    /// them: all others describe what the name means.
    pub async fn inspect_platform(
        &self,
        name: &str,
        os: &str,
        architecture: &str,
        variant: Option<&str>,
    ) -> Result<Option<ImageDetail>, EngineError> {
        if self.info().store != Store::Containerd || self.api_version() < SINCE {
            return self.inspect(name).await;
        }
        let mut platform = json!({ "os": os, "architecture": architecture });
        if let Some(variant) = variant {
            platform["variant"] = variant.into();
        }
        let (major, minor) = SINCE;
        let path = format!("/v{major}.{minor}/images/{name}/json");
        let query = [("platform", &*platform.to_string())];
        match self.connection().get::<ImageInspect>(&path, &query).await {
            Ok(image) => {
                let found = detail(image).map(Some);
                found.map_err(|source| self.not_described(name, source))
            }
            Err(missing) if missing.status() == Some(404) => Ok(None),
            Err(source) => Err(self.not_described(name, source)),
        }
    }

    fn api_version(&self) -> (u32, u32) {
        let version = &self.info().api_version;
        let parts = version.split_once('.');
        let numbers =
            parts.and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)));
        numbers.unwrap_or_default()
    }
}
