//! A file in pieces of whole lines.

use std::{
    fs::File,
    io::{self, BufReader, Read},
};

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};

use super::{SvmlightFault, whose};
use crate::checksum::hexadecimal;

/// Bytes that the system is asked for at a time.
pub(super) const BUFFER: usize = 1 << 16;
/// Bytes of a piece, about: some milliseconds of parsing.
const PIECE: usize = 1 << 20;
/// Pieces of a batch: enough for the threads to share them evenly, and so few that they take little memory.
const PIECES_A_THREAD: usize = 4;
const MOST_PIECES: usize = 16;
/// A line that is longer is none: at ten bytes a number, it would have six million.
const LONGEST_LINE: usize = 1 << 26;
/// Some programs put this before a text.
const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

/// A file, how far it is read, and whether that failed.
pub(super) struct Counted {
    file: File,
    position: u64,
    failed: bool,
}

impl Counted {
    pub(super) fn new(file: File) -> Self {
        Self { file, position: 0, failed: false }
    }
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer);
        match &read {
            Ok(count) => self.position += *count as u64,
            Err(error) => self.failed |= error.kind() != io::ErrorKind::Interrupted,
        }
        read
    }
}

/// The bytes of a text.
pub(super) enum Source {
    Plain(BufReader<Counted>),
    Gzip(Box<MultiGzDecoder<BufReader<Counted>>>),
}

impl Source {
    pub(super) fn gzip(file: BufReader<Counted>) -> Self {
        Self::Gzip(Box::new(MultiGzDecoder::new(file)))
    }

    fn counted(&self) -> &Counted {
        match self {
            Self::Plain(file) => file.get_ref(),
            Self::Gzip(decoder) => decoder.get_ref().get_ref(),
        }
    }
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.read(buffer),
            Self::Gzip(decoder) => decoder.read(buffer),
        }
    }
}

/// Reads a text piece by piece. Each piece ends with a line end, which the last one is given if it has none.
pub(super) struct Pieces {
    source: Source,
    /// The beginning of a line whose end is not read yet.
    rest: Vec<u8>,
    sha256: Sha256,
    is_begun: bool,
    is_over: bool,
}

impl Pieces {
    pub(super) fn new(source: Source) -> Self {
        let sha256 = Sha256::new();
        Self { source, rest: Vec::new(), sha256, is_begun: false, is_over: false }
    }

    /// The next pieces, and none when the text is over.
    pub(super) fn batch(&mut self) -> Result<Vec<Vec<u8>>, SvmlightFault> {
        let mut batch = Vec::new();
        while batch.len() < (PIECES_A_THREAD * rayon::current_num_threads()).min(MOST_PIECES)
            && !self.is_over
        {
            batch.extend(self.piece()?);
        }
        Ok(batch)
    }

    fn piece(&mut self) -> Result<Option<Vec<u8>>, SvmlightFault> {
        let mut piece = std::mem::take(&mut self.rest);
        loop {
            let known = piece.len();
            piece.try_reserve_exact(PIECE).map_err(|_| SvmlightFault::Memory)?;
            let read = self.source.by_ref().take(PIECE as u64).read_to_end(&mut piece);
            read.map_err(|error| whose(error, self.source.counted().failed))?;
            self.sha256.update(&piece[known..]);
            self.is_over = piece.len() == known;
            if !self.is_begun {
                self.is_begun = true;
                if piece.starts_with(&BYTE_ORDER_MARK) {
                    piece.drain(..BYTE_ORDER_MARK.len());
                }
            }
            if self.is_over {
                if piece.is_empty() {
                    return Ok(None);
                }
                piece.push(b'\n');
                return Ok(Some(piece));
            }
            if let Some(end) = piece[known..].iter().rposition(|&b| b == b'\n') {
                self.rest = piece[known + end + 1..].to_vec();
                piece.truncate(known + end + 1);
                return Ok(Some(piece));
            }
            if piece.len() > LONGEST_LINE {
                return Err(SvmlightFault::LongLine { length: piece.len() });
            }
        }
    }

    /// Bytes of the file that are read, as it lies on disk.
    pub(super) fn position(&self) -> u64 {
        self.source.counted().position
    }

    /// Of the plain text, once it is over.
    pub(super) fn sha256(self) -> String {
        hexadecimal(&self.sha256.finalize())
    }
}
