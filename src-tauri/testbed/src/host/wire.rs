//! The network between a client and a server on loopback: slow, narrow, stalled or cut, as told.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::line::{DOWN, Network, UP, carry};
use super::port::Port;

/// A port of 127.0.0.1 behind which another one is reached. Without further calls it changes nothing.
///
/// Every method takes `&self` and works at once, on connections that are open too. Dropping it cuts them.
#[derive(Debug)]
pub struct Wire {
    port: Port,
    target: u16,
    network: Arc<Network>,
    door: Mutex<Option<Door>>,
}

/// The thread that takes connections in, until it meets the one from this address; joined, it has closed its port.
#[derive(Debug)]
struct Door {
    last: Arc<Mutex<Option<SocketAddr>>>,
    thread: JoinHandle<()>,
}

impl Wire {
    /// A wire to this port of 127.0.0.1.
    pub fn to(target: u16) -> Self {
        let wire = Self {
            port: Port::reserve(),
            target,
            network: Arc::default(),
            door: Mutex::default(),
        };
        wire.accept();
        wire
    }

    /// The port by which the target is reached.
    pub fn port(&self) -> u16 {
        self.port.number()
    }

    /// Lets every byte take so long, in each direction: a round trip takes twice as long.
    pub fn delay(&self, each_way: Duration) {
        self.network.change(|flow| flow.delay = each_way);
    }

    /// Lets no more than so many bytes a second pass in each direction, over all connections; `None` for all.
    pub fn bytes_per_second(&self, rate: Option<u64>) {
        self.network
            .change(|flow| flow.rate = rate.map(|rate| rate.max(1)));
    }

    /// Lets no byte pass until [`go_on`](Self::go_on). Connections stay open, and new ones are taken in.
    pub fn stall(&self) {
        self.network.change(|flow| flow.stalled = true);
    }

    /// Ends a [`stall`](Self::stall). What was sent meanwhile arrives.
    pub fn go_on(&self) {
        self.network.change(|flow| flow.stalled = false);
    }

    /// Resets all connections on both sides, and returns when they are gone. New ones are taken in.
    pub fn cut(&self) {
        self.network.cut();
    }

    /// Refuses new connections until [`accept`](Self::accept). Those that are open stay.
    pub fn refuse(&self) {
        let Some(door) = lock(&self.door).take() else {
            return;
        };
        let last = {
            let mut address = lock(&door.last);
            let last = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port()));
            let last = last.unwrap_or_else(|error| panic!("a wire's port is closed: {error}"));
            *address = last.local_addr().ok();
            last
        };
        let _ended_by_a_panic = door.thread.join();
        drop(last);
    }

    /// Takes new connections in again.
    pub fn accept(&self) {
        let mut door = lock(&self.door);
        if door.is_some() {
            return;
        }
        let listener = self.port.listen();
        let last = Arc::default();
        let (seen, network, target) = (Arc::clone(&last), Arc::clone(&self.network), self.target);
        let thread = thread::spawn(move || take_in(&listener, &seen, &network, target));
        *door = Some(Door { last, thread });
    }

    /// How many connections were taken in so far.
    pub fn connections(&self) -> u64 {
        self.network.connections.load(Ordering::Relaxed)
    }

    /// How many bytes were let through to the target.
    pub fn bytes_up(&self) -> u64 {
        self.network.bytes[UP].load(Ordering::Relaxed)
    }

    /// How many bytes of the target were let through to clients.
    pub fn bytes_down(&self) -> u64 {
        self.network.bytes[DOWN].load(Ordering::Relaxed)
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.refuse();
        self.cut();
    }
}

fn take_in(
    listener: &TcpListener,
    last: &Mutex<Option<SocketAddr>>,
    network: &Arc<Network>,
    target: u16,
) {
    while let Ok((client, address)) = listener.accept() {
        if *lock(last) == Some(address) {
            return;
        }
        network.connections.fetch_add(1, Ordering::Relaxed);
        // A target that refuses ends the client's connection, as a jump host would.
        if let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, target)) {
            carry(network, client, server);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
