//! One IDX file at a time.

use std::{fs, io};

use dataset::{
    DatasetError, Images, Kind,
    idx::{IdxFault, read_images, read_labels},
};
use testing::{Random, idx};

use crate::writers::gzip;

const NAME: &str = "some-images";

fn images_from(file: &[u8]) -> Result<Images, DatasetError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(NAME);
    fs::write(&path, file).unwrap();
    read_images(&path)
}

fn labels_from(file: &[u8]) -> Result<Vec<u8>, DatasetError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(NAME);
    fs::write(&path, file).unwrap();
    read_labels(&path)
}

/// The fault found in a file, after a look at the message: one line, and it names the file.
fn fault<T>(read: Result<T, DatasetError>) -> IdxFault {
    let error = read.err().expect("an error");
    let message = error.to_string();
    assert!(message.contains(NAME) && !message.contains('\n'), "{message}");
    match error {
        DatasetError::File { fault, .. } => fault,
        other => panic!("{other:?}"),
    }
}

/// Two images of 2×3 pixels.
fn two_images() -> Vec<u8> {
    idx(&[2, 2, 3], &[0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255])
}

#[test]
fn images_are_read_plain_and_gzipped() {
    let file = two_images();
    let expected = Images::new(file[16..].to_vec(), 2, 3).unwrap();
    assert_eq!(images_from(&file).unwrap(), expected);
    assert_eq!(images_from(&gzip(&file)).unwrap(), expected);
}

#[test]
fn labels_are_read_plain_and_gzipped() {
    let labels: Vec<u8> = (0..=255).collect();
    let file = idx(&[256], &labels);
    assert_eq!(labels_from(&file).unwrap(), labels);
    assert_eq!(labels_from(&gzip(&file)).unwrap(), labels);
}

// Larger than any buffer on the way, and hardly compressible.
#[test]
fn large_files_are_read_whole() {
    let pixels = Random(1).bytes(300 * 28 * 28);
    let file = idx(&[300, 28, 28], &pixels);
    assert_eq!(images_from(&file).unwrap().pixels(), pixels);
    assert_eq!(images_from(&gzip(&file)).unwrap().pixels(), pixels);
}

#[test]
fn gzip_may_have_several_members() {
    let file = two_images();
    // The first ends within the header, the second within the pixels.
    let packed = [&file[..7], &file[7..20], &file[20..]].map(gzip).concat();
    assert_eq!(images_from(&packed).unwrap().pixels(), &file[16..]);
}

#[test]
fn a_file_cut_off_anywhere_is_an_error() {
    let file = two_images();
    for length in 0..16 {
        for cut in [file[..length].to_vec(), gzip(&file[..length])] {
            let fault = fault(images_from(&cut));
            assert!(matches!(fault, IdxFault::Header { length: l } if l == length), "{fault}");
        }
    }
    for length in 16..file.len() {
        let there = length as u64 - 16;
        let plain = fault(images_from(&file[..length]));
        assert!(
            matches!(plain, IdxFault::Truncated { announced: 12, held } if held == there),
            "{plain}"
        );
        let packed = fault(images_from(&gzip(&file[..length])));
        assert!(
            matches!(packed, IdxFault::Truncated { announced: 12, held } if held == there),
            "{packed}"
        );
    }
}

#[test]
fn trailing_bytes_are_an_error() {
    for extra in [1, 100_000] {
        let mut file = two_images();
        file.resize(file.len() + extra, 0);
        for file in [gzip(&file), file] {
            let fault = fault(images_from(&file));
            assert!(matches!(fault, IdxFault::TrailingBytes { announced: 12 }), "{fault}");
        }
    }
    // A second member that is a whole file of its own is trailing bytes, too.
    let twice = [gzip(&two_images()), gzip(&two_images())].concat();
    let fault = fault(images_from(&twice));
    assert!(matches!(fault, IdxFault::TrailingBytes { .. }), "{fault}");
}

#[test]
fn a_header_that_announces_too_much_is_refused_before_memory_is_asked_for() {
    // No machine has this many bytes: had it been asked for them, the fault would be another one.
    let four_billion_images = idx(&[u32::MAX, 1 << 15, 1 << 15], &[0; 14]);
    assert_eq!(four_billion_images.len(), 30);
    let announced = u128::from(u32::MAX) << 30;
    let packed = gzip(&four_billion_images);
    let most = packed.len() as u64 * 1032 - 16;
    for (file, most) in [(four_billion_images, 14), (packed, most)] {
        let fault = fault(images_from(&file));
        assert!(
            matches!(fault, IdxFault::Truncated { announced: a, held } if (a, held) == (announced, most)),
            "{fault}"
        );
    }
    // More than 64 bits can count.
    let fault = fault(images_from(&idx(&[u32::MAX; 3], &[])));
    let announced = u128::from(u32::MAX).pow(3);
    assert!(matches!(fault, IdxFault::Truncated { announced: a, .. } if a == announced), "{fault}");
}

// The best deflate can do: a lower bound on what fits into a file would refuse this one.
#[test]
fn blank_images_are_not_taken_for_a_lie() {
    let blank = idx(&[1000, 28, 28], &vec![0; 1000 * 28 * 28]);
    let packed = gzip(&blank);
    assert!(packed.len() * 950 < blank.len(), "{} bytes", packed.len());
    assert_eq!(images_from(&packed).unwrap().len(), 1000);
}

