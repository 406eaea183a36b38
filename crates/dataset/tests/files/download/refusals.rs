//! Mirrors that send something else than the file. None of it leaves anything behind.

use std::{net::TcpListener, time::Duration};

use dataset::{
    Checked, download,
    download::{DownloadError, DownloadFault, Patience},
};
use ureq::Timeout;

use super::{
    NAMES, Published, names_in,
    server::{Answer, Server},
};
use crate::writers::gzip;

const OK: &[u8] = b"HTTP/1.1 200 OK\r\n\r\n";

/// The error where a mirror answers the first request so, and would be right from then on.
fn refused(answer: impl Fn() -> Answer + Send + Sync + 'static) -> DownloadFault {
    refused_with(&Patience::default(), answer)
}

fn refused_with(
    patience: &Patience,
    answer: impl Fn() -> Answer + Send + Sync + 'static,
) -> DownloadFault {
    let mirror = Server::start("small/", move |path| match path.contains(NAMES[0]) {
        true => answer(),
        false => Published::new(Checked::Unpacked).answer(path),
    });
    let fault = fault_of(mirror.url(), patience);
    assert!(mirror.asked().iter().all(|path| path.contains(NAMES[0])), "it was asked for more");
    fault
}

fn fault_of(mirror: &str, patience: &Patience) -> DownloadFault {
    let folder = tempfile::tempdir().unwrap();
    let published = Published::new(Checked::Unpacked);
    let outcome = download(&published.at(&[mirror]), folder.path(), patience, &mut |_| ());
    assert!(names_in(folder.path()).is_empty(), "{:?}", names_in(folder.path()));
    let error = outcome.expect_err("a bad mirror");
    let message = error.to_string();
    let DownloadError::Mirrors { mut refusals, .. } = error else { panic!("{message}") };
    let refusal = refusals.remove(0);
    assert!(refusals.is_empty() && refusal.mirror == mirror, "{message}");
    assert!(
        message.ends_with(&format!("{})", refusal.fault)) && !message.contains('\n'),
        "{message}"
    );
    refusal.fault
}

fn packed() -> Vec<u8> {
    Published::new(Checked::Unpacked).packed[0].clone()
}

/// An answer of that length, whatever follows.
fn announced(length: usize, bytes: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
    [head.as_bytes(), bytes].concat()
}

#[test]
fn a_status_that_is_no_success() {
    for status in [400, 403, 404, 500, 503] {
        let fault = refused(move || Answer::Status(status));
        assert!(
            matches!(fault, DownloadFault::Http(ureq::Error::StatusCode(s)) if s == status),
            "{fault}"
        );
    }
}

#[test]
fn half_a_file() {
    let half = || packed()[..packed().len() / 2].to_vec();
    // The length that was announced tells, and without one the gzip data does.
    let fault = refused(move || Answer::Raw(announced(packed().len(), &half())));
    assert!(matches!(fault, DownloadFault::Http(ureq::Error::Io(_))), "{fault}");
    let fault = refused(move || Answer::Raw([OK, &half()].concat()));
    assert!(matches!(fault, DownloadFault::Gzip(_)), "{fault}");
    let fault = refused(|| Answer::File(Vec::new()));
    assert!(matches!(fault, DownloadFault::Gzip(_)), "{fault}");
}

#[test]
fn another_file_of_the_same_length() {
    let fault = refused(|| {
        let mut plain = Published::new(Checked::Unpacked).plain[0].clone();
        *plain.last_mut().unwrap() ^= 1;
        Answer::File(gzip(&plain))
    });
    assert!(matches!(&fault, DownloadFault::Checksum { found } if found.len() == 64), "{fault}");
}

#[test]
fn a_web_page() {
    let page = || Answer::File(b"<!DOCTYPE html>\n<title>Please log in</title>".to_vec());
    let fault = refused(page);
    assert!(matches!(fault, DownloadFault::Gzip(_)), "{fault}");
    assert!(fault.to_string().contains("no gzip file"), "{fault}");
}

#[test]
fn a_file_with_something_behind_it() {
    let fault = refused(|| Answer::File([packed(), b"rubbish".to_vec()].concat()));
    assert!(matches!(fault, DownloadFault::Gzip(_)), "{fault}");
    let fault = refused(|| Answer::File([packed(), gzip(b"more")].concat()));
    assert!(matches!(fault, DownloadFault::Longer { .. }), "{fault}");
}

