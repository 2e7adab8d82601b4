//! From the bytes that somebody sent to a small picture of our own.

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, ImageResult, Limits,
    codecs::{jpeg::JpegEncoder, png::PngEncoder},
    imageops::FilterType,
};

use crate::refusal::Refusal;

/// The longest side of what is kept, in pixels.
const MAX_SIDE: u32 = 512;
/// The largest picture that is decoded: a phone's, with some room.
const MAX_MEGAPIXELS: u64 = 50;
/// The most memory for a decoded picture: four bytes for each pixel.
const MAX_DECODED_BYTES: u64 = MAX_MEGAPIXELS * 1_000_000 * 4;
const JPEG_QUALITY: u8 = 85;

/// A picture as it is stored.
#[derive(Debug)]
pub(super) struct Encoded {
    pub(super) bytes: Vec<u8>,
    pub(super) content_type: &'static str,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// Decodes, turns, shrinks and encodes. Takes up to seconds: not for an async thread.
pub(super) fn encode(bytes: &[u8]) -> Result<Encoded, Refusal> {
    let picture = shrink(decode(bytes)?);
    write(&picture).map_err(|_| Refusal::NotAnImage)
}

/// What the bytes are is read from the bytes: names and headers may lie.
fn decode(bytes: &[u8]) -> Result<DynamicImage, Refusal> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let mut reader = reader.map_err(|_| Refusal::NotAnImage)?;
    let allowed = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP];
    if !reader
        .format()
        .is_some_and(|format| allowed.contains(&format))
    {
        return Err(Refusal::NotAnImage);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_DECODED_BYTES + MAX_DECODED_BYTES / 2);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| Refusal::NotAnImage)?;
    // Before anything is decoded: a few bytes may claim a huge picture.
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MAX_MEGAPIXELS * 1_000_000 || decoder.total_bytes() > MAX_DECODED_BYTES {
        return Err(Refusal::TooManyPixels {
            max_megapixels: MAX_MEGAPIXELS,
        });
    }
    let orientation = decoder.orientation();
    let picture = DynamicImage::from_decoder(decoder);
    let mut picture = picture.map_err(|_| Refusal::NotAnImage)?;
    // A broken EXIF block does not spoil the picture.
    if let Ok(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    Ok(picture)
}

fn shrink(picture: DynamicImage) -> DynamicImage {
    if picture.width().max(picture.height()) <= MAX_SIDE {
        return picture;
    }
    // Lanczos over a phone's picture takes seconds: averaging does the coarse work.
    let coarse = if picture.width().max(picture.height()) > 4 * MAX_SIDE {
        picture.thumbnail(2 * MAX_SIDE, 2 * MAX_SIDE)
    } else {
        picture
    };
    coarse.resize(MAX_SIDE, MAX_SIDE, FilterType::Lanczos3)
}

fn write(picture: &DynamicImage) -> ImageResult<Encoded> {
    let mut bytes = Vec::new();
    let content_type = if is_transparent(picture) {
        let picture = picture.to_rgba8();
        picture.write_with_encoder(PngEncoder::new(&mut bytes))?;
        "image/png"
    } else {
        let picture = picture.to_rgb8();
        picture.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY))?;
        "image/jpeg"
    };
    Ok(Encoded {
        bytes,
        content_type,
        width: picture.width(),
        height: picture.height(),
    })
}

fn is_transparent(picture: &DynamicImage) -> bool {
    picture.color().has_alpha()
        && picture
            .to_rgba8()
            .pixels()
            .any(|pixel| pixel.0[3] != u8::MAX)
}

#[cfg(test)]
mod tests {
    use image::{ImageEncoder, Rgb, RgbImage, Rgba, RgbaImage};

    use super::*;

