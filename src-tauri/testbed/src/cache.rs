//! The folder of what is slow to make and is kept between runs.

use std::env;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The testbed's cache folder: `$XDG_CACHE_HOME/labwright/testbed`, else the same below `~/.cache`. It exists on return.
///
/// `script/testbed-setup` uses the same folder.
pub fn cache_folder() -> PathBuf {
    let base = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| env::home_dir().map(|home| home.join(".cache")))
        .expect(
            "neither XDG_CACHE_HOME nor a home folder is known: no place for the testbed's cache",
        );
    let folder = base.join("labwright/testbed");
    create(&folder);
    folder
}

/// Lets `make` write the file `finished` if it is not there: once, however many ask at the same time, and under another
/// name until it is whole.
pub(crate) fn made_once(finished: &Path, make: impl FnOnce(&Path) -> io::Result<()>) {
    if finished.exists() {
        return;
    }
    create(finished.parent().unwrap_or(Path::new("/")));
    let lock = File::create(finished.with_extension("lock")).expect("the cache folder is writable");
    lock.lock()
        .expect("the cache folder is on a file system with locks");
    if finished.exists() {
        return;
    }
    let half_made = finished.with_extension("half-made");
    make(&half_made).unwrap_or_else(|error| panic!("cannot make {}: {error}", half_made.display()));
    fs::rename(&half_made, finished)
        .unwrap_or_else(|error| panic!("cannot name {}: {error}", finished.display()));
}

fn create(folder: &Path) {
    fs::create_dir_all(folder)
        .unwrap_or_else(|error| panic!("cannot create {}: {error}", folder.display()));
}
