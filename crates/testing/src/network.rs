//! Saved networks that take no time to make.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// A file of a network of `inputs`, `units` and `classes`, whose parameters are all 0. However large, it takes no room on the
/// disk.
///
/// # Errors
/// If it cannot be written.
pub fn write_zeros(path: &Path, [inputs, units, classes]: [usize; 3]) -> io::Result<()> {
    let mut end = 0;
    let tensors = [
        ("layers.0.bias", vec![units]),
        ("layers.0.kernel", vec![inputs, units]),
        ("layers.1.bias", vec![classes]),
        ("layers.1.kernel", vec![units, classes]),
    ]
    .map(|(name, shape)| {
        let start = end;
        end += 4 * shape.iter().product::<usize>();
        format!(r#""{name}":{{"dtype":"F32","shape":{shape:?},"data_offsets":[{start},{end}]}}"#)
    });
    let header = format!("{{{}}}", tensors.join(","));
    let mut file = File::create(path)?;
    file.write_all(&(header.len() as u64).to_le_bytes())?;
    file.write_all(header.as_bytes())?;
    file.set_len((8 + header.len() + end) as u64)
}
