//! A name server on loopback, over UDP and TCP, that changes its mind: a name has a public address when it is first asked for, and
//! something else from then on. Every answer has a time to live of nothing.
//!
//! Answers are written by hand, byte for byte (RFC 1035, section 4): a library for it would refuse to lie.

use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};
use std::sync::{Arc, Mutex};
use std::thread;

use super::listeners::{CLOUD_SECRETS, INSIDE, PUBLIC};

const TYPE_A: u16 = 1;
const TYPE_ALIAS: u16 = 5;
const TYPE_AAAA: u16 = 28;
/// The head of a message, before its question.
const HEAD: usize = 12;
/// A response, with recursion as asked and available.
const RESPONSE: u16 = 0x8180;
const TRUNCATED: u16 = 0x0200;
const NAME_ERROR: u16 = 3;
const SERVER_FAILURE: u16 = 2;

/// One record of an answer.
#[derive(Clone, Copy)]
pub enum Record {
    /// The name, or the alias before, has this address.
    Address(IpAddr),
    /// The name is another name for this one.
    Alias(&'static str),
    /// Another name, which nobody asked for, has this address.
    OfAnother(&'static str, IpAddr),
}

/// What is said.
pub enum Answer {
    Records(Vec<Record>),
    /// Cut short; asked again over TCP, this.
    Truncated(Vec<Record>),
    Code(u16),
    /// Bytes that are no good answer, made of a good one.
    Spoiled(fn(Vec<u8>) -> Vec<u8>),
}

/// What must come of a call to such a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Refused for where it leads.
    Refused,
    /// Refused for where it leads, or for having no address.
    RefusedOrUnresolved,
}

/// What a name becomes once it was asked for: the label it begins with, the answer, and what must come of it.
pub struct Mind(pub &'static str, pub fn(u16) -> Answer, pub Outcome);

const fn v4(a: u8, b: u8, c: u8, d: u8) -> Record {
    Record::Address(IpAddr::V4(Ipv4Addr::new(a, b, c, d)))
}

const LOOPBACK: Record = Record::Address(INSIDE[0]);
const LOOPBACK_V6: Record = Record::Address(INSIDE[1]);
const SECRETS: Record = Record::Address(CLOUD_SECRETS);
const GOOD: Record = Record::Address(IpAddr::V4(PUBLIC));
const GOOD_V6: Record = Record::Address(IpAddr::V6(Ipv6Addr::new(0x2606, 0x4700, 0x4700, 0, 0, 0, 0, 0x1111)));
const MAPPED: Record = Record::Address(IpAddr::V6(Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0x7f00, 1)));
const THROUGH_NAT64: Record = Record::Address(IpAddr::V6(Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0xa9fe, 0xa9fe)));

/// The records of one family for a question of it, and of the other for the other.
fn both(family: u16, four: &[Record], six: &[Record]) -> Answer {
    Answer::Records(if family == TYPE_AAAA { six.to_vec() } else { four.to_vec() })
}

/// Every way in which a name changes its mind.
pub const MINDS: &[Mind] = &[
    Mind("loopback", |family| both(family, &[LOOPBACK], &[]), Outcome::Refused),
    Mind("loopback-v6", |family| both(family, &[], &[LOOPBACK_V6]), Outcome::Refused),
    Mind("secrets", |family| both(family, &[SECRETS], &[]), Outcome::Refused),
    Mind("all", |family| both(family, &[LOOPBACK, SECRETS], &[LOOPBACK_V6]), Outcome::Refused),
    Mind("mixed", |family| both(family, &[GOOD, LOOPBACK], &[]), Outcome::Refused),
    Mind("mixed-bad-first", |family| both(family, &[SECRETS, GOOD], &[GOOD_V6]), Outcome::Refused),
    Mind("mixed-families", |family| both(family, &[GOOD], &[LOOPBACK_V6]), Outcome::Refused),
    Mind("mixed-families-turned", |family| both(family, &[SECRETS], &[GOOD_V6]), Outcome::Refused),
    Mind("mapped", |family| both(family, &[GOOD], &[MAPPED]), Outcome::Refused),
    Mind("nat64", |family| both(family, &[], &[THROUGH_NAT64]), Outcome::Refused),
    Mind("last-of-many", |family| both(family, &many(v4(10, 0, 0, 1)), &[]), Outcome::Refused),
    Mind("last-of-many-here", |family| both(family, &many(LOOPBACK), &[]), Outcome::Refused),
    Mind("nobody", |family| both(family, &[v4(0, 0, 0, 0)], &[]), Outcome::Refused),
    Mind(
        "alias",
        |family| both(family, &[Record::Alias("db.example"), LOOPBACK], &[Record::Alias("db.example"), LOOPBACK_V6]),
        Outcome::Refused,
    ),
    Mind(
        "alias-localhost",
        |family| both(family, &[Record::Alias("localhost"), LOOPBACK], &[Record::Alias("localhost"), LOOPBACK_V6]),
        Outcome::RefusedOrUnresolved,
    ),
    Mind("alias-alone", |_| Answer::Records(vec![Record::Alias("localhost")]), Outcome::RefusedOrUnresolved),
    Mind("alias-of-itself", alias_of_itself, Outcome::RefusedOrUnresolved),
    Mind(
        "of-another",
        |_| Answer::Records(vec![Record::OfAnother("shop.example", IpAddr::V4(Ipv4Addr::LOCALHOST))]),
        Outcome::RefusedOrUnresolved,
    ),
    Mind("truncated", |family| Answer::Truncated(in_family(family)), Outcome::RefusedOrUnresolved),
    Mind("truncated-empty", |_| Answer::Truncated(Vec::new()), Outcome::RefusedOrUnresolved),
    Mind("gone", |_| Answer::Code(NAME_ERROR), Outcome::RefusedOrUnresolved),
    Mind("failing", |_| Answer::Code(SERVER_FAILURE), Outcome::RefusedOrUnresolved),
    Mind("empty", |_| Answer::Records(Vec::new()), Outcome::RefusedOrUnresolved),
    Mind("cut-short", |_| Answer::Spoiled(cut_short), Outcome::RefusedOrUnresolved),
    Mind("too-long", |_| Answer::Spoiled(too_long), Outcome::RefusedOrUnresolved),
    Mind("circle", |_| Answer::Spoiled(circle), Outcome::RefusedOrUnresolved),
    Mind("other-id", |_| Answer::Spoiled(other_id), Outcome::RefusedOrUnresolved),
    Mind("noise", |_| Answer::Spoiled(|_| vec![0xff; 300]), Outcome::RefusedOrUnresolved),
];

