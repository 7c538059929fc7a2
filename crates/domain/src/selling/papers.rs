//! What an applicant uploads beside the form (functions.md 1.3): the company's logo and its business licence.
//!
//! *What is not here.* Reading the files: pictures are decoded and drawn anew, and a PDF is kept unread, by `app`.

use crate::ids::{BusinessLicenceId, ImageId};
use crate::outcome::{FieldProblem, Problems};

/// Which files lie beside an application.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Papers {
    /// The company's logo.
    pub logo: Option<ImageId>,
    /// The business licence.
    pub licence: Option<BusinessLicenceId>,
}

impl Papers {
    /// Notes what is missing: both are wanted when the application is handed in.
    pub fn judge(&self, problems: &mut Problems) {
        if self.logo.is_none() {
            problems.add(FieldProblem::new("logo", "required"));
        }
        if self.licence.is_none() {
            problems.add(FieldProblem::new("licence", "required"));
        }
    }
}

/// How a business licence is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LicenceFormat {
    /// A picture, drawn anew by us.
    Jpeg,
    /// The file as it was uploaded. We never read it; it is only ever handed out to be saved.
    Pdf,
}

impl LicenceFormat {
    /// Every format.
    pub const ALL: [LicenceFormat; 2] = [LicenceFormat::Jpeg, LicenceFormat::Pdf];

    /// The media type, as it stands in columns and headers.
    pub fn media_type(self) -> &'static str {
        match self {
            LicenceFormat::Jpeg => "image/jpeg",
            LicenceFormat::Pdf => "application/pdf",
        }
    }
}

impl std::str::FromStr for LicenceFormat {
    type Err = ();
    fn from_str(media_type: &str) -> Result<LicenceFormat, ()> {
        LicenceFormat::ALL.into_iter().find(|format| format.media_type() == media_type).ok_or(())
    }
}
