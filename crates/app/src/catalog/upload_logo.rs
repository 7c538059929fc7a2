//! A product's picture: what came in is decoded within limits, made 120 × 120, and written anew as PNG. The bytes that
//! a seller sent are never kept and never served.

use domain::identity::{Actor, Permission};
use domain::ids::{ImageId, ProductId};
use domain::outcome::FieldProblem;
use sha2::{Digest as _, Sha256};
use store::catalog::images::{self, ImageRow};
use store::catalog::products;

use super::drafts::{editable, keep};
use crate::{App, AppError, pictures};

/// The largest upload, in bytes (functions.md 3.2).
pub const MOST_LOGO_BYTES: usize = pictures::MOST_UPLOAD_BYTES;
/// The sides of what is kept.
const SIDE: u32 = 120;

/// The picture as we keep it: PNG, 120 × 120, transparent where the original leaves room.
fn redrawn(bytes: &[u8]) -> Result<Vec<u8>, FieldProblem> {
    let picture = pictures::decoded("logo", bytes, (SIDE, SIDE))?;
    pictures::as_png("logo", &picture, (SIDE, SIDE))
}

/// Makes the uploaded picture the draft's logo.
pub async fn upload_logo(app: &App, actor: &Actor, id: ProductId, bytes: Vec<u8>) -> Result<ImageId, AppError> {
    actor.require(Permission::ManageProducts)?;
    // Whose it is comes first: nobody has pictures decoded for a product that is not theirs.
    app.store
        .read::<_, _, AppError, _>((actor.organisation, id), |tx, (seller, id)| {
            Box::pin(async move {
                let product = products::find_of(tx, seller, id).await?.ok_or(AppError::NotFound("product"))?;
                Ok(product.require_editable()?)
            })
        })
        .await?;
    // Decoding may take some hundred milliseconds of processor time.
    let redrawn = tokio::task::spawn_blocking(move || redrawn(&bytes)).await;
    let png = redrawn.map_err(|error| AppError::Internal(error.to_string()))?.map_err(AppError::field)?;
    let now = app.now();
    let row = ImageRow {
        id: app.id(),
        owner: actor.organisation,
        content_hash: hex::encode(Sha256::digest(&png)),
        width: SIDE,
        height: SIDE,
        bytes: png,
        created_at: now,
    };
    app.store
        .write::<_, _, AppError, _>((id, row, now), |tx, (id, row, now)| {
            Box::pin(async move {
                let mut product = editable(tx, row.owner, id).await?;
                let logo = images::keep(tx, &row).await?;
                product.draft.logo = Some(logo);
                keep(tx, product, now).await?;
                Ok(logo)
            })
        })
        .await
}

/// Takes the picture out of the draft.
pub async fn remove_logo(app: &App, actor: &Actor, id: ProductId) -> Result<(), AppError> {
    actor.require(Permission::ManageProducts)?;
    let input = (actor.organisation, id, app.now());
    app.store
        .write::<_, _, AppError, _>(input, |tx, (seller, id, now)| {
            Box::pin(async move {
                let mut product = editable(tx, seller, id).await?;
                product.draft.logo = None;
                keep(tx, product, now).await
            })
        })
        .await
}

/// The picture with this content hash, as PNG.
pub async fn logo_bytes(app: &App, content_hash: &str) -> Result<Vec<u8>, AppError> {
    let bytes = app
        .store
        .read::<_, _, AppError, _>(content_hash.to_owned(), |tx, hash| {
            Box::pin(async move { Ok(images::bytes_of(tx, &hash).await?) })
        })
        .await?;
    bytes.ok_or(AppError::NotFound("image"))
}

