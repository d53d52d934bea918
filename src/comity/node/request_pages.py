"""What a signing request asks, for people: one page of summary, the exact text, the way back.

Everything shown is derived anew from the exact bytes by the same code as ``comity sign`` uses; what
the node merely says stands apart. Source: agreements.md D6 (journey 4); design 8, 13.4.
"""

from collections.abc import Mapping
from typing import Final

import attrs

from comity.agreements import clauses
from comity.agreements.asked import Asked, Text, read_request
from comity.agreements.attempts import Attempt
from comity.agreements.fields import fields_plain_words
from comity.agreements.model import in_order, printed
from comity.agreements.request_file import MEMBERS
from comity.agreements.signing import read_manifest
from comity.api import legal as asks
from comity.foundation.canonical import Json, JsonObject, canonical
from comity.foundation.errors import PeerError
from comity.foundation.plain import short
from comity.foundation.ports import LIST_ROWS_MAX, ThingRow
from comity.node.context import HOUSE, Context, counterpart_name, text_of
from comity.node.instruments import Instruments
from comity.node.requests import Requests
from comity.storage.tx import Tx

#: Fields that a summary names first, in the order in which people ask.
_FIRST: Final = ("term", "notice", "review", "entry", "signatories", "suspension", "third_parties")


@attrs.frozen(kw_only=True)
class RequestPages:
    """The desk that shows signing requests."""

    ctx: Context
    requests: Requests
    instruments: Instruments

    def listing(self, tx: Tx, request: asks.ListRequests) -> JsonObject:
        """Return signing requests, newest first."""
        status = None if request.status == "all" else request.status
        wanted = request.instrument.removeprefix("urn:uuid:")
        rows = [
            row
            for row in _every(tx, status)
            if not wanted or _instrument(row).removeprefix("urn:uuid:") == wanted
        ]
        rows.sort(key=lambda row: (str(row.value["created"]), row.name), reverse=True)
        return {"status": request.status, "requests": [_brief(row) for row in rows]}

    def summary(self, tx: Tx, request: asks.RequestText) -> JsonObject:
        """Return what a request asks: what is signed, by whom, what follows, what stands against.

        ``trouble`` is set, and nothing of the document shown, where the request is not what it
        says: then nobody should sign it.
        """
        stored = self.requests.find(tx, request.request)
        thing = tx.things.get(HOUSE, "request", text_of(stored, "request"))
        assert thing is not None  # ``find`` found it
        made: dict[str, Json] = {
            **_brief(thing),
            "party": stored["party"],
            "party_name": stored["party_name"],
            "purpose": stored["purpose"],
            "signers": self._signers(tx, stored),
            "instrument": _instrument(thing),
            "dropped_why": thing.value.get("dropped_why", ""),
            "trouble": None,
        }
        try:
            asked = _asked(stored)
        except PeerError as error:
            return {**made, "trouble": {"code": error.code, "message": error.message}}
        return {
            **made,
            "digest": asked.digest,
            "digest_groups": short(asked.digest),
            "says": list(asked.says),
            "node_says": asked.node_says(),
            "text": None if asked.text is None else _text(asked.text, self._names(tx, asked.text)),
            "attempt": self._attempt(tx, asked, thing),
        }

    def _names(self, tx: Tx, covered: Text) -> list[Json]:
        """Return the names of the parties, as we know them, beside their identifiers."""
        made: list[Json] = []
        for party in covered.opening.parties:
            rel = tx.relationships.by_counterpart(party)
            own = self.ctx.config.name if party == self.ctx.config.party else party
            name = own if rel is None else counterpart_name(tx, rel)
            made.append({"id": party, "name": name})
        return made

    def _signers(self, tx: Tx, stored: JsonObject) -> list[Json]:
        signatures, signers = stored["signatures"], stored["signers"]
        assert isinstance(signatures, Mapping)
        assert isinstance(signers, list)
        made: list[Json] = []
        for signer in signers:
            thing = tx.things.get(HOUSE, "official", str(signer))
            known: JsonObject = {} if thing is None else thing.value
            made.append(
                {
                    "id": signer,
                    "name": known.get("name", signer),
                    "office": known.get("office", ""),
                    "signed": signer in signatures,
                }
            )
        return made

    def _attempt(self, tx: Tx, asked: Asked, thing: ThingRow) -> Json:
        """Return window and signatories of a manifest, with what the record has of each."""
        if asked.capacity not in {"sign", "sign_ad_referendum"}:
            return None
        manifest = read_manifest(asked.document)
        found = self.instruments.find(tx, _instrument(thing))
        attempt = next(
            (one for one in found.view.attempts if one.manifest.digest == manifest.digest), None
        )
        signed = {} if attempt is None else _signed(attempt)
        return {
            "opens": str(manifest.opens),
            "closes": str(manifest.closes),
            "over": self.ctx.now() > manifest.closes,
            "outcome": None if attempt is None else str(attempt.outcome),
            "entry_days": manifest.entry["days"],
            "signatories": [
                {
                    "side": "ours" if one.party == self.ctx.config.party else "theirs",
                    "name": one.name,
                    "office": one.office,
                    **signed.get(one.powers, {"signed": False, "attested": None}),
                }
                for one in manifest.signatories
            ],
        }

    def text(self, tx: Tx, request: asks.RequestText) -> JsonObject:
        """Return the exact text that a request covers, unit by unit as it prints.

        Raises:
            PeerError: as ``agreements.asked.read_request``.
        """
        stored = self.requests.find(tx, request.request)
        asked = _asked(stored)
        made: dict[str, Json] = {
            "request": stored["request"],
            "title": stored["title"],
            "digest": asked.digest,
            "digest_groups": short(asked.digest),
        }
        if asked.text is None:
            return {**made, "text_digest": None, "text_digest_groups": "", "units": []}
        units, labels = asked.text.units, asked.text.labels
        return {
            **made,
            "text_digest": asked.text.digest,
            "text_digest_groups": short(asked.text.digest),
            "register": asked.text.opening.register,
            "units": [
                {
                    "unit": unit,
                    "label": labels[unit],
                    "kind": units[unit].kind,
                    "lang": units[unit].lang,
                    "printed": printed(units[unit]),
                    "fields": list(fields_plain_words(units[unit].fields, labels=labels)),
                }
                for unit in in_order(units)
            ],
        }