#[test]
fn other_files_are_told_apart() {
    let fault_of = |file: &[u8]| fault(images_from(file));
    assert!(matches!(fault_of(b"<!DOCTYPE html>"), IdxFault::Magic(m) if m == *b"<!"));
    assert!(matches!(fault_of(&gzip(b"<!DOCTYPE html>")), IdxFault::Magic(_)));

    for position in [0, 1] {
        let mut file = two_images();
        file[position] = 1;
        assert!(matches!(fault_of(&file), IdxFault::Magic(_)), "byte {position}");
    }
    for element_type in [0x00, 0x09, 0x0b, 0x0c, 0x0d, 0x0e] {
        let mut file = two_images();
        file[2] = element_type;
        let fault = fault_of(&file);
        assert!(matches!(fault, IdxFault::ElementType(t) if t == element_type), "{fault}");
    }
}

#[test]
fn the_number_of_dimensions_is_that_of_images_or_labels() {
    let bytes = [0; 16];
    for dimensions in [&[2][..], &[2, 3], &[2, 2, 2, 2, 1], &[]] {
        let file = idx(dimensions, &bytes);
        let fault = fault(images_from(&file));
        assert!(
            matches!(fault, IdxFault::Dimensions { found, expected: 3 } if usize::from(found) == dimensions.len()),
            "{fault}"
        );
    }
    for (file, count) in [(two_images(), 3), (idx(&[2, 2, 2, 2], &bytes), 4)] {
        let fault = fault(labels_from(&file));
        assert!(
            matches!(fault, IdxFault::Dimensions { found, expected: 1 } if found == count),
            "{fault}"
        );
    }
}

#[test]
fn colour_pictures_are_called_so() {
    // Channels last, channels first, with transparency, and a single channel all the same.
    for dimensions in [[2, 4, 5, 3], [2, 3, 4, 5], [2, 1, 1, 4], [7, 2, 3, 1], [0, 4, 5, 3]] {
        let elements = vec![9; dimensions.iter().product::<u32>() as usize];
        let file = idx(&dimensions, &elements);
        // The bytes after the header make no difference.
        for file in [&file[..], &file[..20], &gzip(&file), &gzip(&file[..20])] {
            let fault = fault(images_from(file));
            assert!(
                matches!(&fault, IdxFault::Colour { dimensions: found } if *found == dimensions),
                "{fault}"
            );
            let message = fault.to_string();
            assert!(message.contains("colour pictures are not supported"), "{message}");
            assert!(message.contains(&format!("{dimensions:?}")), "{message}");
        }
    }
    // Cut off within its header, it does not yet have dimensions.
    let file = idx(&[2, 4, 5, 3], &[]);
    for length in 4..20 {
        for cut in [file[..length].to_vec(), gzip(&file[..length])] {
            let fault = fault(images_from(&cut));
            assert!(matches!(fault, IdxFault::Header { length: l } if l == length), "{fault}");
        }
    }
}

#[test]
fn a_dimension_of_zero_is_an_error() {
    for shape in [[0, 28, 28], [2, 0, 28], [2, 28, 0], [0, 0, 0]] {
        let fault = fault(images_from(&idx(&shape, &[])));
        assert!(
            matches!(&fault, IdxFault::Empty { dimensions } if *dimensions == shape),
            "{fault}"
        );
    }
    let fault = fault(labels_from(&idx(&[0], &[])));
    assert!(matches!(&fault, IdxFault::Empty { dimensions } if *dimensions == [0]), "{fault}");
}

#[test]
fn gzip_cut_off_anywhere_is_an_error() {
    let packed = gzip(&two_images());
    for length in 2..packed.len() {
        let fault = fault(images_from(&packed[..length]));
        assert!(matches!(fault, IdxFault::Gzip(_)), "{length} bytes: {fault}");
    }
}

// Gzip's own header has bits that don't matter, such as the time of packing; whatever else is damaged must be noticed.
#[test]
fn a_damaged_bit_in_gzip_is_an_error_or_harmless() {
    let expected = images_from(&two_images()).unwrap();
    let packed = gzip(&two_images());
    for bit in 0..8 * packed.len() {
        let mut damaged = packed.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        if let Ok(images) = images_from(&damaged) {
            assert_eq!(images, expected, "bit {bit}");
        }
    }
}

#[test]
fn a_wrong_checksum_is_an_error() {
    let mut packed = gzip(&two_images());
    let checksum = packed.len() - 8;
    packed[checksum] ^= 1;
    let fault = fault(images_from(&packed));
    assert!(matches!(fault, IdxFault::Gzip(_)), "{fault}");
    assert!(fault.to_string().contains("checksum"), "{fault}");
}

#[test]
fn rubbish_after_gzip_is_an_error() {
    let packed = [gzip(&two_images()), b"rubbish".to_vec()].concat();
    let fault = fault(images_from(&packed));
    assert!(matches!(fault, IdxFault::Gzip(_)), "{fault}");
}

#[test]
fn a_file_that_is_not_there_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let fault = fault(read_images(&folder.path().join(NAME)));
    assert!(
        matches!(&fault, IdxFault::Io(error) if error.kind() == io::ErrorKind::NotFound),
        "{fault}"
    );
}

#[test]
fn a_folder_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(NAME);
    fs::create_dir(&path).unwrap();
    let fault = fault(read_images(&path));
    assert!(matches!(fault, IdxFault::NoFile(Kind::Folder)), "{fault}");
}

#[cfg(unix)]
#[test]
fn a_pipe_that_nobody_writes_to_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(NAME);
    let made = std::process::Command::new("mkfifo").arg(&path).status().expect("mkfifo");
    assert!(made.success());
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || sender.send(read_images(&path)));
    // Long enough for any machine: who opens the pipe waits for ever.
    let read = receiver.recv_timeout(std::time::Duration::from_secs(60)).expect("it waits");
    let fault = fault(read);
    assert!(matches!(fault, IdxFault::NoFile(Kind::Pipe)), "{fault}");
}
