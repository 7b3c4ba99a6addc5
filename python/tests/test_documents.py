"""The Python of the documents: each block parses, and names only what the package has, with its arguments."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

import sameface

# Those that need packages of their own, and are not imported here.
MODULES = ("parquet", "ray", "sklearn", "spark")
DOCUMENTS = [ROOT / "python/README.md", *sorted((ROOT / "docs").glob("*.md"))]
# What the blocks call things, as they do in several lines.
KINDS: dict[str, Any] = {
    "anna": sameface.Profile,
    "bert": sameface.Profile,
    "check": sameface.Check,
    "faces": sameface.Faces,
    "people": sameface.People,
    "person": sameface.ListedPerson,
}


def blocks() -> Iterator[tuple[str, str]]:
    for document in DOCUMENTS:
        for block in re.findall(r"^```python\n(.*?)^```", document.read_text(), re.MULTILINE | re.DOTALL):
            yield f"{document.name}: {block.strip().splitlines()[0]}", block


def named(node: ast.expr) -> Any:
    """What of the package a name with its attributes is; None if it is something else, or a value."""
    match node:
        case ast.Name(id="sameface"):
            return sameface
        case ast.Name(id=name):
            return KINDS.get(name)
        case ast.Attribute(value=value, attr=name):
            owner = named(value)
            if owner is None or (owner is sameface and name in MODULES):
                return None
            assert hasattr(owner, name) or name in owner.__annotations__, f"there is no {ast.unparse(node)}"
            found = getattr(owner, name, None)
            return found if owner is sameface or inspect.isroutine(found) else None
    return None


@pytest.mark.parametrize(("where", "block"), [pytest.param(*found, id=found[0]) for found in blocks()])
def test_a_block_uses_what_the_package_has(where: str, block: str) -> None:
    for node in ast.walk(ast.parse(block)):
        if isinstance(node, ast.Attribute):
            named(node)
        if isinstance(node, ast.Call) and callable(function := named(node.func)):
            known = inspect.signature(function).parameters
            wrong = [word.arg for word in node.keywords if word.arg not in known]
            assert not wrong, f"{where}: {ast.unparse(node.func)} has no {wrong}"


def test_the_blocks_are_found() -> None:
    assert len(list(blocks())) > 10
    assert all((Path(sameface.__file__).parent / f"{module}.py").is_file() for module in MODULES)
