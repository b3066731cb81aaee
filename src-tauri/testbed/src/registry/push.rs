//! Pushing an image by the registry's HTTP API: <https://distribution.github.io/distribution/spec/api/>.

use ureq::Agent;
use ureq::http::{Request, Response, StatusCode};

use super::documents::{Content, Documents};
use super::image::RegistryImage;
use super::pushed::PushedImage;
use super::server::Registry;

pub(super) fn push(image: &RegistryImage, registry: &Registry) -> PushedImage {
    let documents = Documents::of(image);
    registry.without_tls(|address| {
        let repository = Repository::new(address, image, registry.authorization());
        for blob in &documents.blobs {
            repository.put_blob(blob);
        }
        for manifest in &documents.manifests {
            repository.put_manifest(&manifest.blob.digest, manifest);
        }
        repository.put_manifest(&image.tag, &documents.target);
    });
    PushedImage {
        reference: registry.reference(&format!("{}:{}", image.repository, image.tag)),
        target: documents.target.blob,
        platforms: documents.platforms,
    }
}

/// A repository of a registry that speaks no TLS.
struct Repository {
    agent: Agent,
    base: String,
    authorization: Option<String>,
}

impl Repository {
    fn new(address: &str, image: &RegistryImage, authorization: Option<String>) -> Self {
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .build();
        Self {
            agent: agent.into(),
            base: format!("http://{address}/v2/{}", image.repository),
            authorization,
        }
    }

    fn put_manifest(&self, name: &str, manifest: &Content) {
        let url = format!("{}/manifests/{name}", self.base);
        let media_type = &manifest.blob.media_type;
        let answer = self.send("PUT", &url, media_type, &manifest.bytes);
        expect(&url, answer, StatusCode::CREATED);
    }

    /// Pushes a blob, unless the registry has it.
    fn put_blob(&self, content: &Content) {
        let url = format!("{}/blobs/{}", self.base, content.blob.digest);
        if self.send("HEAD", &url, "", &[]).status() == StatusCode::OK {
            return;
        }
        let url = format!("{}/blobs/uploads/", self.base);
        let begun = self.send("POST", &url, "", &[]);
        let begun = expect(&url, begun, StatusCode::ACCEPTED);
        let location = begun.headers().get("location");
        let location = location.and_then(|location| location.to_str().ok());
        let location = location.expect("a registry says where to put a blob");
        let joint = if location.contains('?') { '&' } else { '?' };
        let url = format!("{location}{joint}digest={}", content.blob.digest);
        let answer = self.send("PUT", &url, "application/octet-stream", &content.bytes);
        expect(&url, answer, StatusCode::CREATED);
    }

    fn send(&self, method: &str, url: &str, media_type: &str, body: &[u8]) -> Answer {
        let mut request = Request::builder().method(method).uri(url);
        if let Some(authorization) = &self.authorization {
            request = request.header("Authorization", authorization);
        }
        if !media_type.is_empty() {
            request = request.header("Content-Type", media_type);
        }
        let answer = if method == "HEAD" {
            self.agent.run(request.body(()).expect("a request"))
        } else {
            self.agent.run(request.body(body).expect("a request"))
        };
        answer.unwrap_or_else(|error| panic!("{method} {url}: {error}"))
    }
}

type Answer = Response<ureq::Body>;

fn expect(url: &str, mut answer: Answer, status: StatusCode) -> Answer {
    if answer.status() != status {
        let body = answer.body_mut().read_to_string().unwrap_or_default();
        panic!("{url}: {} {body}", answer.status());
    }
    answer
}
