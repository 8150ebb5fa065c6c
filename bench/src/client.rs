//! Clients that cost as little as clients can: requests are bytes made beforehand, answers are read and counted. What
//! is measured is the server.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use subrosa_crypto::wire::{CapHash, DepositRequest, Envelope, PARCEL_COUNT, Tag};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Bytes of a deposit before its first envelope.
const WORK_END: usize = DepositRequest::LEN - PARCEL_COUNT * Envelope::LEN;

/// One connection that deposits.
pub(crate) struct Depositor {
    socket: TcpStream,
    request: Vec<u8>,
    body_at: usize,
}

impl Depositor {
    /// Connects; `like` is what every parcel looks like but for tags and capabilities.
    pub(crate) async fn connect(address: SocketAddr, like: &DepositRequest) -> Result<Self> {
        let socket = TcpStream::connect(address).await?;
        socket.set_nodelay(true)?;
        let mut request = format!(
            "POST /v1/deposit HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/octet-stream\r\ncontent-length: {}\r\n\r\n",
            DepositRequest::LEN
        )
        .into_bytes();
        let body_at = request.len();
        request.extend_from_slice(&like.encode());
        Ok(Self { socket, request, body_at })
    }

    /// Deposits a parcel with these names, and waits for its receipts.
    pub(crate) async fn deposit(&mut self, names: [(Tag, CapHash); PARCEL_COUNT]) -> Result<()> {
        for (i, (tag, cap)) in names.iter().enumerate() {
            let at = self.body_at + WORK_END + i * Envelope::LEN;
            self.put(at, &tag.0)?;
            self.put(at + 48, &cap.0)?;
        }
        self.socket.write_all(&self.request).await?;
        let mut answer = [0; 2048];
        let mut have = 0;
        loop {
            let n = self.socket.read(answer.get_mut(have..).context("the answer is too long")?).await?;
            if n == 0 {
                bail!("the server hung up");
            }
            have += n;
            let got = answer.get(..have).unwrap_or_default();
            let Some(head) = got.windows(4).position(|w| w == b"\r\n\r\n") else { continue };
            if !got.starts_with(b"HTTP/1.1 200") {
                bail!("the server answered {}", String::from_utf8_lossy(got));
            }
            if have >= head + 4 + subrosa_crypto::wire::DepositResponse::LEN {
                return Ok(());
            }
        }
    }

    fn put(&mut self, at: usize, bytes: &[u8]) -> Result<()> {
        self.request.get_mut(at..at + bytes.len()).context("outside the request")?.copy_from_slice(bytes);
        Ok(())
    }
}