fn many(last: Record) -> Vec<Record> {
    (1..=20).map(|host| v4(8, 8, 4, host)).chain([last]).collect()
}

fn in_family(family: u16) -> Vec<Record> {
    if family == TYPE_AAAA { vec![LOOPBACK_V6] } else { vec![SECRETS, LOOPBACK] }
}

fn alias_of_itself(_: u16) -> Answer {
    Answer::Records(vec![Record::Alias("one.example"), Record::Alias("two.example"), Record::Alias("one.example")])
}

/// The address has two bytes of its four.
fn cut_short(mut good: Vec<u8>) -> Vec<u8> {
    good.truncate(good.len() - 2);
    good
}

/// The length of the address is more than follows.
fn too_long(mut good: Vec<u8>) -> Vec<u8> {
    let at = good.len() - 5;
    good[at] = 200;
    good
}

/// The name of the record points at itself.
fn circle(mut good: Vec<u8>) -> Vec<u8> {
    let at = good.len() - 16;
    let pointer = 0xc000 | u16::try_from(at).expect("a short message");
    good[at..at + 2].copy_from_slice(&pointer.to_be_bytes());
    good
}

/// The answer to a question that nobody asked.
fn other_id(mut good: Vec<u8>) -> Vec<u8> {
    good[0] ^= 0xff;
    good
}

type Asked = Arc<Mutex<HashMap<(String, u16), usize>>>;

/// A running name server; it ends with the process.
pub struct NameServer {
    /// Where it is asked.
    pub address: SocketAddr,
    asked: Asked,
}

impl NameServer {
    /// Starts one on a free port.
    pub fn start() -> NameServer {
        let (udp, tcp) = (0..100).find_map(|_| both_sockets()).expect("one of a hundred ports is free for both");
        let address = udp.local_addr().expect("a bound socket has an address");
        let asked = Asked::default();
        let of_udp = Arc::clone(&asked);
        thread::spawn(move || serve_udp(&udp, &of_udp));
        thread::spawn(move || serve_tcp(&tcp));
        NameServer { address, asked }
    }

    /// How often a name was asked for over UDP, for addresses of the one family and of the other.
    pub fn asked(&self, name: &str) -> (usize, usize) {
        let asked = self.asked.lock().expect("nobody panics while counting");
        let of = |family| asked.get(&(name.to_owned(), family)).copied().unwrap_or_default();
        (of(TYPE_A), of(TYPE_AAAA))
    }
}

/// A UDP and a TCP socket of one number; none when another process has the TCP port of a number that UDP left free.
fn both_sockets() -> Option<(UdpSocket, TcpListener)> {
    let udp = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).ok()?;
    let tcp = TcpListener::bind(udp.local_addr().ok()?).ok()?;
    Some((udp, tcp))
}

fn serve_udp(socket: &UdpSocket, asked: &Asked) {
    let mut buffer = [0; 2048];
    while let Ok((length, from)) = socket.recv_from(&mut buffer) {
        let Some(question) = Question::read(&buffer[..length]) else { continue };
        let times = {
            let mut asked = asked.lock().expect("nobody panics while counting");
            let times = asked.entry((question.name.clone(), question.family)).or_default();
            *times += 1;
            *times
        };
        let answer = match mind(&question.name) {
            Some(_) if times == 1 => both(question.family, &[GOOD], &[]),
            Some(mind) => (mind.1)(question.family),
            None => otherwise(&question),
        };
        // Who went away is not waited for.
        let _ = socket.send_to(&question.answered(answer), from);
    }
}

