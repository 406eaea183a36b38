//! Files that appear in a folder whole or not at all: written under another name, on disk before they are renamed. What
//! a process leaves that is killed in between is [swept](sweep) by a later one.

#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;
use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
    time::{Duration, SystemTime},
};

use tempfile::{Builder, NamedTempFile};

/// Files under way have names that begin with where they go and end in this.
const PARTIAL: &str = ".partial";
/// Nobody is still at work on a file that was last written this long ago.
const ABANDONED: Duration = Duration::from_secs(3600);

/// A file under way to `name` in `folder`, with `parts` in it, one after the other, on disk.
pub(crate) fn under_way(folder: &Path, name: &str, parts: &[&[u8]]) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(name).suffix(PARTIAL);
    // What any new file gets, less the umask: `tempfile` would keep it for its owner.
    #[cfg(unix)]
    builder.permissions(std::fs::Permissions::from_mode(0o666));
    let mut partial = builder.tempfile_in(folder)?;
    for part in parts {
        // The file, whose errors do not tell the name it has for now.
        partial.as_file_mut().write_all(part)?;
    }
    partial.as_file().sync_all()?;
    Ok(partial)
}

/// Another name for the file `name` in `folder`, under which it lasts when it is replaced; `None` if there is no such file.
pub(crate) fn second_name(folder: &Path, name: &str) -> io::Result<Option<NamedTempFile<()>>> {
    let path = folder.join(name);
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        metadata => metadata?,
    };
    let link = |second: &Path| match fs::hard_link(&path, second) {
        // Some file systems give a file one name only.
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            fs::copy(&path, second).map(|_| ())
        }
        outcome => outcome,
    };
    Builder::new().prefix(name).suffix(PARTIAL).make_in(folder, link).map(Some)
}

/// Removes from `folder` what was under way to `names` when the process at work on it was killed.
pub(crate) fn sweep(folder: &Path, names: &[&str]) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let found = entry.file_name();
        let found = found.as_encoded_bytes();
        let is_partial = found.ends_with(PARTIAL.as_bytes())
            && names.iter().any(|name| found.starts_with(name.as_bytes()));
        // Another process may sweep, too: what it has removed is no concern.
        if is_partial && entry.metadata().and_then(|file| file.modified()).is_ok_and(is_abandoned) {
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

fn is_abandoned(modified: SystemTime) -> bool {
    modified.elapsed().is_ok_and(|age| age > ABANDONED)
}

/// A rename lasts only once the folder itself is on disk.
pub(crate) fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