def _asked(stored: JsonObject) -> Asked:
    return read_request(canonical({name: stored[name] for name in MEMBERS}))


def _text(covered: Text, names: list[Json]) -> JsonObject:
    """Return what a text lays down, in the order in which a signatory asks."""
    labels = covered.labels
    rows: list[tuple[int, JsonObject]] = []
    for unit in in_order(covered.units):
        for name, field in covered.units[unit].fields.items():
            lines = fields_plain_words({name: field}, labels=labels)
            place = _FIRST.index(name) if name in _FIRST else len(_FIRST)
            rows.append(
                (
                    place,
                    {
                        "unit": unit,
                        "label": labels[unit],
                        "name": name,
                        "words": list(lines),
                        "quote": field["quote"],
                    },
                )
            )
    rows.sort(key=lambda row: row[0])
    return {
        "instrument": covered.instrument,
        "title": covered.opening.title,
        "register": covered.opening.register,
        "parties": names,
        "digest": covered.digest,
        "digest_groups": short(covered.digest),
        "units": len(covered.units),
        "words": sum(len(printed(content).split()) for content in covered.units.values()),
        "fields": [row for _, row in rows],
        "areas": [
            {"title": area.title, "words": area.policy.words(labels), "label": labels[unit]}
            for unit, area in clauses.areas_in(covered.units)
        ],
    }


def _signed(attempt: Attempt) -> dict[str, JsonObject]:
    return {
        one.signatory.powers: {
            "signed": one.signer is not None,
            "attested": None if one.attested is None else str(one.attested),
        }
        for one in attempt.signatures
    }


def _instrument(row: ThingRow) -> str:
    context = row.value["context"]
    assert isinstance(context, Mapping)
    return str(context.get("instrument", ""))


def _brief(row: ThingRow) -> JsonObject:
    names = ("request", "operation", "title", "capacity", "signers", "needed", "created")
    signatures = row.value["signatures"]
    assert isinstance(signatures, Mapping)
    return {
        **{name: row.value[name] for name in names},
        "status": row.status,
        "instrument": _instrument(row),
        "signed_by": sorted(signatures),
    }


def _every(tx: Tx, status: str | None) -> list[ThingRow]:
    made: list[ThingRow] = []
    after: str | None = None
    while True:
        rows = tx.things.list(HOUSE, "request", status=status, after=after)
        made.extend(rows)
        if len(rows) < LIST_ROWS_MAX:
            return made
        after = rows[-1].name
