//! Those who ask: a socket that only this network namespace can see, and two threads for each connection.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    os::{
        linux::net::SocketAddrExt,
        unix::net::{SocketAddr, UnixListener, UnixStream},
    },
    sync::{
        Arc,
        mpsc::{Receiver, Sender},
    },
    thread,
};

use labwright_patchbay::{Call, Message, Problem, ProblemCode};

use super::input::{Input, Outlet};

/// A line longer than this is no request: a wiring of ten thousand ports has two megabytes.
const LONGEST_LINE: u64 = 16 << 20;

/// Takes connections from now on.
pub(super) fn listen(name: &str, inputs: Sender<Input>) -> io::Result<()> {
    let address = SocketAddr::from_abstract_name(name)?;
    let listener = UnixListener::bind_addr(&address)?;
    thread::Builder::new().spawn(move || {
        for (connection, stream) in (0..).zip(listener.incoming()) {
            // One that ended before it was taken asks for nothing.
            let _served = stream.and_then(|stream| take(connection, stream, inputs.clone()));
        }
    })?;
    Ok(())
}

fn take(connection: u64, stream: UnixStream, inputs: Sender<Input>) -> io::Result<()> {
    let stream = Arc::new(stream);
    let (outlet, written) = Outlet::new(Arc::clone(&stream));
    let writing = Arc::clone(&stream);
    thread::Builder::new().spawn(move || write_all(&writing, &written))?;
    thread::Builder::new().spawn(move || {
        let _ended = read_all(connection, &stream, &outlet, &inputs);
        let _loop_has_ended = inputs.send(Input::Closed { connection });
    })?;
    Ok(())
}

/// Ends when nobody is left who could send, or the other side takes nothing.
fn write_all(mut stream: &UnixStream, messages: &Receiver<Message>) {
    for message in messages {
        let line = serde_json::to_vec(&message).map_err(io::Error::from);
        let written = line.and_then(|mut line| {
            line.push(b'\n');
            stream.write_all(&line)
        });
        if written.is_err() {
            break;
        }
    }
    let _ended_already = stream.shutdown(std::net::Shutdown::Both);
}

fn read_all(
    connection: u64,
    stream: &UnixStream,
    outlet: &Outlet,
    inputs: &Sender<Input>,
) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let mut line = Vec::new();
        let length = reader
            .by_ref()
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line)?;
        if length == 0 {
            return Ok(());
        }
        match serde_json::from_slice::<Call>(&line) {
            Ok(call) => {
                let outlet = outlet.clone();
                let input = Input::Call {
                    connection,
                    call,
                    outlet,
                };
                inputs.send(input).map_err(io::Error::other)?;
            }
            Err(error) => outlet.reply(id_of(&line), Err(vec![bad_request(&error)])),
        }
    }
}

/// The call's number, if at least that can be read.
fn id_of(line: &[u8]) -> u64 {
    let value: Option<serde_json::Value> = serde_json::from_slice(line).ok();
    value
        .and_then(|value| value.get("id")?.as_u64())
        .unwrap_or(0)
}

fn bad_request(error: &serde_json::Error) -> Problem {
    let message = format!("the line is no request: {error}");
    Problem::new(ProblemCode::BadRequest, "", message)
}
