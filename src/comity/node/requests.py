"""Signing requests: what waits for a person's own key, and what happens once it is there.

A request carries the exact document, how it reads in plain words, and who may sign. The person runs
``comity sign`` in a folder of their own; the node takes back the signature file and can use it for
nothing else. Source: design 8, 13.4, 13.5.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import attrs

from comity.foundation import base64url
from comity.foundation.canonical import Json, JsonObject, digest
from comity.foundation.errors import MisuseError, PeerError, RefusedError
from comity.node.context import HOUSE, Context, text_of
from comity.node.signature_files import check_is_signature_file, verify_signature
from comity.parties.keys import PairKey
from comity.parties.letters import AppointingOfficial, Letter, read_letter, unpack_letter
from comity.parties.signatures import Verified, merge
from comity.storage.tx import Tx

#: Among how many other requests the right one for a signature is looked for.
_OTHERS_MAX: Final = 50
_SIGNATORY: Final = "signatory"


@attrs.frozen(kw_only=True)
class Signed:
    """A request that has all its signatures.

    Attributes:
        request: As stored.
        document: The exact bytes that were signed.
        signatures: All signature files, merged.
        by: The officials who signed.
    """

    request: JsonObject
    document: bytes
    signatures: bytes
    by: tuple[str, ...]

    @property
    def context(self) -> JsonObject:
        """What the desk that asked wrote beside the request."""
        context = self.request["context"]
        assert isinstance(context, Mapping)
        return context


#: What follows when the last signature is in.
Completion: TypeAlias = Callable[[Tx, Signed], JsonObject]


@attrs.frozen(kw_only=True)
class NewRequest:
    """What is to be signed, by whom, and how it reads."""

    operation: str
    capacity: str
    document: bytes
    signers: Sequence[str]
    needed: int
    title: str
    shown: Sequence[str]
    full_powers: Mapping[str, str] = attrs.field(factory=dict)
    context: JsonObject = attrs.field(factory=dict)
    attachments: JsonObject = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Requests:
    """The desk for signing requests."""

    ctx: Context
    completions: dict[str, Completion] = attrs.field(factory=dict)

    def own_letter(self, tx: Tx) -> Letter:
        """Return our current letter of introduction.

        Raises:
            MisuseError: ``letters.none_yet``: none was exported.
        """
        thing = tx.things.get(HOUSE, "letter", "own")
        if thing is None:
            raise MisuseError(
                "letters.none_yet", "Export our letter of introduction first: comity letter export."
            )
        document, signatures = unpack_letter(
            base64url.decode(text_of(thing.value, "letter"), what="stored letter")
        )
        return read_letter(document, signatures, at=None, purpose=self.ctx.config.purpose)

    def appointing(self, tx: Tx, letter: Letter) -> tuple[str, ...]:
        """Return the ids of the two appointing officials that stand in our letter.

        Raises:
            MisuseError: ``officials.appointing_unknown``: one of them has not handed in a card.
        """
        by_key = {key.id: name for name, key in known_keys(tx)}
        missing = [one.office for one in letter.appointing if one.key.id not in by_key]
        if missing:
            raise MisuseError(
                "officials.appointing_unknown",
                f"The appointing official {missing[0]} is not known at this node yet: add the card"
                " with comity officials add.",
            )
        return tuple(by_key[one.key.id] for one in letter.appointing)

    def appointing_officials(self, tx: Tx) -> tuple[AppointingOfficial, AppointingOfficial]:
        """Return the two appointing officials named when the folder was made."""
        first, second = (
            AppointingOfficial(
                office=text_of(row.value, "office"),
                key=PairKey.from_json(row.value["keys"], what="stored keys"),
            )
            for row in tx.things.list(HOUSE, "appointing")
        )
        return first, second

    def create(self, tx: Tx, new: NewRequest) -> JsonObject:
        """Store a request and return it as the file that is handed to the signer."""
        made: dict[str, Json] = {
            "type": "comity/signing-request",
            "request": self.ctx.new_id().removeprefix("urn:uuid:"),
            "operation": new.operation,
            "party": self.ctx.config.party,
            "party_name": self.ctx.config.name,
            "purpose": self.ctx.config.purpose,
            "capacity": new.capacity,
            "title": new.title,
            "shown": list(new.shown),
            "document": base64url.encode(new.document),
            "digest": digest(new.document),
            "signers": list(new.signers),
            "needed": new.needed,
            "full_powers": dict(new.full_powers),
            "created": str(self.ctx.now()),
            "context": new.context,
            "attachments": new.attachments,
        }
        stored: JsonObject = {**made, "signatures": {}}
        tx.things.add(HOUSE, "request", str(made["request"]), value=stored, status="waiting")
        return made

    def find(self, tx: Tx, name: str) -> JsonObject:
        """Return a stored request by its id or the unique beginning of it."""
        thing = tx.things.get(HOUSE, "request", name)
        if thing is not None:
            return thing.value
        rows = [row for row in tx.things.list(HOUSE, "request") if row.name.startswith(name)]
        if len(rows) != 1:
            raise MisuseError("requests.unknown", f"There is no signing request {name[:60]!r}.")
        return rows[0].value

    def show(self, tx: Tx, name: str) -> JsonObject:
        """Return a request as the file that is handed to the signer."""
        return {
            key: value
            for key, value in self.find(tx, name).items()
            if key not in {"signatures", "dropped_by"}
        }

    def waiting(self, tx: Tx) -> list[JsonObject]:
        """Return the requests that still miss a signature, newest last."""
        rows = tx.things.list(HOUSE, "request", status="waiting")
        return sorted((row.value for row in rows), key=lambda value: text_of(value, "created"))

    def drop(self, tx: Tx, name: str, *, by: str | None) -> JsonObject:
        """Drop a request that is not settled: nothing binding has happened under it.

        Args:
            tx: The unit of work.
            name: Its id, or the unique beginning of it.
            by: The official who drops it; None: whoever holds the node's folder.

        Raises:
            MisuseError: ``requests.settled``.
        """
        request = self.find(tx, name)
        thing = tx.things.get(HOUSE, "request", text_of(request, "request"))
        assert thing is not None
        if thing.status != "waiting":
            raise MisuseError("requests.settled", f"That request is settled: {thing.status}.")
        value: JsonObject = {**thing.value, "dropped_by": by}
        tx.things.put(HOUSE, "request", thing.name, value=value, status="dropped")
        return {"request": thing.name, "title": request["title"], "dropped": True}

    def deliver(self, tx: Tx, name: str, jws: bytes) -> JsonObject:
        """Take in a signature file; when it was the last one needed, do what was asked.

        Raises:
            MisuseError: ``requests.done``: the request is settled already; as
                ``check_is_signature_file``.
            PeerError: as the strict verifier; ``requests.other_document``; ``requests.capacity``,
                ``requests.party``, ``requests.powers`` where the signature says something else
                than was asked.
            RefusedError: ``requests.not_asked``: somebody else signed; names who was asked;
                ``requests.role_gone``: whoever signed is no signatory here any more.
        """
        check_is_signature_file(jws)
        request = self.find(tx, name)
        thing = tx.things.get(HOUSE, "request", text_of(request, "request"))
        assert thing is not None
        if thing.status != "waiting":
            raise MisuseError(
                "requests.done", f"The request «{request['title']}» is settled: {thing.status}."
            )
        document = base64url.decode(text_of(request, "document"), what="stored document")
        signers = known_keys(tx)
        verified = verify_signature(
            document,
            jws,
            keys=[key for _, key in signers],
            digest=text_of(request, "digest"),
            others=self._others(tx, thing.name),
        )
        if len(verified) != 1:
            raise PeerError(
                "requests.one_person", "A signature file carries the signature of one person."
            )
        held = request["signatures"]
        assert isinstance(held, Mapping)
        who = next(name for name, key in signers if key.id == verified[0].key.id)
        self._check_said(request, who, verified[0])
        _check_role(tx, request, who)
        signatures: dict[str, Json] = {**held, who: base64url.encode(jws)}
        done = len(signatures) >= _number(request["needed"])
        value: JsonObject = {**request, "signatures": signatures}
        status = "done" if done else "waiting"
        tx.things.put(
            HOUSE, "request", thing.name, value=value, status=status, expected_version=thing.version
        )
        answer: dict[str, Json] = {"request": thing.name, "signed_by": sorted(signatures)}
        if done:
            whole = merge(
                *(
                    base64url.decode(str(each), what="stored signature")
                    for _, each in sorted(signatures.items())
                )
            )
            follow = self.completions[text_of(request, "operation")]
            signed = Signed(
                request=value, document=document, signatures=whole, by=tuple(sorted(signatures))
            )
            answer["outcome"] = follow(tx, signed)
        else:
            answer["still_needed"] = _number(request["needed"]) - len(signatures)
        answer["done"] = done
        return answer

    def _others(self, tx: Tx, name: str) -> Iterator[tuple[str, bytes]]:
        """Yield title and document of the other requests that wait."""
        for row in tx.things.list(HOUSE, "request", status="waiting", limit=_OTHERS_MAX):
            if row.name != name:
                document = base64url.decode(text_of(row.value, "document"), what="stored document")
                yield text_of(row.value, "title"), document

    def _check_said(self, request: JsonObject, who: str, said: Verified) -> None:
        asked = request["signers"]
        assert isinstance(asked, Sequence)
        if who not in asked:
            raise RefusedError(
                "requests.not_asked",
                f"{who} was not asked to sign «{request['title']}»; asked:"
                f" {', '.join(str(one) for one in asked)}.",
            )
        if said.capacity != request["capacity"]:
            raise PeerError(
                "requests.capacity",
                f"The signature of {who} says {said.capacity}; asked was {request['capacity']}.",
            )
        if said.on_behalf_of != self.ctx.config.party:
            raise PeerError(
                "requests.party", f"The signature of {who} is for {said.on_behalf_of}, not for us."
            )
        powers = request["full_powers"]
        assert isinstance(powers, Mapping)
        if said.full_powers != powers.get(who):
            raise PeerError(
                "requests.powers",
                f"The signature of {who} names other full powers than the request.",
            )


def known_keys(tx: Tx) -> list[tuple[str, PairKey]]:
    """Return who may sign here: id and keys of each official who has keys and an open account."""
    return [
        (row.name, PairKey.from_json(row.value["keys"], what="stored keys"))
        for row in tx.things.list(HOUSE, "official")
        if "keys" in row.value and not row.value.get("disabled")
    ]


def _check_role(tx: Tx, request: JsonObject, who: str) -> None:
    """Refuse the signature of a signatory who is none any more: nothing was done with it yet."""
    thing = tx.things.get(HOUSE, "official", who)
    assert thing is not None  # their key was found above
    roles = thing.value["roles"]
    assert isinstance(roles, Sequence)
    binding = text_of(request, "operation").startswith(("agreement.", "signing."))
    if binding and _SIGNATORY not in roles:
        raise RefusedError(
            "requests.role_gone",
            f"{thing.value['name']} is no signatory at this node any more, so the signature is not"
            " used. Whoever gives roles here can give it back; or another signatory signs.",
        )


def _number(value: Json) -> int:
    assert isinstance(value, int)
    return value
