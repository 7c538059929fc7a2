//! The files beside an application, as its pages show them, and the business licence as it is handed out: always to be saved,
//! never shown as a page of ours.

use app::App;
use app::selling::papers::{self, LicenceFile, PapersView};
use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use domain::ids::SellerApplicationId;
use domain::selling::LicenceFormat;
use http_kit::{At, Failure, SignedIn};
use language::Words;

/// What is uploaded, with links to it.
#[derive(Clone, Debug, Template)]
#[template(path = "selling/papers.html")]
pub struct Papers {
    words: &'static Words,
    logo: Option<String>,
    licence: Option<Licence>,
}

#[derive(Clone, Debug)]
struct Licence {
    says: String,
    href: String,
    picture: bool,
}

impl askama::filters::HtmlSafe for Papers {}

impl Papers {
    /// Of the application that is shown at this path.
    pub(super) fn new(words: &'static Words, view: &PapersView, path: &str) -> Papers {
        Papers {
            words,
            logo: view.logo_hash.as_deref().map(|hash| format!("/images/{hash}.png")),
            licence: view.licence.as_ref().map(|licence| {
                let kind = match licence.format {
                    LicenceFormat::Jpeg => words.selling_papers_picture(),
                    LicenceFormat::Pdf => words.selling_papers_pdf(),
                };
                let kilobytes = licence.byte_count.div_ceil(1_024);
                Licence {
                    says: words.selling_papers_licence_now(kind, kilobytes, words.date_time(licence.uploaded_at)),
                    href: format!("{path}/licence"),
                    picture: licence.format == LicenceFormat::Jpeg,
                }
            }),
        }
    }
}

pub(super) async fn mine(State(app): State<App>, SignedIn(actor): SignedIn) -> Result<Response, Failure> {
    Ok(handed_out(papers::my_licence(&app, &actor).await?))
}

pub(super) async fn of_application(
    State(app): State<App>,
    SignedIn(actor): SignedIn,
    At(id): At<SellerApplicationId>,
) -> Result<Response, Failure> {
    Ok(handed_out(papers::licence_of(&app, &actor, id).await?))
}

/// The file to be saved. Whatever is in it, a browser runs nothing of it in our name.
fn handed_out(file: LicenceFile) -> Response {
    let mut answer = Response::new(Body::from(file.bytes));
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.format.media_type()));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(disposition(file.format)));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    answer
}

fn disposition(format: LicenceFormat) -> &'static str {
    match format {
        LicenceFormat::Jpeg => "attachment; filename=\"business-licence.jpg\"",
        LicenceFormat::Pdf => "attachment; filename=\"business-licence.pdf\"",
    }
}

/// Both files, for samples.
#[cfg(test)]
pub(super) fn sample() -> PapersView {
    use app::selling::papers::LicenceView;
    let licence = LicenceView {
        format: LicenceFormat::Jpeg,
        byte_count: 245_000,
        uploaded_at: "2026-05-14T13:28:00Z".parse().expect("an instant"),
    };
    PapersView { logo_hash: Some("ab".repeat(32)), licence: Some(licence) }
}
