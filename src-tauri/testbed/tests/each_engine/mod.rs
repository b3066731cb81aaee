//! The same test on three engines.

/// One test of each kind for each of the functions.
macro_rules! on_each_engine {
    ($($test:ident),*) => {
        mod classic { $(#[test] fn $test() { super::$test(super::Kind::Classic); })* }
        mod containerd { $(#[test] fn $test() { super::$test(super::Kind::Containerd); })* }
        mod podman { $(#[test] fn $test() { super::$test(super::Kind::Podman); })* }
    };
}
