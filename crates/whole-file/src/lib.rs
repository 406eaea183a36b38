//! Files that appear in a folder whole or not at all.
//!
//! A file is written under a name of its own in the folder it goes to, and is on disk before it is renamed. So whoever
//! opens it finds the old file or the new one at any time, also after a power failure. [`write()`] does this for a single
//! file; [`prepare`] and [`replace_all`] do it for several that belong together.
//!
//! A file under way bears the name of the file, some random letters and `.partial`. It is removed when something fails.
//! Files that a killed process has left are removed by a later one: by [`sweep`] where that one owns the folder, or else by
//! [`sweep_abandoned`].
//!
//! ```
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("settings.json");
//! whole_file::write(&path, |file| file.write_all(b"{}"))?;
//! assert_eq!(std::fs::read(&path)?, b"{}");
//! # Ok::<(), std::io::Error>(())
//! ```

#![forbid(unsafe_code)]

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::{Builder, NamedTempFile};

/// The end of the names of files under way.
const PARTIAL: &str = ".partial";
/// A file that was last written this long ago is abandoned: nobody is still at work on it.
const ABANDONED: Duration = Duration::from_secs(3600);
/// Bytes that the system is given at a time.
const BUFFER: usize = 1 << 18;

/// A file that is complete and on disk, but not yet in its place. It is removed if it is dropped.
#[derive(Debug)]
pub struct Prepared {
    file: NamedTempFile,
    path: PathBuf,
}

/// Writes the file `path`, which is the old one or the new one at any time. It gets the permissions of any new file.
///
/// A device or a pipe of this name is written to as it is: nothing takes its place.
///
/// # Errors
/// If the file cannot be written or cannot be moved to its place, or if `contents` fails. Then the old file is still there.
pub fn write(
    path: &Path,
    contents: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    if path.metadata().is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        let mut buffered = BufWriter::new(File::options().write(true).open(path)?);
        contents(&mut buffered)?;
        return buffered.flush();
    }
    prepare(path, contents)?.move_to_its_place()?;
    sync_folder(folder_of(path))
}

/// Writes all of a file that is to become `path`, next to it.
///
/// # Errors
/// If the file cannot be written, or if `contents` fails.
pub fn prepare(
    path: &Path,
    contents: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<Prepared> {
    // Opened here: the errors of `tempfile` would tell the name that the file has for now. Unlike its own files, these
    // have the permissions of any new file.
    let open = |path: &Path| File::options().read(true).write(true).create_new(true).open(path);
    let name = path.file_name().unwrap_or_default();
    let file = Builder::new().prefix(name).suffix(PARTIAL).make_in(folder_of(path), open)?;
    let mut buffered = BufWriter::with_capacity(BUFFER, file.as_file());
    contents(&mut buffered)?;
    buffered.flush()?;
    drop(buffered);
    file.as_file().sync_all()?;
    Ok(Prepared { file, path: path.to_owned() })
}

impl Prepared {
    fn move_to_its_place(self) -> io::Result<()> {
        self.file.persist(&self.path).map(|_| ()).map_err(|error| error.error)
    }
}

/// Moves the files to their places in `folder`, in this order. When one cannot be moved, those before it are put back as
/// they were.
///
/// # Errors
/// If a file cannot be moved or the folder cannot be brought to disk: the path of the file or of the folder, and the
/// operating system's answer.
pub fn replace_all(folder: &Path, files: Vec<Prepared>) -> Result<(), (PathBuf, io::Error)> {
    let mut moved = Vec::new();
    for file in files {
        let path = file.path.clone();
        let outcome = second_name(&path).and_then(|old| file.move_to_its_place().map(|()| old));
        match outcome {
            Ok(old) => moved.push((path, old)),
            Err(cause) => {
                for (path, old) in moved {
                    // A failure here would be the second: the first is told.
                    let _ = match old {
                        Some(old) => old.persist(path).map_err(|error| error.error),
                        None => fs::remove_file(path),
                    };
                }
                return Err((path, cause));
            }
        }
    }
    sync_folder(folder).map_err(|cause| (folder.to_owned(), cause))
}

/// Another name for the file `path`, under which it lasts when it is replaced; `None` if there is no such file.
fn second_name(path: &Path) -> io::Result<Option<NamedTempFile<()>>> {
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        metadata => metadata?,
    };
    let link = |second: &Path| match fs::hard_link(path, second) {
        // Some file systems give a file one name only.
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            fs::copy(path, second).map(|_| ())
        }
        outcome => outcome,
    };
    let name = path.file_name().unwrap_or_default();
    Builder::new().prefix(name).suffix(PARTIAL).make_in(folder_of(path), link).map(Some)
}

/// Removes from `folder` all that was under way to the files `names`. Only for who owns the folder: nobody else may be at
/// work on these files.
///
/// # Errors
/// If the folder cannot be read.
pub fn sweep(folder: &Path, names: &[&str]) -> io::Result<()> {
    sweep_if(folder, names, |_| true)
}

/// Removes from `folder` what was under way to the files `names` and was last written an hour ago or earlier.
///
/// # Errors
/// If the folder cannot be read.
pub fn sweep_abandoned(folder: &Path, names: &[&str]) -> io::Result<()> {
    sweep_if(folder, names, |entry| {
        let modified = entry.metadata().and_then(|file| file.modified()).ok();
        modified.and_then(|time| time.elapsed().ok()).is_some_and(|age| age > ABANDONED)
    })
}

fn sweep_if(
    folder: &Path,
    names: &[&str],
    is_left_over: impl Fn(&fs::DirEntry) -> bool,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if is_under_way(&entry.file_name(), names) && is_left_over(&entry) {
            // Another process may sweep, too, and what stays is in nobody's way.
            let _ = fs::remove_file(entry.path());
        }
    }
    Ok(())
}

/// Whether a file of this name is under way to one of `names`.
fn is_under_way(found: &OsStr, names: &[&str]) -> bool {
    let found = found.as_encoded_bytes();
    found.ends_with(PARTIAL.as_bytes())
        && names.iter().any(|name| found.starts_with(name.as_bytes()))
}

/// Brings the names in a folder to disk: a rename lasts only from then on.
///
/// # Errors
/// If the folder cannot be opened or brought to disk.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// The folder that a file is in.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests;
