//! Tables of pixels, whole and broken.

use std::{fs, path::PathBuf};

use dataset::{
    Asked, CellFault, CsvFault, DatasetError, Examples, PictureSet, TestSource, TextFault, Unit,
};
use testing::Random;

use crate::{
    pictures::{examples, load, load_test, message},
    writers::gzip,
};

/// A row of each of two classes, of 1×2 pixels.
const TWO: &str = "a,1,2\nb,3,4\n";

fn written(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("some.csv");
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// All rows of a table, and the names of their classes.
fn read_with(text: &str, asked: &Asked<'_>) -> Result<(Examples, Vec<String>), DatasetError> {
    let (_folder, path) = written(text.as_bytes());
    let test = TestSource::File(&path);
    let set = PictureSet::load(&path, test, asked, &mut |_| ())?;
    assert!(set.train == set.test && !set.is_held_out);
    Ok((set.train, set.classes))
}

fn read(text: &str) -> (Examples, Vec<String>) {
    read_with(text, &Asked::default()).unwrap()
}

fn fault_of(bytes: &[u8]) -> CsvFault {
    let (_folder, path) = written(bytes);
    let error = load(&path).unwrap_err();
    message(&error, &["some.csv: "]);
    match error {
        DatasetError::Csv { fault, .. } => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn rows_are_read_as_they_are_meant() {
    let expected = examples(&[0, 255, 12, 7, 1, 2, 3, 4], [2, 2], &[1, 0]);
    for text in [
        "7,0,255,12,7\n3,1,2,3,4\n",
        "7,0,255,12,7\r\n\r\n 3 , 1,2 ,3,4",
        "\u{feff}label,p0,p1,p2,p3\n7,0,255,12,7\n3,1,2,3,4\n",
        "p0;p1;Class;p2;p3\n0;255;7;12;7\n1;2;3;3;4\n",
        "\"7\"\t\"0\"\t255\t12.0\t+7\n3.0\t1e0\t2\t3\t4\n",
    ] {
        let (rows, classes) = read(text);
        assert_eq!(
            (rows, &classes[..]),
            (expected.clone(), &["3".into(), "7".into()][..]),
            "{text}"
        );
    }
    // Five pixels are no square.
    let (rows, classes) = read("cat,0,1,2,3,4\n\"hot dog\",5,6,7,8,9\ncat,9,9,9,9,9\n");
    assert_eq!((rows.image_rows(), rows.image_columns(), rows.labels()), (1, 5, &[0, 1, 0][..]));
    assert_eq!(classes, ["cat", "hot dog"]);
    // Names are in the order in which people count, numbers in their own.
    assert_eq!(read("c10,0\nc9,1\nb,2\n").1, ["b", "c9", "c10"]);
    assert_eq!(read("10,0\n-1,1\n2.5,2\n").1, ["-1", "2.5", "10"]);
}

#[test]
fn the_column_of_labels_can_be_named() {
    let with =
        |text, column| read_with(text, &Asked { label_column: Some(column), ..Asked::default() });
    for (text, column) in [
        ("x,kind,y\n1,a,2\n3,b,4\n", "kind"),
        ("x,kind,y\n1,a,2\n3,b,4\n", "2"),
        ("1,a,2\n3,b,4\n", "2"),
        ("label,kind,class\n1,a,2\n3,b,4\n", "kind"),
    ] {
        let (rows, classes) = with(text, column).unwrap();
        assert_eq!(
            (rows.pixels(), &classes[..]),
            (&[1, 2, 3, 4][..], &["a".into(), "b".into()][..])
        );
    }
    for (text, column, parts) in [
        ("x,kind,y\n1,a,2\n", "sort", ["'sort'", "x, kind, y"]),
        ("x,kind,y\n1,a,2\n", "4", ["'4'", "x, kind, y"]),
        ("1,2,3\n", "0", ["'0'", "from 1 to 3"]),
        ("1,2,3\n", "kind", ["'kind'", "no header"]),
        ("x,x,y\n1,a,2\n", "x", ["several columns 'x'", "number"]),
    ] {
        message(&with(text, column).unwrap_err(), &parts);
    }
}

#[test]
fn broken_tables_are_named_with_line_and_column() {
    let cell = |text: &str| match fault_of(text.as_bytes()) {
        CsvFault::Cell { line, column, fault } => (line, column, fault),
        other => panic!("{text}: {other:?}"),
    };
    for (bad, expected) in [
        ("", CellFault::Empty),
        (" ", CellFault::Empty),
        ("x", CellFault::Word("x".into())),
        ("0x10", CellFault::Word("0x10".into())),
        ("1 2", CellFault::Word("1 2".into())),
        ("NaN", CellFault::NotFinite("NaN".into())),
        ("-inf", CellFault::NotFinite("-inf".into())),
        ("1e999", CellFault::NotFinite("1e999".into())),
        ("-1", CellFault::Range("-1".into())),
        ("256", CellFault::Range("256".into())),
        ("1000", CellFault::Range("1000".into())),
        ("255.5", CellFault::Range("255.5".into())),
        ("0.5", CellFault::Fraction("0.5".into())),
    ] {
        assert_eq!(cell(&format!("{TWO}a,5,{bad}\n")), (3, 3, expected.clone()), "{bad:?}");
        assert_eq!(cell(&format!("label,x,y\n\n{TWO}{bad},1,a\n")).0, 5, "{bad:?}");
        assert_eq!(cell(&format!("a,{bad},9\n{TWO}")), (1, 2, expected), "{bad:?}");
    }
    for (text, parts) in [
        ("", ["no row", "label and pixels"]),
        ("\n \n", ["line 2 ", "no comma"]),
        ("\r\n\r\na,1,2\r\n\r\nb,3\r\n", ["line 5 has 2 columns", "first line has 3"]),
        ("\na,1,2\n\n\nb,3,4,5\n", ["line 5 has 4 columns", "first line has 3"]),
        ("label,x,y\n", ["no row", ""]),
        ("a\nb\n", ["line 1", "no comma, semicolon or tab"]),
        ("a,1,2\nb,3\n", ["line 2 has 2 columns", "first line has 3"]),
        ("a,1,2\nb,3,4,5\n", ["line 2 has 4 columns", "first line has 3"]),
        ("a,1,2\n,3,4\n", ["line 2, column 1", "label is missing"]),
        ("x,y,class\n1,2,a\n3,4,NaN\n", ["line 3, column 3", "label is missing"]),
        ("a,1,2\n\"b,3,4\nc,5,6\n", ["line 2 has 1 columns", "first line has 3"]),
    ] {
        let (_folder, path) = written(text.as_bytes());
        message(&load(&path).unwrap_err(), &parts);
    }
    assert!(matches!(fault_of(b"a,1\0,2\n"), CsvFault::Binary { line: 1 }));
    assert!(matches!(fault_of(b"a,1,2\n\xff,1,2\n"), CsvFault::Binary { line: 2 }));
    assert!(matches!(fault_of(&[0; 4096]), CsvFault::Binary { line: 1 }));
    // Two rows, of one class.
    let (_folder, path) = written(b"a,1,2\na,3,4\n");
    message(&load(&path).unwrap_err(), &["have the label a", "one class"]);
    // None can be held out.
    let (_folder, path) = written(TWO.as_bytes());
    message(&load(&path).unwrap_err(), &["held out", "--test"]);
}

#[test]
fn a_ragged_line_far_below_is_named() {
    let line = |i: usize| format!("{},{},{}\n", i % 10, i % 256, i % 7);
    for bad in [48_211, 199_999] {
        let text: String =
            (1..=200_000).map(|i| if i == bad { "3,4\n".into() } else { line(i) }).collect();
        assert!(text.len() > 1 << 20, "several pieces");
        for bytes in [text.as_bytes(), &gzip(text.as_bytes())] {
            let fault = fault_of(bytes);
            assert!(
                matches!(fault, CsvFault::Ragged { line, found: 2, expected: 3 } if line == bad),
                "{fault}"
            );
        }
    }
}

#[test]
fn more_labels_than_classes_are_refused_where_they_begin() {
    let rows = |count: usize| (0..count).map(|i| format!("{i},0\n")).collect::<String>();
    assert_eq!(read(&rows(256)).1.len(), 256);
    let fault = fault_of(rows(300).as_bytes());
    assert!(matches!(fault, CsvFault::Classes { line: 257, most: 256 }), "{fault}");
    assert!(fault.to_string().contains("--label-column"), "{fault}");
}

#[test]
fn gzip_is_read_to_its_end() {
    let packed = gzip(TWO.repeat(100).as_bytes());
    for length in 2..packed.len() {
        let fault = fault_of(&packed[..length]);
        assert!(matches!(fault, CsvFault::Text(TextFault::Gzip(_))), "{length} bytes: {fault}");
    }
    // A line that never ends, a thousand times as long as its file.
    let bomb = gzip(&vec![b'1'; 1 << 27]);
    let fault = fault_of(&bomb);
    assert!(matches!(fault, CsvFault::Text(TextFault::LongLine { .. })), "{fault}");
}

#[test]
fn what_is_written_is_read() {
    let mut random = Random(3);
    for case in 0..20 {
        let (rows, pixels) = (1 + random.below(4000), 1 + random.below(30));
        let classes = 2 + random.below(9);
        let label = random.below(pixels + 1);
        let separator = random.pick(&[",", ";", "\t"]);
        let end = random.pick(&["\n", "\r\n"]);
        let (mut expected, mut labels, mut text) = (Vec::new(), Vec::new(), String::new());
        if case % 2 == 0 {
            let names =
                (0..=pixels).map(|i| if i == label { "class".into() } else { format!("p{i}") });
            text += &names.collect::<Vec<String>>().join(separator);
            text += end;
        }
        for row in 0..rows {
            let class = if row < classes { row } else { random.below(classes) };
            let values = random.bytes(pixels);
            let mut fields: Vec<String> = values.iter().map(u8::to_string).collect();
            fields.insert(label, format!("n{class}"));
            expected.extend(values);
            labels.push(class as u8);
            text += &fields.join(separator);
            text += end;
        }
        if rows < classes {
            continue;
        }
        let column = (label + 1).to_string();
        let asked = Asked { label_column: Some(&column), ..Asked::default() };
        let (found, names) = read_with(&text, &asked).unwrap();
        assert!(found.pixels() == expected && found.labels() == labels, "case {case}");
        assert_eq!(names, (0..classes).map(|class| format!("n{class}")).collect::<Vec<_>>());
    }
}

#[test]
fn a_fifth_is_held_out_and_found_again() {
    let text: String = (0..100).map(|i| format!("{},{i}\n", ["x", "y", "z", "a"][i % 4])).collect();
    let (_folder, path) = written(text.as_bytes());
    let load = |seed| {
        let test = TestSource::HeldOut(seed);
        PictureSet::load(&path, test, &Asked::default(), &mut |_| ()).unwrap()
    };
    let set = load(5);
    assert!(set.is_held_out && set.train.len() == 80 && set.test.len() == 20);
    let again = |seed| {
        let asked = Asked::default();
        PictureSet::load_test(&path, Some(seed), &asked, &set.classes, &mut |_| ()).unwrap()
    };
    assert_eq!(again(5), set.test);
    assert_ne!(again(6), set.test);
    let mut all = [set.train.pixels(), set.test.pixels()].concat();
    all.sort_unstable();
    assert_eq!(all, (0..100).collect::<Vec<u8>>());
    // Each with its own class.
    for part in [&set.train, &set.test] {
        for i in 0..part.len() {
            let name = &set.classes[usize::from(part.label(i))];
            assert_eq!(name, ["x", "y", "z", "a"][usize::from(part.image(i)[0]) % 4]);
        }
    }
}

#[test]
fn labels_are_those_of_the_classes_that_are_known() {
    let (_folder, path) = written(b"b,1\nc,2\n");
    assert_eq!(load_test(&path, &["a", "b", "c"]).unwrap().labels(), [1, 2]);
    let error = load_test(&path, &["a", "b"]).unwrap_err();
    message(&error, &["some.csv: line 2", "label c", "known to the network", "a, b"]);
    // A network may know names where a table has their indices, and the other way round not.
    let (_folder, path) = written(b"2,1\n01,2\n");
    assert_eq!(load_test(&path, &["shirt", "shoe", "bag"]).unwrap().labels(), [2, 1]);
    assert_eq!(load_test(&path, &["1", "2", "bag"]).unwrap().labels(), [1, 0]);
    message(&load_test(&path, &["shirt", "shoe"]).unwrap_err(), &["line 1", "label 2"]);
    message(&load_test(&path, &["0", "shoe", "bag"]).unwrap_err(), &["line 1", "label 2"]);

    let folder = tempfile::tempdir().unwrap();
    let [train, test] = ["train.csv", "test.csv"].map(|name| folder.path().join(name));
    fs::write(&train, TWO).unwrap();
    for (text, parts) in [
        ("c,1,2\n", ["test.csv: line 1: its label c", "of the training set"]),
        ("a,1,2,3\n", ["test.csv: test images of 1×3 pixels", "1×2"]),
        ("a,1,x\n", ["test.csv: line 1, column 3", "'x'"]),
    ] {
        fs::write(&test, text).unwrap();
        let source = TestSource::File(&test);
        let error = PictureSet::load(&train, source, &Asked::default(), &mut |_| ()).unwrap_err();
        message(&error, &parts);
    }
}

#[test]
fn the_reading_is_watched_to_its_end() {
    let text: String = (0..300_000).map(|i| format!("{},{}\n", i % 10, i % 256)).collect();
    let (_folder, path) = written(&gzip(text.as_bytes()));
    let mut seen = Vec::new();
    let of = fs::metadata(&path).unwrap().len();
    let mut watch = |progress: dataset::Progress<'_>| {
        assert!(progress.path == path && progress.of == of && progress.unit == Unit::Bytes);
        seen.push(progress.done);
    };
    PictureSet::load(&path, TestSource::HeldOut(0), &Asked::default(), &mut watch).unwrap();
    assert!(seen.is_sorted() && seen.last() == Some(&of), "{seen:?}");
}
