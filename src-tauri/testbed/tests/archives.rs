//! The archives are what they say: other programs than the ones that made them read them.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use labwright_testbed::archives::{
    Compression, DockerArchive, Filler, OciArchive, RootFs, gzip_bomb, hostile, nested, xz_bomb,
};
use labwright_testbed::{Engine, Kind};

/// Decodes with the program of that name; panics with its message.
fn decode(program: &str, arguments: &[&str], compressed: &[u8]) -> Vec<u8> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    thread::scope(|scope| {
        scope.spawn(move || input.write_all(compressed).unwrap());
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{program}: {}", output.status);
        output.stdout
    })
}

fn names(tar: &[u8]) -> Vec<String> {
    let listing = decode("tar", &["--list", "--absolute-names"], tar);
    String::from_utf8(listing)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}

/// A system of more than three MiB, so that every shape with parts has several.
fn system() -> RootFs {
    RootFs::tiny().padding(3 << 20)
}

#[test]
fn every_compression_is_read_by_the_program_it_is_named_after() {
    let tar = system().tar();
    for compression in Compression::ALL {
        let program = match compression {
            Compression::None => "cat",
            Compression::Gzip | Compression::GzipMultiMember => "gzip",
            Compression::Zstd | Compression::ZstdMultiFrame => "zstd",
            Compression::Bzip2 | Compression::Bzip2MultiMember => "bzip2",
            Compression::Lz4 => "lz4",
            _ => "xz",
        };
        let arguments: &[&str] = if program == "cat" { &[] } else { &["-dc"] };
        let compressed = compression.compress(&tar);
        assert!(
            decode(program, arguments, &compressed) == tar,
            "{compression:?}"
        );
        assert_eq!(
            compressed,
            compression.compress(&tar),
            "{compression:?} differs from run to run"
        );
    }
}

#[test]
fn the_shapes_of_xz_are_as_named() {
    let tar = system().tar();
    let shape = |compression: Compression| {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), compression.compress(&tar)).unwrap();
        let list = Command::new("xz")
            .args(["--robot", "--list", "--format=xz"])
            .arg(file.path())
            .output()
            .unwrap();
        let list = String::from_utf8(list.stdout).unwrap();
        let file = list
            .lines()
            .find(|line| line.starts_with("file"))
            .unwrap()
            .to_owned();
        let fields: Vec<_> = file.split('\t').skip(1).map(str::to_owned).collect();
        let count = |at: usize| fields[at].parse::<usize>().unwrap();
        (count(0), count(1), count(6))
    };
    let parts = tar.len().div_ceil(1 << 20);
    assert_eq!(shape(Compression::XzSingleBlock), (1, 1, 0));
    assert_eq!(
        shape(Compression::Xz {
            block_size: 256 << 10,
            threads: 2
        }),
        (1, tar.len().div_ceil(256 << 10), 0)
    );
    assert_eq!(shape(Compression::XzMultiStream), (parts, parts, 0));
    assert_eq!(shape(Compression::XzPadded), (parts, parts, parts * 12));
}

#[test]
fn nothing_is_a_good_source_too() {
    for compression in [
        Compression::GzipMultiMember,
        Compression::XzPadded,
        Compression::ZstdMultiFrame,
    ] {
        assert!(!compression.compress(&[]).is_empty());
    }
}

#[test]
fn names_have_a_leading_dot_slash_only_when_told() {
    assert!(
        names(&RootFs::tiny().tar())
            .iter()
            .all(|name| !name.starts_with('.'))
    );
    let dotted = names(&RootFs::tiny().dot_slash().tar());
    assert!(
        dotted.iter().all(|name| name.starts_with("./")),
        "{dotted:?}"
    );
    assert!(dotted.contains(&"./etc/marker".to_owned()));
}

#[test]
fn padding_is_of_its_size_and_shrinks_like_a_system() {
    let padding = Filler::new(7).next_bytes(16 << 20);
    let compressed = decode("xz", &["-6", "-c"], &padding).len();
    let percent = compressed * 100 / padding.len();
    assert!((20..=31).contains(&percent), "{percent} %");
    let tar = RootFs::empty().padding(20 << 20).tar();
    assert!(tar.len() > 20 << 20 && tar.len() < 21 << 20);
    assert_ne!(tar, RootFs::empty().padding(20 << 20).seed(1).tar());
}

