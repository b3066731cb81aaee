//! Asking registries.

use oci_client::Reference;
use reqwest::Response;

use super::{
    access::{RegistryAccess, Ways},
    authorization::{Authorization, Denied},
    challenge::Challenge,
    describe::Description,
    visit::{Question, Visit},
};
use crate::{
    Answer, Credential, Platform, RegistryError, RemoteImage,
    error::{Asked, Failure},
    reference::{parse, registry_name},
};

/// All registries, as one engine reaches them.
#[derive(Clone, Debug)]
pub struct Registry {
    access: RegistryAccess,
}

impl Registry {
    /// Registries that are reached in this manner. Nothing is asked yet.
    pub fn new(access: RegistryAccess) -> Self {
        Self { access }
    }

    /// Describes an image for a platform, as the registry has it now.
    ///
    /// `name` is canonical. Docker Hub's mirrors are asked first, without the login, which is not theirs; what
    /// goes wrong there is told in the log alone, because the engine goes on to Docker Hub too.
    pub async fn describe(
        &self,
        name: &str,
        platform: &Platform,
        login: Option<&Credential>,
    ) -> Result<RemoteImage, RegistryError> {
        let reference = parse(name)?;
        let asked = Asked {
            registry: registry_name(reference.registry()),
            repository: reference.repository(),
            object: name,
            login,
        };
        let nobody = Asked {
            login: None,
            ..asked
        };
        for mirror in self.access.mirrors_of(asked.registry) {
            let host = mirror.best.host.clone();
            match self.describe_at(mirror, &reference, nobody, platform).await {
                Ok(image) => return Ok(image),
                Err(error) => tracing::debug!(%host, ?error, "a mirror did not describe {name}"),
            }
        }
        let ways = self.access.ways(asked.registry);
        self.describe_at(ways, &reference, asked, platform).await
    }

    /// Asks a registry whether it knows a login. One that lets in everybody takes any.
    pub async fn check_login(
        &self,
        registry: &str,
        login: &Credential,
    ) -> Result<(), RegistryError> {
        let asked = Asked {
            registry: registry_name(registry),
            repository: "",
            object: "anything",
            login: Some(login),
        };
        let ways = self.access.ways(asked.registry);
        let (visit, answer) = self.reach(asked.registry, ways, Question::Version).await?;
        let challenge = Challenge::of(answer.headers());
        let Some(challenge) = challenge.filter(|_| answer.status() == 401) else {
            return accepted(answer, &asked).await;
        };
        let refused = |source: Answer| RegistryError::LoginRefused {
            registry: asked.registry.to_owned(),
            username: login.shown().to_owned(),
            source,
        };
        let authorized = visit.authorize(&challenge, None, Some(login)).await;
        let authorization = authorized.map_err(|denied| match denied {
            Denied::Refused(answer) => refused(answer),
            Denied::Failed(error) => error,
        })?;
        let answer = visit.ask(Question::Version, &authorization).await?;
        if matches!(answer.status().as_u16(), 401 | 403) {
            return Err(refused(Failure::read(answer).await.answer));
        }
        accepted(answer, &asked).await
    }

    async fn describe_at(
        &self,
        ways: Ways,
        reference: &Reference,
        asked: Asked<'_>,
        platform: &Platform,
    ) -> Result<RemoteImage, RegistryError> {
        let question = Question::Manifest(reference);
        let (visit, head) = self.reach(asked.registry, ways, question).await?;
        let description = Description::begin(visit, head, reference, asked).await?;
        description.finish(platform).await
    }

    /// Asks a first question as nobody, in the way that leads to the registry.
    async fn reach(
        &self,
        registry: &str,
        ways: Ways,
        question: Question<'_>,
    ) -> Result<(Visit, Response), RegistryError> {
        let nobody = Authorization::None;
        let visit = Visit::prepare(registry, ways.best, &self.access).await?;
        match (visit.ask(question, &nobody).await, ways.otherwise) {
            (Err(error), Some(way)) if error.is_transport() => {
                let visit = Visit::prepare(registry, way, &self.access).await?;
                let answer = visit.ask(question, &nobody).await?;
                Ok((visit, answer))
            }
            (answer, _) => Ok((visit, answer?)),
        }
    }
}

async fn accepted(answer: Response, asked: &Asked<'_>) -> Result<(), RegistryError> {
    if answer.status().is_success() {
        return Ok(());
    }
    Err(Failure::read(answer).await.into_error(asked))
}
