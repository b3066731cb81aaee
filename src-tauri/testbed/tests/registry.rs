//! The registry is a real one, and its gate is slow, breaks and answers exactly as told.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use labwright_testbed::archives::{Compression, RootFs};
use labwright_testbed::registry::Fault;
use labwright_testbed::{Gate, Registry, RegistryImage};
use serde_json::Value;
use sha2::{Digest, Sha256};
use ureq::Agent;
use ureq::http::{Request, Response};

const MANIFESTS: &str = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
                         application/vnd.docker.distribution.manifest.list.v2+json, \
                         application/vnd.docker.distribution.manifest.v2+json";

fn send(
    method: &str,
    address: &str,
    path: &str,
    authorization: Option<&str>,
) -> Response<ureq::Body> {
    let agent: Agent = Agent::config_builder()
        .http_status_as_error(false)
        .proxy(None)
        .build()
        .into();
    let request = Request::builder()
        .method(method)
        .uri(format!("http://{address}{path}"))
        .header("Accept", MANIFESTS)
        .header("Authorization", authorization.unwrap_or("none"));
    agent.run(request.body(()).unwrap()).unwrap()
}

fn get(address: &str, path: &str) -> Response<ureq::Body> {
    send("GET", address, path, None)
}

/// The body, or how it broke.
fn bytes(mut answer: Response<ureq::Body>) -> Result<Vec<u8>, ureq::Error> {
    answer.body_mut().with_config().limit(1 << 30).read_to_vec()
}

fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(bytes)))
}

fn layer(name: &str) -> RootFs {
    RootFs::empty().file(name, name)
}

/// Nothing of it is compressed, so that its length is known.
fn large(registry: &Registry) -> (String, u64) {
    let image = RegistryImage::new("large", "1")
        .compression(Compression::None)
        .layer(&RootFs::empty().padding(1 << 20))
        .push(registry);
    let layer = &image.first().layers[0];
    (format!("/v2/large/blobs/{}", layer.digest), layer.size)
}

#[test]
fn an_image_is_there_as_it_was_pushed() {
    let registry = Registry::open();
    let pushed = RegistryImage::new("routers/one", "2")
        .docker()
        .layer(&layer("a"))
        .layer(&layer("b"))
        .layer(&layer("a"))
        .push(&registry);
    assert_eq!(pushed.reference, registry.reference("routers/one:2"));
    let answer = get(&registry.address(), "/v2/routers/one/manifests/2");
    assert_eq!(
        answer.headers()["content-type"],
        "application/vnd.docker.distribution.manifest.v2+json"
    );
    let manifest = bytes(answer).unwrap();
    assert_eq!(digest(&manifest), pushed.target.digest);
    assert_eq!(pushed.target, pushed.first().manifest);
    let layers = &pushed.first().layers;
    assert_eq!(layers.len(), 3);
    assert_eq!(layers[0], layers[2]);
    for blob in layers.iter().chain([&pushed.first().config]) {
        let path = format!("/v2/routers/one/blobs/{}", blob.digest);
        let content = bytes(get(&registry.address(), &path)).unwrap();
        assert_eq!(digest(&content), blob.digest);
        assert_eq!(content.len() as u64, blob.size);
    }
}

