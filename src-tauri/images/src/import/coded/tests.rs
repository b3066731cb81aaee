//! What is written can be read, and what was not ended cannot.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::io::Read;
use std::sync::mpsc;

use flate2::read::GzDecoder;

use super::*;

#[test]
fn each_form_can_be_read() {
    let text = "all of it ".repeat(100_000);
    for coding in [Coding::Plain, Coding::Gzip, Coding::Zstd] {
        let mut written = Vec::new();
        let mut output = Coded::new(coding, &mut written).unwrap();
        output.write_all(text.as_bytes()).unwrap();
        output.end().unwrap();
        drop(output);
        let mut read = String::new();
        match coding {
            Coding::Plain => written.as_slice().read_to_string(&mut read),
            Coding::Gzip => GzDecoder::new(written.as_slice()).read_to_string(&mut read),
            Coding::Zstd => {
                let mut decoder = zstd::stream::read::Decoder::new(written.as_slice()).unwrap();
                decoder.read_to_string(&mut read)
            }
        }
        .unwrap();
        assert!(read == text, "{coding:?}");
        assert!(coding == Coding::Plain || written.len() < text.len() / 10);
    }
}

/// Output that can be looked at after it was dropped.
struct Told(mpsc::Sender<Vec<u8>>);

impl Write for Told {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.send(bytes.to_vec()).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn what_is_not_ended_is_cut() {
    for coding in [Coding::Gzip, Coding::Zstd] {
        let (tell, told) = mpsc::channel();
        let mut output = Coded::new(coding, Told(tell)).unwrap();
        output.write_all(&[7; 100]).unwrap();
        drop(output);
        let written: Vec<u8> = told.into_iter().flatten().collect();
        let mut read = Vec::new();
        let outcome = match coding {
            Coding::Gzip => GzDecoder::new(written.as_slice()).read_to_end(&mut read),
            _ => zstd::stream::read::Decoder::new(written.as_slice())
                .and_then(|mut decoder| decoder.read_to_end(&mut read)),
        };
        assert!(
            outcome.is_err() || read.is_empty(),
            "{coding:?} {outcome:?}"
        );
    }
}
