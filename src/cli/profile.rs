//! `verify profile`: shows, exports, encrypts and deletes a profile.

use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::enroll::text;
use super::output::{count, grouped, note, print, print_json, printable, shown};
use super::{Context, Exit};
use crate::decision::{Method, Strangers};
use crate::enroll::report::{Counts, Duplicate, EnrolReport, Kept, LookAlike, SetAside};
use crate::enroll::{Alike, Standing, Years};
use crate::error::{Error, Result};
use crate::file::{Readers, replace};
use crate::profile::{Lock, Profile, check_deletable, path_as_text, relock_beside};

/// The arguments of `verify profile`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  verify profile show
  verify profile show --json --profile anna.json
  verify profile export anna.json               for another computer, or to give to Anna
  verify profile encrypt                        with a passphrase that verify asks for
  verify profile delete

A profile holds embeddings, which identify a person for life: see docs/privacy.md. It stays on \
this computer, and only its owner can read it.")]
pub struct ProfileArgs {
    #[command(subcommand)]
    action: Action,
    /// Print one JSON object
    #[arg(long, global = true)]
    json: bool,
}

/// What to do with it.
#[derive(Debug, Subcommand)]
enum Action {
    /// Show whose profile it is and what it contains
    Show,
    /// Write the profile, complete and unencrypted, to a new file that only you can read
    Export {
        /// The file, or - for standard output
        #[arg(value_name = "FILE")]
        out: PathBuf,
    },
    /// Encrypt the profile with a passphrase that verify asks for, or with that of --key-file
    Encrypt,
    /// Remove the encryption
    Decrypt,
    /// Delete the profile, after asking
    Delete {
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

/// What `show` prints in JSON; the field names are stable.
#[derive(Serialize)]
struct Shown<'a> {
    name: &'a str,
    #[serde(serialize_with = "path_as_text")]
    profile: PathBuf,
    /// The version of the file's format.
    version: u32,
    /// The identity of the pack whose embeddings it holds.
    models: &'a str,
    /// Whether that is the pack in use; with another pack the profile cannot be used.
    usable: bool,
    /// Whether a passphrase is needed to read it.
    encrypted: bool,
    /// Whether users besides the owner may read the file; null if the system cannot tell.
    readable_by_others: Option<bool>,
    method: Method,
    threshold: f64,
    far: f64,
    strangers: Option<&'a Strangers>,
    standing: Option<Standing>,
    counts: Counts,
    kept: Vec<Kept>,
    duplicates: Vec<Duplicate>,
    set_aside: Vec<SetAside>,
    negatives: usize,
    look_alikes: Vec<LookAlike<'a>>,
    alike: Vec<Alike>,
    born: Option<u16>,
    years: Option<Years>,
}

/// What `export` did.
#[derive(Serialize)]
struct Exported<'a> {
    #[serde(serialize_with = "path_as_text")]
    file: &'a Path,
    bytes: usize,
}

/// The state after `encrypt` or `decrypt`.
#[derive(Serialize)]
struct Locked {
    encrypted: bool,
}

/// What `delete` did.
#[derive(Serialize)]
struct Deleted {
    deleted: bool,
}

/// Show, export, encrypt, decrypt or delete the profile.
///
/// # Errors
/// If there is no profile, it cannot be read, written or deleted, the passphrase is wrong, or the question
/// is not answered with yes.
pub fn run(args: &ProfileArgs, context: &Context) -> Result<Exit> {
    match &args.action {
        Action::Show => show(args, context),
        Action::Export { out } => export(args, context, out),
        Action::Encrypt => lock(args, context, true),
        Action::Decrypt => lock(args, context, false),
        Action::Delete { yes } => delete(args, context, *yes),
    }?;
    Ok(Exit::Success)
}

fn show(args: &ProfileArgs, context: &Context) -> Result<()> {
    let path = context.profile_path()?;
    let profile = context.any_profile()?;
    let usable = profile.models == context.pack.identity();
    let population = usable.then(|| context.population()).transpose()?;
    let standing = population.map(|population| Standing::of(&profile, &population));
    let alike = if usable { context.alike_to(path)? } else { Vec::new() };
    let report = EnrolReport::new(&profile, path, None, &[], standing, alike);
    let readable_by_others = readable_by_others(path);
    if !args.json {
        let mut text = describe(&profile, &report, usable, readable_by_others);
        if context.passphrases.known().is_some() {
            text += "            encrypted\n";
        }
        return print(&text);
    }
    print_json(&Shown {
        name: report.name,
        profile: report.profile,
        version: profile.version,
        models: &profile.models,
        usable,
        encrypted: context.passphrases.known().is_some(),
        readable_by_others,
        method: report.method,
        threshold: report.threshold,
        far: report.far,
        strangers: report.strangers,
        standing: report.standing,
        counts: report.counts,
        kept: report.kept,
        duplicates: report.duplicates,
        set_aside: report.set_aside,
        negatives: report.negatives,
        look_alikes: report.look_alikes,
        alike: report.alike,
        born: report.born,
        years: report.years,
    })
}

