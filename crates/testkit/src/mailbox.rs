//! A mail server in memory, which can be told to refuse.

use std::sync::Mutex;

use async_trait::async_trait;
use ports::{Mail, MailFailure, Mailer};

/// Every mail that was taken, and what to answer next.
#[derive(Default)]
pub struct Mailbox {
    taken: Mutex<Vec<Mail>>,
    refusals: Mutex<Vec<MailFailure>>,
}

impl Mailbox {
    /// Every mail so far, in order.
    pub fn mails(&self) -> Vec<Mail> {
        self.taken.lock().expect("nothing panics while it holds the mailbox").clone()
    }

    /// Mails to one address.
    pub fn mails_to(&self, address: &str) -> Vec<Mail> {
        self.mails().into_iter().filter(|mail| mail.to == address).collect()
    }

    /// How many refusals wait for their mail.
    pub fn refusals_left(&self) -> usize {
        self.refusals.lock().expect("nothing panics while it holds the mailbox").len()
    }

    /// The next mail is refused like this.
    pub fn refuse_next(&self, failure: MailFailure) {
        self.refusals.lock().expect("nothing panics while it holds the mailbox").push(failure);
    }
}

#[async_trait]
impl Mailer for Mailbox {
    async fn send(&self, mail: &Mail) -> Result<(), MailFailure> {
        if let Some(failure) = self.refusals.lock().expect("nothing panics while it holds the mailbox").pop() {
            return Err(failure);
        }
        self.taken.lock().expect("nothing panics while it holds the mailbox").push(mail.clone());
        Ok(())
    }
}
