//! Mirrors that are asked, and proxies.

use std::fs;
use std::thread;

use crate::NAMES;
use crate::place::{Place, assert_contains, one_error};
use crate::server::{Server, ok};

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
