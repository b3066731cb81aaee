//! A Podman that is installed and serves nobody becomes an engine: we start its service ourselves.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use tokio::{
    process::{Child, Command},
    time::{Instant, sleep},
};

use crate::{Candidate, Engine, EngineAddress, EngineError, Origin};

/// The service ends by itself when nobody has used it for so long, in seconds.
const IDLE: &str = "--time=3600";
/// The first start of a rootless Podman sets up its storage; that takes seconds.
const START_LIMIT: Duration = Duration::from_secs(60);
const BETWEEN_QUESTIONS: Duration = Duration::from_millis(100);
/// How much of the service's output is worth showing when it failed.
const LAST_OUTPUT: usize = 2000;

/// A Podman service that answers.
#[derive(Debug)]
pub struct PodmanService {
    /// How to reach it.
    pub candidate: Candidate,
    /// Its process, if we started it; none if it was there already.
    pub pid: Option<u32>,
}

/// Makes the installed Podman an engine at the socket, unless one answers there already, and waits
/// until it answers.
///
/// The service outlives this process, and ends after an hour without use. Its output goes to a file
/// beside the socket. `extra_env` is added to the environment that it inherits. Two callers at once
/// start one service.
pub async fn start_podman(
    program: &Path,
    socket_path: &Path,
    extra_env: &[(&str, &Path)],
) -> Result<PodmanService, EngineError> {
    let candidate = Candidate {
        name: "podman".to_owned(),
        origin: Origin::WellKnown,
        address: EngineAddress::Unix(socket_path.to_owned()),
        tls: None,
    };
    // Held until this function returns: the second caller finds the first one's service.
    let _only_one = exclusive(socket_path).await?;
    if Engine::connect(&candidate).await.is_ok() {
        return Ok(PodmanService {
            candidate,
            pid: None,
        });
    }
    let log = socket_path.with_extension("log");
    let mut child = spawn(program, socket_path, &log, extra_env)?;
    let pid = child.id();
    wait_until_it_answers(&mut child, &candidate, program, &log).await?;
    Ok(PodmanService { candidate, pid })
}

async fn exclusive(socket_path: &Path) -> Result<File, EngineError> {
    let path = socket_path.with_extension("lock");
    let failed = |source| EngineError::PodmanFolder {
        path: path.clone(),
        source,
    };
    let folder = socket_path.parent().unwrap_or(Path::new("/")).to_owned();
    let lock = path.clone();
    let locked = tokio::task::spawn_blocking(move || {
        private_folder(&folder)?;
        let file = File::create(lock)?;
        file.lock()?;
        Ok(file)
    });
    locked
        .await
        .map_err(|error| failed(io::Error::other(error)))?
        .map_err(failed)
}

/// Makes a folder that only this user may enter, unless it is there.
#[cfg(unix)]
pub(crate) fn private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
}

#[cfg(not(unix))]
fn private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

fn spawn(
    program: &Path,
    socket_path: &Path,
    log: &Path,
    extra_env: &[(&str, &Path)],
) -> Result<Child, EngineError> {
    let folder = |source| EngineError::PodmanFolder {
        path: log.to_owned(),
        source,
    };
    match fs::remove_file(socket_path) {
        // Left by a service that was killed; nothing answered there.
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(folder(error)),
    }
    let output = File::create(log).map_err(folder)?;
    let copy = output.try_clone().map_err(folder)?;
    let mut command = Command::new(program);
    command
        .args(["system", "service", IDLE])
        .arg(format!("unix://{}", socket_path.display()));
    command.envs(extra_env.iter().copied());
    // A pipe would break when we leave, and end the service with it.
    command.stdin(Stdio::null()).stdout(output).stderr(copy);
    // Ctrl-C in our terminal is not meant for it.
    #[cfg(unix)]
    command.process_group(0);
    command.spawn().map_err(|source| EngineError::PodmanStart {
        program: program.to_owned(),
        source,
    })
}

async fn wait_until_it_answers(
    child: &mut Child,
    candidate: &Candidate,
    program: &Path,
    log: &Path,
) -> Result<(), EngineError> {
    let failed = |what: &str| EngineError::PodmanService {
        program: PathBuf::from(program),
        output: format!("{what}\n{}", last_output(log)).trim().to_owned(),
    };
    let give_up = Instant::now() + START_LIMIT;
    loop {
        if Engine::connect(candidate).await.is_ok() {
            return Ok(());
        }
        if let Ok(Some(status)) = child.try_wait() {
            return Err(failed(&format!("its service ended, {status}")));
        }
        if Instant::now() > give_up {
            // It was started for nothing; that it cannot be stopped either adds nothing.
            let _ = child.start_kill();
            return Err(failed("its service does not answer"));
        }
        sleep(BETWEEN_QUESTIONS).await;
    }
}

fn last_output(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let start = text.len().saturating_sub(LAST_OUTPUT);
    String::from_utf8_lossy(text.get(start..).unwrap_or_default())
        .trim()
        .to_owned()
}
