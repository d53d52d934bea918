"""Write the modules of the SDK that follow from the table of operations.

``methods.py`` has one typed method per operation, for both clients; ``addresses.py`` says which
call each is. Run by ``make docs``; tests/tidy checks that the committed modules are what this
prints.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import FieldInfo

from comity.api.calling import PATH_MEMBER, objects_of
from comity.api.operations import OPERATIONS, Operation

ROOT: Final = Path(__file__).resolve().parents[1]
PLACE: Final = ROOT / "src" / "comity" / "sdk"
WRITTEN: Final = (
    "Written by `tools/sdk_methods.py --write` from the table of operations; do not edit."
)
OBJECTS: Final = objects_of(OPERATIONS)

HEAD: Final = f'''"""A method for every operation of the node.

{WRITTEN}
"""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Generic, Literal, TypeVar

from comity.foundation.canonical import JsonObject
from comity.sdk.calling import Members
from comity.sdk.wire import Progress

R = TypeVar("R")


class Methods(Generic[R]):
    """All operations; ``R`` is what a client returns: an answer, or what is awaited for one.

    Where an act is about an object, ``expects`` is the object's answer as it was seen: if it is
    another one by now, nothing is done. ``once`` is an idempotency key (``key()``).
    """

    def _call(
        self,
        operation: str,
        members: Members,
        *,
        once: str | None = None,
        expects: JsonObject | str | None = None,
    ) -> R:
        raise NotImplementedError

    def _upload(
        self,
        operation: str,
        source: str | Path | BinaryIO,
        members: Members,
        *,
        once: str | None = None,
        progress: Progress | None = None,
    ) -> R:
        raise NotImplementedError

    def _download(
        self,
        operation: str,
        target: str | Path | BinaryIO,
        members: Members,
        *,
        progress: Progress | None = None,
    ) -> R:
        raise NotImplementedError
'''


PLAIN: Final = {
    msgspec.inspect.BoolType: "bool",
    msgspec.inspect.IntType: "int",
    msgspec.inspect.StrType: "str",
    msgspec.inspect.NoneType: "None",
    msgspec.inspect.DictType: "JsonObject",
    msgspec.inspect.StructType: "JsonObject",
}


def kind_of(kind: msgspec.inspect.Type) -> str:
    """Return the annotation of a member's type; a type that is not known here is a KeyError."""
    match kind:
        case msgspec.inspect.LiteralType():
            return "Literal[" + ", ".join(json.dumps(value) for value in kind.values) + "]"
        case msgspec.inspect.ListType() | msgspec.inspect.VarTupleType():
            return f"Sequence[{kind_of(kind.item_type)}]"
        case msgspec.inspect.UnionType():
            return " | ".join(kind_of(each) for each in kind.types)
        case _:
            return PLAIN[type(kind)]


def argument(field: FieldInfo) -> str:
    """Return one parameter; what has a default at the node need not be given."""
    kind = kind_of(msgspec.inspect.type_info(field.type))
    if field.required:
        return f"{field.name}: {kind}"
    return f"{field.name}: {kind.removesuffix(' | None')} | None = None"


def method(operation: Operation) -> str:
    """Return the method of an operation."""
    fields = {field.name: field for field in msgspec.structs.fields(operation.request)}
    first = [fields.pop(name) for name in PATH_MEMBER.findall(operation.path)]
    rest = sorted(fields.values(), key=lambda field: not field.required)
    names = [field.name for field in (*first, *rest)]
    parameters = ["self", *[argument(field) for field in first]]
    named = [argument(field) for field in rest]
    passed = [f'"{operation.name}"']
    through = "_call"
    if operation.body == "upload":
        parameters.insert(1, "source: str | Path | BinaryIO")
        passed.append("source")
        named.append("progress: Progress | None = None")
        through = "_upload"
    if operation.answer == "bytes":
        parameters.append("target: str | Path | BinaryIO")
        passed.append("target")
        named.append("progress: Progress | None = None")
        through = "_download"
    passed.append("{" + ", ".join(f'"{name}": {name}' for name in names) + "}")
    if operation.method == "POST":
        named.append("once: str | None = None")
        passed.append("once=once")
    if operation.name in OBJECTS and through == "_call":
        named.append("expects: JsonObject | str | None = None")
        passed.append("expects=expects")
    if through != "_call":
        passed.append("progress=progress")
    if named:
        parameters += ["*", *named]
    # The comma at the end makes the formatter put one on a line where they do not fit.
    head = f"    def {operation.name.replace('.', '_')}({', '.join(parameters)}) -> R:\n"
    words = f'        """{operation.summary}{"" if operation.summary.endswith("?") else "."}\n\n'
    address = f"        {operation.method} ``{operation.path}``.\n"
    if operation.roles:
        address += f"        For: {', '.join(operation.roles)}.\n"
    body = f'        """\n        return self.{through}({", ".join(passed)})\n'
    return head + words + address + body


def methods() -> str:
    """Return the module of methods."""
    return HEAD + "".join(f"\n{method(operation)}" for operation in OPERATIONS)


def addresses() -> str:
    """Return the module of addresses."""
    lines = [
        f'"""Which call each operation is.\n\n{WRITTEN}\n"""\n',
        "from collections.abc import Mapping",
        "from typing import Final, Literal\n",
        "#: Name -> method, path, where the members go, the member of the answer that holds rows.",
        'Address = tuple[Literal["GET", "POST"], str, Literal["query", "json"], str]',
        "ADDRESSES: Final[Mapping[str, Address]] = {",
    ]
    for operation in OPERATIONS:
        form = "json" if operation.method == "POST" and operation.body == "json" else "query"
        rows = operation.rows.member if operation.rows else ""
        row = json.dumps([operation.method, operation.path, form, rows])
        lines.append(f'    "{operation.name}": ({row[1:-1]}),')
    return "\n".join([*lines, "}", ""])


def formatted(text: str) -> str:
    """Return the text as the house's formatter writes it."""
    ruff = Path(sys.executable).with_name("ruff")
    command = [str(ruff), "format", "--config", str(ROOT / "pyproject.toml"), "-"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    return done.stdout.decode()


def modules() -> dict[Path, str]:
    """Return the text of each module by its place."""
    return {
        PLACE / "methods.py": formatted(methods()),
        PLACE / "addresses.py": formatted(addresses()),
    }


def main(arguments: Sequence[str]) -> int:
    """Print the modules, or write them."""
    for place, text in modules().items():
        if "--write" in arguments:
            place.write_text(text, encoding="utf-8")
        else:
            sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
