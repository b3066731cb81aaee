//! The steps of an import: Inspect, Send, Engine commit, Verify.

use super::copy::CopyJob;
use super::error::{ImportError, architecture_warning};
use super::from_engine::CopySource;
use super::open::{self, Opened, proposed_reference};
use super::request::{ImportJob, ImportResult, is_url};
use super::verify::Verified;
use crate::labels;
use crate::source::Download;
use labwright_engine::{Engine, EngineError, ImageDetail, ImageReference, same_reference};
use labwright_jobs::{Failure, JobContext, Step};
use serde::Serialize;
use serde_json::Value;
use std::future::Future;
use std::sync::Arc;
use url::Url;

/// Does the import, and turns its failure into the job's.
pub(super) async fn run(job: ImportJob, context: JobContext) -> Result<Value, Failure> {
    let import = Import::new(job, None, context);
    let result = import.run().await;
    import.ended(result)
}

/// The same for images of another engine.
pub(super) async fn run_copy(job: CopyJob, context: JobContext) -> Result<Value, Failure> {
    let (job, copy) = CopySource::of(job);
    let copy = Arc::new(copy);
    let import = Import::new(job, Some(Arc::clone(&copy)), context);
    let result = import.run_copy(&copy).await;
    import.ended(result)
}
pub(super) struct Import {
    pub(super) job: ImportJob,
    /// Where the images come from, if another engine has them.
    pub(super) copy: Option<Arc<CopySource>>,
    pub(super) context: JobContext,
    pub(super) steps: Steps,
}

pub(super) struct Steps {
    pub(super) inspect: Step,
    pub(super) send: Step,
    pub(super) commit: Step,
    pub(super) verify: Step,
}

impl Import {
    fn new(job: ImportJob, copy: Option<Arc<CopySource>>, context: JobContext) -> Self {
        let reporter = &context.reporter;
        let steps = Steps {
            inspect: reporter.step("Inspect"),
            send: reporter.step("Send"),
            commit: reporter.step("Engine commit"),
            verify: reporter.step("Verify"),
        };
        Self {
            job,
            copy,
            context,
            steps,
        }
    }

    /// The job's own outcome.
    fn ended<T: Serialize>(&self, result: Result<T, ImportError>) -> Result<Value, Failure> {
        match result {
            Ok(result) => serde_json::to_value(result).map_err(|error| {
                Failure::Failed(labwright_jobs::ErrorReport::of("internal", &error))
            }),
            Err(ImportError::Cancelled) => Err(Failure::Cancelled),
            Err(error) if self.context.cancel.is_cancelled() => {
                tracing::debug!(error = %error, "the import failed while it was cancelled");
                Err(Failure::Cancelled)
            }
            Err(error) => Err(Failure::Failed(error.report())),
        }
    }

    /// What is imported, for people: the file's name, or the images'.
    pub(super) fn name(&self) -> &str {
        match &self.copy {
            Some(copy) => &copy.name,
            None => self.job.source_name(),
        }
    }

    pub(super) async fn unless_cancelled<T>(
        &self,
        work: impl Future<Output = T>,
    ) -> Result<T, ImportError> {
        tokio::select! {
            done = work => Ok(done),
            _ = self.context.cancel.cancelled() => Err(ImportError::Cancelled),
        }
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.job.engine
    }

    async fn run(&self) -> Result<ImportResult, ImportError> {
        self.check_request()?;
        self.engine().begin_describing();
        self.steps.inspect.start();
        let opened = self.open().await?;
        // Its answer is here by now, or as good as.
        tokio::select! {
            _ = self.engine().described() => {}
            _ = self.context.cancel.cancelled() => return Err(ImportError::Cancelled),
        }
        self.describe(&opened);
        let target = self.target(&opened)?;
        if let Some(target) = &target {
            self.context.reporter.subject(target.to_string());
        }
        if let Some(result) = self.already_there(&opened, target.as_ref()).await? {
            return Ok(result);
        }
        if let Some(target) = &target {
            self.check_free(target).await?;
        }
        self.check_space(&opened)?;
        self.steps.inspect.succeed();
        let (opened, sha256, verified) = self.transfer(opened, target).await?;
        Ok(self.imported(&opened, sha256, verified))
    }

