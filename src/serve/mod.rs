//! The server: a web page, and an HTTP API for other programs, which answers with the command line's JSON.
//!
//! | file | what is in it |
//! |---|---|
//! | `listen` | connections: their limits and shutting down |
//! | `guard` | access control by host, origin and token; headers of every answer |
//! | `upload` | reads photos from a request, within limits |
//! | `analysis` | analyses photos on threads that keep their models and use the index |
//! | `audit` | a person as JSON |
//! | `api` | the routes |
//! | `metrics` | the counters |
//! | `problem` | errors as answers |
//! | `assets` | the page's files |

mod analysis;
mod api;
mod assets;
mod audit;
mod form;
mod guard;
mod listen;
mod metrics;
mod problem;
mod upload;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::pack::Pack;
use crate::panics::Panics;
use crate::people::{Folder, People};
use crate::pipeline::Cache;
use crate::profile::Passphrase;

use analysis::Analysis;
use metrics::Metrics;
use upload::Budget;

pub use guard::Token;

/// The server's settings.
#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// The address to listen on; port 0 chooses a free port.
    pub address: SocketAddr,
    /// The token that clients must send; may be `None` if only this machine can connect.
    pub token: Option<Token>,
    /// The folder with the people's profiles.
    pub people: Folder,
    /// The passphrase of the profiles, if they are encrypted.
    pub passphrase: Option<Passphrase>,
    /// How many photos are analysed at a time.
    pub threads: usize,
    /// The most bytes of one request.
    pub most_bytes: u64,
}

/// The state that all requests share.
struct Server {
    pack: Pack,
    people: People,
    analysis: Analysis,
    budget: Budget,
    metrics: Metrics,
    token: Option<Token>,
    /// Whether only this machine can connect.
    local: bool,
    threads: usize,
}

type Shared = Arc<Server>;

/// Serve until the program is told to end, and finish started requests. `cache` gives photos that were analysed
/// before. `ready` is called with the address once photos can be checked.
///
/// # Errors
/// If the models do not load, the address cannot be listened on, or other machines can reach it and there is no
/// token.
pub fn serve(
    settings: &ServerSettings,
    pack: Pack,
    cache: Option<Arc<dyn Cache>>,
    ready: impl FnOnce(SocketAddr),
) -> Result<()> {
    let local = settings.address.ip().is_loopback();
    if !local && settings.token.is_none() {
        let problem = "other machines can reach this address; require a --token";
        return Err(Error::value("--host", problem));
    }
    let server = Arc::new(Server {
        people: people(settings, &pack)?,
        analysis: Analysis::start(&pack, settings.threads, cache)?,
        budget: Budget::new(settings.most_bytes),
        metrics: Metrics::new(),
        token: settings.token.clone(),
        local,
        threads: settings.threads,
        pack,
    });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .on_thread_start(|| Panics::EndRequests.set_here())
        .build()?;
    runtime.block_on(listen::listen(settings.address, server, ready))
}

/// The people; their profiles are opened and encrypted with the settings' passphrase, if there is one.
fn people(settings: &ServerSettings, pack: &Pack) -> Result<People> {
    let passphrase = settings.passphrase.clone();
    let unlock = move |path: &Path| {
        passphrase.clone().ok_or_else(|| Error::Encrypted { path: path.to_owned() })
    };
    People::new(settings.people.clone(), pack, Box::new(unlock), settings.passphrase.clone())
}
