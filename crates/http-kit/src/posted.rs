//! A form that may carry files: what was typed, and the files beside it. Read from either encoding of HTML, so that a script may send
//! the typed part alone. Two of the largest files that any form asks for fit beside what is typed: a file that is too large for its
//! purpose is refused by name, and what was typed comes back.

use app::AppError;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;

use crate::failure::Failure;

/// The largest form with files, in bytes: two files of 5 MB and what is typed.
const MOST_FORM_BYTES: usize = 11 * 1024 * 1024;

/// A form as it arrived.
#[derive(Clone, Debug, Default)]
pub struct Posted {
    /// What was typed.
    pub pairs: Vec<(String, String)>,
    /// The files that were chosen, by field.
    pub files: Vec<(String, Vec<u8>)>,
}

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = Failure;
    async fn from_request(request: Request, state: &S) -> Result<Posted, Failure> {
        let kind =
            request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !kind.to_ascii_lowercase().starts_with("multipart/form-data") {
            let form = axum::Form::<Vec<(String, String)>>::from_request(request, state).await;
            let axum::Form(pairs) = form.map_err(|rejection| refused(rejection.into_response().status()))?;
            return Ok(Posted { pairs, ..Posted::default() });
        }
        let mut request = request;
        DefaultBodyLimit::max(MOST_FORM_BYTES).apply(&mut request);
        let parts = Multipart::from_request(request, state).await;
        let parts = parts.map_err(|rejection| refused(rejection.into_response().status()))?;
        read(parts).await
    }
}

/// What a stranger typed, without the files, which nobody keeps: they are let go piece by piece as they arrive. `None` when it
/// cannot be read or is more than `most_bytes`.
pub(crate) async fn typed(mut request: Request, most_bytes: usize) -> Option<Vec<(String, String)>> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.to_ascii_lowercase().starts_with("multipart/form-data") {
        DefaultBodyLimit::max(most_bytes).apply(&mut request);
        return axum::Form::<Vec<(String, String)>>::from_request(request, &())
            .await
            .ok()
            .map(|axum::Form(pairs)| pairs);
    }
    DefaultBodyLimit::max(MOST_FORM_BYTES).apply(&mut request);
    let mut parts = Multipart::from_request(request, &()).await.ok()?;
    let (mut pairs, mut room) = (Vec::new(), most_bytes);
    while let Some(mut part) = parts.next_field().await.ok()? {
        let (name, is_file) = (part.name().unwrap_or_default().to_owned(), part.file_name().is_some());
        let mut bytes = Vec::new();
        while let Some(piece) = part.chunk().await.ok()? {
            if !is_file {
                room = room.checked_sub(piece.len())?;
                bytes.extend_from_slice(&piece);
            }
        }
        if !is_file {
            room = room.checked_sub(name.len())?;
            pairs.push((name, String::from_utf8(bytes).ok()?.replace("\r\n", "\n")));
        }
    }
    Some(pairs)
}

async fn read(mut parts: Multipart) -> Result<Posted, Failure> {
    let mut posted = Posted::default();
    while let Some(part) = parts.next_field().await.map_err(|error| refused(error.status()))? {
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = part.file_name().is_some();
        match part.bytes().await {
            // A file field without a file arrives as an empty file.
            Ok(bytes) if is_file && bytes.is_empty() => {}
            Ok(bytes) if is_file => posted.files.push((name, bytes.to_vec())),
            Ok(bytes) => {
                let text = String::from_utf8(bytes.to_vec()).map_err(|_| refused(StatusCode::BAD_REQUEST))?;
                posted.pairs.push((name, text.replace("\r\n", "\n")));
            }
            Err(error) => return Err(refused(error.status())),
        }
    }
    Ok(posted)
}

fn refused(status: StatusCode) -> Failure {
    let code = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "body_too_large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "media_type",
        _ => "unreadable_request",
    };
    AppError::rule(code).into()
}
