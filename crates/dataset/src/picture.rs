//! Picture files, decoded to grey: PNG, JPEG, WebP, and PGM and its kin.
//!
//! The content of a file tells its format, not its name. Colours become their luma, a transparent picture is laid on the
//! ground that its ink stands out from, and a picture that a camera has noted as turned is turned upright.
//!
//! ```
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("picture.pgm");
//! std::fs::write(&path, b"P5 3 2 255\n\x00\x80\xff\x01\x02\x03")?;
//! let picture = dataset::Picture::open(&path)?;
//! assert_eq!((picture.rows(), picture.columns()), (2, 3));
//! assert_eq!(picture.pixels(), [0, 128, 255, 1, 2, 3]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod fault;

use std::fs;
use std::io::Cursor;
use std::path::Path;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, LumaA};

use crate::Kind;

pub use fault::PictureFault;

/// Larger pictures than this are refused: no camera takes them, and each pixel takes up to eight bytes on the way.
const MOST_PIXELS: u64 = 1 << 27;
/// No PNG unpacks to more bytes than this times its own.
const LARGEST_EXPANSION: u64 = 1040;

/// A grey picture, row by row from the top. 0 is black and 255 is white, whichever of them is the ink.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    rows: usize,
    columns: usize,
    pixels: Vec<u8>,
}

impl Picture {
    /// A picture of `rows × columns` bytes.
    ///
    /// # Panics
    /// If there are not as many pixels, or none.
    pub fn new(pixels: Vec<u8>, rows: usize, columns: usize) -> Self {
        assert!(!pixels.is_empty() && rows.checked_mul(columns) == Some(pixels.len()));
        Self { rows, columns, pixels }
    }

    /// Rows of pixels.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Columns of pixels.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Its pixels, `rows × columns`.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Its pixels, `rows × columns`.
    pub fn into_pixels(self) -> Vec<u8> {
        self.pixels
    }

    /// Reads the picture in a file.
    ///
    /// # Errors
    /// If it is no file, cannot be read, is no picture of a known format, is damaged or is too large.
    pub fn open(path: &Path) -> Result<Self, PictureFault> {
        let found = fs::metadata(path);
        if !found.is_ok_and(|found| found.is_file())
            && let Some(kind) = Kind::of(path).map_err(PictureFault::Io)?
        {
            return Err(PictureFault::NoFile(kind));
        }
        Self::decode(&fs::read(path).map_err(PictureFault::Io)?)
    }

    /// Decodes the bytes of a picture file.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn decode(bytes: &[u8]) -> Result<Self, PictureFault> {
        if bytes.is_empty() {
            return Err(PictureFault::Empty);
        }
        let mut reader =
            ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(PictureFault::Io)?;
        reader.limits(limits());
        let format = reader.format();
        if format.is_none() {
            return Err(PictureFault::Format);
        }
        let mut decoder = reader.into_decoder()?;
        let (columns, rows) = decoder.dimensions();
        let pixels = u64::from(rows) * u64::from(columns);
        // A header is not believed before the file is large enough for it.
        let held = (bytes.len() as u64).saturating_mul(LARGEST_EXPANSION);
        if pixels > MOST_PIXELS {
            return Err(PictureFault::TooLarge { rows, columns });
        }
        if format == Some(ImageFormat::Png) && decoder.total_bytes() / 8 > held {
            return Err(PictureFault::Truncated { rows, columns });
        }
        if pixels == 0 {
            return Err(PictureFault::Empty);
        }
        // The decoder makes up the rest of a photograph that is cut off.
        if format == Some(ImageFormat::Jpeg) && !jpeg_ends(bytes) {
            return Err(PictureFault::Damaged("it is cut off".into()));
        }
        let orientation = decoder.orientation()?;
        let mut image = DynamicImage::from_decoder(decoder)?;
        image.apply_orientation(orientation);
        let (rows, columns) = (image.height() as usize, image.width() as usize);
        Ok(Self { rows, columns, pixels: grey(image) })
    }
}

/// Whether the first scan of a JPEG is followed by the marker of the end. Segments in front of it may hold a small picture
/// with an end of its own.
fn jpeg_ends(bytes: &[u8]) -> bool {
    let mut rest = bytes.get(2..).unwrap_or_default();
    while let &[0xff, marker, high, low, ..] = rest {
        let length = 2 + usize::from(u16::from_be_bytes([high, low]));
        rest = match marker {
            0xda => return rest.windows(2).any(|pair| pair == [0xff, 0xd9]),
            // A filling byte.
            0xff => &rest[1..],
            _ => rest.get(length..).unwrap_or_default(),
        };
    }
    false
}

/// The limits of the decoder: it has buffers of its own beside the picture.
fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_PIXELS * 8);
    limits
}

/// The luma of each pixel, laid on black where the ink is light, and else on white.
fn grey(image: DynamicImage) -> Vec<u8> {
    if !image.color().has_alpha() {
        return image.into_luma8().into_raw();
    }
    let image = image.into_luma_alpha8();
    let [ink, opacity] =
        image.pixels().fold([0_u64; 2], |[ink, opacity], &LumaA([luma, alpha])| {
            [ink + u64::from(luma) * u64::from(alpha), opacity + u64::from(alpha)]
        });
    // Nothing of a picture that is opaque everywhere shows its ground.
    let ground = if ink > opacity * 127 { 0 } else { 255 };
    let on_ground = |&LumaA([luma, alpha]): &LumaA<u8>| {
        let [luma, alpha] = [luma, alpha].map(u32::from);
        ((luma * alpha + ground * (255 - alpha) + 127) / 255) as u8
    };
    image.pixels().map(on_ground).collect()
}
