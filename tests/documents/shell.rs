//! The commands in a document: the examples in its blocks of code, and those that its sentences mention.

/// The examples: lines of code that run `verify`, as line number and words. An output that follows a command is
/// no command, for it does not begin with `verify`.
pub fn examples(text: &str) -> Vec<(usize, Vec<String>)> {
    let mut fence: Option<String> = None;
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if let Some(kind) = trimmed.strip_prefix("```") {
            fence = if fence.is_none() { Some(kind.to_owned()) } else { None };
            continue;
        }
        let is_shell = match &fence {
            Some(kind) => ["", "sh", "bash", "console"].contains(&kind.as_str()),
            None => line.starts_with("    "),
        };
        if is_shell {
            found.extend(commands(trimmed).into_iter().map(|words| (number + 1, words)));
        }
    }
    found
}

/// The mentions: code within sentences that begins with `verify`.
pub fn mentions(text: &str) -> Vec<(usize, Vec<String>)> {
    let mut in_block = false;
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if line.trim().starts_with("```") {
            in_block = !in_block;
        }
        if in_block {
            continue;
        }
        let codes = line.split('`').skip(1).step_by(2);
        for code in codes.filter(|code| !code.contains("COMMAND") && !code.contains('\u{2026}')) {
            found.extend(commands(code).into_iter().map(|words| (number + 1, words)));
        }
    }
    found
}

/// The targets of `make` that a document names, in its blocks and in its sentences.
pub fn targets(text: &str) -> Vec<(usize, String)> {
    let mut in_block = false;
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        in_block ^= line.starts_with("```");
        let codes = line.split('`').skip(1).step_by(2).chain(in_block.then_some(line));
        for code in codes.filter_map(|code| code.strip_prefix("make ")) {
            let words = code
                .split(' ')
                .take_while(|word| !word.is_empty() && !word.starts_with(['#', '&']));
            let names =
                words.filter(|word| word.chars().all(|c| c.is_ascii_lowercase() || c == '-'));
            found.extend(names.map(|name| (number + 1, name.to_owned())));
        }
    }
    found
}

/// The commands of a line of shell that run `verify`, each as its words without what stands before it.
fn commands(line: &str) -> Vec<Vec<String>> {
    let line = line.strip_prefix("$ ").unwrap_or(line);
    let mut found = Vec::new();
    for words in split(line) {
        let rest: Vec<_> =
            words.into_iter().skip_while(|word| is_variable(word) || word == "--").collect();
        let is_program =
            rest.first().is_some_and(|word| word == "verify" || word.ends_with("/verify"));
        if is_program && rest.len() > 1 {
            found.push(rest);
        }
    }
    found
}

/// Whether a word sets a variable, as `VERIFY_PACK=dir` does before a command.
fn is_variable(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c == '_')
    })
}

/// The words of each command of a line, as a shell splits them: quotes, comments, `|`, `;`, `&&`, `>`.
fn split(line: &str) -> Vec<Vec<String>> {
    let mut commands = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    for letter in line.chars() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (Some(_), _) => word.get_or_insert_default().push(letter),
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, '#') if word.is_none() => break,
            (None, '|' | ';' | '&' | '(' | ')' | '>' | '<') => {
                commands.last_mut().unwrap().extend(word.take());
                commands.push(Vec::new());
            }
            (None, ' ') => commands.last_mut().unwrap().extend(word.take()),
            (None, _) => word.get_or_insert_default().push(letter),
        }
    }
    commands.last_mut().unwrap().extend(word.take());
    commands
}

#[test]
fn a_line_is_split_as_a_shell_splits_it() {
    let words = |line| commands(line).into_iter().map(|words| words.join(",")).collect::<Vec<_>>();
    assert_eq!(
        words("$ verify scan 'my photos' --json | jq .photo  # all"),
        ["verify,scan,my photos,--json"]
    );
    assert_eq!(
        words("VERIFY_PACK=a verify check a.jpg > out; ~/bin/verify doctor"),
        ["verify,check,a.jpg", "~/bin/verify,doctor"]
    );
    assert!(words("verify: wrote out.png").is_empty() && words("# verify check").is_empty());
}

#[test]
fn targets_are_the_words_after_make() {
    let text = "With `make demo` we\nmake it.\n```\nmake deny sbom PEOPLE=DIR    # licences\n```\n";
    let found: Vec<_> = targets(text).into_iter().map(|(_, name)| name).collect();
    assert_eq!(found, ["demo", "deny", "sbom"]);
}

#[test]
fn examples_are_in_blocks_and_mentions_in_sentences() {
    let text = "Run `verify scan a`.\n```\nverify check b\n```\n```python\nverify check c\n```\n    verify enroll d\n";
    let second = |found: Vec<(usize, Vec<String>)>| {
        found.into_iter().map(|(line, words)| format!("{line}{}", words[2])).collect::<Vec<_>>()
    };
    assert_eq!(second(examples(text)), ["3b", "8d"]);
    assert_eq!(second(mentions(text)), ["1a"]);
}
