"""Which files an archive has, and what it is about. Source: spec 8.2."""

import re
from collections.abc import Iterable, Mapping
from typing import Final, Literal

import attrs

from comity.foundation.canonical import canonical, parse_canonical
from comity.foundation.errors import PeerError
from comity.parties.documents import members, string_of
from comity.parties.identifiers import check_party, check_urn

README: Final = "README.txt"
SUBJECT: Final = "subject.json"
UNITS: Final = "text/units.json"
RENDERING: Final = "text/agreement.txt"
SIGNING_MANIFEST: Final = "documents/manifest.json"
MANIFEST_SIGNATURES: Final = "documents/manifest.jws"
CONCLUSION: Final = "documents/conclusion.json"
SEALS: Final = "documents/conclusion.jws"
KEYS: Final = "keys/"

Side = Literal["a", "b"]
SIDES: Final[tuple[Side, Side]] = ("a", "b")

#: What an archive holds of both logs, by kind: about the parties, the instrument, the transfer.
PARTY_KINDS: Final = ("letter.introduce", "letter.accept", "powers.grant", "powers.revoke")
INSTRUMENT_KINDS: Final = (
    *("agreement.reopen", "agreement.abandon", "agreement.adopt", "agreement.initial"),
    *("signing.open", "signing.ready", "signing.revoke", "signing.signature", "signing.conclude"),
    *("agreement.suspend", "agreement.resume"),
)
SHARING_KINDS: Final = (
    *("sharing.release", "sharing.withdraw", "sharing.contract"),
    *("sharing.sent", "sharing.received"),
)

STATEMENT_KINDS: Final = (
    *("statement.clear", "statement.order", "statement.release"),
    *("statement.correct", "statement.accept_correction"),
)

#: What both parties released, in the archive of a joint statement; and its texts.
RELEASE: Final = "statement/release.json"
_LANGUAGE_TEXT: Final = re.compile(r"text/([a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3})\.json")

_TYPE: Final = "comity/evidence"
_ENTRY: Final = re.compile(r"entries/([ab])/([0-9]{6,15})/(envelope\.json|body\.bin|proof\.txt)")
_WHAT: Final = "subject.json"
_KINDS: Final = {("agreement", type(None)), ("transfer", str), ("statement", type(None))}


@attrs.frozen(kw_only=True)
class Subject:
    """What an archive is about.

    Attributes:
        instrument: The agreement.
        transfer: The transfer, where it is about one and not about the agreement alone.
        statement: The joint statement, where it is about one.
        parties: The two parties in the order of the text: side a and side b of the archive.
    """

    instrument: str
    transfer: str | None
    parties: tuple[str, str]
    statement: str | None = None  # of a later kind than the others

    @property
    def kind(self) -> str:
        """What sort of thing it is about."""
        if self.statement is not None:
            return "statement"
        return "agreement" if self.transfer is None else "transfer"

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of entries that have a place in its archive."""
        match self.kind:
            case "statement":
                return ("letter.introduce", "letter.accept", *STATEMENT_KINDS)
            case "transfer":
                return (*PARTY_KINDS, *INSTRUMENT_KINDS, *SHARING_KINDS)
            case _:
                return (*PARTY_KINDS, *INSTRUMENT_KINDS)

    def to_bytes(self) -> bytes:
        """Return ``subject.json``."""
        return canonical(
            {
                "v": 1,
                "type": _TYPE,
                "kind": self.kind,
                "instrument": self.instrument,
                "transfer": self.transfer,
                "parties": list(self.parties),
                **({} if self.statement is None else {"statement": self.statement}),
            }
        )

    def side(self, party: str) -> Side:
        """Return the side of a party."""
        return SIDES[self.parties.index(party)]

    def party(self, side: Side) -> str:
        """Return the party of a side."""
        return self.parties[SIDES.index(side)]

    def other(self, party: str) -> str:
        """Return the other party."""
        return self.parties[1 - self.parties.index(party)]


def read_subject(data: bytes) -> Subject:
    """Return what ``subject.json`` says.

    Raises:
        PeerError: ``verify.subject``; ``documents.*``, ``json.*``.
    """
    found = parse_canonical(data, what=_WHAT)
    names = ["v", "type", "kind", "instrument", "transfer", "parties"]
    if found.get("kind") == "statement":
        names.append("statement")
    value = members(found, names, what=_WHAT)
    kind, parties, transfer = value["kind"], value["parties"], value["transfer"]
    named = [one for one in parties if isinstance(one, str)] if isinstance(parties, list) else []
    if (
        (value["v"], value["type"]) != (1, _TYPE)
        or len(named) != 2
        or parties != named
        or named[0] == named[1]
        or (kind, type(transfer)) not in _KINDS
    ):
        raise PeerError("verify.subject", f"{_WHAT} is not as clause 8.2.2 says.")
    return Subject(
        instrument=check_urn(string_of(value, "instrument", what=_WHAT), what="The instrument"),
        transfer=None if transfer is None else str(transfer),
        parties=(check_party(named[0]), check_party(named[1])),
        statement=check_urn(string_of(value, "statement", what=_WHAT), what="The statement")
        if kind == "statement"
        else None,
    )


def letter_file(side: Side) -> str:
    """Return the name of a party's letter."""
    return f"letters/{side}.letter"


