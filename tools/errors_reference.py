"""Write docs/reference/errors.md: every error a person may meet, read from the source.

The source is read as a syntax tree and never imported. A code must be a constant where the error
is made, or be handed on by a function to which it is given as a constant. Run by ``make
docs-errors``; tests/tidy checks that the committed page is what this prints.
"""

import ast
import functools
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import attrs

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "reference" / "errors.md"

FAMILIES: Final = {
    "MisuseError": "misuse",
    "PeerError": "peer",
    "RefusedError": "refused",
    "UnavailableError": "unavailable",
}
WHO_ACTS: Final = {
    "misuse": "Our own side asked for something that cannot be: the caller corrects it.",
    "peer": "The counterpart, or a file that came in, broke the agreed form: they correct it.",
    "refused": "No article, no full powers or no approval allows it: somebody must decide.",
    "unavailable": "It cannot be done now and nothing has changed: try again.",
}
MESSAGE_CHARS_MAX: Final = 220
TABLE_HEAD: Final = ("| Code | Family | Message | Made in |", "|---|---|---|---|")

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@attrs.frozen(kw_only=True)
class Maker:
    """Something that makes an error: a family, a class of ours, or a function that hands on."""

    families: frozenset[str]
    code_at: int
    code_name: str
    message_at: int | None
    message_name: str | None


@attrs.frozen(kw_only=True, order=True)
class Row:
    """One error code and where it is made."""

    code: str
    family: str
    module: str
    message: str


@attrs.frozen
class Found:
    """All rows, and what could not be read or breaks a rule."""

    rows: tuple[Row, ...]
    problems: tuple[str, ...]


@attrs.frozen(eq=False)
class Source:
    """One module of the package."""

    name: str
    tree: ast.Module

    @functools.cached_property
    def functions(self) -> tuple[tuple[str, Function, bool], ...]:
        """Return every function with the name it is called by and whether it is a method."""
        return tuple(self._functions())

    @functools.cached_property
    def calls(self) -> dict[int, tuple[tuple[ast.Call, str], ...]]:
        """Return the calls in each function, and in the module, with the name of what is called."""
        scopes: list[ast.AST] = [self.tree, *(function for _, function, _ in self.functions)]
        return {
            id(scope): tuple(
                (node, name_of(self, scope, node))
                for node in ast.walk(scope)
                if isinstance(node, ast.Call)
            )
            for scope in scopes
        }

    def _functions(self) -> Iterator[tuple[str, Function, bool]]:
        """Yield every function with the name it is called by and whether it is a method."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ClassDef):
                for part in node.body:
                    if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
                        made = node.name if part.name == "__init__" else part.name
                        static = any(
                            isinstance(mark, ast.Name) and mark.id == "staticmethod"
                            for mark in part.decorator_list
                        )
                        yield made, part, not static
        methods = {
            id(part)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ClassDef)
            for part in node.body
        }
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and id(node) not in methods:
                yield node.name, node, False


def sources(root: Path) -> list[Source]:
    """Return every module of the package ``comity`` under ``root``."""
    found = []
    for path in sorted((root / "comity").rglob("*.py")):
        name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        if name != "comity.foundation.errors":
            found.append(Source(name, ast.parse(path.read_text(encoding="utf-8"))))
    return found


def called_name(call: ast.Call) -> str | None:
    """Return the last word of what is called."""
    if isinstance(call.func, ast.Name):
        return call.func.id
    return call.func.attr if isinstance(call.func, ast.Attribute) else None


def argument(call: ast.Call, at: int | None, name: str | None) -> ast.expr | None:
    """Return the argument at a position or of a name, when the call gives it."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    if at is not None and 0 <= at < len(call.args):
        return call.args[at]
    return None


