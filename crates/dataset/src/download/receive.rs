//! A file from a mirror, whole and checked, in memory.

use std::io::Read;

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};
use ureq::{Agent, Proxy, http::Uri};

use super::{DownloadFault, Patience, Received};
use crate::{Checked, SourceFile};

/// A mirror that sends us from address to address more often than this is lost itself.
const MOST_REDIRECTS: u32 = 4;

/// How much longer gzip may make a file that it cannot make shorter: a small one.
const GZIP_OVERHEAD: u64 = 1024;

/// Bytes between two reports.
const PIECE: u64 = 64 << 10;

/// The HTTP client for `mirror`.
pub(super) fn agent(mirror: &str, patience: &Patience) -> Agent {
    let proxy = if is_here(mirror) { None } else { Proxy::try_from_env() };
    Agent::config_builder()
        .proxy(proxy)
        .max_redirects(MOST_REDIRECTS)
        .timeout_resolve(Some(patience.answer))
        .timeout_connect(Some(patience.answer))
        .timeout_recv_response(Some(patience.answer))
        .timeout_per_read(Some(patience.pause))
        .timeout_recv_body(Some(patience.file))
        .build()
        .into()
}

/// Whether a proxy elsewhere could not reach this mirror, because it is on this machine.
fn is_here(mirror: &str) -> bool {
    let Ok(uri) = mirror.parse::<Uri>() else { return false };
    matches!(uri.host(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

/// Receives `file` from `mirror`, gzipped as it was sent, and checks it.
pub(super) fn file(
    agent: &Agent,
    mirror: &str,
    file: &SourceFile<'_>,
    checked: Checked,
    progress: &mut dyn FnMut(Received<'_>),
) -> Result<Vec<u8>, DownloadFault> {
    let mut report = |bytes, of| progress(Received { mirror, file: file.name, bytes, of });
    report(0, None);
    let url = format!("{}/{}.gz", mirror.trim_end_matches('/'), file.name);
    let body = agent.get(&url).call().map_err(DownloadFault::Http)?.into_body();
    let announced = body.content_length();

    let mut reader = body.into_with_config().limit(file.length + GZIP_OVERHEAD).reader();
    let mut bytes = Vec::new();
    loop {
        let piece = reader.by_ref().take(PIECE).read_to_end(&mut bytes);
        // An error of ureq's own is wrapped in this one, and comes out again.
        if piece.map_err(|error| DownloadFault::Http(error.into()))? == 0 {
            break;
        }
        report(bytes.len() as u64, announced);
    }
    check(&bytes, file, checked)?;
    Ok(bytes)
}

/// Whether `packed` is the published file.
fn check(packed: &[u8], file: &SourceFile<'_>, checked: Checked) -> Result<(), DownloadFault> {
    let found = match checked {
        Checked::Packed => hexadecimal(&Sha256::digest(packed)),
        Checked::Unpacked => unpacked_sha256(MultiGzDecoder::new(packed), file.length)?,
    };
    if found == file.sha256 { Ok(()) } else { Err(DownloadFault::Checksum { found }) }
}

/// The SHA-256 of all that `unpacked` holds, which may be `length` bytes.
fn unpacked_sha256(mut unpacked: impl Read, length: u64) -> Result<String, DownloadFault> {
    let mut allowed = unpacked.by_ref().take(length);
    let mut sha256 = Sha256::new();
    let mut piece = vec![0; PIECE as usize];
    loop {
        match allowed.read(&mut piece).map_err(DownloadFault::Gzip)? {
            0 => break,
            n => sha256.update(&piece[..n]),
        }
    }
    // Not only to see more: gzip compares its checksum when it is read to the end.
    match unpacked.read(&mut [0]).map_err(DownloadFault::Gzip)? {
        0 => Ok(hexadecimal(&sha256.finalize())),
        _ => Err(DownloadFault::Longer { length }),
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn no_more_is_unpacked_than_the_file_is_long_and_a_byte() {
        let most = 1 << 40;
        let mut bomb = io::repeat(0).take(most);
        let fault = unpacked_sha256(&mut bomb, 100_000).unwrap_err();
        assert!(matches!(fault, DownloadFault::Longer { length: 100_000 }), "{fault}");
        assert_eq!(bomb.limit(), most - 100_001);
    }

    #[test]
    fn only_this_machine_is_here() {
        for mirror in ["http://localhost/mnist/", "http://127.0.0.1:8000", "https://[::1]:8000/"] {
            assert!(is_here(mirror), "{mirror}");
        }
        for mirror in ["http://localhost.example.org/", "https://10.0.0.1/mnist/", "", "nonsense"] {
            assert!(!is_here(mirror), "{mirror}");
        }
    }
}
