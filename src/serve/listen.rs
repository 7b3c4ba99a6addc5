//! Connections: how many, how slow they may be, and how they end.

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
/// How long a request's head may take, and how long a connection may be idle.
const HEAD: Duration = Duration::from_secs(20);
/// How long requests that were begun may take once the server is told to end.
const LAST_WORK: Duration = Duration::from_secs(60);
/// After a failure to accept, such as too many open files.
const RESPITE: Duration = Duration::from_millis(50);
/// The exit status of a program that was interrupted.
const INTERRUPTED: i32 = 130;

/// Serve until the program is told to end; `ready` is told the address.
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
        // The semaphore is never closed. A server that is full can be told to end as well.
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
        // Answers are small: they should not wait to be joined.
        let _ = stream.set_nodelay(true);
        let connection = http.serve_connection(TokioIo::new(stream), service.clone());
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A connection's own errors are the client's business.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    // Whoever is impatient asks twice.
    let impatient = told_to_end()?;
    tokio::select! {
        _ = timeout(LAST_WORK, graceful.shutdown()) => Ok(()),
        () = impatient => std::process::exit(INTERRUPTED),
    }
}

fn unbound(address: SocketAddr, error: &std::io::Error) -> Error {
    let problem = match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            format!("{} is in use; choose another, or 0 for any that is free", address.port())
        }
        _ => format!("{address} cannot be listened on ({error}); choose another"),
    };
    let flag =
        if error.kind() == std::io::ErrorKind::AddrNotAvailable { "--host" } else { "--port" };
    Error::value(flag, problem)
}

/// Ends when the program is asked to: Ctrl-C, or the system's polite request.
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