#[test]
fn an_index_names_every_platform_and_foreign_layers_are_elsewhere() {
    let registry = Registry::open();
    let pushed = RegistryImage::new("x", "1")
        .platform("linux/amd64")
        .compression(Compression::Zstd)
        .layer(&layer("a"))
        .platform("linux/arm64/v8")
        .layer(&layer("a"))
        .foreign_layer("https://example.org/layer", &layer("far"))
        .attestation()
        .push(&registry);
    let index = bytes(get(&registry.address(), "/v2/x/manifests/1")).unwrap();
    assert_eq!(digest(&index), pushed.target.digest);
    let index: Value = serde_json::from_slice(&index).unwrap();
    let platforms: Vec<_> = index["manifests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["platform"]["architecture"].as_str().unwrap())
        .collect();
    assert_eq!(platforms, ["amd64", "arm64", "unknown"]);
    assert_eq!(index["manifests"][1]["platform"]["variant"], "v8");
    let second = &pushed.platforms[1];
    assert_eq!(second.platform, "linux/arm64/v8");
    let path = format!("/v2/x/manifests/{}", second.manifest.digest);
    let manifest = bytes(get(&registry.address(), &path)).unwrap();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    let layers = &manifest["layers"];
    assert!(
        layers[0]["mediaType"]
            .as_str()
            .unwrap()
            .ends_with("tar+zstd")
    );
    assert_eq!(layers[1]["urls"][0], "https://example.org/layer");
    let far = format!("/v2/x/blobs/{}", second.layers[1].digest);
    assert_eq!(get(&registry.address(), &far).status(), 404);
}

#[test]
fn a_password_is_asked_for() {
    let registry = Registry::with_password("ada", "secret");
    RegistryImage::new("x", "1")
        .layer(&layer("a"))
        .push(&registry);
    let answer = get(&registry.address(), "/v2/x/manifests/1");
    assert_eq!(answer.status(), 401);
    assert_eq!(
        answer.headers()["www-authenticate"],
        "Basic realm=\"testbed\""
    );
    let with = |secret| {
        let answer = send("GET", &registry.address(), "/v2/", Some(secret));
        answer.status().as_u16()
    };
    // ada:secret and ada:other, in base64.
    assert_eq!(with("Basic YWRhOnNlY3JldA=="), 200);
    assert_eq!(with("Basic YWRhOm90aGVy"), 401);
}

#[test]
fn tls_is_spoken_with_a_certificate_of_the_own_authority() {
    let registry = Registry::with_tls();
    RegistryImage::new("x", "1")
        .layer(&layer("a"))
        .push(&registry);
    let says = |authority: &[&str]| {
        let output = Command::new("openssl")
            .args(["s_client", "-connect", &registry.address()])
            .args(["-verify_return_error", "-verify_ip", "127.0.0.1"])
            .args(authority)
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        output.status.success()
    };
    assert!(says(&["-CAfile", registry.authority().to_str().unwrap()]));
    assert!(!says(&[]));
}

#[test]
fn a_killed_registry_comes_back_with_its_images() {
    let registry = Registry::open();
    let pushed = RegistryImage::new("x", "1")
        .layer(&layer("a"))
        .push(&registry);
    registry.kill();
    assert!(std::net::TcpStream::connect(registry.address()).is_err());
    let before = registry.address();
    registry.restart();
    assert_eq!(registry.address(), before);
    let manifest = bytes(get(&before, "/v2/x/manifests/1")).unwrap();
    assert_eq!(digest(&manifest), pushed.target.digest);
}

#[test]
fn blobs_are_corrupted_and_removed() {
    let registry = Registry::open();
    let (path, size) = large(&registry);
    let name = path.rsplit('/').next().unwrap();
    registry.corrupt_blob(name);
    let content = bytes(get(&registry.address(), &path)).unwrap();
    assert_eq!(content.len() as u64, size);
    assert_ne!(digest(&content), name);
    registry.remove_blob(name);
    assert_eq!(get(&registry.address(), &path).status(), 404);
}

#[test]
fn a_gate_lets_everything_through_and_addresses_lead_back_to_it() {
    let registry = Registry::with_password("ada", "secret");
    let pushed = RegistryImage::new("x", "1")
        .layer(&layer("a"))
        .push(&registry);
    let gate = Gate::before(&registry);
    let ada = Some("Basic YWRhOnNlY3JldA==");
    assert_eq!(get(&gate.address(), "/v2/").status(), 401);
    let answer = send("GET", &gate.address(), "/v2/x/manifests/1", ada);
    assert_eq!(digest(&bytes(answer).unwrap()), pushed.target.digest);
    assert!(gate.bytes_sent() > pushed.target.size);
    let answer = send("HEAD", &gate.address(), "/v2/x/manifests/1", ada);
    assert_eq!(answer.status(), 200);
    let answer = send("POST", &gate.address(), "/v2/x/blobs/uploads/", ada);
    let location = answer.headers()["location"].to_str().unwrap();
    assert!(
        location.starts_with(&format!("http://{}/", gate.address())),
        "{location}"
    );
    assert_eq!(gate.requests().len(), 4);
}

#[test]
fn an_upload_goes_through_a_gate_in_any_framing() {
    let registry = Registry::open();
    let gate = Gate::before(&registry);
    let content = vec![b'x'; 300_000];
    let agent: Agent = Agent::config_builder().proxy(None).build().into();
    let base = format!("http://{}/v2/x/blobs/uploads/", gate.address());
    for chunked in [false, true] {
        let begun = agent.post(&base).send_empty().unwrap();
        let location = begun.headers()["location"].to_str().unwrap();
        let url = format!("{location}&digest={}", digest(&content));
        let answer = if chunked {
            let reader = ureq::SendBody::from_owned_reader(std::io::Cursor::new(content.clone()));
            agent.put(url).send(reader)
        } else {
            agent.put(url).send(&content[..])
        };
        assert_eq!(answer.unwrap().status(), 201);
    }
    let path = format!("/v2/x/blobs/{}", digest(&content));
    assert!(bytes(get(&gate.address(), &path)).unwrap() == content);
}

#[test]
fn a_gate_answers_the_chosen_requests_itself() {
    let registry = Registry::open();
    RegistryImage::new("x", "1")
        .layer(&layer("a"))
        .push(&registry);
    let gate = Gate::before(&registry);
    let limited = Fault::answer(429)
        .header("Retry-After", "30")
        .body("slower");
    gate.fault("/v2/x/manifests/", limited.method("GET").nth(2));
    let ask = |method| send(method, &gate.address(), "/v2/x/manifests/1", None);
    assert_eq!(ask("GET").status(), 200);
    assert_eq!(ask("HEAD").status(), 200);
    let mut answer = ask("GET");
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.headers()["retry-after"], "30");
    assert_eq!(answer.body_mut().read_to_string().unwrap(), "slower");
    assert_eq!(ask("GET").status(), 200);
    gate.fault("/v2/x/manifests/", Fault::answer(500).times(2));
    let statuses: Vec<_> = (0..3).map(|_| ask("GET").status().as_u16()).collect();
    assert_eq!(statuses, [500, 500, 200]);
    gate.fault("/v2/", Fault::answer(403));
    assert_eq!(ask("GET").status(), 403);
    gate.clear();
    assert_eq!(ask("GET").status(), 200);
}

