"""Two parties at one table: acts of both, each seeing what it is told it has seen."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import attrs

from comity.agreements import clauses, events
from comity.agreements.attempts import Outcome
from comity.agreements.chains import AgreementsState, fold_act
from comity.agreements.events import Act
from comity.agreements.fold import InstrumentView, admit, result_of, state_json, view, view_later
from comity.agreements.model import Content, alternative_digest
from comity.agreements.moves import Accept, Move, Propose, move_json
from comity.agreements.signing import (
    Manifest,
    Signatory,
    SuspensionDocument,
    adoption_document,
    initials_document,
    manifest_document,
    resumption_document,
    suspension_document,
)
from comity.foundation.attested import Mark, Marks
from comity.foundation.canonical import Json, JsonObject, canonical, digest
from comity.foundation.instants import Instant
from comity.parties.keys import PairKey
from comity.parties.powers import FullPowers
from support import parties as people
from support.parties import NOW, A, B

INSTRUMENT = "urn:uuid:00000000-0000-4000-8000-00000000c0de"
OPEN: JsonObject = {
    "title": "Framework for Cooperation",
    "register": "binding",
    "language": "en",
    "parties": [A, B],
}
ACTS = ("adopt", "initial", "sign", "suspend", "resume")


def content(text: str, **more: object) -> Content:
    """Return an article that says ``text``."""
    made = Content(
        kind="article",
        label="",
        heading="",
        text=text,
        layout=("", "", "", "\n"),
        parent=None,
        order="i",
        fields={},
        lang="en",
    )
    return attrs.evolve(made, **more)  # type: ignore[arg-type]  # a test names real members


def field(quote: str, **value: Json) -> JsonObject:
    """Return a field that quotes ``quote``."""
    return {"value": value, "quote": quote}


def on(unit: str, text: str, **more: object) -> str:
    """Return the digest of an alternative."""
    return alternative_digest(unit, content(text, **more))


def other(party: str) -> str:
    return B if party == A else A


@lru_cache(maxsize=32)
def person(party: str, name: str) -> people.Signatory:
    return people.party(party).grant(name, *ACTS)


@attrs.define(kw_only=True)
class Talks:
    """The state of both logs, and how far each party's log has come."""

    state: AgreementsState = attrs.field(factory=AgreementsState)
    sizes: dict[str, int] = attrs.field(factory=lambda: {A: 2, B: 2})
    acts: list[Act] = attrs.field(factory=list)
    marks: dict[str, list[Mark]] = attrs.field(factory=lambda: {A: [], B: []})
    revoked: set[str] = attrs.field(factory=set)
    at: Instant = NOW

    def act(
        self,
        party: str,
        kind: str,
        data: JsonObject,
        *,
        documents: Mapping[str, bytes] | None = None,
        seen: int | None = None,
    ) -> Act:
        """Return the act as ``party`` would next make it, not yet admitted."""
        made = Act(
            party=party,
            n=self.sizes[party],
            seen=self.sizes[other(party)] if seen is None else seen,
            kind=kind,
            data={"instrument": INSTRUMENT, **data},
            documents=documents or {},
        )
        if kind == events.TABLE and "result" not in data:
            result = result_of(self.state, made)
            return attrs.evolve(made, data={**made.data, "result": result})
        return made

    def take(self, act: Act) -> Act:
        """Admit and fold one act."""
        self.admit(act)
        self.state = fold_act(self.state, act)
        self.acts.append(act)
        self.sizes[act.party] = act.n + 1
        return act

    def admit(self, act: Act) -> None:
        admit(
            self.state,
            act,
            powers_of=self.powers_of,
            seal_of=self.seal_of,
            at=self.at,
        )

    def powers_of(self, party: str, n: int) -> tuple[Sequence[FullPowers], frozenset[str]]:
        del n
        names = ("Head", "First", "Second")
        return [person(party, name).powers for name in names], frozenset(self.revoked)

    def seal_of(self, party: str) -> PairKey:
        return people.party(party).seal.pair

    def do(
        self,
        party: str,
        kind: str,
        data: JsonObject | None = None,
        *,
        documents: Mapping[str, bytes] | None = None,
        seen: int | None = None,
    ) -> Act:
        """Do one act."""
        return self.take(self.act(party, kind, data or {}, documents=documents, seen=seen))

    def table(
        self, party: str, *moves: Move, seen: int | None = None, opening: bool = False
    ) -> Act:
        """Table moves."""
        data: dict[str, Json] = {"moves": [move_json(each) for each in moves]}
        if opening:
            data["open"] = OPEN
        return self.do(party, events.TABLE, data, seen=seen)

    def propose(
        self,
        party: str,
        units: Mapping[str, Content | str],
        *,
        seen: int | None = None,
        opening: bool = False,
    ) -> Act:
        """Table alternatives by unit."""
        moves = [
            Propose(unit=unit, content=content(each) if isinstance(each, str) else each)
            for unit, each in units.items()
        ]
        return self.table(party, *moves, seen=seen, opening=opening)

    def view(
        self, *, at: Instant | None = None, heads: Mapping[str, int] | None = None
    ) -> InstrumentView:
        """Return how the instrument stands; a look at another time must come to the same."""
        marks = {party: Marks.of(each) for party, each in self.marks.items()}
        now = at or self.at
        shown = view(self.state, INSTRUMENT, marks=marks, at=now, heads=heads)
        if heads is None:
            earlier = view(self.state, INSTRUMENT, marks=marks, at=NOW)
            assert view_later(earlier, self.state, at=now) == shown
        return shown

    def cosign(self, party: str, time: Instant) -> None:
        """The counterpart cosigns all of ``party``'s log."""
        self.marks[party].append(Mark(self.sizes[party], time))

    def statement(
        self, party: str, kind: str, *, text: str | None = None, name: str = "Head", **more: int
    ) -> Act:
        """Adopt or initial the clean text."""
        wanted = text or self.view().text_digest or "0" * 64
        make = adoption_document if kind == events.ADOPT else initials_document
        document = make(instrument=INSTRUMENT, text=wanted, party=party)
        capacity = "adopt" if kind == events.ADOPT else "initial"
        documents = {
            "document": document,
            "signatures": person(party, name).sign(document, capacity),
        }
        return self.do(party, kind, {"text": wanted}, documents=documents, **more)

    def initialled(self) -> None:
        """Adopt and initial by both."""
        for kind in (events.ADOPT, events.INITIAL):
            for party in (A, B):
                self.statement(party, kind)

    def manifest(self, *, opens: Instant, closes: Instant, per_party: int = 1) -> Manifest:
        shown = self.view()
        names = ("First", "Second")[:per_party]
        powers = [person(party, name).powers for party in (A, B) for name in names]
        return Manifest(
            instrument=INSTRUMENT,
            text=shown.text_digest or "0" * 64,
            title="Framework for Cooperation",
            parties=(A, B),
            policies=clauses.policies_digest(shown.contents),
            signatories=tuple(
                Signatory(party=p.party, powers=p.digest, name=p.name, office=p.office)
                for p in powers
            ),
            opens=opens,
            closes=closes,
            entry=clauses.entry_of(shown.contents),
        )

    def open_window(
        self, *, opens: Instant, closes: Instant, per_party: int = 1, party: str = A
    ) -> bytes:
        """Open a manifest by ``party`` and say ready by both; return the manifest."""
        document = manifest_document(self.manifest(opens=opens, closes=closes, per_party=per_party))
        data: JsonObject = {"manifest": digest(document)}
        self.do(party, events.OPEN, data, documents={"document": document})
        for each in (A, B):
            self.do(each, events.READY, data)
        return document

    def sign(
        self, party: str, manifest: bytes, *, name: str = "First", seen: int | None = None
    ) -> Act:
        """Sign a manifest."""
        return self.do(
            party,
            events.SIGN,
            {"manifest": digest(manifest)},
            documents={"signatures": person(party, name).sign(manifest, "sign")},
            seen=seen,
        )

    def suspend(
        self,
        party: str,
        *,
        units: tuple[str, ...] = (),
        until: Instant | None = None,
        article: str = "Article 5",
    ) -> str:
        """Suspend the whole or units; return the digest of the document."""
        document = suspension_document(
            SuspensionDocument(
                instrument=INSTRUMENT,
                text=self.view().text_digest or "",
                party=party,
                units=units,
                until=until,
                article=article,
            )
        )
        self.do(
            party,
            events.SUSPEND,
            {"act": digest(document)},
            documents={
                "document": document,
                "signatures": person(party, "Head").sign(document, "suspend"),
            },
        )
        return digest(document)

    def resume(self, party: str, suspension: str) -> Act:
        """Do one party's part in lifting a suspension."""
        document = resumption_document(instrument=INSTRUMENT, suspension=suspension, party=party)
        return self.do(
            party,
            events.RESUME,
            {"act": digest(document)},
            documents={
                "document": document,
                "signatures": person(party, "Head").sign(document, "resume"),
            },
        )

    def outcomes(self) -> list[Outcome]:
        return [each.outcome for each in self.view().attempts]


