//! The patchbay's container.

use super::{PatchbayError, image::image};
use crate::labels::{self, Role};
use crate::topology::LabName;
use labwright_engine::{
    ContainerNetwork, ContainerSettings, ContainerStatus, Engine, EngineError, Mount, MountSource,
    Privileges, RestartPolicy,
};
use labwright_patchbay::{CAPABILITIES, SECURITY_OPTIONS, SERVE_COMMAND, STATE_FOLDER};
use std::time::Duration;

/// What the patchbay's volume is for, in its name.
const WIRING: &str = "wiring";

/// What the patchbay's volume is called.
pub(crate) fn volume(lab: &LabName) -> String {
    format!("{}-{WIRING}", labels::patchbay_name(lab))
}

/// Makes sure that the lab's patchbay is there, is of this version, and runs. Returns whether it was made.
pub(crate) async fn ensure(
    engine: &Engine,
    lab: &LabName,
    file: &str,
) -> Result<bool, PatchbayError> {
    let failed = |source: EngineError| PatchbayError::Engine {
        lab: lab.to_string(),
        source: Box::new(source),
    };
    let image = image(engine).await?;
    let name = labels::patchbay_name(lab);
    let found = engine.container(&name).await.map_err(failed)?;
    match found {
        Some(found) if same_image(&found.image, &image) => {
            if found.status != ContainerStatus::Running {
                engine.start_container(&name).await.map_err(failed)?;
            }
            Ok(false)
        }
        Some(_) => {
            // Its volume stays, and with it the wiring.
            engine.remove_container(&name).await.map_err(failed)?;
            make(engine, lab, image, file).await.map_err(failed)?;
            Ok(false)
        }
        None => {
            make(engine, lab, image, file).await.map_err(failed)?;
            Ok(true)
        }
    }
}

async fn make(
    engine: &Engine,
    lab: &LabName,
    image: String,
    file: &str,
) -> Result<(), EngineError> {
    let volume = volume(lab);
    let labels = labels::common(lab, Role::State);
    engine.create_volume(&volume, &labels).await?;
    let settings = settings(lab, image, volume, file);
    engine.create_container(&settings).await?;
    engine.start_container(&settings.name).await
}

fn settings(lab: &LabName, image: String, volume: String, file: &str) -> ContainerSettings {
    let mut labels = labels::common(lab, Role::Patchbay);
    labels.insert(labels::FILE.to_owned(), file.to_owned());
    ContainerSettings {
        name: labels::patchbay_name(lab),
        image,
        command: Some(vec![SERVE_COMMAND.to_owned()]),
        labels,
        privileges: Privileges::Only(CAPABILITIES.map(str::to_owned).to_vec()),
        security_options: SECURITY_OPTIONS.map(str::to_owned).to_vec(),
        network: ContainerNetwork::None,
        host_processes: true,
        read_only: true,
        mounts: vec![Mount {
            source: MountSource::Volume(volume),
            target: STATE_FOLDER.to_owned(),
            read_only: false,
        }],
        restart: RestartPolicy::UnlessStopped,
        stop_timeout: Some(Duration::from_secs(2)),
        ..ContainerSettings::default()
    }
}

/// Podman leaves the algorithm out.
fn same_image(one: &str, other: &str) -> bool {
    let bare = |id: &str| id.trim_start_matches("sha256:").to_owned();
    bare(one) == bare(other)
}
