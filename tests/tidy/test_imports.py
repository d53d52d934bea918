"""No file that nothing uses, and no assert on what came from outside. Source: STYLE.md 10."""

import ast
import re
from pathlib import Path
from typing import Final

import pytest

from tidy.house import PACKAGE, SOURCE, Module, modules

# Started by name from outside Python, found by a tool that looks into a folder, or for scripts.
ENTRY: Final = re.compile(
    r"comity(\.cli\.main|\.__main__|\.verify\.__main__|\.storage\.migrations(\..*)?|\.sdk\.aio)?"
)
# Laid and tested before anybody uses them. Whoever uses one takes it off this list.
AWAITED: Final = frozenset[str]()


def dotted(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def mentioned(module: Module) -> set[str]:
    """Return the modules that ``module`` imports, or names in a string to import them late."""
    found = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= set(re.findall(r"\bcomity(?:\.\w+)+", node.value))
    return found


def test_every_module_is_used() -> None:
    ours = {dotted(module.path): module for module in modules("src")}
    used = set[str]()
    for name, module in ours.items():
        used |= mentioned(module) - {name}
    idle = [
        name
        for name, module in ours.items()
        if name not in used
        and not ENTRY.fullmatch(name)
        and module.path.name != "__init__.py"
        and PACKAGE in module.path.parents
    ]
    assert set(idle) == AWAITED, "nothing imports these modules, or they are awaited no longer"


@pytest.mark.parametrize(
    "module", [pytest.param(module, id=module.name) for module in modules("src")]
)
def test_the_product_means_the_same_under_python_o(module: Module) -> None:
    meaningful = [
        f"{module.name}:{node.lineno}: {ast.unparse(node)[:80]}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Assert)
        and any(isinstance(part, ast.NamedExpr | ast.Await) for part in ast.walk(node))
    ]
    assert not meaningful, "an assert that does something is left out by python -O"
