//! The client against servers that misbehave, on an open endpoint of the loopback address.

use std::net::TcpListener as BlockingListener;
use std::time::Duration;

use ports::{FailureClass, LinkFailure, SellerAnswer, SellerLink as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::{call, client};
use crate::guard::ResolveFailure;

/// Sends one call to a server that serves one connection like `serve`, and answers the bytes it was sent as well.
async fn against<F, S>(scheme: &str, serve: F) -> Result<SellerAnswer, LinkFailure>
where
    F: FnOnce(TcpStream) -> S,
    S: Future<Output = ()>,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback can be bound");
    let endpoint = listener.local_addr().expect("a bound listener has an address");
    let open = vec![endpoint.to_string().parse().expect("an endpoint")];
    let client = client(open, Err(ResolveFailure::NoAddress));
    let url = format!("{scheme}://{endpoint}/produce?signature=AB&timestamp=1&nonce=2");
    let serving = async {
        let (stream, _) = listener.accept().await.expect("the client connects");
        serve(stream).await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        answer = client.send(call(&url)) => answer,
        () = serving => unreachable!("the server never ends"),
    }
}

/// Reads one whole request.
async fn request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(br#"{"activity":"queryInstance"}"#) {
        let count = stream.read_buf(&mut bytes).await.expect("the client writes");
        assert!(count > 0, "the client went away");
    }
    String::from_utf8(bytes).expect("the request is text")
}

fn class(answer: Result<SellerAnswer, LinkFailure>) -> FailureClass {
    answer.expect_err("this is no usable answer").class
}

#[tokio::test]
async fn a_good_call_sends_our_bytes_and_nothing_else() {
    let mut seen = String::new();
    let answer = against("http", async |mut stream| {
        seen = request(&mut stream).await;
        let answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nBody-Sign: x\r\ncontent-length: 2\r\nset-cookie: a=b\r\n\r\n{}";
        stream.write_all(answer).await.expect("the client reads");
    })
    .await
    .expect("a good answer");
    assert_eq!((answer.status, answer.body.as_slice()), (200, b"{}".as_slice()));
    assert!(answer.headers.contains(&("body-sign".to_owned(), "x".to_owned())));
    let head = seen.split("\r\n\r\n").next().expect("a head").to_ascii_lowercase();
    let mut names: Vec<&str> = head.lines().skip(1).filter_map(|line| line.split(':').next()).collect();
    names.sort_unstable();
    assert!(head.starts_with("post /produce?signature=ab&timestamp=1&nonce=2 http/1.1"), "{head}");
    assert_eq!(names, ["accept", "accept-encoding", "content-length", "content-type", "host", "user-agent"]);
    assert!(
        head.contains("accept-encoding: identity") && head.contains("content-type: application/json;charset=utf8"),
        "{head}"
    );
}

#[tokio::test]
async fn an_error_status_is_an_answer() {
    let answer = against("http", async |mut stream| {
        request(&mut stream).await;
        stream
            .write_all(b"HTTP/1.1 503 Busy\r\nretry-after: 5\r\ncontent-length: 0\r\n\r\n")
            .await
            .expect("the client reads");
    })
    .await
    .expect("a status is an answer");
    assert_eq!(answer.status, 503);
}

#[tokio::test]
async fn a_redirect_is_never_followed() {
    let canary = BlockingListener::bind("127.0.0.1:0").expect("loopback can be bound");
    canary.set_nonblocking(true).expect("a listener can be asked without waiting");
    let elsewhere = canary.local_addr().expect("a bound listener has an address");
    for status in [301, 302, 303, 307, 308] {
        let answer = against("http", async |mut stream| {
            request(&mut stream).await;
            let head = format!("HTTP/1.1 {status} Moved\r\nlocation: http://{elsewhere}/\r\ncontent-length: 0\r\n\r\n");
            stream.write_all(head.as_bytes()).await.expect("the client reads");
        });
        assert_eq!(class(answer.await), FailureClass::Redirected);
    }
    assert!(canary.accept().is_err(), "somebody followed");
}

