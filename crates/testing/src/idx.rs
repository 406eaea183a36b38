//! A writer of IDX files, independent of the reader.

use std::fmt::Debug;
use std::fs;
use std::path::Path;

/// An IDX file of unsigned bytes. Nothing is checked: a test may want a file that is wrong.
///
/// # Panics
/// If a size has more than 32 bits, or there are more than 255 of them.
pub fn idx<N: Copy + TryInto<u32, Error: Debug>>(sizes: &[N], elements: &[u8]) -> Vec<u8> {
    let mut file = vec![0, 0, 8, u8::try_from(sizes.len()).expect("at most 255 sizes")];
    for &size in sizes {
        file.extend(size.try_into().expect("32 bits").to_be_bytes());
    }
    file.extend(elements);
    file
}

/// Writes images of `rows × columns` pixels and their labels into `folder`, in the two files whose names begin with `name`:
/// `train` or `t10k`.
///
/// # Panics
/// If they cannot be written.
pub fn write_examples(
    folder: &Path,
    name: &str,
    [rows, columns]: [usize; 2],
    pixels: &[u8],
    labels: &[u8],
) {
    for (kind, file) in [
        ("images-idx3", idx(&[labels.len(), rows, columns], pixels)),
        ("labels-idx1", idx(&[labels.len()], labels)),
    ] {
        fs::write(folder.join(format!("{name}-{kind}-ubyte")), file).expect("a file is written");
    }
}
