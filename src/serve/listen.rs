//! Connections: their number, their timeouts, and shutting down.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::{Shared, api};
use crate::error::{Error, Result};

/// Connections at a time; further ones wait in the system's queue.
const CONNECTIONS: usize = 512;
/// The timeout for a request's head, and for an idle connection.
const HEAD: Duration = Duration::from_secs(20);
/// How long started requests may take once the server is told to end.
const LAST_WORK: Duration = Duration::from_secs(60);
/// The pause after a failure to accept a connection, such as too many open files.
const RESPITE: Duration = Duration::from_millis(50);
/// The exit status of an interrupted program.
const INTERRUPTED: i32 = 130;

/// Serve until the program is told to end; `ready` is called with the address.
pub async fn listen(
    address: SocketAddr,
    server: Shared,
    ready: impl FnOnce(SocketAddr),
) -> Result<()> {
    let listener = TcpListener::bind(address).await.map_err(|e| unbound(address, &e))?;
    let mut end = std::pin::pin!(told_to_end()?);
    ready(listener.local_addr()?);
    let service = TowerToHyperService::new(api::router(server));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD);
    let (graceful, room) = (GracefulShutdown::new(), Arc::new(Semaphore::new(CONNECTIONS)));
    loop {
        // The semaphore is never closed. A full server can be told to end too.
        let place = tokio::select! {
            place = room.clone().acquire_owned() => place,
            () = &mut end => break,
        };
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(_) => {
                    sleep(RESPITE).await;
                    continue;
                }
            },
            () = &mut end => break,
        };
        // Answers are small and should not wait to be combined.
        let _ = stream.set_nodelay(true);
        let connection = http.serve_connection(TokioIo::new(stream), service.clone());
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // Errors of a connection concern only the client.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    // A second request ends the program at once.
    let impatient = told_to_end()?;
    tokio::select! {
        _ = timeout(LAST_WORK, graceful.shutdown()) => Ok(()),
        () = impatient => std::process::exit(INTERRUPTED),
    }
}

fn unbound(address: SocketAddr, error: &std::io::Error) -> Error {
    let problem = match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            format!("{} is in use; choose another, or 0 for a free one", address.port())
        }
        _ => format!("{address} cannot be listened on ({error}); choose another"),
    };
    let flag =
        if error.kind() == std::io::ErrorKind::AddrNotAvailable { "--host" } else { "--port" };
    Error::value(flag, problem)
}

/// Completes when the program is asked to end, by Ctrl-C or a termination signal.
fn told_to_end() -> Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut one, mut other) =
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        Ok(async move {
            tokio::select! { _ = one.recv() => (), _ = other.recv() => () }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
