//! The numbers of a file, as it has them.

use std::borrow::Cow;

use crate::Fault;

/// How a number is written. Numbers of 64 bits are rounded to 32.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    F32 { big_endian: bool },
    F64 { big_endian: bool },
}

impl Kind {
    pub(crate) const F32: Self = Self::F32 { big_endian: false };
    pub(crate) const F64: Self = Self::F64 { big_endian: false };

    /// Bytes of a number.
    pub(crate) fn size(self) -> usize {
        match self {
            Self::F32 { .. } => 4,
            Self::F64 { .. } => 8,
        }
    }
}

/// An array of numbers: a matrix, a vector, or something else.
#[derive(Clone, Debug)]
pub(crate) struct Tensor<'a> {
    pub(crate) name: String,
    pub(crate) shape: Vec<usize>,
    pub(crate) kind: Kind,
    /// True if the first index runs fastest, as in Fortran.
    pub(crate) column_major: bool,
    /// As many as the shape and the kind say.
    bytes: Cow<'a, [u8]>,
}

impl<'a> Tensor<'a> {
    /// A row-major tensor.
    pub(crate) fn new(
        name: String,
        shape: Vec<usize>,
        kind: Kind,
        bytes: Cow<'a, [u8]>,
    ) -> Result<Self, Fault> {
        if byte_count(&shape, kind) != Some(bytes.len() as u64) {
            return Err(Fault::Length { name, shape, bytes: bytes.len() });
        }
        // Beside a size of 0, another may be anything: nothing in the file bounds it.
        if bytes.is_empty() {
            return Err(Fault::Empty { name, shape });
        }
        Ok(Self { name, shape, kind, column_major: false, bytes })
    }

    /// How many numbers it has.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len() / self.kind.size()
    }

    /// A matrix's numbers row by row, or column by column if `transposed`; of a vector, its numbers. They are finite.
    pub(crate) fn numbers(&self, transposed: bool) -> Result<Vec<f32>, Fault> {
        let mut numbers = Vec::new();
        numbers
            .try_reserve_exact(self.len())
            .map_err(|_| Fault::Memory { bytes: 4 * self.len() as u64 })?;
        let [rows, columns] = match self.shape[..] {
            [rows, columns] => [rows, columns],
            _ => [1, self.len()],
        };
        let (outer, inner) = if transposed { (columns, rows) } else { (rows, columns) };
        for i in 0..outer {
            for j in 0..inner {
                let (row, column) = if transposed { (j, i) } else { (i, j) };
                let at =
                    if self.column_major { column * rows + row } else { row * columns + column };
                let number = self.number(at);
                if !number.is_finite() {
                    let index = row * columns + column;
                    return Err(Fault::NotFinite { name: self.name.clone(), index, value: number });
                }
                numbers.push(number);
            }
        }
        Ok(numbers)
    }

    fn number(&self, at: usize) -> f32 {
        let size = self.kind.size();
        let bytes = &self.bytes[at * size..(at + 1) * size];
        match (self.kind, bytes) {
            (Kind::F32 { big_endian: false }, &[a, b, c, d]) => f32::from_le_bytes([a, b, c, d]),
            (Kind::F32 { big_endian: true }, &[a, b, c, d]) => f32::from_be_bytes([a, b, c, d]),
            (Kind::F64 { big_endian }, &[a, b, c, d, e, f, g, h]) => {
                let bytes = [a, b, c, d, e, f, g, h];
                let number =
                    if big_endian { f64::from_be_bytes(bytes) } else { f64::from_le_bytes(bytes) };
                number as f32
            }
            _ => unreachable!("a slice of the kind's size"),
        }
    }
}

/// The bytes of so many numbers; `None` if they cannot be counted.
pub(crate) fn byte_count(shape: &[usize], kind: Kind) -> Option<u64> {
    let sizes = shape.iter().map(|&size| size as u64);
    sizes.chain([kind.size() as u64]).try_fold(1, u64::checked_mul)
}

/// The bytes of numbers, the least significant first.
pub(crate) fn to_bytes(numbers: &[f32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tensor(kind: Kind, column_major: bool) -> Tensor<'static> {
        let numbers = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let bytes: Vec<u8> = match kind {
            Kind::F32 { big_endian: false } => to_bytes(&numbers.map(|x: f64| x as f32)),
            Kind::F32 { big_endian: true } => {
                numbers.iter().flat_map(|&x| (x as f32).to_be_bytes()).collect()
            }
            Kind::F64 { big_endian: false } => {
                numbers.iter().flat_map(|x| x.to_le_bytes()).collect()
            }
            Kind::F64 { big_endian: true } => {
                numbers.iter().flat_map(|x| x.to_be_bytes()).collect()
            }
        };
        let mut tensor = Tensor::new("some".into(), vec![2, 3], kind, bytes.into()).unwrap();
        tensor.column_major = column_major;
        tensor
    }

    #[test]
    fn numbers_come_in_the_order_asked_for() {
        for big_endian in [false, true] {
            for kind in [Kind::F32 { big_endian }, Kind::F64 { big_endian }] {
                for (column_major, transposed, expected) in [
                    (false, false, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
                    (false, true, [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]),
                    (true, false, [1.0, 3.0, 5.0, 2.0, 4.0, 6.0]),
                    (true, true, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
                ] {
                    let found = tensor(kind, column_major).numbers(transposed).unwrap();
                    assert_eq!(found, expected, "{kind:?} {column_major} {transposed}");
                }
            }
        }
    }

    #[test]
    fn shapes_and_bytes_agree_and_numbers_are_finite() {
        let make = |shape: &[usize], bytes: Vec<u8>| {
            Tensor::new("some".into(), shape.to_vec(), Kind::F32, bytes.into())
        };
        assert!(make(&[2], vec![0; 7]).is_err());
        assert!(make(&[usize::MAX, usize::MAX], vec![0; 4]).is_err());
        assert!(make(&[1 << 62], vec![]).is_err());
        let infinite = make(&[2, 1], to_bytes(&[0.0, f32::NEG_INFINITY])).unwrap();
        let text = infinite.numbers(true).unwrap_err().to_string();
        assert_eq!(text, "some[1] is -inf; a network's numbers are finite");
    }
}