/// Keeps a picture of an import, drawn by us.
pub(super) fn imported(app: &App, owner: domain::ids::OrganisationId, bytes: &[u8]) -> Result<ImageRow, AppError> {
    let png = redrawn(bytes).map_err(AppError::field)?;
    Ok(ImageRow {
        id: app.id(),
        owner,
        content_hash: hex::encode(Sha256::digest(&png)),
        width: SIDE,
        height: SIDE,
        bytes: png,
        created_at: app.now(),
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};

    use super::*;

    fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let picture = DynamicImage::ImageRgba8(RgbaImage::from_pixel(width, height, Rgba([200, 30, 30, 255])));
        let picture = if format == ImageFormat::Jpeg { DynamicImage::ImageRgb8(picture.to_rgb8()) } else { picture };
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).expect("a small picture can be written");
        bytes.into_inner()
    }

    fn code(bytes: &[u8]) -> &'static str {
        redrawn(bytes).map_or_else(|problem| problem.code, |_| "fine")
    }

    #[test]
    fn every_allowed_format_becomes_a_png_of_120_pixels() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let png = redrawn(&encoded(300, 200, format)).expect("an allowed picture");
            let again = image::load_from_memory_with_format(&png, ImageFormat::Png).expect("we wrote a PNG");
            assert_eq!((again.width(), again.height()), (120, 120), "{format:?}");
            assert_eq!(again.to_rgba8().get_pixel(60, 5)[3], 0, "the room above a wide picture is transparent");
        }
    }

    #[test]
    fn nothing_of_the_uploaded_file_is_kept_but_the_picture() {
        let mut bytes = encoded(120, 120, ImageFormat::Png);
        let end = bytes.len() - 12; // before IEND: a text chunk with a script, as polyglots carry
        let text = b"<script>alert(1)</script><?php evil() ?>";
        let mut chunk = (u32::try_from(text.len()).expect("short")).to_be_bytes().to_vec();
        chunk.extend_from_slice(b"tEXt");
        chunk.extend_from_slice(text);
        chunk.extend_from_slice(&crc(&chunk[4..]).to_be_bytes());
        bytes.splice(end..end, chunk);
        bytes.extend_from_slice(b"PK\x03\x04 a zip after the end <script>");
        let png = redrawn(&bytes).expect("the picture itself is fine");
        assert!(!png.windows(7).any(|part| part == b"<script") && !png.windows(4).any(|part| part == b"PK\x03\x04"));
    }

    fn crc(bytes: &[u8]) -> u32 {
        let mut crc = !0_u32;
        for byte in bytes {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
            }
        }
        !crc
    }

    /// A PNG header that promises `width` × `height` pixels and holds none: a decompression bomb's face.
    fn bomb(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
        let mut header = b"IHDR".to_vec();
        header.extend_from_slice(&width.to_be_bytes());
        header.extend_from_slice(&height.to_be_bytes());
        header.extend_from_slice(&[8, 6, 0, 0, 0]);
        bytes.extend_from_slice(&13_u32.to_be_bytes());
        bytes.extend_from_slice(&header);
        bytes.extend_from_slice(&crc(&header).to_be_bytes());
        bytes.extend_from_slice(&[0, 0, 0, 0]);
        bytes.extend_from_slice(b"IDAT");
        bytes.extend_from_slice(&crc(b"IDAT").to_be_bytes());
        bytes
    }

    #[test]
    fn hostile_and_unfit_files_are_refused_by_name() {
        assert_eq!(code(b""), "required");
        assert_eq!(code(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), "image_format");
        assert_eq!(code(b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"), "image_format");
        assert_eq!(code(b"<html>"), "image_format");
        assert_eq!(code(&encoded(119, 300, ImageFormat::Png)), "image_too_small");
        assert_eq!(code(&bomb(60_000, 60_000)), "image_too_many_pixels");
        assert_eq!(code(&bomb(4_096, 4_096)), "image_unreadable");
        assert_eq!(code(&vec![0x89; MOST_LOGO_BYTES + 1]), "image_too_large");
        let whole = encoded(200, 200, ImageFormat::Jpeg);
        assert_eq!(code(&whole[..40]), "image_unreadable");
    }

    #[test]
    fn moving_pictures_are_refused() {
        let mut bytes = encoded(120, 120, ImageFormat::Png);
        let mut chunk = b"acTL".to_vec();
        chunk.extend_from_slice(&[0, 0, 0, 2, 0, 0, 0, 0]);
        let mut whole = 8_u32.to_be_bytes().to_vec();
        whole.extend_from_slice(&chunk);
        whole.extend_from_slice(&crc(&chunk).to_be_bytes());
        bytes.splice(33..33, whole); // after IHDR
        assert_eq!(code(&bytes), "image_animated");
    }
}
