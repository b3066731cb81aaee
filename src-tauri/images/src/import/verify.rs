//! The last step: nothing turns green before the engine was asked what it has.

use super::error::ImportError;
use super::flow::{Import, parse_reference};
use super::naming::Naming;
use super::open::Opened;
use super::pump::Pumped;
use super::temporary;
use super::upload::Answer;
use crate::recognition::Recognised;
use labwright_engine::{ImageDetail, ImageReference};

/// What is in the engine, and has its names.
pub(super) struct Verified {
    /// The first image.
    pub(super) first: ImageDetail,
    /// All of them.
    pub(super) images: Vec<ImageDetail>,
    /// The names that they got.
    pub(super) namings: Vec<Naming>,
}

impl Import {
    /// Nothing turns green before the engine was asked what it has.
    pub(super) async fn verify(
        &self,
        opened: &Opened,
        pumped: &Pumped,
        answer: Answer,
        target: Option<ImageReference>,
    ) -> Result<Verified, ImportError> {
        let count = pumped.own_references.len();
        if let (Some(target), true) = (&target, count > 1) {
            return Err(ImportError::Several {
                name: opened.name.clone(),
                count,
                reference: target.to_string(),
            });
        }
        let mut namings = Vec::new();
        let mut images = Vec::new();
        let alone = tokio::select! {
            alone = self.engine().naming() => alone,
            _ = self.context.cancel.cancelled() => return Err(ImportError::Cancelled),
        };
        for (index, own) in pumped.own_references.iter().enumerate() {
            let image = self.inspect_new(opened, pumped, &answer, index).await?;
            let names = match &self.copy {
                Some(copy) => self.names_of_copied(copy, opened, &image, own)?,
                None => names_for(target.as_ref(), own, &opened.recognised, index)?,
            };
            for reference in names {
                namings.push(self.plan_name(&image, reference).await?);
            }
            images.push(image);
        }
        let first = images
            .first()
            .cloned()
            .ok_or_else(|| self.unusable(opened, "the archive named no image"))?;
        self.check_all_copied(opened, &namings)?;
        self.give_names(&namings).await?;
        drop(alone);
        self.remove_temporary().await?;
        Ok(Verified {
            first,
            images,
            namings,
        })
    }

    async fn inspect_new(
        &self,
        opened: &Opened,
        pumped: &Pumped,
        answer: &Answer,
        index: usize,
    ) -> Result<ImageDetail, ImportError> {
        let temporary = temporary::name(&self.context.job, index);
        let mut image = match answer {
            Answer::Imported(id) => self.inspect_name(id.as_str()).await?,
            Answer::Loaded(_) => self.inspect_name(&temporary).await?,
        };
        if let (None, Answer::Loaded(loaded)) = (&image, answer)
            && let Some(name) = loaded.get(index)
        {
            image = self.inspect_name(name).await?;
        }
        let image = image.ok_or_else(|| {
            self.unusable(
                opened,
                "the engine does not know the image that it reported",
            )
        })?;
        let why = if image.layers.is_empty() {
            "it has no layers"
        } else if image.size == 0 && pumped.content != Some(0) {
            "it is empty"
        } else {
            return Ok(image);
        };
        Err(self.unusable(opened, why))
    }
}

/// The given name; or the archive's own; or, for an image without any, the proposed one.
fn names_for(
    target: Option<&ImageReference>,
    own: &[String],
    recognised: &Recognised,
    index: usize,
) -> Result<Vec<ImageReference>, ImportError> {
    if let Some(target) = target {
        return Ok(vec![target.clone()]);
    }
    if own.is_empty() {
        let proposed = parse_reference(&recognised.reference)?;
        let numbered = if index == 0 {
            proposed
        } else {
            parse_reference(&format!("{}-{}", recognised.reference, index + 1))?
        };
        return Ok(vec![numbered]);
    }
    own.iter().map(|name| parse_reference(name)).collect()
}
