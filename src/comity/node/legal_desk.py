"""The legal adviser's desk: what to look at in each unit, sign-offs, and what a hold stops.

All of it is the house's own: kept in things of the house and its log, shown to negotiators, legal
advisers and mandate holders, told to nobody else. A hold stops our own adoption, initials,
clearance and signature until it is lifted or overruled; it answers nothing to the counterpart.
Source: agreements.md D3.6, D6 (journey 3); decision record 0008.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import attrs

from comity.agreements.chains import chains_of
from comity.agreements.fields import fields_plain_words
from comity.agreements.model import label_path, label_paths
from comity.agreements.reading import (
    Earlier,
    Point,
    Sides,
    gone,
    looked_for,
    points_of,
    sentences_of,
)
from comity.agreements.redlines import Candidate, Finding, KeepRule, RedLine, check
from comity.agreements.reviews import (
    STANDINGS,
    Overruling,
    Review,
    alternatives_of,
    held,
    standing_of,
    wording_of,
)
from comity.agreements.rounds import text_states
from comity.agreements.texts import AlternativeView, UnitView
from comity.agreements.views import view
from comity.api import legal as asks
from comity.foundation.canonical import Json, JsonObject, canonical, digest
from comity.foundation.errors import MisuseError, RefusedError
from comity.foundation.ports import LIST_ROWS_MAX
from comity.node import folding
from comity.node.context import HOUSE, Context, counterpart_name
from comity.node.instruments import Found, Instruments
from comity.node.officials import Official
from comity.node.red_line_forms import on_table, worded_by
from comity.node.red_lines import RedLines
from comity.storage.tx import Tx

_REVIEW: Final = "review"
_OVERRULING: Final = "review_overruling"
#: How many readings of whole texts are kept: a page, its pages to come, and one more reader.
_KEPT_MAX: Final = 4
_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "duties": ("duty",),
    "third_parties": ("third_party",),
    "register": ("register",),
    "changes": ("change", "lost"),
}


@attrs.frozen(kw_only=True)
class Breach:
    """Where one of our red lines fires, and whether the mandate holder has let it pass."""

    finding: Finding
    sentence: str
    by: tuple[str, ...]
    passed: bool


@attrs.frozen(kw_only=True)
class Looked:
    """A whole text with what was found in each unit."""

    points: Mapping[str, tuple[Point, ...]]
    gone: tuple[str, ...]
    faces: Mapping[str, str]


@attrs.frozen(kw_only=True)
class LegalDesk:
    """The desk of the legal adviser."""

    ctx: Context
    instruments: Instruments
    red_lines: RedLines
    _kept: dict[str, Looked] = attrs.field(factory=dict)

    # --- reading ------------------------------------------------------------------------------

    def reading(self, tx: Tx, request: asks.Reading) -> JsonObject:
        """Return the text with what to look at beside each unit, and how far the reading is."""
        found = self.instruments.find(tx, request.instrument)
        looked = self._look(tx, found, request.against)
        breaches = self._breaches(tx, found)
        reviews, overrulings = self._signed_off(tx, found.instrument)
        standings = {
            unit.id: standing_of(unit, reviews.get(unit.id), overrulings.get(unit.id))
            for unit in found.view.units
        }
        breached = {one.finding.unit for one in breaches}
        chosen = [
            unit
            for unit in found.view.units
            if _wanted(
                request.show,
                looked.points[unit.id],
                breached=unit.id in breached,
                standing=standings[unit.id],
            )
        ]
        shown = chosen[request.start : request.start + request.limit]
        names = self._officials(tx)
        labels = {one.id: one.label for one in found.view.units}
        rows: list[Json] = [
            {
                **self._unit(unit, labels),
                "points": [point.json() for point in looked.points[unit.id]],
                "breaches": [self._breach(one) for one in breaches if one.finding.unit == unit.id],
                "standing": standings[unit.id],
                "review": _signed(reviews.get(unit.id), names),
                "overruled": _signed(overrulings.get(unit.id), names),
            }
            for unit in shown
        ]
        return {
            **self._frame(tx, found),
            "against": request.against,
            "states": len(text_states(chains_of(found.state.agreements, found.instrument))),
            "languages": _languages(found),
            "red_lines": len(self.red_lines.lines(tx, found.instrument)),
            "breaches": [self._breach(one) for one in breaches if one.finding.unit is None],
            "counts": _counts(looked, breaches, standings),
            "gone": [{"unit": one, "label": looked.faces.get(one, one)} for one in looked.gone],
            "show": request.show,
            "total": len(chosen),
            "start": request.start,
            "units": rows,
        }

    def _frame(self, tx: Tx, found: Found) -> JsonObject:
        return {
            "instrument": found.instrument,
            "title": found.view.opening.title,
            "register": found.view.opening.register,
            "status": str(found.view.status),
            "relationship": found.rel.rel_id,
            "counterpart_name": counterpart_name(tx, found.rel),
            "parties": self.instruments.parties(tx, found),
            "text": found.view.text_digest,
        }

    def _look(self, tx: Tx, found: Found, against: int) -> Looked:
        """Return what was found in the whole text; kept, because it depends on nothing else."""
        key = digest(canonical([found.instrument, found.view.state_digest, against]))
        known = self._kept.get(key)
        if known is not None:
            return known
        before = self._state(tx, found, against)
        earlier = None if before is None else Earlier.of(before)
        sides = Sides(ours=(self.ctx.config.name,), theirs=(counterpart_name(tx, found.rel),))
        now = sentences_of(found.view.units)
        made = Looked(
            points={
                unit.id: points_of(
                    unit,
                    sides=sides,
                    register=found.view.opening.register,
                    earlier=earlier,
                    now=now,
                )
                for unit in found.view.units
            },
            gone=() if earlier is None else gone(found.view.units, earlier),
            faces={} if earlier is None else _labels(earlier),
        )
        for old in list(self._kept)[: max(0, len(self._kept) - _KEPT_MAX + 1)]:
            self._kept.pop(old, None)
        self._kept[key] = made
        return made

    def _state(self, tx: Tx, found: Found, number: int) -> tuple[UnitView, ...] | None:
        if number == 0:
            return None
        states = text_states(chains_of(found.state.agreements, found.instrument))
        if number > len(states):
            raise MisuseError(
                "legal.no_state",
                f"{found.view.opening.title} has had {len(states)} states; there is no state"
                f" {number}. Compare with one of them, or with 0 for none.",
            )
        seen = view(
            found.state.agreements,
            found.instrument,
            marks=folding.marks_of(tx, found.rel, self.ctx.config.party),
            at=self.ctx.now(),
            heads=states[number - 1].heads,
        )
        return seen.units

    def _breaches(self, tx: Tx, found: Found) -> tuple[Breach, ...]:
        """Return where our red lines fire on anything that is on the table, theirs or ours.

        What must be kept is looked for in the text as the counterpart would have it.
        """
        lines = self.red_lines.lines(tx, found.instrument)
        if not lines:
            return ()
        keeps = [line for line in lines if isinstance(line.rule, KeepRule)]
        others = [line for line in lines if not isinstance(line.rule, KeepRule)]
        own = self.ctx.config.party
        names = label_paths({one.id: one.face for one in found.view.units})
        theirs = [
            Candidate(
                unit=unit.id,
                content=_first_not_only_of(unit, own).content,
                names=names.get(unit.id, ()),
            )
            for unit in found.view.units
        ]
        made: dict[Finding, tuple[str, ...]] = dict.fromkeys(
            check(keeps, theirs, direction="incoming"), ()
        )
        for by in sorted({each.by for unit in found.view.units for each in unit.alternatives}):
            worded = on_table(found.view.units, worded_by(by))
            for one in check(others, tuple(worded), direction="incoming"):
                made[one] = tuple(dict.fromkeys((*made.get(one, ()), *by)))
        return self._with_deviations(tx, found, lines, made)

    def _with_deviations(  # noqa: PLR0917 - a place, and what was found there
        self,
        tx: Tx,
        found: Found,
        lines: Sequence[RedLine],
        made: Mapping[Finding, tuple[str, ...]],
    ) -> tuple[Breach, ...]:
        sentences = {line.id: line.sentence for line in lines}
        permitted = {
            (each.red_line, each.on) for each in self.red_lines.deviations(tx, found.instrument)
        }
        digests = {unit.id: alternatives_of(unit) for unit in found.view.units}
        return tuple(
            Breach(
                finding=one,
                sentence=sentences[one.line],
                by=by,
                passed=any(
                    (one.line, on) in permitted
                    for on in (("text",) if one.unit is None else (one.unit, *digests[one.unit]))
                ),
            )
            for one, by in made.items()
        )

    def _breach(self, breach: Breach) -> JsonObject:
        one = breach.finding
        return {
            "line": one.line,
            "severity": one.severity,
            "sentence": breach.sentence,
            "why": one.why,
            "by": [self._side(party) for party in breach.by],
            "passed": breach.passed,
        }

    def _side(self, party: str) -> str:
        return "ours" if party == self.ctx.config.party else "theirs"

    def _unit(self, unit: UnitView, labels: Mapping[str, str]) -> JsonObject:
        return {
            "unit": unit.id,
            "label": unit.label,
            "kind": unit.face.kind,
            "heading": unit.face.heading,
            "status": str(unit.status),
            "wording": wording_of(unit),
            "alternatives": [self._alternative(each, labels) for each in unit.alternatives],
        }

    def _alternative(self, each: AlternativeView, labels: Mapping[str, str]) -> JsonObject:
        content = each.content
        return {
            "digest": each.digest,
            "by": [self._side(party) for party in each.by],
            "deleted": content.deleted,
            "label": content.label,
            "heading": content.heading,
            "text": content.text,
            "lang": content.lang,
            "fields": list(fields_plain_words(content.fields, labels=labels)),
        }

    def _officials(self, tx: Tx) -> dict[str, str]:
        return {row.name: str(row.value["name"]) for row in tx.things.list(HOUSE, "official")}

    # --- signing off --------------------------------------------------------------------------

    def review(self, tx: Tx, request: asks.ReviewUnit, *, official: Official) -> JsonObject:
        """Clear or hold one unit as it was read."""
        if request.verdict == "hold" and not request.words.strip():
            raise MisuseError(
                "legal.hold_without_words",
                "Say why the unit is held: whoever must lift or overrule it reads these words.",
            )
        found = self.instruments.find(tx, request.instrument)
        unit = self._as_read(found, request.unit, request.wording)
        self._sign_off(
            tx, found, unit, verdict=request.verdict, words=request.words, official=official
        )
        return {
            "instrument": found.instrument,
            "unit": unit.id,
            "label": unit.label,
            "verdict": request.verdict,
        }

    def clear_units(self, tx: Tx, request: asks.ClearUnits, *, official: Official) -> JsonObject:
        """Clear several units as they were read: all of them, or none."""
        found = self.instruments.find(tx, request.instrument)
        units = [self._as_read(found, unit, read) for unit, read in request.units.items()]
        for unit in units:
            self._sign_off(tx, found, unit, verdict="clear", words=request.words, official=official)
        return {"instrument": found.instrument, "cleared": len(units)}

    def _as_read(self, found: Found, named: str, wording: str) -> UnitView:
        unit = found.unit(named)
        if wording_of(unit) != wording:
            raise RefusedError(
                "legal.changed",
                f"{unit.label} has changed since you read it, and nothing was kept. Read it again,"
                " then sign it off.",
                {"unit": unit.id, "wording": wording_of(unit)},
            )
        return unit

    def _sign_off(
        self, tx: Tx, found: Found, unit: UnitView, *, verdict: str, words: str, official: Official
    ) -> None:
        made = Review(
            unit=unit.id,
            verdict=verdict,
            words=words.strip(),
            wording=wording_of(unit),
            read=alternatives_of(unit),
            by=official.id,
            at=self.ctx.now(),
        )
        name = f"{found.instrument}/{unit.id}"
        tx.things.put(HOUSE, _REVIEW, name, value=made.json(), status=verdict)
        tx.things.delete(HOUSE, _OVERRULING, name)
        self.ctx.ledger.house(
            tx, "house.review", {"instrument": found.instrument, "label": unit.label, **made.json()}
        )

    def overrule(self, tx: Tx, request: asks.OverruleHold, *, official: Official) -> JsonObject:
        """Let our side pass a hold, for one unit as it stands now."""
        found = self.instruments.find(tx, request.instrument)
        unit = self._as_read(found, request.unit, request.wording)
        reviews, _ = self._signed_off(tx, found.instrument)
        review = reviews.get(unit.id)
        if review is None or review.verdict != "hold":
            raise MisuseError("legal.no_hold", f"No legal hold stands on {unit.label}.")
        made = Overruling(
            unit=unit.id,
            words=request.words.strip(),
            wording=wording_of(unit),
            by=official.id,
            at=self.ctx.now(),
        )
        tx.things.put(HOUSE, _OVERRULING, f"{found.instrument}/{unit.id}", value=made.json())
        self.ctx.ledger.house(
            tx,
            "house.review_overruled",
            {"instrument": found.instrument, "label": unit.label, **made.json()},
        )
        return {"instrument": found.instrument, "unit": unit.id, "label": unit.label}

    def _signed_off(
        self, tx: Tx, instrument: str
    ) -> tuple[dict[str, Review], dict[str, Overruling]]:
        reviews = (Review.read_json(one) for one in _things(tx, _REVIEW, instrument))
        overrulings = (Overruling.read_json(one) for one in _things(tx, _OVERRULING, instrument))
        return {one.unit: one for one in reviews}, {one.unit: one for one in overrulings}

    # --- what a hold stops --------------------------------------------------------------------

    def held(self, tx: Tx, found: Found) -> tuple[UnitView, ...]:
        """Return the units on which a hold stands that nobody has lifted or overruled."""
        holds = {
            one.unit: one
            for value in _things(tx, _REVIEW, found.instrument, status="hold")
            for one in (Review.read_json(value),)
        }
        if not holds:
            return ()
        _, overrulings = self._signed_off(tx, found.instrument)
        return held(found.view.units, holds, overrulings)

    def check(self, tx: Tx, found: Found, *, official: Official | None) -> None:
        """Refuse an act of our own by which we would stand by a text that is held.

        Which unit it is, only those learn who may read the legal review.

        Raises:
            RefusedError: ``legal.held``.
        """
        stopped = self.held(tx, found)
        if not stopped:
            return
        told = official is not None and may_read_private(official)
        where = f" at {', '.join(one.label for one in stopped[:4])}" if told else ""
        raise RefusedError(
            "legal.held",
            f"A legal adviser of ours holds this text{where}, so that our side does not adopt,"
            " initial, clear or sign it. Nothing has left. A legal adviser lifts the hold, or the"
            " mandate holder overrules it.",
        )


def may_read_private(official: Official | None) -> bool:
    """Return whether an official may see red lines, notes and the legal review."""
    return official is not None and bool(set(asks.PRIVATE) & set(official.roles))


def _things(
    tx: Tx, kind: str, instrument: str, *, status: str | None = None
) -> Iterator[JsonObject]:
    """Yield the things of one instrument; their names begin with its id."""
    after = f"{instrument}/"
    while True:
        rows = tx.things.list(HOUSE, kind, status=status, after=after)
        for row in rows:
            if not row.name.startswith(f"{instrument}/"):
                return
            yield row.value
        if len(rows) < LIST_ROWS_MAX:
            return
        after = rows[-1].name


def _first_not_only_of(unit: UnitView, own: str) -> AlternativeView:
    """Return the wording that would stand if the counterpart had its way."""
    return next((each for each in unit.alternatives if each.by != (own,)), unit.alternatives[0])


def _wanted(show: str, points: Sequence[Point], *, breached: bool, standing: str) -> bool:
    if show == "breaches":
        return breached
    if show == "to_read":
        return standing in {"unread", "changed"}
    if show == "held":
        return standing in {"hold", "overruled"}
    groups = _GROUPS.get(show)
    return groups is None or any(
        point.group in groups and (point.new or show != "duties") for point in points
    )


def _counts(looked: Looked, breaches: Sequence[Breach], standings: Mapping[str, str]) -> JsonObject:
    made: dict[str, Json] = {"units": len(standings), "gone": len(looked.gone)}
    values = list(standings.values())
    made |= {standing: values.count(standing) for standing in STANDINGS}
    for show in _GROUPS:
        made[show] = sum(
            _wanted(show, points, breached=False, standing="") for points in looked.points.values()
        )
    made["breaches"] = len({one.finding.unit for one in breaches})
    for severity in ("red", "amber"):
        made[severity] = sum(
            one.finding.severity == severity and not one.passed for one in breaches
        )
    return made


def _signed(made: Review | Overruling | None, names: Mapping[str, str]) -> Json:
    if made is None:
        return None
    return {
        "verdict": made.verdict if isinstance(made, Review) else "overruled",
        "words": made.words,
        "by": made.by,
        "by_name": names.get(made.by, made.by),
        "at": str(made.at),
    }


def _languages(found: Found) -> list[Json]:
    languages = {
        each.content.lang
        for unit in found.view.units
        for each in unit.alternatives
        if not each.content.deleted
    }
    return [{"language": one, "looked_for": list(looked_for(one))} for one in sorted(languages)]


def _labels(earlier: Earlier) -> dict[str, str]:
    return {unit: label_path(earlier.faces, unit) for unit in earlier.faces}
