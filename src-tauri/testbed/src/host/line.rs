//! One connection through a wire, and the state of the network that all of them share.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use rustix::net::sockopt::set_socket_linger;

/// From the client to the target.
pub(super) const UP: usize = 0;
/// From the target to the client.
pub(super) const DOWN: usize = 1;

/// How much is taken at once, and how often so much may be under way in one direction of a connection.
const PIECE: u64 = 32 * 1024;
const UNDER_WAY: usize = 128;

/// How long a writer waits for a receiver before it looks whether the connection is cut.
const GLANCE: Duration = Duration::from_millis(50);

/// How long a stalled writer sleeps if nobody wakes it.
const STALL: Duration = Duration::from_secs(60);

/// How bytes pass now, and what has passed.
#[derive(Debug, Default)]
pub(super) struct Network {
    flow: Mutex<Flow>,
    changed: Condvar,
    lines: Mutex<Vec<Weak<Line>>>,
    pub(super) connections: AtomicU64,
    /// By direction.
    pub(super) bytes: [AtomicU64; 2],
}

#[derive(Debug, Default)]
pub(super) struct Flow {
    pub(super) delay: Duration,
    pub(super) rate: Option<u64>,
    pub(super) stalled: bool,
    /// By direction: when what was let through so far has passed, at this rate.
    busy_until: [Option<Instant>; 2],
}

/// Both ends of a connection: the client's, then the target's.
#[derive(Debug)]
struct Line {
    ends: [TcpStream; 2],
    cut: AtomicBool,
}

/// Bytes, or none for their end, and when they arrive if nothing stops them.
struct Piece {
    bytes: Vec<u8>,
    due: Instant,
}

/// Carries bytes between both until they close or are cut.
pub(super) fn carry(network: &Arc<Network>, client: TcpStream, server: TcpStream) {
    for end in [&client, &server] {
        // What delays is the wire, and nothing else.
        let _slower_otherwise = end.set_nodelay(true);
        let _waits_longer_otherwise = end.set_write_timeout(Some(GLANCE));
    }
    let line = Arc::new(Line {
        ends: [client, server],
        cut: AtomicBool::new(false),
    });
    let mut lines = lock(&network.lines);
    lines.retain(|line| line.strong_count() > 0);
    lines.push(Arc::downgrade(&line));
    for direction in [UP, DOWN] {
        let (pieces, arriving) = sync_channel(UNDER_WAY);
        let (shared, reading) = (Arc::clone(network), Arc::clone(&line));
        thread::spawn(move || shared.read(&reading, direction, &pieces));
        let (shared, writing) = (Arc::clone(network), Arc::clone(&line));
        thread::spawn(move || shared.write(&writing, direction, &arriving));
    }
}

impl Network {
    /// Changes how bytes pass, those under way too.
    pub(super) fn change(&self, change: impl FnOnce(&mut Flow)) {
        change(&mut lock(&self.flow));
        self.changed.notify_all();
    }

    /// Resets every connection, and returns when both its ends are closed.
    pub(super) fn cut(&self) {
        let lines: Vec<_> = lock(&self.lines).drain(..).collect();
        for line in &lines {
            if let Some(line) = line.upgrade() {
                self.cut_line(&line);
            }
        }
        while lines.iter().any(|line| line.strong_count() > 0) {
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Wakes those who work on a connection; the last of them closes it, which resets it.
    fn cut_line(&self, line: &Line) {
        line.cut.store(true, Ordering::SeqCst);
        for end in &line.ends {
            let _closed_already = set_socket_linger(end, Some(Duration::ZERO));
            // Only what is received: the other direction would end in good order.
            let _closed_already = end.shutdown(Shutdown::Read);
        }
        self.change(|_| ());
    }

    fn read(&self, line: &Line, direction: usize, pieces: &SyncSender<Piece>) {
        loop {
            let mut bytes = vec![0; self.piece_size()];
            match (&line.ends[direction]).read(&mut bytes) {
                Ok(count) => bytes.truncate(count),
                Err(_broken) => return self.cut_line(line),
            }
            let (ended, due) = (bytes.is_empty(), Instant::now() + lock(&self.flow).delay);
            if line.is_cut() || pieces.send(Piece { bytes, due }).is_err() || ended {
                return;
            }
        }
    }

    /// So little that it passes in a twentieth of a second.
    fn piece_size(&self) -> usize {
        let rate = lock(&self.flow).rate;
        let size = rate.map_or(PIECE, |rate| (rate / 20).clamp(1, PIECE));
        usize::try_from(size).unwrap_or(usize::MAX)
    }

    fn write(&self, line: &Line, direction: usize, arriving: &Receiver<Piece>) {
        let mut end = &line.ends[1 - direction];
        for piece in arriving {
            self.wait_until_it_arrives(line, direction, &piece);
            if line.is_cut() {
                return;
            }
            // First: who has received them finds them counted.
            self.bytes[direction].fetch_add(piece.bytes.len() as u64, Ordering::Relaxed);
            if piece.bytes.is_empty() {
                let _closed_already = end.shutdown(Shutdown::Write);
            } else if line.deliver(&mut end, &piece.bytes).is_err() {
                return self.cut_line(line);
            }
        }
    }

    /// Returns earlier if the connection is cut.
    fn wait_until_it_arrives(&self, line: &Line, direction: usize, piece: &Piece) {
        let mut flow = lock(&self.flow);
        let arrival = flow.arrival(direction, piece);
        while !line.is_cut() {
            let left = arrival.saturating_duration_since(Instant::now());
            if left.is_zero() && !flow.stalled {
                return;
            }
            let wait = if flow.stalled { STALL } else { left };
            let woken = self.changed.wait_timeout(flow, wait);
            flow = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Flow {
    /// When these bytes have arrived: all that was let through before comes first.
    fn arrival(&mut self, direction: usize, piece: &Piece) -> Instant {
        let Some(rate) = self.rate else {
            return piece.due;
        };
        let begun = self.busy_until[direction].map_or(piece.due, |busy| busy.max(piece.due));
        let micros = piece.bytes.len() as u64 * 1_000_000 / rate;
        let arrival = begun + Duration::from_micros(micros);
        self.busy_until[direction] = Some(arrival);
        arrival
    }
}

impl Line {
    fn is_cut(&self) -> bool {
        self.cut.load(Ordering::SeqCst)
    }

    fn deliver(&self, end: &mut &TcpStream, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() && !self.is_cut() {
            match end.write(bytes) {
                Ok(count) => bytes = &bytes[count..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
