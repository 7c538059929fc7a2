//! Connections that can be cut: a listener for `axum::serve` whose connections end without a word when a behaviour wants it.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

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
    stream: TcpStream,
    cut: Cut,
}

/// Accepts connections, unless the plan is to be down or silent.
pub(crate) struct LineListener {
    listener: TcpListener,
    shop: Arc<Shop>,
    /// Connections that are held open and never answered.
    held: Vec<TcpStream>,
}

/// How many silent connections are held; older ones are closed.
const HELD_LIMIT: usize = 256;

impl LineListener {
    pub(crate) fn new(listener: TcpListener, shop: Arc<Shop>) -> LineListener {
        LineListener { listener, shop, held: Vec::new() }
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
                None => return (Line { stream, cut: Cut::default() }, address),
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
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.cut.check()?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.cut.check()?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
