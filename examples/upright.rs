//! Makes the pictures of a data set upright: four IDX files in one folder become four in another.
//!
//! ```sh
//! cargo run --release --example upright -- ~/mnist /tmp/upright
//! ```

use std::error::Error;
use std::path::PathBuf;

use dataset::{Deskew, Mnist};

fn main() -> Result<(), Box<dyn Error>> {
    let folders: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [from, to] = folders.as_slice() else {
        return Err("name two folders: the one to read and the one to write".into());
    };
    let Mnist { train, test, classes } = Mnist::load(from)?;
    let (train, test) = (Deskew::examples(&train)?, Deskew::examples(&test)?);
    Mnist { train, test, classes }.save(to)?;
    Ok(())
}
