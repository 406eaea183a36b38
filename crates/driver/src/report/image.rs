//! Small images that live in the page: PNG in data URIs.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use png::{BitDepth, ColorType, Encoder, Filter};

/// Shades of each sign in a [`diverging`] image.
const LEVELS: i32 = 15;
const NEGATIVE: [u8; 3] = [0x1d, 0x6f, 0xd6];
const POSITIVE: [u8; 3] = [0xd9, 0x3b, 0x1f];

/// Grey pixels, `columns` a row, as ink on paper: 0 is white, 255 black.
pub(super) fn ink(pixels: &[u8], columns: usize) -> String {
    let paper: Vec<u8> = pixels.iter().map(|pixel| 255 - pixel).collect();
    data_uri(&paper, columns, |encoder| encoder.set_color(ColorType::Grayscale))
}

/// Numbers, `columns` a row, from blue at `-scale` to red at `scale`. Zero is transparent, so it looks right on any ground.
pub(super) fn diverging(numbers: &[f32], columns: usize, scale: f32) -> String {
    let level = |number: &f32| (number / scale * LEVELS as f32).round() as i32;
    let indices: Vec<u8> =
        numbers.iter().map(|x| (level(x).clamp(-LEVELS, LEVELS) + LEVELS) as u8).collect();
    data_uri(&indices, columns, |encoder| {
        let levels = -LEVELS..=LEVELS;
        let colour = |level: i32| if level < 0 { NEGATIVE } else { POSITIVE };
        encoder.set_color(ColorType::Indexed);
        encoder.set_palette(levels.clone().flat_map(colour).collect::<Vec<u8>>());
        encoder
            .set_trns(levels.map(|level| (level.abs() * 255 / LEVELS) as u8).collect::<Vec<u8>>());
    })
}

/// The colours of [`diverging`] from end to end, as the stops of a CSS gradient.
pub(super) fn gradient() -> String {
    let stop = |[red, green, blue]: [u8; 3], alpha| format!("rgba({red},{green},{blue},{alpha})");
    let stops = [(NEGATIVE, 1), (NEGATIVE, 0), (POSITIVE, 0), (POSITIVE, 1)];
    let [first, fading, rising, last] = stops.map(|(colour, alpha)| stop(colour, alpha));
    format!("{first},{fading} 50%,{rising} 50%,{last}")
}

fn data_uri(
    pixels: &[u8],
    columns: usize,
    set_up: impl FnOnce(&mut Encoder<&mut Vec<u8>>),
) -> String {
    let mut file = Vec::new();
    let size = |length: usize| u32::try_from(length).expect("an image side fits IDX's 32 bits");
    let mut encoder = Encoder::new(&mut file, size(columns), size(pixels.len() / columns));
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
pub(super) mod tests {
    use super::*;

    /// The pixels in a data URI as red, green, blue, alpha.
    pub(in super::super) fn decoded(uri: &str) -> (u32, u32, Vec<[u8; 4]>) {
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
        let (width, height, pixels) = decoded(&ink(&[0, 255, 100, 0, 0, 7], 3));
        assert_eq!((width, height), (3, 2));
        assert_eq!(
            pixels.iter().map(|pixel| pixel[0]).collect::<Vec<_>>(),
            [255, 0, 155, 255, 255, 248]
        );
    }

    #[test]
    fn numbers_diverge_from_a_transparent_zero() {
        let (width, height, pixels) =
            decoded(&diverging(&[-2.0, -1.0, 0.0, 0.5, 1.0, 9.0], 2, 1.0));
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
}