#[tokio::test]
async fn a_body_that_stops_half_way_is_cut_off() {
    let answer = against("http", async |mut stream| {
        request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{").await.expect("the client reads");
        std::future::pending().await
    });
    let failure = answer.await.expect_err("the rest never comes");
    assert_eq!(failure.class, FailureClass::TimedOut);
    assert!(failure.elapsed_ms < 1_000, "the pause between bytes ended it, not the deadline: {failure:?}");
}

#[tokio::test]
async fn a_body_that_drips_is_cut_off_at_the_deadline() {
    let answer = against("http", async |mut stream| {
        request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n").await.expect("the client reads");
        let mut drip = tokio::time::interval(Duration::from_millis(50));
        while stream.write_all(b"x").await.is_ok() {
            drip.tick().await;
        }
    });
    assert_eq!(class(answer.await), FailureClass::TooLarge, "a length over the limit is refused at once");
    let answer = against("http", async |mut stream| {
        request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 60000\r\n\r\n").await.expect("the client reads");
        let mut drip = tokio::time::interval(Duration::from_millis(50));
        while stream.write_all(b"x").await.is_ok() {
            drip.tick().await;
        }
    });
    let failure = answer.await.expect_err("it takes too long");
    assert_eq!(failure.class, FailureClass::TimedOut);
    assert!(failure.elapsed_ms >= 1_000, "{failure:?}");
}

#[tokio::test]
async fn a_head_that_drips_is_cut_off_at_the_deadline() {
    let answer = against("http", async |mut stream| {
        request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\nx: ").await.expect("the client reads");
        let mut drip = tokio::time::interval(Duration::from_millis(50));
        while stream.write_all(b"x").await.is_ok() {
            drip.tick().await;
        }
    });
    assert_eq!(class(answer.await), FailureClass::TimedOut);
}

#[tokio::test]
async fn an_endless_body_is_cut_at_the_limit() {
    let answer = against("http", async |mut stream| {
        request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await.expect("the client reads");
        let piece = format!("400\r\n{}\r\n", "x".repeat(1024));
        while stream.write_all(piece.as_bytes()).await.is_ok() {}
    });
    assert_eq!(class(answer.await), FailureClass::TooLarge);
}

#[tokio::test]
async fn too_many_or_too_long_headers_are_refused() {
    let many: String = (0..101).map(|index| format!("x-{index}: y\r\n")).collect();
    let long = format!("x: {}\r\n", "y".repeat(20_000));
    for headers in [many, long] {
        let answer = against("http", async |mut stream| {
            request(&mut stream).await;
            let head = format!("HTTP/1.1 200 OK\r\n{headers}content-length: 0\r\n\r\n");
            stream.write_all(head.as_bytes()).await.expect("the client reads");
            std::future::pending().await
        });
        assert_eq!(class(answer.await), FailureClass::TooLarge);
    }
}

#[tokio::test]
async fn a_server_that_accepts_and_says_nothing_is_left_at_the_deadline() {
    let answer = against("http", async |stream| {
        let _kept = stream;
        std::future::pending().await
    });
    assert_eq!(class(answer.await), FailureClass::TimedOut);
    let answer = against("https", async |stream| {
        let _kept = stream;
        std::future::pending().await
    });
    assert_eq!(class(answer.await), FailureClass::ConnectTimedOut, "a TLS handshake that never starts");
}

#[tokio::test]
async fn a_connection_cut_after_the_request_may_have_had_effects() {
    let answer = against("http", async |mut stream| {
        request(&mut stream).await;
        stream.set_zero_linger().expect("a socket can be told to reset");
        drop(stream);
    });
    assert_eq!(class(answer.await), FailureClass::Broken);
    let answer = against("http", async |mut stream| {
        request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{").await.expect("the client reads");
        drop(stream);
    });
    assert_eq!(class(answer.await), FailureClass::Broken);
}

#[tokio::test]
async fn what_is_no_http_and_what_is_no_tls_are_told_apart() {
    let answer = against("http", async |mut stream| {
        request(&mut stream).await;
        stream.write_all(b"SSH-2.0-OpenSSH_9.9\r\n").await.expect("the client reads");
    });
    assert_eq!(class(answer.await), FailureClass::Broken);
    let answer = against("https", async |mut stream| {
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.expect("the client reads");
        std::future::pending().await
    });
    assert_eq!(class(answer.await), FailureClass::TlsFailed);
}

#[tokio::test]
async fn a_closed_port_is_a_failed_connection_and_its_address_is_not_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback can be bound");
    let endpoint = listener.local_addr().expect("a bound listener has an address");
    drop(listener);
    let client = client(vec![endpoint.to_string().parse().expect("an endpoint")], Err(ResolveFailure::NoAddress));
    let failure = client.send(call(&format!("http://{endpoint}/"))).await.expect_err("nobody listens");
    assert_eq!(failure.class, FailureClass::ConnectFailed);
    assert!(!failure.to_string().contains("127.0.0.1"), "{failure}");
    assert_eq!(failure.elapsed_ms % 100, 0, "times under 100 ms are not told");
}
