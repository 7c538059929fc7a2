//! E-mail over SMTP. The server's address is the operator's own choice, in the configuration file.

use std::time::Duration;

use async_trait::async_trait;
use lettre::message::{Mailbox, Message, MultiPart};
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::{AsyncTransport as _, Tokio1Executor};
use ports::{Mail, MailFailure, Mailer};

/// Hands mails to one SMTP server.
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// Why the mailer could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SmtpSetup {
    /// The server's address does not read.
    #[error("mail.server is not of the form smtp://host:port or smtps://user:password@host")]
    Server(#[from] lettre::transport::smtp::Error),
    /// The sender's address does not read.
    #[error("site.mail_from is not an e-mail address")]
    From(#[from] lettre::address::AddressError),
}

impl SmtpMailer {
    /// A mailer for `server` (`smtp://127.0.0.1:2525`, `smtps://user:password@mail.example`), sending as `from`.
    pub fn new(server: &str, from: &str) -> Result<SmtpMailer, SmtpSetup> {
        let transport =
            AsyncSmtpTransport::<Tokio1Executor>::from_url(server)?.timeout(Some(Duration::from_secs(20))).build();
        Ok(SmtpMailer { transport, from: from.parse()? })
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailFailure> {
        let message = compose(&self.from, mail)?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(MailFailure::Permanent(error.to_string())),
            Err(error) => Err(MailFailure::Temporary(error.to_string())),
        }
    }
}

/// Headers are built by lettre, which encodes them; a line break in one is refused before.
fn compose(from: &Mailbox, mail: &Mail) -> Result<Message, MailFailure> {
    if mail.subject.contains(['\r', '\n']) || mail.to.contains(['\r', '\n']) {
        return Err(MailFailure::Permanent("a line break in a header".to_owned()));
    }
    let to: Mailbox = mail.to.parse().map_err(|_| MailFailure::Permanent("the address does not read".to_owned()))?;
    Message::builder()
        .from(from.clone())
        .to(to)
        .message_id(Some(format!("<{}@{}>", mail.id, from.email.domain())))
        .subject(mail.subject.clone())
        .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
        .map_err(|error| MailFailure::Permanent(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(subject: &str, to: &str) -> Mail {
        Mail { id: "ntc_1".into(), to: to.into(), subject: subject.into(), text: "t".into(), html: "<p>t</p>".into() }
    }

    #[test]
    fn a_header_cannot_be_injected() {
        let from: Mailbox = "souk@market.example".parse().expect("an address");
        for (subject, to) in
            [("a\r\nBcc: x@y.example", "a@b.example"), ("a", "a@b.example\r\nBcc: c@d.example"), ("a", "nobody")]
        {
            assert!(matches!(compose(&from, &mail(subject, to)), Err(MailFailure::Permanent(_))), "{subject} {to}");
        }
        let fine = compose(&from, &mail("备份已就绪", "a@b.example")).expect("a plain mail");
        let text = String::from_utf8(fine.formatted()).expect("mails are ASCII");
        assert!(text.contains("Message-ID: <ntc_1@market.example>"));
        assert!(text.contains("Subject: =?utf-8?"));
    }
}
