//! The IDX format, plain or gzipped: two zero bytes, a byte for the element type, a byte for the number of dimensions, the
//! dimensions as big-endian 32-bit integers, and then the elements, the last dimension running fastest.
//!
//! Nothing is believed before it is checked: whatever a header announces, no more memory is asked for than a file of this
//! length can fill, and no more is unpacked than was announced.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use byteorder::{BigEndian, ByteOrder};
use flate2::bufread::MultiGzDecoder;
use kernels::ask_for_large_pages;

use crate::{DatasetError, Images, Kind};

mod fault;

pub use fault::IdxFault;

/// The type byte of unsigned bytes, the only element type that images and labels of this kind use.
const UNSIGNED_BYTE: u8 = 0x08;

/// The number of dimensions that is expected of images, and that of colour pictures.
const COLOUR_FOR_IMAGES: (usize, u8) = (3, 4);

/// The bytes that every gzip file begins with, and no IDX file.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Deflate's shortest code, 2 bits, stands for at most 258 bytes.
const LARGEST_EXPANSION: u64 = 4 * 258;

/// Reads a file of images: IDX with three dimensions of unsigned bytes (images, rows, columns), plain or gzipped, whatever
/// its name.
///
/// # Errors
/// If the file cannot be read or is anything but that, to the last byte, or holds no image or images without pixels.
#[expect(clippy::missing_panics_doc, reason = "the elements are as many as the dimensions say")]
pub fn read_images(path: &Path) -> Result<Images, DatasetError> {
    let ([_, rows, columns], pixels) = read(path)?;
    Ok(Images::new(pixels, rows, columns).expect("whole images"))
}

/// Reads a file of labels: IDX with one dimension of unsigned bytes, plain or gzipped, whatever its name.
///
/// # Errors
/// If the file cannot be read or is anything but that, to the last byte, or holds no label.
pub fn read_labels(path: &Path) -> Result<Vec<u8>, DatasetError> {
    let ([_], labels) = read(path)?;
    Ok(labels)
}

/// The bytes before the elements of an array of unsigned bytes.
pub(crate) fn header(dimensions: &[u32]) -> Vec<u8> {
    let mut bytes = vec![0, 0, UNSIGNED_BYTE, dimensions.len() as u8];
    bytes.extend(dimensions.iter().flat_map(|dimension| dimension.to_be_bytes()));
    bytes
}

/// Dimensions and elements; the product of the former is the number of the latter, and not zero.
type Array<const DIMENSIONS: usize> = ([usize; DIMENSIONS], Vec<u8>);

fn read<const DIMENSIONS: usize>(path: &Path) -> Result<Array<DIMENSIONS>, DatasetError> {
    unpack(path).map_err(|fault| DatasetError::File { path: path.to_owned(), fault })
}

/// Decodes the file itself or, if it begins like gzip, what it unpacks to.
fn unpack<const DIMENSIONS: usize>(path: &Path) -> Result<Array<DIMENSIONS>, IdxFault> {
    if let Some(kind) = Kind::of(path).map_err(IdxFault::Io)? {
        return Err(IdxFault::NoFile(kind));
    }
    let file = File::open(path).map_err(IdxFault::Io)?;
    let length = file.metadata().map_err(IdxFault::Io)?.len();
    let mut file = BufReader::new(file);
    if !file.fill_buf().map_err(IdxFault::Io)?.starts_with(&GZIP_MAGIC) {
        return decode(file, length, IdxFault::Io);
    }
    // All of it before unpacking any of it: an error is then either the disk's or the data's.
    let mut packed = Vec::new();
    file.read_to_end(&mut packed).map_err(IdxFault::Io)?;
    let most = (packed.len() as u64).saturating_mul(LARGEST_EXPANSION);
    decode(MultiGzDecoder::new(&packed[..]), most, IdxFault::Gzip)
}

/// Decodes all that `source` has, which is known to be at most `most` bytes; `unreadable` says whose fault its errors are.
fn decode<const DIMENSIONS: usize>(
    mut source: impl Read,
    most: u64,
    unreadable: fn(io::Error) -> IdxFault,
) -> Result<Array<DIMENSIONS>, IdxFault> {
    let mut take = |limit: usize, into: &mut Vec<u8>| {
        let mut limited = source.by_ref().take(limit as u64);
        limited.read_to_end(into).map_err(unreadable)
    };

    let mut header = Vec::new();
    take(4, &mut header)?;
    let found = number_of_dimensions(&header)?;
    if usize::from(found) != DIMENSIONS && (DIMENSIONS, found) != COLOUR_FOR_IMAGES {
        let expected = DIMENSIONS as u8;
        return Err(IdxFault::Dimensions { found, expected });
    }
    take(4 * usize::from(found), &mut header)?;
    let header_length = 4 + 4 * usize::from(found);
    if header.len() < header_length {
        return Err(IdxFault::Header { length: header.len() });
    }
    let dimensions: Vec<u32> = header[4..].chunks(4).map(BigEndian::read_u32).collect();
    let Ok(dimensions) = <[u32; DIMENSIONS]>::try_from(&dimensions[..]) else {
        return Err(IdxFault::Colour { dimensions });
    };
    if dimensions.contains(&0) {
        let dimensions = dimensions.to_vec();
        return Err(IdxFault::Empty { dimensions });
    }
    let announced: u128 = dimensions.iter().copied().map(u128::from).product();
    let held = most.saturating_sub(header_length as u64);
    if announced > u128::from(held) {
        return Err(IdxFault::Truncated { announced, held });
    }

    let mut elements = Vec::new();
    let length = usize::try_from(announced)
        .ok()
        .filter(|&length| elements.try_reserve_exact(length).is_ok())
        .ok_or(IdxFault::Memory { announced })?;
    ask_for_large_pages(elements.spare_capacity_mut());
    take(length, &mut elements)?;
    if elements.len() < length {
        let held = elements.len() as u64;
        return Err(IdxFault::Truncated { announced, held });
    }
    // Not only to see trailing bytes: gzip compares its checksum when it is read to the end.
    if take(1, &mut Vec::new())? > 0 {
        return Err(IdxFault::TrailingBytes { announced: length });
    }
    Ok((dimensions.map(|dimension| dimension as usize), elements))
}

/// The number of dimensions in the first four bytes of a file, which must be an array of unsigned bytes.
fn number_of_dimensions(magic: &[u8]) -> Result<u8, IdxFault> {
    match *magic {
        [0, 0, UNSIGNED_BYTE, dimensions] => Ok(dimensions),
        [0, 0, element_type, _] => Err(IdxFault::ElementType(element_type)),
        [first, second, _, _] => Err(IdxFault::Magic([first, second])),
        _ => Err(IdxFault::Header { length: magic.len() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_unpacked_than_was_announced_and_a_byte() {
        let most = 1 << 40;
        let header = header(&[1, 2, 3]);
        let mut bomb = header.chain(io::repeat(0).take(most));
        let fault = decode::<3>(&mut bomb, most, IdxFault::Gzip).unwrap_err();
        assert!(matches!(fault, IdxFault::TrailingBytes { announced: 6 }), "{fault}");
        assert_eq!(bomb.get_ref().1.limit(), most - 7);
    }

    #[test]
    fn too_little_memory_is_an_error() {
        let header = header(&[u32::MAX, 1 << 15, 1 << 15]);
        let fault = decode::<3>(&header[..], u64::MAX, IdxFault::Io).unwrap_err();
        assert!(matches!(fault, IdxFault::Memory { .. }), "{fault}");
    }
}
