//! Starting and stopping: the listener, the epoch closer, and the order in which they end.

use std::{
    net::{SocketAddr, TcpListener, ToSocketAddrs},
    os::unix::{
        fs::{FileTypeExt, PermissionsExt},
        net::UnixListener,
    },
    path::PathBuf,
    sync::Arc,
    thread,
    time::Duration,
};

use actix_http::{Extensions, HttpService, error::DispatchError};
use actix_server::{GracefulShutdownSignal, ServerBuilder};
use actix_service::{ServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::{
    App as ActixApp, HttpServer,
    dev::{AppConfig, ServerHandle},
    middleware, rt, web,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::{oneshot, watch},
};

use crate::{
    admission::{self, Admission, Guarded},
    app::{App, Settings, StartError},
    closer, headers, routes,
    store::Store,
};

/// Where to listen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    /// A TCP address; port 0 picks a free one.
    Tcp(String),
    /// A unix socket, created anew.
    Unix(PathBuf),
}

impl Listen {
    /// Reads `unix:/path` or `host:port`.
    pub fn parse(text: &str) -> Self {
        match text.strip_prefix("unix:") {
            Some(path) => Self::Unix(path.into()),
            None => Self::Tcp(text.to_owned()),
        }
    }
}

impl std::fmt::Display for Listen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Tcp(address) => f.write_str(address),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// The listeners of a server.
#[derive(Clone, Debug)]
pub struct Listeners {
    /// Where everybody's routes are served.
    pub public: Listen,
    /// Where everybody's routes are served a second time, with connections and memory of their own.
    pub staff: Option<Listen>,
    /// `/metrics`, if wanted: loopback only.
    pub metrics: Option<Listen>,
    /// Whether an address that other machines can reach is accepted.
    pub allow_exposed: bool,
}

impl Listeners {
    /// A free port on 127.0.0.1, without metrics.
    pub fn local() -> Self {
        Self { public: Listen::Tcp("127.0.0.1:0".into()), staff: None, metrics: None, allow_exposed: false }
    }
}

/// A server that runs. Dropping it without [`Running::stop`] leaves it running until the process ends.
#[derive(Debug)]
pub struct Running {
    address: Option<SocketAddr>,
    metrics_address: Option<SocketAddr>,
    stop: watch::Sender<bool>,
    reload: watch::Sender<()>,
    ended: oneshot::Receiver<()>,
}

impl Running {
    /// The TCP address of the public routes; `None` on a unix socket.
    pub fn address(&self) -> Option<SocketAddr> {
        self.address
    }

    /// `http://address`, for clients; empty on a unix socket.
    pub fn url(&self) -> String {
        self.address.map(|a| format!("http://{a}")).unwrap_or_default()
    }

    /// The TCP address of `/metrics`, if it is on.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics_address
    }

    /// Reads the operator's files (policies) anew.
    pub fn reload(&self) {
        // The other end is gone only if the server's thread has died.
        let _ = self.reload.send(());
    }

    /// Stops gracefully: no new connections, requests under way are finished, the closing under way too, then the store
    /// is closed.
    pub async fn stop(self) {
        // Both ends are gone only if the server's thread has died; then there is nothing to wait for.
        let _ = self.stop.send(true);
        let _ = self.ended.await;
    }

    /// Resolves when the server has ended without being told to.
    pub async fn died(&mut self) {
        let _ = (&mut self.ended).await;
    }
}

struct Started {
    address: Option<SocketAddr>,
    metrics_address: Option<SocketAddr>,
}

/// Starts a server on its own thread, whatever runtime the caller uses. Returns when it accepts connections.
pub async fn start<S: Store>(store: Arc<S>, settings: Settings, listeners: Listeners) -> Result<Running, StartError> {
    let (stop, stopped) = watch::channel(false);
    let (reload, reloads) = watch::channel(());
    let (started_tx, started) = oneshot::channel();
    let (ended_tx, ended) = oneshot::channel();
    thread::Builder::new()
        .name("subrosa-server".into())
        .spawn(move || {
            rt::System::new().block_on(serve(store, settings, listeners, stopped, reloads, started_tx));
            let _ = ended_tx.send(());
        })
        .map_err(StartError::System)?;
    let lost = || StartError::System(std::io::Error::other("the server's thread ended"));
    let Started { address, metrics_address } = started.await.map_err(|_| lost())??;
    Ok(Running { address, metrics_address, stop, reload, ended })
}