/// Whether the file's mode lets other users read it; `None` if files have no mode.
fn readable_by_others(path: &Path) -> Option<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let kind = std::fs::metadata(path).ok()?;
        kind.is_file().then(|| kind.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

fn describe(profile: &Profile, report: &EnrolReport, usable: bool, open: Option<bool>) -> String {
    let counts = &report.counts;
    let mut text =
        format!("{}, enrolled with {}\n", printable(report.name), count(counts.kept, "photo"));
    text += &text::duplicates(report);
    text += &text::set_aside(report);
    text += &text::others(report);
    text += &text::alike(report);
    text += &format!("\nMethod      {}\n", report.method.name());
    text += &text::years(report);
    text += &text::threshold(report);
    text += &format!("Profile     {}\n", shown(&report.profile));
    if open == Some(true) {
        text += "            readable by other users; `chmod 600` on the file prevents that\n";
    }
    if !usable {
        let models = printable(&profile.models);
        text += &format!(
            "            made with the pack {models}: choose it with --pack, or enrol again\n"
        );
    }
    text
}

fn export(args: &ProfileArgs, context: &Context, out: &Path) -> Result<()> {
    let bytes = context.any_profile()?.to_json()?;
    if out == Path::new("-") {
        let mut output = std::io::stdout().lock();
        output.write_all(&bytes)?;
        return Ok(output.flush()?);
    }
    if std::fs::symlink_metadata(out).is_ok() {
        let problem = "exists already; name a new file, or remove it first";
        return Err(Error::value(shown(out), problem));
    }
    replace(out, &bytes, Readers::Owner)?;
    if args.json {
        return print_json(&Exported { file: out, bytes: bytes.len() });
    }
    print(&format!("{}: {} kB\n", shown(out), grouped((bytes.len() as u64).div_ceil(1000))))
}

/// Encrypt the profile, or remove its encryption.
fn lock(args: &ProfileArgs, context: &Context, encrypt: bool) -> Result<()> {
    let path = context.profile_path()?;
    context.any_profile()?;
    match (encrypt, context.passphrases.known()) {
        (true, Some(_)) => {
            let problem = "it is encrypted already; to change the passphrase, decrypt it first";
            return Err(Error::value("profile encrypt", problem));
        }
        (false, None) => return Err(Error::value("profile decrypt", "it is not encrypted")),
        _ => {}
    }
    let passphrase = if encrypt { Some(context.passphrases.for_new()?) } else { None };
    // It may have been changed while the passphrase was typed.
    let lock = Lock::wait(path);
    context.any_profile()?.save(path, passphrase.as_ref())?;
    if !encrypt {
        relock_beside(path, context.passphrases.known(), None)?;
    }
    drop(lock);
    if args.json {
        print_json(&Locked { encrypted: encrypt })?;
    } else if encrypt {
        print(&format!(
            "{}: encrypted; it cannot be opened without the passphrase\n",
            shown(path)
        ))?;
    } else {
        print(&format!("{}: no longer encrypted\n", shown(path)))?;
    }
    if encrypt {
        note_index(context);
    }
    Ok(())
}

/// Print that faces removed from the profile, or encrypted in it, are still in the index.
pub(super) fn note_index(context: &Context) {
    if context.index_place.as_ref().is_some_and(|place| place.path.exists()) {
        note(
            "the index still holds the faces of every analysed photo; `verify index clear` removes it",
        );
    }
}

fn delete(args: &ProfileArgs, context: &Context, yes: bool) -> Result<()> {
    let path = context.profile_path()?;
    check_deletable(path)?;
    // Deleting an encrypted profile does not need its passphrase.
    let locked = || Err(Error::Encrypted { path: path.to_owned() });
    let whose = match Profile::read(path, locked) {
        Ok(profile) => format!("the profile of {}", printable(&profile.name)),
        Err(Error::Encrypted { .. }) => "an encrypted profile".to_owned(),
        Err(_) => "a profile that cannot be read".to_owned(),
    };
    if !yes && !agreed(&format!("Delete {whose}, {}? [y/N] ", shown(path))) {
        return Err(Error::value("profile delete", "nothing was deleted; answer y, or give --yes"));
    }
    let lock = Lock::wait(path);
    match context.folder.id_of_file(path) {
        Some(id) => context.folder.delete(&id)?,
        None => Profile::delete(path)?,
    }
    drop(lock);
    if args.json {
        return print_json(&Deleted { deleted: true });
    }
    print(&format!("deleted {whose}\n"))?;
    note_index(context);
    Ok(())
}

/// Ask on standard error, and read a line that says yes or no.
pub(super) fn agreed(question: &str) -> bool {
    let (mut ask, mut answer) = (std::io::stderr().lock(), String::new());
    // The question may be invisible and still be answered, as in `echo y | verify …`.
    let _ = ask.write_all(question.as_bytes()).and_then(|()| ask.flush());
    let read = std::io::stdin().lock().read_line(&mut answer);
    if !std::io::stdin().is_terminal() {
        let _ = ask.write_all(b"\n");
    }
    read.is_ok() && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}
