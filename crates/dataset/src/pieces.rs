//! A text, plain or gzipped, in pieces of whole lines.
//!
//! While one batch of pieces is parsed, by all threads, the next one can be read and unpacked. Nothing is believed before it
//! is there.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::{Kind, checksum::hexadecimal};

/// Why a text cannot be read in pieces of lines.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TextFault {
    /// The operating system does not hand it over.
    #[error("cannot be read: {0}")]
    Io(io::Error),

    /// It is something else than a file.
    #[error("it is {0}, not a file; put a file in its place")]
    NoFile(Kind),

    /// The gzip data is cut off, or its checksum is not that of what it unpacks to.
    #[error("its gzip data is damaged ({0}); fetch the file again")]
    Gzip(io::Error),

    /// A line goes on and on.
    #[error("after {length} bytes it has a line that is not over; is it a text?")]
    LongLine {
        /// Bytes of the line that were read.
        length: usize,
    },

    /// There is no memory for its lines.
    #[error("there is no memory for its lines; free some, or take fewer rows")]
    Memory,
}

/// The bytes that every gzip file begins with, and no text.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
/// Bytes that the system is asked for at a time.
const BUFFER: usize = 1 << 16;
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
struct Counted {
    file: File,
    position: u64,
    failed: bool,
}

impl Counted {
    fn new(file: File) -> Self {
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
enum Source {
    Plain(BufReader<Counted>),
    Gzip(Box<MultiGzDecoder<BufReader<Counted>>>),
}

impl Source {
    fn gzip(file: BufReader<Counted>) -> Self {
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
pub(crate) struct Pieces {
    source: Source,
    /// Bytes of the file, as it lies on disk.
    length: u64,
    /// The beginning of a line whose end is not read yet.
    rest: Vec<u8>,
    sha256: Sha256,
    is_begun: bool,
    is_over: bool,
}

impl Pieces {
    /// Opens a file; if it begins like gzip, the text is what it unpacks to.
    pub(crate) fn open(path: &Path) -> Result<Self, TextFault> {
        if let Some(kind) = Kind::of(path).map_err(TextFault::Io)? {
            return Err(TextFault::NoFile(kind));
        }
        let file = File::open(path).map_err(TextFault::Io)?;
        let length = file.metadata().map_err(TextFault::Io)?.len();
        let mut file = BufReader::with_capacity(BUFFER, Counted::new(file));
        let packed = file.fill_buf().map_err(TextFault::Io)?.starts_with(&GZIP_MAGIC);
        let source = if packed { Source::gzip(file) } else { Source::Plain(file) };
        let (rest, sha256) = (Vec::new(), Sha256::new());
        Ok(Self { source, length, rest, sha256, is_begun: false, is_over: false })
    }

    /// The next pieces, and none when the text is over.
    pub(crate) fn batch(&mut self) -> Result<Vec<Vec<u8>>, TextFault> {
        let mut batch = Vec::new();
        while batch.len() < (PIECES_A_THREAD * rayon::current_num_threads()).min(MOST_PIECES)
            && !self.is_over
        {
            batch.extend(self.piece()?);
        }
        Ok(batch)
    }

    fn piece(&mut self) -> Result<Option<Vec<u8>>, TextFault> {
        let mut piece = std::mem::take(&mut self.rest);
        loop {
            let known = piece.len();
            piece.try_reserve_exact(PIECE).map_err(|_| TextFault::Memory)?;
            let read = self.source.by_ref().take(PIECE as u64).read_to_end(&mut piece);
            read.map_err(|error| match self.source.counted().failed {
                true => TextFault::Io(error),
                false => TextFault::Gzip(error),
            })?;
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
                return Err(TextFault::LongLine { length: piece.len() });
            }
        }
    }

    /// Bytes of the file that are read, as it lies on disk.
    pub(crate) fn position(&self) -> u64 {
        self.source.counted().position
    }

    /// Its length, as it lies on disk.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Of the plain text, once it is over.
    pub(crate) fn sha256(self) -> String {
        hexadecimal(&self.sha256.finalize())
    }
}
