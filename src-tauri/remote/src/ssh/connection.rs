//! A connection that stands: one login, shared by all that is done over it where ssh can share it.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::Child;
use tokio::sync::watch;
use tokio::time::timeout;
use uuid::Uuid;

use super::error::SshError;
use super::failure::{last_lines, not_connected};
use super::quote::quote;
use super::script::{SHELL, Script, Told, after_marker};
use super::session::Session;
use super::target::Target;
use super::transport::Transport;

/// Until a connection must stand: longer than ssh itself gives each of its parts.
const OPEN_LIMIT: Duration = Duration::from_secs(40);

/// The longest path of a socket, less what ssh adds while it makes one: `sun_path` of unix(7) holds 108 bytes.
const SOCKET_LIMIT: usize = 108 - 20;

/// A connection to a host. Clones share it; the last one ends it.
#[derive(Clone)]
pub struct Connection {
    shared: Arc<Shared>,
}

struct Shared {
    transport: Arc<dyn Transport>,
    target: Target,
    host: String,
    /// Where the sessions find the login that they share.
    socket: Option<PathBuf>,
    round_trip: Duration,
    /// Becomes true when the login ended, and what ssh said then.
    ended: watch::Receiver<Option<String>>,
    /// Dropping it closes the login's standard input, which ends it.
    _login: watch::Sender<()>,
}

impl fmt::Debug for Connection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("Connection")
            .field(&self.shared.host)
            .finish()
    }
}

impl Connection {
    /// Logs in. `host` is what people call it.
    pub async fn open(
        transport: Arc<dyn Transport>,
        host: &str,
        target: Target,
    ) -> Result<Self, SshError> {
        let socket = transport.sockets().map(|folder| make_socket(&folder));
        let socket = socket.transpose()?.flatten();
        let login = Login::begin(transport.as_ref(), host, &target, socket.as_deref());
        let Ok(opened) = timeout(OPEN_LIMIT, login).await else {
            return Err(SshError::Unreachable {
                host: host.to_owned(),
                said: format!("no shell answered within {} s", OPEN_LIMIT.as_secs()),
            });
        };
        let login = opened?;
        let (holder, held) = watch::channel(());
        let (tell, ended) = watch::channel(None);
        let round_trip = login.round_trip;
        tokio::spawn(login.keep(held, tell, socket.clone()));
        Ok(Self {
            shared: Arc::new(Shared {
                transport,
                target,
                host: host.to_owned(),
                socket,
                round_trip,
                ended,
                _login: holder,
            }),
        })
    }

    /// What people call the host.
    pub fn host(&self) -> &str {
        &self.shared.host
    }

    /// How long a question and its answer took.
    pub fn round_trip(&self) -> Duration {
        self.shared.round_trip
    }

    /// Whether the login that it stands on has ended.
    pub fn is_broken(&self) -> bool {
        self.shared.ended.borrow().is_some() || self.shared.ended.has_changed().is_err()
    }

    /// Starts a command in the user's login shell, with its streams.
    pub fn start(&self, command: &str) -> Result<Session, SshError> {
        let Shared {
            transport,
            target,
            socket,
            host,
            ..
        } = &*self.shared;
        let mut arguments = target.options();
        if let Some(socket) = socket {
            arguments.extend(control(socket, "no"));
        }
        arguments.extend([
            "--".into(),
            target.destination.clone().into(),
            command.into(),
        ]);
        let child = spawn(transport.as_ref(), &arguments)?;
        Ok(Session::new(host, child))
    }

    /// Runs a script to its end, and fails if the script does.
    pub(crate) async fn run(&self, script: &Script) -> Result<Vec<u8>, SshError> {
        let told = self.tell(script).await?;
        if told.status.success() {
            return Ok(told.output);
        }
        Err(SshError::Script {
            host: self.shared.host.clone(),
            what: script.what(),
            said: told.complaints,
        })
    }

    /// Runs a script to its end, however that is.
    pub(crate) async fn tell(&self, script: &Script) -> Result<Told, SshError> {
        let mut session = self.begin(script).await?;
        let mut output = Vec::new();
        let mut stdout = session.take_stdout();
        let read = async {
            if let Some(stdout) = &mut stdout {
                // A stream that breaks ends here; the marker and the status tell whether all came.
                let _cut = stdout.read_to_end(&mut output).await.is_err();
            }
        };
        let mut errors = session.take_stderr();
        let mut complaints = Vec::new();
        let complain = async {
            if let Some(errors) = &mut errors {
                let _cut = errors.read_to_end(&mut complaints).await.is_err();
            }
        };
        tokio::join!(read, complain);
        let status = session.wait().await?;
        let own = |said: &[u8]| after_marker(said, script.marker()).map(<[u8]>::to_vec);
        let complaints = own(&complaints).unwrap_or(complaints);
        let all = String::from_utf8_lossy(&complaints);
        let complaints = last_lines(&all);
        match own(&output) {
            // 255 is ssh's own way to fail, in the middle too.
            Some(output) if status.code() != Some(255) => Ok(Told {
                output,
                status,
                complaints,
            }),
            Some(_) => Err(SshError::Broken {
                host: self.shared.host.clone(),
                said: complaints,
            }),
            None => Err(self.no_answer(&all)),
        }
    }

