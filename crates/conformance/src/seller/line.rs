//! Connections that can be cut: a listener for `axum::serve` whose connections end without a word when a behaviour wants it.

use std::future::Future as _;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::server::TlsStream;
use tokio_rustls::{Accept, TlsAcceptor};

use super::Shop;
use super::behaviour::Behaviour;

/// Cuts the connection that a request came over: nothing more is written to it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cut(Arc<AtomicBool>);

impl Cut {
    pub(crate) fn now(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn check(&self) -> io::Result<()> {
        if self.0.load(Ordering::Acquire) { Err(io::ErrorKind::ConnectionReset.into()) } else { Ok(()) }
    }
}

/// One connection with its cut.
pub(crate) struct Line {
    stream: Stream,
    cut: Cut,
}

/// What bytes travel over. The handshake happens with the first byte wanted, so that nobody waits for a stranger's.
enum Stream {
    Plain(TcpStream),
    Shaking(Box<Accept<TcpStream>>),
    Encrypted(Box<TlsStream<TcpStream>>),
}

impl Stream {
    /// Goes on with the handshake, if there is one to be made.
    fn poll_open(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Stream::Shaking(accept) = self else { return Poll::Ready(Ok(())) };
        let opened = ready!(Pin::new(accept.as_mut()).poll(context))?;
        *self = Stream::Encrypted(Box::new(opened));
        Poll::Ready(Ok(()))
    }
}

fn not_open() -> io::Error {
    io::ErrorKind::NotConnected.into()
}

/// Accepts connections, unless the plan is to be down or silent.
pub(crate) struct LineListener {
    listener: TcpListener,
    acceptor: Option<TlsAcceptor>,
    shop: Arc<Shop>,
    /// Connections that are held open and never answered.
    held: Vec<TcpStream>,
}

/// How many silent connections are held; older ones are closed.
const HELD_LIMIT: usize = 256;

impl LineListener {
    pub(crate) fn new(listener: TcpListener, acceptor: Option<TlsAcceptor>, shop: Arc<Shop>) -> LineListener {
        LineListener { listener, acceptor, shop, held: Vec::new() }
    }
}

impl Listener for LineListener {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        loop {
            let (stream, address) = Listener::accept(&mut self.listener).await;
            self.shop.reread_plan();
            let early = self.shop.inside().plan.take_for_connection();
            match early {
                None => {
                    let stream = match &self.acceptor {
                        None => Stream::Plain(stream),
                        Some(acceptor) => Stream::Shaking(Box::new(acceptor.accept(stream))),
                    };
                    return (Line { stream, cut: Cut::default() }, address);
                }
                Some(Behaviour::Silent) => {
                    if self.held.len() >= HELD_LIMIT {
                        self.held.remove(0);
                    }
                    self.held.push(stream);
                }
                Some(_) => {
                    // A reset, not a polite end.
                    if let Err(error) = stream.set_zero_linger() {
                        tracing::debug!(error = %error, "The connection could not be set to reset: {error}");
                    }
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

impl Connected<IncomingStream<'_, LineListener>> for Cut {
    fn connect_info(stream: IncomingStream<'_, LineListener>) -> Cut {
        stream.io().cut.clone()
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.cut.check()?;
        ready!(self.stream.poll_open(context))?;
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Stream::Encrypted(stream) => Pin::new(stream.as_mut()).poll_read(context, buffer),
            Stream::Shaking(_) => Poll::Ready(Err(not_open())),
        }
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.cut.check()?;
        ready!(self.stream.poll_open(context))?;
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Stream::Encrypted(stream) => Pin::new(stream.as_mut()).poll_write(context, bytes),
            Stream::Shaking(_) => Poll::Ready(Err(not_open())),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.cut.check()?;
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(context),
            Stream::Encrypted(stream) => Pin::new(stream.as_mut()).poll_flush(context),
            Stream::Shaking(_) => Poll::Ready(Ok(())),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let whole = self.cut.check().is_ok();
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            // A cut connection says no goodbye.
            Stream::Encrypted(stream) if whole => Pin::new(stream.as_mut()).poll_shutdown(context),
            Stream::Encrypted(_) | Stream::Shaking(_) => Poll::Ready(Ok(())),
        }
    }
}
