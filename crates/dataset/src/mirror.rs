//! Another mirror of MNIST, which the environment names.

use std::{
    env,
    ffi::{OsStr, OsString},
};

use crate::DatasetError;

/// The environment variable that names another mirror of MNIST.
const VARIABLE: &str = "MNIST_MIRROR";

/// The mirror of [`Source::MNIST`](crate::Source::MNIST) that `MNIST_MIRROR` names: the URL of a folder, to be asked instead
/// of the known ones. `None` if the variable is not set, or set to nothing.
///
/// # Errors
/// [`DatasetError::Mirror`] if it is set to something else than an `http://` or `https://` URL with a host.
pub fn named_mirror() -> Result<Option<String>, DatasetError> {
    env::var_os(VARIABLE).filter(|value| !value.is_empty()).map(checked).transpose()
}

fn checked(value: OsString) -> Result<String, DatasetError> {
    let is_url = |text: &str| {
        let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
        let blank = |letter: char| letter.is_whitespace() || letter.is_control();
        host.is_some_and(|host| !host.is_empty() && !host.starts_with('/') && !host.contains(blank))
    };
    let url = OsStr::to_str(&value).filter(|text| is_url(text)).map(str::to_owned);
    url.ok_or(DatasetError::Mirror { variable: VARIABLE, value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirror_is_a_url_of_the_web() {
        for url in ["http://127.0.0.1:8080/", "https://example.org/mnist/", "https://example.org"] {
            assert_eq!(checked(url.into()).unwrap(), url);
        }
        for other in [
            "",
            " ",
            "a folder",
            "/mnt/mnist",
            "ftp://example.org/",
            "http://",
            "https:///mnist/",
            "http://a b/",
        ] {
            let error = checked(other.into()).unwrap_err().to_string();
            assert!(error.starts_with("MNIST_MIRROR is ") && error.contains("https://"), "{error}");
            assert!(error.contains(&format!("{other:?}")) && !error.contains('\n'), "{error}");
        }
    }
}
