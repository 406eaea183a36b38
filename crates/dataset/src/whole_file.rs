//! Files that appear in a folder whole or not at all: written under another name, on disk before they are renamed.

#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;
use std::{
    fs::File,
    io::{self, Write},
    path::Path,
};

use tempfile::{Builder, NamedTempFile};

/// Files under way have names that end in this, and no others do.
pub(crate) const PARTIAL: &str = ".partial";

/// A file under way to `name` in `folder`, with `parts` in it, one after the other, on disk.
pub(crate) fn under_way(folder: &Path, name: &str, parts: &[&[u8]]) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(name).suffix(PARTIAL);
    // What any new file gets, less the umask: `tempfile` would keep it for its owner.
    #[cfg(unix)]
    builder.permissions(std::fs::Permissions::from_mode(0o666));
    let mut partial = builder.tempfile_in(folder)?;
    for part in parts {
        partial.write_all(part)?;
    }
    partial.as_file().sync_all()?;
    Ok(partial)
}

/// A rename lasts only once the folder itself is on disk.
pub(crate) fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
