"""Acts that persons sign: whose signature it is, and whether that person may.

One reading for every room: adoption, initials, signature, suspension, release. The authority is
judged as of the act's place in the record: the caller passes the full powers granted and the
digests revoked by then. Source: design 13.4; spec 2.7.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import attrs

from comity.foundation.canonical import JsonObject, parse_canonical
from comity.foundation.errors import RefusedError
from comity.foundation.instants import Instant
from comity.parties.powers import FullPowers, check_covers
from comity.parties.signatures import Verified, verify_document


@attrs.frozen(kw_only=True)
class SignedAct:
    """One person's signature under one document, with the authority for it."""

    document: JsonObject
    powers: FullPowers
    signature: Verified


def read_act(
    document: bytes,
    jws: bytes,
    *,
    powers: Sequence[FullPowers],
    revoked: AbstractSet[str],
    capacity: str,
    at: Instant | None,
) -> tuple[SignedAct, ...]:
    """Return the signatures under ``document``, each by a person who may give it.

    The instrument is the member ``instrument`` of the document, where it has one.

    Args:
        document: The bytes that were signed.
        jws: The signatures file.
        powers: The full powers granted as of the act's place in the record.
        revoked: The digests of those revoked by then.
        capacity: What every signature must be.
        at: The time for which the powers must be valid; None where the record decides it later.

    Raises:
        PeerError: ``signatures.*``, ``json.*``: the file or one signature is not good.
        RefusedError: ``acts.capacity``, ``acts.without_powers``, ``acts.other_powers``,
            ``acts.revoked``, ``acts.same_person``; ``powers.*`` where they do not cover the act.
    """
    verified = verify_document(document, jws, keys=[one.key for one in powers])
    value = parse_canonical(document)
    instrument = value.get("instrument")
    acts = []
    for signature in verified:
        found = _powers_of(signature, powers=powers, capacity=capacity)
        if found.digest in revoked:
            raise RefusedError(
                "acts.revoked", f"The full powers of {found.name} ({found.office}) were revoked."
            )
        check_covers(
            found,
            capacity=capacity,
            instrument=instrument if isinstance(instrument, str) else None,
            at=at,
        )
        acts.append(SignedAct(document=value, powers=found, signature=signature))
    _check_distinct(acts)
    return tuple(acts)


def _powers_of(signature: Verified, *, powers: Sequence[FullPowers], capacity: str) -> FullPowers:
    if signature.capacity != capacity:
        raise RefusedError(
            "acts.capacity",
            f"The signature is given to {signature.capacity}; here one signs to {capacity}.",
        )
    if signature.full_powers is None:
        raise RefusedError(
            "acts.without_powers",
            f"The signature of key {signature.key.id} names no full powers; a person needs them.",
        )
    for one in powers:
        if one.digest == signature.full_powers:
            if (one.key, one.party) == (signature.key, signature.on_behalf_of):
                return one
            break
    raise RefusedError(
        "acts.other_powers",
        f"The signature of key {signature.key.id} names full powers that are not granted, or are"
        " those of another person or party.",
    )


def _check_distinct(acts: Sequence[SignedAct]) -> None:
    persons = [(act.powers.party, act.powers.name.casefold()) for act in acts]
    for place, person in enumerate(persons):
        if person in persons[:place]:
            raise RefusedError(
                "acts.same_person",
                f"{acts[place].powers.name} signed twice; two signatures take two persons.",
            )
