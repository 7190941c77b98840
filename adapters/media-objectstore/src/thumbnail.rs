//! Small pictures of pictures, made so that a hostile picture costs no more than allowed.

use std::io::Cursor;

use hubchat_ports::MediaLimits;
use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, ImageResult, Limits, RgbImage, Rgba,
    codecs::jpeg::JpegEncoder, metadata::Orientation,
};

use crate::webp;

/// JPEG quality of a thumbnail.
const QUALITY: u8 = 80;
/// The longest side of a JPEG.
const LONGEST_SIDE: u32 = 65_500;
/// Bytes a pixel at most while decoding: four channels of 16 bits.
const BYTES_PER_PIXEL: u64 = 8;

/// A JPEG of at most `thumbnail_side` pixels a side; `None` when the bytes are no picture that can be
/// decoded within the limits. Metadata do not survive: the pixels are encoded anew, turned upright.
/// Of a moving picture the first frame is taken.
pub(crate) fn make(bytes: &[u8], limits: MediaLimits) -> Option<Vec<u8>> {
    let format = image::guess_format(bytes).ok()?;
    let known = matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::Gif | ImageFormat::WebP);
    if !known || (format == ImageFormat::WebP && webp::most_frame_pixels(bytes) > limits.max_pixels) {
        return None;
    }
    let (picture, orientation) = decode(bytes, format, limits).ok()??;
    let side = limits.thumbnail_side.clamp(1, LONGEST_SIDE);
    let mut small = if picture.width().max(picture.height()) > side { picture.thumbnail(side, side) } else { picture };
    small.apply_orientation(orientation);
    encode(small).ok()
}

/// `None` when the picture has more pixels than allowed, or a side that is longer.
fn decode(bytes: &[u8], format: ImageFormat, limits: MediaLimits) -> ImageResult<Option<(DynamicImage, Orientation)>> {
    let mut allowed = Limits::default();
    allowed.max_alloc = Some(limits.max_pixels.saturating_mul(BYTES_PER_PIXEL));
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(allowed.clone());
    // The header alone tells the size: a bomb is refused before a pixel is decoded.
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > limits.max_pixels || width.max(height) > limits.max_side {
        return Ok(None);
    }
    allowed.reserve(decoder.total_bytes())?;
    decoder.set_limits(allowed)?;
    // A picture without a readable note on how it was held is upright.
    let orientation = match format {
        ImageFormat::WebP => webp::orientation(bytes),
        _ => decoder.orientation().ok(),
    };
    let picture = DynamicImage::from_decoder(decoder)?;
    Ok(Some((picture, orientation.unwrap_or(Orientation::NoTransforms))))
}

fn encode(picture: DynamicImage) -> ImageResult<Vec<u8>> {
    let opaque = if picture.color().has_alpha() { on_white(&picture) } else { picture.into_rgb8() };
    let mut jpeg = Vec::new();
    opaque.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, QUALITY))?;
    Ok(jpeg)
}

