//! A file as large as Arista's cEOS, for the benchmark.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};

use tar::{Builder, EntryType};

use super::filler::Filler;
use super::rootfs::{RootFs, header};
use crate::cache::{cache_folder, made_once};

/// The name such a file has.
pub const CEOS_FILE_NAME: &str = "cEOS64-lab-4.35.1F.tar.xz";

/// Blocks and dictionary are those of `xz -T0 -6`; the quicker match search costs 6 % of the size, takes a sixth of the
/// time, and what it makes decodes as fast (measured).
const SHAPE: [&str; 3] = ["-T0", "--block-size=24MiB", "--lzma2=preset=1,dict=8MiB"];
/// 1.77 GiB, as the real one is.
const UNPACKED: u64 = 1_900_000_000;
/// Every so many-th file is a large one.
const LARGE_EVERY: u64 = 40;

/// The file in the cache folder: a root file system of 1.77 GiB in about 4,500 files, compressed to 483 MiB of .xz in
/// blocks as `xz -T0 -6` makes them. The first call makes it, which takes minutes; every later one returns at once.
pub fn ceos_cached() -> PathBuf {
    let finished = cache_folder().join(CEOS_FILE_NAME);
    made_once(&finished, make);
    finished
}

/// Puts the file of [`ceos_cached`] at `path`, as a hard link where that is possible.
pub fn ceos_sized(path: &Path) {
    let cached = ceos_cached();
    if fs::hard_link(&cached, path).is_err() {
        fs::copy(&cached, path)
            .unwrap_or_else(|error| panic!("cannot copy to {}: {error}", path.display()));
    }
}

fn make(path: &Path) -> io::Result<()> {
    let mut xz = Command::new("xz")
        .args(SHAPE)
        .arg("--stdout")
        .stdin(Stdio::piped())
        .stdout(File::create(path)?)
        .spawn()?;
    let input = xz
        .stdin
        .take()
        .ok_or_else(|| io::Error::other("xz has no standard input"))?;
    write_system(input)?;
    let status = xz.wait()?;
    if status.success() {
        Ok(())
    } else {
        Err(io::Error::other(format!("xz failed: {status}")))
    }
}

fn write_system(input: ChildStdin) -> io::Result<()> {
    let release = "Arista Networks EOS 4.35.1F (cEOS-lab)\n";
    let version = "SWI_VERSION=4.35.1F\nSWI_ARCH=x86_64\nSWI_VARIANT=cEOS-lab\n";
    let system = RootFs::tiny()
        .file("etc/Eos-release", release)
        .file("etc/swi-version", version)
        .file("etc/marker", "cEOS\n")
        .symlink("sbin/init", "../bin/busybox");
    // The system's own tar ends in two empty blocks, which would end the whole: write it without them.
    let mut output = BufWriter::with_capacity(1 << 20, input);
    let tar = system.tar();
    output.write_all(&tar[..tar.len() - 1024])?;
    let mut builder = Builder::new(output);
    write_files(&mut builder)?;
    builder.into_inner()?.flush()
}

/// Libraries and programs from 4 KiB to 500 KiB, and now and then one of some 10 MiB.
fn write_files<W: Write>(builder: &mut Builder<W>) -> io::Result<()> {
    let mut sizes = Filler::new(4351);
    let mut written = 0;
    for number in 0_u64.. {
        let size = match number % LARGE_EVERY {
            0 => (4 << 20) + sizes.below(8 << 20),
            _ => (4 << 10) + sizes.below(400 << 10),
        };
        let size = size.min(UNPACKED.saturating_sub(written));
        if size == 0 {
            break;
        }
        let path = format!("usr/lib/eos/{:02}/agent-{number:05}.so", number % 50);
        let mut header = header(EntryType::Regular, 0o755, size);
        builder.append_data(&mut header, path, Filler::new(number + 1).take(size))?;
        written += size;
    }
    Ok(())
}