fn load(engine: &Engine, archive: &[u8]) -> BTreeSet<String> {
    let file = engine.temporary_folder().join("load.tar");
    fs::write(&file, archive).unwrap();
    engine.exec_cli(&["load", "--input", file.to_str().unwrap()]);
    fs::remove_file(file).unwrap();
    engine.images().into_iter().collect()
}

fn loaded(kind: Kind, names: &[&str]) -> BTreeSet<String> {
    let prefix = if kind == Kind::Podman {
        "localhost/"
    } else {
        ""
    };
    names.iter().map(|name| format!("{prefix}{name}")).collect()
}

fn marker(engine: &Engine, image: &str) -> String {
    engine.run(image, &["/bin/cat", "/etc/marker"])
}

#[test]
fn docker_archives_of_both_shapes_load_and_run_everywhere() {
    let layers = [RootFs::tiny(), RootFs::empty().marker("second layer\n")];
    let other = [RootFs::tiny().marker("other\n")];
    let images = DockerArchive::new()
        .image(&["two:1", "two:2"], &layers)
        .image(&["other:1"], &other);
    let archives = [
        images.clone().tar(),
        images.clone().manifest_last().tar(),
        images.modern().tar(),
    ];
    assert_eq!(names(&archives[0]).first().unwrap(), "manifest.json");
    assert_eq!(names(&archives[1]).last().unwrap(), "manifest.json");
    for kind in Kind::ALL {
        for archive in &archives {
            let engine = Engine::private(kind);
            assert_eq!(
                load(&engine, archive),
                loaded(kind, &["two:1", "two:2", "other:1"]),
                "{kind}"
            );
            assert_eq!(marker(&engine, "two:2"), "second layer\n");
            assert_eq!(marker(&engine, "other:1"), "other\n");
        }
    }
}

#[test]
fn oci_archives_load_where_an_engine_can() {
    for compression in [Compression::None, Compression::Gzip, Compression::Zstd] {
        let archive = OciArchive::new(&[RootFs::tiny(), RootFs::empty().marker("oci\n")]);
        let archive = archive
            .containerd_name("docker.io/library/layout:1")
            .layer_compression(compression);
        let engine = Engine::private(Kind::Containerd);
        assert_eq!(
            load(&engine, &archive.tar()),
            loaded(Kind::Containerd, &["layout:1"]),
            "{compression:?}"
        );
        assert_eq!(marker(&engine, "layout:1"), "oci\n");
    }
    let podman = Engine::private(Kind::Podman);
    let archive = OciArchive::new(&[RootFs::tiny().marker("oci\n")])
        .ref_name("layout:1")
        .index_last();
    assert_eq!(
        load(&podman, &archive.tar()),
        loaded(Kind::Podman, &["layout:1"])
    );
    assert_eq!(marker(&podman, "layout:1"), "oci\n");
}

#[test]
fn an_index_of_indexes_gives_the_engines_own_platform() {
    let archive = OciArchive::new(&[RootFs::tiny().marker("amd64\n")])
        .platform("arm64", &[RootFs::tiny().marker("arm64\n")])
        .index_of_index()
        .containerd_name("docker.io/library/multi:1");
    let engine = Engine::private(Kind::Containerd);
    load(&engine, &archive.tar());
    assert_eq!(marker(&engine, "multi:1"), "amd64\n");
}

#[test]
fn the_inner_archive_is_a_docker_archive() {
    let inner = DockerArchive::new().image(&["xrd:1"], &[RootFs::tiny()]);
    let outer = decode("gzip", &["-dc"], &nested(&inner));
    let names = names(&outer);
    assert_eq!(
        names
            .iter()
            .filter(|name| name.ends_with(".dockerv1.tgz"))
            .count(),
        1,
        "{names:?}"
    );
    let file = decode(
        "tar",
        &["--extract", "--to-stdout", "--wildcards", "*.dockerv1.tgz"],
        &outer,
    );
    assert_eq!(decode("gzip", &["-dc"], &file), inner.tar());
}

