//! `lw link capture`.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::pin::pin;
use std::time::Duration;

use labwright_jobs::ErrorReport;
use labwright_labs::links::{Capture, Counted};
use tokio::fs::{File, OpenOptions};
use tokio::io::AsyncWriteExt;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::Context;
use super::place::Place;
use crate::args::CaptureArguments;
use crate::exit::{CommandError, Exit};
use crate::terminal::standard_output;
use crate::view::units;

/// How long the capture is given to end when it is asked to, and a slow reader to take the rest.
const PATIENCE: Duration = Duration::from_millis(1500);
/// How often the count is shown.
const REDRAW: Duration = Duration::from_millis(200);

/// Writes what passes an end until a signal comes, which is a good end.
pub(super) async fn run(
    context: &Context,
    arguments: CaptureArguments,
) -> Result<Exit, CommandError> {
    let mut target = Target::of(&arguments)?;
    let place = Place::find(context, &arguments.place.lab).await?;
    let links = place.links()?;
    let opened = links.capture(&arguments.place.end, arguments.snap);
    let capture = context.unless_stopped(opened).await?;
    let mut capture = capture.map_err(|error| error.report())?;
    let written = write(context, &mut capture, &mut target).await;
    let end = capture.end();
    let count = counted(capture.counted());
    target.erase(context);
    match written {
        Err(CommandError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {}
        written => written?,
    }
    context.note(&format!("{count} of {end}{}", target.place()));
    Ok(Exit::Succeeded)
}

/// Passes the capture on until it ends. The first signal asks it to.
async fn write(
    context: &Context,
    capture: &mut Capture,
    target: &mut Target,
) -> Result<(), CommandError> {
    let mut redraw = interval(REDRAW);
    redraw.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut patience = pin!(async {
        context.stop.cancelled().await;
        sleep(PATIENCE).await;
    });
    let mut stopped = false;
    loop {
        tokio::select! {
            piece = capture.next() => {
                let Some(piece) = piece.map_err(|error| error.report())? else {
                    return Ok(());
                };
                tokio::select! {
                    written = target.write(&piece) => written?,
                    () = &mut patience => return Ok(()),
                }
            }
            _ = context.stop.cancelled(), if !stopped => {
                stopped = true;
                capture.stop().await;
            }
            () = &mut patience => return Ok(()),
            _ = redraw.tick() => target.draw(context, capture.counted()),
        }
    }
}

/// Where the capture goes.
#[derive(Debug)]
struct Target {
    file: Option<PathBuf>,
    replace: bool,
    open: Option<File>,
    drawn: bool,
}

impl Target {
    /// A terminal is no place for a capture, and neither is a file that is there already.
    fn of(arguments: &CaptureArguments) -> Result<Self, CommandError> {
        let (place, file) = (&arguments.place, &arguments.output);
        match file {
            None if io::stdout().is_terminal() => {
                return Err(CommandError::Usage(format!(
                    "a capture is nothing for a terminal; name a file with --output, or let another program read it:\n\
                     lw link capture {} {} | wireshark -k -i -",
                    place.lab, place.end
                )));
            }
            Some(file) if !arguments.replace && file.exists() => {
                return Err(taken(file));
            }
            _ => {}
        }
        Ok(Self {
            file: file.clone(),
            replace: arguments.replace,
            open: None,
            drawn: false,
        })
    }

    /// The file is made when there is something to write.
    async fn write(&mut self, piece: &[u8]) -> Result<(), CommandError> {
        let mut stream = match self.open.take() {
            Some(open) => open,
            None => self.make().await?,
        };
        let written = async {
            stream.write_all(piece).await?;
            stream.flush().await
        };
        let written: io::Result<()> = written.await;
        self.open = Some(stream);
        match &self.file {
            Some(file) => Ok(written.map_err(|error| not_written(file, &error))?),
            None => Ok(written?),
        }
    }

    async fn make(&self) -> Result<File, CommandError> {
        let Some(path) = &self.file else {
            return Ok(standard_output()?);
        };
        let mut options = OpenOptions::new();
        options
            .write(true)
            .create(self.replace)
            .truncate(self.replace);
        match options.create_new(!self.replace).open(path).await {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(taken(path)),
            made => Ok(made.map_err(|error| not_written(path, &error))?),
        }
    }

    fn place(&self) -> String {
        let file = self.file.as_ref();
        file.map_or_else(String::new, |file| format!(" in {}", file.display()))
    }

    /// Nothing is drawn where another program may print on the same terminal.
    fn draw(&mut self, context: &Context, count: Counted) {
        if self.file.is_some() && context.output.can_draw() && !context.options.quiet {
            self.drawn = true;
            context.output.draw(&format!("\r{}\x1b[K", counted(count)));
        }
    }

    fn erase(&mut self, context: &Context) {
        if std::mem::take(&mut self.drawn) {
            context.output.draw("\r\x1b[K");
        }
    }
}

fn counted(count: Counted) -> String {
    let packets = match count.packets {
        1 => "1 packet".to_owned(),
        packets => format!("{packets} packets"),
    };
    format!("{packets}, {}", units::bytes(count.bytes))
}

fn taken(file: &std::path::Path) -> CommandError {
    ErrorReport::new(
        "capture_file_exists",
        format!("{} exists already", file.display()),
    )
    .with_hint("--replace replaces it.")
    .into()
}

fn not_written(file: &std::path::Path, error: &io::Error) -> ErrorReport {
    ErrorReport::new(
        "capture_file",
        format!("{} cannot be written", file.display()),
    )
    .with_cause(error.to_string())
}
