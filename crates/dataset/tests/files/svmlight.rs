//! Files of features, whole and broken.

use std::{fs, io, path::Path};

use dataset::{
    DatasetError, FeatureNames, FeatureSet, Kind, Known, Meaning, TestFeatures, TestSource,
    TextLike,
    svmlight::{self, LineFault, SvmlightFault},
    text_like,
};

use crate::writers::gzip;

const NAME: &str = "some.svm";
/// A row of each of two classes, to stand before others.
const TWO: &str = "a 1:1\nb 2:1\n";

fn load(train: &[u8], test: &[u8], known: &Known<'_>) -> Result<FeatureSet, DatasetError> {
    let folder = tempfile::tempdir().unwrap();
    let (path, test_path) = (folder.path().join(NAME), folder.path().join("test.svm"));
    fs::write(&path, train).unwrap();
    fs::write(&test_path, test).unwrap();
    FeatureSet::load(&path, TestSource::File(&test_path), known, &mut |_| ())
}

fn read(train: &str, test: &str) -> FeatureSet {
    load(train.as_bytes(), test.as_bytes(), &Known::default()).unwrap()
}

/// The message about a file, after a look at it: one line, and it names the file.
fn message(error: &DatasetError) -> String {
    let message = error.to_string();
    assert!(message.contains(".svm") && !message.contains('\n'), "{message}");
    message
}

fn fault(train: &[u8]) -> SvmlightFault {
    let error = load(train, TWO.as_bytes(), &Known::default()).unwrap_err();
    assert!(message(&error).contains(NAME), "{error}");
    match error {
        DatasetError::Svmlight { fault, .. } => fault,
        other => panic!("{other:?}"),
    }
}

fn row(set: &FeatureSet, i: usize) -> (&[u32], &[f32], &str) {
    let (indices, values) = set.train.csr().row(i);
    (indices, values, &set.meaning.classes[usize::from(set.train.labels()[i])])
}

#[test]
fn rows_are_read_as_they_are_meant() {
    let text = "\u{feff}+1 3:0.5 17:-1e-2 # a comment, 4:4\r\n\
                \r\n\
                # a line of it\n\
                -1\tqid:4  2:.25\t3:3.\n\
                1.0\n\
                -1 5:1 2:1 5:2 4:0 # out of order, twice and zero\n\
                1 1:0.1#2:2";
    let set = read(text, "1 17:1\n-1 18:1 1:1\n");
    assert_eq!(
        set.meaning,
        Meaning { columns: 17, base: 1, classes: vec!["-1".into(), "1".into()] }
    );
    assert_eq!(set.train.len(), 5);
    assert_eq!(row(&set, 0), (&[2, 16][..], &[0.5, -0.01][..], "1"));
    assert_eq!(row(&set, 1), (&[1, 2][..], &[0.25, 3.0][..], "-1"));
    assert_eq!(row(&set, 2), (&[][..], &[][..], "1"));
    assert_eq!(row(&set, 3), (&[1, 4][..], &[1.0, 3.0][..], "-1"));
    assert_eq!(row(&set, 4), (&[0][..], &[0.1][..], "1"));
    assert_eq!(set.largest, Some((17, 1)));
    // The training rows have no index 18.
    assert_eq!((set.test.unknown, set.test.features.columns()), (1, 17));
    assert_eq!(set.test.features.csr().row(1), (&[0][..], &[1.0][..]));
    assert_eq!(set.test.features.labels(), [1, 0]);
}

#[test]
fn indices_begin_with_zero_where_any_does() {
    for (train, test, base, columns) in [
        ("0 1:1\n1 4:1\n", "0 3:1\n", 1, 4),
        ("0 0:1\n1 4:1\n", "0 3:1\n", 0, 5),
        ("0 1:1\n1 4:1\n", "0 0:1\n", 0, 5),
        ("0\n1\n", "0\n", 1, 1),
    ] {
        let set = read(train, test);
        assert_eq!((set.meaning.base, set.meaning.columns), (base, columns), "{train:?} {test:?}");
    }
    let known = Known { base: Some(0), columns: Some(9), ..Known::default() };
    let set = load(b"0 1:1\n1 4:1\n", b"0 3:1\n", &known).unwrap();
    assert_eq!((set.meaning.base, set.meaning.columns), (0, 9));
    assert_eq!(set.train.csr().row(0).0, [1]);
    let known = Known { base: Some(1), ..known };
    for (train, test) in [("0 1:1\n1 0:1\n", "0 3:1\n"), ("0 1:1\n1 4:1\n", "0 0:1\n")] {
        let error = load(train.as_bytes(), test.as_bytes(), &known).unwrap_err();
        assert!(matches!(error, DatasetError::IndexZero { .. }), "{error}");
        message(&error);
    }
}

