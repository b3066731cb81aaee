//! The engine's own `pull` against `lw pull`, of an image of twelve layers from a registry on this machine.

use std::path::Path;
use std::process::Command;

use labwright_testbed::archives::{Compression, RootFs};
use labwright_testbed::{Registry, RegistryImage};

use crate::arguments::Arguments;
use crate::bench::{Bench, disk};
use crate::machine;
use crate::process::Measured;
use crate::report::median;

/// What is pulled: so many layers of so many bytes each, which no compression makes smaller.
const LAYERS: u64 = 12;
const BYTES: u64 = 25 << 20;

/// The ratio that is aimed at: the seconds of `lw` by those of the engine's own client.
const WANTED: f64 = 1.03;

/// Measures on one engine after the other.
pub(crate) fn run(arguments: &Arguments) {
    let registry = Registry::open();
    push(&registry);
    println!("{LAYERS} layers of {} MiB", BYTES >> 20);
    for kind in &arguments.engines {
        let bench = Bench::trusting(*kind, &arguments.program, &[&registry.address()]);
        println!(
            "\n{kind}, version {}, load {}",
            bench.version(),
            machine::load()
        );
        println!("round  own pull  lw pull  ratio");
        let ratios: Vec<_> = (1..=arguments.rounds)
            .map(|number| round(number, &bench, &registry.reference("bench/router:1")))
            .collect();
        println!(
            "median ratio {:.3}, wanted {WANTED}",
            median(ratios.into_iter())
        );
    }
}

fn push(registry: &Registry) {
    let image = RegistryImage::new("bench/router", "1").compression(Compression::None);
    let image = (0..LAYERS).fold(image, |image, number| {
        let root = if number == 0 {
            RootFs::tiny()
        } else {
            RootFs::empty()
        };
        image.layer(&root.seed(number).padding(BYTES))
    });
    image.push(registry);
}

/// Measures both, each first in every other round.
fn round(number: usize, bench: &Bench, reference: &str) -> f64 {
    let own = || bench.own_pull(reference).seconds;
    let lw = || bench.lw_pull(reference, disk()).seconds;
    let (own, lw) = if number.is_multiple_of(2) {
        let lw = lw();
        (own(), lw)
    } else {
        (own(), lw())
    };
    let ratio = lw / own;
    println!("{number:>5}  {own:>6.2} s  {lw:>5.2} s  {ratio:>5.2}");
    ratio
}

impl Bench {
    fn own_pull(&self, reference: &str) -> Measured {
        let mut command = self.client();
        command.arg("pull").arg(reference);
        self.with_empty_engine(command, reference)
    }

    fn lw_pull(&self, reference: &str, history: &Path) -> Measured {
        let data = tempfile::tempdir_in(history).expect("a folder can be made for the history");
        let mut command: Command = self.lw(data.path());
        command.arg("pull").arg(reference);
        self.with_empty_engine(command, reference)
    }
}
