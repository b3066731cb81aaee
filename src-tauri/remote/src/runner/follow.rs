//! Following what a runner writes, from a byte on: whole lines only.

use std::time::Duration;

use labwright_jobs::JobId;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines};
use tokio::process::{ChildStderr, ChildStdout};
use tokio::time::timeout;

use crate::ssh::{Connection, Script, Session, SshError};

/// The host says a word every two seconds; without one for so long nothing comes any more.
const SILENCE: Duration = Duration::from_secs(20);

/// What comes from a host.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// Whole lines of events.
    Lines(Vec<Vec<u8>>),
    /// The runner ended so, and all its lines were handed on.
    Exit(String),
    /// There is no runner any more, and no word of how it ended.
    Lost(String),
}

/// Reads a runner's events.
pub(crate) struct Follower {
    _session: Session,
    host: String,
    output: Option<ChildStdout>,
    /// What the host says of the runner itself.
    remarks: Lines<BufReader<ChildStderr>>,
    marker: String,
    /// Whether the marker came on standard output.
    begun: bool,
    /// Whether it came among the remarks: before it, a login shell speaks.
    speaks: bool,
    /// What came and is no whole line yet.
    rest: Vec<u8>,
    remark: Option<News>,
}

impl Follower {
    /// Begins to read at `offset`.
    pub(crate) async fn begin(
        connection: &Connection,
        job: &JobId,
        offset: u64,
    ) -> Result<Self, SshError> {
        let body = concat!(include_str!("alive.sh"), include_str!("follow.sh"));
        let script = Script::new("the reading of events", body)
            .with("job", job.as_str())
            .with("offset", &offset.to_string());
        let mut session = connection.begin(&script).await?;
        let broken = || SshError::Broken {
            host: connection.host().to_owned(),
            said: String::new(),
        };
        let errors = session.take_stderr().ok_or_else(broken)?;
        Ok(Self {
            output: session.take_stdout(),
            _session: session,
            host: connection.host().to_owned(),
            remarks: BufReader::new(errors).lines(),
            marker: format!("\n{}\n", script.marker()),
            begun: false,
            speaks: false,
            rest: Vec::new(),
            remark: None,
        })
    }

    /// What comes next. An error means that the connection broke: what was handed on stays true.
    pub(crate) async fn next(&mut self) -> Result<News, SshError> {
        loop {
            if self.output.is_none() {
                return self.last().await;
            }
            let heard = timeout(SILENCE, self.hear()).await;
            match heard {
                Ok(Some(lines)) if !lines.is_empty() => return Ok(News::Lines(lines)),
                Ok(_) => {}
                Err(_) => {
                    let said = format!("nothing came for {} s", SILENCE.as_secs());
                    return Err(self.broken(said));
                }
            }
        }
    }

    /// Takes what comes first: output, or a remark.
    async fn hear(&mut self) -> Option<Vec<Vec<u8>>> {
        let Some(output) = &mut self.output else {
            return None;
        };
        let mut buffer = vec![0; 32 * 1024];
        tokio::select! {
            read = output.read(&mut buffer) => match read {
                Ok(0) | Err(_) => {
                    self.output = None;
                    None
                }
                Ok(length) => Some(self.take(&buffer[..length])),
            },
            remark = self.remarks.next_line(), if self.remark.is_none() => {
                match remark {
                    Ok(Some(line)) => self.note(&line),
                    // The connection is gone; what is in the pipe of the output is still read.
                    Ok(None) | Err(_) => self.remark = Some(News::Lines(Vec::new())),
                }
                None
            }
        }
    }

    fn note(&mut self, line: &str) {
        if !self.speaks {
            self.speaks = line == self.marker.trim();
            return;
        }
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        self.remark = match word {
            "exit" => {
                let outcome = rest.split(' ').next().unwrap_or_default();
                Some(News::Exit(outcome.to_owned()))
            }
            "lost" => Some(News::Lost(rest.to_owned())),
            "gone" => Some(News::Lost("gone".to_owned())),
            _ => None,
        };
    }

    fn take(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
        self.rest.extend_from_slice(bytes);
        if !self.begun {
            let marker = self.marker.as_bytes();
            let found = self
                .rest
                .windows(marker.len())
                .position(|part| part == marker);
            let Some(at) = found else {
                return Vec::new();
            };
            self.rest.drain(..at + marker.len());
            self.begun = true;
        }
        whole_lines(&mut self.rest)
    }

    /// Output ended: what the host said last counts.
    async fn last(&mut self) -> Result<News, SshError> {
        while self.remark.is_none() {
            match self.remarks.next_line().await {
                Ok(Some(line)) => self.note(&line),
                Ok(None) | Err(_) => self.remark = Some(News::Lines(Vec::new())),
            }
        }
        match self.remark.take() {
            Some(news @ (News::Exit(_) | News::Lost(_))) => Ok(news),
            _ => Err(self.broken(String::new())),
        }
    }

    fn broken(&self, said: String) -> SshError {
        SshError::Broken {
            host: self.host.clone(),
            said,
        }
    }
}

/// Takes the whole lines out of what came; each is as long in bytes as it was, plus its line end.
fn whole_lines(rest: &mut Vec<u8>) -> Vec<Vec<u8>> {
    let Some(end) = rest.iter().rposition(|byte| *byte == b'\n') else {
        return Vec::new();
    };
    let whole: Vec<u8> = rest.drain(..=end).collect();
    let lines = whole[..end].split(|byte| *byte == b'\n');
    lines.map(<[u8]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::whole_lines;

    #[test]
    fn only_whole_lines_are_taken() {
        let mut rest = b"{\"a\":1}\n{\"b\":2}\n{\"c".to_vec();
        assert_eq!(whole_lines(&mut rest), [b"{\"a\":1}", b"{\"b\":2}"]);
        assert_eq!(rest, b"{\"c");
        assert!(whole_lines(&mut rest).is_empty());
        rest.extend(b"\":3}\n");
        assert_eq!(whole_lines(&mut rest), [b"{\"c\":3}"]);
        assert!(rest.is_empty());
    }
}
