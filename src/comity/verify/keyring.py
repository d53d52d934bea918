"""The public keys of an archive as PEM files, for people with other tools. Source: spec 8.2.7."""

import base64
from collections.abc import Iterable, Mapping
from textwrap import wrap

from comity.parties.keys import PairKey, PublicKey
from comity.parties.letters import Letter
from comity.verify.layout import KEYS, key_file
from comity.verify.report import Book


def pem(key: PublicKey) -> bytes:
    """Return a public key as a PEM file. Source: RFC 7468, 13."""
    lines = wrap(base64.b64encode(key.spki()).decode("ascii"), 64)
    return "\n".join(
        ("-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", "")
    ).encode()


def key_files(letters: Iterable[Letter], signatories: Iterable[PairKey]) -> dict[str, bytes]:
    """Return the files of both seals' keys and of every signatory's."""
    pairs = (*(letter.keys.seal for letter in letters), *signatories)
    return {key_file(half.thumbprint()): pem(half) for pair in pairs for half in (pair.ed, pair.pq)}


def check_keys(book: Book, files: Mapping[str, bytes], wanted: Mapping[str, bytes]) -> None:
    """Take down whether the keys for other tools are those that were proven."""
    for name in sorted({*wanted, *(each for each in files if each.startswith(KEYS))}):
        book.expect(
            files.get(name) == wanted.get(name),
            "the key for other tools is one that was proven",
            file=name,
            wrong="it is missing, changed, or the key of nobody here; use no tool with it",
        )
