//! A port of this machine that nobody else is given, for a server that is started, stopped and started again on it.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
};

use socket2::{Domain, Socket, Type};

/// A free port on 127.0.0.1, kept from everybody who asks the system for any port, until this is dropped.
///
/// The socket is bound and never listens: the system gives the port to nobody who leaves the choice to it, neither for
/// listening nor for a connection, while a server that names it may listen on it (both sockets say `SO_REUSEADDR`, as
/// the standard library's listeners do).
#[derive(Debug)]
pub struct HeldPort {
    _socket: Socket,
    /// Address and port.
    pub address: SocketAddr,
}

impl HeldPort {
    /// Takes a free one.
    pub fn take() -> io::Result<Self> {
        Self::take_this((Ipv4Addr::LOCALHOST, 0).into())
    }

    /// Takes this one, if nobody listens on it.
    pub fn take_this(address: SocketAddr) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
        socket.set_reuse_address(true)?;
        socket.bind(&address.into())?;
        let address = socket.local_addr()?.as_socket().ok_or(io::ErrorKind::AddrNotAvailable)?;
        Ok(Self { _socket: socket, address })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn a_held_port_is_listened_on_again_and_again_and_given_to_nobody_else() {
        let held = HeldPort::take().unwrap();
        for _ in 0..3 {
            let listener = TcpListener::bind(held.address).unwrap();
            let client = TcpStream::connect(held.address).unwrap();
            // The server's end closes first, as when it is stopped: what remains of the connection is no obstacle.
            drop(listener.accept().unwrap());
            drop((client, listener));
        }
        let others: Vec<TcpListener> = (0..500).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
        assert!(others.iter().all(|other| other.local_addr().unwrap() != held.address));
    }
}
