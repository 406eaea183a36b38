//! The errors between a mirror and a file in a folder.

use std::{io, path::PathBuf};

use thiserror::Error;

/// Why a data set was not downloaded, in one line.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DownloadError {
    /// No mirror delivers what is missing.
    #[error("no mirror delivers {name} ({})", list(.refusals))]
    Mirrors {
        /// The data set.
        name: &'static str,
        /// One a mirror.
        refusals: Vec<Refusal>,
    },

    /// A file that was received cannot be kept.
    #[error("cannot write into {folder} ({cause})")]
    Write {
        /// Where the files should go.
        folder: PathBuf,
        /// The operating system's answer.
        cause: io::Error,
    },
}

/// Why a mirror was given up.
#[derive(Debug, Error)]
#[error("{}: {}{fault}", host(.mirror), self.concerned())]
pub struct Refusal {
    /// The folder asked, a URL.
    pub mirror: String,
    /// The file asked for, without `.gz`.
    pub file: &'static str,
    /// The fault of the answer.
    pub fault: DownloadFault,
}

impl Refusal {
    /// The file, unless it would have been the same with any other.
    fn concerned(&self) -> String {
        use ureq::Error::{HostNotFound, Io, Timeout};
        match self.fault {
            DownloadFault::Http(Io(_) | Timeout(_) | HostNotFound) => String::new(),
            _ => format!("{}.gz: ", self.file),
        }
    }
}

/// The fault of a mirror's answer.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DownloadFault {
    /// No connection, no success, or not the whole file and nothing but it.
    #[error("{}", in_short(.0))]
    Http(ureq::Error),

    /// Something that is no gzip file, or a damaged one.
    #[error("damaged, or no gzip file ({0})")]
    Gzip(io::Error),

    /// A gzip file with more in it than the file is long.
    #[error("unpacks to more than {length} bytes")]
    Longer {
        /// Length of the file, unpacked.
        length: u64,
    },

    /// Another file.
    #[error("not the published file: its SHA-256 is {found}")]
    Checksum {
        /// Its SHA-256.
        found: String,
    },
}

fn list(refusals: &[Refusal]) -> String {
    refusals.iter().map(Refusal::to_string).collect::<Vec<_>>().join("; ")
}

/// The part of a URL that tells mirrors apart.
fn host(mirror: &str) -> &str {
    let (_, rest) = mirror.split_once("://").unwrap_or(("", mirror));
    rest.split('/').next().unwrap_or(rest)
}

fn in_short(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Io(error) => error.to_string(),
        ureq::Error::StatusCode(status) => format!("HTTP status {status}"),
        ureq::Error::Timeout(phase) => format!("timed out ({phase})"),
        ureq::Error::BodyExceedsLimit(limit) => format!("more than {limit} bytes"),
        other => other.to_string(),
    }
}
