//! E-mail that leaves the marketplace. What is said in it is `app::notices`' matter.

use async_trait::async_trait;

/// One e-mail to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Goes into `Message-ID`, so that a repeated sending is recognised by mail programs.
    pub id: String,
    /// The person's address, already checked for form.
    pub to: String,
    /// One line; line breaks are a programming error and refused by the adapter.
    pub subject: String,
    /// The text, plain.
    pub text: String,
    /// The same for mail programs that show HTML.
    pub html: String,
}

/// Why a mail was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailFailure {
    /// Try again later: server down, slow, 4xx.
    #[error("the mail server did not take the mail now: {0}")]
    Temporary(String),
    /// Trying again does not help: address refused, 5xx.
    #[error("the mail server refused the mail: {0}")]
    Permanent(String),
}

/// Hands mails to a mail server.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Returns once the server took responsibility. At least once: a broken link after the hand-over makes a repeat.
    async fn send(&self, mail: &Mail) -> Result<(), MailFailure>;
}
