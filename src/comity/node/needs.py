"""What needs somebody: the open matters of every relationship, and what this house alone knows.

One list of facts for every door: the pages word them, and ``comity status`` says them in a sentence
(``waiting``). A need does nothing by itself when nobody acts. Source: agreements.md D6 (journey 5).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Protocol

import attrs

from comity.api import relationship as asks
from comity.api.coordination import COORDINATORS
from comity.api.operations import BY_NAME
from comity.api.technology import ASKERS, SECURITY
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.instants import Instant
from comity.foundation.members import one as one_of
from comity.foundation.members import text
from comity.node.approving import Approving
from comity.node.context import HOUSE, Context, counterpart_name, relationship
from comity.node.delivery import Delivery
from comity.node.drafting import Drafting
from comity.node.items import WAITING, WISH, every
from comity.node.officials import Official
from comity.node.relations_desk import RelationsDesk
from comity.node.requests import Requests
from comity.node.statement_views import still_to_clear
from comity.record.ports import RelationshipRow
from comity.relationship.matters import CONSEQUENCES, Matter, matters
from comity.relationship.model import Picture
from comity.relationship.news import CODES as TOLD
from comity.relationship.news import CONTROLLED, news
from comity.relationship.order import FAR
from comity.storage.tx import Tx

_SAID_ALIKE: Final = ("text", "mark", "order")  # what a statement takes from both alike
#: By code, the operation that acts on it, and who of those who may call that can act on this; where
#: there is no operation, who must look.
ACTS: Final[Mapping[str, tuple[str | None, tuple[str, ...]]]] = {
    "text.talk": ("agreements.talk", ()),
    "text.turn": ("agreements.answer", ("negotiator",)),
    "text.confirm": ("agreements.answer", ()),
    "text.adopt": ("agreements.adopt", ()),
    "text.initial": ("agreements.initial", ()),
    "window.propose": ("agreements.window", ()),
    "window.ready": ("agreements.ready", ()),
    "window.sign": ("agreements.sign", ()),
    "suspension.standing": ("agreements.resume", ()),
    "body.answer": ("bodies.accept", ()),
    "body.terms": ("bodies.terms", ()),
    "meeting.answer": ("meetings.confirm", ()),
    "meeting.time": ("meetings.counter", ()),
    **{f"meeting.{each}": ("meetings.agree", ()) for each in ("agree", "again", "agenda")},
    **{f"meeting.{each}": ("meetings.open", ()) for each in ("open", "begin", "resume")},
    **{f"meeting.{each}": (f"meetings.{each}", ()) for each in ("concur", "commit")},
    **{f"meeting.{each}": ("meetings.close", ()) for each in ("close", "conclude")},
    "meeting.record": ("meetings.draft", ()),
    "statement.draft": ("agreements.draft", ()),
    **{f"statement.{each}": (f"statements.{each}", ()) for each in (*_SAID_ALIKE, "release")},
    **{f"statement.{step}_differs": (f"statements.{step}", ()) for step in _SAID_ALIKE},
    "statement.clear": (None, ("press_officer", "legal_adviser")),
    "statement.correct": ("statements.accept_correction", ()),
    "authorisation.decide": ("authorisations.approve", ()),
    **{f"authorisation.{each}": ("authorisations.review", ()) for each in ("returned", "declined")},
    "authorisation.amend": ("authorisations.amend_approve", ()),
    **{f"authorisation.assure{each}": ("authorisations.assure", ()) for each in ("", "_anew")},
    "authorisation.accept": ("authorisations.accept", ()),
    "authorisation.suspended": ("authorisations.resume", ()),
    "authorisation.revoked": ("authorisations.dispose", ()),
    **{f"authorisation.{each}": ("authorisations.report", ()) for each in ("report", "totals")},
    "retransfer.answer": ("retransfers.grant", ()),
    "retransfer.returned": ("retransfers.again", ()),
    "endcheck.arrange": ("endchecks.arrange", ()),
    "endcheck.agree": ("endchecks.arrange", ()),
    "endcheck.report": ("endchecks.done", ()),
    "endcheck.conclude": ("endchecks.conclude", ()),
    "project.answer": ("projects.explore", ()),
    "project.name": ("projects.name", ()),
    "project.intend": ("projects.intend", ()),
    "project.sheet": ("projects.sheet", ()),
    "project.blocked": ("projects.sheet", ()),
    "project.arrange": ("projects.arrange", ()),
    "project.draft": ("agreements.draft", ()),
    "project.text": (None, ("project_officer",)),
    "project.plan": ("projects.plan", ()),
    "project.agree_plan": ("projects.agree_plan", ()),
    "project.approve": ("projects.approve", ()),
    "project.start": ("projects.start", ()),
    **dict.fromkeys(("project.claim", "project.overdue", "project.due"), ("projects.claim", ())),
    "project.receive": ("projects.receive", ()),
    "project.loan_due": ("projects.give_back", ()),
    "project.accept": ("projects.accept", ()),
    "project.confirm": ("projects.confirm", ()),
    "project.resume": ("projects.resume", ()),
    "project.wind_up": ("projects.wind_up", ()),
    "project.give_back": ("projects.give_back", ()),
    "project.take_back": ("projects.take_back", ()),
    "project.close": ("projects.close", ()),
    "project.hand_over": ("projects.hand_over", ()),
    **{
        f"project.{step}_anew": (f"projects.{step}", ())
        for step in ("intend", "approve", "close", "hand_over")
    },
    "project.abandon": ("projects.abandon", ()),
    "project.leave": ("projects.leave", ()),
    "project.notice": (None, ("project_officer",)),
    "commitment.answer": ("commitments.accept", ()),
    "commitment.acknowledge": ("commitments.acknowledge", ()),
    "commitment.redate": ("commitments.redate", ()),
    "commitment.disputed": ("commitments.acknowledge", ()),
    "commitment.fail": ("commitments.fail", ()),
    "commitment.release": ("commitments.release", ()),
    "commitment.overdue": ("commitments.claim", ()),
    "commitment.due": ("commitments.claim", ()),
    "review.due": (None, ("negotiator", "desk_officer")),
    "term.ends": (None, ("negotiator", "mandate_holder")),
    "relationship.frozen": ("record.recover", ()),
    "relationship.unreachable": (None, ("engineer",)),
    "relationship.not_accepted": (None, ("engineer",)),
    "release.decide": ("items.release", ()),
    "transfer.held": ("held.settle", ()),
    "connector.decide": ("dataspace.act", ()),
    "connector.confirm": ("dataspace.confirm", ()),
    "connector.unreachable": (None, ("engineer",)),
    "request.sign": ("requests.deliver", ()),
    "approval.decide": ("approvals.give", ()),
    "draft.untabled": ("agreements.table", ()),
    **dict.fromkeys(TOLD.values(), (None, COORDINATORS)),
    **dict.fromkeys(
        ("told.text", "told.pulled", "told.readout"), (None, (*COORDINATORS, "press_officer"))
    ),
    **dict.fromkeys(CONTROLLED, (None, SECURITY)),
    **dict.fromkeys(
        ("told.accepted", "told.rejected", "told.struck", "told.ended"),
        (None, ("project_officer",)),
    ),
    "told.replanned": (None, ("mandate_holder",)),
    **dict.fromkeys(("told.declined", "told.recalled"), (None, (*COORDINATORS, "project_officer"))),
    **dict.fromkeys(
        (
            "told.active",
            "told.sent",
            "told.came",
            "told.used_up",
            "told.denied",
            "told.amend_denied",
            *(f"told.amend_{each}" for each in ("unasked", "replaced", "restored")),
        ),
        (None, ASKERS),
    ),
    "told.released": (None, (*ASKERS, "desk_officer")),
}
#: What either side or both can do: no side keeps the other waiting.
_FOR_BOTH: Final = frozenset(
    (
        *("window.propose", "review.due", "term.ends", "commitment.disputed"),
        *("authorisation.totals", *(f"statement.{step}_differs" for step in _SAID_ALIKE)),
    )
)
#: The same of these, where they wait for both.
_BY_TURNS: Final = ("project.", "meeting.")


@attrs.frozen(kw_only=True)
class Need:
    """One thing that needs somebody.

    Attributes:
        code: What it is: a key of ``ACTS``.
        who: us, them, both, or trouble.
        rel: The relationship, where there is one.
        counterpart: The counterpart's name.
        kind: What sort of object it is about, with its id and title.
        persons: The persons who alone can act: ids of officials, or names in a manifest.
        since: Since when.
        until: The date that a window or a text names.
        facts: What else there is to say.
        able: The roles that can still act, where not all of the code's can.
    """

    code: str
    who: str
    rel: str | None
    counterpart: str | None
    kind: str
    id: str
    title: str
    persons: tuple[str, ...] = ()
    since: Instant | None = None
    until: Instant | None = None
    facts: JsonObject = attrs.field(factory=dict)
    able: tuple[str, ...] = ()

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that can act on it; none: every official."""
        operation, able = ACTS[self.code]
        return self.able or (able if operation is None or able else BY_NAME[operation].roles)

    def is_for(self, official: Official | None) -> bool:
        """Return whether this official can act on it."""
        if official is None or self.who == "them":
            return False
        if self.persons:
            return official.id in self.persons or official.name in self.persons
        return not self.roles or bool(set(self.roles) & set(official.roles))

    def json(self, official: Official | None) -> JsonObject:
        """Return it for programs and people."""
        consequence = CONSEQUENCES[self.code]
        return {
            "code": self.code,
            "who": self.who,
            "mine": self.is_for(official),
            "rank": int(consequence),
            "consequence": consequence.name.lower(),
            "relationship": self.rel,
            "counterpart": self.counterpart,
            "object": {"kind": self.kind, "id": self.id, "title": self.title},
            "operation": ACTS[self.code][0],
            "roles": list(self.roles),
            "persons": list(self.persons),
            "since": None if self.since is None else str(self.since),
            "until": None if self.until is None else str(self.until),
            "facts": self.facts,
        }


