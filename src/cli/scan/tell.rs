//! The actions of `verify scan --watch` on a match: print it, run a command, post it to a URL, once each.

use std::io::Write;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use clap::Args;
use ureq::Agent;
use ureq::http::Uri;

use super::super::Context;
use super::super::output::{note, problem, shown};
use crate::error::{Error, Result};
use crate::profile::Told;

/// The timeout of --post.
const PATIENCE: Duration = Duration::from_secs(10);
/// The variable with the photo's path for the command of --run.
const VARIABLE: &str = "VERIFY_PHOTO";

/// The flags of watching.
#[derive(Debug, Args)]
#[command(next_help_heading = "Watching")]
pub(super) struct WatchArgs {
    /// Keep running and analyse photos and videos that arrive or change, until Ctrl-C. Each match is reported
    /// once, even if the program is started again
    #[arg(long, conflicts_with_all = ["sort", "limit", "all", "dry_run", "files_from"])]
    pub watch: bool,
    /// Run this command for each match, with the match as JSON on its standard input and the photo's path in
    /// VERIFY_PHOTO. If it fails, it is run again later
    #[arg(long, value_name = "COMMAND", requires = "watch")]
    run: Option<String>,
    /// Post each match as JSON to this URL on this machine. If that fails, it is posted again later
    #[arg(long, value_name = "URL", requires = "watch", value_parser = url)]
    post: Option<Uri>,
    /// Allow --post to send to another machine, which then learns in which of your photos the person is
    #[arg(long, requires = "post")]
    post_elsewhere: bool,
}

fn url(text: &str) -> std::result::Result<Uri, String> {
    let url = text.parse::<Uri>().ok();
    let leads =
        |url: &Uri| matches!(url.scheme_str(), Some("http" | "https")) && url.host().is_some();
    match url.filter(leads) {
        Some(url) => Ok(url),
        None => Err("give a URL such as http://localhost:8123/found".to_owned()),
    }
}

