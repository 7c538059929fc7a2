//! Files that an applicant uploads: a small logo, a licence as PDF and as a picture.

use domain::selling::SellerApplication;

use crate::{Person, World};

/// A company logo of 168 × 80 pixels.
pub const LOGO_PNG: &[u8] = include_bytes!("../files/company-logo.png");
/// A business licence as PDF.
pub const LICENCE_PDF: &[u8] = include_bytes!("../files/business-licence.pdf");
/// A business licence as a picture of 420 × 594 pixels.
pub const LICENCE_PNG: &[u8] = include_bytes!("../files/business-licence.png");

impl World {
    /// Uploads logo and licence beside this person's application, and says where it stands.
    pub async fn papers(&self, person: &Person) -> SellerApplication {
        self.app.upload_company_logo(&person.actor, LOGO_PNG.to_vec()).await.expect("a good logo");
        let done = self.app.upload_business_licence(&person.actor, LICENCE_PDF.to_vec()).await;
        done.expect("a good licence")
    }
}
