//! A headless Chromium and a page in it, through the DevTools protocol on a pipe.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// Names that Chromium goes by, in the order in which they are looked for.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// It stays by itself, and needs neither a screen nor the rights to make a sandbox.
const FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
];
/// The browser reads what it is told on descriptor 3 and answers on 4, which become our pipes.
const WITH_PIPES: &str = r#"exec "$0" "$@" 3<&0 4>&1 0</dev/null 1>&2"#;
/// A browser that says nothing for so long is stuck.
const PATIENCE: Duration = Duration::from_secs(120);

/// The browser; it ends with this value.
pub(crate) struct Browser {
    child: Child,
    told: Option<ChildStdin>,
    said: Receiver<Value>,
    last_id: u64,
    /// Messages of the page without being asked, since it was opened.
    pub(crate) events: Vec<Value>,
    session: Option<String>,
    _profile: TempDir,
}

impl Browser {
    /// Starts a browser, or says why there is none.
    pub(crate) fn start() -> Result<Self, String> {
        let program = find().ok_or("there is no Chromium")?;
        let profile = tempfile::tempdir().map_err(|error| error.to_string())?;
        let mut child = Command::new("sh")
            .args(["-c", WITH_PIPES])
            .arg(&program)
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("there is no sh: {error}"))?;
        let told = child.stdin.take();
        let out = BufReader::new(child.stdout.take().expect("a pipe"));
        let (sender, said) = channel();
        thread::spawn(move || {
            for message in out.split(0).map_while(Result::ok) {
                let Ok(message) = serde_json::from_slice(&message) else { return };
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let (events, session) = (Vec::new(), None);
        let mut browser =
            Self { child, told, said, last_id: 0, events, session, _profile: profile };
        let not_started = |fault| format!("{} does not start: {fault}", program.display());
        browser.try_tell("Browser.getVersion", json!({})).map_err(not_started)?;
        let target = browser.tell("Target.createTarget", json!({"url": "about:blank"}));
        let attached = browser.tell(
            "Target.attachToTarget",
            json!({"targetId": target["targetId"], "flatten": true}),
        );
        browser.session = attached["sessionId"].as_str().map(str::to_owned);
        let size = json!({"width": 1200, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        browser.tell("Emulation.setDeviceMetricsOverride", size);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.tell(&format!("{domain}.enable"), json!({}));
        }
        Ok(browser)
    }

    /// Tells the browser something, and returns its answer.
    pub(crate) fn tell(&mut self, method: &str, parameters: Value) -> Value {
        self.try_tell(method, parameters).unwrap_or_else(|fault| panic!("{method}: {fault}"))
    }

    fn try_tell(&mut self, method: &str, parameters: Value) -> Result<Value, String> {
        self.last_id += 1;
        let mut message = json!({"id": self.last_id, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            message["sessionId"] = session.as_str().into();
        }
        let bytes = [message.to_string().as_bytes(), &[0]].concat();
        let told = self.told.as_mut().expect("a pipe until the end");
        told.write_all(&bytes).map_err(|error| error.to_string())?;
        loop {
            let mut message =
                self.said.recv_timeout(PATIENCE).map_err(|error| error.to_string())?;
            if message["id"] == self.last_id {
                return match message.get("error") {
                    Some(error) => Err(error.to_string()),
                    None => Ok(message["result"].take()),
                };
            }
            if message.get("method").is_some() {
                self.events.push(message);
            }
        }
    }

    /// Opens a file and waits until its scripts have run.
    pub(crate) fn open(&mut self, page: &Path) {
        self.tell("Page.navigate", json!({"url": format!("file://{}", page.display())}));
        self.events.clear();
        self.wait_for("document.readyState === 'complete' && location.protocol === 'file:'");
    }

    /// The value of an expression in the page.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let parameters = json!({"expression": expression, "returnByValue": true});
        let mut answer = self.tell("Runtime.evaluate", parameters);
        assert!(answer.get("exceptionDetails").is_none(), "{expression:.200}: {answer}");
        answer["result"]["value"].take()
    }

    /// The numbers of an array that is the value of an expression.
    pub(crate) fn numbers(&mut self, expression: &str) -> Vec<f64> {
        let value = self.value(&format!("Array.from({expression})"));
        value.as_array().expect("an array").iter().map(|x| x.as_f64().expect("a number")).collect()
    }

    /// Waits until an expression is true.
    pub(crate) fn wait_for(&mut self, expression: &str) {
        for _ in 0..PATIENCE.as_millis() / 20 {
            if self.value(expression) == true {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
        panic!("{expression} does not become true");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It ends when nobody tells it anything any more, and with it the script that started it.
        let _ = self.try_tell("Browser.close", json!({}));
        self.told = None;
        let _ = self.child.wait();
    }
}

/// The file that the environment variable `CHROMIUM` names, or one in the folders of `PATH`.
fn find() -> Option<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM") {
        return Some(named.into());
    }
    let path = env::var_os("PATH")?;
    let of_name = |name| env::split_paths(&path).map(move |folder| folder.join(name));
    NAMES.into_iter().flat_map(of_name).find(|file| file.is_file())
}
