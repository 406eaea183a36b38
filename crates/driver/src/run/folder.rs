//! The folder a run leaves behind: `config.json`, `metrics.jsonl` and, when it went well or a signal ended it,
//! `model.safetensors` and `report.html`.
//!
//! A run owns its folder, and has a lock on the metrics to show it. A folder with the model or the report of an earlier
//! run is refused, so neither can be lost; what a run left that came to neither is taken over. Metrics are written line
//! by line as they come; everything else is either complete or not there.

use std::fs::{self, File, TryLockError};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::terminal::notice::notice;
use record::{Config, Event};

/// Where runs go that name no folder.
const RUNS: &str = "runs";
/// The link in [`RUNS`] to the last run that left a model.
const LATEST: &str = "latest";
/// The trained network.
pub(crate) const MODEL: &str = "model.safetensors";
/// The settings.
pub(crate) const CONFIG: &str = "config.json";
const METRICS: &str = "metrics.jsonl";
const REPORT: &str = "report.html";
/// The page to draw on.
pub(crate) const DRAWING: &str = "draw.html";
/// No line of metrics is longer.
const LONGEST_LINE: u64 = 4096;

/// A folder that belongs to this run.
#[derive(Debug)]
pub(crate) struct RunFolder {
    path: PathBuf,
    metrics: File,
    /// The link to set when the run is complete.
    latest: Option<PathBuf>,
}

impl RunFolder {
    /// Claims `output`, or a new folder under `runs/` named after `started` (RFC 3339).
    pub(crate) fn create(output: Option<&Path>, started: &str) -> Result<Self, Error> {
        match output {
            Some(folder) => {
                fs::create_dir_all(folder)
                    .map_err(Error::file("create the output folder", folder))?;
                Self::claim(folder.to_owned(), None)
            }
            None => Self::create_in(Path::new(RUNS), started),
        }
    }

    fn create_in(runs: &Path, started: &str) -> Result<Self, Error> {
        fs::create_dir_all(runs).map_err(Error::file("create the output folder", runs))?;
        // No colons: not every file system takes them.
        let stamp = started.replace(':', "-");
        let mut path = runs.join(&stamp);
        let mut attempt = 1;
        loop {
            match fs::create_dir(&path) {
                Ok(()) => {
                    sweep_links(runs);
                    return Self::claim(path, Some(runs.join(LATEST)));
                }
                // Another run started in this second.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    attempt += 1;
                    path = runs.join(format!("{stamp}-{attempt}"));
                }
                Err(error) => return Err(Error::file("create the output folder", path)(error)),
            }
        }
    }

    /// Of two runs that try to claim a folder, one locks the metrics. The lock lasts as long as the run.
    fn claim(path: PathBuf, latest: Option<PathBuf>) -> Result<Self, Error> {
        // Before anything is written: nothing is left behind in a folder that is refused.
        refuse_results(&path)?;
        let file = path.join(METRICS);
        let metrics = match File::create_new(&file) {
            Ok(metrics) => match metrics.try_lock() {
                Err(TryLockError::WouldBlock) => return Err(Error::Busy(path)),
                // Where there are no locks, creating the file is the claim.
                Ok(()) | Err(TryLockError::Error(_)) => metrics,
            },
            Err(error) if error.kind() == ErrorKind::AlreadyExists => take_over(&path, &file)?,
            Err(error) => return Err(Error::file("create", file)(error)),
        };
        // Left by a run that was killed; what cannot be removed is in nobody's way.
        let _ = whole_file::sweep(&path, &[MODEL, CONFIG, REPORT, DRAWING]);
        Ok(Self { path, metrics, latest })
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Where the trained network goes.
    pub(crate) fn model(&self) -> PathBuf {
        self.path.join(MODEL)
    }

    /// Writes the settings of the run.
    pub(crate) fn write_config(&self, config: &Config) -> Result<(), Error> {
        let mut text = to_json(config, serde_json::to_string_pretty);
        text.push('\n');
        let path = self.path.join(CONFIG);
        whole_file::write(&path, |file| file.write_all(text.as_bytes()))
            .map_err(Error::file("write", path))
    }

    /// Writes the report, a page of HTML, and says where.
    pub(crate) fn write_report(&self, html: &str) -> Result<PathBuf, Error> {
        let path = self.path.join(REPORT);
        whole_file::write(&path, |file| file.write_all(html.as_bytes()))
            .map_err(Error::file("write", &path))?;
        Ok(path)
    }

    /// Writes the page to draw on, and says its name.
    pub(crate) fn write_drawing(&self, html: &str) -> Result<&'static str, Error> {
        let path = self.path.join(DRAWING);
        whole_file::write(&path, |file| file.write_all(html.as_bytes()))
            .map_err(Error::file("write", &path))?;
        Ok(DRAWING)
    }

    /// Adds a line to the metrics, at once: whoever follows the file sees whole lines.
    pub(crate) fn log(&mut self, event: &Event) -> Result<(), Error> {
        let mut line = to_json(event, serde_json::to_string);
        line.push('\n');
        self.metrics
            .write_all(line.as_bytes())
            .map_err(Error::file("write", self.path.join(METRICS)))
    }

    /// The run has left a model: settles the metrics and, among dated runs, makes this one the latest. A link that cannot be
    /// set costs a notice.
    pub(crate) fn complete(self) -> Result<(), Error> {
        self.metrics.sync_all().map_err(Error::file("write", self.path.join(METRICS)))?;
        if let Some(link) = &self.latest
            && let Err(error) = link_latest(link, &self.path)
        {
            notice(format_args!("{} does not name this run: {error}", link.display()));
        }
        Ok(())
    }
}

