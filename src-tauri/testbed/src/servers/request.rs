//! Reading HTTP/1.1 requests.

use std::io::{self, BufRead, Read};

/// A request's head, as the server saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `HEAD`, `POST` …
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Names in lower case, in order.
    pub headers: Vec<(String, String)>,
}

impl Request {
    /// Reads one head; `None` when the client has closed the connection instead.
    pub(crate) fn read(reader: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let mut words = line.split_whitespace().map(str::to_owned);
        let (Some(method), Some(target)) = (words.next(), words.next()) else {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "no request line",
            ));
        };
        Ok(Some(Self {
            method,
            target,
            headers: headers(reader)?,
        }))
    }

    /// The value of the first header of this (lower-case) name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    /// The first and, if given, the last byte asked for by `Range: bytes=first-last`.
    pub fn range(&self) -> Option<(u64, Option<u64>)> {
        let (first, last) = self
            .header("range")?
            .strip_prefix("bytes=")?
            .split_once('-')?;
        Some((first.parse().ok()?, last.parse().ok()))
    }

    pub(crate) fn is_chunked(&self) -> bool {
        self.header("transfer-encoding")
            .is_some_and(|value| value.eq_ignore_ascii_case("chunked"))
    }

    pub(super) fn length(&self) -> u64 {
        self.header("content-length")
            .and_then(|length| length.parse().ok())
            .unwrap_or_default()
    }

    /// Reads the body and gives `more` each part, until that says no. Whether the body is complete.
    pub(crate) fn read_body(
        &self,
        reader: &mut impl BufRead,
        mut more: impl FnMut(&[u8]) -> bool,
    ) -> io::Result<bool> {
        if !self.is_chunked() {
            return read_part(reader, self.length(), &mut more);
        }
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let Ok(size) = u64::from_str_radix(line.trim(), 16) else {
                return Ok(false);
            };
            if !read_part(reader, size, &mut more)? {
                return Ok(false);
            }
            // Every chunk, the empty last one too, ends in an empty line.
            reader.read_line(&mut String::new())?;
            if size == 0 {
                return Ok(true);
            }
        }
    }
}

fn headers(reader: &mut impl BufRead) -> io::Result<Vec<(String, String)>> {
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.split_once(':') else {
            return Ok(headers);
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
}

fn read_part(
    reader: &mut impl BufRead,
    size: u64,
    more: &mut impl FnMut(&[u8]) -> bool,
) -> io::Result<bool> {
    let mut part = reader.take(size);
    let mut buffer = [0; 16 * 1024];
    loop {
        let count = part.read(&mut buffer)?;
        if count == 0 {
            return Ok(part.limit() == 0);
        }
        if !more(&buffer[..count]) {
            return Ok(false);
        }
    }
}
