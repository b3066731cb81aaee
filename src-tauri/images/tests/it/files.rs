//! Files that are damaged, change, or cannot be read.

use crate::harness::Bench;
use labwright_jobs::Outcome;
use labwright_testbed::Kind;
use labwright_testbed::archives::{Compression, DockerArchive, RootFs, hostile};
use std::fs::OpenOptions;
use std::io::Write;

/// What happens to a file while it is read.
type Change<'a> = &'a dyn Fn(&std::path::Path);

/// Large enough that the engine takes a while.
fn large() -> RootFs {
    RootFs::tiny().marker("large").padding(96 << 20)
}

async fn damaged_archives(kind: Kind) {
    let bench = Bench::shared(kind).await;
    let root = RootFs::tiny().marker("damaged").padding(3 << 20).tar();
    let docker = DockerArchive::new()
        .image(&["damaged:1"], &[RootFs::tiny().padding(1 << 20)])
        .tar();
    let compressions = [
        Compression::None,
        Compression::Gzip,
        Compression::Xz {
            block_size: 512 << 10,
            threads: 2,
        },
        Compression::Zstd,
        Compression::Bzip2,
    ];
    for compression in compressions {
        for (shape, tar) in [("root", &root), ("docker", &docker)] {
            let whole = compression.compress(tar);
            for percent in [40, 97] {
                let path = bench.file("damaged.bin", &hostile::truncated(&whole, percent));
                let report = bench.fail(bench.request(&path)).await;
                let known =
                    ["archive_damaged", "archive_incomplete"].contains(&report.code.as_str());
                assert!(
                    known,
                    "{shape} {compression:?} cut at {percent} %: {report:?}"
                );
            }
        }
        // A flipped byte in an uncompressed file's content cannot be seen by anyone.
        if compression != Compression::None {
            let path = bench.file(
                "damaged.bin",
                &hostile::corrupted(&compression.compress(&root), 50),
            );
            assert_eq!(
                bench.fail(bench.request(&path)).await.code,
                "archive_damaged",
                "{compression:?}"
            );
        }
    }
}

async fn changing_files(kind: Kind) {
    let bench = Bench::shared(kind).await;
    let bytes = large().tar();
    let length = bytes.len() as u64;
    let before = bench.host.images();
    let shrink = |path: &std::path::Path| {
        OpenOptions::new()
            .write(true)
            .open(path)
            .unwrap()
            .set_len(length / 2)
            .unwrap();
    };
    let replace = |path: &std::path::Path| {
        let other = path.with_extension("other");
        std::fs::write(&other, b"other").unwrap();
        std::fs::rename(other, path).unwrap();
    };
    let grow = |path: &std::path::Path| {
        OpenOptions::new()
            .append(true)
            .open(path)
            .unwrap()
            .write_all(b"more")
            .unwrap();
    };
    let changes: [(&str, Change<'_>); 3] = [
        ("shrinks", &shrink),
        ("replaced", &replace),
        ("grows", &grow),
    ];
    for (case, change) in changes {
        let path = bench.file("changing.tar", &bytes);
        let outcome = bench
            .import_until(bench.request(&path), 10, || change(&path))
            .await;
        let Outcome::Failed { error } = outcome else {
            panic!("{case}: {outcome:?}")
        };
        assert_eq!(error.code, "file_changed", "{case}: {error:?}");
        assert_eq!(bench.host.images(), before, "{case}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_image_is_named() {
    let bench = Bench::shared(Kind::Podman).await;
    let pipe = bench.folder.path().join("pipe");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let other = Compression::Gzip.compress(
        &RootFs::empty()
            .file("report.txt", "text")
            .file("notes.txt", "text")
            .tar(),
    );
    let files = [
        ("cEOS64-lab-4.35.1F.tar.xz", hostile::html_login_page()),
        ("vEOS-lab.qcow2", hostile::qcow2()),
        ("vios.vmdk", hostile::vmdk()),
        ("installer.iso", hostile::iso()),
        ("images.zip", hostile::zip()),
        ("empty.tar", Vec::new()),
        (
            "noise.bin",
            (0..5000_u32)
                .flat_map(|n| (n.wrapping_mul(2_654_435_761)).to_le_bytes())
                .collect(),
        ),
        ("reports.tar.gz", other),
    ];
    let mut reports = Vec::new();
    for (name, bytes) in files {
        let path = bench.file(name, &bytes);
        reports.push(bench.fail(bench.request(&path)).await);
    }
    for path in [
        bench.folder.path().join("missing.tar"),
        bench.folder.path().to_owned(),
        pipe,
    ] {
        reports.push(bench.fail(bench.request(&path)).await);
    }
    let text: Vec<_> = reports
        .iter()
        .map(|report| {
            format!(
                "{}: {}\n  hint: {}",
                report.code,
                report.in_one_line(),
                report.hints.join(" | ")
            )
        })
        .collect();
    let folder = bench.folder.path().to_str().unwrap().to_owned();
    insta::assert_snapshot!(text.join("\n").replace(&folder, "FOLDER"));
}

on_every_engine! { damaged_archives changing_files }
