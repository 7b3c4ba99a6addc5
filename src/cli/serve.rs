//! `verify serve`: the address, the token, the browser.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZero;
use std::sync::Arc;

use clap::Args;

use super::logging::LogForm;
use super::output::{note, print};
use super::{Context, Exit};
use crate::error::{Error, Result};
use crate::pipeline::{Cache, ReadOnly};
use crate::serve::{ServerSettings, Token, serve};

/// The arguments of `verify serve`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  verify serve                          open the page in a browser
  verify serve --no-open --port 9000    for other programs; /openapi.json describes the API
  curl -F photo=@party.jpg localhost:7878/api/check
  verify serve --log json 2>> requests.jsonl      log each request as a line of JSON
  VERIFY_TOKEN=$(openssl rand -hex 16) verify serve --host 0.0.0.0     let other machines connect

Photos are analysed and not kept. Enrolled people are kept in profiles, which only their owner can \
read. The index is read, so that photos from an earlier scan cost nothing; only --remember adds to \
it. Without --host, only this computer can connect. Ctrl-C ends the server as soon as the requests \
in progress are done.")]
pub struct ServeArgs {
    /// The port to listen on; 0 chooses a free one
    #[arg(long, default_value = "7878")]
    port: u16,
    /// The address to listen on; any other than this computer's own needs a --token
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    host: IpAddr,
    /// Require this token: programs send `Authorization: Bearer TOKEN`, browsers open /?token=TOKEN. The variable
    /// is safer, because other users of this computer cannot see it
    #[arg(long, value_parser = Token::new, env = "VERIFY_TOKEN", hide_env_values = true)]
    token: Option<Token>,
    /// Do not open a browser
    #[arg(long)]
    no_open: bool,
    /// Encrypt every saved profile with a passphrase, which verify asks for at the start; pictures of faces are then
    /// not kept
    #[arg(long)]
    encrypt: bool,
    /// Add uploaded photos to the index, so that the same photo costs nothing the next time; otherwise the index is
    /// only read
    #[arg(long)]
    remember: bool,
    /// The largest request in MB; all requests together may hold twice as much in memory
    #[arg(long, value_name = "MB", default_value = "256")]
    max_upload: NonZero<u32>,
    /// Log each request on standard error: its method, the pattern of its route, the status, and the time in
    /// milliseconds
    #[arg(long, value_enum, value_name = "FORM")]
    pub(super) log: Option<LogForm>,
}

/// Serve until the program is told to end.
///
/// # Errors
/// If the models do not load, or the address cannot be listened on.
pub fn run(args: &ServeArgs, context: &Context) -> Result<Exit> {
    let settings = ServerSettings {
        address: SocketAddr::new(args.host, args.port),
        token: args.token.clone(),
        people: context.folder.clone(),
        passphrase: context.passphrase_to_save(args.encrypt)?,
        threads: context.threads,
        most_bytes: u64::from(args.max_upload.get()) << 20,
    };
    // After the passphrase, because with encrypted profiles only an index named with --index is used.
    let cache = cache(args.remember, context)?;
    let opens = !args.no_open && settings.token.is_none();
    start(context, &settings, cache, "", opens)
}

/// Serve the page for this computer only, and open that part of it. The profile has been read, so that its
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
    let settings = ServerSettings {
        address,
        token: None,
        people: context.folder.clone(),
        passphrase: context.passphrase_to_save(false)?,
        threads: context.threads,
        most_bytes: 256 << 20,
    };
    start(context, &settings, cache(false, context)?, part, opens)
}

/// Serve until the program is told to end.
fn start(
    context: &Context,
    settings: &ServerSettings,
    cache: Option<Arc<dyn Cache>>,
    part: &str,
    opens: bool,
) -> Result<Exit> {
    serve(settings, context.pack.clone(), cache, |address| {
        let page = format!("http://{address}/{part}");
        // If the output is closed, the server still runs.
        let _ = print(&format!("verify is running at {page}\n"));
        if !opens {
            return;
        }
        if open::that_detached(&page).is_err() {
            note("cannot open a browser; open the address yourself");
        }
    })?;
    context.say_index_notice();
    Ok(Exit::Success)
}

/// The index: read-only unless `remember`.
fn cache(remember: bool, context: &Context) -> Result<Option<Arc<dyn Cache>>> {
    let index = context.index().map(|index| index.clone() as Arc<dyn Cache>);
    match index {
        Some(index) if remember => Ok(Some(index)),
        None if remember => {
            let problem = "needs an index; name one with --index FILE";
            Err(Error::value("--remember", problem))
        }
        index => Ok(index.map(|index| Arc::new(ReadOnly(index)) as Arc<dyn Cache>)),
    }
}
