//! What is chosen, and what is said of it.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use labwright_engine::EngineKind;

use super::*;

const MIB: u64 = 1 << 20;

fn sample(coded_percent: u64, rate: u64) -> Sample {
    let decoded = 8 * MIB;
    Sample {
        decoded,
        coded: decoded * coded_percent / 100,
        taken: Duration::from_micros(decoded * 1_000_000 / rate),
    }
}

#[test]
fn the_faster_way_is_chosen() {
    // The link, what is left of 100 bytes, how fast that goes; and what is sent in a second.
    for (link, left, speed, compressed, coding) in [
        (MIB, 40, 200 * MIB, 5 * MIB / 2, Coding::Zstd),
        (31 * MIB, 40, 200 * MIB, 155 * MIB / 2, Coding::Zstd),
        (110 * MIB, 40, 200 * MIB, 200 * MIB, Coding::Zstd),
        (110 * MIB, 40, 60 * MIB, 60 * MIB, Coding::Plain),
        (1000 * MIB, 40, 200 * MIB, 200 * MIB, Coding::Plain),
        // Not worth it.
        (MIB, 85, 200 * MIB, MIB * 100 / 85, Coding::Plain),
        // What was compressed already.
        (MIB, 100, 500 * MIB, MIB, Coding::Plain),
        (MIB, 101, 500 * MIB, MIB * 100 / 101, Coding::Plain),
    ] {
        let choice = choose(link, Coding::Zstd, sample(left, speed));
        assert_eq!(choice.coding, coding, "{choice}");
        assert_eq!(choice.plain, link);
        let off = choice.compressed.abs_diff(compressed);
        assert!(
            off * 1000 <= compressed,
            "{choice}: {} for {compressed}",
            choice.compressed
        );
    }
}

#[test]
fn nothing_to_compress_is_no_reason_to() {
    let nothing = Sample {
        decoded: 0,
        coded: 0,
        taken: Duration::ZERO,
    };
    assert_eq!(choose(MIB, Coding::Gzip, nothing).coding, Coding::Plain);
    assert_eq!(choose(0, Coding::Gzip, nothing).coding, Coding::Plain);
}

#[test]
fn the_choice_is_told() {
    let zstd = choose(31 * MIB, Coding::Zstd, sample(42, 200 * MIB));
    insta::assert_snapshot!(zstd, @"sending 31 MiB/s; compressed it would be 73 MiB/s: compressing with zstd");
    let plain = choose(110 * MIB, Coding::Gzip, sample(42, 60 * MIB));
    insta::assert_snapshot!(plain, @"sending 110 MiB/s; compressed it would be 60 MiB/s: sending as it is, not with gzip");
    let slow = choose(MIB / 2, Coding::Gzip, sample(40, 60 * MIB));
    insta::assert_snapshot!(slow, @"sending 512 KiB/s; compressed it would be 1.2 MiB/s: compressing with gzip");
}

#[test]
fn each_engine_gets_what_it_reads() {
    use Coding::{Gzip, Zstd};
    let info = |store, api_version: &str| EngineInfo {
        id: String::new(),
        name: String::new(),
        address: "ssh://lab".to_owned(),
        kind: if store == Store::Podman {
            EngineKind::Podman
        } else {
            EngineKind::Docker
        },
        version: String::new(),
        api_version: api_version.to_owned(),
        store,
        architecture: String::new(),
        os: String::new(),
        data_root: None,
        local: false,
    };
    for (store, api_version, root, archive) in [
        (Store::Classic, "1.41", Gzip, Gzip),
        (Store::Classic, "1.42", Zstd, Zstd),
        (Store::Classic, "2.0", Zstd, Zstd),
        (Store::Classic, "", Gzip, Gzip),
        (Store::Containerd, "1.51", Zstd, Zstd),
        (Store::Podman, "1.41", Gzip, Zstd),
    ] {
        let info = info(store, api_version);
        let found = (best_coding(&info, false), best_coding(&info, true));
        assert_eq!(found, (root, archive), "{store:?} {api_version}");
    }
}

#[test]
fn a_try_tells_what_it_was_like() {
    let tried = try_out(Coding::Zstd, &vec![7; 1 << 20]).unwrap();
    assert_eq!(tried.decoded, 1 << 20);
    assert!(tried.coded > 0 && tried.coded < 1000);
    assert!(tried.taken > Duration::ZERO);
}
