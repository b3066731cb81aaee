//! Docker Hub's mirrors, which are tried before it.

use labwright_registry::{Credential, Registry, RegistryAccess};
use labwright_testbed::{Gate, RegistryImage, archives::RootFs};

use crate::{docker, platform};

/// The login would be accepted by the first mirror, which wants one; it is Docker Hub's, and is not shown to it.
#[tokio::test]
async fn the_first_mirror_that_shows_the_image_describes_it_without_the_login() {
    let private = labwright_testbed::Registry::with_password("ada", "hunter2");
    let open = labwright_testbed::Registry::open();
    let image = RegistryImage::new("library/alpine", "3").layer(&RootFs::empty());
    image.push(&private);
    let pushed = image.push(&open);
    let (first, second) = (Gate::before(&private), Gate::before(&open));
    let access = RegistryAccess {
        mirrors: [&first, &second]
            .map(|mirror| format!("http://{}", mirror.address()).parse().unwrap())
            .into(),
        ..docker()
    };
    let login = Credential::password("ada", "hunter2");
    let described = Registry::new(access)
        .describe(
            "docker.io/library/alpine:3",
            &platform("linux/amd64"),
            Some(&login),
        )
        .await;
    assert_eq!(described.unwrap().digest, pushed.target.digest);
    assert!(!first.requests().is_empty() && !second.requests().is_empty());
    let all = [first.requests(), second.requests()].concat();
    assert!(
        all.iter()
            .all(|request| request.header("authorization").is_none())
    );
}
