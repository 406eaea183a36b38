//! The files in a folder after a write, a failure and a sweep.

use std::time::SystemTime;

use super::*;

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_file_is_replaced_by_all_of_the_new_one_or_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, "old").unwrap();
    let failing = write(&path, |file| {
        file.write_all(b"ne")?;
        let under_way = names(folder.path());
        assert_eq!((under_way.len(), &*under_way[0]), (2, "file"));
        assert!(under_way[1].starts_with("file") && under_way[1].ends_with(".partial"));
        Err(io::Error::other("no more"))
    });
    assert_eq!(failing.unwrap_err().to_string(), "no more");
    assert_eq!(fs::read_to_string(&path).unwrap(), "old");
    assert_eq!(names(folder.path()), ["file"], "something was left behind");

    // More than the buffer holds.
    let contents = vec![7; 3 * BUFFER + 1];
    write(&path, |file| contents.chunks(1000).try_for_each(|part| file.write_all(part))).unwrap();
    assert!(fs::read(&path).unwrap() == contents);
    assert_eq!(names(folder.path()), ["file"], "something was left behind");
}

#[cfg(unix)]
#[test]
fn permissions_are_those_of_any_new_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let [plain, whole] = ["plain", "whole"].map(|name| folder.path().join(name));
    File::create(&plain).unwrap();
    write(&whole, |_| Ok(())).unwrap();
    let [plain, whole] = [plain, whole].map(|path| fs::metadata(path).unwrap().permissions());
    assert_eq!(whole.mode(), plain.mode());
}

#[test]
fn an_error_does_not_tell_the_name_of_the_partial_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("absent/file");
    let error = write(&path, |_| Ok(())).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
    assert!(error.raw_os_error().is_some() && !error.to_string().contains("partial"), "{error}");
}

#[test]
fn when_one_file_cannot_be_moved_all_are_as_before() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("replaced"), "old").unwrap();
    let new = |name: &str| prepare(&folder.join(name), |file| file.write_all(b"new")).unwrap();
    // There is a folder in the place of the third file, with something in it.
    fs::create_dir_all(folder.join("taken/inner")).unwrap();
    let all = vec![new("replaced"), new("added"), new("taken")];
    let (path, _) = replace_all(folder, all).unwrap_err();
    assert!(path.ends_with("taken"), "{path:?}");
    assert_eq!(fs::read_to_string(folder.join("replaced")).unwrap(), "old");
    assert_eq!(names(folder), ["replaced", "taken"], "something was left behind or is missing");

    replace_all(folder, vec![new("replaced"), new("added")]).unwrap();
    for name in ["replaced", "added"] {
        assert_eq!(fs::read_to_string(folder.join(name)).unwrap(), "new");
    }
    assert_eq!(names(folder), ["added", "replaced", "taken"]);
}

#[test]
fn left_over_files_are_swept_and_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let plant = |name: &str, age: u64| {
        let time = SystemTime::now() - Duration::from_secs(age);
        File::create(folder.join(name)).unwrap().set_modified(time).unwrap();
    };
    plant("fileA1b2C3.partial", 3700);
    plant("fileD4e5F6.partial", 60);
    plant("film.partial", 3700);
    plant("file", 3700);
    sweep_abandoned(folder, &["file"]).unwrap();
    assert_eq!(names(folder), ["file", "fileD4e5F6.partial", "film.partial"]);
    sweep(folder, &["file"]).unwrap();
    assert_eq!(names(folder), ["file", "film.partial"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_stays_a_device() {
    use std::os::unix::fs::FileTypeExt;

    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("link");
    std::os::unix::fs::symlink("/dev/null", &link).unwrap();
    write(&link, |file| file.write_all(b"gone")).unwrap();
    assert!(link.is_symlink() && fs::metadata(&link).unwrap().file_type().is_char_device());
    std::os::unix::fs::symlink("/dev/full", folder.path().join("full")).unwrap();
    let error = write(&folder.path().join("full"), |file| file.write_all(b"much")).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2, "something was left behind");
}
