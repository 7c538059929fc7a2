//! Uploaded pictures: decoded within limits, drawn anew. The bytes that somebody sent are never kept and never served.
//!
//! *What is not here.* What a picture is for and how large it must be (`catalog`, `selling`).

use std::io::Cursor;

use domain::outcome::FieldProblem;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, RgbaImage};

/// The largest upload, in bytes (functions.md 1.3 and 3.2).
pub(crate) const MOST_UPLOAD_BYTES: usize = 5 * 1024 * 1024;
/// The longest side of an upload, in pixels.
const MOST_SIDE: u32 = 4096;
/// How much of a photograph's detail stays, of 100.
const JPEG_QUALITY: u8 = 85;

/// A file that is larger than any upload may be.
pub(crate) fn too_large(field: &'static str) -> FieldProblem {
    FieldProblem::new(field, "image_too_large").with("most", "5 MB")
}

/// The picture in an upload, upright; each side is at least `least` pixels long.
pub(crate) fn decoded(
    field: &'static str,
    bytes: &[u8],
    (least_width, least_height): (u32, u32),
) -> Result<DynamicImage, FieldProblem> {
    let problem = |code: &'static str| FieldProblem::new(field, code);
    if bytes.is_empty() {
        return Err(problem("required"));
    }
    if bytes.len() > MOST_UPLOAD_BYTES {
        return Err(too_large(field));
    }
    let format = image::guess_format(bytes).map_err(|_| problem("image_format"))?;
    if !matches!(format, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP) {
        return Err(problem("image_format"));
    }
    if animated(bytes, format) {
        return Err(problem("image_animated"));
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(96 * 1024 * 1024);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| unreadable(field, error))?;
    let (width, height) = decoder.dimensions();
    if width < least_width || height < least_height {
        let problem = problem("image_too_small").with("least_width", least_width).with("least_height", least_height);
        return Err(problem.with("width", width).with("height", height));
    }
    // Telephones write pictures as the sensor saw them, and beside them how they were held.
    let orientation = decoder.orientation().ok();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| unreadable(field, error))?;
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    Ok(picture)
}

/// The picture as PNG of exactly this size, as large as fits, transparent where it leaves room.
pub(crate) fn as_png(
    field: &'static str,
    picture: &DynamicImage,
    (width, height): (u32, u32),
) -> Result<Vec<u8>, FieldProblem> {
    let scaled = picture.resize(width, height, FilterType::Lanczos3).to_rgba8();
    let mut canvas = RgbaImage::new(width, height);
    let (x, y) = ((width - scaled.width()) / 2, (height - scaled.height()) / 2);
    image::imageops::replace(&mut canvas, &scaled, i64::from(x), i64::from(y));
    let mut png = Cursor::new(Vec::new());
    canvas.write_to(&mut png, ImageFormat::Png).map_err(|error| unreadable(field, error))?;
    Ok(png.into_inner())
}

/// The picture as JPEG, no side longer than `most_side` pixels, on white.
pub(crate) fn as_jpeg(field: &'static str, picture: DynamicImage, most_side: u32) -> Result<Vec<u8>, FieldProblem> {
    let large = picture.width() > most_side || picture.height() > most_side;
    let picture = if large { picture.resize(most_side, most_side, FilterType::Lanczos3) } else { picture };
    let picture = picture.to_rgba8();
    let mut page = RgbaImage::from_pixel(picture.width(), picture.height(), image::Rgba([255, 255, 255, 255]));
    image::imageops::overlay(&mut page, &picture, 0, 0);
    let mut jpeg = Vec::new();
    let page = DynamicImage::ImageRgba8(page).to_rgb8();
    page.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY))
        .map_err(|error| unreadable(field, error))?;
    Ok(jpeg)
}

fn unreadable(field: &'static str, error: image::ImageError) -> FieldProblem {
    match error {
        image::ImageError::Limits(_) => FieldProblem::new(field, "image_too_many_pixels").with("most", MOST_SIDE),
        image::ImageError::Decoding(_)
        | image::ImageError::Encoding(_)
        | image::ImageError::Parameter(_)
        | image::ImageError::Unsupported(_)
        | image::ImageError::IoError(_) => FieldProblem::new(field, "image_unreadable"),
    }
}

fn animated(bytes: &[u8], format: ImageFormat) -> bool {
    match format {
        ImageFormat::Png => PngDecoder::new(Cursor::new(bytes)).is_ok_and(|decoder| decoder.is_apng().unwrap_or(false)),
        ImageFormat::WebP => WebPDecoder::new(Cursor::new(bytes)).is_ok_and(|decoder| decoder.has_animation()),
        _ => false,
    }
}
