"""Drafts: a text of our own, with its fields, before anything of it leaves.

Source: agreements.md D3, D6 (journey 2); design 2 (ideas 2 and 4), 13.9.
"""

from collections.abc import Mapping

import attrs

from comity.agreements.clauses import check_clauses
from comity.agreements.exporting import export_text, fields_toml
from comity.agreements.fields_file import read_fields_toml, with_fields
from comity.agreements.importing import flatten, import_text
from comity.agreements.model import Content, content_json, in_order, read_content
from comity.agreements.moves import Propose, move_json
from comity.api import agreements as asks
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import RefusedError
from comity.foundation.ports import ThingRow
from comity.node.context import HOUSE, Context, relationship, text_of
from comity.node.instruments import Instruments
from comity.node.ledger import NewAct
from comity.node.red_lines import RedLines
from comity.storage.tx import Tx


@attrs.frozen(kw_only=True)
class Drafting:
    """The desk of those who draft."""

    ctx: Context
    instruments: Instruments
    red_lines: RedLines

    def draft(self, tx: Tx, request: asks.Draft) -> JsonObject:
        """Keep a draft from a text and its fields; return what was understood of it."""
        rel = relationship(tx, request.counterpart)
        imported = import_text(request.text.encode(), name=request.title)
        units = flatten(imported, new_id=self.ctx.new_unit)
        if request.fields:
            units = with_fields(units, read_fields_toml(request.fields.encode(), units=units))
        missing = missing_in(units)
        instrument = self.ctx.new_id()
        value: JsonObject = {
            "title": request.title,
            "register": request.register,
            "language": imported.language,
            "relationship": rel.rel_id,
            "units": {unit: content_json(content) for unit, content in units.items()},
        }
        tx.things.add(HOUSE, "draft", instrument, value=value, status="draft")
        kinds: dict[str, Json] = {}
        for content in units.values():
            before = kinds.get(content.kind, 0)
            kinds[content.kind] = (before if isinstance(before, int) else 0) + 1
        return {
            "instrument": instrument,
            "title": request.title,
            "counterpart": rel.counterpart,
            "language": imported.language,
            "kinds": kinds,
            "units": len(units),
            "fields": sorted({name for each in units.values() for name in each.fields}),
            "missing": missing,
            "not_understood": [
                {"line": one.line, "what": one.what} for one in imported.not_understood
            ],
        }

    def drafts(self, tx: Tx) -> list[JsonObject]:
        """Return the drafts that have not been tabled."""
        rows = tx.things.list(HOUSE, "draft", status="draft")
        return [
            {
                "instrument": row.name,
                "title": row.value["title"],
                "relationship": row.value["relationship"],
                "status": "drafting",
            }
            for row in rows
        ]

    def find(self, tx: Tx, named: str) -> ThingRow | None:
        """Return the draft by its id, the beginning of it, its title, or ``last``; else None."""
        rows = tx.things.list(HOUSE, "draft", status="draft")
        for row in rows:
            if named in {row.name, row.value["title"]} or row.name.removeprefix(
                "urn:uuid:"
            ).startswith(named):
                return row
        return rows[-1] if named == "last" and rows else None

    def table(self, tx: Tx, row: ThingRow, *, note: JsonObject | None) -> JsonObject:
        """Table a draft, once our own red lines let it pass: now it leaves."""
        instrument, value = row.name, row.value
        rel = relationship(tx, text_of(value, "relationship"))
        units = units_of(value)
        self.red_lines.check_text(tx, instrument, units)
        moves: list[Json] = [
            move_json(Propose(unit=unit, content=units[unit])) for unit in in_order(units)
        ]
        act = NewAct(
            kind="agreement.table",
            data={
                "instrument": instrument,
                "moves": moves,
                "open": {
                    "title": value["title"],
                    "register": value["register"],
                    "language": value["language"],
                    "parties": [self.ctx.config.party, rel.counterpart],
                },
            },
            note=note,
            of=instrument,
        )
        recorded = self.instruments.record_in(tx, rel, act)
        tx.things.put(HOUSE, "draft", instrument, value=value, status="tabled")
        return {
            "instrument": instrument,
            "relationship": rel.rel_id,
            "entry": recorded.n,
            "tabled": len(moves),
        }

    def text(self, row: ThingRow, *, form: str) -> JsonObject:
        """Return the text of a draft, or its fields."""
        units = units_of(row.value)
        text = fields_toml(units) if form == "fields" else export_text(units)
        return {"instrument": row.name, "form": form, "text": text}


def units_of(value: JsonObject) -> dict[str, Content]:
    """Return the units of a stored draft."""
    stored = value["units"]
    assert isinstance(stored, Mapping)
    return {unit: read_content(content) for unit, content in stored.items()}


def missing_in(units: Mapping[str, Content]) -> str | None:
    """Return what the text must still state before it can be adopted, or None.

    A text may be tabled without: the two sides may still be looking for the words.
    """
    try:
        check_clauses(units)
    except RefusedError as error:
        return error.message
    return None
