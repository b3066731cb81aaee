//! How a server answers: the faults, and one response with them.

use std::io::{self, Read, Write};
use std::thread;
use std::time::{Duration, Instant};

use super::content::Content;
use super::request::Request;

/// What is wrong with a server, besides nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Faults {
    pub(super) ranges_refused: bool,
    pub(super) cut_after: Option<u64>,
    pub(super) bytes_per_second: Option<u64>,
    pub(super) claimed_length: Option<u64>,
    pub(super) chunked: bool,
    pub(super) status: Option<u16>,
    pub(super) redirect: Option<String>,
}

/// What a server says about its content.
#[derive(Clone, Debug, Default)]
pub(super) struct Labels {
    pub(super) content_type: String,
    pub(super) entity_tag: Option<String>,
}

/// The part of the content that one response carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Whole,
    From { first: u64, last: u64 },
    Unsatisfiable,
}

/// Answers one request. True if the connection can be used again.
pub(super) fn respond(
    request: &Request,
    content: &Content,
    labels: &Labels,
    faults: &Faults,
    writer: &mut impl Write,
    sent: impl FnMut(u64),
) -> io::Result<bool> {
    if let Some(location) = &faults.redirect {
        return write!(
            writer,
            "HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
        )
        .map(|()| true);
    }
    if let Some(status) = faults.status {
        let body = format!("status {status}\n");
        let length = body.len();
        return write!(
            writer,
            "HTTP/1.1 {status} Fault\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .map(|()| true);
    }
    let total = content.length()?;
    let part = part(request, total, labels, faults);
    let (first, length) = match part {
        Part::Whole => (0, total),
        Part::From { first, last } => (first, last + 1 - first),
        Part::Unsatisfiable => (0, 0),
    };
    write_head(writer, part, total, length, labels, faults)?;
    if request.method == "HEAD" || part == Part::Unsatisfiable {
        return Ok(true);
    }
    let body = content.open(first)?.take(length);
    write_body(writer, body, faults, sent)
}

fn part(request: &Request, total: u64, labels: &Labels, faults: &Faults) -> Part {
    let Some((first, last)) = request.range().filter(|_| !faults.ranges_refused) else {
        return Part::Whole;
    };
    // RFC 9110, 13.1.5: another entity than the one the client has begun is sent whole.
    let other = request
        .header("if-range")
        .is_some_and(|tag| labels.entity_tag.as_deref() != Some(tag));
    if other {
        return Part::Whole;
    }
    if first >= total {
        return Part::Unsatisfiable;
    }
    Part::From {
        first,
        last: last.unwrap_or(total - 1).min(total - 1),
    }
}

fn write_head(
    writer: &mut impl Write,
    part: Part,
    total: u64,
    length: u64,
    labels: &Labels,
    faults: &Faults,
) -> io::Result<()> {
    match part {
        Part::Whole => write!(writer, "HTTP/1.1 200 OK\r\n")?,
        Part::From { first, last } => {
            write!(
                writer,
                "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {first}-{last}/{total}\r\n"
            )?;
        }
        Part::Unsatisfiable => {
            write!(
                writer,
                "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */{total}\r\n"
            )?;
        }
    }
    if faults.chunked {
        write!(writer, "Transfer-Encoding: chunked\r\n")?;
    } else {
        let length = faults
            .claimed_length
            .filter(|_| part == Part::Whole)
            .unwrap_or(length);
        write!(writer, "Content-Length: {length}\r\n")?;
    }
    if !faults.ranges_refused {
        write!(writer, "Accept-Ranges: bytes\r\n")?;
    }
    if let Some(tag) = &labels.entity_tag {
        write!(writer, "ETag: {tag}\r\n")?;
    }
    write!(writer, "Content-Type: {}\r\n\r\n", labels.content_type)
}

/// Sends the body with its faults. False if it was cut, or is not as long as its head says.
fn write_body(
    writer: &mut impl Write,
    mut body: impl Read,
    faults: &Faults,
    mut sent: impl FnMut(u64),
) -> io::Result<bool> {
    let begun = Instant::now();
    // A tenth of a second's worth when slow, so that a slow body trickles.
    let size = faults
        .bytes_per_second
        .map_or(64 << 10, |rate| (rate / 10).clamp(1, 64 << 10));
    let mut buffer = vec![0; usize::try_from(size).unwrap_or(1)];
    let mut done = 0;
    loop {
        let left = faults.cut_after.map_or(u64::MAX, |limit| limit - done);
        let wanted = buffer
            .len()
            .min(usize::try_from(left).unwrap_or(usize::MAX));
        let count = body.read(&mut buffer[..wanted])?;
        if count == 0 {
            break;
        }
        write_part(writer, &buffer[..count], faults.chunked)?;
        done += count as u64;
        sent(count as u64);
        if let Some(rate) = faults.bytes_per_second {
            let due = Duration::from_millis(done.saturating_mul(1000) / rate.max(1));
            thread::sleep(due.saturating_sub(begun.elapsed()));
        }
    }
    let cut = faults.cut_after.is_some_and(|limit| limit == done);
    if faults.chunked && !cut {
        writer.write_all(b"0\r\n\r\n")?;
    }
    Ok(!cut && faults.claimed_length.is_none())
}

fn write_part(writer: &mut impl Write, part: &[u8], chunked: bool) -> io::Result<()> {
    if !chunked {
        return writer.write_all(part);
    }
    write!(writer, "{:x}\r\n", part.len())?;
    writer.write_all(part)?;
    writer.write_all(b"\r\n")
}
