//! What a link does to the frames that pass it.

use serde::{Deserialize, Serialize};

/// What is done to frames on their way to one end. Nothing, where every value is zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Impairments {
    /// By how much each frame is delayed, in microseconds.
    #[serde(skip_serializing_if = "is_zero")]
    pub delay_us: u32,
    /// By how much the delay varies, in microseconds. Needs a delay.
    #[serde(skip_serializing_if = "is_zero")]
    pub jitter_us: u32,
    /// How many of a million frames are lost.
    #[serde(skip_serializing_if = "is_zero")]
    pub loss_ppm: u32,
    /// Of how many of a million frames one bit is turned over.
    #[serde(skip_serializing_if = "is_zero")]
    pub corruption_ppm: u32,
    /// How many bits pass in a second; 0 for as many as there are.
    #[serde(skip_serializing_if = "is_zero_rate")]
    pub rate_bps: u64,
}

impl Impairments {
    /// Nothing is done to any frame.
    pub const NONE: Self = Self {
        delay_us: 0,
        jitter_us: 0,
        loss_ppm: 0,
        corruption_ppm: 0,
        rate_bps: 0,
    };

    /// Whether nothing is done to any frame.
    pub fn is_none(&self) -> bool {
        *self == Self::NONE
    }

    /// Whether the kernel needs netem for it: a rate alone has a queue of its own.
    pub fn needs_netem(&self) -> bool {
        !Self {
            rate_bps: 0,
            ..*self
        }
        .is_none()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero(value: &u32) -> bool {
    *value == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero_rate(value: &u64) -> bool {
    *value == 0
}