    fn check_request(&self) -> Result<(), ImportError> {
        let request = &self.job.request;
        if let Some(kind) = &request.kind {
            let known = self.job.rules.kinds();
            if !known.contains(&kind.as_str()) {
                let known = known.into_iter().map(str::to_owned).collect();
                return Err(ImportError::Kind {
                    kind: kind.clone(),
                    known,
                });
            }
        }
        if let Some(given) = &request.sha256 {
            let valid = given.len() == 64 && given.bytes().all(|byte| byte.is_ascii_hexdigit());
            if !valid {
                return Err(ImportError::Sha256Form {
                    given: given.clone(),
                });
            }
        }
        request
            .reference
            .as_deref()
            .map_or(Ok(()), |text| parse_reference(text).map(drop))
    }

    async fn open(&self) -> Result<Opened, ImportError> {
        let source = &self.job.request.source;
        let (job, step, cancel) = (
            self.job.clone(),
            self.steps.inspect.clone(),
            self.context.cancel.clone(),
        );
        if !is_url(source) {
            return self
                .blocking(move || open::file(&job, &step, &cancel))
                .await;
        }
        let url = Url::parse(source).map_err(|error| ImportError::Url {
            url: source.to_owned(),
            source: error,
        })?;
        let host = url.host_str().unwrap_or("the server").to_owned();
        self.steps.inspect.if_stalled(format!("{host} to answer"));
        let download = tokio::select! {
            download = Download::start(&url, cancel.clone()) => download?,
            _ = cancel.cancelled() => return Err(ImportError::Cancelled),
        };
        self.blocking(move || open::download(&job, download, &step))
            .await
    }