/// Refuses a folder where a run came to a result, and one whose `config.json` is somebody else's: a run creates its
/// metrics first.
fn refuse_results(folder: &Path) -> Result<(), Error> {
    let exists = |name: &str| folder.join(name).symlink_metadata().is_ok();
    let refused = match [MODEL, REPORT, DRAWING].into_iter().find(|name| exists(name)) {
        None if exists(CONFIG) && !exists(METRICS) => Some(CONFIG),
        result => result,
    };
    refused.map_or(Ok(()), |name| Err(Error::Occupied(folder.join(name))))
}

/// The metrics of a run that is over and came to no result, locked and emptied.
fn take_over(folder: &Path, file: &Path) -> Result<File, Error> {
    let mut metrics =
        File::options().read(true).write(true).open(file).map_err(Error::file("open", file))?;
    match metrics.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(Error::Busy(folder.to_owned())),
        // Without locks, nobody knows whether the run is over.
        Err(TryLockError::Error(_)) => return Err(Error::Occupied(file.to_owned())),
    }
    // Once more: it may have come to a result just before.
    refuse_results(folder)?;

    let mut first = String::new();
    let read = BufReader::new(&metrics).take(LONGEST_LINE).read_line(&mut first);
    if read.is_err() || !(first.is_empty() || Event::is_in(&first)) {
        return Err(Error::Occupied(file.to_owned()));
    }
    let config = folder.join(CONFIG);
    match fs::read_to_string(&config) {
        Ok(text) if Config::is_in(&text) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        _ => return Err(Error::Occupied(config)),
    }
    metrics.set_len(0).and_then(|()| metrics.rewind()).map_err(Error::file("write", file))?;
    Ok(metrics)
}

/// Our records have string keys and no fallible parts, so they always have a JSON form.
fn to_json<T>(record: &T, write: fn(&T) -> serde_json::Result<String>) -> String {
    write(record).expect("a plain record has a JSON form")
}

/// Points `link` at `folder`, its sibling, in one step. What is not a link is somebody's own and stays.
#[cfg(unix)]
fn link_latest(link: &Path, folder: &Path) -> io::Result<()> {
    if link.symlink_metadata().is_ok_and(|found| !found.is_symlink()) {
        return Err(io::Error::new(
            ErrorKind::AlreadyExists,
            "something that is not a link has this name",
        ));
    }
    let name = folder.file_name().expect("a dated folder has a name");
    // The folder's name is this run's alone, so the temporary link's is too.
    let temporary = folder.with_added_extension(LATEST);
    std::os::unix::fs::symlink(name, &temporary)?;
    fs::rename(&temporary, link)?;
    whole_file::sync_folder(link.parent().unwrap_or(Path::new(".")))
}

