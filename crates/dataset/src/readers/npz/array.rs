//! An array of NumPy, from its `.npy` form: a header, which is a literal of Python, and the elements.
//!
//! The form is NumPy's NEP 1: the bytes `93 4e 55 4d 50 59`, a version of two bytes, the length of the header (two bytes in
//! version 1, four in 2 and 3, little-endian), and the header, as in
//! `{'descr': '|u1', 'fortran_order': False, 'shape': (60000, 28, 28), }`.

use std::io::Read;

use kernels::ask_for_large_pages;

use super::fault::ArrayFault;

const MAGIC: &[u8; 6] = b"\x93NUMPY";
/// NumPy itself takes no longer header than 10,000 bytes.
const LONGEST_HEADER: u64 = 1 << 16;

/// An array: its elements as they are stored.
pub(super) struct Array {
    /// The type as NumPy writes it: `<i8`.
    pub(super) dtype: String,
    /// The letter of the type and its bytes: `('i', 8)`.
    pub(super) kind: (char, usize),
    pub(super) shape: Vec<usize>,
    is_big_endian: bool,
    is_fortran: bool,
    bytes: Vec<u8>,
}

impl Array {
    /// Reads all that `source` has, which is at most `most` bytes.
    pub(super) fn read(mut source: impl Read, most: u64) -> Result<Self, ArrayFault> {
        let mut take = |limit: u64, into: &mut Vec<u8>| {
            source.by_ref().take(limit).read_to_end(into).map_err(ArrayFault::Damaged)
        };
        let mut start = Vec::new();
        take(8, &mut start)?;
        if start.len() < 8 || !start.starts_with(MAGIC) {
            return Err(ArrayFault::NoArray);
        }
        let size = if start[6] == 1 { 2 } else { 4 };
        let mut length = Vec::new();
        take(size, &mut length)?;
        length.resize(4, 0);
        let length = u32::from_le_bytes(length.try_into().expect("four bytes")).into();
        if length > LONGEST_HEADER {
            return Err(ArrayFault::Header);
        }
        let mut header = Vec::new();
        take(length, &mut header)?;
        let header = String::from_utf8(header).map_err(|_| ArrayFault::Header)?;
        let mut array = Self::of_header(&header)?;

        let elements = array.shape.iter().map(|&length| length as u128);
        let announced = elements.fold(array.kind.1 as u128, u128::saturating_mul);
        let held = most.saturating_sub(8 + size + length);
        if announced == 0 {
            return Err(ArrayFault::Nothing { shape: array.shape });
        }
        if announced > u128::from(held) {
            return Err(ArrayFault::Truncated { shape: array.shape, announced, held });
        }
        let wanted = usize::try_from(announced)
            .ok()
            .filter(|&wanted| array.bytes.try_reserve_exact(wanted).is_ok())
            .ok_or(ArrayFault::Memory { announced })?;
        ask_for_large_pages(array.bytes.spare_capacity_mut());
        take(wanted as u64, &mut array.bytes)?;
        if array.bytes.len() < wanted {
            let held = array.bytes.len() as u64;
            return Err(ArrayFault::Truncated { shape: array.shape, announced, held });
        }
        // Not only to see trailing bytes: the archive compares its checksum when an entry is read to the end.
        if take(1, &mut Vec::new())? > 0 {
            return Err(ArrayFault::TrailingBytes { shape: array.shape, announced });
        }
        Ok(array)
    }

    /// An array of this header, without elements.
    fn of_header(header: &str) -> Result<Self, ArrayFault> {
        let value = |key: &str| {
            let (_, after) = header.split_once(&format!("'{key}':"))?;
            Some(after.trim_start())
        };
        let (Some(descr), Some(order), Some(shape)) =
            (value("descr"), value("fortran_order"), value("shape"))
        else {
            return Err(ArrayFault::Header);
        };
        let dtype = match descr.strip_prefix('\'').and_then(|text| text.split_once('\'')) {
            Some((dtype, _)) => dtype.to_owned(),
            None => return Err(ArrayFault::Structured),
        };
        let kind = dtype.trim_start_matches(['<', '>', '|', '=']);
        let mut letters = kind.chars();
        let kind = (letters.next().unwrap_or(' '), letters.as_str().parse().unwrap_or(0));
        if kind.1 == 0 || kind.0 == 'O' {
            return Err(ArrayFault::Type { dtype });
        }
        let shape = shape.strip_prefix('(').and_then(|text| text.split_once(')'));
        let shape =
            shape.map(|(text, _)| text.split(',').map(str::trim)).ok_or(ArrayFault::Header)?;
        let lengths = shape.filter(|length| !length.is_empty()).map(|length| length.parse());
        Ok(Self {
            shape: lengths.collect::<Result<_, _>>().map_err(|_| ArrayFault::Header)?,
            kind,
            is_big_endian: dtype.starts_with('>'),
            dtype,
            is_fortran: order.starts_with("True"),
            bytes: Vec::new(),
        })
    }

    /// The bytes of an array of bytes, the last axis the fastest.
    pub(super) fn in_c_order(self) -> Vec<u8> {
        if !self.is_fortran || self.shape.len() < 2 {
            return self.bytes;
        }
        let mut ordered = Vec::with_capacity(self.bytes.len());
        let mut index = vec![0; self.shape.len()];
        for _ in 0..self.bytes.len() {
            // The first axis is the fastest.
            let place =
                index.iter().zip(&self.shape).rev().fold(0, |place, (&i, &n)| place * n + i);
            ordered.push(self.bytes[place]);
            for (i, &n) in index.iter_mut().zip(&self.shape).rev() {
                *i += 1;
                if *i < n {
                    break;
                }
                *i = 0;
            }
        }
        ordered
    }

    /// The elements of an array of integers of up to eight bytes that has one axis longer than 1.
    pub(super) fn integers(&self) -> impl Iterator<Item = i128> {
        let (kind, size) = self.kind;
        self.bytes.chunks_exact(size).map(move |bytes| {
            let mut wide = [0; 8];
            wide[..size].copy_from_slice(bytes);
            if self.is_big_endian {
                wide[..size].reverse();
            }
            let unsigned = u64::from_le_bytes(wide);
            match kind {
                'u' => unsigned.into(),
                _ => ((unsigned as i64) << (64 - 8 * size) >> (64 - 8 * size)).into(),
            }
        })
    }
}