#[test]
fn a_cut_breaks_every_connection_after_so_many_bytes() {
    let registry = Registry::open();
    let (path, size) = large(&registry);
    let gate = Gate::before(&registry);
    // Slow, so that the second one is still under way when the first is cut.
    gate.bytes_per_second(Some(1_000_000));
    thread::scope(|scope| {
        let other = scope.spawn(|| bytes(get(&gate.address(), &path)));
        while gate.bytes_sent() == 0 {
            thread::sleep(Duration::from_millis(5));
        }
        gate.fault("/v2/large/blobs/", Fault::cut_after(50_000).nth(1));
        assert!(bytes(get(&gate.address(), &path)).is_err());
        assert!(other.join().unwrap().is_err());
    });
    assert!(gate.bytes_sent() < size);
    gate.bytes_per_second(None);
    assert_eq!(
        bytes(get(&gate.address(), &path)).unwrap().len() as u64,
        size
    );
}

#[test]
fn all_connections_share_a_rate_that_can_change() {
    let registry = Registry::open();
    let (path, size) = large(&registry);
    let gate = Gate::before(&registry);
    gate.bytes_per_second(Some(size * 2));
    let begun = Instant::now();
    thread::scope(|scope| {
        let both = [(); 2].map(|()| scope.spawn(|| bytes(get(&gate.address(), &path)).unwrap()));
        for one in both {
            assert_eq!(one.join().unwrap().len() as u64, size);
        }
    });
    let shared = begun.elapsed();
    assert!(shared > Duration::from_millis(850), "{shared:?}");
    gate.bytes_per_second(Some(0));
    thread::scope(|scope| {
        let held = scope.spawn(|| bytes(get(&gate.address(), &path)).unwrap());
        thread::sleep(Duration::from_millis(300));
        let before = gate.bytes_sent();
        thread::sleep(Duration::from_millis(300));
        let is_held = !held.is_finished() && gate.bytes_sent() == before;
        // It must end, whatever is found.
        gate.bytes_per_second(None);
        assert_eq!(held.join().unwrap().len() as u64, size);
        assert!(is_held);
    });
}

#[test]
fn a_silent_gate_breaks_when_it_goes_and_a_dead_registry_breaks_the_gates_connections() {
    let registry = Registry::open();
    let gate = Gate::before(&registry);
    gate.fault("/v2/x", Fault::silence());
    let agent: Agent = Agent::config_builder().proxy(None).build().into();
    let base = format!("http://{}", gate.address());
    thread::scope(|scope| {
        let silent = scope.spawn(|| agent.get(format!("{base}/v2/x")).call().is_err());
        thread::sleep(Duration::from_millis(200));
        assert!(!silent.is_finished());
        registry.kill();
        assert!(agent.get(format!("{base}/v2/")).call().is_err());
        drop(gate);
        assert!(silent.join().unwrap());
    });
}