#[test]
fn hostile_tars_carry_what_they_say() {
    let has = |tar: &[u8], name: &str| {
        assert!(
            names(tar).contains(&name.to_owned()),
            "{name}: {:?}",
            names(tar)
        );
    };
    has(&hostile::absolute_names(), "/etc/absolute");
    has(
        &hostile::parent_names(),
        "../../../../tmp/labwright-escaped",
    );
    has(&hostile::links_outside(), "outside/labwright-escaped");
    has(&hostile::fifo(), "run/pipe-of-ours");
    let long = |tar: &[u8]| {
        String::from_utf8(decode(
            "tar",
            &["--list", "--verbose", "--absolute-names"],
            tar,
        ))
        .unwrap()
    };
    let devices = long(&hostile::device_nodes());
    assert!(
        devices.contains("1,3") && devices.contains("7,0"),
        "{devices}"
    );
    let links = long(&hostile::links_outside());
    assert!(
        links.contains("etc/hard link to ../../../../etc/passwd") && links.contains("etc/soft -> "),
        "{links}"
    );
    for bytes in [10_000_000_000, 1 << 20] {
        let sparse = hostile::sparse(bytes);
        assert!(
            long(&sparse).contains(&format!(" {bytes} ")),
            "{}",
            long(&sparse)
        );
        assert!(sparse.len() < 4 << 20);
    }
    assert_eq!(
        names(&hostile::duplicate_names())
            .iter()
            .filter(|name| *name == "etc/marker")
            .count(),
        2
    );
}

fn refused(arguments: &[&str], file: &[u8]) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive");
    fs::write(&path, file).unwrap();
    !Command::new(arguments[0])
        .args(&arguments[1..])
        .arg(path)
        .output()
        .unwrap()
        .status
        .success()
}

#[test]
fn broken_archives_are_refused_by_those_who_read_them() {
    let tar = ["tar", "--list", "--file"];
    assert!(refused(&tar, &hostile::wrong_checksum()));
    assert!(refused(&tar, &hostile::claimed_size(1 << 40)));
    let xz = Compression::Xz {
        block_size: 256 << 10,
        threads: 2,
    }
    .compress(&system().tar());
    let test = ["tar", "--list", "--xz", "--file"];
    assert!(!refused(&test, &xz));
    assert!(refused(&test, &hostile::truncated(&xz, 90)));
    assert!(refused(&test, &hostile::corrupted(&xz, 50)));
}

#[test]
fn other_files_are_what_they_pretend() {
    let kind = |bytes: &[u8]| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("image");
        fs::write(&path, bytes).unwrap();
        let output = Command::new("file")
            .args(["--brief"])
            .arg(path)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    for (bytes, word) in [
        (hostile::html_login_page(), "HTML"),
        (hostile::qcow2(), "QCOW"),
        (hostile::vmdk(), "VMware4"),
        (hostile::iso(), "ISO 9660"),
        (hostile::zip(), "Zip archive"),
    ] {
        assert!(kind(&bytes).contains(word), "{word}: {}", kind(&bytes));
    }
}

/// Decodes with the program to the end and counts, without keeping anything.
fn unpacked_size(program: &str, path: &Path) -> u64 {
    let input = File::open(path).unwrap();
    let mut child = Command::new(program)
        .args(["-dc"])
        .stdin(input)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let size = std::io::copy(&mut child.stdout.take().unwrap(), &mut std::io::sink()).unwrap();
    assert!(child.wait().unwrap().success());
    size
}

#[test]
fn bombs_are_small_whole_and_as_large_as_told() {
    let folder = tempfile::tempdir().unwrap();
    let size = 300 << 20;
    for (name, program) in [("bomb.tar.xz", "xz"), ("bomb.tar.gz", "gzip")] {
        let path = folder.path().join(name);
        let file = File::create(&path).unwrap();
        if program == "xz" {
            xz_bomb(file, size)
        } else {
            gzip_bomb(file, size)
        }
        .unwrap();
        assert!(path.metadata().unwrap().len() < 1 << 20, "{name}");
        let unpacked = unpacked_size(program, &path);
        assert!(
            unpacked >= size && unpacked < size + (25 << 20),
            "{name}: {unpacked}"
        );
        let listing = Command::new("tar")
            .args(["--list", "--file"])
            .arg(&path)
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&listing.stdout), "opt/zeros\n");
    }
}

#[test]
fn a_filler_is_the_same_however_it_is_read() {
    let whole = Filler::new(3).next_bytes(100_000);
    let mut parts = Vec::new();
    let mut filler = Filler::new(3);
    for size in [1, 7, 20_000, 79_992] {
        let mut part = vec![0; size];
        filler.read_exact(&mut part).unwrap();
        parts.extend(part);
    }
    assert!(whole == parts);
}