/// Whether a URL is on this machine.
fn is_here(url: &Uri) -> bool {
    let host = url.host().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Reports matches, each once.
pub(super) struct Teller {
    told: Told,
    run: Option<String>,
    post: Option<(Agent, Uri)>,
    failed: Vec<PathBuf>,
}

impl Teller {
    /// A reporter for the flags, for the chosen person or for everyone.
    ///
    /// # Errors
    /// [`Error::Value`] for a URL on another machine; if the list of earlier reports cannot be read.
    pub fn new(args: &WatchArgs, context: &Context, everyone: bool) -> Result<Self> {
        if let Some(url) = args.post.as_ref().filter(|url| !args.post_elsewhere && !is_here(url)) {
            let problem = "this is another machine, which would learn in which photos the person is; \
            allow it with --post-elsewhere, or give a URL on localhost";
            return Err(Error::value(format!("--post {url}"), problem));
        }
        // A redirection might lead to another machine.
        let agent = || Agent::config_builder().timeout_global(Some(PATIENCE)).max_redirects(0);
        let agent = || Agent::new_with_config(agent().build());
        let told = told_before(context, everyone)?;
        let post = args.post.clone().map(|url| (agent(), url));
        Ok(Self { told, run: args.run.clone(), post, failed: Vec::new() })
    }

    /// Report a photo, whose file has this SHA-256 and which shows these people: by `print`, and as the flags say
    /// with `json`. Nothing is reported twice; failures are printed.
    ///
    /// # Errors
    /// Those of `print`; if the report cannot be noted.
    pub fn tell(
        &mut self,
        photo: &Path,
        (sha256, people): (&str, &str),
        json: &serde_json::Value,
        print: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        let what = format!("{sha256}\0{people}");
        let list = Told::entry("list", &what);
        if !self.told.has(&list) {
            print()?;
            self.told.add(list)?;
        }
        let body = json.to_string();
        if let Some(command) = self.run.clone() {
            let entry = Told::entry(&format!("run {command}"), &what);
            self.once(photo, entry, |_| run(&command, photo, &body))?;
        }
        if let Some((_, url)) = &self.post {
            let entry = Told::entry(&format!("post {url}"), &what);
            self.once(photo, entry, |teller| teller.post(&body))?;
        }
        Ok(())
    }

    /// Do the work unless this entry is noted already.
    fn once(
        &mut self,
        photo: &Path,
        entry: String,
        work: impl FnOnce(&Self) -> std::result::Result<(), String>,
    ) -> Result<()> {
        if self.told.has(&entry) {
            return Ok(());
        }
        match work(self) {
            Ok(()) => self.told.add(entry),
            Err(why) => {
                problem(&format!("{}: {why}; will try again", shown(photo)));
                self.failed.push(photo.to_owned());
                Ok(())
            }
        }
    }

    /// The photos with failed reports since the last call.
    pub fn failed(&mut self) -> Vec<PathBuf> {
        std::mem::take(&mut self.failed)
    }

    fn post(&self, body: &str) -> std::result::Result<(), String> {
        let Some((agent, url)) = &self.post else { return Ok(()) };
        let request = agent.post(url).content_type("application/json");
        let answer = request.send(body).map_err(|error| format!("--post {url}: {error}"))?;
        if answer.status().is_success() {
            return Ok(());
        }
        Err(format!("--post {url} was answered with {}", answer.status()))
    }
}

/// The earlier reports about the chosen person, or about everyone.
fn told_before(context: &Context, everyone: bool) -> Result<Told> {
    // Opening a profile shows whether it is encrypted.
    let place = if everyone {
        drop(context.people()?.everybody());
        context.folder.make()?;
        context.folder.path().join("everyone")
    } else {
        context.profile()?;
        context.profile_path()?.to_owned()
    };
    if context.passphrases.known().is_none() {
        return Told::beside(&place);
    }
    note(
        "the profile is encrypted, so reports are not noted: the next start reports everything again",
    );
    Ok(Told::forgotten())
}

/// Run the user's command line. The photo's name is not part of it, so that no name can run anything.
fn run(command: &str, photo: &Path, body: &str) -> std::result::Result<(), String> {
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let failed = |error: std::io::Error| format!("--run cannot start its command: {error}");
    let mut started = Command::new(shell)
        .args([flag, command])
        .env(VARIABLE, photo)
        .stdin(Stdio::piped())
        // Standard output is the list.
        .stdout(std::io::stderr())
        .spawn()
        .map_err(failed)?;
    if let Some(mut input) = started.stdin.take() {
        // A command that reads nothing closes its input.
        let _ = input.write_all(body.as_bytes());
    }
    let ended = started.wait().map_err(failed)?;
    if ended.success() { Ok(()) } else { Err(format!("the command of --run ended with {ended}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_on_this_machine_is_told_from_others() {
        let here = |text: &str| is_here(&url(text).unwrap());
        for text in [
            "http://localhost:8123/a",
            "http://127.0.0.1/",
            "https://[::1]:9/x",
            "http://127.9.9.9",
        ] {
            assert!(here(text), "{text}");
        }
        for text in [
            "http://localhost.example/",
            "http://192.168.0.2/",
            "https://example.org",
            "http://[::2]/",
        ] {
            assert!(!here(text), "{text}");
        }
        for text in ["localhost", "ftp://localhost/", "/found", "http://"] {
            assert!(url(text).is_err(), "{text}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_command_gets_the_match_and_its_failure_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let photo = Path::new("a $(touch b); c.jpg");
        let command = format!("{{ cat; echo; echo \"$VERIFY_PHOTO\"; }} > '{}'", out.display());
        run(&command, photo, "{\"photo\":1}").unwrap();
        let got = std::fs::read_to_string(&out).unwrap();
        assert_eq!(got, "{\"photo\":1}\na $(touch b); c.jpg\n");
        assert!(run("exit 3", photo, "{}").unwrap_err().contains('3'));
        assert!(run("true", photo, &"x".repeat(1 << 20)).is_ok(), "it need not read");
    }
}
