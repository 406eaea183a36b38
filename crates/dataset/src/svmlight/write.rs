//! Writing svmlight text.

use std::{
    fmt::Display,
    io::{self, Write},
};

use crate::Features;

/// Writes `features` as svmlight text, with indices from `base` on and the name of each row's class as its label. Read again,
/// the numbers are the same to the bit.
///
/// # Errors
/// Those of `out`.
///
/// # Panics
/// If there are fewer `classes` than the labels name.
pub fn write<C: Display>(
    features: &Features,
    classes: &[C],
    base: u32,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    for (i, &label) in features.labels().iter().enumerate() {
        write!(out, "{}", classes[usize::from(label)])?;
        let (indices, values) = features.csr().row(i);
        for (&index, value) in indices.iter().zip(values) {
            write!(out, " {}:{value}", u64::from(index) + u64::from(base))?;
        }
        writeln!(out)?;
    }
    out.flush()
}
