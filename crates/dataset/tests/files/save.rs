//! Data sets that are written.

use dataset::Mnist;

#[test]
fn what_is_saved_is_loaded_again() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("new/folder");
    // The second time there are files to replace, and a gzipped one that must not come before them.
    for seed in [1, 2] {
        let mnist = Mnist::drawn(seed, 150, 60);
        mnist.save(&inner).unwrap();
        let loaded = Mnist::load(&inner).unwrap();
        assert_eq!((&loaded.train, &loaded.test, loaded.classes), (&mnist.train, &mnist.test, 10));
        let mut names: Vec<_> =
            std::fs::read_dir(&inner).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        let expected = [
            "t10k-images-idx3-ubyte",
            "t10k-labels-idx1-ubyte",
            "train-images-idx3-ubyte",
            "train-labels-idx1-ubyte",
        ];
        assert_eq!(names, expected);
    }
}

#[test]
fn what_cannot_be_saved_says_so_and_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let mnist = Mnist::drawn(1, 20, 20);
    // A folder in the place of the first file.
    let taken = folder.path().join("train-images-idx3-ubyte");
    std::fs::create_dir(&taken).unwrap();
    let message = mnist.save(folder.path()).unwrap_err().to_string();
    assert!(message.starts_with("cannot write") && !message.contains('\n'), "{message}");
    assert!(message.contains(taken.to_str().unwrap()), "{message}");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "temporary files were left behind");

    // A file in the place of the folder.
    let file = folder.path().join("file");
    std::fs::write(&file, "precious").unwrap();
    let message = mnist.save(&file).unwrap_err().to_string();
    assert!(message.contains(file.to_str().unwrap()), "{message}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "precious");
}
