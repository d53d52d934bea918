"""What a person is asked to sign, derived anew from the exact bytes and not from what a node says.

A node could be broken into; the personal folder is the last place where a person can notice. So the
digest, the text's digest, the policies and every line shown come from the document and from the
text beside it. What the node says in addition is shown as its words. Source: design 8, 13.4, 13.9;
``docs/spec/05-agreements.md`` 5.3.7, 5.5, 5.6.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

import attrs

from comity.agreements.chains import Opening, read_opening
from comity.agreements.clauses import policies_digest
from comity.agreements.fields import fields_plain_words
from comity.agreements.model import (
    Content,
    alternative_digest,
    in_order,
    label_path,
    print_text,
    read_content,
)
from comity.agreements.request_file import read_envelope
from comity.agreements.signing import (
    ADOPTION,
    INITIALS,
    MANIFEST,
    RESUMPTION,
    SUSPENSION,
    read_manifest,
    read_resumption,
    read_statement,
    read_suspension,
)
from comity.foundation import base64url
from comity.foundation.canonical import Json, JsonObject, canonical, digest, parse_canonical
from comity.foundation.errors import PeerError
from comity.foundation.members import one, rows, text, words
from comity.foundation.plain import plural, short, when
from comity.parties.documents import read_document
from comity.parties.keys import PairKey
from comity.parties.powers import PERSONAL_ACTS

LAST_MOVER: Final = (
    "Signing at a distance leaves whoever signs last a moment's advantage: they can see the other"
    " signatures and still decide. If the window ends first, all signatures are void."
)


@attrs.frozen(kw_only=True)
class Text:
    """The text of an agreement that came with the request, once its digest was recomputed."""

    instrument: str
    opening: Opening
    units: Mapping[str, Content]
    digest: str

    @property
    def labels(self) -> Mapping[str, str]:
        """How a person names each unit."""
        return {unit: label_path(self.units, unit) for unit in self.units}

    def fields(self) -> tuple[str, ...]:
        """Return what the text lays down for the machines, in plain words."""
        labels = self.labels
        return tuple(
            f"{labels[unit]}: {line}"
            for unit in in_order(self.units)
            for line in fields_plain_words(self.units[unit].fields, labels=labels)
        )


@attrs.frozen(kw_only=True)
class Asked:
    """A request whose every statement was checked.

    Attributes:
        value: The request's members.
        document: The exact bytes to sign.
        digest: Their SHA-256, computed here.
        says: What the document says, line by line.
        text: The text that it covers, where it covers one.
    """

    value: JsonObject
    document: bytes
    digest: str
    says: tuple[str, ...]
    text: Text | None

    @property
    def capacity(self) -> str:
        """What the signature is."""
        return text(self.value, "capacity")

    def powers_of(self, official: str) -> str | None:
        """Return the digest of the full powers under which an official signs, if any."""
        found = one(self.value, "full_powers").get(official)
        return found if isinstance(found, str) else None

    def node_says(self) -> list[str]:
        """Return what the node adds that the document does not say itself."""
        known = {line.strip() for line in (*self.says, LAST_MOVER)}
        known |= {line.partition(": ")[2] for line in self.text.fields()} if self.text else set()
        return [line for line in words(self.value, "shown") if line.strip() not in known]


def read_request(data: bytes) -> Asked:
    """Return the request in a file once it is what it says.

    Raises:
        PeerError: ``sign.altered``, ``sign.capacity``, ``sign.kind``, ``sign.party``,
            ``sign.no_powers``, ``sign.no_text``, ``sign.text``, ``sign.instrument``,
            ``sign.policies``; ``sign.no_request``, ``sign.members``, and the readers' of each
            document.
    """
    value = read_envelope(data)
    document = base64url.decode(text(value, "document"), what="The document")
    found = digest(document)
    if found != value["digest"]:
        raise PeerError(
            "sign.altered",
            "The request was altered: its document has another digest than it states. Do not sign;"
            " ask for it anew with comity requests show, and tell the node's engineer.",
        )
    capacity = text(value, "capacity")
    kind = _KINDS.get(capacity)
    if kind is None:
        raise PeerError(
            "sign.capacity",
            f"The request asks for a signature as {capacity[:40]!r}, which this program does not"
            " know. Do not sign.",
        )
    content = parse_canonical(document)
    if content.get("type") not in kind:
        raise PeerError(
            "sign.kind",
            f"The document is a {str(content.get('type'))[:60]!r}; nobody signs that to"
            f" {capacity.replace('_', ' ')}. Do not sign; tell the node's engineer.",
        )
    _check_party(content, text(value, "party"))
    _check_powers(value, capacity)
    covered = _covered(content, one(value, "attachments"))
    says = kind[str(content["type"])](document, covered)
    return Asked(value=value, document=document, digest=found, says=tuple(says), text=covered)


def _check_party(content: JsonObject, party: str) -> None:
    parties = words(content, "parties") or [text(content, "party") or party]
    if party not in parties:
        raise PeerError(
            "sign.party",
            f"The document is of {' and '.join(parties)}; the request asks on behalf of {party}."
            " Do not sign.",
        )


def _check_powers(value: JsonObject, capacity: str) -> None:
    held = one(value, "full_powers")
    without = [name for name in words(value, "signers") if not isinstance(held.get(name), str)]
    if capacity in PERSONAL_ACTS and without:
        raise PeerError(
            "sign.no_powers",
            f"The request names no full powers of {', '.join(without)}, and without them the"
            " signature would bind nobody.",
        )


def _covered(content: JsonObject, attached: JsonObject) -> Text | None:
    """Return the attached text if it is the one that the document names; None if it names none."""
    named = content.get("text")
    if named is None:
        return None
    if not attached:
        raise PeerError(
            "sign.no_text",
            "The request does not carry the text that the document names, so nobody could read"
            " what is signed. Do not sign.",
        )
    found = _text(attached)
    if found.instrument != content.get("instrument"):
        raise PeerError(
            "sign.instrument", "The text in the request belongs to another instrument. Do not sign."
        )
    if found.digest != named:
        raise PeerError(
            "sign.text",
            "The text in the request is not the one that the document names: its digest begins"
            f" {short(found.digest)}, the document names {short(str(named))}. Do not sign; tell the"
            " node's engineer.",
        )
    if "policies" in content and content["policies"] != policies_digest(found.units):
        raise PeerError(
            "sign.policies",
            "The policies that the document names are not those of the text. Do not sign.",
        )
    return found


def _text(attached: JsonObject) -> Text:
    opening = read_opening(one(attached, "open"))
    units = {text(row, "unit"): read_content(row.get("content")) for row in rows(attached, "units")}
    instrument = text(attached, "instrument")
    listed: list[Json] = [[unit, alternative_digest(unit, units[unit])] for unit in in_order(units)]
    whole: JsonObject = {"instrument": instrument, "open": opening.json(), "units": listed}
    return Text(
        instrument=instrument, opening=opening, units=units, digest=digest(canonical(whole))
    )


# --- what each document says --------------------------------------------------------------------


_Says: TypeAlias = Callable[[bytes, Text | None], Sequence[str]]


def _title(covered: Text | None) -> str:
    assert covered is not None  # a document that names a text has it checked
    return f"«{covered.opening.title}», {plural(len(covered.units), 'unit')}"


def _adoption(document: bytes, covered: Text | None) -> Sequence[str]:
    read_statement(document, type_name=ADOPTION)
    return (f"Adopts the text of {_title(covered)}.",)


def _initials(document: bytes, covered: Text | None) -> Sequence[str]:
    read_statement(document, type_name=INITIALS)
    return (f"Initials the text of {_title(covered)}.",)


def _manifest(document: bytes, covered: Text | None) -> Sequence[str]:
    manifest = read_manifest(document)
    days = manifest.entry.get("days")
    entry = f"{plural(days, 'day')} after" if isinstance(days, int) and days else "on"
    return (
        f"Signs {_title(covered)}, between {' and '.join(manifest.parties)}.",
        f"Window: {when(str(manifest.opens))} to {when(str(manifest.closes))}.",
        f"Enters into force {entry} the last signature.",
        "Signatories:",
        *(f"  {one.name}, {one.office} ({one.party})" for one in manifest.signatories),
        LAST_MOVER,
    )


def _suspension(document: bytes, covered: Text | None) -> Sequence[str]:
    suspension = read_suspension(document)
    labels = covered.labels if covered else {}
    what = ", ".join(labels.get(unit, unit) for unit in suspension.units) or "the whole agreement"
    until = when(str(suspension.until)) if suspension.until else "further notice"
    return (
        f"Suspends {what} of {_title(covered)}, under {suspension.article}.",
        f"Until {until}.",
    )


def _resumption(document: bytes, covered: Text | None) -> Sequence[str]:
    del covered
    resumption = read_resumption(document)
    return (f"Lifts, for the own part, the suspension {short(resumption.suspension)}.",)


def _powers(document: bytes, covered: Text | None) -> Sequence[str]:
    del covered
    value = read_document(document, type_name=_POWERS, names=_POWERS_MEMBERS)
    instruments = value["instruments"]
    whole = "any instrument" if instruments == "any" else ", ".join(words(value, "instruments"))
    acts = ", ".join(act.replace("_", " ") for act in words(value, "acts"))
    key = PairKey.from_json(value["key"], what="The key")
    start, end = when(text(value, "valid_from")), when(text(value, "valid_until"))
    return (
        f"Gives full powers to {text(value, 'name')}, {text(value, 'office')}: {acts};",
        f"for {whole}, from {start} until {end}.",
        f"The person's key is called {key.id}; compare it with their card.",
    )


def _revocation(document: bytes, covered: Text | None) -> Sequence[str]:
    del covered
    value = read_document(document, type_name=_REVOCATION, names=("powers", "reason"))
    return (
        f"Ends the full powers {short(text(value, 'powers'))}; reason: {text(value, 'reason')}.",
    )


def _approval(document: bytes, covered: Text | None) -> Sequence[str]:
    del covered
    value = read_document(document, type_name=_APPROVAL, names=("operation", "subject"))
    subject = one(value, "subject")
    lines = [f"Approves {text(value, 'operation').replace('.', ' ')}:"]
    for name, member in subject.items():
        said = str(member)
        if name == "fingerprint":
            said = _groups(said)
        elif len(said) == 64 and set(said) <= set("0123456789abcdef"):
            said = short(said)
        lines.append(f"  {name.replace('_', ' ')}  {said}")
    return lines


def _groups(fingerprint: str) -> str:
    """Return a fingerprint as people compare it. Source: ``docs/spec/02-parties.md`` 2.4.5."""
    try:
        first = int.from_bytes(bytes.fromhex(fingerprint)[:16])
    except ValueError:
        return fingerprint[:64]
    digits = f"{first % 10**32:032d}"
    return " ".join(digits[at : at + 4] for at in range(0, 32, 4))


_POWERS: Final = "comity/full-powers"
_REVOCATION: Final = "comity/revocation"
_APPROVAL: Final = "comity/approval"
_POWERS_MEMBERS: Final = (
    *("acts", "instruments", "key", "name", "office", "party", "valid_from", "valid_until"),
)
#: Capacity -> the documents that are signed in it, and how each is read.
_KINDS: Final[Mapping[str, Mapping[str, _Says]]] = {
    "adopt": {ADOPTION: _adoption},
    "initial": {INITIALS: _initials},
    "sign": {MANIFEST: _manifest},
    "sign_ad_referendum": {MANIFEST: _manifest},
    "suspend": {SUSPENSION: _suspension},
    "resume": {RESUMPTION: _resumption},
    "appoint": {_POWERS: _powers},
    "revoke": {_REVOCATION: _revocation},
    "approve": {_APPROVAL: _approval},
}


def printed(covered: Text) -> str:
    """Return the text as it prints."""
    return print_text(covered.units)