def framework() -> dict[str, Content]:
    """Return the units of a small agreement with every clause that rulings read."""
    policy: JsonObject = {
        "articles": ["u3"],
        "actions": ["share"],
        "kinds": ["report"],
        "marking_max": "restricted",
        "purposes": ["planning"],
        "recipients": ["parties"],
        "onward": "refused",
    }
    texts: Sequence[tuple[str, str, str, Mapping[str, JsonObject]]] = (
        ("u1", "Article 1", "It lasts ten years.", {"term": field("ten years", period="P10Y")}),
        (
            "u2",
            "Article 2",
            "It enters into force on the last signature.",
            {"entry": field("on the last signature", when="last_signature", days=0)},
        ),
        (
            "u3",
            "Article 3",
            "The parties share reports, marked open or restricted.",
            {
                "areas": field(
                    "share reports",
                    areas=[{"id": "reports", "title": "Reports", "policy": policy}],
                ),
                "marking_scale": field(
                    "open or restricted", levels=["open", "restricted", "secret"]
                ),
            },
        ),
        (
            "u4",
            "Article 4",
            "Relations with others stay unaffected.",
            {"third_parties": field("stay unaffected", relations="unaffected", onward="refused")},
        ),
        (
            "u5",
            "Article 5",
            "Either party may suspend it, or single articles.",
            {"suspension": field("Either party may suspend", by="either", scope=["whole", "unit"])},
        ),
    )
    return {
        unit: content(
            text,
            label=label,
            fields=fields,
            order=f"{number}i",
            layout=("", "\n", "", "\n\n"),
        )
        for number, (unit, label, text, fields) in enumerate(texts, 1)
    }


