//! Images in files: whole, in every compression, and the same in another engine.

use crate::harness::Bench;
use crate::transfers::{files, fresh, said};
use labwright_archive::{Compression, InspectLimits, Shape, inspect};
use labwright_images::{Packing, SaveJob, SaveTarget};
use labwright_jobs::{StepOutcome, Unit};
use labwright_testbed::Kind;
use labwright_testbed::archives::RootFs;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

const FILES: [(&str, Packing, Compression); 4] = [
    ("image.tar", Packing::Plain, Compression::None),
    ("image.tar.gz", Packing::Gzip, Compression::Gzip),
    ("image.tgz", Packing::Gzip, Compression::Gzip),
    ("image.tar.zst", Packing::Zstd, Compression::Zstd),
];

/// The next engine: what one saves, another one gets.
fn another(kind: Kind) -> Kind {
    match kind {
        Kind::Classic => Kind::Podman,
        Kind::Podman => Kind::Containerd,
        Kind::Containerd => Kind::Classic,
    }
}

fn sha256sum(path: &Path) -> String {
    let output = Command::new("sha256sum").arg(path).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_whitespace().next().unwrap().to_owned()
}

async fn a_saved_image_is_the_same_in_another_engine(kind: Kind) {
    let (bench, other) = (
        Bench::shared(kind).await,
        Bench::shared(another(kind)).await,
    );
    let name = fresh("saved", kind);
    bench.two_layers(&name, "saved").await;
    let there = bench.engine.inspect(&name).await.unwrap().unwrap();
    for (file, packing, compression) in FILES {
        let path = bench.shelf().join(file);
        let result = bench.save(&[&name], &path).await;
        assert_eq!(result.packing, packing);
        assert_eq!(result.size, path.metadata().unwrap().len(), "{file}");
        assert_eq!(result.sha256, sha256sum(&path), "{file}");
        assert_eq!(result.image_ids, [there.id.to_string()]);
        let facts = inspect(File::open(&path).unwrap(), &[], InspectLimits::default()).unwrap();
        // Names come first in the documents of an OCI layout, which this archive is as well.
        let shape = match kind {
            Kind::Containerd => Shape::OciArchive,
            Kind::Classic | Kind::Podman => Shape::DockerArchive,
        };
        assert_eq!((facts.compression, facts.shape), (compression, shape));
        assert_eq!(facts.own_references.len(), 1, "{:?}", facts.own_references);
        assert!(
            facts.own_references[0].ends_with(&name),
            "{:?}",
            facts.own_references
        );

        let mut request = other.request(&path);
        request.reference = Some(format!("{name}-{}", file.replace('.', "-")));
        let imported = other.import(request).await;
        let image = other
            .engine
            .inspect(&imported.image_id)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(image.layers, there.layers, "{file}");
        assert_eq!(other.marker(&imported.references[0]), "saved", "{file}");
    }
    let expected = ["image.tar", "image.tar.gz", "image.tar.zst", "image.tgz"];
    assert_eq!(files(&bench.shelf()), expected);
}

/// A containerd store keeps what was imported into it as zstd, and saves it so.
async fn an_imported_root_file_system_comes_back(kind: Kind) {
    let (bench, other) = (
        Bench::shared(kind).await,
        Bench::shared(another(kind)).await,
    );
    let name = fresh("saved-root", kind);
    let root = bench.file("root.tar", &RootFs::tiny().marker("root").tar());
    let mut request = bench.request(&root);
    request.reference = Some(name.clone());
    bench.import(request).await;
    let path = bench.shelf().join("root.tar.zst");
    bench.save(&[&name], &path).await;
    let mut request = other.request(&path);
    request.reference = Some(name.clone());
    other.import(request).await;
    assert_eq!(other.marker(&name), "root");
}

async fn several_images_share_a_file(kind: Kind) {
    let (bench, other) = (
        Bench::private(kind).await,
        Bench::private(another(kind)).await,
    );
    let names = ["lab/one:1", "lab/two:2", "lab/three:3"];
    for name in names {
        bench.two_layers(name, name).await;
    }
    let second = "lab/one:again".parse().unwrap();
    bench.engine.tag("lab/one:1", &second).await.unwrap();
    let path = bench.shelf().join("lab.tar");
    let wanted = [
        "lab/two:2",
        "lab/one:1",
        "lab/one:again",
        "lab/three:3",
        "lab/two:2",
    ];
    let result = bench.save(&wanted, &path).await;
    assert_eq!(
        result.references,
        wanted[..4],
        "a name that is given twice is one"
    );
    let imported = other.import(other.request(&path)).await;
    assert_eq!(imported.references.len(), 4, "{:?}", imported.references);
    // Podman writes its own spelling into its archives.
    let prefix = if kind == Kind::Podman {
        "localhost/"
    } else {
        ""
    };
    for (name, marker) in [
        ("lab/one:1", "lab/one:1"),
        ("lab/one:again", "lab/one:1"),
        ("lab/two:2", "lab/two:2"),
        ("lab/three:3", "lab/three:3"),
    ] {
        assert_eq!(other.marker(&format!("{prefix}{name}")), marker, "{name}");
    }
}

