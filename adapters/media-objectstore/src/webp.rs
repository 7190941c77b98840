//! What of a WebP file must be known before a decoder may see it.
//!
//! The decoder trusts two numbers that a hostile file may set freely: the length of the EXIF chunk, of
//! which it allocates all, and the size of a lossy frame, which it decodes before comparing it with the
//! size of the picture. Both are read here within the bytes that there are. The container is described at
//! <https://developers.google.com/speed/webp/docs/riff_container>.

use image::metadata::Orientation;

/// Bytes before the first chunk: `RIFF`, a length, `WEBP`.
const HEADER: usize = 12;
/// Bytes of an animation frame before its own chunks.
const FRAME_HEADER: usize = 16;
/// What a key frame of VP8 has after its three bytes of tag (RFC 6386, section 9.1).
const START_CODE: &[u8] = &[0x9d, 0x01, 0x2a];

/// The chunks that begin in these bytes, each with as much of its content as there is.
fn chunks(mut bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    std::iter::from_fn(move || {
        let (name, rest) = bytes.split_at_checked(4)?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let content = rest.get(..length).unwrap_or(rest);
        // Chunks begin at even places.
        bytes = rest.get(length.checked_add(length % 2)?..).unwrap_or_default();
        Some((name, content))
    })
}

/// The pixels of the largest lossy frame, by the frames' own headers.
pub(crate) fn most_frame_pixels(file: &[u8]) -> u64 {
    let outer = || chunks(file.get(HEADER..).unwrap_or_default());
    // The decoder takes a frame's second chunk for the picture whatever its name, so names do not count.
    let inner = outer().flat_map(|(_, content)| chunks(content.get(FRAME_HEADER..).unwrap_or_default()));
    outer().chain(inner).filter_map(|(_, content)| frame_pixels(content)).max().unwrap_or(0)
}

fn frame_pixels(content: &[u8]) -> Option<u64> {
    let sides = content.get(3..)?.strip_prefix(START_CODE)?.first_chunk::<4>()?;
    // The upper two bits of each side are a scale.
    let pixels = |low: u8, high: u8| u64::from(u16::from_le_bytes([low, high]) & 0x3fff);
    Some(pixels(sides[0], sides[1]) * pixels(sides[2], sides[3]))
}

/// How the picture is to be turned, by its EXIF chunk.
pub(crate) fn orientation(file: &[u8]) -> Option<Orientation> {
    let (_, exif) = chunks(file.get(HEADER..)?).find(|(name, _)| *name == b"EXIF")?;
    Orientation::from_exif_chunk(exif)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chunk(name: &str, length: u32, content: &[u8]) -> Vec<u8> {
        [name.as_bytes(), &length.to_le_bytes(), content].concat()
    }

    fn file(chunks: &[Vec<u8>]) -> Vec<u8> {
        [b"RIFF\0\0\0\0WEBP".as_slice(), &chunks.concat()].concat()
    }

    fn key_frame(width: u16, height: u16) -> Vec<u8> {
        [&[0, 0, 0], START_CODE, &width.to_le_bytes(), &height.to_le_bytes()].concat()
    }

    #[test]
    fn frames_are_found_outside_and_inside_of_animations_whatever_their_name() {
        let plain = file(&[chunk("VP8X", 10, &[0; 10]), chunk("VP8 ", 10, &key_frame(300, 200))]);
        assert_eq!(most_frame_pixels(&plain), 60_000);
        let inner = [vec![0; FRAME_HEADER], chunk("ALPH", 1, &[0, 0]), chunk("odd!", 10, &key_frame(1, 7))].concat();
        let animated = file(&[chunk("VP8X", 10, &[0; 10]), chunk("ANMF", u32::try_from(inner.len()).unwrap(), &inner)]);
        assert_eq!(most_frame_pixels(&animated), 7);
        let scaled = file(&[chunk("VP8 ", 10, &key_frame(0xc000 | 2, 0x4000 | 3))]);
        assert_eq!(most_frame_pixels(&scaled), 6);
    }

    #[test]
    fn a_chunk_that_promises_more_than_there_is_ends_with_the_file() {
        let exif = chunk("EXIF", u32::MAX, b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0");
        assert_eq!(orientation(&file(&[exif])), Some(Orientation::Rotate90));
        assert_eq!(orientation(&file(&[])), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reading_fail(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = orientation(&bytes);
            prop_assert!(most_frame_pixels(&bytes) < 1 << 28);
        }
    }
}
