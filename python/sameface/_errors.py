"""What is raised that Rust alone cannot say."""

from ._sameface import VerifyError


class NoPersonError(VerifyError, KeyError):
    """Nobody is called so among the people; a `VerifyError` and a `KeyError`."""

    # A KeyError shows its text in quotes.
    __str__ = Exception.__str__
