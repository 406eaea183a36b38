//! What was downloaded, in its folder.

use std::{
    fs, io,
    path::Path,
    time::{Duration, SystemTime},
};

use crate::whole_file::{self, PARTIAL};

/// Nobody is still at work on a file that was last written this long ago.
const ABANDONED: Duration = Duration::from_secs(3600);

/// Puts `name.gz` into `folder`. What is in its place already is replaced, by the same bytes.
pub(super) fn file(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let partial = whole_file::under_way(folder, name, &[bytes])?;
    partial.persist(folder.join(format!("{name}.gz")))?;
    whole_file::sync(folder)
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
