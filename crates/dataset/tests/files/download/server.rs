//! A mirror on this machine that answers as it is told to.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

/// The answer of a mirror to a request.
pub(crate) enum Answer {
    /// Sends a file, and says how long it is.
    File(Vec<u8>),
    /// Sends nothing but a status.
    Status(u16),
    /// Sends the client elsewhere.
    Redirect(String),
    /// Sends these bytes, header and all, and hangs up.
    Raw(Vec<u8>),
    /// Sends these bytes, and then nothing.
    Silence(Vec<u8>),
    /// Sends these bytes, and then bytes without end, with this pause between two.
    Endless(Vec<u8>, Duration),
}

/// A mirror, up to the end of the test.
pub(crate) struct Server {
    url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// A mirror whose files are in `folder`, which is empty or ends with a slash. `answer` is asked for each path.
    pub(crate) fn start(
        folder: &str,
        answer: impl Fn(&str) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/{folder}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (log, answer) = (Arc::clone(&asked), Arc::new(answer));
        thread::spawn(move || {
            for client in listener.incoming() {
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                thread::spawn(move || {
                    let mut client = client.unwrap();
                    if let Some(path) = path_asked_for(&client) {
                        log.lock().unwrap().push(path.clone());
                        // A client that hangs up has seen enough.
                        let _ = serve(&mut client, answer(&path));
                    }
                });
            }
        });
        Self { url, asked }
    }

    /// Where its files are.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The paths asked for so far.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// The path in a request; `None` if it is no request.
fn path_asked_for(client: &TcpStream) -> Option<String> {
    let mut lines = BufReader::new(client).lines().map_while(Result::ok);
    let path = lines.next()?.strip_prefix("GET ")?.split(' ').next()?.to_owned();
    lines.find(String::is_empty)?;
    Some(path)
}

fn serve(client: &mut TcpStream, answer: Answer) -> std::io::Result<()> {
    let head = |status, field: &str| {
        format!("HTTP/1.1 {status} X\r\nConnection: close\r\n{field}\r\n\r\n")
    };
    match answer {
        Answer::File(bytes) => {
            client.write_all(head(200, &format!("Content-Length: {}", bytes.len())).as_bytes())?;
            client.write_all(&bytes)
        }
        Answer::Status(status) => client.write_all(head(status, "Content-Length: 0").as_bytes()),
        Answer::Redirect(url) => {
            client.write_all(head(302, &format!("Location: {url}")).as_bytes())
        }
        Answer::Raw(bytes) => client.write_all(&bytes),
        Answer::Silence(bytes) => {
            client.write_all(&bytes)?;
            client.read_to_end(&mut Vec::new()).map(|_| ())
        }
        Answer::Endless(bytes, pause) => {
            client.write_all(&bytes)?;
            loop {
                client.write_all(b"x")?;
                thread::sleep(pause);
            }
        }
    }
}
