"""Drafts: a text of our own, with its fields, before anything of it leaves.

A draft may hold fields that are wrong still; it is not tabled before they are right. Every change
keeps the version before it, in the house only, and one can go back. Source: agreements.md D3, D6
(journey 2); design 2 (ideas 2 and 4), 13.9.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from comity.agreements.drafts import check_forms, followed, lines_of, read_draft_text
from comity.agreements.exporting import export_text, fields_toml
from comity.agreements.fields_file import read_fields_toml, with_fields
from comity.agreements.forms import Form, forms_of, forms_toml
from comity.agreements.importing import NO_ARTICLES, flatten, import_text
from comity.agreements.model import Content, in_order
from comity.agreements.moves import Propose, move_json
from comity.agreements.paths import read_paths
from comity.api import agreements as asks
from comity.foundation.canonical import Json, JsonObject, canonical, digest
from comity.foundation.errors import MisuseError, PeerError, RefusedError
from comity.foundation.ports import ThingRow
from comity.node import draft_views as views
from comity.node.context import HOUSE, Context, counterpart_name, relationship, text_of
from comity.node.draft_edits import check_title
from comity.node.draft_views import missing_in, units_of
from comity.node.instruments import Instruments
from comity.node.ledger import NewAct
from comity.node.officials import Official
from comity.node.red_lines import RedLines
from comity.node.skeletons import Under
from comity.record.ports import RelationshipRow
from comity.storage.tx import Tx

VERSIONS_MAX: Final = 20
TABLING_ROLES: Final = ("negotiator", "mandate_holder")


@attrs.frozen(kw_only=True)
class Drafting:
    """The desk of those who draft."""

    ctx: Context
    instruments: Instruments
    red_lines: RedLines

    # --- beginning ----------------------------------------------------------------------------

    def draft(self, tx: Tx, request: asks.Draft, *, official: Official) -> JsonObject:
        """Keep a draft from a text and its fields; return what was understood of it."""
        rel = relationship(tx, request.counterpart)
        imported = import_text(request.text.encode(), name=request.title)
        units = flatten(imported, new_id=self.ctx.new_unit)
        if request.fields:
            units = with_fields(units, read_fields_toml(request.fields.encode(), units=units))
        missing = missing_in(units)
        value: JsonObject = {
            "title": check_title(request.title),
            "register": request.register,
            "language": imported.language,
            "relationship": rel.rel_id,
            **stored_text(units, forms_of(units), findings=views.findings_of(imported)),
        }
        instrument = self.begin(tx, value, official=official)
        return {
            "instrument": instrument,
            "title": request.title,
            "counterpart": rel.counterpart,
            "language": imported.language,
            "kinds": views.kinds_of(units),
            "units": len(units),
            "fields": sorted({name for each in units.values() for name in each.fields}),
            "missing": missing,
            "not_understood": [
                {"line": one.line, "what": one.what} for one in imported.not_understood
            ],
        }

    def begin(self, tx: Tx, value: JsonObject, *, official: Official) -> str:
        """Keep a new draft; return the id that the instrument will have."""
        instrument = self.ctx.new_id()
        made: JsonObject = {**value, "by": official.id, "what": "start"}
        tx.things.add(HOUSE, "draft", instrument, value=made, status="draft")
        self._note(tx, instrument, 1, value=made)
        return instrument

    def made(self, *, text: str, name: str, forms: Sequence[Form]) -> JsonObject:
        """Return the text members of a new draft.

        Raises:
            MisuseError: as ``import_text``: the text itself cannot be one.
        """
        try:
            units, imported = read_draft_text(text, name=name, before={}, new_id=self.ctx.new_unit)
        except PeerError as error:  # it is our own text
            raise error.as_family(MisuseError) from None
        kept = stored_text(units, forms, findings=views.findings_of(imported))
        return {**kept, "language": imported.language}

    # --- changing -----------------------------------------------------------------------------

    def seen(self, tx: Tx, named: str, *, version: int, also: Sequence[str] = ()) -> ThingRow:
        """Return the draft, if it is still the version that the person has seen.

        Raises:
            MisuseError: ``drafts.none``; ``drafts.stale``: somebody changed it meanwhile.
        """
        row = self.one(tx, named, also=also)
        if row.version != version:
            by = self._name(tx, str(row.value.get("by", "")))
            raise MisuseError(
                "drafts.stale",
                f"{by or 'Somebody'} changed this draft meanwhile (it is version {row.version};"
                f" you changed version {version}). Nothing was changed now: look at the draft"
                " again, then decide.",
                {"version": row.version, "seen": version, "by": by, "draft": row.name},
            )
        return row

    def save(
        self, tx: Tx, row: ThingRow, value: JsonObject, *, official: Official, what: str
    ) -> JsonObject:
        """Keep a changed draft, and the version before it; return the new version."""
        before: JsonObject = {**row.value, "saved": str(row.updated)}
        tx.things.put(HOUSE, "draft_version", _version_name(row.name, row.version), value=before)
        for old in self.versions(tx, row.name)[:-VERSIONS_MAX]:
            tx.things.delete(HOUSE, "draft_version", old.name)
        made: JsonObject = {**value, "by": official.id, "what": what}
        version = tx.things.put(
            HOUSE, "draft", row.name, value=made, status="draft", expected_version=row.version
        )
        self._note(tx, row.name, version, value=made)
        return {
            "draft": row.name,
            "title": made["title"],
            "version": version,
            "wrong": sum(each.problem is not None for each in views.checked_forms(made)),
        }

    def retexted(
        self, row: ThingRow, text: str, *, forms: Sequence[Form] | None = None
    ) -> JsonObject:
        """Return the draft's value with another text; its fields follow their units.

        Raises:
            MisuseError: as ``import_text``, with the line in the facts.
        """
        before = units_of(row.value)
        title = text_of(row.value, "title")
        try:
            units, imported = read_draft_text(
                text, name=title, before=before, new_id=self.ctx.new_unit
            )
        except PeerError as error:  # it is our own text
            raise error.as_family(MisuseError) from None
        if forms is None:
            forms = followed(views.stored_forms(row.value), before=before, after=units)
        kept = stored_text(units, forms, findings=views.findings_of(imported))
        return {**row.value, **kept, "language": imported.language}

    def drop(self, tx: Tx, row: ThingRow, *, official: Official) -> JsonObject:
        """Put a draft away; going back to a version brings it out again."""
        value: JsonObject = {**row.value, "by": official.id, "what": "drop"}
        version = tx.things.put(
            HOUSE, "draft", row.name, value=value, status="dropped", expected_version=row.version
        )
        self._note(tx, row.name, version, value=value)
        return {"draft": row.name, "title": row.value["title"], "version": version}

    def back(self, tx: Tx, row: ThingRow, *, to: int, official: Official) -> JsonObject:
        """Return a draft to an earlier version of it.

        Raises:
            MisuseError: ``drafts.no_version``: that version is not kept.
        """
        old = tx.things.get(HOUSE, "draft_version", _version_name(row.name, to))
        value = row.value if to == row.version and row.status == "dropped" else None
        if old is not None:
            value = {name: each for name, each in old.value.items() if name != "saved"}
        if value is None:
            kept = [_number(each.name) for each in self.versions(tx, row.name)]
            raise MisuseError(
                "drafts.no_version",
                f"Version {to} of this draft is not kept; there are:"
                f" {', '.join(map(str, kept)) or 'none'}.",
            )
        return self.save(tx, row, value, official=official, what="back")

    def versions(self, tx: Tx, draft: str) -> list[ThingRow]:
        """Return the versions kept of a draft, the oldest first."""
        rows = tx.things.list(HOUSE, "draft_version", after=f"{draft}/", limit=VERSIONS_MAX + 2)
        return [row for row in rows if row.name.startswith(f"{draft}/")]

    # --- finding and showing ------------------------------------------------------------------

    def drafts(self, tx: Tx) -> list[JsonObject]:
        """Return the drafts that have not been tabled."""
        rows = tx.things.list(HOUSE, "draft", status="draft")
        return [
            {
                "instrument": row.name,
                "title": row.value["title"],
                "relationship": row.value["relationship"],
                "register": row.value["register"],
                "language": row.value["language"],
                "status": "drafting",
            }
            for row in rows
        ]

    def under(self, tx: Tx, rel: RelationshipRow, named: str) -> Under:
        """Return the agreement that a text with this counterpart is to stand under.

        Raises:
            MisuseError: ``agreements.no_instrument``; ``drafts.other_counterpart``.
        """
        found = self.instruments.find(tx, named)
        if found.rel.rel_id != rel.rel_id:
            raise MisuseError(
                "drafts.other_counterpart",
                f"«{found.view.opening.title}» is an agreement with another counterpart.",
            )
        return Under(instrument=found.instrument, title=found.view.opening.title)

    def listed(self, tx: Tx) -> JsonObject:
        """Return the drafts with what a list shows of each, the latest change first."""
        rows = sorted(
            tx.things.list(HOUSE, "draft", status="draft"),
            key=lambda row: (-row.updated.seconds, row.name),
        )
        listed: list[Json] = []
        for row in rows:
            rel = relationship(tx, text_of(row.value, "relationship"))
            stored = row.value["units"]
            assert isinstance(stored, Mapping)
            listed.append(
                {
                    "draft": row.name,
                    "title": row.value["title"],
                    "register": row.value["register"],
                    "language": row.value["language"],
                    "counterpart": rel.counterpart,
                    "counterpart_name": counterpart_name(tx, rel),
                    "units": len(stored),
                    "version": row.version,
                    "updated": str(row.updated),
                    "by": self._name(tx, str(row.value.get("by", ""))),
                }
            )
        return {"drafts": listed}

    def show(self, tx: Tx, row: ThingRow, *, offers: str = "") -> JsonObject:
        """Return one draft: text, fields, what was not understood, what is left to do.

        Args:
            tx: The transaction.
            row: The draft.
            offers: A field to be added: the words that could state it are looked for.

        Raises:
            MisuseError: ``forms.name``: there is no such field.
        """
        value = row.value
        rel = relationship(tx, text_of(value, "relationship"))
        units = units_of(value)
        text = export_text(units)
        forms = views.stored_forms(value)
        checked = check_forms(units, forms)[1]
        political = value["register"] == "political"
        findings = [
            each for each in _findings(value, text) if not (political and each[1] == NO_ARTICLES)
        ]
        frozen = rel.reason if rel.status == "frozen" else ""
        missing = missing_in(units)
        ready = views.readiness(
            units,
            checked,
            findings=len(findings),
            frozen=frozen,
            missing=missing,
            political=political,
        )
        return {
            "draft": row.name,
            "status": row.status,
            "title": value["title"],
            "register": value["register"],
            "language": value["language"],
            "relationship": rel.rel_id,
            "counterpart": rel.counterpart,
            "counterpart_name": counterpart_name(tx, rel),
            "own_name": self.ctx.config.name,
            "version": row.version,
            "updated": str(row.updated),
            "by": self._name(tx, str(value.get("by", ""))),
            "text": text,
            "units": len(units),
            "kinds": views.kinds_of(units),
            "fields": views.field_rows(checked, lines_of(units)),
            "toml": forms_toml(forms),
            "suggested": views.suggestions(units, forms),
            "offered": views.offers(units, offers) if offers else [],
            "not_understood": views.finding_rows(findings, text),
            "missing": missing,
            "ready": ready,
            "versions": self._version_rows(tx, row.name),
            "tabling": self._able(tx, TABLING_ROLES),
        }

    def find(self, tx: Tx, named: str) -> ThingRow | None:
        """Return the draft by its id, the beginning of it, its title, or ``last``; else None."""
        rows = tx.things.list(HOUSE, "draft", status="draft")
        for row in rows:
            if named in {row.name, row.value["title"]} or row.name.removeprefix(
                "urn:uuid:"
            ).startswith(named):
                return row
        return max(rows, key=lambda row: row.updated) if named == "last" and rows else None

    def one(self, tx: Tx, named: str, *, also: Sequence[str] = ()) -> ThingRow:
        """Return the draft.

        Raises:
            MisuseError: ``drafts.none``; it says where a tabled or dropped one is.
        """
        found = self.find(tx, named)
        if found is not None:
            return found
        gone = tx.things.get(HOUSE, "draft", named)
        if gone is not None and gone.status in also:
            return gone
        if gone is not None:
            raise MisuseError(
                "drafts.none",
                "This draft was tabled: it is on the table now and is answered there."
                if gone.status == "tabled"
                else "This draft was dropped. Go back to one of its versions to bring it out.",
                {"status": gone.status, "draft": gone.name, "version": gone.version},
            )
        raise MisuseError("drafts.none", f"There is no draft {named[:80]!r}.", {"status": "none"})

    def text(self, row: ThingRow, *, form: str) -> JsonObject:
        """Return the text of a draft, or its fields."""
        units = units_of(row.value)
        text = fields_toml(units) if form == "fields" else export_text(units)
        return {"instrument": row.name, "form": form, "text": text}

    def let_pass(
        self, tx: Tx, row: ThingRow, *, line: str, unit: str, official: Official
    ) -> JsonObject:
        """Let one red line pass for one unit of a draft, named by its id or its label.

        Raises:
            PeerError: ``paths.none``, ``paths.many``; RefusedError: ``redlines.unknown``.
        """
        paths = read_paths(units_of(row.value))
        found = paths.one(unit, where="The draft")
        answer = self.red_lines.let_pass(tx, row.name, line=line, unit=found, official=official)
        return {**answer, "unit": paths.name(found)}

    # --- tabling ------------------------------------------------------------------------------

    def table(self, tx: Tx, row: ThingRow, *, note: JsonObject | None) -> JsonObject:
        """Table a draft, once our own red lines let it pass: now it leaves.

        Raises:
            RefusedError: ``drafts.not_ready``: a field does not hold; ``redlines.blocked``.
        """
        instrument, value = row.name, row.value
        rel = relationship(tx, text_of(value, "relationship"))
        units = units_of(value)
        wrong = [each for each in views.checked_forms(value) if each.problem is not None]
        if wrong:
            first = wrong[0]
            assert first.problem is not None  # as just filtered
            raise RefusedError(
                "drafts.not_ready",
                f"{len(wrong)} of the draft's fields do not hold, first of all"
                f" {first.form.name.replace('_', ' ')}: {first.problem.message} Nothing has left.",
                {"wrong": len(wrong)},
            )
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

    # --- helpers ------------------------------------------------------------------------------

    def _note(self, tx: Tx, draft: str, version: int, *, value: JsonObject) -> None:
        """Write down in the house who did what to the draft; the words stay in the draft."""
        said: JsonObject = {
            name: value[name] for name in ("title", "register", "units", "forms") if name in value
        }
        self.ctx.ledger.house(
            tx,
            "house.draft",
            {
                "instrument": draft,
                "version": version,
                "what": value["what"],
                "by": value["by"],
                "digest": digest(canonical(said)),
            },
        )

    def _version_rows(self, tx: Tx, draft: str) -> list[Json]:
        return [
            {
                "version": _number(row.name),
                "at": row.value["saved"],
                "by": self._name(tx, str(row.value.get("by", ""))),
                "what": row.value.get("what", "start"),
            }
            for row in reversed(self.versions(tx, draft))
        ]

    def _able(self, tx: Tx, roles: Sequence[str]) -> JsonObject:
        able: list[Json] = []
        for row in tx.things.list(HOUSE, "official"):
            official = Official.read(row.value)
            if set(official.roles) & set(roles):
                able.append({"official": official.id, "name": official.name})
        return {"roles": list(roles), "officials": able}

    def _name(self, tx: Tx, official: str) -> str:
        row = tx.things.get(HOUSE, "official", official) if official else None
        return official if row is None else Official.read(row.value).name


def stored_text(
    units: Mapping[str, Content],
    forms: Sequence[Form],
    *,
    findings: Sequence[tuple[int, str]],
) -> JsonObject:
    """Return the members of a stored draft that hold its text and fields."""
    fields = views.stored_fields(*check_forms(units, forms))
    return {**fields, "findings": [[line, what] for line, what in findings]}


def _findings(value: JsonObject, text: str) -> list[tuple[int, str]]:
    """Return what was not understood; a draft of an older version is read once more for it."""
    kept = value.get("findings")
    if not isinstance(kept, Sequence) or isinstance(kept, str):
        return views.findings_of(import_text(text.encode(), name="the draft"))
    made: list[tuple[int, str]] = []
    for pair in kept:
        assert isinstance(pair, Sequence)  # as stored_text wrote it
        line, what = pair
        assert isinstance(line, int)  # as stored_text wrote it
        made.append((line, str(what)))
    return made


def _version_name(draft: str, version: int) -> str:
    return f"{draft}/{version:08d}"


def _number(name: str) -> int:
    return int(name.rpartition("/")[2])
