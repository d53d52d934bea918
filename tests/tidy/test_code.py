"""The shape of the code: sizes, first lines, reasons for exceptions. Source: STYLE.md 3, 4, 12."""

import ast
import re
from collections.abc import Iterator
from typing import Final

import pytest

from tidy.house import Module, modules

FUNCTION_LINES_MAX: Final = 70
MODULE_LINES_MAX: Final = 500
#: One method for each operation is one idea, and nobody reads it from top to bottom.
WRITTEN_BY_TOOLS: Final = frozenset({"src/comity/sdk/methods.py"})

MODULES: Final = [pytest.param(module, id=module.name) for module in modules()]
TODO: Final = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b(?P<issue>\(#\d+\):? \S)?")
SILENCED: Final = re.compile(
    r"#\s*(?P<what>noqa|type:\s*ignore|pragma:\s*no (?:cover|branch)|ruff:\s*noqa|fmt:\s*off)"
    r"(?P<codes>:\s*[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+\b)*|\[[a-z-]+(?:,\s*[a-z-]+)*\])?(?P<rest>.*)"
)
REASON_CHARS_MIN: Final = 4


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("module", MODULES)
def test_a_function_can_be_read_without_scrolling(module: Module) -> None:
    long = [
        f"{module.name}:{function.lineno}: {function.name} has {lines} lines"
        for function in functions(module)
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION_LINES_MAX
    ]
    assert not long


@pytest.mark.parametrize("module", MODULES)
def test_a_module_holds_one_idea(module: Module) -> None:
    count = 0 if module.name in WRITTEN_BY_TOOLS else len(module.text.splitlines())
    assert count <= MODULE_LINES_MAX, f"{module.name} is two ideas"


@pytest.mark.parametrize("module", MODULES)
def test_a_module_opens_with_what_it_is_for(module: Module) -> None:
    if module.text.strip():
        assert ast.get_docstring(module.tree), f"{module.name} has no docstring"


def unexplained(module: Module) -> list[str]:
    """Return the comments that silence a tool and do not say why, there or on the line above."""
    found = []
    lines = module.text.splitlines()
    for number, comment in module.comments.items():
        silenced = SILENCED.search(comment)
        if silenced is None:
            continue
        said = silenced["rest"].strip(" #-:,")
        above = module.comments.get(number - 1, "")
        stands_alone = number > 1 and lines[number - 2].lstrip().startswith("#")
        if len(said) >= REASON_CHARS_MIN or (stands_alone and len(above) > REASON_CHARS_MIN):
            continue
        found.append(f"{module.name}:{number}: {comment}")
    return found


@pytest.mark.parametrize("module", MODULES)
def test_whoever_silences_a_tool_says_why(module: Module) -> None:
    assert not unexplained(module)


@pytest.mark.parametrize("module", MODULES)
def test_what_is_left_to_do_has_an_issue(module: Module) -> None:
    loose = [
        f"{module.name}:{number}: {comment}"
        for number, comment in module.comments.items()
        if (found := TODO.search(comment)) and not found["issue"]
    ]
    assert not loose


def called(node: ast.expr) -> str:
    """Return the dotted name of what is called or marked, if it could be a skip."""
    skipping = isinstance(node, ast.Attribute) and node.attr in {"skip", "skipif", "xfail"}
    return ast.unparse(node) if skipping else ""


def is_explained(call: ast.Call) -> bool:
    """Return whether a skip or xfail gives a reason; a condition is none."""
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    conditional = called(call.func).endswith(("skipif", "mark.xfail"))
    first = call.args[0] if call.args and not conditional else None
    reason = named.get("reason", first)
    return isinstance(reason, ast.Constant | ast.JoinedStr | ast.Name | ast.BinOp)


SKIPS: Final = {
    "pytest.skip",
    "pytest.xfail",
    "pytest.mark.skip",
    "pytest.mark.skipif",
    "pytest.mark.xfail",
}


def unexplained_skips(module: Module) -> list[str]:
    calls = [node for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    functions_called = {id(call.func) for call in calls}
    found = [
        f"{module.name}:{call.lineno}: {ast.unparse(call)[:80]}"
        for call in calls
        if called(call.func) in SKIPS and not is_explained(call)
    ]
    return found + [
        f"{module.name}:{node.lineno}: {called(node)}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and id(node) not in functions_called
        and called(node) in {"pytest.mark.skip", "pytest.mark.xfail"}
    ]


@pytest.mark.parametrize(
    "module", [pytest.param(module, id=module.name) for module in modules("tests")]
)
def test_a_skipped_test_says_what_it_misses(module: Module) -> None:
    assert not unexplained_skips(module)


@pytest.mark.parametrize(
    ("line", "explained"),
    [
        ("x = 1  # noqa: F401", False),
        ("x = 1  # noqa: F401 - kept for the doctest", True),
        ("x = 1  # noqa: F401, E501  the table is read by column", True),
        ("x = 1  # type: ignore[arg-type]", False),
        ("x = 1  # type: ignore[arg-type]  # the stub is wrong: typeshed 1234", True),
        ("x = 1  # pragma: no cover", False),
        ("x = '# noqa: F401'", True),
        ("# The stub of that library is wrong.\nx = 1  # type: ignore[attr-defined]", True),
        ("x = 2  # something else\nx = 1  # type: ignore[attr-defined]", False),
    ],
)
def test_the_check_for_reasons_itself(line: str, *, explained: bool) -> None:
    module = Module(modules()[0].path, f'"""Doc."""\n{line}\n')
    assert (not unexplained(module)) is explained