def entry_folder(side: Side, n: int) -> str:
    """Return the folder of an entry."""
    return f"entries/{side}/{n:06d}"


def latest_file(side: Side) -> str:
    """Return the name of the newest head of a log."""
    return f"heads/{side}/latest.note"


def consistency_file(side: Side) -> str:
    """Return the name of the proofs that every head used lies on one history."""
    return f"heads/{side}/consistency.json"


def policy_file(side: Side) -> str:
    """Return the name of the policy for other people's tools."""
    return f"heads/{side}/policy.txt"


def key_file(kid: str) -> str:
    """Return the name of a public key in PEM, by its thumbprint."""
    return f"{KEYS}key-{kid}.pem"


def language_file(language: str) -> str:
    """Return the name of a statement's text in a language."""
    return f"text/{language}.json"


def fixed_files(*, statement: bool = False) -> frozenset[str]:
    """Return the names that every archive of its kind has: keys, entries, languages apart."""
    per_side = (letter_file, latest_file, consistency_file, policy_file)
    own = (
        (RELEASE,)
        if statement
        else (UNITS, RENDERING, SIGNING_MANIFEST, MANIFEST_SIGNATURES, CONCLUSION, SEALS)
    )
    return frozenset(
        {
            *(README, SUBJECT, "manifest.json", *own),
            *(name(side) for name in per_side for side in SIDES),
        }
    )


def languages_in(files: Iterable[str]) -> tuple[str, ...]:
    """Return the languages in which an archive of a statement has its text."""
    matches = (_LANGUAGE_TEXT.fullmatch(name) for name in files)
    return tuple(sorted(match[1] for match in matches if match is not None))


def entries_in(files: Mapping[str, bytes]) -> dict[Side, tuple[int, ...]]:
    """Return the places of the entries whose files are there, by side, in order."""
    found: dict[Side, set[int]] = {"a": set(), "b": set()}
    for name in files:
        match = _ENTRY.fullmatch(name)
        if match is not None:
            found["a" if match[1] == "a" else "b"].add(int(match[2]))
    return {side: tuple(sorted(places)) for side, places in found.items()}


def misplaced(files: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the names that are missing and those that have no place; keys are for ``keyring``."""
    there = {name for name in files if not name.startswith(KEYS)}
    statement = RELEASE in there
    wanted = set(fixed_files(statement=statement))
    if statement:
        wanted |= {language_file(each) for each in languages_in(there)}
    for name in there:
        match = _ENTRY.fullmatch(name)
        if match is not None:
            folder = entry_folder("a" if match[1] == "a" else "b", int(match[2]))
            wanted |= {f"{folder}/{part}" for part in ("envelope.json", "body.bin", "proof.txt")}
    return sorted(wanted - there), sorted(there - wanted)