#[test]
fn a_gzip_bomb() {
    let bomb = gzip(&vec![0; 1 << 20]);
    let length = Published::new(Checked::Unpacked).plain[0].len() as u64;
    // Small enough to be received: what it unpacks to is the trouble.
    assert!(bomb.len() < 1024 + length as usize, "{} bytes", bomb.len());
    let fault = refused(move || Answer::File(bomb.clone()));
    assert!(matches!(fault, DownloadFault::Longer { length: l } if l == length), "{fault}");
}

#[test]
fn a_body_without_end() {
    let length = Published::new(Checked::Unpacked).plain[0].len() as u64;
    let endless = [OK.to_vec(), announced(usize::MAX / 2, b"")];
    for head in endless {
        let fault = refused(move || Answer::Endless(head.clone(), Duration::ZERO));
        assert!(
            matches!(fault, DownloadFault::Http(ureq::Error::BodyExceedsLimit(limit)) if limit == length + 1024),
            "{fault}"
        );
    }
}

#[test]
fn silence() {
    let [long, short] = [Duration::from_secs(60), Duration::from_millis(200)];
    let patience = Patience { answer: long, pause: long, file: long };
    let is_timeout = |fault, phase: Timeout| matches!(fault, DownloadFault::Http(ureq::Error::Timeout(p)) if p == phase);

    // The connection stands, and no answer comes, or only the beginning of one.
    let hurried = Patience { answer: short, ..patience };
    for beginning in ["", "HTTP/1.1 200 "] {
        let fault = refused_with(&hurried, || Answer::Silence(beginning.into()));
        assert!(is_timeout(fault, Timeout::RecvResponse), "{beginning:?}");
    }
    // Nobody takes the call. A secure connection does not stand before it has been talked about.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap();
    for (scheme, phase) in [("http", Timeout::RecvResponse), ("https", Timeout::Connect)] {
        let fault = fault_of(&format!("{scheme}://{host}/"), &hurried);
        assert!(is_timeout(fault, phase), "{scheme}");
    }

    // The file breaks off, or it comes drop by drop.
    let hurried = Patience { pause: short, ..patience };
    let fault = refused_with(&hurried, || Answer::Silence(announced(packed().len(), b"\x1f\x8b")));
    assert!(is_timeout(fault, Timeout::PerRead));
    let hurried = Patience { file: short, ..patience };
    let pause = Duration::from_millis(20);
    let fault = refused_with(&hurried, move || Answer::Endless(announced(1000, b""), pause));
    assert!(is_timeout(fault, Timeout::RecvBody));
}

#[test]
fn a_connection_that_is_cut() {
    for bytes in ["", "HTTP/1.1 200 OK\r\nContent-", "SSH-2.0-OpenSSH_9.6\r\n"] {
        let fault = refused(|| Answer::Raw(bytes.into()));
        assert!(matches!(fault, DownloadFault::Http(_)), "{bytes:?}: {fault}");
    }
}

#[test]
fn a_way_in_circles() {
    let mirror = Server::start("small/", |path| Answer::Redirect(path.to_owned()));
    let fault = fault_of(mirror.url(), &Patience::default());
    assert!(matches!(fault, DownloadFault::Http(ureq::Error::TooManyRedirects)), "{fault}");
    assert!(mirror.asked().len() < 10, "{:?}", mirror.asked());
}

#[test]
fn nobody() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let fault = fault_of(&url, &Patience::default());
    assert!(matches!(fault, DownloadFault::Http(ureq::Error::Io(_))), "{fault}");
}

#[test]
fn a_mirror_that_is_no_url() {
    for mirror in ["", "nonsense", "ftp://127.0.0.1/", "http://", "http:// /"] {
        let fault = fault_of(mirror, &Patience::default());
        assert!(matches!(fault, DownloadFault::Http(_)), "{mirror}: {fault}");
    }
}

#[test]
fn a_secure_mirror_that_is_not() {
    let mirror = Published::mirror();
    let url = mirror.url().replace("http:", "https:");
    let fault = fault_of(&url, &Patience::default());
    assert!(matches!(fault, DownloadFault::Http(_)), "{fault}");
    assert!(mirror.asked().is_empty(), "it was asked in the clear");
}
