//! `souk mail-sink`: takes mails over SMTP, sends none on, and shows them on a page. For demos and tests.
//!
//! *What is not here.* A mail server for people: nothing is checked, kept on disk or delivered.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};

use anyhow::Context as _;
use axum::extract::State;
use axum::response::Html;
use axum::routing::get;
use axum::{Json, Router};
use mailin::response::OK;
use mailin::{Action, Handler, Response, SessionBuilder};
use mailparse::MailHeaderMap as _;
use serde::Serialize;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tracing::debug;

use crate::ending::{self, Ending};

/// Where to listen.
#[derive(clap::Args)]
pub struct MailSinkArguments {
    /// Where mails are taken.
    #[arg(long, default_value = "127.0.0.1:2525")]
    smtp: SocketAddr,
    /// Where they are shown; `/mails.json` lists them for programs.
    #[arg(long, default_value = "127.0.0.1:8025")]
    http: SocketAddr,
    #[command(flatten)]
    ending: Ending,
}

/// How many mails are kept; older ones go.
const KEPT: usize = 1_000;

#[derive(Clone, Default)]
struct Mails(Arc<Mutex<VecDeque<Shown>>>);

/// A mail as it is shown.
#[derive(Clone, Debug, Serialize)]
struct Shown {
    from: String,
    to: Vec<String>,
    subject: String,
    text: String,
}

/// One SMTP conversation.
#[derive(Clone)]
struct Conversation {
    mails: Mails,
    from: String,
    to: Vec<String>,
    data: Vec<u8>,
}

impl Handler for Conversation {
    fn helo(&mut self, _: IpAddr, _: &str) -> Response {
        OK
    }

    fn data_start(&mut self, _: &str, from: &str, _: bool, to: &[String]) -> Response {
        self.from = from.to_owned();
        self.to = to.to_vec();
        self.data.clear();
        OK
    }

    fn data(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.data.extend_from_slice(bytes);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let shown = read(&self.from, &self.to, &self.data);
        if let Ok(mut mails) = self.mails.0.lock() {
            mails.push_front(shown);
            mails.truncate(KEPT);
        }
        OK
    }
}

fn read(from: &str, to: &[String], data: &[u8]) -> Shown {
    let (subject, text) = match mailparse::parse_mail(data) {
        Ok(mail) => {
            let part = mail.subparts.iter().find(|part| part.ctype.mimetype == "text/plain").unwrap_or(&mail);
            (mail.headers.get_first_value("Subject").unwrap_or_default(), part.get_body().unwrap_or_default())
        }
        Err(error) => (format!("unreadable: {error}"), String::from_utf8_lossy(data).into_owned()),
    };
    Shown { from: from.to_owned(), to: to.to_vec(), subject, text }
}

/// Runs until the process is asked to stop.
pub async fn run(arguments: MailSinkArguments) -> anyhow::Result<()> {
    let mails = Mails::default();
    let smtp = TcpListener::bind(arguments.smtp)
        .await
        .with_context(|| format!("no mail can be taken at {}", arguments.smtp))?;
    let listener = TcpListener::bind(arguments.http).await.with_context(|| format!("no page at {}", arguments.http))?;
    let router = Router::new().route("/", get(page)).route("/mails.json", get(list)).with_state(mails.clone());
    println!("Mails are taken at smtp://{} and shown at http://{}", arguments.smtp, arguments.http);
    tokio::select! {
        served = axum::serve(listener, router) => served.context("the page failed")?,
        taken = take(smtp, mails) => taken.context("mails can no longer be taken")?,
        () = ending::wait(arguments.ending) => {}
    }
    Ok(())
}

/// Takes mails from whoever connects, each conversation beside the others.
async fn take(listener: TcpListener, mails: Mails) -> io::Result<()> {
    let mut conversations = JoinSet::new();
    loop {
        let (stream, peer) = listener.accept().await?;
        let mails = mails.clone();
        conversations.spawn(async move {
            if let Err(error) = converse(stream, peer, mails).await {
                debug!(%error, "A mail conversation broke off");
            }
        });
        while conversations.try_join_next().is_some() {}
    }
}

/// The longest line that is read; RFC 5321 allows 1,000 bytes.
const LONGEST_LINE: u64 = 64 * 1024;

async fn converse(stream: TcpStream, peer: SocketAddr, mails: Mails) -> io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read);
    let conversation = Conversation { mails, from: String::new(), to: Vec::new(), data: Vec::new() };
    let mut session = SessionBuilder::new("souk-mail-sink").build(peer.ip(), conversation);
    write.write_all(&session.greeting().buffer()?).await?;
    let mut line = Vec::new();
    loop {
        line.clear();
        if (&mut lines).take(LONGEST_LINE).read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        let response = session.process(&line);
        match response.action {
            Action::NoReply => {}
            Action::Reply => write.write_all(&response.buffer()?).await?,
            Action::Close | Action::UpgradeTls => return write.write_all(&response.buffer()?).await,
        }
    }
}

async fn list(State(mails): State<Mails>) -> Json<Vec<Shown>> {
    Json(mails.0.lock().map(|mails| mails.iter().cloned().collect()).unwrap_or_default())
}

async fn page(State(mails): State<Mails>) -> Html<String> {
    let mails: Vec<Shown> = mails.0.lock().map(|mails| mails.iter().cloned().collect()).unwrap_or_default();
    let mut html = String::from(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>\
         <title>Mail sink</title><style>body{font:16px/1.5 'Segoe UI',Roboto,'Noto Sans',sans-serif;background:#faf7f1;color:#211c15;\
         max-width:48rem;margin:2rem auto;padding:0 1rem}article{background:#fffefb;border:1px solid #e4dccd;border-radius:12px;\
         padding:1rem 1.5rem;margin:1rem 0}h1{font-size:1.75rem}h2{font-size:1.1rem;margin:0}p{margin:.25rem 0;color:#544b3f}\
         pre{white-space:pre-wrap;font:inherit}a{color:#0b5a58}</style><h1>Mail sink</h1>\
         <p>What the marketplace sent. Nothing leaves this machine. Reload to see more.</p>",
    );
    if mails.is_empty() {
        html.push_str("<p>No mail yet.</p>");
    }
    for mail in mails {
        let _ = write!(
            html,
            "<article><h2>{}</h2><p>To {}</p><pre>{}</pre></article>",
            escape(&mail.subject),
            escape(&mail.to.join(", ")),
            linked(&mail.text)
        );
    }
    Html(html)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Escaped text in which web addresses are links.
fn linked(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        let word = escape(word);
        let lines: Vec<String> = word
            .split('\n')
            .map(|part| {
                let part = part.trim_end_matches('\r');
                if part.starts_with("http://") || part.starts_with("https://") {
                    format!("<a href=\"{part}\">{part}</a>")
                } else {
                    part.to_owned()
                }
            })
            .collect();
        lines.join("\n")
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_shown_with_its_decoded_subject_and_plain_text() {
        let data = b"Subject: =?utf-8?B?5aSH5Lu9?=\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello <b>\r\n";
        let shown = read("a@b.example", &["c@d.example".to_owned()], data);
        assert_eq!(shown.subject, "备份");
        assert!(shown.text.starts_with("Hello <b>"));
        assert!(escape(&shown.text).contains("&lt;b&gt;"));
    }

    #[test]
    fn only_web_addresses_become_links() {
        assert_eq!(
            linked("see https://a.example/x now"),
            "see <a href=\"https://a.example/x\">https://a.example/x</a> now"
        );
        assert_eq!(linked("javascript:alert(1)"), "javascript:alert(1)");
    }
}
