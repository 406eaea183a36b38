//! Files that appear in a folder whole or not at all.

#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;
use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
    time::{Duration, SystemTime},
};

use tempfile::Builder;

/// Files under way have names that end in this, and no others do.
const PARTIAL: &str = ".partial";

/// Nobody is still at work on a file that was last written this long ago.
const ABANDONED: Duration = Duration::from_secs(3600);

/// Puts `name.gz` into `folder`. What is in its place already is replaced, by the same bytes.
pub(super) fn file(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut builder = Builder::new();
    builder.prefix(name).suffix(PARTIAL);
    // As readable as any other file: `tempfile` would keep it for its owner.
    #[cfg(unix)]
    builder.permissions(fs::Permissions::from_mode(0o666));
    let mut partial = builder.tempfile_in(folder)?;
    partial.write_all(bytes)?;
    partial.as_file().sync_all()?;
    partial.persist(folder.join(format!("{name}.gz")))?;
    sync(folder)
}

/// A rename lasts only once the folder itself is on disk.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Removes what was left by whoever was stopped between writing a file and moving it to its place.
pub(super) fn sweep(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let is_partial = entry.file_name().as_encoded_bytes().ends_with(PARTIAL.as_bytes());
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
