//! A port of loopback that stays ours while nobody listens on it.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener};
use std::os::fd::OwnedFd;

use rustix::io;
use rustix::net::{
    AddressFamily, SocketFlags, SocketType, bind, getsockname, socket_with, sockopt,
};

/// A port that is bound but not listened on: the kernel gives it to nobody who asks for any, and refuses connections, yet
/// a server that asks for this one and reuses addresses, as servers do, can listen on it.
#[derive(Debug)]
pub(super) struct Port {
    number: u16,
    _bound: OwnedFd,
}

impl Port {
    pub(super) fn reserve() -> Self {
        Self::try_reserve()
            .unwrap_or_else(|error| panic!("loopback has no free port for a server: {error}"))
    }

    fn try_reserve() -> io::Result<Self> {
        let bound = socket_with(
            AddressFamily::INET,
            SocketType::STREAM,
            SocketFlags::CLOEXEC,
            None,
        )?;
        sockopt::set_socket_reuseaddr(&bound, true)?;
        bind(&bound, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0))?;
        let address = SocketAddr::try_from(getsockname(&bound)?)?;
        Ok(Self {
            number: address.port(),
            _bound: bound,
        })
    }

    pub(super) fn number(&self) -> u16 {
        self.number
    }

    pub(super) fn listen(&self) -> TcpListener {
        TcpListener::bind((Ipv4Addr::LOCALHOST, self.number))
            .unwrap_or_else(|error| panic!("port {} is not ours: {error}", self.number))
    }
}