#[test]
fn labels_make_classes() {
    for (labels, classes) in [
        (&["+1", "-1", "1"][..], &["-1", "1"][..]),
        (&["10", "9", "2.0", "-0", "0"], &["0", "2", "9", "10"]),
        (&["0.5", "1e1", "-3"], &["-3", "0.5", "10"]),
        (&["10", "9", "nan"], &["10", "9", "nan"]),
        (&["talk.politics", "sci/med", "Ü", "inf"], &["inf", "sci/med", "talk.politics", "Ü"]),
    ] {
        let text: String = labels.iter().map(|label| format!("{label} 1:1\n")).collect();
        let set = read(&text, &text);
        assert_eq!(set.meaning.classes, classes, "{labels:?}");
        assert_eq!(set.train.labels(), set.test.features.labels());
        let places = labels.iter().zip(set.train.labels());
        for (label, &class) in places {
            let name = &classes[usize::from(class)];
            let same = name.parse::<f64>() == label.parse::<f64>() || name == label;
            assert!(same, "{label} is {name}");
        }
    }
    // Classes that are known keep their order, whatever the rows have.
    let classes: Vec<String> = ["z", "7", "a"].map(str::to_owned).into();
    let known = Known { classes: Some(&classes), ..Known::default() };
    let set = load(b"7.0 1:1\na 1:1\n", b"z 1:1\n", &known).unwrap();
    assert_eq!((set.train.labels(), set.test.features.labels()), (&[1, 2][..], &[0][..]));
    let error = load(b"7 1:1\n\nb 1:1\n", b"z 1:1\n", &known).unwrap_err();
    assert!(message(&error).contains("line 3: its label b is none of the classes asked for or known to the network, which are z, 7, a;"), "{error}");
    let error = load(TWO.as_bytes(), b"a 1:1\n\n#\nc 1:1\n", &Known::default()).err().unwrap();
    assert!(message(&error).contains(
        "test.svm: line 4: its label c is none of the classes of the training set, which are a, b;"
    ));
}

#[test]
fn broken_lines_are_named() {
    let word = |text: &str| text.to_owned();
    for (line, fault) in [
        (" 3:0.5", LineFault::NoLabel { word: word("3:0.5") }),
        ("1,3 2:1", LineFault::SeveralLabels { word: word("1,3") }),
        ("1 7", LineFault::NoColon { word: word("7") }),
        ("1 7 :5", LineFault::NoColon { word: word("7") }),
        ("1 7: 5", LineFault::Value { word: word("7:") }),
        ("1 x:3", LineFault::Index { word: word("x:3") }),
        ("1 -2:3", LineFault::Index { word: word("-2:3") }),
        ("1 1.5:3", LineFault::Index { word: word("1.5:3") }),
        ("1 :3", LineFault::Index { word: word(":3") }),
        ("1 4294967295:1", LineFault::LargeIndex { word: word("4294967295:1") }),
        (
            "1 99999999999999999999999:1",
            LineFault::LargeIndex { word: word("99999999999999999999999:1") },
        ),
        ("1 2:x", LineFault::Value { word: word("2:x") }),
        ("1 2:1,5", LineFault::Value { word: word("2:1,5") }),
        ("1 2:3:4", LineFault::Value { word: word("2:3:4") }),
        ("1 2:0x10", LineFault::Value { word: word("2:0x10") }),
        ("1 2:nan", LineFault::NotFinite { word: word("2:nan") }),
        ("1 2:-inf", LineFault::NotFinite { word: word("2:-inf") }),
        ("1 2:1e39", LineFault::NotFinite { word: word("2:1e39") }),
        ("\u{1}\u{2} 1:1", LineFault::Binary),
    ] {
        // The last line of a piece, of several, and of a file.
        for (before, after) in [(TWO, ""), (TWO, "\n"), (TWO, "\r\na 1:1\n")] {
            let text = format!("{before}{line}{after}");
            match self::fault(text.as_bytes()) {
                SvmlightFault::Line { line: 3, fault: found } => assert_eq!(found, fault, "{line}"),
                found => panic!("{line}: {found:?}"),
            }
        }
    }
    // Long words are cut off, and what is no letter is written so that it can be read.
    let text = format!("{TWO}a 1:{}\u{7}\u{1b}\n", "x".repeat(1_000_000));
    let SvmlightFault::Line { fault: LineFault::Value { word }, .. } = self::fault(text.as_bytes())
    else {
        panic!()
    };
    assert!(word.ends_with("xx…") && word.len() < 60, "{word}");
    let SvmlightFault::Line { fault, .. } = self::fault(b"a 1:1\nb 1:\x1b[2J\n") else { panic!() };
    assert!(fault.to_string().contains(r"'1:\u{1b}[2J'"), "{fault}");
}

