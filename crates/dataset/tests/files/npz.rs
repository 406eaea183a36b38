//! Archives of arrays, whole and broken.

use std::{
    fs,
    io::{Cursor, Write},
    path::PathBuf,
};

use dataset::{ArrayFault, Asked, DatasetError, NpzFault, PictureSet, TestSource};
use testing::Random;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::pictures::{examples, load, load_test, message};

/// An array as NumPy writes it.
fn npy(dtype: &str, is_fortran: bool, shape: &[usize], elements: &[u8]) -> Vec<u8> {
    let order = if is_fortran { "True" } else { "False" };
    let lengths: String = shape.iter().map(|length| format!("{length}, ")).collect();
    let shape = if shape.len() == 1 { lengths.trim_end() } else { lengths.trim_end_matches(", ") };
    with_header(
        &format!("{{'descr': '{dtype}', 'fortran_order': {order}, 'shape': ({shape}), }}"),
        elements,
    )
}

fn with_header(header: &str, elements: &[u8]) -> Vec<u8> {
    let padding = 64 - (11 + header.len()) % 64;
    let header = format!("{header}{}\n", " ".repeat(padding));
    let length = (header.len() as u16).to_le_bytes();
    [b"\x93NUMPY\x01\x00", &length[..], header.as_bytes(), elements].concat()
}