    pub(super) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, ImportError> + Send + 'static,
    ) -> Result<T, ImportError> {
        let working = tokio::task::spawn_blocking(work);
        tokio::select! {
            done = working => done.map_err(|source| ImportError::Fault { name: self.name().to_owned(), source })?,
            _ = self.context.cancel.cancelled() => Err(ImportError::Cancelled),
        }
    }

    /// Says what the file is, in one line.
    fn describe(&self, opened: &Opened) {
        let recognised = &opened.recognised;
        let mut parts = vec![recognised.title.clone()];
        parts.extend(recognised.version.clone());
        parts.extend(
            recognised
                .architecture
                .map(|architecture| architecture.to_string()),
        );
        parts.push(opened.facts.shape.to_string());
        parts.push(opened.facts.compression.to_string());
        self.steps.inspect.log(parts.join(" · "));
        for own in &opened.facts.own_references {
            self.steps
                .inspect
                .log(format!("the archive calls it {own}"));
        }
        if let Some(warning) = self.warning(opened) {
            self.steps.inspect.log(format!("warning: {warning}"));
        }
    }

    fn warning(&self, opened: &Opened) -> Option<String> {
        architecture_warning(
            opened.recognised.architecture,
            &self.engine().info().architecture,
        )
    }

    /// The reference that the image will get; none if the archive's own names are kept.
    fn target(&self, opened: &Opened) -> Result<Option<ImageReference>, ImportError> {
        if let (Some(wanted), Some(found)) = (&self.job.request.sha256, &opened.sha256)
            && !wanted.eq_ignore_ascii_case(found)
        {
            return Err(ImportError::Sha256 {
                name: opened.name.clone(),
                wanted: wanted.clone(),
                found: found.clone(),
            });
        }
        if let Some(given) = &self.job.request.reference {
            return parse_reference(given).map(Some);
        }
        let proposed = proposed_reference(&opened.facts, &opened.recognised);
        proposed.as_deref().map(parse_reference).transpose()
    }

    /// The same file again: the engine has its image, which needs at most the name.
    async fn already_there(
        &self,
        opened: &Opened,
        target: Option<&ImageReference>,
    ) -> Result<Option<ImportResult>, ImportError> {
        let (Some(sha256), Some(target)) = (&opened.sha256, target) else {
            return Ok(None);
        };
        let Some(image) = self.find_by_source(sha256).await? else {
            return Ok(None);
        };
        if !self.has_name(&image, target) {
            if let Some(other) = self.inspect_name(&target.to_string()).await?
                && !self.job.request.replace
            {
                return Err(self.taken(target, &other));
            }
            self.engine()
                .tag(image.id.as_str(), target)
                .await
                .map_err(|error| self.engine_failed(error))?;
        }
        let why = "the engine has this file's image already";
        self.steps
            .inspect
            .log(format!("{why}: {}", image.id.short()));
        self.steps.inspect.succeed();
        for step in [&self.steps.send, &self.steps.commit, &self.steps.verify] {
            step.skip(why);
        }
        let mut result = self.result(opened, sha256.clone(), &image, vec![target.to_string()]);
        result.already_there = true;
        Ok(Some(result))
    }

    /// By the label of an imported root file system, or by the history for a loaded archive.
    async fn find_by_source(&self, sha256: &str) -> Result<Option<ImageDetail>, ImportError> {
        let images = self
            .engine()
            .images()
            .await
            .map_err(|error| self.engine_failed(error))?;
        let labelled = images.iter().find(|image| {
            image
                .labels
                .get(labels::SHA256)
                .is_some_and(|label| label == sha256)
        });
        if let Some(image) = labelled {
            return self.inspect_name(image.id.as_str()).await;
        }
        let engine_id = &self.engine().info().id;
        let earlier = self
            .job
            .earlier
            .iter()
            .filter_map(|value| serde_json::from_value::<ImportResult>(value.clone()).ok());
        let ids = earlier
            .filter(|result| result.sha256 == sha256 && result.engine_id == *engine_id)
            .map(|result| result.image_id);
        let known = ids
            .into_iter()
            .find(|id| images.iter().any(|image| image.id.as_str() == id));
        match known {
            Some(id) => self.inspect_name(&id).await,
            None => Ok(None),
        }
    }

    async fn check_free(&self, target: &ImageReference) -> Result<(), ImportError> {
        if self.job.request.replace {
            return Ok(());
        }
        match self.inspect_name(&target.to_string()).await? {
            Some(image) => Err(self.taken(target, &image)),
            None => Ok(()),
        }
    }

    /// The content is at least as large as a plain tar; packed, at least as large as its package.
    fn check_space(&self, opened: &Opened) -> Result<(), ImportError> {
        match (opened.length, self.engine().free_space()) {
            (Some(needed), Some(available)) if needed > available => Err(ImportError::NoSpace {
                name: opened.name.clone(),
                engine: self.engine_name(),
                needed,
                available,
            }),
            _ => Ok(()),
        }
    }

    fn imported(&self, opened: &Opened, sha256: String, verified: Verified) -> ImportResult {
        let names = verified.namings.iter();
        let references = names.map(|naming| naming.reference.to_string()).collect();
        let mut result = self.result(opened, sha256, &verified.first, references);
        let mut before = verified.namings.into_iter();
        result.untagged = before
            .find_map(|naming| naming.before)
            .map(|id| id.to_string());
        result
    }

    fn result(
        &self,
        opened: &Opened,
        sha256: String,
        image: &ImageDetail,
        references: Vec<String>,
    ) -> ImportResult {
        let info = self.engine().info();
        ImportResult {
            references,
            image_id: image.id.to_string(),
            size: image.size,
            architecture: image.architecture.clone(),
            kind: opened.recognised.kind.clone(),
            version: opened.recognised.version.clone(),
            sha256,
            source: self.job.request.source.clone(),
            engine: info.name.clone(),
            engine_id: info.id.clone(),
            already_there: false,
            warnings: self.warning(opened).into_iter().collect(),
            untagged: None,
        }
    }

    pub(super) async fn inspect_name(
        &self,
        name: &str,
    ) -> Result<Option<ImageDetail>, ImportError> {
        tokio::select! {
            image = self.engine().inspect(name) => image.map_err(|error| self.engine_failed(error)),
            _ = self.context.cancel.cancelled() => Err(ImportError::Cancelled),
        }
    }

    fn has_name(&self, image: &ImageDetail, reference: &ImageReference) -> bool {
        let kind = self.engine().info().kind;
        image
            .references
            .iter()
            .any(|name| same_reference(kind, name, &reference.to_string()))
    }

    pub(super) fn taken(&self, reference: &ImageReference, image: &ImageDetail) -> ImportError {
        ImportError::Taken {
            engine: self.engine_name(),
            reference: reference.to_string(),
            id: image.id.short().to_owned(),
            otherwise: match &self.copy {
                Some(_) => "Or give the image another name first (lw images tag), and copy that.",
                None => "Or give the new image another name (lw: --as).",
            },
        }
    }

    pub(super) fn unusable(&self, opened: &Opened, why: &str) -> ImportError {
        ImportError::Unusable {
            name: opened.name.clone(),
            engine: self.engine_name(),
            why: why.to_owned(),
        }
    }

    pub(super) fn engine_failed(&self, source: EngineError) -> ImportError {
        ImportError::Engine {
            name: self.name().to_owned(),
            engine: self.engine_name(),
            source: Box::new(source),
        }
    }

    pub(super) fn engine_name(&self) -> String {
        self.engine().title().to_owned()
    }
}

pub(super) fn parse_reference(text: &str) -> Result<ImageReference, ImportError> {
    text.parse().map_err(|source| ImportError::Reference {
        reference: text.to_owned(),
        source,
    })
}