#[test]
fn broken_files_are_named() {
    let whole = gzip(format!("{TWO}{}", "a 1:0.12345 2:5\n".repeat(100_000)).as_bytes());
    let mut flipped = whole.clone();
    let at = flipped.len() / 2;
    flipped[at] ^= 0x40;
    type IsRight = fn(&SvmlightFault) -> bool;
    let tests: &[(&[u8], IsRight)] = &[
        (b"", |fault| matches!(fault, SvmlightFault::Empty)),
        (b"\n# nothing\n\r\n", |fault| matches!(fault, SvmlightFault::Empty)),
        (&gzip(b""), |fault| matches!(fault, SvmlightFault::Empty)),
        (b"\x7fELF\x02\x01\x01\x00", |fault| matches!(fault, SvmlightFault::Binary)),
        (b"\xff\xfe1\x00 \x001\x00", |fault| matches!(fault, SvmlightFault::Binary)),
        (&[0; 3_000_000], |fault| matches!(fault, SvmlightFault::Binary)),
        (&whole[..whole.len() / 2], |fault| matches!(fault, SvmlightFault::Gzip(_))),
        (&whole[..whole.len() - 3], |fault| matches!(fault, SvmlightFault::Gzip(_))),
        (&whole[..1], |fault| matches!(fault, SvmlightFault::Binary)),
        (&whole[..5], |fault| matches!(fault, SvmlightFault::Gzip(_))),
        (&flipped, |fault| matches!(fault, SvmlightFault::Gzip(_) | SvmlightFault::Line { .. })),
        (&[whole.clone(), b"rubbish".to_vec()].concat(), |fault| {
            matches!(fault, SvmlightFault::Gzip(_))
        }),
        (b"<!DOCTYPE html>\n<html>", |fault| matches!(fault, SvmlightFault::Line { line: 1, .. })),
        (b"sepal,petal\n1,2\n", |fault| matches!(fault, SvmlightFault::Line { line: 1, .. })),
    ];
    for (i, (file, is_right)) in tests.iter().enumerate() {
        let found = fault(file);
        assert!(is_right(&found), "{i}: {found:?}");
    }
    let error = load(b"a 1:1\na 2:1\n", TWO.as_bytes(), &Known::default()).err().unwrap();
    assert!(message(&error).contains("all rows or pictures have the label a"), "{error}");
    let known = Known { columns: Some(3), ..Known::default() };
    let error = load(b"a 1:1\nb 3:1 4:1\n", TWO.as_bytes(), &known).err().unwrap();
    assert!(message(&error).contains("line 2: index 4 is beyond the 3 features"), "{error}");
}

// Zeros that unpack from a small file to a line without an end.
#[test]
fn a_line_that_never_ends_is_not_unpacked() {
    let bomb = gzip(&vec![b'a'; 100_000_000]);
    assert!(bomb.len() < 200_000);
    let fault = fault(&bomb);
    assert!(matches!(fault, SvmlightFault::LongLine { length } if length < 70_000_000), "{fault}");
}

#[test]
fn labels_that_are_measured_numbers_are_no_classes() {
    let text: String = (0..=65_536).map(|i| format!("{}.5 1:1\n", i)).collect();
    let fault = fault(text.as_bytes());
    assert!(matches!(fault, SvmlightFault::Classes { line: 65_537, most: 65_536 }), "{fault}");
    assert!(fault.to_string().contains("65537th") && fault.to_string().contains("regression"));
    let (enough, _) = text.rsplit_once("65536").unwrap();
    let set = read(enough, "0.5 1:1\n65535.5 1:1\n");
    assert_eq!(set.meaning.classes.len(), 65_536);
    assert_eq!(set.test.features.labels(), [0, 65_535]);
}

#[test]
fn what_is_no_file_is_called_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let load = |path: &Path| {
        FeatureSet::load(path, TestSource::HeldOut(0), &Known::default(), &mut |_| ()).unwrap_err()
    };
    let error = load(folder.path());
    assert!(
        matches!(&error, DatasetError::Svmlight { fault: SvmlightFault::NoFile(Kind::Folder), .. }),
        "{error}"
    );
    let error = load(&folder.path().join("absent.svm"));
    assert!(
        matches!(&error, DatasetError::Svmlight { fault: SvmlightFault::Io(cause), .. }
            if cause.kind() == io::ErrorKind::NotFound),
        "{error}"
    );
    message(&error);
}

/// A language of which a file takes many pieces.
const LARGE: TextLike =
    TextLike { rows: 30_000, columns: 9_000, non_zeros: 20, classes: 4, seed: 3 };

