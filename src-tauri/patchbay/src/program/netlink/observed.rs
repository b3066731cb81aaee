//! An interface as the kernel describes it (rtnetlink(7)).

use nix::libc;

use super::raw::{attributes, text, u32_at, u64_at};

/// The bytes of `struct ifinfomsg`.
const HEADER: usize = 16;

/// An interface.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Observed {
    /// Its number.
    pub(crate) index: u32,
    /// Its name.
    pub(crate) name: String,
    /// What we noted about it.
    pub(crate) alias: String,
    /// Its MTU in bytes.
    pub(crate) mtu: u32,
    /// Whether it is up and its other side too.
    pub(crate) carrier: bool,
    /// The number of its other side, in whatever namespace that is.
    pub(crate) other_side: u32,
    /// What has passed it.
    pub(crate) traffic: Traffic,
}

/// What has passed an interface since it was made, as it counts itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traffic {
    pub(crate) received_frames: u64,
    pub(crate) sent_frames: u64,
    pub(crate) received_bytes: u64,
    pub(crate) sent_bytes: u64,
}

impl Observed {
    /// Reads what follows the header of an `RTM_NEWLINK` or `RTM_DELLINK`.
    pub(super) fn read(payload: &[u8]) -> Option<Self> {
        let up = libc::IFF_UP.cast_unsigned() | IFF_LOWER_UP;
        let mut link = Self {
            index: u32_at(payload, 4)?,
            carrier: u32_at(payload, 8)? & up == up,
            ..Self::default()
        };
        for (kind, value) in attributes(payload.get(HEADER..)?) {
            link.take(kind, value);
        }
        Some(link)
    }

    fn take(&mut self, kind: u16, value: &[u8]) {
        match kind {
            libc::IFLA_IFNAME => self.name = text(value),
            libc::IFLA_IFALIAS => self.alias = text(value),
            libc::IFLA_MTU => self.mtu = u32_at(value, 0).unwrap_or_default(),
            libc::IFLA_LINK => self.other_side = u32_at(value, 0).unwrap_or_default(),
            libc::IFLA_STATS64 => self.traffic = Traffic::read(value).unwrap_or_default(),
            _ => {}
        }
    }
}

/// `IFF_LOWER_UP` of linux/if.h.
const IFF_LOWER_UP: u32 = 1 << 16;

impl Traffic {
    /// The first four of `struct rtnl_link_stats64`.
    fn read(value: &[u8]) -> Option<Self> {
        Some(Self {
            received_frames: u64_at(value, 0)?,
            sent_frames: u64_at(value, 8)?,
            received_bytes: u64_at(value, 16)?,
            sent_bytes: u64_at(value, 24)?,
        })
    }
}