async fn serve<S: Store>(
    store: Arc<S>,
    settings: Settings,
    listeners: Listeners,
    mut stopped: watch::Receiver<bool>,
    mut reloads: watch::Receiver<()>,
    started: oneshot::Sender<Result<Started, StartError>>,
) {
    let (handles, app, addresses, servers) = match prepare(Arc::clone(&store), settings, listeners).await {
        Ok(ready) => ready,
        Err(e) => {
            let _ = started.send(Err(e));
            return;
        }
    };
    let reloading = Arc::clone(&app);
    rt::spawn(async move {
        while reloads.changed().await.is_ok() {
            reloading.policies.read();
            tracing::info!("read the policies anew");
        }
    });
    let mut closer = rt::spawn(closer::run(Arc::clone(&app), stopped.clone()));
    // What the closer said last. It hears the same word to stop as we do, and may be done before we look.
    let mut closed = None;
    let servers: Vec<_> = servers.into_iter().map(rt::spawn).collect();
    tracing::info!("started");
    if started.send(Ok(addresses)).is_ok() {
        tokio::select! {
            _ = stopped.wait_for(|s| *s) => {}
            ended = &mut closer => closed = Some(ended),
        }
    }
    let store_failed = closed.as_ref().is_some_and(|e| !matches!(e, Ok(closer::Ended::Stopped)));
    if store_failed {
        tracing::error!("storage has stopped: the server ends, so that whoever starts it anew recovers what was kept");
    }
    tracing::info!("stopping: finishing what is under way");
    for handle in &handles {
        handle.stop(true).await;
    }
    for server in servers {
        let _ = server.await;
    }
    if closed.is_none() {
        let _ = closer.await;
    }
    if let Err(e) = app.store().close().await {
        tracing::error!("storage: {e}");
    }
    app.counters.report(app.store().open_epoch(), app.challenges.difficulty(app.uptime()));
    tracing::info!("stopped");
}

type Ready<S> = (Vec<ServerHandle>, Arc<App<S>>, Started, Vec<actix_web::dev::Server>);

async fn prepare<S: Store>(store: Arc<S>, settings: Settings, listeners: Listeners) -> Result<Ready<S>, StartError> {
    let app = Arc::new(App::load(store, settings).await?);
    let (server, address) = public(&app, &listeners.public, listeners.allow_exposed)?;
    let mut handles = vec![server.handle()];
    let mut servers = vec![server];
    if let Some(listen) = &listeners.staff {
        let (server, _) = public(&app, listen, false)?;
        handles.push(server.handle());
        servers.push(server);
    }
    let mut metrics_address = None;
    if let Some(listen) = &listeners.metrics {
        let (server, address) = metrics(&app, listen)?;
        metrics_address = address;
        handles.push(server.handle());
        servers.push(server);
    }
    Ok((handles, app, Started { address, metrics_address }, servers))
}

fn public<S: Store>(
    app: &Arc<App<S>>,
    listen: &Listen,
    allow_exposed: bool,
) -> Result<(actix_web::dev::Server, Option<SocketAddr>), StartError> {
    let settings = app.settings();
    let slots = settings.connections.max(1).saturating_mul(settings.workers.max(1));
    let builder = ServerBuilder::new()
        .workers(settings.workers.max(1))
        // Admission sends somebody away when it is full; whoever comes meanwhile finds a slot.
        .max_concurrent_connections(slots.saturating_add(SPARE))
        .backlog(1024)
        .shutdown_timeout(settings.stop_timeout.as_secs().max(1))
        .disable_signals();
    let admission = Admission::new(settings);
    rt::spawn(admission::watch(Arc::downgrade(&admission)));
    let stopping = builder.graceful_shutdown_signal();
    let failed = |e| StartError::Listen(listen.to_string(), e);
    match open(listen, allow_exposed)? {
        Socket::Tcp(socket) => {
            let address = socket.local_addr().map_err(failed)?;
            let app = Arc::clone(app);
            let service = move || http(&app, &admission, stopping.clone());
            Ok((builder.listen("public", socket, service).map_err(failed)?.run(), Some(address)))
        }
        Socket::Unix(socket) => {
            let app = Arc::clone(app);
            let service = move || http(&app, &admission, stopping.clone());
            Ok((builder.listen_uds("public", socket, service).map_err(failed)?.run(), None))
        }
    }
}

