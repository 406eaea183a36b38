//! One mirror after the other.

use std::fs;

use dataset::{Checked, Mnist, download::DownloadError};

use super::{
    NAMES, Published, fetch,
    server::{Answer, Server},
};
use crate::writers::gzip;

#[test]
fn the_next_mirror_delivers_what_the_first_one_did_not() {
    let folder = tempfile::tempdir().unwrap();
    let published = Published::new(Checked::Unpacked);
    let first = Server::start("small/", |path| match path {
        "/small/t10k-images-idx3-ubyte.gz" => Answer::Status(404),
        other => Published::new(Checked::Unpacked).answer(other),
    });
    let second = Published::mirror();
    fetch(&published.at(&[first.url(), second.url()]), folder.path()).unwrap();
    Mnist::load(folder.path()).unwrap();
    let paths = NAMES.map(|name| format!("/small/{name}.gz"));
    assert_eq!(first.asked(), paths[..3]);
    assert_eq!(second.asked(), paths[2..]);
}

#[test]
fn each_mirror_is_given_up_at_its_first_failure_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let published = Published::new(Checked::Unpacked);
    let mirrors = [404, 500].map(|status| Server::start("", move |_| Answer::Status(status)));
    let error =
        fetch(&published.at(&mirrors.each_ref().map(Server::url)), folder.path()).unwrap_err();
    let message = error.to_string();
    let DownloadError::Mirrors { refusals, .. } = error else { panic!("{message}") };
    assert_eq!(refusals.len(), 2);
    for (mirror, status) in mirrors.iter().zip(["404", "500"]) {
        assert_eq!(mirror.asked(), [format!("/{}.gz", NAMES[0])]);
        let host = mirror.url().trim_start_matches("http://").trim_end_matches('/');
        assert!(
            message.contains(&format!("{host}: {}.gz: HTTP status {status}", NAMES[0])),
            "{message}"
        );
    }
    assert!(message.contains("Small") && !message.contains('\n'), "{message}");
}

#[test]
fn files_that_came_are_kept_though_the_rest_did_not() {
    let folder = tempfile::tempdir().unwrap();
    let published = Published::new(Checked::Unpacked);
    let half = Server::start("small/", |path| match path.contains("t10k") {
        true => Answer::Status(503),
        false => Published::new(Checked::Unpacked).answer(path),
    });
    fetch(&published.at(&[half.url()]), folder.path()).unwrap_err();
    let whole = Published::mirror();
    fetch(&published.at(&[whole.url()]), folder.path()).unwrap();
    assert_eq!(whole.asked().len(), 2);
    Mnist::load(folder.path()).unwrap();
}

#[test]
fn files_that_are_there_are_not_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let published = Published::new(Checked::Unpacked);
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    write("train-images-idx3-ubyte", &published.plain[0]);
    write("train-labels.idx1-ubyte", &published.plain[1]);
    write("t10k-images-idx3-ubyte.gz", &published.packed[2]);
    let mirror = Published::mirror();
    fetch(&published.at(&[mirror.url()]), folder.path()).unwrap();
    assert_eq!(mirror.asked(), [format!("/small/{}.gz", NAMES[3])]);
    // With nothing missing, nobody is asked at all.
    fetch(&published.at(&[mirror.url()]), folder.path()).unwrap();
    assert_eq!(mirror.asked().len(), 1);
}

#[test]
fn a_mirror_may_send_its_clients_elsewhere_and_be_named_without_a_slash() {
    let folder = tempfile::tempdir().unwrap();
    let published = Published::new(Checked::Unpacked);
    let elsewhere = Published::mirror();
    let url = elsewhere.url().to_owned();
    let mirror = Server::start("moved", move |path| {
        Answer::Redirect(format!("{url}{}", path.strip_prefix("/moved/").unwrap()))
    });
    fetch(&published.at(&[mirror.url()]), folder.path()).unwrap();
    assert_eq!((mirror.asked().len(), elsewhere.asked().len()), (4, 4));
}

#[test]
fn files_packed_otherwise_will_do_unless_the_packed_ones_are_checked() {
    let repacked = || {
        Server::start("small/", |path| {
            let published = Published::new(Checked::Unpacked);
            let i = NAMES.iter().position(|name| path.contains(name)).unwrap();
            // Two members: the same content in other bytes.
            let (head, tail) = published.plain[i].split_at(5);
            Answer::File([gzip(head), gzip(tail)].concat())
        })
    };
    for (checked, will_do) in [(Checked::Unpacked, true), (Checked::Packed, false)] {
        let folder = tempfile::tempdir().unwrap();
        let (published, mirror) = (Published::new(checked), repacked());
        let outcome = fetch(&published.at(&[mirror.url()]), folder.path());
        assert_eq!(outcome.is_ok(), will_do, "{checked:?}: {outcome:?}");
        assert_eq!(Mnist::load(folder.path()).is_ok(), will_do);
    }
}
