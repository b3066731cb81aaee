//! What programs in containers print, as engines send it.
//!
//! With a terminal it is one stream of bytes. Without one each piece has a header of eight bytes: the stream's number,
//! three zeros, and the piece's length: <https://docs.docker.com/reference/api/engine/> ("Stream format").

use std::collections::VecDeque;

use bytes::{Buf, Bytes, BytesMut};

/// The length of a piece's header.
const HEADER: usize = 8;
/// A larger piece than any engine sends: what claims to be one is no stream of this format.
const LARGEST: usize = 64 << 20;

/// A piece of what a program printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// To its standard output, or its terminal.
    Out(Bytes),
    /// To its standard error.
    Error(Bytes),
}

impl Output {
    /// The bytes, whichever stream they went to.
    pub fn bytes(&self) -> &Bytes {
        match self {
            Self::Out(bytes) | Self::Error(bytes) => bytes,
        }
    }
}

/// Takes pieces out of what arrives.
#[derive(Debug)]
pub(super) struct Splitter {
    terminal: bool,
    rest: BytesMut,
}

impl Splitter {
    pub(super) fn new(terminal: bool) -> Self {
        Self {
            terminal,
            rest: BytesMut::new(),
        }
    }

    /// The pieces that are whole now. Fails where the stream has no such format.
    pub(super) fn split(&mut self, arrived: Bytes) -> Result<VecDeque<Output>, &'static str> {
        if self.terminal {
            return Ok(VecDeque::from([Output::Out(arrived)]));
        }
        self.rest.extend_from_slice(&arrived);
        let mut whole = VecDeque::new();
        while let Some(piece) = self.next()? {
            whole.push_back(piece);
        }
        Ok(whole)
    }

    fn next(&mut self) -> Result<Option<Output>, &'static str> {
        let Some(header) = self.rest.get(..HEADER) else {
            return Ok(None);
        };
        let stream = header[0];
        let length = u32::from_be_bytes([header[4], header[5], header[6], header[7]]) as usize;
        if stream > 2 || length > LARGEST {
            return Err("what the engine sent has no headers");
        }
        if self.rest.len() < HEADER + length {
            return Ok(None);
        }
        self.rest.advance(HEADER);
        let bytes = self.rest.split_to(length).freeze();
        Ok(Some(if stream == 2 {
            Output::Error(bytes)
        } else {
            Output::Out(bytes)
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(stream: u8, text: &str) -> Vec<u8> {
        let mut piece = vec![stream, 0, 0, 0];
        piece.extend(u32::try_from(text.len()).unwrap_or_default().to_be_bytes());
        piece.extend(text.bytes());
        piece
    }

    #[test]
    fn pieces_are_the_same_however_they_arrive() {
        let sent = [piece(1, "one"), piece(2, "two"), piece(1, "")].concat();
        for size in 1..sent.len() {
            let mut splitter = Splitter::new(false);
            let mut came = Vec::new();
            for part in sent.chunks(size) {
                came.extend(
                    splitter
                        .split(Bytes::copy_from_slice(part))
                        .unwrap_or_default(),
                );
            }
            assert_eq!(
                came,
                [
                    Output::Out("one".into()),
                    Output::Error("two".into()),
                    Output::Out(Bytes::new())
                ]
            );
        }
    }

    #[test]
    fn a_terminal_s_bytes_are_passed_on_whatever_they_are() {
        let mut splitter = Splitter::new(true);
        let sent = Bytes::from_static(b"\x01\x00\x00\x00\xff\xff\xff\xff");
        let came = splitter.split(sent.clone()).unwrap_or_default();
        assert_eq!(came, [Output::Out(sent)]);
    }

    #[test]
    fn what_has_no_headers_is_an_error() {
        let mut splitter = Splitter::new(false);
        assert!(splitter.split(Bytes::from_static(b"login: \r\n")).is_err());
    }
}
