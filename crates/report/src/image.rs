//! Small images that live in the page: PNG in data URIs.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, html};
use png::{BitDepth, ColorType, Encoder, Filter};

use dataset::Scale;

/// Shades of each sign in a [`diverging`](Frame::diverging) image, and of each kind in a [`matrix`].
const LEVELS: i32 = 15;
const NEGATIVE: [u8; 3] = [0x1d, 0x6f, 0xd6];
const POSITIVE: [u8; 3] = [0xd9, 0x3b, 0x1f];
const RIGHT: [u8; 3] = [0x3a, 0x7a, 0xea];
const WRONG: [u8; 3] = [0xec, 0x6c, 0x28];
/// An image that is longer and thinner than this is drawn thicker than it is: a line of one pixel is hard to see.
const THINNEST: f64 = 8.0;

/// How images of one size are shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    /// `[rows, columns]` of an image.
    size: [usize; 2],
    scale: Scale,
}

impl Frame {
    /// For images of `[rows, columns]`, shrunk to at most `most` pixels a side.
    pub(crate) fn new(size: [usize; 2], most: usize) -> Self {
        Self { size, scale: Scale::new(size, [most, most]) }
    }

    /// Grey pixels as ink on paper: 0 is white, 255 black.
    pub(crate) fn ink(&self, pixels: &[u8]) -> String {
        let paper: Vec<u8> = self.scale.greys(pixels).iter().map(|pixel| 255 - pixel).collect();
        data_uri(&paper, self.scale.into_size(), |encoder| encoder.set_color(ColorType::Grayscale))
    }

    /// The numbers that are drawn of an image of numbers.
    pub(crate) fn numbers(&self, numbers: &[f32]) -> Vec<f32> {
        self.scale.means(numbers).into_iter().map(|mean| mean as f32).collect()
    }

    /// The [`numbers`](Self::numbers) of an image, from blue at `-scale` to red at `scale`. Zero is transparent, so it looks
    /// right on any ground.
    pub(crate) fn diverging(&self, numbers: &[f32], scale: f32) -> String {
        let level = |number: &f32| (number / scale * LEVELS as f32).round() as i32;
        let levels: Vec<i32> = numbers.iter().map(|x| level(x).clamp(-LEVELS, LEVELS)).collect();
        shaded(&levels, self.scale.into_size(), [NEGATIVE, POSITIVE])
    }

    /// An image of this frame.
    pub(crate) fn image(&self, kind: &str, source: &str, description: &str) -> Markup {
        let [rows, columns] = self.size.map(|side| side as f64);
        let proportion = (columns / rows).clamp(1.0 / THINNEST, THINNEST);
        let class = if proportion < 1.0 { format!("{kind} tall") } else { kind.to_owned() };
        html! {
            img class=(class) style={ "aspect-ratio:" (format!("{proportion:.4}")) } src=(source) alt=(description);
        }
    }

    /// A note for the reader about images of this frame, if they are not drawn as they are.
    pub(crate) fn note(&self) -> Option<String> {
        let drawn = self.scale.into_size();
        let [[rows, columns], [drawn_rows, drawn_columns]] = [self.size, drawn];
        let (long, short) = (rows.max(columns) as f64, rows.min(columns) as f64);
        let smaller = format!("in {drawn_rows}×{drawn_columns}");
        let how = match (self.size != drawn, long > THINNEST * short) {
            (false, false) => return None,
            (true, false) => smaller,
            (false, true) => "thicker than they are".to_owned(),
            (true, true) => format!("{smaller}, and thicker than they are"),
        };
        Some(format!("Images of {rows}×{columns} pixels are drawn {how}."))
    }
}

/// A square of `side × side` cells, of which those given are shaded: row, column, whether it is right or wrong, and how
/// strongly, from 0 to 1.
pub(crate) fn matrix(
    side: usize,
    cells: impl Iterator<Item = (usize, usize, bool, f64)>,
) -> String {
    let mut levels = vec![0; side * side];
    for (row, column, right, strength) in cells {
        // Never so faint that it is missed.
        let level = 3 + (strength * f64::from(LEVELS - 3)).round() as i32;
        levels[row * side + column] = if right { -level } else { level };
    }
    shaded(&levels, [side, side], [RIGHT, WRONG])
}

/// The colours of [`diverging`](Frame::diverging) images from end to end, as the stops of a CSS gradient.
pub(crate) fn gradient() -> String {
    let stop = |[red, green, blue]: [u8; 3], alpha| format!("rgba({red},{green},{blue},{alpha})");
    let stops = [(NEGATIVE, 1), (NEGATIVE, 0), (POSITIVE, 0), (POSITIVE, 1)];
    let [first, fading, rising, last] = stops.map(|(colour, alpha)| stop(colour, alpha));
    format!("{first},{fading} 50%,{rising} 50%,{last}")
}

/// Levels from `-LEVELS` to `LEVELS` in two colours, the one for those below zero first: the nearer to zero, the more
/// transparent.
fn shaded(levels: &[i32], size: [usize; 2], [below, above]: [[u8; 3]; 2]) -> String {
    let indices: Vec<u8> = levels.iter().map(|level| (level + LEVELS) as u8).collect();
    data_uri(&indices, size, |encoder| {
        let levels = -LEVELS..=LEVELS;
        let colour = |level: i32| if level < 0 { below } else { above };
        encoder.set_color(ColorType::Indexed);
        encoder.set_palette(levels.clone().flat_map(colour).collect::<Vec<u8>>());
        encoder
            .set_trns(levels.map(|level| (level.abs() * 255 / LEVELS) as u8).collect::<Vec<u8>>());
    })
}

