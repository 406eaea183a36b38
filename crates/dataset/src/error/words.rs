//! The parts of messages that are lists.

use std::path::Path;

use crate::Obstacle;

/// As many classes are listed.
const LISTED: usize = 5;

/// "a, b, c", "a, b, c, d, e and 15 more".
pub(super) fn listed(classes: &[String]) -> String {
    let shown = classes[..classes.len().min(LISTED)].join(", ");
    match classes.len().saturating_sub(LISTED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// One line that says what to do when nothing was found.
pub(super) fn way_out(
    folder_option: &str,
    variable: Option<&str>,
    mirror: &str,
    missing: &[&str],
    obstacles: &[Obstacle],
    cache: Option<&Path>,
) -> String {
    let files = format!("{} (plain or as .gz, from {mirror})", missing.join(", "));
    let mut ways = vec![format!("pass {folder_option}")];
    ways.extend(variable.map(|variable| format!("set {variable}")));
    match cache {
        Some(cache) => {
            let obstacles = in_brackets(obstacles);
            format!("{}, or put {files} into {}{obstacles}", ways.join(", "), cache.display())
        }
        None => format!("{}, with {files} in that folder", ways.join(" or ")),
    }
}

/// The obstacles in brackets, to stand behind the names of missing files.
pub(super) fn in_brackets(obstacles: &[Obstacle]) -> String {
    match obstacles {
        [] => String::new(),
        _ => {
            let clauses: Vec<String> = obstacles.iter().map(Obstacle::to_string).collect();
            format!(" ({})", clauses.join(", "))
        }
    }
}
