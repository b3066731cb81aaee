//! Which of the machine's processors handle what nodes send (Documentation/networking/scaling.rst, "RPS").
//!
//! What comes through a pair of interfaces is handled by the processor of whoever sent it, and a link is two pairs: spread
//! over all processors, it is faster than one pair that is not.

use std::io;

use rustix::{
    fd::OwnedFd,
    fs::{Mode, OFlags, openat},
    io::{read, write},
    mount::{
        FsMountFlags, FsOpenFlags, FsPickFlags, MountAttrFlags, fsconfig_create,
        fsconfig_reconfigure, fsconfig_set_flag, fsmount, fsopen, fspick,
    },
};

use super::super::netlink::Device;

/// The processors, and the files that tell the kernel.
pub(super) struct Steering {
    /// A sysfs of our network namespace that is mounted nowhere: the one that containers see cannot be written.
    files: OwnedFd,
    processors: String,
}

impl Steering {
    /// For interfaces of the calling thread's network namespace. Refused without rights over the whole machine, as a
    /// rootless engine has none.
    pub(super) fn open() -> io::Result<Self> {
        let system = fsopen("sysfs", FsOpenFlags::FSOPEN_CLOEXEC)?;
        fsconfig_create(&system)?;
        let files = fsmount(
            &system,
            FsMountFlags::FSMOUNT_CLOEXEC,
            MountAttrFlags::empty(),
        )?;
        // A container has a sysfs of the same namespace already: it is the same, and read-only as a whole.
        let same = fspick(
            &files,
            "",
            FsPickFlags::FSPICK_CLOEXEC | FsPickFlags::FSPICK_EMPTY_PATH,
        )?;
        fsconfig_set_flag(&same, "rw")?;
        fsconfig_reconfigure(&same)?;
        let online = openat(&files, ONLINE, OFlags::CLOEXEC, Mode::empty())?;
        let mut text = [0; 1024];
        let length = read(&online, &mut text)?;
        let online = str::from_utf8(&text[..length]).ok().and_then(mask);
        let processors = online.ok_or(io::ErrorKind::InvalidData)?;
        Ok(Self { files, processors })
    }

    /// Spreads what comes from an interface.
    pub(super) fn spread(&self, device: &Device) -> io::Result<()> {
        let path = format!("class/net/{}/queues/rx-0/rps_cpus", device.name());
        let flags = OFlags::WRONLY | OFlags::CLOEXEC;
        let file = openat(&self.files, path, flags, Mode::empty())?;
        write(&file, self.processors.as_bytes())?;
        Ok(())
    }
}

/// The processors that are there, as ranges: `0-3,6`.
const ONLINE: &str = "devices/system/cpu/online";

/// The same as a mask in hexadecimal digits, the highest first, with a comma after each 32 bits.
fn mask(ranges: &str) -> Option<String> {
    let mut words = vec![0_u32];
    for range in ranges.trim().split(',') {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (first, last): (u16, u16) = (first.parse().ok()?, last.parse().ok()?);
        for processor in first..=last {
            let word = usize::from(processor / 32);
            words.resize(words.len().max(word + 1), 0);
            words[word] |= 1 << (processor % 32);
        }
    }
    let words = words.iter().rev().map(|word| format!("{word:08x}"));
    Some(words.collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn ranges_of_processors_are_masks() {
        assert_eq!(mask("0\n").as_deref(), Some("00000001"));
        assert_eq!(mask("0-3,6").as_deref(), Some("0000004f"));
        assert_eq!(mask("0-31,33").as_deref(), Some("00000002,ffffffff"));
        assert_eq!(mask("64"), Some("00000001,00000000,00000000".to_owned()));
        assert_eq!(mask(""), None);
        assert_eq!(mask("0-x"), None);
    }
}
