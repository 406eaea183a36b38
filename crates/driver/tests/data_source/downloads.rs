//! Mirrors that are asked, and proxies.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::place::{Place, assert_contains, one_error};
use crate::{NAMES, TRAIN};

/// A mirror, or a proxy: its URL, and the first lines of the requests it has had.
struct Server {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Answers each request with the bytes that `answer` has for its path, and hangs up; but after "and so on" it waits.
    fn start(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        thread::spawn(move || {
            for client in listener.incoming() {
                serve(client.unwrap(), &log, &answer);
            }
        });
        Self { url, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(mut client: TcpStream, log: &Mutex<Vec<String>>, answer: &impl Fn(&str) -> Vec<u8>) {
    let mut lines = BufReader::new(&client).lines().map_while(Result::ok);
    let Some(request) = lines.next() else { return };
    lines.find(String::is_empty);
    let bytes = answer(request.split(' ').nth(1).unwrap());
    log.lock().unwrap().push(request);
    // A client that hangs up has seen enough.
    let _ = client.write_all(&bytes);
    if bytes.ends_with(b"and so on") {
        let _ = client.read_to_end(&mut Vec::new());
    }
}

/// A whole answer.
fn ok(body: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

#[test]
fn a_web_page_is_not_taken_for_a_file() {
    let place = Place::new();
    let mirror = Server::start(|_| ok(b"<!DOCTYPE html><title>Please log in</title>"));
    let error = place.fail("train --dataset mnist", &mirror.url);
    assert_contains(&error, &["no gzip file", NAMES[0]]);
    assert_eq!(mirror.asked(), [format!("GET /{}.gz HTTP/1.1", NAMES[0])]);
    assert_eq!(fs::read_dir(place.cache("mnist")).unwrap().count(), 0);
}

#[test]
fn a_download_that_is_interrupted_leaves_nothing() {
    let place = Place::new();
    let mirror = Server::start(|_| {
        b"HTTP/1.1 200 OK\r\nContent-Length: 9912422\r\n\r\nhalf a file and so on".into()
    });
    let mut child = place.command("train --quiet", &mirror.url).spawn().unwrap();
    while mirror.asked().is_empty() {
        assert!(child.try_wait().unwrap().is_none(), "it ended without a request");
        thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(fs::read_dir(place.cache("mnist")).unwrap().count(), 0);
}

#[test]
fn proxies_are_asked_unless_the_mirror_is_on_this_machine() {
    let place = Place::new();
    let refuse = |_: &str| b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n".to_vec();
    let (proxy, mirror) = (Server::start(refuse), Server::start(refuse));
    let through = |variable: &str, mirror: &str| {
        let mut command = place.command("train --dataset mnist", mirror);
        one_error(command.env(variable, &proxy.url).output().unwrap())
    };
    for variable in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"] {
        through(variable, "https://mirror.invalid/");
        assert_contains(&proxy.asked().pop().unwrap(), &["CONNECT mirror.invalid:443 "]);
    }
    assert_eq!(proxy.asked().len(), 3);
    through("HTTPS_PROXY", &mirror.url);
    assert_eq!((proxy.asked().len(), mirror.asked().len()), (3, 1));
}

/// With the true files, because no others would be taken.
#[test]
fn mnist_is_downloaded_once() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/mnist");
    let named = std::env::var_os("MNIST_DIR").map(PathBuf::from);
    let shelf = named.unwrap_or(beside);
    if !NAMES.iter().all(|name| shelf.join(format!("{name}.gz")).is_file()) {
        eprintln!(
            "NOT RUN: mnist_is_downloaded_once, because neither MNIST_DIR nor ../shared/mnist has its gzipped files"
        );
        return;
    }
    let place = Place::new();
    let mirror = Server::start(move |path| ok(&fs::read(shelf.join(&path[1..])).unwrap()));
    for _ in 0..2 {
        let (story, notice) = place.succeed(TRAIN, &mirror.url);
        assert_eq!(notice, "");
        assert_contains(&story, &[&format!("Data from {}\n", place.cache("mnist").display())]);
        let recorded = place.recorded();
        assert_eq!((&recorded["dataset"], &recorded["train"]), (&"mnist".into(), &60_000.into()));
        assert_eq!(mirror.asked().len(), 4);
    }
    assert_eq!(fs::read_dir(place.cache("mnist")).unwrap().count(), 4);
}