def constants(node: ast.expr, scope: ast.AST, source: Source) -> list[str] | None:
    """Return the strings ``node`` can be, or None when it is not made of constants.

    A name is followed to what ``scope`` sets it to, and a table of the module to its values.
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return all_of([node.body, node.orelse], scope, source)
    if isinstance(node, ast.Name):
        given = [
            part.value
            for part in ast.walk(scope)
            if isinstance(part, ast.Assign)
            and not isinstance(part.value, ast.Name)
            and any(isinstance(name, ast.Name) and name.id == node.id for name in part.targets)
        ]
        return all_of(given, scope, source) if given else None
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        return all_of(table_values(node.value.id, source), scope, source)
    if isinstance(node, ast.Call) and called_name(node) == "get":
        assert isinstance(node.func, ast.Attribute)
        table = ast.unparse(node.func.value)
        return all_of([*table_values(table, source), *node.args[1:]], scope, source)
    return None


def all_of(nodes: Sequence[ast.expr], scope: ast.AST, source: Source) -> list[str] | None:
    """Return the strings that all of ``nodes`` can be, or None if one is not made of constants."""
    found = [constants(node, scope, source) for node in nodes]
    known = [codes for codes in found if codes is not None]
    return (
        [code for codes in known for code in codes] if found and len(known) == len(found) else None
    )


def table_values(name: str, source: Source) -> list[ast.expr]:
    """Return the values of a table that a module defines."""
    for node in source.tree.body:
        target: ast.expr | None = node.target if isinstance(node, ast.AnnAssign) else None
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
        if isinstance(target, ast.Name) and target.id == name:
            value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            if isinstance(value, ast.Dict):
                return value.values
    return []


def template(node: ast.expr | None) -> str:
    """Return the message with the names of its parts in braces."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            template(part) if isinstance(part, ast.Constant) else braces(part)
            for part in node.values
        )
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return template(node.left) + template(node.right)
    if isinstance(node, ast.IfExp):
        return f"{template(node.body)} / {template(node.orelse)}"
    return "" if node is None else "{" + ast.unparse(node) + "}"


def braces(part: ast.expr) -> str:
    """Return one filled-in part of a message as a reader needs it: its name, no formatting."""
    value = part.value if isinstance(part, ast.FormattedValue) else part
    return "{" + ast.unparse(value) + "}"


def positions(function: Function, *, method: bool) -> dict[str, int | None]:
    """Return the parameters with the position a caller gives them at (None: by name only)."""
    arguments = function.args
    positional = [item.arg for item in arguments.posonlyargs + arguments.args]
    placed: dict[str, int | None] = {
        name: index for index, name in enumerate(positional[1:] if method else positional)
    }
    return placed | {item.arg: None for item in arguments.kwonlyargs}


def own_classes(modules: Sequence[Source]) -> dict[str, str]:
    """Return our error classes that narrow a family, with their family."""
    known = dict(FAMILIES)
    grown = True
    while grown:
        grown = False
        for source in modules:
            for node in ast.walk(source.tree):
                if not isinstance(node, ast.ClassDef) or node.name in known:
                    continue
                bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
                family = next((known[base] for base in bases if base in known), None)
                if family is not None:
                    known[node.name] = family
                    grown = True
    return known


def with_own_form(modules: Sequence[Source]) -> set[str]:
    """Return the classes that say themselves what they are made of."""
    return {
        node.name
        for source in modules
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef)
        and any(isinstance(part, ast.FunctionDef) and part.name == "__init__" for part in node.body)
    }


def makers_of(modules: Sequence[Source]) -> dict[str, Maker]:
    """Return everything that takes a code and makes an error of it, followed to the end."""
    classes = own_classes(modules)
    known: dict[str, Maker] = {
        name: Maker(
            families=frozenset([family]),
            code_at=0,
            code_name="code",
            message_at=1,
            message_name="message",
        )
        for name, family in classes.items()
        if name not in with_own_form(modules)
    }
    before = -1
    while before < len(known):  # functions that hand on to functions that hand on
        before = len(known)
        for source in modules:
            for name, function, method in source.functions:
                handed = handed_on(source, function, known, method=method)
                if handed is not None and name not in FAMILIES:
                    known[name] = handed
    return known


def handed_on(
    source: Source, function: Function, known: dict[str, Maker], *, method: bool
) -> Maker | None:
    """Return how ``function`` hands a parameter on as a code, or None."""
    placed = positions(function, method=method)
    families = set[str]()
    code = message = None
    for call in error_calls(source, function, known):
        maker = known[name_of(source, function, call)]
        given = argument(call, maker.code_at, maker.code_name)
        if isinstance(given, ast.Name) and given.id in placed:
            families |= maker.families
            code = given.id
            said = argument(call, maker.message_at, maker.message_name)
            message = said.id if isinstance(said, ast.Name) and said.id in placed else None
    if code is None:
        return None
    at = placed[code]
    return Maker(
        families=frozenset(families),
        code_at=-1 if at is None else at,
        code_name=code,
        message_at=None if message is None else placed[message],
        message_name=message,
    )


def name_of(source: Source, scope: ast.AST, call: ast.Call) -> str:
    """Return the name under which the maker that is called is known."""
    called = called_name(call) or ""
    if called != "__init__" or ast.unparse(call.func) != "super().__init__":
        return called
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef) and scope in node.body:
            return next((base.id for base in node.bases if isinstance(base, ast.Name)), "")
    return ""


