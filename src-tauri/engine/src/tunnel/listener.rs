//! The socket that the clients connect to, and the task that serves it.

use std::{
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tokio::{
    net::{UnixListener, UnixStream},
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::sleep,
};

use super::{Dial, failure::Failure, folder::SocketFolder, relay::relay};
use crate::{EngineError, SshAddress};

/// A process that has too many files open can accept again when it has closed some.
const AFTER_REFUSAL: Duration = Duration::from_millis(100);

/// A socket of this machine that leads to the engine of another one. Dropping it ends all connections through it and
/// removes the socket.
#[derive(Debug)]
pub(crate) struct Tunnel {
    socket: PathBuf,
    failures: watch::Receiver<Option<Failure>>,
    serving: JoinHandle<()>,
    _folder: SocketFolder,
}

/// Where every connection leads to.
#[derive(Debug)]
struct Route {
    address: SshAddress,
    dial: Arc<dyn Dial>,
    failures: watch::Sender<Option<Failure>>,
}

impl Tunnel {
    /// Listens. Nothing is dialled before somebody connects. Needs a running tokio runtime.
    pub(crate) fn open(
        address: &SshAddress,
        dial: Arc<dyn Dial>,
        runtime_dir: Option<&Path>,
    ) -> Result<Self, EngineError> {
        let failed = |source| EngineError::Tunnel {
            address: address.to_string(),
            source,
        };
        let folder = SocketFolder::make(runtime_dir).map_err(failed)?;
        let socket = folder.socket();
        let listener = listen(&socket).map_err(failed)?;
        let (tell, failures) = watch::channel(None);
        let route = Route {
            address: address.clone(),
            dial,
            failures: tell,
        };
        Ok(Self {
            socket,
            failures,
            serving: tokio::spawn(serve(listener, Arc::new(route))),
            _folder: folder,
        })
    }

    /// What to connect to.
    pub(crate) fn socket(&self) -> &Path {
        &self.socket
    }

    /// Why a connection through this has just failed, if that is known.
    pub(crate) fn failure(&self) -> Option<Arc<io::Error>> {
        self.failures.borrow().as_ref().and_then(Failure::reason)
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn listen(socket: &Path) -> io::Result<UnixListener> {
    let listener = UnixListener::bind(socket)?;
    fs::set_permissions(socket, fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Never ends by itself; all connections end with it.
async fn serve(listener: UnixListener, route: Arc<Route>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((client, _)) => {
                    connections.spawn(carry(client, Arc::clone(&route)));
                }
                Err(error) => {
                    tracing::warn!(address = %route.address, %error, "a connection was not accepted");
                    sleep(AFTER_REFUSAL).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn carry(mut client: UnixStream, route: Arc<Route>) {
    let carried = match route.dial.dial(&route.address).await {
        Ok(far) => relay(&mut client, far).await,
        Err(error) => Err(error),
    };
    if let Err(error) = carried {
        tracing::debug!(address = %route.address, %error, "a stream failed");
        route.failures.send_replace(Some(Failure::new(error)));
    }
}