#[test]
fn what_was_written_is_read_again_to_the_bit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(NAME);
    let (rows, classes) = (text_like(&LARGE), ["0", "1", "2", "3"].map(String::from));
    let mut plain = Vec::new();
    svmlight::write(&rows, &classes, 1, &mut plain).unwrap();
    assert!(plain.len() > 4 << 20, "{} bytes are few pieces", plain.len());
    let mut hashes = Vec::new();
    for (file, threads) in [(plain.clone(), 1), (plain.clone(), 3), (gzip(&plain), 2)] {
        fs::write(&path, &file).unwrap();
        let read = || {
            let mut seen = Vec::new();
            let mut watch = |progress: dataset::Progress<'_>| {
                assert!(progress.path == path && progress.of == file.len() as u64);
                seen.push(progress.done);
            };
            let read = TestFeatures::load(&path, None, 9_000, None, &classes, &mut watch).unwrap();
            (read, seen)
        };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let (read, seen) = pool.install(read);
        assert!(read.features == rows && read.base == 1 && read.unknown == 0);
        assert!(seen.is_sorted() && seen.last() == Some(&(file.len() as u64)), "{seen:?}");
        hashes.push(read.sha256);
    }
    // `sha256sum` of the plain file.
    assert!(hashes.iter().all(|hash| *hash == hashes[0] && hash.len() == 64));
    fs::write(&path, b"a 1:1\nb 2:1\n").unwrap();
    let read = TestFeatures::load(&path, None, 2, None, &["a".into(), "b".into()], &mut |_| ());
    let expected = "059c9865f219d0ca573bc1598ce27503d9bb768e2cc169f077e2fe0f58ee5712";
    assert_eq!(read.unwrap().sha256, expected);
}

#[test]
fn lines_that_are_longer_than_a_piece_are_whole() {
    let mut text = String::from("a 1:1\n");
    text += "b";
    let columns = 400_000;
    (1..=columns).for_each(|i| text += &format!(" {i}:{i}"));
    text += "\na 2:2";
    assert!(text.len() > 4 << 20);
    let set = read(&text, TWO);
    assert_eq!((set.train.len(), set.meaning.columns), (3, columns));
    let (indices, values) = set.train.csr().row(1);
    assert!(indices.iter().zip(values).all(|(&index, &value)| value == (index + 1) as f32));
    assert_eq!(indices.len(), columns);
    assert_eq!(row(&set, 2), (&[1][..], &[2.0][..], "a"));
    // An error behind it is on its line.
    let text = text + "\nb y:1\n";
    assert!(matches!(fault(text.as_bytes()), SvmlightFault::Line { line: 4, .. }));
}

#[test]
fn a_fifth_is_held_out_and_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(NAME);
    let text: String = (0..100).map(|i| format!("c{} {}:1\n", i % 4, i + 1)).collect();
    fs::write(&path, text).unwrap();
    let load = |seed| {
        FeatureSet::load(&path, TestSource::HeldOut(seed), &Known::default(), &mut |_| ()).unwrap()
    };
    let set = load(5);
    assert_eq!((set.train.len(), set.test.features.len(), set.meaning.columns), (80, 20, 100));
    let (base, classes) = (Some(set.meaning.base), &set.meaning.classes);
    let again =
        |seed| TestFeatures::load(&path, Some(seed), 100, base, classes, &mut |_| ()).unwrap();
    assert_eq!(again(5).features, set.test.features);
    assert_ne!(again(6).features, set.test.features);
    let mut columns = [set.train.csr().indices(), set.test.features.csr().indices()].concat();
    columns.sort();
    assert_eq!(columns, (0..100).collect::<Vec<u32>>());

    fs::write(&path, "a 1:1\nb 2:1\nb 3:1\n").unwrap();
    let error = FeatureSet::load(&path, TestSource::HeldOut(0), &Known::default(), &mut |_| ());
    assert!(message(&error.unwrap_err()).contains("--test"));
}

#[test]
fn names_are_as_many_as_the_features() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("names.svm.txt");
    fs::write(&path, "first\r\nsecond word\n\nfourth").unwrap();
    let names = FeatureNames::load(&path, 4).unwrap();
    assert_eq!([0, 1, 2, 3].map(|i| names.get(i)), ["first", "second word", "", "fourth"]);
    for columns in [3, 5] {
        let error = FeatureNames::load(&path, columns).unwrap_err();
        assert!(message(&error).contains(&format!("4 lines for {columns} features")), "{error}");
    }
    fs::write(&path, b"\xff\xfe").unwrap();
    message(&FeatureNames::load(&path, 1).unwrap_err());
    message(&FeatureNames::load(&folder.path().join("absent.svm"), 1).unwrap_err());
    assert!(FeatureNames::load(folder.path(), 1).unwrap_err().to_string().contains("a folder"));
}