def error_calls(source: Source, scope: ast.AST, known: dict[str, Maker]) -> Iterator[ast.Call]:
    """Yield the calls in ``scope`` that make an error."""
    for call, name in source.calls[id(scope)]:
        if name in known:
            yield call


def read(source: Source, known: dict[str, Maker]) -> tuple[list[Row], list[str]]:
    """Return the rows of one module and what could not be read in it."""
    rows, problems = list[Row](), list[str]()
    seen = set[int]()
    scopes: list[tuple[ast.AST, set[str]]] = [
        (function, set(positions(function, method=False))) for _, function, _ in source.functions
    ]
    scopes.sort(key=lambda scope: -getattr(scope[0], "lineno", 0))  # the innermost first
    for scope, handed in [*scopes, (source.tree, set[str]())]:
        for call in error_calls(source, scope, known):
            if id(call) in seen:
                continue
            seen.add(id(call))
            maker = known[name_of(source, scope, call)]
            given = argument(call, maker.code_at, maker.code_name)
            if given is None or (isinstance(given, ast.Name) and given.id in handed):
                continue
            codes = constants(given, scope, source)
            if codes is None:
                problems.append(
                    f"{source.name}:{call.lineno}: the code {ast.unparse(given)} is no constant"
                )
                continue
            said = template(argument(call, maker.message_at, maker.message_name))
            rows += [
                Row(code=code, family=family, module=source.name, message=" ".join(said.split()))
                for code in codes
                for family in sorted(maker.families)
            ]
    return rows, problems


def collect(root: Path) -> Found:
    """Return every code under ``root``: what it says, and what breaks the rules."""
    modules = sources(root)
    known = makers_of(modules)
    rows, problems = list[Row](), list[str]()
    for source in modules:
        found, unread = read(source, known)
        rows += found
        problems += unread
    return Found(tuple(sorted(set(rows))), tuple(problems + contradictions(rows)))


def contradictions(rows: Sequence[Row]) -> list[str]:
    """Return the codes that mean two things: made in two rooms, or in two families."""
    found = []
    for code in sorted({row.code for row in rows}):
        same = [row for row in rows if row.code == code]
        modules = sorted({row.module for row in same})
        if len({".".join(name.split(".")[:2]) for name in modules}) > 1:
            found.append(f"{code} is made in {' and '.join(modules)}: one code, one room")
        if len({row.family for row in same}) > 1:
            found.append(f"{code} stands for errors of two families in {' and '.join(modules)}")
        room, _, what = code.partition(".")
        if not (room and what and code == code.lower() and " " not in code):
            found.append(f"{code} is not of the form room.what")
    return found


def cell(text: str) -> str:
    """Return ``text`` for a cell of a table."""
    short = text
    if len(text) > MESSAGE_CHARS_MAX:
        short = text[:MESSAGE_CHARS_MAX].rpartition(" ")[0] + " …"
    return short.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ") or "-"


def page(found: Found) -> str:
    """Return the page: a table per first word of the codes, each code once."""
    lines = [
        "# Errors",
        "",
        "Written by `make docs-errors` from the source; do not edit. A code is never reused for",
        "another meaning. The family says who must act:",
        "",
        "| Family | Who acts |",
        "|---|---|",
        *(f"| {family} | {text} |" for family, text in WHO_ACTS.items()),
        "",
        "Words in braces are filled in when the error is made.",
    ]
    for room in sorted({row.code.partition(".")[0] for row in found.rows}):
        lines += [
            "",
            f"## {room}",
            "",
            "| Code | Family | Message | Made in |",
            "|---|---|---|---|",
        ]
        codes = sorted({row.code for row in found.rows if row.code.partition(".")[0] == room})
        for code in codes:
            same = [row for row in found.rows if row.code == code]
            said = " · ".join(dict.fromkeys(cell(row.message) for row in same))
            where = ", ".join(dict.fromkeys(f"`{row.module}`" for row in same))
            families = ", ".join(dict.fromkeys(row.family for row in same))
            lines.append(f"| `{code}` | {families} | {said} | {where} |")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Print the page, or write it; return 1 when a code breaks a rule."""
    found = collect(ROOT / "src")
    if "--write" in arguments:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(page(found), encoding="utf-8")
    else:
        sys.stdout.write(page(found))
    for problem in found.problems:
        sys.stderr.write(f"{problem}\n")
    return 1 if found.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
