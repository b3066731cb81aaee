//! The image of the patchbay: one static program, which is a part of Labwright.

use super::PatchbayError;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use labwright_engine::{Engine, EngineError, ImageReference, ImportSettings};
use labwright_patchbay::{PROGRAM, STATE_FOLDER};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The program, made for this machine's processor.
const BYTES: &[u8] = include_bytes!(env!("LABWRIGHT_PATCHBAY_PROGRAM"));
/// Where the image says which program is in it.
const HASH: &str = "labwright.patchbay";
/// How much is sent at once.
const PIECE: usize = 256 << 10;

/// Brings the image into the engine, unless it is there already. Returns its id.
pub(crate) async fn image(engine: &Engine) -> Result<String, PatchbayError> {
    let own = labwright_engine::platform_architecture(std::env::consts::ARCH);
    let architecture = engine.info().architecture.clone();
    if architecture != own {
        return Err(PatchbayError::Architecture { architecture });
    }
    let hash = hex::encode(Sha256::digest(BYTES));
    let name = format!("localhost/labwright-patchbay:{}", &hash[..12]);
    let failed = |source: EngineError| PatchbayError::Image {
        source: Box::new(source),
    };
    let found = engine.inspect(&name).await.map_err(failed)?;
    if let Some(image) = found.filter(|image| image.labels.get(HASH) == Some(&hash)) {
        return Ok(image.id.to_string());
    }
    let settings = ImportSettings {
        labels: BTreeMap::from([(HASH.to_owned(), hash)]),
        entrypoint: Some(vec![PROGRAM.to_owned()]),
        ..ImportSettings::default()
    };
    let reference: ImageReference = name
        .parse()
        .map_err(|_| PatchbayError::Architecture { architecture })?;
    let archive = Bytes::from(archive());
    let pieces = (0..archive.len()).step_by(PIECE);
    let pieces: Vec<_> = pieces
        .map(|at| Ok(archive.slice(at..archive.len().min(at + PIECE))))
        .collect();
    let imported = engine
        .import(&reference, &settings, stream::iter(pieces).boxed())
        .await;
    Ok(imported.map_err(failed)?.to_string())
}

/// A tar with the program and the folder that its volume is mounted at. Writing to memory cannot fail.
fn archive() -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    let mut folder = tar::Header::new_gnu();
    folder.set_entry_type(tar::EntryType::Directory);
    folder.set_mode(0o700);
    folder.set_size(0);
    let mut program = tar::Header::new_gnu();
    program.set_mode(0o755);
    program.set_size(BYTES.len() as u64);
    let path = |path: &'static str| path.trim_start_matches('/');
    let written = archive
        .append_data(&mut folder, path(STATE_FOLDER), std::io::empty())
        .and_then(|()| archive.append_data(&mut program, path(PROGRAM), BYTES))
        .and_then(|()| archive.into_inner());
    written.unwrap_or_default()
}
