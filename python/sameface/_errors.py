"""Exceptions that Rust alone cannot define."""

from ._sameface import VerifyError


class NoPersonError(VerifyError, KeyError):
    """Nobody with this name is enrolled; a `VerifyError` and a `KeyError`."""

    # A KeyError shows its text in quotes.
    __str__ = Exception.__str__
