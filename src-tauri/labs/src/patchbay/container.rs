//! The patchbay's container.

use super::{PatchbayError, image::image};
use crate::labels::{self, Role};
use crate::topology::LabName;
use labwright_engine::{
    ContainerNetwork, ContainerSettings, ContainerStatus, Engine, EngineError, Mount, MountSource,
    Privileges, RestartPolicy,
};
use labwright_patchbay::{CAPABILITIES, PROTOCOL, SECURITY_OPTIONS, SERVE_COMMAND, STATE_FOLDER};
use std::collections::BTreeMap;
use std::time::Duration;

/// What the patchbay's volume is for, in its name.
const WIRING: &str = "wiring";

/// What the patchbay's volume is called.
pub(crate) fn volume(lab: &LabName) -> String {
    format!("{}-{WIRING}", labels::patchbay_name(lab))
}

/// Whether a patchbay with these labels understands this version. One that does stays, though its program may be an older
/// one: replacing it takes every link from every node that runs.
pub(crate) fn understands(labels: &BTreeMap<String, String>) -> bool {
    labels.get(labels::PROTOCOL) == Some(&PROTOCOL.to_string())
}

/// What was done about a patchbay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ensured {
    /// It was there, or there was none.
    Gently,
    /// Another one was there, whose links went with it.
    Replaced,
}

/// Makes sure that the lab's patchbay is there, understands this version, and runs. `anew`: whatever is there is replaced.
pub(crate) async fn ensure(
    engine: &Engine,
    lab: &LabName,
    file: &str,
    anew: bool,
) -> Result<Ensured, PatchbayError> {
    let failed = |source: EngineError| PatchbayError::Engine {
        lab: lab.to_string(),
        source: Box::new(source),
    };
    let name = labels::patchbay_name(lab);
    let found = engine.container(&name).await.map_err(failed)?;
    if let Some(found) = &found
        && understands(&found.labels)
        && !anew
    {
        if found.status != ContainerStatus::Running {
            engine.start_container(&name).await.map_err(failed)?;
        }
        return Ok(Ensured::Gently);
    }
    let image = image(engine).await?;
    if found.is_some() {
        // Its volume stays, and with it the wiring.
        engine.remove_container(&name).await.map_err(failed)?;
    }
    make(engine, lab, image, file).await.map_err(failed)?;
    Ok(if found.is_some() {
        Ensured::Replaced
    } else {
        Ensured::Gently
    })
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
    labels.insert(labels::PROTOCOL.to_owned(), PROTOCOL.to_string());
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
