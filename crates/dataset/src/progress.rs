//! How far a reading is, for whoever waits for it.

use std::path::Path;

/// How far the reading of a file or folder is.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// The file or folder.
    pub path: &'a Path,
    /// As much of it is read: bytes as they lie on disk, or files.
    pub done: u64,
    /// All of it.
    pub of: u64,
    /// The measure of both.
    pub unit: Unit,
}

/// A measure of how much is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Bytes of a file.
    Bytes,
    /// Files of a folder.
    Files,
}

/// Whoever wants to know how far the reading is.
pub type Watch<'a> = &'a mut dyn FnMut(Progress<'_>);
