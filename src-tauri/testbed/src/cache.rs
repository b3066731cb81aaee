//! The folder of what is slow to make and is kept between runs.

use std::env;
use std::fs;
use std::path::PathBuf;

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
    fs::create_dir_all(&folder)
        .unwrap_or_else(|error| panic!("cannot create {}: {error}", folder.display()));
    folder
}
