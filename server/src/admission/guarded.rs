//! A connection's bytes, counted as they pass between socket and HTTP layer.

use std::{
    io::{self, ErrorKind},
    pin::Pin,
    task::{Context, Poll, ready},
    time::Instant,
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use zeroize::Zeroizing;

use super::{Visitor, bare, connection::Goodbye};

/// What is read at one go, so that nobody fills a buffer while others wait.
const BURST: usize = 32 * 1024;

/// A stream that admission can end.
#[derive(Debug)]
pub(crate) struct Guarded<T> {
    io: T,
    /// What was read of the stream before it was handed on.
    ahead: Vec<u8>,
    visitor: Visitor,
    burst: usize,
    /// An answer in place of another, or the last one, on its way.
    own: Own,
}

#[derive(Debug, Default)]
struct Own {
    bytes: Vec<u8>,
    written: usize,
}

impl<T: AsyncRead + AsyncWrite + Unpin> Guarded<T> {
    /// Guards a stream, of which `ahead` was read already.
    pub(super) fn new(io: T, ahead: Vec<u8>, visitor: Visitor) -> Self {
        if !ahead.is_empty() {
            visitor.connection.arrived(&ahead, Instant::now());
        }
        Self { io, ahead, visitor, burst: 0, own: Own::default() }
    }

    /// Who it is.
    pub(crate) fn visitor(&self) -> Visitor {
        self.visitor.clone()
    }

    fn poll_own(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(rest) = self.own.bytes.get(self.own.written..).filter(|r| !r.is_empty()) {
            match ready!(Pin::new(&mut self.io).poll_write(cx, rest))? {
                0 => return Poll::Ready(Err(ErrorKind::WriteZero.into())),
                n => self.own.written += n,
            }
        }
        Pin::new(&mut self.io).poll_flush(cx)
    }

    /// Says goodbye, then reads what still comes until the other side has closed: closing first could destroy what was
    /// said on its way. Admission sees to it that this ends.
    fn poll_goodbye(&mut self, cx: &mut Context<'_>, goodbye: Goodbye) -> Poll<io::Result<()>> {
        let gone = || Poll::Ready(Err(ErrorKind::ConnectionAborted.into()));
        if goodbye == Goodbye::Silent {
            return gone();
        }
        if self.own.bytes.is_empty() {
            self.own.bytes = bare::farewell(goodbye);
        }
        if ready!(self.poll_own(cx)).is_err() || ready!(Pin::new(&mut self.io).poll_shutdown(cx)).is_err() {
            return gone();
        }
        ready!(self.poll_scrap(cx));
        gone()
    }

    /// Reads what still comes into nothing, until the other side has closed.
    fn poll_scrap(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut scrap = Zeroizing::new([0; 8 * 1024]);
        for _ in 0..4 {
            let mut read = ReadBuf::new(scrap.as_mut_slice());
            if ready!(Pin::new(&mut self.io).poll_read(cx, &mut read)).is_err() || read.filled().is_empty() {
                return Poll::Ready(());
            }
            self.visitor.connection.arrived(read.filled(), Instant::now());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> AsyncRead for Guarded<T> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.visitor.connection.reader_waits(cx.waker());
        if let Some(goodbye) = this.visitor.connection.goodbye() {
            return this.poll_goodbye(cx, goodbye);
        }
        if this.visitor.connection.is_closing() {
            // Nothing of it reaches the HTTP layer's buffers, which nobody wipes.
            return this.poll_scrap(cx).map(Ok);
        }
        if !this.ahead.is_empty() {
            let n = this.ahead.len().min(buf.remaining());
            buf.put_slice(&this.ahead.drain(..n).collect::<Vec<u8>>());
            return Poll::Ready(Ok(()));
        }
        let most = this.visitor.connection.may_read().min(buf.remaining());
        if most == 0 {
            this.burst = 0;
            return Poll::Pending;
        }
        let most = most.min(BURST.saturating_sub(this.burst));
        if most == 0 {
            this.burst = 0;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let mut part = ReadBuf::new(buf.initialize_unfilled_to(most));
        let read = Pin::new(&mut this.io).poll_read(cx, &mut part);
        let n = part.filled().len();
        this.visitor.connection.arrived(part.filled(), Instant::now());
        this.burst += n;
        if let Some(goodbye) = this.visitor.connection.goodbye() {
            return this.poll_goodbye(cx, goodbye);
        }
        if read.is_pending() {
            this.burst = 0;
        }
        buf.advance(n);
        read
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Guarded<T> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let connection = &this.visitor.connection;
        connection.writer_waits(cx.waker());
        match connection.goodbye() {
            Some(Goodbye::Silent) => return Poll::Ready(Err(ErrorKind::ConnectionAborted.into())),
            // The reading side says it all.
            Some(_) => return Poll::Ready(Ok(bytes.len())),
            None => {}
        }
        let mut bytes = bytes;
        if connection.is_between_requests()
            && let Some((at, status)) = bare::find(bytes)
        {
            if at == 0 {
                if this.own.bytes.is_empty() {
                    this.own.bytes = bare::dressed(status);
                }
                ready!(this.poll_own(cx))?;
                return Poll::Ready(Ok(bytes.len()));
            }
            bytes = bytes.get(..at).unwrap_or_default();
        }
        let written = Pin::new(&mut this.io).poll_write(cx, bytes);
        match &written {
            Poll::Ready(Ok(n)) => this.visitor.connection.wrote(*n, Instant::now()),
            Poll::Ready(Err(_)) => {}
            Poll::Pending => this.visitor.connection.write_waits(Instant::now()),
        }
        written
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(Pin::new(&mut this.io).poll_flush(cx))?;
        this.visitor.connection.flushed();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_shutdown(cx)
    }
}
