//! The exit codes, which scripts rely on.

use std::process::ExitCode;

/// How the program ends. An invalid command line is an [`Exit::Error`] too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Success; for `check`, every photo matched.
    Success = 0,
    /// A photo did not match.
    NoMatch = 1,
    /// Something could not be done.
    Error = 2,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_documented_and_the_worst_is_the_largest() {
        assert_eq!([Exit::Success as u8, Exit::NoMatch as u8, Exit::Error as u8], [0, 1, 2]);
        assert_eq!(Exit::NoMatch.max(Exit::Error), Exit::Error);
    }
}
