//! Fetches a data set's files from its mirrors into a folder.
//!
//! A file is received whole, checked in memory, and only then written: under a name of its own, from which it is moved to
//! its place. So whatever is in its place is the published file, however often, from however many processes and with
//! whatever interruptions this runs.

mod fault;
mod receive;

use std::{fs, path::Path, time::Duration};

use crate::{
    Source,
    files::{self, Found},
};

pub use fault::{DownloadError, DownloadFault, Refusal};

/// How long a network that does not answer is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For the mirror's address, then for a connection, then for the beginning of its answer: a network that swallows
    /// everything costs this once a mirror.
    pub answer: Duration,
    /// Between two pieces of a file.
    pub pause: Duration,
    /// For all of a file.
    pub file: Duration,
}

impl Default for Patience {
    /// 5 s for an answer, 10 s between pieces, and 10 minutes a file: 44 kB/s for the largest.
    fn default() -> Self {
        let [answer, pause, file] = [5, 10, 600].map(Duration::from_secs);
        Self { answer, pause, file }
    }
}

/// How far the download of a file has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received<'a> {
    /// The folder it comes from, a URL.
    pub mirror: &'a str,
    /// Its name.
    pub file: &'a str,
    /// Bytes received so far: 0 when the mirror has yet to answer.
    pub bytes: u64,
    /// Bytes that the mirror has announced.
    pub of: Option<u64>,
}

/// Downloads the files of `source` that `folder` lacks, gzipped as they are sent, and creates the folder if need be.
///
/// A mirror is asked for one file after the other; from its first failure on, the next mirror is. No more is received than
/// the file is long unpacked (and what gzip may add), and no more is unpacked. Proxies are taken from the environment (`HTTPS_PROXY`, `ALL_PROXY`,
/// `NO_PROXY` and so on), but for mirrors on this machine. `progress` is told before a file is asked for, and every 64 KiB.
///
/// # Errors
/// If the mirrors do not deliver all that is missing, or it cannot be written. Files that came are kept.
pub fn download(
    source: &Source<'_>,
    folder: &Path,
    patience: &Patience,
    progress: &mut dyn FnMut(Received<'_>),
) -> Result<(), DownloadError> {
    let unwritable = |cause| DownloadError::Write { folder: folder.to_owned(), cause };
    fs::create_dir_all(folder).map_err(unwritable)?;
    let names: Vec<&str> = source.files.iter().map(|file| file.name).collect();
    whole_file::sweep_abandoned(folder, &names).map_err(unwritable)?;

    // Looked for as late as possible: by then, another process may have brought them.
    let is_missing = |name| !matches!(files::find_file(folder, name), Ok(Found::File(_)));
    let mut missing = source.files.iter().filter(|file| is_missing(file.name)).peekable();
    let mut refusals = Vec::new();
    for &mirror in source.mirrors {
        let agent = receive::agent(mirror, patience);
        while let Some(file) = missing.peek() {
            match receive::file(&agent, mirror, file, source.checked, progress) {
                Ok(bytes) => {
                    // A file that is in its place already is replaced, by the same bytes.
                    let path = folder.join(format!("{}.gz", file.name));
                    whole_file::write(&path, |out| out.write_all(&bytes)).map_err(unwritable)?;
                }
                Err(fault) => {
                    refusals.push(Refusal { mirror: mirror.to_owned(), file: file.name, fault });
                    break;
                }
            }
            missing.next();
        }
    }
    match missing.peek() {
        None => Ok(()),
        Some(_) => Err(DownloadError::Mirrors { name: source.name, refusals }),
    }
}
