//! Docker Hub's mirrors, which are tried before it.

use labwright_registry::{Credential, Registry, RegistryAccess};
use labwright_testbed::{Gate, RegistryImage, archives::RootFs, registry::Fault};

use crate::{docker, platform};

#[tokio::test]
async fn the_first_mirror_that_has_the_image_describes_it_without_the_login() {
    let registry = labwright_testbed::Registry::open();
    let pushed = RegistryImage::new("library/alpine", "3")
        .layer(&RootFs::empty())
        .push(&registry);
    let (first, second) = (Gate::before(&registry), Gate::before(&registry));
    first.fault("/v2/", Fault::answer(500));
    let access = RegistryAccess {
        mirrors: [&first, &second]
            .map(|mirror| format!("http://{}", mirror.address()).parse().unwrap())
            .into(),
        ..docker()
    };
    let login = Credential::password("ada", "hunter2");
    for name in ["docker.io/library/alpine:3", "alpine:3"] {
        let described = Registry::new(access.clone())
            .describe(name, &platform("linux/amd64"), Some(&login))
            .await;
        assert_eq!(described.unwrap().digest, pushed.target.digest);
    }
    assert!(!first.requests().is_empty());
    let all = [first.requests(), second.requests()].concat();
    assert!(
        all.iter()
            .all(|request| request.header("authorization").is_none())
    );
}
