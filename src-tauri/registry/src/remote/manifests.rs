//! Reading manifests and configurations, and saying why that fails.
//!
//! `oci-client` reads them and checks their digests. Its errors lack what a status and its headers would tell, so the
//! head of the same manifest is asked for again where that is needed.

use oci_client::{
    Reference, RegistryOperation,
    errors::{OciDistributionError, OciErrorCode},
    manifest::{OciDescriptor, OciManifest},
    secrets::RegistryAuth,
    token_cache::RegistryTokenType,
};
use serde::Deserialize;
use tokio::time::timeout;

use super::{authorization::Authorization, reader::Reader, visit::Question};
use crate::{
    Answer, Platform, RegistryError,
    error::{Asked, Failure, retry_after},
};

/// No image's configuration is larger; engines refuse it, too.
const LARGEST_CONFIGURATION: i64 = 8 << 20;

/// What an image's configuration says of its platform.
#[derive(Deserialize)]
struct Configuration {
    os: String,
    architecture: String,
    #[serde(default)]
    variant: Option<String>,
}

impl Reader {
    /// Reads the manifest or index of a reference. Returns its digest too, which was checked.
    pub(super) async fn manifest(
        &self,
        reference: &Reference,
        asked: &Asked<'_>,
        authorization: &Authorization,
    ) -> Result<(OciManifest, String), RegistryError> {
        let secret = self.hand_over(reference, asked, authorization).await;
        let read = self.oci.pull_manifest(reference, &secret);
        match timeout(self.visit.limits.answer, read).await {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(error)) => Err(self.explain(error, reference, asked, authorization).await),
            Err(_) => Err(self.late()),
        }
    }

    /// The platform that a manifest's configuration tells.
    pub(super) async fn platform(
        &self,
        reference: &Reference,
        configuration: &OciDescriptor,
        asked: &Asked<'_>,
        authorization: &Authorization,
    ) -> Result<Platform, RegistryError> {
        if configuration.size > LARGEST_CONFIGURATION {
            return Err(unreadable(asked, "the configuration is too large"));
        }
        let mut text = Vec::new();
        let read = self.oci.pull_blob(reference, configuration, &mut text);
        match timeout(self.visit.limits.answer, read).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                return Err(self.explain(error, reference, asked, authorization).await);
            }
            Err(_) => return Err(self.late()),
        }
        let told: Configuration =
            serde_json::from_slice(&text).map_err(|error| unreadable(asked, error))?;
        Ok(Platform::new(
            &told.os,
            &told.architecture,
            told.variant.as_deref(),
        ))
    }

    /// Gives the other client what the registry wants, so that it does not ask again.
    async fn hand_over(
        &self,
        reference: &Reference,
        asked: &Asked<'_>,
        authorization: &Authorization,
    ) -> RegistryAuth {
        match authorization {
            Authorization::Bearer(token) => RegistryAuth::Bearer(token.clone()),
            Authorization::Basic { username, secret } => {
                let pair = RegistryTokenType::Basic(username.clone(), secret.clone());
                let tokens = &self.oci.tokens;
                tokens
                    .insert(reference, RegistryOperation::Pull, pair)
                    .await;
                RegistryAuth::Basic(username.clone(), secret.clone())
            }
            // A registry that hides what is private wants the login only where it is asked for its version.
            Authorization::None => match asked.login.and_then(crate::Credential::as_password) {
                Some((username, secret)) => RegistryAuth::Basic(username.into(), secret.into()),
                None => RegistryAuth::Anonymous,
            },
        }
    }

    async fn explain(
        &self,
        error: OciDistributionError,
        reference: &Reference,
        asked: &Asked<'_>,
        authorization: &Authorization,
    ) -> RegistryError {
        let (mut failure, status) = match error {
            OciDistributionError::RequestError(error) => return self.visit.transport(error),
            OciDistributionError::UnauthorizedError { .. } => {
                (Failure::new(Answer::of(401, "")), Some(401))
            }
            OciDistributionError::AuthenticationFailure(said) => {
                (Failure::new(Answer::of(401, &said)), Some(401))
            }
            OciDistributionError::ServerError { code, message, .. } => {
                (Failure::new(Answer::of(code, &message)), Some(code))
            }
            OciDistributionError::RegistryError { envelope, .. } => {
                let body = serde_json::to_string(&envelope).unwrap_or_default();
                let code = envelope.errors.first().map(|error| &error.code);
                let status = code.and_then(status_of);
                let mut failure = Failure::new(Answer::of(status.unwrap_or_default(), &body));
                failure.repository_unknown = code == Some(&OciErrorCode::NameUnknown);
                (failure, status)
            }
            other => return unreadable(asked, other),
        };
        if matches!(status, None | Some(429)) {
            self.ask_again(&mut failure, reference, authorization).await;
        }
        failure.into_error(asked)
    }

    /// Completes what is known of a failure by the status and the headers of the same question.
    async fn ask_again(
        &self,
        failure: &mut Failure,
        reference: &Reference,
        authorization: &Authorization,
    ) {
        let question = Question::Manifest(reference);
        if let Ok(answer) = self.visit.ask(question, authorization).await {
            failure.retry_after = retry_after(&answer);
            if failure.answer.status == 0 {
                failure.answer.status = answer.status().as_u16();
            }
        }
    }

    fn late(&self) -> RegistryError {
        RegistryError::TimedOut {
            registry: self.visit.registry.clone(),
            seconds: self.visit.limits.answer.as_secs(),
        }
    }
}

/// The status that the registry's own code of an error comes with.
fn status_of(code: &OciErrorCode) -> Option<u16> {
    match code {
        OciErrorCode::Unauthorized => Some(401),
        OciErrorCode::Denied => Some(403),
        OciErrorCode::ManifestUnknown
        | OciErrorCode::ManifestBlobUnknown
        | OciErrorCode::BlobUnknown
        | OciErrorCode::NameUnknown
        | OciErrorCode::NotFound => Some(404),
        OciErrorCode::Toomanyrequests => Some(429),
        _ => None,
    }
}

pub(super) fn unreadable(
    asked: &Asked<'_>,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> RegistryError {
    RegistryError::Unreadable {
        registry: asked.registry.to_owned(),
        object: asked.object.to_owned(),
        source: source.into(),
    }
}
