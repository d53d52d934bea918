"""What needs two persons: an approval is a signature by each with the own key.

Naming two officials is not an approval; ``--as`` never suffices. Approvals stay in the house part
of a node: the counterpart never sees them. Source: design 13.4; spec 2.8.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final

import attrs

from comity.foundation.canonical import JsonObject, canonical
from comity.foundation.errors import MisuseError, PeerError, RefusedError
from comity.parties.documents import CRYPTO_PROFILE, read_document, text_of
from comity.parties.keys import PairKey
from comity.parties.signatures import Capacity, Verified, verify_document

_TYPE: Final = "comity/approval"
_WHAT: Final = "The approval"
_CHALLENGE: Final = "comity/approve/v1"


@attrs.frozen(kw_only=True)
class Approval:
    """One operation that enough persons approved.

    Attributes:
        operation: What is approved, as the node names it: ``letter.accept``, ``release``.
        subject: What it concerns, with every digest that matters.
        party: For which party.
        persons: The ids of those who approved, none twice, in the order of ``officials``.
    """

    operation: str
    subject: JsonObject
    party: str
    persons: tuple[str, ...]


def approval_document(subject: JsonObject, operation: str) -> bytes:
    """Return the document that each of the persons signs in the capacity ``approve``.

    Raises:
        PeerError: ``documents.*``: the operation is no short text.
    """
    document = canonical(
        {
            "type": _TYPE,
            "crypto_profile": CRYPTO_PROFILE,
            "operation": operation,
            "subject": subject,
        }
    )
    _read(document)
    return document


def approval_challenge(approved: str, *, person: str, nonce: str) -> bytes:
    """Return what a passkey signs when ``person`` approves one exact document in the site.

    The label keeps it apart from every other challenge: what was signed to enter the site never
    approves anything. The nonce makes each challenge good for one use.

    Args:
        approved: SHA-256 of the approval's document, hexadecimal.
        person: The id of the official.
        nonce: Unpredictable, hexadecimal.
    """
    parts = (_CHALLENGE, approved, sha256(person.encode()).hexdigest(), nonce)
    return sha256("\n".join(parts).encode("ascii")).digest()


def read_approvals(
    document: bytes, jws: bytes, *, officials: Sequence[tuple[str, PairKey]], needed: int = 2
) -> Approval:
    """Return the approval in ``document`` once ``needed`` different persons gave it.

    Args:
        document: The bytes that were signed.
        jws: The signatures file.
        officials: Who may approve: id of the person and that person's pair.
        needed: How many persons; two unless an article asks for more.

    Raises:
        MisuseError: ``approvals.key_of_two``: two persons of the folder share a key.
        PeerError: ``approvals.capacity``, ``approvals.parties``, ``approvals.subject``;
            ``signatures.*``, ``documents.*``.
        RefusedError: ``approvals.missing``: too few persons; the message says who still can.
    """
    operation, subject = _read(document)
    _check_own_keys(officials)
    verified = verify_document(document, jws, keys=[key for _, key in officials])
    for one in verified:
        if one.capacity != Capacity.APPROVE or one.full_powers is not None:
            raise PeerError(
                "approvals.capacity",
                f"An approval is signed in the capacity approve; found {one.capacity}.",
            )
    persons = _persons(verified, officials)
    if len(persons) < needed:
        others = dict.fromkeys(person for person, _ in officials if person not in persons)
        raise RefusedError(
            "approvals.missing",
            f"{operation} takes the approval of {needed} persons, each with the own key; given:"
            f" {', '.join(persons)}. Still can: {', '.join(others) or 'nobody'}.",
        )
    parties = {one.on_behalf_of for one in verified}
    if len(parties) != 1:
        raise PeerError(
            "approvals.parties",
            f"The approvals are for different parties: {', '.join(sorted(parties))}.",
        )
    return Approval(operation=operation, subject=subject, party=parties.pop(), persons=persons)


def _read(document: bytes) -> tuple[str, JsonObject]:
    value = read_document(document, type_name=_TYPE, names=("operation", "subject"))
    subject = value["subject"]
    if not isinstance(subject, Mapping):
        raise PeerError("approvals.subject", f"{_WHAT}: subject must be an object.")
    return text_of(value, "operation", what=_WHAT), subject


def _check_own_keys(officials: Sequence[tuple[str, PairKey]]) -> None:
    holder: dict[str, str] = {}
    for person, key in officials:
        if holder.setdefault(key.id, person) != person:
            raise MisuseError(
                "approvals.key_of_two",
                f"{holder[key.id]} and {person} have the same key; each person needs a key of"
                " their own.",
            )


def _persons(
    verified: Sequence[Verified], officials: Sequence[tuple[str, PairKey]]
) -> tuple[str, ...]:
    signed = {one.key.id for one in verified}
    return tuple(dict.fromkeys(person for person, key in officials if key.id in signed))
