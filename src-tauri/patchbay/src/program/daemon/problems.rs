//! Refusals of the kernel, told of the object that they are about.

use std::{fmt, io};

use labwright_patchbay::{EndName, Impairments, Problem, ProblemCode};

use super::super::netlink::Refusal;

/// The end could not be made.
pub(super) fn not_made(end: &EndName, place: &str, refusal: &Refusal) -> Problem {
    let (code, message) = match () {
        () if refusal.is_exists() => (
            ProblemCode::InterfaceExists,
            format!(
                "{place} already has an interface {}, which is not the patchbay's",
                end.interface()
            ),
        ),
        () if refusal.is_unsupported() => (
            ProblemCode::KernelWithoutModule,
            format!("the kernel cannot make {end}: {refusal}"),
        ),
        () => (
            ProblemCode::KernelRefused,
            format!("the kernel refused to make {end}: {refusal}"),
        ),
    };
    Problem::new(code, end, message)
}

/// The link of an end could not be made as wanted.
pub(super) fn not_set(end: &EndName, refusal: &Refusal) -> Problem {
    let message = format!("the kernel refused to change the link of {end}: {refusal}");
    Problem::new(ProblemCode::KernelRefused, end, message)
}

/// Something could not be taken away.
pub(super) fn not_deleted(object: impl fmt::Display, refusal: &Refusal) -> Problem {
    let message = format!("the kernel refused to take {object} away: {refusal}");
    Problem::new(ProblemCode::KernelRefused, object, message)
}

/// Frames to `end` cannot be impaired by this kernel.
pub(super) fn without_netem(end: &EndName, impairments: &Impairments) -> Option<Problem> {
    impairments.needs_netem().then(|| {
        let message = format!(
            "frames to {end} cannot be delayed, lost or damaged: the kernel of the engine's host has no sch_netem"
        );
        Problem::new(ProblemCode::KernelWithoutNetem, end, message)
    })
}

/// The engine's host lacks an interface.
pub(super) fn missing_in_host(end: &EndName, name: &str) -> Problem {
    let message = format!("the engine's host has no interface {name}, which {end} needs");
    Problem::new(ProblemCode::HostInterfaceMissing, end, message)
}

/// A namespace could not be entered.
pub(super) fn unreachable(object: impl fmt::Display, place: &str, error: &io::Error) -> Problem {
    let message = format!("the network namespace of {place} cannot be entered: {error}");
    Problem::new(ProblemCode::NamespaceUnreachable, object, message)
}

/// A port's transmit checksums could not be switched off.
pub(super) fn checksums_stay(end: &EndName, refusal: &Refusal) -> Problem {
    let message = format!("transmit checksums of {end} are still left to the interface: {refusal}");
    Problem::new(ProblemCode::ChecksumOffload, end, message)
}