def agreed_framework(units: Mapping[str, Content] | None = None) -> Talks:
    """Return talks in which A proposed a framework and B accepted all of it."""
    chosen = units or framework()
    talks = Talks()
    talks.propose(A, chosen, opening=True)
    talks.table(
        B,
        *(
            Accept(unit=unit, digest=alternative_digest(unit, each))
            for unit, each in chosen.items()
        ),
    )
    return talks


def in_force(units: Mapping[str, Content] | None = None) -> Talks:
    """Return talks whose agreement both signed at ``NOW`` plus ten seconds."""
    talks = agreed_framework(units)
    talks.initialled()
    manifest = talks.open_window(opens=NOW, closes=NOW.plus(60))
    for party in (A, B):
        talks.sign(party, manifest)
        talks.cosign(party, NOW.plus(10))
    talks.at = NOW.plus(100)
    return talks


def assert_same_in_any_order(talks: Talks) -> None:
    """Fold one party's whole log first, then the other's; and the other way round."""
    for first in (A, B):
        state = AgreementsState()
        for act in sorted(talks.acts, key=lambda act: (act.party != first, act.n)):
            state = fold_act(state, act)
        assert canonical(state_json(state)) == canonical(state_json(talks.state))
        marks = attrs.evolve(talks, state=state)
        assert marks.view() == talks.view()