async fn what_is_refused_is_said_before_anything_is_asked(kind: Kind) {
    let bench = Bench::private(kind).await;
    bench.two_layers("lab/there:1", "there").await;
    let image = bench.engine.inspect("lab/there:1").await.unwrap().unwrap();
    let shelf = bench.shelf();
    std::fs::write(shelf.join("old.tar"), "old").unwrap();
    std::fs::create_dir(shelf.join("folder.tar")).unwrap();
    let cases = [
        (vec!["lab/there:2", "lab/there:1", "none:1"], "new.tar"),
        (vec![image.id.short()], "new.tar"),
        (vec!["Not A Name"], "new.tar"),
        (vec!["lab/there:1"], "old.tar"),
        (vec!["lab/there:1"], "folder.tar"),
        (vec!["lab/there:1"], "none/new.tar"),
        (vec!["lab/there:1"], "old.tar/new.tar"),
        (vec!["lab/there:1"], "new.tar.xz"),
        (vec!["lab/there:1"], "new.img"),
    ];
    let mut reports = Vec::new();
    for (names, file) in cases {
        let request = bench.save_request(&names, &shelf.join(file));
        reports.push(said(&bench.fail_save(request).await));
    }
    assert_eq!(files(&shelf), ["folder.tar", "old.tar"]);
    let text = reports.join("\n");
    let text = text.replace(shelf.to_str().unwrap(), "FOLDER");
    let text = text.replace(bench.engine.title(), "ENGINE");
    let text = text
        .replace("localhost/", "")
        .replace(image.id.short(), "ID");
    insta::allow_duplicates! { insta::assert_snapshot!("what_is_refused", text) };
}

async fn a_file_is_replaced_only_when_the_new_one_is_whole(kind: Kind) {
    let bench = Bench::shared(kind).await;
    let name = fresh("replacing", kind);
    bench.two_layers(&name, "new").await;
    let path = bench.shelf().join("image.tar");
    std::fs::write(&path, "old").unwrap();
    let mut missing = bench.save_request(&["replacing-none:1"], &path);
    missing.replace = true;
    bench.fail_save(missing).await;
    assert_eq!(std::fs::read(&path).unwrap(), b"old");
    let mut request = bench.save_request(&[&name], &path);
    request.replace = true;
    let outcome = bench.submit_save_of(request).await.outcome().await;
    assert!(outcome.is_success(), "{outcome:?}");
    assert!(path.metadata().unwrap().len() > 1 << 20);
    assert_eq!(files(&bench.shelf()), ["image.tar"]);
}

/// What was read is told; what is to come, no engine tells.
async fn only_what_was_measured_is_told(kind: Kind) {
    let bench = Bench::shared(kind).await;
    let name = fresh("measured", kind);
    bench.two_layers(&name, "measured").await;
    let handle = bench
        .submit_save(&[&name], &bench.shelf().join("a.tar"))
        .await;
    let result = crate::transfers::result_of(handle.outcome().await);
    let state = bench.state(handle.id()).await;
    let names: Vec<_> = state.steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names, ["Inspect", "Save", "Verify"]);
    let ended = |it: &&labwright_jobs::StepState| it.outcome == Some(StepOutcome::Succeeded);
    assert!(state.steps.iter().all(|step| ended(&step)), "{state:?}");
    let progress = state.steps[1].progress.unwrap();
    assert_eq!((progress.total, progress.unit), (None, Unit::Bytes));
    assert_eq!(result["archive_size"], progress.done);
}

/// A stream that a test reads afterwards.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_gets_the_archive_as_it_is() {
    let bench = Bench::shared(Kind::Podman).await;
    let name = fresh("streamed", Kind::Podman);
    bench.two_layers(&name, "streamed").await;
    let memory = Memory::default();
    let mut request = bench.save_request(&[&name], Path::new("/"));
    request.file = None;
    let job = SaveJob {
        engine: bench.engine.clone(),
        target: SaveTarget::Stream(Box::new(memory.clone())),
        request,
    };
    let submitted = bench.monitor.submit(job.spec(), |context| job.run(context));
    let result = crate::transfers::result_of(submitted.await.unwrap().handle.outcome().await);
    let bytes = memory.0.lock().unwrap().clone();
    assert_eq!(result["size"], bytes.len());
    let path = bench.file("streamed.tar", &bytes);
    assert_eq!(result["sha256"], sha256sum(&path));
    let images = labwright_archive::survey(&bytes[..]).unwrap();
    assert_eq!(images.len(), 1);
}

on_every_engine! {
    a_saved_image_is_the_same_in_another_engine
    an_imported_root_file_system_comes_back
    several_images_share_a_file
    what_is_refused_is_said_before_anything_is_asked
    a_file_is_replaced_only_when_the_new_one_is_whole
    only_what_was_measured_is_told
}
