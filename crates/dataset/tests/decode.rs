//! Picture files of all formats, sound and broken.

use std::fs;
use std::io::Cursor;

use dataset::{Picture, PictureFault};
use image::{DynamicImage, GrayImage, ImageFormat, RgbaImage};
use testing::Random;

fn encode(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A picture of a random size, noise all over.
fn noise(random: &mut Random) -> GrayImage {
    let [columns, rows] = [0; 2].map(|_| 1 + random.below(40) as u32);
    GrayImage::from_fn(columns, rows, |_, _| [random.byte()].into())
}

fn pixels(bytes: &[u8]) -> Vec<u8> {
    Picture::decode(bytes).unwrap().into_pixels()
}

#[test]
fn exact_formats_come_back_as_they_were() {
    let mut random = Random(1);
    for _ in 0..50 {
        let picture = noise(&mut random);
        let [grey, colour, deep] = [
            DynamicImage::from(picture.clone()),
            DynamicImage::from(picture.clone()).into_rgb8().into(),
            DynamicImage::from(picture.clone()).into_luma16().into(),
        ];
        for (image, format) in [
            (&grey, ImageFormat::Png),
            (&grey, ImageFormat::Pnm),
            (&colour, ImageFormat::Png),
            (&colour, ImageFormat::WebP),
            (&deep, ImageFormat::Png),
        ] {
            let decoded = Picture::decode(&encode(image, format)).unwrap();
            assert_eq!(
                (decoded.rows(), decoded.columns()),
                (picture.height() as usize, picture.width() as usize)
            );
            assert_eq!(decoded.pixels(), &*picture, "{format:?}");
        }
    }
}

#[test]
fn a_photograph_comes_back_nearly() {
    let smooth = GrayImage::from_fn(37, 21, |x, y| [(40 + 3 * x + 4 * y) as u8].into());
    let decoded = pixels(&encode(&smooth.clone().into(), ImageFormat::Jpeg));
    assert!(decoded.iter().zip(&*smooth).all(|(a, b)| a.abs_diff(*b) < 8));
}

#[test]
fn what_is_transparent_is_the_ground_that_the_ink_stands_out_from() {
    for (ink, ground) in [(0, 255), (250, 0), (100, 255), (200, 0)] {
        let image = RgbaImage::from_fn(9, 7, |x, _| {
            let alpha = if x == 4 { 255 } else { 0 };
            // Below what nobody sees, programs leave any colour.
            let luma = if x == 4 { ink } else { 77 };
            [luma, luma, luma, alpha].into()
        });
        let decoded = pixels(&encode(&image.into(), ImageFormat::Png));
        for row in decoded.chunks(9) {
            let expected: Vec<u8> = (0..9).map(|x| if x == 4 { ink } else { ground }).collect();
            assert_eq!(row, expected, "ink {ink}");
        }
    }
}

/// A JPEG with a note that the camera was turned.
fn turned(image: &GrayImage, orientation: u8) -> Vec<u8> {
    let jpeg = encode(&image.clone().into(), ImageFormat::Jpeg);
    let entry = [0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0];
    let tiff = [b"II*\0\x08\0\0\0\x01\0", &entry[..], &[0; 4]].concat();
    let length = (2 + 6 + tiff.len() as u16).to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, b"Exif\0\0", &tiff, &jpeg[2..]].concat()
}

#[test]
fn a_turned_photograph_is_turned_upright() {
    // Dark above, light below; wider than high.
    let image = GrayImage::from_fn(24, 16, |_, y| [if y < 8 { 20 } else { 230 }].into());
    for (orientation, size, dark) in [
        (1, (16, 24), (1, 12)),
        (3, (16, 24), (14, 12)),
        (6, (24, 16), (12, 14)),
        (8, (24, 16), (12, 1)),
    ] {
        let decoded = Picture::decode(&turned(&image, orientation)).unwrap();
        assert_eq!((decoded.rows(), decoded.columns()), size, "{orientation}");
        let (row, column) = dark;
        assert!(decoded.pixels()[row * size.1 + column] < 60, "{orientation}");
    }
}

#[test]
fn broken_files_are_refused_in_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = Random(2);
    let noise = DynamicImage::from(GrayImage::from_fn(30, 30, |_, _| [random.byte()].into()));
    let png = encode(&noise, ImageFormat::Png);
    let jpeg = encode(&noise, ImageFormat::Jpeg);
    // The sizes stand behind the signature and the name of the first chunk; its checksum has to fit.
    let sized = |size: u32| {
        let mut bytes = png.clone();
        bytes[16..20].copy_from_slice(&size.to_be_bytes());
        bytes[20..24].copy_from_slice(&size.to_be_bytes());
        let checksum = crc32(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&checksum.to_be_bytes());
        bytes
    };
    let mut flipped = png.clone();
    *flipped.last_chunk_mut::<40>().unwrap() = [0xaa; 40];
    let cases: [(&str, Vec<u8>, &str); 11] = [
        ("empty", vec![], "it is empty"),
        ("text", b"hello, this is no picture".to_vec(), "no PNG, JPEG, WebP or PGM"),
        ("gif", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), "no PNG, JPEG"),
        ("cut", png[..png.len() / 2].to_vec(), "damaged"),
        ("signature", png[..8].to_vec(), "damaged"),
        ("flipped", flipped, "damaged"),
        ("jpeg", jpeg[..30].to_vec(), "damaged"),
        ("half", jpeg[..jpeg.len() / 2].to_vec(), "it is cut off"),
        ("huge", sized(60_000), "60000 × 60000 pixels, and the most"),
        ("lies", sized(9_000), "announces 9000 × 9000 pixels"),
        ("pgm", b"P5 30 30 255\nshort".to_vec(), "damaged"),
    ];
    for (name, bytes, cause) in cases {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let fault = Picture::open(&path).unwrap_err().to_string();
        assert!(fault.contains(cause) && !fault.contains('\n'), "{name}: {fault}");
    }
    let fault = Picture::open(folder.path()).unwrap_err();
    assert!(matches!(fault, PictureFault::NoFile(_)), "{fault}");
    let fault = Picture::open(&folder.path().join("absent")).unwrap_err();
    assert!(matches!(fault, PictureFault::Io(_)), "{fault}");
}

#[test]
fn no_file_makes_it_panic() {
    let mut random = Random(3);
    let picture = DynamicImage::from(GrayImage::from_fn(20, 14, |x, y| [(x * y) as u8].into()));
    let colour = DynamicImage::from(picture.to_rgb8());
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Pnm] {
        let sound = encode(&colour, format);
        for _ in 0..500 {
            let mut bytes = sound.clone();
            for _ in 0..1 + random.below(4) {
                let at = random.below(bytes.len());
                bytes[at] = random.byte();
            }
            bytes.truncate(1 + random.below(2 * bytes.len()).min(bytes.len() - 1));
            if let Ok(picture) = Picture::decode(&bytes) {
                assert_eq!(picture.pixels().len(), picture.rows() * picture.columns());
            }
        }
    }
}

/// The checksum of a chunk of PNG.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 }
        })
    })
}
