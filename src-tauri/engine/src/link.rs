//! How fast bytes reach an engine.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::{Action, Engine, EngineError, RequestError};

/// What is sent, one after another, until one takes long enough to tell. Connections begin slowly: what is over in a
/// moment says nothing about a fast link.
const TESTS: [usize; 3] = [256 << 10, 2 << 20, 8 << 20];
const LONG_ENOUGH: Duration = Duration::from_secs(1);
/// What is below this cannot be told from nothing.
const SHORTEST: Duration = Duration::from_millis(1);
/// A name that no volume may have.
const NO_NAME: &str = "/";

impl Engine {
    /// Measures how many bytes a second reach the engine: it reads a request to its end, and refuses it. Nothing changes
    /// there.
    ///
    /// The request makes a volume whose name no engine accepts. What else is in it they read and do not know: Docker
    /// 20.10 and 28.5 and Podman 4.3 read 8 MiB in less than 0.08 s where there is no network between (measured). It
    /// takes a second or two on a link of some megabytes a second, and longer on a slower one.
    pub async fn measure_link(&self) -> Result<u64, EngineError> {
        let greeting = self.refused_after(0).await?;
        let mut rate = 0;
        for length in TESTS {
            let taken = self.refused_after(length).await?.saturating_sub(greeting);
            rate = rate_of(length, taken);
            if taken >= LONG_ENOUGH {
                break;
            }
        }
        Ok(rate)
    }

    /// How long it takes until the engine has refused a request of this length.
    async fn refused_after(&self, length: usize) -> Result<Duration, EngineError> {
        let body = json!({ "Name": NO_NAME, "Unknown": noise(length) }).to_string();
        let begun = Instant::now();
        let refusal = self.connection().post("/volumes/create", body).await;
        let taken = begun.elapsed();
        match refusal {
            Err(RequestError::Answered {
                status: 400 | 500, ..
            }) => Ok(taken),
            Err(source) => Err(self.refused(Action::MeasureLink, "", source)),
            Ok(()) => Err(self.refused(Action::MeasureLink, "", accepted())),
        }
    }
}

fn accepted() -> RequestError {
    RequestError::Reported {
        message: "it accepted what no engine accepts".to_owned(),
    }
}

fn rate_of(length: usize, taken: Duration) -> u64 {
    let rate = length as u128 * 1_000_000 / taken.max(SHORTEST).as_micros();
    u64::try_from(rate).unwrap_or(u64::MAX)
}

/// Text that hardly anybody between can compress, who remembers less than a period, and that JSON keeps as it is.
fn noise(length: usize) -> String {
    const PERIOD: usize = 256 << 10;
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let random = std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[4]
    });
    let printable = random.filter(|it| it.is_ascii_graphic() && !matches!(it, b'"' | b'\\'));
    let period: String = printable.take(PERIOD.min(length)).map(char::from).collect();
    period.repeat(length.div_ceil(PERIOD))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_bytes_in_a_second() {
        for (length, milliseconds, rate) in [
            (1 << 20, 1000, 1 << 20),
            (8 << 20, 2000, 4 << 20),
            (1000, 0, 1_000_000),
            (0, 10, 0),
        ] {
            let taken = Duration::from_millis(milliseconds);
            assert_eq!(rate_of(length, taken), rate, "{length} in {taken:?}");
        }
    }

    #[test]
    fn noise_is_as_long_in_json_as_it_is() {
        for length in [0, 10_000, 256 << 10, 2 << 20] {
            let text = noise(length);
            assert_eq!(json!(text).to_string().len(), length + 2);
        }
    }
}
