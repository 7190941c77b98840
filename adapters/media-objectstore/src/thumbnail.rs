//! Small pictures of pictures, made so that a hostile picture costs no more than allowed.

use std::io::Cursor;

use hubchat_ports::MediaLimits;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder};

/// JPEG quality of a thumbnail.
const QUALITY: u8 = 80;
/// Bytes a pixel at most while decoding: four channels of 16 bits.
const BYTES_PER_PIXEL: u64 = 8;

/// A JPEG of at most `thumbnail_side` pixels a side; `None` when the bytes are no picture that can be
/// decoded within the limits. Metadata do not survive: the pixels are encoded anew, turned upright.
pub(crate) fn make(bytes: &[u8], limits: MediaLimits) -> Option<Vec<u8>> {
    let format = image::guess_format(bytes).ok()?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::Gif | ImageFormat::WebP) {
        return None;
    }
    // The header alone tells the size: a bomb is refused before a pixel is decoded.
    let (width, height) = ImageReader::with_format(Cursor::new(bytes), format).into_dimensions().ok()?;
    if u64::from(width) * u64::from(height) > limits.max_pixels {
        return None;
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut allowed = Limits::default();
    allowed.max_alloc = Some(limits.max_pixels.saturating_mul(BYTES_PER_PIXEL));
    reader.limits(allowed);
    let mut decoder = reader.into_decoder().ok()?;
    let orientation = decoder.orientation().ok();
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    let side = limits.thumbnail_side.max(1);
    if width > side || height > side {
        picture = picture.thumbnail(side, side);
    }
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    let mut small = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut small, QUALITY);
    // JPEG knows no transparency; what is transparent shows the stored colour.
    picture.to_rgb8().write_with_encoder(encoder).ok()?;
    Some(small)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::RgbImage;

    const LIMITS: MediaLimits = MediaLimits { max_bytes: 1 << 20, max_pixels: 1_000_000, thumbnail_side: 64 };

    fn picture(format: ImageFormat, width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        RgbImage::from_pixel(width, height, image::Rgb([200, 30, 30])).write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn real_pictures_become_small_ones() {
        for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
            let small = make(&picture(format, 300, 150), LIMITS).expect("a picture");
            let small = image::load_from_memory(&small).expect("a picture again");
            assert_eq!((small.width(), small.height()), (64, 32), "{format:?}");
        }
        let kept = make(&picture(ImageFormat::Png, 10, 20), LIMITS).expect("a picture");
        assert_eq!(image::load_from_memory(&kept).expect("a picture").height(), 20, "small ones are not blown up");
    }

    #[test]
    fn a_header_that_promises_too_much_is_refused_before_decoding() {
        // A PNG header of 30,000 by 30,000 pixels and nothing behind it.
        let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bomb.extend(30_000_u32.to_be_bytes());
        bomb.extend(30_000_u32.to_be_bytes());
        bomb.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
        assert!(make(&bomb, LIMITS).is_none());
    }

    #[test]
    fn what_is_no_picture_makes_none() {
        for other in [b"%PDF-1.7".as_slice(), b"<svg/>", b"", b"\x89PNG\r\n\x1a\n"] {
            assert!(make(other, LIMITS).is_none());
        }
        let mut cut = picture(ImageFormat::Jpeg, 300, 150);
        cut.truncate(200);
        assert!(make(&cut, LIMITS).is_none());
    }
}