/// Connections that may wait for admission to make room, for each thread.
const SPARE: usize = 256;

/// HTTP behind admission, on streams of either kind.
fn http<S: Store, T: AsyncRead + AsyncWrite + Unpin + 'static>(
    app: &Arc<App<S>>,
    admission: &Arc<Admission>,
    stopping: GracefulShutdownSignal,
) -> impl ServiceFactory<T, Config = (), Response = (), Error = DispatchError, InitError = ()> + use<S, T> {
    let settings = app.settings();
    let data = web::Data::from(Arc::clone(app));
    let site = ActixApp::new()
        .wrap(middleware::from_fn(headers::complete::<S>))
        .configure(move |cfg| routes::install(cfg, data));
    let http = HttpService::build()
        .graceful_shutdown_signal(move || {
            let stopping = stopping.clone();
            async move { stopping.notified().await }
        })
        // Admission counts the time of heads, of every request and not of the first alone.
        .client_request_timeout(Duration::ZERO)
        .client_disconnect_timeout(Duration::from_secs(5))
        .keep_alive(settings.keep_alive)
        .on_connect_ext(|io: &Guarded<T>, data: &mut Extensions| {
            data.insert(io.visitor());
        })
        .h1(map_config(site, |()| AppConfig::default()));
    let admission = Arc::clone(admission);
    fn_service(move |io: T| {
        let admission = Arc::clone(&admission);
        async move { admission.enter(io).await.map(|io| (io, None)).map_err(DispatchError::Io) }
    })
    .and_then(http)
}

fn metrics<S: Store>(
    app: &Arc<App<S>>,
    listen: &Listen,
) -> Result<(actix_web::dev::Server, Option<SocketAddr>), StartError> {
    let data = web::Data::from(Arc::clone(app));
    let server = HttpServer::new(move || {
        let data = data.clone();
        ActixApp::new().configure(move |cfg| routes::install_metrics(cfg, data))
    })
    .workers(1)
    .keep_alive(app.settings().keep_alive)
    .shutdown_timeout(1)
    .disable_signals();
    let failed = |e| StartError::Listen(listen.to_string(), e);
    match open(listen, false)? {
        Socket::Tcp(socket) => {
            let address = socket.local_addr().map_err(failed)?;
            Ok((server.listen(socket).map_err(failed)?.run(), Some(address)))
        }
        Socket::Unix(socket) => Ok((server.listen_uds(socket).map_err(failed)?.run(), None)),
    }
}

enum Socket {
    Tcp(TcpListener),
    Unix(UnixListener),
}

/// Opens a listening socket, after checking that only this machine can reach it.
fn open(listen: &Listen, allow_exposed: bool) -> Result<Socket, StartError> {
    let failed = |e| StartError::Listen(listen.to_string(), e);
    match listen {
        Listen::Tcp(address) => {
            let resolved: Vec<SocketAddr> = address.to_socket_addrs().map_err(failed)?.collect();
            if !allow_exposed && !resolved.iter().all(|a| a.ip().is_loopback()) {
                return Err(StartError::Exposed(address.clone()));
            }
            Ok(Socket::Tcp(TcpListener::bind(resolved.as_slice()).map_err(failed)?))
        }
        Listen::Unix(path) => {
            // A socket left behind by a crash is in the way; anything else at this path is not ours to remove.
            if std::fs::symlink_metadata(path).is_ok_and(|m| m.file_type().is_socket()) {
                std::fs::remove_file(path).map_err(failed)?;
            }
            let socket = UnixListener::bind(path).map_err(failed)?;
            // The socket's group comes in, whatever the umask keeps from it: Tor's, by the folder that the socket is
            // in.
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o660)).map_err(failed)?;
            Ok(Socket::Unix(socket))
        }
    }
}
