//! What a path names, parsed at the door.
//!
//! *What is not here.* Whether it exists and who may see it: use cases say so, and a foreign thing looks like a missing
//! one. Words in a path that are nobody's id (the slug of a product) are read as text.

use app::AppError;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::failure::Failure;

/// The id in the path, or a tuple of the ids in their order. What cannot be one names nothing: `not_found`.
#[derive(Clone, Copy, Debug)]
pub struct At<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for At<T> {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<At<T>, Failure> {
        let Path(named) =
            Path::<T>::from_request_parts(parts, state).await.map_err(|_| AppError::NotFound("thing at this path"))?;
        Ok(At(named))
    }
}