/// Removes links under way to [`LATEST`] whose runs are over.
#[cfg(unix)]
fn sweep_links(runs: &Path) {
    let is_over = |folder: &Path| match File::open(folder.join(METRICS)) {
        Ok(metrics) => metrics.try_lock_shared().is_ok(),
        Err(error) => error.kind() == ErrorKind::NotFound,
    };
    for entry in fs::read_dir(runs).into_iter().flatten().flatten() {
        let link = entry.path();
        let folder = link.with_extension("");
        if link.extension().is_some_and(|extension| extension == LATEST)
            && fs::read_link(&link).is_ok_and(|named| Some(named.as_os_str()) == folder.file_name())
            && is_over(&folder)
        {
            // A file that stays is in nobody's way.
            let _ = fs::remove_file(link);
        }
    }
}

/// Links need privileges elsewhere: the dated folders sort by themselves.
#[cfg(not(unix))]
fn link_latest(_link: &Path, _folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn sweep_links(_runs: &Path) {}

#[cfg(test)]
mod tests {
    use super::*;

    const STARTED: &str = "2026-11-23T20:31:05Z";

    #[test]
    fn two_runs_in_a_second_get_a_folder_each() {
        let runs = tempfile::tempdir().unwrap();
        let names: Vec<_> = (0..3)
            .map(|_| {
                RunFolder::create_in(runs.path(), STARTED)
                    .unwrap()
                    .path()
                    .strip_prefix(&runs)
                    .unwrap()
                    .to_owned()
            })
            .collect();
        let expected = ["2026-11-23T20-31-05Z", "2026-11-23T20-31-05Z-2", "2026-11-23T20-31-05Z-3"];
        assert_eq!(names, expected.map(PathBuf::from));
    }

    #[test]
    fn a_folder_that_holds_a_run_is_refused() {
        for name in [MODEL, CONFIG, METRICS, REPORT, DRAWING] {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(name), "precious").unwrap();
            let error = RunFolder::create(Some(folder.path()), STARTED).unwrap_err();
            assert!(matches!(&error, Error::Occupied(path) if path.ends_with(name)), "{error}");
            assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), "precious");
            assert_eq!(
                fs::read_dir(&folder).unwrap().count(),
                1,
                "{name}: something was left behind"
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn latest_names_the_last_complete_run() {
        let runs = tempfile::tempdir().unwrap();
        let latest = runs.path().join(LATEST);
        for _ in 0..2 {
            let folder = RunFolder::create_in(runs.path(), STARTED).unwrap();
            let path = folder.path().to_owned();
            folder.complete().unwrap();
            assert_eq!(latest.canonicalize().unwrap(), path.canonicalize().unwrap());
        }
        let before = fs::read_link(&latest).unwrap();
        RunFolder::create_in(runs.path(), STARTED).unwrap();
        assert_eq!(
            fs::read_link(&latest).unwrap(),
            before,
            "a run that was not completed became the latest"
        );
        assert_eq!(fs::read_dir(&runs).unwrap().count(), 4, "three runs and the link");
    }

    #[cfg(unix)]
    #[test]
    fn latest_that_is_no_link_stays() {
        let runs = tempfile::tempdir().unwrap();
        let latest = runs.path().join(LATEST);
        fs::write(&latest, "mine").unwrap();
        RunFolder::create_in(runs.path(), STARTED).unwrap().complete().unwrap();
        assert_eq!(fs::read_to_string(&latest).unwrap(), "mine");
    }

    #[test]
    fn metrics_are_there_line_by_line() {
        let folder = tempfile::tempdir().unwrap();
        let mut run = RunFolder::create(Some(folder.path()), STARTED).unwrap();
        run.log(&Event::Step { epoch: 1, step: 2, loss: 0.123456789, accuracy: 0.5 }).unwrap();
        let text = fs::read_to_string(folder.path().join(METRICS)).unwrap();
        assert_eq!(
            text,
            "{\"event\":\"step\",\"epoch\":1,\"step\":2,\"loss\":0.123456789,\"accuracy\":0.5}\n"
        );
    }
}