    /// The login showed a shell before: where none answers now, the connection is gone.
    fn no_answer(&self, said: &str) -> SshError {
        match not_connected(&self.shared.host, said) {
            SshError::NoShell { host, said } => SshError::Broken { host, said },
            error => error,
        }
    }

    /// Starts a script; its output is read by the caller, behind the marker.
    pub(crate) async fn begin(&self, script: &Script) -> Result<Session, SshError> {
        let mut session = self.start(SHELL)?;
        if let Some(mut stdin) = session.take_stdin() {
            // A shell that does not read is found by its missing marker.
            let _unread = stdin.write_all(script.text().as_bytes()).await.is_err();
        }
        Ok(session)
    }
}

/// The login that others share: its shell says that it is there, and ends with its standard input.
struct Login {
    child: Child,
    host: String,
    round_trip: Duration,
}

impl Login {
    async fn begin(
        transport: &dyn Transport,
        host: &str,
        target: &Target,
        socket: Option<&Path>,
    ) -> Result<Self, SshError> {
        let marker = format!("labwright-{}", Uuid::now_v7().simple());
        // Each line that comes in is answered: the first answer says that a shell is there, the second how far it is.
        let answer = "while read -r line; do printf '\\n%s\\n' \"$line\"; done";
        let command = format!("exec sh -c {}", quote(answer));
        let mut arguments = target.options();
        if let Some(socket) = socket {
            arguments.extend(control(socket, "yes"));
        }
        arguments.extend([
            "--".into(),
            target.destination.clone().into(),
            command.into(),
        ]);
        let mut child = spawn(transport, &arguments)?;
        let (Some(stdin), Some(stdout)) = (child.stdin.as_mut(), child.stdout.take()) else {
            return Err(not_connected(host, ""));
        };
        let mut lines = BufReader::new(stdout).lines();
        let mut took = Duration::ZERO;
        for _ in 0..2 {
            let asked = Instant::now();
            let _unread = stdin
                .write_all(format!("{marker}\n").as_bytes())
                .await
                .is_err();
            loop {
                match lines.next_line().await {
                    Ok(Some(line)) if line == marker => break,
                    Ok(Some(_)) => {}
                    Ok(None) | Err(_) => return Err(said_before_end(host, child).await),
                }
            }
            took = asked.elapsed();
        }
        Ok(Self {
            child,
            host: host.to_owned(),
            round_trip: took,
        })
    }

    /// Holds the login until nobody needs it any more, and tells when it ends by itself.
    async fn keep(
        mut self,
        mut held: watch::Receiver<()>,
        tell: watch::Sender<Option<String>>,
        socket: Option<PathBuf>,
    ) {
        let mut said = Vec::new();
        let mut errors = self.child.stderr.take();
        let listen = async {
            if let Some(errors) = &mut errors {
                let _cut = errors.read_to_end(&mut said).await.is_err();
            }
        };
        tokio::select! {
            () = listen => {}
            _ = held.changed() => drop(self.child.stdin.take()),
        }
        if held.has_changed().is_err() {
            // Sessions that still share it end with it: nobody holds them.
            let _gone = self.child.start_kill().is_err();
        }
        let _gone = self.child.wait().await.is_err();
        if let Some(socket) = socket {
            let _gone = tokio::fs::remove_file(socket).await.is_err();
        }
        tracing::debug!(host = self.host, "the connection ended");
        let said = last_lines(&String::from_utf8_lossy(&said));
        tell.send_replace(Some(said));
    }
}

/// Why a login ended before its shell answered.
async fn said_before_end(host: &str, mut child: Child) -> SshError {
    let mut said = Vec::new();
    if let Some(mut errors) = child.stderr.take() {
        let _cut = errors.read_to_end(&mut said).await.is_err();
    }
    let _gone = child.wait().await.is_err();
    not_connected(host, &String::from_utf8_lossy(&said))
}

fn spawn(transport: &dyn Transport, arguments: &[OsString]) -> Result<Child, SshError> {
    let arguments: Vec<&OsStr> = arguments.iter().map(OsString::as_os_str).collect();
    transport
        .ssh(&arguments)
        .stdin(Stdio::piped())
        .spawn()
        .map_err(SshError::NoProgram)
}

/// One connection for all sessions, with a socket of our own. It does not outlive us.
fn control(socket: &Path, master: &str) -> [OsString; 6] {
    let mut path = OsString::from("ControlPath=");
    path.push(socket);
    [
        "-o".into(),
        path,
        "-o".into(),
        format!("ControlMaster={master}").into(),
        "-o".into(),
        "ControlPersist=no".into(),
    ]
}

/// A new socket's place; none where its path would be too long, and each session logs in for itself.
fn make_socket(folder: &Path) -> Result<Option<PathBuf>, SshError> {
    let made = tokio::task::block_in_place(|| private_folder(folder));
    made.map_err(|source| SshError::Local {
        path: folder.display().to_string(),
        source,
    })?;
    // The end of such a name is random; its beginning is the time.
    let name = Uuid::now_v7().simple().to_string();
    let socket = folder.join(&name[name.len() - 12..]);
    Ok((socket.as_os_str().len() <= SOCKET_LIMIT).then_some(socket))
}

#[cfg(unix)]
fn private_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;

    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn private_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}
