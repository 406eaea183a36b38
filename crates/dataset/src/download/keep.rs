//! What was downloaded, in its folder.

use std::{io, path::Path};

use crate::whole_file;

/// Puts `name.gz` into `folder`. What is in its place already is replaced, by the same bytes.
pub(super) fn file(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let partial = whole_file::under_way(folder, name, &[bytes])?;
    partial.persist(folder.join(format!("{name}.gz")))?;
    whole_file::sync(folder)
}