/// JPEG knows no transparency, and what lies under it is often black or was meant to stay hidden.
fn on_white(picture: &DynamicImage) -> RgbImage {
    let mut paper = DynamicImage::ImageRgba8(image::RgbaImage::from_pixel(
        picture.width(),
        picture.height(),
        Rgba([255, 255, 255, 255]),
    ));
    image::imageops::overlay(&mut paper, picture, 0, 0);
    paper.into_rgb8()
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{GenericImageView, RgbaImage};

    const LIMITS: MediaLimits =
        MediaLimits { max_bytes: 1 << 20, max_pixels: 1_000_000, max_side: 1_000_000, thumbnail_side: 64 };
    const FORMATS: [ImageFormat; 4] = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif];

    fn written(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.into().write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn red(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
        written(RgbImage::from_pixel(width, height, image::Rgb([200, 30, 30])), format)
    }

    fn small(bytes: &[u8]) -> DynamicImage {
        let jpeg = make(bytes, LIMITS).expect("a thumbnail");
        image::load_from_memory_with_format(&jpeg, ImageFormat::Jpeg).expect("a JPEG")
    }

    #[test]
    fn pictures_become_small_ones_of_the_same_shape_and_colour() {
        for format in FORMATS {
            let small = small(&red(format, 300, 150));
            assert_eq!(small.dimensions(), (64, 32), "{format:?}");
            let pixel = small.get_pixel(32, 16).0;
            assert!(pixel[0].abs_diff(200) < 10 && pixel[1].abs_diff(30) < 10, "{format:?} {pixel:?}");
        }
        assert_eq!(small(&red(ImageFormat::Png, 1, 10_000)).dimensions(), (1, 64));
    }

    #[test]
    fn small_pictures_are_not_blown_up() {
        assert_eq!(small(&red(ImageFormat::Png, 10, 20)).dimensions(), (10, 20));
    }

    #[test]
    fn pictures_of_sixteen_bits_or_of_grey_become_small_ones_too() {
        let deep = DynamicImage::ImageRgba16(image::ImageBuffer::from_pixel(100, 50, Rgba([65_535_u16; 4])));
        assert_eq!(small(&written(deep, ImageFormat::Png)).dimensions(), (64, 32));
        let grey = DynamicImage::ImageLumaA8(image::ImageBuffer::from_pixel(100, 50, image::LumaA([9, 255])));
        assert_eq!(small(&written(grey, ImageFormat::Png)).dimensions(), (64, 32));
    }

    #[test]
    fn what_is_transparent_becomes_white() {
        let glass = written(RgbaImage::from_pixel(10, 10, Rgba([0, 0, 0, 0])), ImageFormat::Png);
        assert!(small(&glass).get_pixel(5, 5).0[0] > 250);
    }

    /// A JPEG with an APP1 segment that says how it was held.
    fn held(orientation: u8) -> Vec<u8> {
        let jpeg = red(ImageFormat::Jpeg, 300, 150);
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
        exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
        exif.extend(b"secret place");
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
    }

    #[test]
    fn a_picture_held_sideways_is_turned_upright_and_its_notes_are_dropped() {
        let sideways = held(6);
        assert_eq!(small(&sideways).dimensions(), (32, 64));
        assert_eq!(small(&held(1)).dimensions(), (64, 32));
        let jpeg = make(&sideways, LIMITS).unwrap();
        assert!(!jpeg.windows(4).any(|window| window == b"Exif" || window == b"secr"));
    }

    #[test]
    fn a_header_that_promises_too_much_is_refused_before_decoding() {
        let mut png = red(ImageFormat::Png, 1, 1);
        let side = 30_000_u32.to_be_bytes();
        png[16..20].copy_from_slice(&side);
        png[20..24].copy_from_slice(&side);
        let sum = crc(&png[12..29]).to_be_bytes();
        png[29..33].copy_from_slice(&sum);
        let mut gif = red(ImageFormat::Gif, 1, 1);
        gif[6..10].copy_from_slice(&[0x30, 0x75, 0x30, 0x75]);
        let jpeg = red(ImageFormat::Jpeg, 1, 1);
        let frame = jpeg.windows(2).position(|window| window == [0xff, 0xc0]).unwrap();
        let jpeg = [&jpeg[..frame + 5], &[0x75, 0x30, 0x75, 0x30], &jpeg[frame + 9..]].concat();
        for (bomb, format) in [(&png, ImageFormat::Png), (&gif, ImageFormat::Gif), (&jpeg, ImageFormat::Jpeg)] {
            assert_eq!(image::guess_format(bomb).unwrap(), format);
            let told = ImageReader::with_format(Cursor::new(bomb), format).into_dimensions().unwrap();
            assert_eq!(told, (30_000, 30_000), "the header is believed");
            assert!(matches!(decode(bomb, format, LIMITS), Ok(None) | Err(image::ImageError::Limits(_))), "{format:?}");
            assert!(make(bomb, LIMITS).is_none());
        }
    }

    /// The checksum of a PNG chunk (ISO 3309).
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 * (crc & 1)))
        })
    }

    #[test]
    fn a_small_webp_around_a_large_frame_is_refused() {
        let mut webp = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0VP8 \x0a\0\0\0\0\0\0\x9d\x01\x2a".to_vec();
        webp.extend([0xff, 0x3f, 0xff, 0x3f]);
        assert_eq!(webp::most_frame_pixels(&webp), 0x3fff * 0x3fff);
        assert!(make(&webp, LIMITS).is_none());
    }

    #[test]
    fn what_is_no_picture_makes_none() {
        let tiff = b"II*\0\x08\0\0\0\0\0";
        for other in [b"%PDF-1.7".as_slice(), b"<svg/>", b"<html>", b"BM", tiff, b"", b"\x89PNG\r\n\x1a\n"] {
            assert!(make(other, LIMITS).is_none());
        }
        for format in FORMATS {
            let mut cut = red(format, 300, 150);
            cut.truncate(cut.len() / 4);
            let _ = make(&cut, LIMITS);
            cut.truncate(20);
            assert!(make(&cut, LIMITS).is_none(), "{format:?}");
        }
    }

    #[test]
    fn a_page_that_begins_like_a_picture_makes_none() {
        assert!(make(b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script>", LIMITS).is_none());
        assert!(make(b"GIF89a<script>alert(1)</script>", LIMITS).is_none());
    }
}
