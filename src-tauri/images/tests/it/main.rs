//! Imports into the three real engines.
#![expect(
    clippy::unwrap_used,
    reason = "a failed unwrap fails the test, with the line that it is in"
)]

/// A test per engine for each of the named cases.
macro_rules! on_every_engine {
    ($($case:ident)*) => {
        $(mod $case {
            use labwright_testbed::Kind;

            #[tokio::test(flavor = "multi_thread")]
            async fn classic() {
                super::$case(Kind::Classic).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn containerd() {
                super::$case(Kind::Containerd).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn podman() {
                super::$case(Kind::Podman).await;
            }
        })*
    };
}

mod archives;
mod cancel;
mod copy;
mod copy_faults;
mod download;
mod engine_faults;
mod files;
mod harness;
mod library;
mod links;
mod matrix;
mod names;
mod orders;
mod pull;
mod save;
mod save_faults;
mod transfers;
mod types;