def by_consequence(found: Iterable[Need]) -> list[Need]:
    """Return needs with the gravest first, of these the nearest date, then the oldest."""
    return sorted(
        found, key=lambda one: (CONSEQUENCES[one.code], one.until or FAR, one.since or FAR)
    )


class Connectors(Protocol):
    """What is told of registered connectors."""

    def waiting(self, tx: Tx) -> list[JsonObject]:
        """Return the lines of what waits for a person of ours."""
        ...

    def proposed(self, tx: Tx) -> list[JsonObject]:
        """Return the registrations that wait for a second person."""
        ...

    def stuck(self, tx: Tx) -> list[JsonObject]:
        """Return the connectors to which nothing gets through."""
        ...


@attrs.frozen(kw_only=True)
class Needs:
    """The desk of the first screen."""

    ctx: Context
    delivery: Delivery
    drafting: Drafting
    requests: Requests
    approving: Approving
    relations: RelationsDesk
    connectors: Connectors

    def show(self, tx: Tx, request: asks.Needs, *, official: Official | None) -> JsonObject:
        """Return a page of what needs somebody."""
        found = by_consequence(self.all(tx))
        if request.counterpart:
            rel_id = relationship(tx, request.counterpart).rel_id
            found = [one for one in found if one.rel == rel_id]
        groups = {name: [one for one in found if _is(one, name, official)] for name in _WHOSE}
        chosen = groups[request.whose]
        page = chosen[request.start : request.start + request.limit]
        following = request.start + len(page)
        rows: list[Json] = [one.json(official) for one in page]
        return {
            "at": str(self.ctx.now()),
            "needs": rows,
            "counts": {name: len(each) for name, each in groups.items()},
            "total": len(chosen),
            "start": request.start,
            "next": following if following < len(chosen) else None,
        }

    def all(self, tx: Tx) -> Iterator[Need]:
        """Yield everything that needs somebody, in no order."""
        yield from self._requests(tx)
        yield from self._approvals(tx)
        rows = tx.relationships.list()
        names = {rel.rel_id: counterpart_name(tx, rel) for rel in rows}
        for rel in rows:
            yield from self._relationship(rel, names[rel.rel_id])
        for rel in rows:
            picture = self.relations.present(tx, rel)
            for matter in matters(picture):
                yield self._matter(rel, matter, name=names[rel.rel_id], picture=picture)
            for told in news(picture, to=self.ctx.config.party):
                yield Need(
                    code=told.code,
                    who="us",
                    rel=rel.rel_id,
                    counterpart=names[rel.rel_id],
                    kind=told.family,
                    id=told.thing,
                    title=told.title,
                    since=told.since,
                )
        yield from self._sharing(tx, names)
        yield from self._connectors(tx)
        for draft in self.drafting.drafts(tx):
            rel_id = str(draft["relationship"])
            yield Need(
                code="draft.untabled",
                who="us",
                rel=rel_id,
                counterpart=names.get(rel_id),
                kind="agreement",
                id=str(draft["instrument"]),
                title=str(draft["title"]),
            )

    def _matter(self, rel: RelationshipRow, matter: Matter, *, name: str, picture: Picture) -> Need:
        own, statements = self.ctx.config.party, picture.shared.coordination.statements
        ours = own in matter.waits_for
        together = matter.code in _FOR_BOTH or (matter.both and matter.code.startswith(_BY_TURNS))
        who = "both" if together else "us" if ours else "them"
        facts = {**matter.facts, "both": matter.both}
        if "suspended_by" in facts:
            by_us = facts["suspended_by"] == own
            facts["suspended_by"] = "us" if by_us else "them"
        return Need(
            code=matter.code,
            who=who,
            rel=rel.rel_id,
            counterpart=name,
            kind=matter.code.partition(".")[0] if matter.thing else "agreement",
            id=matter.thing or matter.instrument,
            title=matter.title,
            persons=() if matter.person is None else (matter.person,),
            since=matter.since,
            until=matter.until,
            facts=facts,
            able=still_to_clear(statements, matter, own=own) if ours else (),
        )

    def _requests(self, tx: Tx) -> Iterator[Need]:
        for request in self.requests.waiting(tx):
            signatures, signers = request["signatures"], request["signers"]
            assert isinstance(signatures, dict)
            assert isinstance(signers, list)
            yield Need(
                code="request.sign",
                who="us",
                rel=None,
                counterpart=None,
                kind="request",
                id=str(request["request"]),
                title=str(request["title"]),
                persons=tuple(str(one) for one in signers if one not in signatures),
                since=Instant.parse(str(request["created"])),
                facts={"capacity": request["capacity"], "operation": request["operation"]},
            )

    def _approvals(self, tx: Tx) -> Iterator[Need]:
        found = self.approving.listing(tx)["approvals"]
        assert isinstance(found, list)
        for one in found:
            assert isinstance(one, dict)
            able = one["can_approve"]
            assert isinstance(able, list)
            if one["status"] == "waiting":
                yield Need(
                    code="approval.decide",
                    who="us",
                    rel=None,
                    counterpart=None,
                    kind="approval",
                    id=str(one["approval"]),
                    title=str(one["concerns"]),
                    persons=tuple(str(each) for each in able),
                    since=Instant.parse(str(one["created"])),
                    until=Instant.parse(str(one["lapses"])),
                    facts={"operation": one["operation"]},
                )

    def _relationship(self, rel: RelationshipRow, name: str) -> Iterator[Need]:
        trouble = self.delivery.trouble(rel.rel_id)

        def need(code: str, who: str, *, since: Instant | None, facts: JsonObject) -> Need:
            return Need(
                code=code,
                who=who,
                rel=rel.rel_id,
                counterpart=name,
                kind="relationship",
                id=rel.rel_id,
                title=name,
                since=since,
                facts=facts,
            )

        if rel.status == "frozen":
            yield need("relationship.frozen", "trouble", since=None, facts={"reason": rel.reason})
        elif rel.status == "introduced":
            yield need("relationship.not_accepted", "them", since=rel.created, facts={})
        waiting = rel.status == "introduced" and trouble is not None
        if trouble is not None and not (waiting and trouble.code == "call.not_authenticated"):
            facts: JsonObject = {
                "attempts": trouble.attempts,
                "message": trouble.message,
                "code": trouble.code,
            }
            since = Instant.parse(trouble.since)
            yield need("relationship.unreachable", "trouble", since=since, facts=facts)

    def _sharing(self, tx: Tx, names: Mapping[str, str]) -> Iterator[Need]:
        for row in every(tx, HOUSE, WISH, status=WAITING):
            yield Need(
                code="release.decide",
                who="us",
                rel=str(row.value["relationship"]),
                counterpart=str(row.value["counterpart"]),
                kind="wish",
                id=row.name,
                title=str(row.value["title"]),
                since=Instant.parse(str(row.value["since"])),
                facts={"asked_by": row.value["by"], "item": row.value["item"]},
            )
        for rel_id, name in names.items():
            for row in every(tx, f"sharing:{rel_id}", "held"):
                yield Need(
                    code="transfer.held",
                    who="us",
                    rel=rel_id,
                    counterpart=name,
                    kind="transfer",
                    id=row.name,
                    title=name,
                    since=Instant.parse(str(row.value["at"])),
                    facts={"why": row.value["why"]},
                )

    def _connectors(self, tx: Tx) -> Iterator[Need]:
        for row in self.connectors.waiting(tx):
            waits = one_of(row, "waits")
            yield Need(
                code="connector.decide",
                who="us",
                rel=None,
                counterpart=text(row, "name"),
                kind="exchange",
                id=text(row, "exchange"),
                title=text(row, "title") or text(row, "dataset"),
                since=Instant.parse(text(row, "since")),
                facts={
                    **{name: row[name] for name in ("family", "role", "state")},
                    "waits": waits["why"],
                    "message": text(one_of(waits, "note"), "why") or waits["odd"],
                },
            )
        for row in self.connectors.proposed(tx):
            yield Need(
                code="connector.confirm",
                who="us",
                rel=None,
                counterpart=text(row, "name"),
                kind="proposal",
                id=text(row, "proposal"),
                title=text(row, "name"),
                since=Instant.parse(text(row, "since")),
                until=Instant.parse(text(row, "until")),
                facts={"by": row["by"]},
            )
        for row in self.connectors.stuck(tx):
            yield Need(
                code="connector.unreachable",
                who="trouble",
                rel=None,
                counterpart=text(row, "name"),
                kind="connector",
                id=text(row, "connector"),
                title=text(row, "name"),
                since=Instant.parse(text(row, "since")),
                facts={name: row[name] for name in ("attempts", "message")},
            )


_WHOSE: Final = ("all", "mine", "ours", "theirs")


def _is(one: Need, whose: str, official: Official | None) -> bool:
    match whose:
        case "mine":
            return one.is_for(official)
        case "ours":
            return one.who != "them"
        case "theirs":
            return one.who in {"them", "both"}
        case _:
            return True
