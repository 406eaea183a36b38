//! Things that may be in the place of a file: folders, pipes and so on.

use std::{
    fmt::{self, Display, Formatter},
    fs, io,
    path::Path,
};

/// Something in the place of a file that is none. Displayed, it is a clause: "train-images-idx3-ubyte is a folder".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// The name under which it is there, with `.gz` if that is in it.
    pub name: String,
    /// The kind of thing.
    pub kind: Kind,
}

/// A kind of thing that is no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// A folder.
    Folder,
    /// A named pipe: reading from it may wait for ever.
    Pipe,
    /// A socket.
    Socket,
    /// A device.
    Device,
    /// A link to nothing.
    DanglingLink,
    /// Something that this program does not know.
    Unknown,
}

impl Display for Obstacle {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {}", self.name, self.kind)
    }
}

impl Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Folder => "a folder",
            Self::Pipe => "a named pipe",
            Self::Socket => "a socket",
            Self::Device => "a device",
            Self::DanglingLink => "a link to nothing",
            Self::Unknown => "no file",
        })
    }
}

impl Kind {
    /// The kind of thing that `path` leads to, or `None` if that is a file. Nothing is opened: that alone may wait for ever.
    pub(crate) fn of(path: &Path) -> io::Result<Option<Self>> {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_file() => Ok(None),
            Ok(metadata) => Ok(Some(Self::of_type(metadata.file_type()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound && path.is_symlink() => {
                Ok(Some(Self::DanglingLink))
            }
            Err(error) => Err(error),
        }
    }

    #[cfg(unix)]
    fn of_type(file_type: fs::FileType) -> Self {
        use std::os::unix::fs::FileTypeExt;
        match file_type {
            kind if kind.is_dir() => Self::Folder,
            kind if kind.is_fifo() => Self::Pipe,
            kind if kind.is_socket() => Self::Socket,
            kind if kind.is_block_device() || kind.is_char_device() => Self::Device,
            _ => Self::Unknown,
        }
    }

    #[cfg(not(unix))]
    fn of_type(file_type: fs::FileType) -> Self {
        if file_type.is_dir() { Self::Folder } else { Self::Unknown }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn sockets_and_devices_are_told_apart() {
        use std::os::unix::net::UnixListener;

        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("socket");
        let _listener = UnixListener::bind(&socket).unwrap();
        assert_eq!(Kind::of(&socket).unwrap(), Some(Kind::Socket));
        assert_eq!(Kind::of(Path::new("/dev/null")).unwrap(), Some(Kind::Device));
        assert_eq!(Kind::of(folder.path()).unwrap(), Some(Kind::Folder));
        assert!(Kind::of(&folder.path().join("absent")).is_err());
    }
}
