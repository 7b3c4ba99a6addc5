//! The reference of commands, `docs/reference.md`, written from the command line itself.

use clap::{Arg, Command};

/// Markdown with a section for each command and a table of its flags.
pub fn text(program: &mut Command) -> String {
    program.build();
    let mut text = String::from(
        "# Commands and flags\n\n\
         The program wrote this page from its own command line: `make reference` writes it again, and a test fails if it \
         is out of date.\n`verify COMMAND --help` prints the same with examples. [command.md](command.md) explains what all \
         commands share.\n",
    );
    let everywhere: Vec<_> = shown(program).filter(|arg| arg.is_global_set()).collect();
    section(&mut text, "Flags of every command", "", &everywhere);
    for command in program.get_subcommands().filter(|command| !command.is_hide_set()) {
        describe(&mut text, command);
    }
    text
}

/// A command and all below it.
fn describe(text: &mut String, command: &Command) {
    let flags: Vec<_> = shown(command).filter(|arg| !arg.is_global_set()).collect();
    let name = command.get_bin_name().unwrap_or_default().to_owned();
    let about = command.get_about().map(ToString::to_string);
    section(
        text,
        &name,
        &format!("{}.\n", about.unwrap_or_default().trim_end_matches('.')),
        &flags,
    );
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        describe(text, below);
    }
}

/// The arguments that `--help` shows, without `--help` and `--version` themselves.
fn shown(command: &Command) -> impl Iterator<Item = &Arg> {
    let said =
        |arg: &&Arg| !arg.is_hide_set() && !["help", "version"].contains(&arg.get_id().as_str());
    command.get_arguments().filter(said)
}

fn section(text: &mut String, title: &str, about: &str, arguments: &[&Arg]) {
    text.push_str(&format!("\n## {title}\n{about}"));
    if arguments.is_empty() {
        return;
    }
    text.push_str("\n| argument | meaning |\n|---|---|\n");
    for arg in arguments {
        text.push_str(&format!("| {} | {} |\n", form(arg).replace('|', "\\|"), meaning(arg)));
    }
}

/// How an argument is written: `-q`, `--quiet`, `--far RATE`, `[PHOTO]...`.
fn form(arg: &Arg) -> String {
    let short = arg.get_short().map(|letter| format!("`-{letter}`"));
    let takes = arg.get_action().takes_values();
    let names = arg.get_value_names().unwrap_or_default();
    let value = names.iter().map(|name| format!(" {name}")).collect::<String>();
    let value = if takes { value } else { String::new() };
    let long = arg.get_long().map(|long| format!("`--{long}{value}`"));
    let parts: Vec<_> = short.into_iter().chain(long).collect();
    if parts.is_empty() { format!("`{}`", value.trim()) } else { parts.join(", ") }
}

/// Its help, values, default and variable.
fn meaning(arg: &Arg) -> String {
    let help = arg.get_long_help().or(arg.get_help()).map(ToString::to_string).unwrap_or_default();
    let mut text = help.split_whitespace().collect::<Vec<_>>().join(" ");
    if !text.ends_with(['.', '?']) {
        text.push('.');
    }
    let values: Vec<_> =
        arg.get_possible_values().iter().map(|value| format!("`{}`", value.get_name())).collect();
    if arg.get_action().takes_values() && !values.is_empty() {
        text.push_str(&format!(" One of {}.", values.join(", ")));
    }
    let defaults = arg.get_default_values();
    if arg.get_action().takes_values() && !defaults.is_empty() && !arg.is_hide_default_value_set() {
        let defaults: Vec<_> = defaults.iter().map(|value| value.to_string_lossy()).collect();
        text.push_str(&format!(" Default: `{}`.", defaults.join(",")));
    }
    if let Some(variable) = arg.get_env() {
        text.push_str(&format!(" Variable: `{}`.", variable.to_string_lossy()));
    }
    text.replace('|', "\\|").replace('<', "&lt;")
}
