//! The table `images`: pictures as we re-encoded them.

use db::values;
use domain::ids::{ImageId, OrganisationId};
use domain::time::{Timestamp, to_millisecond};

use crate::decode::Suspect;
use crate::{StoreError, Tx};

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageRow {
    /// The id.
    pub id: ImageId,
    /// Who uploaded it.
    pub owner: OrganisationId,
    /// SHA-256 of the bytes, in hexadecimal digits: its address.
    pub content_hash: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// The PNG file.
    pub bytes: Vec<u8>,
    /// When it was uploaded.
    pub created_at: Timestamp,
}

/// Keeps the picture; the same one of the same owner is kept once. Answers the id that stands.
pub async fn keep(tx: &mut Tx, image: &ImageRow) -> Result<ImageId, StoreError> {
    let row = tx
        .query_one(
            "INSERT INTO images (id, organisation_id, content_hash, media_type, width, height, bytes, created_at)
             VALUES ($1, $2, $3, 'image/png', $4, $5, $6, $7)
             ON CONFLICT (organisation_id, content_hash) DO UPDATE SET media_type = 'image/png'
             RETURNING id",
            values![
                image.id.to_string(),
                image.owner.to_string(),
                &image.content_hash,
                image.width,
                image.height,
                image.bytes.clone(),
                to_millisecond(image.created_at),
            ],
        )
        .await?;
    Suspect::new("images", &row)?.id("id")
}

/// The bytes of the picture with this content, whoever uploaded it.
pub async fn bytes_of(tx: &mut Tx, content_hash: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let row = tx
        .query_optional(
            "SELECT id, bytes FROM images WHERE content_hash = $1 ORDER BY id LIMIT 1",
            values![content_hash],
        )
        .await?;
    row.map(|row| Suspect::new("images", &row)?.bytes("bytes")).transpose()
}

/// The address of a picture: the hash of its content.
pub async fn hash_of(tx: &mut Tx, id: ImageId) -> Result<Option<String>, StoreError> {
    let row = tx.query_optional("SELECT id, content_hash FROM images WHERE id = $1", values![id.to_string()]).await?;
    row.map(|row| Suspect::new("images", &row)?.text("content_hash")).transpose()
}
