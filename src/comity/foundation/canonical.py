"""One spelling for everything that is signed: strict JSON in, RFC 8785 bytes out.

Source: RFC 8785; identity-and-signatures 5.4 (the profile: no floats, integers within 53 bits, NFC,
no duplicate members, bounded size and depth). ``parse`` accepts any strict JSON (what people and
counterparts write); ``parse_canonical`` accepts only bytes that are their own canonical form (what
was signed).
"""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final, NoReturn, TypeAlias

import rfc8785

from comity.foundation.errors import PeerError
from comity.foundation.limits import INTEGER_MAX, JSON_DEPTH_MAX, SIGNED_DOCUMENT_BYTES_MAX
from comity.foundation.text import refused_character

Json: TypeAlias = bool | int | str | Sequence["Json"] | Mapping[str, "Json"] | None
JsonObject: TypeAlias = Mapping[str, Json]

#: Between two quotation marks, or from one to the end; possessive, so that no input makes it slow.
_STRING: Final = re.compile(rb'"[^"]*+(?:"|\Z)')
_TO_SQUARE: Final = bytes.maketrans(b"{}", b"[]")
_NOT_STRUCTURE: Final = bytes(set(range(256)) - set(b'[]{}"'))


#: What the quick writer below would spell otherwise than RFC 8785, or refuse less: a number that is
#: no small whole one, after the name of a member or in a list. A text in which it stands by chance
#: is only written more slowly.
_ODD_NUMBER: Final = re.compile(rb'(?:":|[,\[])[-0-9][0-9]*+(?:[.eE]|(?<=[0-9]{16}))')
#: With what the UTF-8 of characters beyond the basic plane begins.
_BEYOND: Final = (b"\xf0", b"\xf1", b"\xf2", b"\xf3", b"\xf4")
_QUICK: Final = json.JSONEncoder(
    ensure_ascii=False,
    check_circular=False,
    allow_nan=False,
    sort_keys=True,
    separators=(",", ":"),
    default=dict,
)


def canonical(value: Json) -> bytes:
    """Return the RFC 8785 bytes of ``value``.

    The standard library's writer, which is much quicker, spells everything alike but for numbers
    that are not small and whole, and for the order of names beyond the basic plane: these are left
    to the library of RFC 8785, as is saying what is wrong. A property test compares the two.
    """
    if isinstance(value, Mapping | list | tuple):
        try:
            data = _QUICK.encode(value).encode()
            plain = data.isascii() or not any(first in data for first in _BEYOND)
            if plain and _ODD_NUMBER.search(data) is None:
                return data
        except (TypeError, ValueError):
            pass  # the other one says what is wrong
    return rfc8785.dumps(value)


def digest(data: bytes) -> str:
    """Return the lower-case hexadecimal SHA-256 of ``data``: the identity of a document."""
    return sha256(data).hexdigest()


def parse(data: bytes, *, bytes_max: int = SIGNED_DOCUMENT_BYTES_MAX, what: str = "JSON") -> Json:
    """Return the value of strict JSON.

    Args:
        data: The bytes as they came.
        bytes_max: Largest accepted size in bytes; checked before anything else.
        what: The name of the thing, for error messages.

    Raises:
        PeerError: ``json.size``, ``json.depth``, ``json.encoding``, ``json.syntax``,
            ``json.duplicate``, ``json.decimal``, ``json.number``, ``json.text``,
            ``json.normal_form``.
    """
    if len(data) > bytes_max:
        raise PeerError(
            "json.size", f"{what} has {len(data)} bytes; at most {bytes_max} are accepted."
        )
    _check_depth(data, what)
    try:
        text = data.decode("utf-8")
        value: Json = json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=_refuse_float,
            parse_constant=_refuse_float,
            parse_int=_integer,
        )
    except UnicodeDecodeError as error:
        raise PeerError("json.encoding", f"{what} is not UTF-8 (byte {error.start}).") from error
    except json.JSONDecodeError as error:
        raise PeerError(
            "json.syntax", f"{what} is not JSON: {error.msg}, line {error.lineno}."
        ) from error
    if not _plain(data):
        _check_strings(value, what)
    return value


def _plain(data: bytes) -> bool:
    """Return whether all texts in JSON that was read are printable ASCII, whatever they are.

    JSON holds no control character but DEL in a text unless it is escaped; most of what comes has
    neither.
    """
    return data.isascii() and b"\\" not in data and b"\x7f" not in data


def parse_canonical(
    data: bytes, *, bytes_max: int = SIGNED_DOCUMENT_BYTES_MAX, what: str = "document"
) -> JsonObject:
    """Return the object whose canonical bytes are exactly ``data``.

    Raises:
        PeerError: as ``parse``; ``json.not_object``; ``json.not_canonical`` where the bytes are
            not their own RFC 8785 form.
    """
    value = parse(data, bytes_max=bytes_max, what=what)
    if not isinstance(value, Mapping):
        raise PeerError("json.not_object", f"{what} is not a JSON object.")
    if canonical(value) != data:
        raise PeerError(
            "json.not_canonical",
            f"{what} is not in canonical form (RFC 8785): somebody has re-encoded it.",
        )
    return value


def _check_depth(data: bytes, what: str) -> None:
    """Refuse deep nesting before a recursive parser meets it, in time linear in the size.

    What is escaped goes first, then all but brackets and quotation marks, then strings: two marks
    side by side change nothing of what is inside a string. Each round then takes away the innermost
    brackets; what still nests after the last round, or opens more than it closes, is too deep.
    """
    unescaped = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    marks = unescaped.translate(_TO_SQUARE, _NOT_STRUCTURE).replace(b'""', b"")
    brackets = _STRING.sub(b"", marks)
    for _ in range(JSON_DEPTH_MAX):
        if b"[]" not in brackets:
            break
        brackets = brackets.replace(b"[]", b"")
    if b"[]" in brackets or brackets.count(b"[") > JSON_DEPTH_MAX:
        raise PeerError("json.depth", f"{what} is nested deeper than {JSON_DEPTH_MAX} levels.")


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]  # set.add as a step
        raise PeerError("json.duplicate", f"The member {twice[:60]!r} stands twice.")
    return made


def _refuse_float(text: str) -> NoReturn:
    raise PeerError(
        "json.decimal", f"{text[:30]} is not a whole number; write decimals as text in quotes."
    )


def _integer(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > INTEGER_MAX or text == "-0":
        raise PeerError("json.number", f"{text[:30]} is outside the integers of 53 bits.")
    return int(text)


def _check_strings(value: Json, what: str) -> None:
    if isinstance(value, str):
        _check_string(value, what)
    elif isinstance(value, dict):
        for name, member in value.items():
            _check_string(name, what)
            _check_strings(member, what)
    elif isinstance(value, list):
        for member in value:
            _check_strings(member, what)


def _check_string(text: str, what: str) -> None:
    if text.isascii() and text.isprintable():
        return
    found = refused_character(text)
    if found is not None:
        raise PeerError("json.text", f"{what}: {found[1]} may not stand in a text.")
    if not unicodedata.is_normalized("NFC", text):
        raise PeerError("json.normal_form", f"{what}: a text is not in Unicode normal form C.")
