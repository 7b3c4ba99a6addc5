//! The program over HTTP: a page to drop photos on, and an API for other programs. What it says is
//! what the command line says, as the same JSON.
//!
//! | file | what is in it |
//! |---|---|
//! | `listen` | connections: their limits and their end |
//! | `guard` | who may ask: host, origin, token; what every answer carries |
//! | `upload` | photos out of a request, within limits |
//! | `analysis` | photos to faces, on threads that keep their models and ask the index |
//! | `audit` | what is said of one of them |
//! | `api` | what can be asked for |
//! | `metrics` | what is counted |
//! | `problem` | errors as answers |
//! | `assets` | the page |

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
use crate::pipeline::Memory;
use crate::profile::Passphrase;

use analysis::Analysis;
use metrics::Metrics;
use upload::Budget;

pub use guard::Token;

/// How the server is run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen; port 0 is any free one.
    pub address: SocketAddr,
    /// What those who ask must know; nothing where only this machine can ask.
    pub token: Option<Token>,
    /// Where the people's profiles are.
    pub people: Folder,
    /// What profiles are encrypted with, if they are.
    pub passphrase: Option<Passphrase>,
    /// Photos worked on at a time.
    pub threads: usize,
    /// The most bytes of one request.
    pub most_bytes: u64,
}

/// What all requests share.
struct Server {
    pack: Pack,
    people: People,
    analysis: Analysis,
    budget: Budget,
    metrics: Metrics,
    token: Option<Token>,
    /// Whether only this machine can ask.
    local: bool,
    threads: usize,
}

type Shared = Arc<Server>;

/// Listen until the program is told to end, and finish what was begun. `memory` is asked for photos
/// that were analysed before. `ready` is told the address once photos can be checked.
///
/// # Errors
/// Where the models do not load, the address cannot be listened on, or it is not this machine's own
/// and there is no token.
pub fn serve(
    settings: &Settings,
    pack: Pack,
    memory: Option<Arc<dyn Memory>>,
    ready: impl FnOnce(SocketAddr),
) -> Result<()> {
    let local = settings.address.ip().is_loopback();
    if !local && settings.token.is_none() {
        let problem = "others can reach this address; give a --token that they must know";
        return Err(Error::value("--host", problem));
    }
    let server = Arc::new(Server {
        people: people(settings, &pack)?,
        analysis: Analysis::start(&pack, settings.threads, memory)?,
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

/// The people, whose profiles are opened and encrypted with the settings' passphrase, if there is one.
fn people(settings: &Settings, pack: &Pack) -> Result<People> {
    let passphrase = settings.passphrase.clone();
    let unlock = move |path: &Path| {
        passphrase.clone().ok_or_else(|| Error::Encrypted { path: path.to_owned() })
    };
    People::new(settings.people.clone(), pack, Box::new(unlock), settings.passphrase.clone())
}
