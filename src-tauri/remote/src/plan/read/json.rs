//! The two formats of ComfyUI-Manager, told apart by their keys.

use serde::Deserialize;
use serde_json::Value;

use super::super::assembly::Assembly;
use super::super::error::PlanError;
use super::super::model::PlanFormat;
use super::items::Items;
use super::list::{self, Entry};
use super::snapshot;

/// Either format; what else stands there is not read.
#[derive(Deserialize)]
pub(super) struct Document {
    custom_nodes: Option<Vec<Entry>>,
    pub(super) comfyui: Option<Value>,
    pub(super) git_custom_nodes: Option<Items>,
    pub(super) cnr_custom_nodes: Option<Items>,
    pub(super) file_custom_nodes: Option<Items>,
    pub(super) pips: Option<Items>,
}

impl Document {
    fn is_snapshot(&self) -> bool {
        let nodes = [
            &self.git_custom_nodes,
            &self.cnr_custom_nodes,
            &self.file_custom_nodes,
        ];
        nodes.iter().any(|nodes| nodes.is_some())
    }
}

/// Reads either format.
pub(in crate::plan) fn read(name: &str, text: &str) -> Result<Assembly, PlanError> {
    let document: Document = serde_json::from_str(text).map_err(|source| {
        let name = name.to_owned();
        PlanError::Json { name, source }
    })?;
    if document.is_snapshot() {
        let mut plan = Assembly::new(name, PlanFormat::Snapshot);
        snapshot::read(document, &mut plan);
        return Ok(plan);
    }
    let Some(entries) = document.custom_nodes else {
        let found = "it is JSON, but has neither `custom_nodes` nor `git_custom_nodes`".to_owned();
        let name = name.to_owned();
        return Err(PlanError::UnknownFormat { name, found });
    };
    let mut plan = Assembly::new(name, PlanFormat::List);
    list::read(&entries, &mut plan);
    Ok(plan)
}