fn archive(method: CompressionMethod, arrays: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in arrays {
        zip.start_file(format!("{name}.npy"), options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn written(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("some.npz");
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// Two pictures of 2×3 pixels to train on and one to be tested on, as Keras ships them.
fn small() -> [(&'static str, Vec<u8>); 4] {
    let pixels: Vec<u8> = (0..18).collect();
    [
        ("x_train", npy("|u1", false, &[2, 2, 3], &pixels[..12])),
        ("y_train", npy("|u1", false, &[2], &[1, 0])),
        ("x_test", npy("|u1", false, &[1, 2, 3], &pixels[12..])),
        ("y_test", npy("|u1", false, &[1], &[1])),
    ]
}

/// The fault of an archive in which one array is another.
fn fault_with(name: &str, array: Vec<u8>) -> (String, ArrayFault) {
    let mut arrays = small();
    arrays.iter_mut().filter(|(other, _)| *other == name).for_each(|(_, old)| *old = array.clone());
    let (_folder, path) = written(&archive(CompressionMethod::Stored, &arrays));
    let error = load(&path).unwrap_err();
    let text = message(&error, &["some.npz: ", name]);
    match error {
        DatasetError::Npz { fault, .. } => match *fault {
            NpzFault::Array { fault, .. } => (text, fault),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[test]
fn arrays_are_read_stored_and_deflated() {
    let train = examples(&(0..12).collect::<Vec<u8>>(), [2, 3], &[1, 0]);
    let test = examples(&(12..18).collect::<Vec<u8>>(), [2, 3], &[1]);
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let (_folder, path) = written(&archive(method, &small()));
        let set = load(&path).unwrap();
        assert!(set.train == train && set.test == test && !set.is_held_out);
        assert_eq!(set.classes, ["0", "1"]);
        assert_eq!(load_test(&path, &["a", "b"]).unwrap(), test);
        // Whoever tests needs no more.
        let (_folder, path) = written(&archive(method, &small()[2..]));
        assert_eq!(load_test(&path, &["a", "b"]).unwrap(), test);
        message(&load(&path).unwrap_err(), &["lacks x_train and y_train", "x_test, y_test"]);
    }
    // MedMNIST's names, in any order and among others.
    let [a, b, c, d] = small().map(|(_, array)| array);
    let names = ["val_images", "test_labels", "train_images", "train_labels", "test_images"];
    let arrays: Vec<_> = names.into_iter().zip([vec![1], d, a, b, c]).collect();
    let (_folder, path) = written(&archive(CompressionMethod::Deflated, &arrays));
    assert!(load(&path).unwrap().train == train);
}

#[test]
fn what_is_written_is_read() {
    let mut random = Random(8);
    for case in 0..60 {
        let count = 1 + random.below(40);
        let (rows, columns) = (1 + random.below(9), 1 + random.below(9));
        let pixels = random.bytes(count * rows * columns);
        let labels: Vec<u8> = (0..count).map(|_| random.byte()).collect();
        let shape = match case % 3 {
            0 => vec![count, rows, columns],
            1 => vec![count, rows, columns, 1],
            _ => vec![count, columns * columns],
        };
        let rows = if case % 3 == 2 { columns } else { rows };
        let pixels = pixels.repeat(9)[..count * rows * columns].to_vec();
        let is_fortran = random.below(2) == 1;
        let stored = if is_fortran {
            let at = |i: usize| {
                let (image, rest) = (i % count, i / count);
                pixels[(image * rows + rest % rows) * columns + rest / rows]
            };
            // Of flat pictures, the pixels themselves are the second axis.
            let flat = |i: usize| pixels[i % count * rows * columns + i / count];
            (0..pixels.len()).map(|i| if case % 3 == 2 { flat(i) } else { at(i) }).collect()
        } else {
            pixels.clone()
        };
        let (letter, size) = (random.pick(&['i', 'u']), random.pick(&[1, 2, 4, 8]));
        let labels: Vec<u8> = labels
            .into_iter()
            .map(|l| if letter == 'i' && size == 1 { l % 128 } else { l })
            .collect();
        let is_big = random.below(2) == 1;
        let wide = |label: u8| {
            let mut bytes = vec![0; size];
            bytes[if is_big { size - 1 } else { 0 }] = label;
            bytes
        };
        let dtype = format!("{}{letter}{size}", if is_big { '>' } else { '<' });
        let label_shape = if random.below(2) == 1 { vec![count] } else { vec![count, 1] };
        let wide: Vec<u8> = labels.iter().flat_map(|&label| wide(label)).collect();
        let images = npy("|u1", is_fortran, &shape, &stored);
        let labelled = npy(&dtype, random.below(2) == 1, &label_shape, &wide);
        let arrays = [
            ("x_train", images.clone()),
            ("y_train", labelled.clone()),
            ("x_test", images),
            ("y_test", labelled),
        ];
        let method = random.pick(&[CompressionMethod::Stored, CompressionMethod::Deflated]);
        let (_folder, path) = written(&archive(method, &arrays));
        let set = load(&path).unwrap();
        let expected = examples(&pixels, [rows, columns], &labels);
        assert!(set.train == expected && set.test == expected, "case {case}: {dtype} {shape:?}");
    }
}

#[test]
fn broken_arrays_are_named() {
    let pixels = [7; 12];
    for (shape, part) in [
        (&[2, 2, 3, 3][..], "colour pictures"),
        (&[2, 3, 2, 2], "colour pictures"),
        (&[2, 2, 2, 4], "colour pictures"),
        (&[12], "reshape"),
        (&[2, 2, 3, 1, 1], "reshape"),
        (&[2, 2, 3, 2], "reshape"),
        (&[], "reshape"),
        (&[0, 28, 28], "nothing in it"),
        (&[2, 0, 3], "nothing in it"),
    ] {
        let elements = vec![7; shape.iter().product()];
        let (text, _) = fault_with("x_train", npy("|u1", false, shape, &elements));
        assert!(text.contains(part) && text.contains(&format!("{shape:?}")), "{text}");
    }
    for dtype in ["<f4", "<i8", "|i1", "|b1", "<u2", "<U3", "<c8"] {
        let (text, fault) = fault_with("x_test", npy(dtype, false, &[1, 2, 3], &[0; 96]));
        assert!(
            matches!(fault, ArrayFault::Pixels { .. } | ArrayFault::TrailingBytes { .. }),
            "{text}"
        );
    }
    let exact = npy("<f4", false, &[1, 2, 3], &[0; 24]);
    assert!(fault_with("x_test", exact).0.contains("astype('uint8')"));
    let (text, _) = fault_with("y_train", npy("<f8", false, &[2], &[0; 16]));
    assert!(text.contains("'<f8'") && text.contains("integers"), "{text}");
    let (text, _) = fault_with("y_train", npy("|O", false, &[2], &[0; 16]));
    assert!(text.contains("'|O'") && text.contains("no numbers"), "{text}");
    for shape in [&[2, 10][..], &[1, 2], &[2, 1, 1]] {
        let elements = vec![0; shape.iter().product()];
        let (text, _) = fault_with("y_train", npy("|u1", false, shape, &elements));
        assert!(text.contains("argmax(1)"), "{text}");
    }
    let labels = |values: [i64; 2]| values.map(i64::to_le_bytes).concat();
    for (values, at, label) in [([0, 256], 1, 256), ([-1, 0], 0, -1), ([i64::MAX, 0], 0, i64::MAX)]
    {
        let (_, fault) = fault_with("y_train", npy("<i8", false, &[2], &labels(values)));
        assert!(
            matches!(fault, ArrayFault::Label { index, label: l } if index == at && l == label.into()),
            "{fault}"
        );
    }
    for header in [
        "",
        "{}",
        "{'descr': '|u1', 'fortran_order': False, }",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2, -1), }",
        "{'descr': '|u1', 'fortran_order': False, 'shape': [2, 2, 3], }",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 99999999999999999999), }",
    ] {
        let (_, fault) = fault_with("x_train", with_header(header, &pixels));
        assert!(matches!(fault, ArrayFault::Header), "{header}: {fault}");
    }
    let fields = "{'descr': [('a', '|u1')], 'fortran_order': False, 'shape': (12,), }";
    let (_, fault) = fault_with("x_train", with_header(fields, &pixels));
    assert!(matches!(fault, ArrayFault::Structured), "{fault}");
    for bytes in [&b""[..], b"\x93NUMP", b"<!DOCTYPE html>", b"\x93NUMPX\x01\x00\x10\x00"] {
        let (_, fault) = fault_with("x_train", bytes.to_vec());
        assert!(matches!(fault, ArrayFault::NoArray), "{bytes:?}: {fault}");
    }
    let long = [&b"\x93NUMPY\x02\x00\xff\xff\xff\xff"[..], &pixels].concat();
    let (_, fault) = fault_with("x_train", long);
    assert!(matches!(fault, ArrayFault::Header), "{fault}");
}

#[test]
fn shapes_that_lie_are_refused_before_memory_is_asked_for() {
    let lie = |shape: &[usize]| fault_with("x_train", npy("|u1", false, shape, &[7; 12])).1;
    // No machine has this many bytes: had it been asked for them, the fault would be another one.
    for shape in [&[1 << 40, 1 << 10, 1 << 10][..], &[usize::MAX; 3], &[13]] {
        let fault = lie(shape);
        assert!(matches!(fault, ArrayFault::Truncated { held: 12, .. }), "{shape:?}: {fault}");
    }
    let fault = lie(&[11, 1, 1]);
    assert!(matches!(fault, ArrayFault::TrailingBytes { announced: 11, .. }), "{fault}");
    // Deflated, at most a thousand times as much can come out.
    let mut arrays = small();
    arrays[0].1 = npy("|u1", false, &[1 << 40, 1, 1], &[7; 12]);
    let (_folder, path) = written(&archive(CompressionMethod::Deflated, &arrays));
    message(&load(&path).unwrap_err(), &["x_train", "announces 1099511627776 bytes", "at most"]);
}

#[test]
fn a_bomb_is_unpacked_no_further_than_its_shape() {
    let mut arrays = small();
    arrays[0].1 = npy("|u1", false, &[2, 2, 3], &vec![0; 1 << 26]);
    let (_folder, path) = written(&archive(CompressionMethod::Deflated, &arrays));
    assert!(fs::metadata(&path).unwrap().len() < 1 << 17);
    message(&load(&path).unwrap_err(), &["x_train", "goes on after the 12 bytes"]);
}

#[test]
fn files_that_are_no_archives_are_named() {
    for bytes in [&b""[..], b"PK\x03\x04", b"<!DOCTYPE html>", &[0; 5000]] {
        let (_folder, path) = written(bytes);
        message(&load(&path).unwrap_err(), &["some.npz", "no zip archive"]);
    }
    let whole = archive(CompressionMethod::Deflated, &small());
    for length in (0..whole.len()).step_by(3) {
        let (_folder, path) = written(&whole[..length]);
        message(&load(&path).unwrap_err(), &["some.npz", "fetch the file again"]);
    }
    let (_folder, path) = written(&archive(CompressionMethod::Stored, &[]));
    message(&load(&path).unwrap_err(), &["lacks x_train and y_train", "no array", "Keras"]);
    let folder = tempfile::tempdir().unwrap();
    message(&load(&folder.path().join("none.npz")).unwrap_err(), &["none.npz: cannot be read"]);
}

// Names and dates in the archive do not matter; whatever else is damaged must be noticed.
#[test]
fn a_damaged_bit_is_an_error_or_harmless() {
    let whole = archive(CompressionMethod::Deflated, &small());
    let (_folder, path) = written(&whole);
    let expected = load(&path).unwrap();
    for bit in 0..8 * whole.len() {
        let mut damaged = whole.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        fs::write(&path, damaged).unwrap();
        if let Ok(set) = load(&path) {
            assert!(set.train == expected.train && set.test == expected.test, "bit {bit}");
        }
    }
}

#[test]
fn parts_must_belong_together() {
    let with = |name: &str, array: Vec<u8>| {
        let mut arrays = small();
        arrays.iter_mut().filter(|(n, _)| *n == name).for_each(|(_, old)| *old = array.clone());
        let (folder, path) = written(&archive(CompressionMethod::Stored, &arrays));
        let error = load(&path).unwrap_err();
        drop(folder);
        error
    };
    let error = with("y_train", npy("|u1", false, &[3], &[0, 1, 2]));
    message(&error, &["x_train", "y_train", "2 images and 3 labels"]);
    let error = with("x_test", npy("|u1", false, &[1, 3, 2], &[0; 6]));
    message(&error, &["x_test", "3×2", "2×3"]);
    let error = with("y_test", npy("|u1", false, &[1], &[2]));
    message(&error, &["y_test", "label 2 at index 0", "2 classes of the training labels"]);
    let (_folder, path) = written(&archive(CompressionMethod::Stored, &small()));
    let known = ["one".to_owned()];
    let asked = Asked { classes: Some(&known), ..Asked::default() };
    let error = PictureSet::load(&path, TestSource::HeldOut(0), &asked, &mut |_| ()).unwrap_err();
    message(&error, &["y_train", "image 0 has label 1", "1 classes asked for"]);
    let other = TestSource::File(&path);
    let error = PictureSet::load(&path, other, &Asked::default(), &mut |_| ()).unwrap_err();
    message(&error, &["some.npz", "leave --test out"]);
}
