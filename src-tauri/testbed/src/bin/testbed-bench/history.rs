//! Whether writing the history slows the stream: the same import with the history on the disk, and in memory.

use std::fs::{self, File};
use std::path::Path;

use labwright_testbed::archives::RootFs;

use crate::arguments::Arguments;
use crate::bench::{Bench, disk, size};
use crate::events::Story;
use crate::machine;
use crate::report::median;

/// A folder that Linux keeps in memory.
const MEMORY: &str = "/dev/shm";
/// What is imported: not compressed, so that nothing but the history could be slow.
const PADDING: u64 = 400 << 20;

/// Measures on one engine after the other.
pub(crate) fn run(arguments: &Arguments) {
    let mounts = fs::read_to_string("/proc/mounts").expect("Linux has /proc/mounts");
    let in_memory = |line: &str| line.split(' ').skip(1).take(2).eq([MEMORY, "tmpfs"]);
    assert!(
        mounts.lines().any(in_memory),
        "{MEMORY} is not in memory here"
    );
    let folder = tempfile::tempdir_in(disk()).expect("the disk's folder is writable");
    let file = folder.path().join("history.tar");
    let tar = File::create(&file).and_then(|file| RootFs::tiny().padding(PADDING).write_tar(file));
    tar.unwrap_or_else(|error| panic!("cannot write {}: {error}", file.display()));
    println!("a plain tar, {} MiB", size(&file));
    for kind in &arguments.engines {
        let bench = Bench::new(*kind, &arguments.program);
        println!(
            "\n{kind}, version {}, load {}",
            bench.version(),
            machine::load()
        );
        println!("round  history in memory  on the disk  ratio");
        let ratios: Vec<_> = (1..=arguments.rounds)
            .map(|number| round(number, &bench, &file))
            .collect();
        println!("median ratio {:.3}", median(ratios.into_iter()));
    }
}

/// Measures both, each first in every other round, and gives the seconds with the disk by those without.
fn round(number: usize, bench: &Bench, file: &Path) -> f64 {
    let with = |history| bench.lw_import(file, "bench/lw:1", history);
    let (memory, disk) = if number.is_multiple_of(2) {
        let disk = with(disk());
        (with(Path::new(MEMORY)), disk)
    } else {
        (with(Path::new(MEMORY)), with(disk()))
    };
    let ratio = disk.seconds / memory.seconds;
    println!(
        "{number:>5}  {:>15.2} s  {:>9.2} s  {ratio:>5.2}",
        memory.seconds, disk.seconds
    );
    for (place, measured) in [("memory", memory), ("disk", disk)] {
        let story = Story::read(&measured.lines);
        println!("       {place}: {}", story.phases());
    }
    ratio
}
