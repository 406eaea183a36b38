//! NumPy's archive: a zip of arrays.

use std::borrow::Cow;
use std::io::{self, Cursor, Read, Write};

use model::{LayerParameters, Network, Notes};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::contents::Contents;
use crate::error::{AGAIN, ExchangeError};
use crate::tensor::{Tensor, byte_count, to_bytes};
use crate::{Fault, Format, npy};

/// The entry that has the metadata. NumPy passes over what is no array.
const METADATA: &str = "metadata.json";
/// Metadata are not longer than this: 65,536 names of a kilobyte.
const LONGEST_METADATA: u64 = 1 << 26;
/// The most that deflate makes of a byte.
const MOST_EXPANSION: u64 = 1032;

/// The bytes of an npz of the network, uncompressed, as `np.savez` writes it.
pub(crate) fn write(network: &Network, notes: &Notes) -> Result<Vec<u8>, ExchangeError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let fill = |zip: &mut ZipWriter<_>| -> Result<(), ZipError> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        for (l, layer) in network.parameters().into_iter().enumerate() {
            let LayerParameters { inputs, units, weights, bias, .. } = layer;
            for (name, shape, numbers) in
                [("kernel", &[inputs, units][..], weights), ("bias", &[units], bias)]
            {
                let options = options.large_file(4 * numbers.len() as u64 > u32::MAX as u64 / 2);
                zip.start_file(format!("layers.{l}.{name}.npy"), options)?;
                zip.write_all(&npy::header(shape))?;
                zip.write_all(&to_bytes(&numbers))?;
            }
        }
        zip.start_file(METADATA, options)?;
        serde_json::to_writer(zip, notes).map_err(io::Error::from)?;
        Ok(())
    };
    let filled = fill(&mut zip).and_then(|()| zip.finish());
    match filled {
        Ok(cursor) => Ok(cursor.into_inner()),
        Err(error) => Err(ExchangeError::Make { format: Format::Npz, source: error.into() }),
    }
}

/// The arrays of an npz, and its metadata if it has any.
pub(crate) fn read(bytes: &[u8]) -> Result<Contents<'static>, Fault> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let (mut tensors, mut notes) = (Vec::new(), Notes::new());
    // Entries may share bytes: together they have no more than there are.
    let mut rest = bytes.len() as u64;
    for i in 0..zip.len() {
        let mut entry = zip.by_index(i).map_err(|error| broken(&error))?;
        let name = entry.name().map_err(|error| broken(&error))?.into_owned();
        let stored = entry.compressed_size();
        let overfull =
            || Fault::Broken { format: "npz", why: format!("{name} is larger than the file") };
        rest = rest.checked_sub(stored).ok_or_else(overfull)?;
        if name.ends_with("data.pkl") {
            return Err(Fault::Unknown {
                found: "is one of torch.save, which could run any code; save the state_dict as safetensors",
            });
        }
        if name == METADATA {
            notes = read_metadata(&mut entry)?;
        } else if let Some(array) = name.strip_suffix(".npy") {
            tensors.push(read_array(array, &mut entry, stored)?);
        } else if name.ends_with(".h5") {
            return Err(Fault::Unknown {
                found: "is a model of Keras; save its weights with np.savez(FILE, *model.get_weights())",
            });
        }
    }
    if tensors.is_empty() {
        return Err(Fault::Unknown { found: "is a zip without arrays" });
    }
    Ok(Contents::Tensors(tensors, notes))
}

fn read_metadata(entry: &mut impl Read) -> Result<Notes, Fault> {
    let mut text = Vec::new();
    entry.take(LONGEST_METADATA).read_to_end(&mut text).map_err(|error| broken(&error))?;
    // What is no object of texts is somebody else's.
    Ok(serde_json::from_slice(&text).unwrap_or_default())
}

/// Reads an array that takes `stored` bytes in the file.
fn read_array(name: &str, entry: &mut impl Read, stored: u64) -> Result<Tensor<'static>, Fault> {
    let mut start = Vec::new();
    let header = npy::read_header(name, |count| {
        let missing = count.saturating_sub(start.len()) as u64;
        entry.by_ref().take(missing).read_to_end(&mut start).map_err(|error| broken(&error))?;
        Ok(start.clone())
    })?;
    // The first twelve bytes may be more than a header.
    let mut numbers = start.split_off(header.length.min(start.len()));
    let not_there = || Fault::NotThere { name: name.into(), shape: header.shape.clone() };
    let bytes = byte_count(&header.shape, header.kind)
        .filter(|&bytes| bytes <= stored.saturating_mul(MOST_EXPANSION))
        .ok_or_else(not_there)?;
    let room = usize::try_from(bytes).ok().and_then(|room| numbers.try_reserve_exact(room).ok());
    room.ok_or(Fault::Memory { bytes })?;
    let missing = bytes.saturating_sub(numbers.len() as u64);
    entry.by_ref().take(missing).read_to_end(&mut numbers).map_err(|error| broken(&error))?;
    if (numbers.len() as u64) < bytes {
        return Err(not_there());
    }
    // Reading on to the end checks the sum over the bytes.
    let mut behind = [0; 1];
    if entry.read(&mut behind).map_err(|error| broken(&error))? != 0 {
        let why = format!("{name} has more numbers than its shape");
        return Err(Fault::Broken { format: "npz", why });
    }
    let (shape, kind) = (header.shape, header.kind);
    let mut tensor = Tensor::new(name.into(), shape, kind, Cow::Owned(numbers))?;
    tensor.column_major = header.column_major;
    Ok(tensor)
}

fn broken(error: &dyn std::fmt::Display) -> Fault {
    Fault::Broken { format: "npz", why: format!("{error}; {AGAIN}") }
}