    /// Red on the left, blue on the right.
    fn two_colours(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, _| {
            if x < width / 2 {
                Rgb([255, 0, 0])
            } else {
                Rgb([0, 0, 255])
            }
        })
    }

    /// A JPEG with an EXIF block that holds an orientation.
    fn turned_jpeg(picture: &RgbImage, orientation: u8) -> Vec<u8> {
        // TIFF header, one entry: Orientation (0x0112), SHORT, one value.
        let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
        exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new(&mut bytes);
        encoder.set_exif_metadata(exif).unwrap();
        picture.write_with_encoder(encoder).unwrap();
        bytes
    }

    fn format_of(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn is_red(pixel: Rgb<u8>) -> bool {
        pixel.0[0] > 200 && pixel.0[2] < 50
    }

    #[test]
    fn shrinks_to_512_pixels_and_keeps_the_proportions() {
        let picture = DynamicImage::from(two_colours(3000, 1500));
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
            let encoded = encode(&format_of(&picture, format)).unwrap();
            assert_eq!((encoded.width, encoded.height), (512, 256), "{format:?}");
            assert_eq!(encoded.content_type, "image/jpeg");
            let again = image::load_from_memory(&encoded.bytes).unwrap().to_rgb8();
            assert_eq!(again.dimensions(), (512, 256));
            assert!(is_red(*again.get_pixel(10, 10)));
            assert!(!is_red(*again.get_pixel(500, 10)));
        }
    }

    #[test]
    fn does_not_enlarge() {
        let picture = DynamicImage::from(two_colours(20, 10));
        let encoded = encode(&format_of(&picture, ImageFormat::Png)).unwrap();
        assert_eq!((encoded.width, encoded.height), (20, 10));
    }

    #[test]
    fn turns_by_exif_and_drops_it() {
        // 6: the top of the scene is at the right of the stored picture.
        let bytes = turned_jpeg(&two_colours(64, 32), 6);
        let encoded = encode(&bytes).unwrap();
        assert_eq!((encoded.width, encoded.height), (32, 64));
        let again = image::load_from_memory(&encoded.bytes).unwrap().to_rgb8();
        assert!(is_red(*again.get_pixel(16, 4)));
        assert!(!is_red(*again.get_pixel(16, 60)));
        let holds = |bytes: &[u8]| bytes.windows(4).any(|window| window == b"Exif");
        assert!(holds(&bytes));
        assert!(!holds(&encoded.bytes));
    }

    #[test]
    fn keeps_transparency_as_png() {
        let glass = RgbaImage::from_pixel(600, 600, Rgba([0, 255, 0, 100]));
        let encoded = encode(&format_of(&glass.into(), ImageFormat::Png)).unwrap();
        assert_eq!(encoded.content_type, "image/png");
        let again = image::load_from_memory(&encoded.bytes).unwrap().to_rgba8();
        assert_eq!(again.get_pixel(5, 5).0, [0, 255, 0, 100]);
        let opaque = RgbaImage::from_pixel(6, 6, Rgba([0, 255, 0, 255]));
        let encoded = encode(&format_of(&opaque.into(), ImageFormat::Png)).unwrap();
        assert_eq!(encoded.content_type, "image/jpeg");
    }

    #[test]
    fn refuses_what_is_no_picture() {
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>".as_slice();
        let jpeg = format_of(&two_colours(64, 64).into(), ImageFormat::Jpeg);
        let gif = b"GIF89a\x01\0\x01\0\0\0\0;".as_slice();
        for bytes in [b"".as_slice(), b"hello", svg, gif, &jpeg[..40]] {
            assert_eq!(encode(bytes).unwrap_err(), Refusal::NotAnImage);
        }
    }

    #[test]
    fn refuses_a_decompression_bomb_before_decoding_it() {
        // 50,001 x 1,000 pixels of one colour: a few kilobytes as PNG.
        let mut bytes = Vec::new();
        let flat = vec![0; 50_001 * 1_000];
        PngEncoder::new(&mut bytes)
            .write_image(&flat, 50_001, 1_000, image::ExtendedColorType::L8)
            .unwrap();
        let refusal = encode(&bytes).unwrap_err();
        assert_eq!(refusal, Refusal::TooManyPixels { max_megapixels: 50 });
    }
}
