//! `verify serve`: the address, the token, the browser.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZero;
use std::sync::Arc;

use clap::Args;

use super::logging::LogForm;
use super::output::{note, print};
use super::{Context, Exit};
use crate::error::{Error, Result};
use crate::pipeline::{Memory, ReadOnly};
use crate::serve::{Settings, Token, serve};

/// The arguments of `verify serve`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  verify serve                          open the page in a browser
  verify serve --no-open --port 9000    for other programs, which /openapi.json is for
  curl -F photo=@party.jpg localhost:7878/api/check
  verify serve --log json 2>> requests.jsonl      a line for each request
  VERIFY_TOKEN=$(openssl rand -hex 16) verify serve --host 0.0.0.0     reachable from elsewhere

Photos are looked at and forgotten; what is learnt is kept in profiles, one for each person,
readable by their owner alone. The index is read, so that photos that a scan has seen cost nothing,
and added to only with --remember. Without --host only this computer can ask. Ctrl-C ends it once
what was begun is done.")]
pub struct ServeArgs {
    /// The port to listen on; 0 takes any that is free
    #[arg(long, default_value = "7878")]
    port: u16,
    /// The address to listen on; any but this computer's own needs a --token
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// What those who ask must know: as `Authorization: Bearer TOKEN`, or the page as /?token=TOKEN.
    /// Better given as the variable, which other users of this computer cannot see
    #[arg(long, value_parser = Token::new, env = "VERIFY_TOKEN", hide_env_values = true)]
    token: Option<Token>,
    /// Do not open a browser
    #[arg(long)]
    no_open: bool,
    /// Encrypt every profile that is saved with a passphrase, which is asked for now; no picture of a
    /// face is kept then
    #[arg(long)]
    encrypt: bool,
    /// Add the faces of photos that are sent to the index, so that a photo that is sent again costs
    /// nothing; otherwise the index is only read
    #[arg(long)]
    remember: bool,
    /// The most that one request may have, in MB; twice as much may be in memory
    #[arg(long, value_name = "MB", default_value = "256")]
    max_upload: NonZero<u32>,
    /// Write a line for each request on standard error: its method, the pattern of its route, the status, and the
    /// milliseconds that it took
    #[arg(long, value_enum, value_name = "FORM")]
    pub(super) log: Option<LogForm>,
}

/// Serve until told to end.
///
/// # Errors
/// Where the models do not load or the address cannot be listened on.
pub fn run(args: &ServeArgs, context: &Context) -> Result<Exit> {
    let settings = Settings {
        address: SocketAddr::new(args.host, args.port),
        token: args.token.clone(),
        people: context.folder.clone(),
        passphrase: context.passphrase_to_save(args.encrypt)?,
        threads: context.threads,
        most_bytes: u64::from(args.max_upload.get()) << 20,
    };
    // After the passphrase: what is encrypted has no index but one that is named.
    let memory = memory(args.remember, context)?;
    let opens = !args.no_open && settings.token.is_none();
    start(context, &settings, memory, "", opens)
}

/// Serve the page for this computer alone, and open that part of it. The profile has been read, so that its
/// passphrase is known.
///
/// # Errors
/// As [`run`].
pub(super) fn review(
    context: &Context,
    address: SocketAddr,
    part: &str,
    opens: bool,
) -> Result<Exit> {
    let settings = Settings {
        address,
        token: None,
        people: context.folder.clone(),
        passphrase: context.passphrase_to_save(false)?,
        threads: context.threads,
        most_bytes: 256 << 20,
    };
    start(context, &settings, memory(false, context)?, part, opens)
}

/// Serve until told to end.
fn start(
    context: &Context,
    settings: &Settings,
    memory: Option<Arc<dyn Memory>>,
    part: &str,
    opens: bool,
) -> Result<Exit> {
    serve(settings, context.pack.clone(), memory, |address| {
        let page = format!("http://{address}/{part}");
        // Who closed the output still has the server.
        let _ = print(&format!("verify is at {page}\n"));
        if !opens {
            return;
        }
        if open::that_detached(&page).is_err() {
            note("no browser could be opened; open the address yourself");
        }
    })?;
    context.say_index_notice();
    Ok(Exit::Success)
}

/// The index, to be read; to be added to as well if that is asked for.
fn memory(remember: bool, context: &Context) -> Result<Option<Arc<dyn Memory>>> {
    let index = context.index().map(|index| index.clone() as Arc<dyn Memory>);
    match index {
        Some(index) if remember => Ok(Some(index)),
        None if remember => {
            let problem = "there is no index to add to; name one with --index FILE";
            Err(Error::value("--remember", problem))
        }
        index => Ok(index.map(|index| Arc::new(ReadOnly(index)) as Arc<dyn Memory>)),
    }
}