/// Over TCP comes who was told that the answer was cut short.
fn serve_tcp(listener: &TcpListener) {
    for mut stream in listener.incoming().flatten() {
        let mut length = [0; 2];
        if stream.read_exact(&mut length).is_err() {
            continue;
        }
        let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
        if stream.read_exact(&mut message).is_err() {
            continue;
        }
        let Some(question) = Question::read(&message) else { continue };
        let records = match mind(&question.name).map(|mind| (mind.1)(question.family)) {
            Some(Answer::Truncated(records)) => records,
            // Hang up: it was not asked to come.
            Some(Answer::Records(_) | Answer::Code(_) | Answer::Spoiled(_)) | None => continue,
        };
        let answer = question.answered(Answer::Records(records));
        let length = u16::try_from(answer.len()).expect("a short message").to_be_bytes();
        let _ = stream.write_all(&[length.as_slice(), &answer].concat());
    }
}

fn mind(name: &str) -> Option<&'static Mind> {
    let (label, rest) = name.split_once('.')?;
    rest.ends_with("changes.example").then(|| MINDS.iter().find(|mind| mind.0 == label))?
}

/// Names that do not change: public, one inside address only, or everything inside.
fn otherwise(question: &Question) -> Answer {
    match question.name.as_str() {
        "public.example" => both(question.family, &[GOOD], &[]),
        "only-loopback.example" => both(question.family, &[LOOPBACK], &[]),
        "only-loopback-v6.example" => both(question.family, &[], &[LOOPBACK_V6]),
        "only-secrets.example" => both(question.family, &[SECRETS], &[]),
        "localhost" | "one.example" | "two.example" => Answer::Code(NAME_ERROR),
        _ => both(question.family, &[LOOPBACK, SECRETS], &[LOOPBACK_V6]),
    }
}

struct Question {
    id: [u8; 2],
    /// The question as it was asked, to be sent back.
    bytes: Vec<u8>,
    name: String,
    family: u16,
}

impl Question {
    fn read(message: &[u8]) -> Option<Question> {
        let (mut at, mut labels) = (HEAD, Vec::new());
        loop {
            let length = usize::from(*message.get(at)?);
            at += 1;
            if length == 0 {
                break;
            }
            labels.push(String::from_utf8_lossy(message.get(at..at + length)?).to_ascii_lowercase());
            at += length;
        }
        let family = u16::from_be_bytes(message.get(at..at + 2)?.try_into().ok()?);
        let bytes = message.get(HEAD..at + 4)?.to_vec();
        Some(Question { id: message.get(..2)?.try_into().ok()?, bytes, name: labels.join("."), family })
    }

    fn answered(&self, answer: Answer) -> Vec<u8> {
        match answer {
            Answer::Records(records) => self.message(RESPONSE, &records),
            Answer::Truncated(_) => self.message(RESPONSE | TRUNCATED, &[]),
            Answer::Code(code) => self.message(RESPONSE | code, &[]),
            Answer::Spoiled(spoil) => spoil(self.message(RESPONSE, &[LOOPBACK])),
        }
    }

    fn message(&self, flags: u16, records: &[Record]) -> Vec<u8> {
        let count = u16::try_from(records.len()).expect("a few records");
        let mut bytes = self.id.to_vec();
        for number in [flags, 1, count, 0, 0] {
            bytes.extend(number.to_be_bytes());
        }
        bytes.extend(&self.bytes);
        // A pointer to the name of the question, until an alias takes its place.
        let mut owner = vec![0xc0, u8::try_from(HEAD).expect("it is twelve")];
        for record in records {
            let (of, kind, data) = match *record {
                Record::Address(address) => (owner.clone(), family_of(address), octets(address)),
                Record::OfAnother(name, address) => (written(name), family_of(address), octets(address)),
                Record::Alias(name) => (std::mem::replace(&mut owner, written(name)), TYPE_ALIAS, written(name)),
            };
            bytes.extend(of);
            bytes.extend(kind.to_be_bytes());
            // Class IN, time to live 0.
            bytes.extend([0, 1, 0, 0, 0, 0]);
            bytes.extend(u16::try_from(data.len()).expect("a short record").to_be_bytes());
            bytes.extend(data);
        }
        bytes
    }
}

fn family_of(address: IpAddr) -> u16 {
    if address.is_ipv4() { TYPE_A } else { TYPE_AAAA }
}

fn octets(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    }
}

fn written(name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for label in name.split('.') {
        bytes.push(u8::try_from(label.len()).expect("a short label"));
        bytes.extend(label.bytes());
    }
    bytes.push(0);
    bytes
}
