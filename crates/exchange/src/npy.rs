//! NumPy's format of one array: six bytes, a version, the length of the header, the header, which is a dictionary in Python's
//! spelling, and the numbers.
//!
//! The crate npyz reads it, too, but takes the header's word for its length, up to 4 GiB, and fifteen crates to parse it.

use crate::Fault;
use crate::tensor::Kind;

const MAGIC: &[u8] = b"\x93NUMPY";
/// NumPy's own headers take a few hundred bytes at most.
const LONGEST_HEADER: usize = 1 << 16;
/// The numbers begin at a multiple of this.
const ALIGNMENT: usize = 64;

/// The header of an array.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Header {
    pub(crate) kind: Kind,
    pub(crate) column_major: bool,
    pub(crate) shape: Vec<usize>,
    /// Bytes in front of the numbers.
    pub(crate) length: usize,
}

/// The header of a row-major array of little-endian `f32`.
pub(crate) fn header(shape: &[usize]) -> Vec<u8> {
    let sizes: String = shape.iter().map(|size| format!("{size},")).collect();
    let mut text = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({sizes}), }}");
    let fixed = MAGIC.len() + 2 + 2;
    while !(fixed + text.len() + 1).is_multiple_of(ALIGNMENT) {
        text.push(' ');
    }
    text.push('\n');
    let length = u16::try_from(text.len()).expect("shapes of two sizes are short");
    [MAGIC, &[1, 0], &length.to_le_bytes(), text.as_bytes()].concat()
}

/// Reads the header of the array `name`. `more` gives the first bytes of the file, as many as it is asked for; fewer only if
/// there are not so many.
pub(crate) fn read_header(
    name: &str,
    mut more: impl FnMut(usize) -> Result<Vec<u8>, Fault>,
) -> Result<Header, Fault> {
    let broken = |why: &str| Fault::Broken { format: "npy", why: format!("{name}: {why}") };
    let start = more(12)?;
    if start.len() < 12 || !start.starts_with(MAGIC) {
        return Err(broken("it does not begin as an array does"));
    }
    let (fixed, text) = match start[6] {
        1 => (10, u16::from_le_bytes([start[8], start[9]]).into()),
        2 | 3 => (12, u32::from_le_bytes([start[8], start[9], start[10], start[11]]) as usize),
        _ => return Err(broken("it is of an unknown version")),
    };
    if text > LONGEST_HEADER {
        return Err(broken("its header is too long"));
    }
    let length = fixed + text;
    let bytes = more(length)?;
    let text = bytes.get(fixed..length).ok_or_else(|| broken("its header is cut off"))?;
    let text = std::str::from_utf8(text).map_err(|_| broken("its header is no text"))?;
    let value = |key: &str| {
        let (_, behind) = text.split_once(&format!("'{key}':"))?;
        Some(behind.trim_start())
    };
    let missing = || broken("its header lacks descr, fortran_order or shape");
    let quoted = value("descr").ok_or_else(missing)?;
    let Some(descr) = quoted.strip_prefix('\'').and_then(|rest| rest.split('\'').next()) else {
        return Err(Fault::Type { name: name.into(), found: "a record".into() });
    };
    let kind = match descr {
        "<f4" => Kind::F32,
        ">f4" => Kind::F32 { big_endian: true },
        "<f8" => Kind::F64,
        ">f8" => Kind::F64 { big_endian: true },
        _ => return Err(Fault::Type { name: name.into(), found: format!("of dtype {descr:?}") }),
    };
    let column_major = match value("fortran_order").ok_or_else(missing)? {
        order if order.starts_with("False") => false,
        order if order.starts_with("True") => true,
        _ => return Err(missing()),
    };
    let sizes = value("shape").ok_or_else(missing)?;
    let sizes =
        sizes.strip_prefix('(').and_then(|rest| rest.split_once(')')).ok_or_else(missing)?.0;
    let sizes = sizes.trim().trim_end_matches(',');
    let mut shape = Vec::new();
    if !sizes.is_empty() {
        for size in sizes.split(',') {
            shape.push(size.trim().parse().map_err(|_| broken("its shape is no list of sizes"))?);
        }
    }
    Ok(Header { kind, column_major, shape, length })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Header, Fault> {
        read_header("w", |count| Ok(bytes[..count.min(bytes.len())].to_vec()))
    }

    fn with_text(text: &str) -> Vec<u8> {
        [MAGIC, &[1, 0], &(text.len() as u16).to_le_bytes(), text.as_bytes(), &[0; 64]].concat()
    }

    #[test]
    fn headers_come_back() {
        for shape in [&[][..], &[0], &[7], &[784, 512], &[1, 2, 3]] {
            let bytes = header(shape);
            assert!(bytes.len().is_multiple_of(ALIGNMENT));
            let expected = Header {
                kind: Kind::F32,
                column_major: false,
                shape: shape.to_vec(),
                length: bytes.len(),
            };
            assert_eq!(read(&bytes).unwrap(), expected);
        }
        // The spelling of other writers, and the second version.
        let text = "{\"x\": 0, 'shape':(3, 4), 'fortran_order':True,'descr':'>f8'}";
        let found = read(&with_text(text)).unwrap();
        assert_eq!((found.kind, found.column_major), (Kind::F64 { big_endian: true }, true));
        assert_eq!(found.shape, [3, 4]);
        let second = [MAGIC, &[2, 0], &(text.len() as u32).to_le_bytes(), text.as_bytes()].concat();
        assert_eq!(read(&second).unwrap(), Header { length: second.len(), ..found });
    }

    #[test]
    fn broken_headers_are_refused() {
        let long = [MAGIC, &[2, 0], &u32::MAX.to_le_bytes(), &[b' '; 100]].concat();
        let version = [MAGIC, &[9, 0], &[0; 20]].concat();
        let cut = [MAGIC, &[1, 0], &200_u16.to_le_bytes(), &[b' '; 100]].concat();
        let no_text = [MAGIC, &[1, 0], &4_u16.to_le_bytes(), &[0xff; 10]].concat();
        for (bytes, expected) in [
            (b"\x93NUMPX\x01\0\0\0\0\0".to_vec(), "does not begin"),
            (MAGIC.to_vec(), "does not begin"),
            (version, "unknown version"),
            (long, "too long"),
            (cut, "cut off"),
            (no_text, "no text"),
            (with_text("{}"), "lacks"),
            (with_text("{'descr': '<f4', 'shape': (1,)}"), "lacks"),
            (with_text("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}"), "lacks"),
            (with_text("{'descr': '<f4', 'fortran_order': False, 'shape': 1}"), "lacks"),
            (with_text("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}"), "no list"),
            (
                with_text(
                    "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
                ),
                "no list",
            ),
            (with_text("{'descr': '<i8', 'fortran_order': False, 'shape': (1,)}"), "float32"),
            (with_text("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}"), "float32"),
            (
                with_text("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': ()}"),
                "a record",
            ),
        ] {
            let text = read(&bytes).expect_err(expected).to_string();
            assert!(text.contains(expected) && !text.contains('\n'), "{expected}: {text}");
        }
    }
}