fn data_uri(
    pixels: &[u8],
    [rows, columns]: [usize; 2],
    set_up: impl FnOnce(&mut Encoder<&mut Vec<u8>>),
) -> String {
    let mut file = Vec::new();
    let side = |length: usize| u32::try_from(length).expect("images of the page are small");
    let mut encoder = Encoder::new(&mut file, side(columns), side(rows));
    encoder.set_depth(BitDepth::Eight);
    // Flat grounds and palette indices: predicting from neighbours only adds noise.
    encoder.set_filter(Filter::NoFilter);
    set_up(&mut encoder);
    encoder
        .write_header()
        .and_then(|mut writer| {
            writer.write_image_data(pixels)?;
            writer.finish()
        })
        .expect("memory takes every image that has pixels");
    format!("data:image/png;base64,{}", STANDARD.encode(file))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The pixels in a data URI as red, green, blue, alpha.
    pub(crate) fn decoded(uri: &str) -> (u32, u32, Vec<[u8; 4]>) {
        let file = STANDARD.decode(uri.strip_prefix("data:image/png;base64,").unwrap()).unwrap();
        let mut decoder = png::Decoder::new(std::io::Cursor::new(file));
        decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::ALPHA);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        let rgba = |pixel: &[u8]| match *pixel {
            [grey, alpha] => [grey, grey, grey, alpha],
            [red, green, blue, alpha] => [red, green, blue, alpha],
            _ => panic!("{info:?}"),
        };
        let samples = info.color_type.samples();
        (info.width, info.height, pixels.chunks(samples).map(rgba).collect())
    }

    #[test]
    fn ink_is_dark_on_white() {
        let (width, height, pixels) = decoded(&Frame::new([2, 3], 9).ink(&[0, 255, 100, 0, 0, 7]));
        assert_eq!((width, height), (3, 2));
        assert_eq!(
            pixels.iter().map(|pixel| pixel[0]).collect::<Vec<_>>(),
            [255, 0, 155, 255, 255, 248]
        );
    }

    #[test]
    fn numbers_diverge_from_a_transparent_zero() {
        let frame = Frame::new([3, 2], 9);
        let numbers = frame.numbers(&[-2.0, -1.0, 0.0, 0.5, 1.0, 9.0]);
        let (width, height, pixels) = decoded(&frame.diverging(&numbers, 1.0));
        assert_eq!((width, height), (2, 3));
        let [red, green, blue] = NEGATIVE;
        assert_eq!(
            pixels[..2],
            [[red, green, blue, 255]; 2],
            "what is off the scale has its end's colour"
        );
        assert_eq!(pixels[2][3], 0);
        let [red, green, blue] = POSITIVE;
        assert_eq!(pixels[4..], [[red, green, blue, 255]; 2]);
        assert!(pixels[3][..3] == POSITIVE && (120..=145).contains(&pixels[3][3]), "{pixels:?}");
    }

    #[test]
    fn large_images_are_shrunk_and_thin_ones_widened() {
        // A bright line in 1000×500 pixels, much thinner than what is drawn.
        let mut pixels = vec![0; 1000 * 500];
        pixels[..500].fill(200);
        let frame = Frame::new([1000, 500], 100);
        let (width, height, drawn) = decoded(&frame.ink(&pixels));
        assert_eq!((width, height), (50, 100));
        assert!(drawn[..50].iter().all(|pixel| pixel[0] == 55), "as dark as it was: {drawn:?}");
        assert!(drawn[50..].iter().all(|pixel| pixel[0] == 255));
        let numbers = frame.numbers(&vec![-3.0; 1000 * 500]);
        assert_eq!(numbers, [-3.0; 50 * 100]);
        let note = "Images of 1000×500 pixels are drawn in 100×50.";
        assert_eq!(frame.note().unwrap(), note);

        for (size, class, proportion, note) in [
            ([28, 28], "ink", "1.0000", ""),
            ([28, 14], "ink tall", "0.5000", ""),
            ([1, 100], "ink", "8.0000", "Images of 1×100 pixels are drawn thicker than they are."),
            ([2000, 1], "ink tall", "0.1250", "drawn in 128×1, and thicker than they are."),
            ([2000, 250], "ink tall", "0.1250", "Images of 2000×250 pixels are drawn in 128×16."),
        ] {
            let frame = Frame::new(size, 128);
            let image = frame.image("ink", "data:", "an image").into_string();
            let expected = format!("<img class=\"{class}\" style=\"aspect-ratio:{proportion}\"");
            assert!(image.starts_with(&expected), "{size:?}: {image}");
            let found = frame.note().unwrap_or_default();
            assert!(found.ends_with(note) && found.is_empty() == note.is_empty(), "{found}");
        }
    }

    #[test]
    fn cells_of_a_matrix_have_their_places() {
        let cells = [(0, 0, true, 1.0), (0, 2, false, 0.0), (2, 1, false, 1.0)];
        let (width, height, pixels) = decoded(&matrix(3, cells.into_iter()));
        assert_eq!((width, height), (3, 3));
        let alphas: Vec<u8> = pixels.iter().map(|pixel| pixel[3]).collect();
        assert_eq!(alphas, [255, 0, 51, 0, 0, 0, 0, 255, 0]);
        assert_eq!(
            [pixels[0], pixels[2], pixels[7]].map(|p| [p[0], p[1], p[2]]),
            [RIGHT, WRONG, WRONG]
        );
    }
}
