"""Joint projects as an official sees them: the same facts on both sides, in the words us and them.

Source: agreements.md D2.7, D6 (journey 11); spec 12.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import attrs

from comity.agreements.clauses import basis_of
from comity.agreements.fold import InstrumentView
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import Chain, json_of
from comity.foundation.errors import MisuseError, RefusedError
from comity.foundation.instants import Instant
from comity.node import folding
from comity.node.context import Context, counterpart_name
from comity.node.deeds import Deeds, Family, Place
from comity.record.ports import RelationshipRow
from comity.storage.tx import Tx
from comity.technology import projects as room
from comity.technology.plans import Planned, plan_digest
from comity.technology.project_forms import Plan
from comity.technology.project_steps import ARRANGED, LIVE, PIPELINE, STEPS, Status, goes_on
from comity.technology.project_turns import Next, by_each, turns
from comity.technology.project_views import Standing, can, outdated, recallable, standing
from comity.technology.projects import Project

_SECONDS_PER_DAY: Final = 86_400
FAMILY: Final[Family[Project]] = Family(
    name=room.FAMILY,
    what="project",
    book=lambda state: state.technology.projects,
    apply=room.apply,
    admit=room.admit,
    steps=STEPS,
    grounds=lambda one: one.grounds,
    title=lambda one: str(one.terms.title),
    also=lambda one, step: one.all_grounds(step),
)


@attrs.frozen(kw_only=True)
class ProjectRows:
    """Shows projects."""

    ctx: Context
    deeds: Deeds

    def of(self, tx: Tx, rel: RelationshipRow) -> Iterator[JsonObject]:
        """Yield every project of a relationship as a row of the list."""
        for chain in self.deeds.book(tx, rel, FAMILY).chains.values():
            if chain.thing is not None:
                yield self.one(tx, rel, chain)

    def one(self, tx: Tx, rel: RelationshipRow, chain: Chain[Project]) -> JsonObject:
        """Return a project as a row of the list."""
        one = chain.thing
        assert one is not None
        seen = self.standing(tx, rel, one)
        first = self._at(tx, rel, (chain.deeds[0].party, chain.deeds[0].n))
        since = self._at(tx, rel, one.moved)
        coming = self._coming(one, ended=seen.status == "void")
        return {
            "project": one.id,
            "title": one.terms.title,
            "relationship": rel.rel_id,
            "counterpart": counterpart_name(tx, rel),
            "instrument": one.terms.instrument,
            "unit": one.terms.unit,
            "area": one.terms.area,
            "arranged": None if one.arrangement is None else one.arrangement.instrument,
            "keeps_arrangement": one.arrangement is not None and one.status in ARRANGED,
            "proposed_by": self.deeds.whose(one.opener),
            "status": seen.status,
            "live": one.status in LIVE and seen.status != "void",
            "proposed": None if first is None else str(first),
            "since": None if since is None else str(since),
            "age_days": _days(first, self.ctx.now()),
            "since_days": _days(since, self.ctx.now()),
            "answer_by": one.terms.answer_by,
            "late": seen.late,
            "dormant": seen.dormant,
            "leaving": seen.leaving,
            "left_early": seen.left_early,
            "approved_plan_differs": one.replanned,
            "next": {"step": coming.step, "whose": self._turn(one, coming)},
            "next_by_each": by_each(coming.step),
            "next_about": {"title": _part(one, coming.about), "due": coming.by},
        }

    def whole(self, tx: Tx, place: Place[Project]) -> JsonObject:
        """Return one project with everything that was said of it."""
        one, rel = place.thing, place.rel
        acts: list[Json] = list(self.deeds.acts(tx, rel, place.chain))
        own = self.ctx.config.party
        back = recallable(one, own, at=self.ctx.now())
        return {
            **self.one(tx, rel, place.chain),
            "purpose": one.terms.purpose,
            "pipeline": _pipeline(place.chain),
            "people": self._people(one),
            "sheets": self._sheets(one),
            "blocked": [
                {"whose": self.deeds.whose(who), "name": name} for who, name in one.blocked()
            ],
            "arrangement": self._arrangement(tx, place),
            "approved": one.approved is not None,
            "plan": self._plan(one.plan),
            "items": list(self._items(one)),
            "loans": list(self._loans(one)),
            "register": one.register.digest,
            "notices": [
                {"whose": self.deeds.whose(who), "leaves": each.leaves, "reason": each.reason}
                for who, each in one.notices.items()
            ],
            "closing": one.closing,
            "reason": one.reason,
            "asked": {
                step: [self.deeds.whose(party) for party in words]
                for step, words in one.asked.items()
            },
            "said": {step: self._said(one, words) for step, words in one.asked.items()},
            "basis": self.deeds.basis(tx, rel, (one.terms.instrument, one.terms.unit)),
            "acts": acts,
            "takes_back": [*_taking_back(one, own)],
            "recallable": [{"of": what, "milestone": key} for what, key in back],
            "may": [
                step.name
                for step in STEPS.values()
                if can(one, own, step) and (step.name != "recall" or back)
            ],
        }

    def _said(self, one: Project, words: Mapping[str, JsonObject]) -> JsonObject:
        """Return by side what it said in a step that needs both, and whether that has changed."""
        return {
            self.deeds.whose(party): {**said, "outdated": outdated(one, said)}
            for party, said in words.items()
        }

    def standing(self, tx: Tx, rel: RelationshipRow, one: Project) -> Standing:
        """Return how a project stands at this moment."""
        views = [self._view(tx, rel, name) for name, _ in one.all_grounds("")]
        now = self.ctx.now()
        ended = any(
            view is not None and view.ends_at is not None and now >= view.ends_at for view in views
        )
        return standing(one, at=now, last=self._at(tx, rel, one.last), ended=ended)

    def arrangement_view(self, tx: Tx, place: Place[Project]) -> InstrumentView | None:
        """Return the arrangement as it stands; None where none is named or known here."""
        named = place.thing.arrangement
        return None if named is None else self._view(tx, place.rel, named.instrument)

    # --- parts --------------------------------------------------------------------------------

    def _view(self, tx: Tx, rel: RelationshipRow, instrument: str) -> InstrumentView | None:
        state = self.ctx.folding.state(tx, rel)
        if instrument not in state.agreements.instruments:
            return None
        return self.deeds.instruments.look(tx, rel, state, instrument).view

    def _at(self, tx: Tx, rel: RelationshipRow, place: tuple[str, int]) -> Instant | None:
        party, n = place
        return folding.marks_of(tx, rel, self.ctx.config.party)[party].attested(n)

    def _coming(self, one: Project, *, ended: bool) -> Next:
        """Return what comes next; where something is for us, that before what is for them."""
        found = turns(one, at=self.ctx.now(), ended=ended)
        ours = (each for each in found if "us" in self._turn(one, each))
        return next(ours, None) or next(iter(found), Next(step=""))

    def _turn(self, one: Project, coming: Next) -> list[Json]:
        if coming.step == "answer":
            return ["them" if one.opener == self.ctx.config.party else "us"]
        return [*sorted({self.deeds.whose(party) for party in coming.parties}, reverse=True)]

    def _people(self, one: Project) -> JsonObject:
        empty: JsonObject = {"sponsor": "", "user": ""}
        made: dict[str, Json] = {"us": empty, "them": empty}
        for party, (sponsor, user) in one.people.items():
            made[self.deeds.whose(party)] = {"sponsor": sponsor, "user": user}
        return made

    def _sheets(self, one: Project) -> JsonObject:
        made: dict[str, Json] = {"us": None, "them": None}
        for party, sheet in one.sheets.items():
            made[self.deeds.whose(party)] = [json_of(item) for item in sheet.items]
        return made

    def _arrangement(self, tx: Tx, place: Place[Project]) -> JsonObject | None:
        named = place.thing.arrangement
        if named is None:
            return None
        view = self._view(tx, place.rel, named.instrument)
        return {
            **self.deeds.basis(tx, place.rel, (named.instrument, named.unit)),
            "status": "unknown" if view is None else str(view.status),
            "under": None if view is None else basis_of(view.contents),
        }

    def _plan(self, plan: Planned) -> JsonObject:
        put_up, replaced = plan.put_up, plan.replaced
        return {
            "agreed": None if plan.agreed is None else self._planned(plan, plan.agreed),
            "put_up": None if put_up is None else self._planned(plan, put_up),
            "by": self.deeds.whose(plan.by) if plan.by else None,
            "digest": None if put_up is None else plan_digest(put_up),
            "replaced": None if replaced is None else self._planned(plan, replaced[1]),
            "replaced_by": None if replaced is None else self.deeds.whose(replaced[0]),
        }

    def _planned(self, plan: Planned, shown: Plan) -> JsonObject:
        own, now = self.ctx.config.party, self.ctx.now()
        agreed = shown is plan.agreed
        milestones: list[Json] = []
        for each in shown.milestones:
            reached = plan.reached.get(each.key)
            milestones.append(
                {
                    "key": each.key,
                    "title": each.title,
                    "test": each.test,
                    "performer": self.deeds.whose(each.performer),
                    "due": each.due,
                    "state": plan.state(each.key),
                    "overdue": agreed and plan.overdue(each, now),
                    "evidence": [] if reached is None else list(reached.evidence),
                    "reason": "" if reached is None else reached.reason,
                    "may_claim": agreed and plan.may_claim(each, own),
                    "may_answer": agreed and plan.may_answer(each.key, own),
                }
            )
        return {
            "milestones": milestones,
            "shares": [
                {**json_of(share), "party": self.deeds.whose(share.party)} for share in shown.shares
            ],
            "rights": json_of(shown.rights),
        }

    def _items(self, one: Project) -> Iterator[Json]:
        own = self.ctx.config.party
        for item in one.register.items.values():
            yield {
                **json_of(item.entry),
                "owner": self.deeds.whose(item.entry.owner),
                "by": self.deeds.whose(item.by),
                "state": item.state,
                "may_confirm": item.state == "to_confirm" and item.by != own,
            }

    def _loans(self, one: Project) -> Iterator[Json]:
        own, now = self.ctx.config.party, self.ctx.now()
        for loan in one.register.loans.values():
            steps = ("receive", "give_back", "take_back", "write_off")
            open_now = [
                step for step in steps if loan.may(own, step) and can(one, own, STEPS[step])
            ]
            yield {
                **json_of(loan.terms),
                "lender": self.deeds.whose(loan.lender),
                "state": loan.state,
                "reason": loan.reason,
                "overdue": loan.overdue(now),
                "may": [*open_now],
            }


def _part(one: Project, name: str) -> str:
    """Return what people call a milestone, an item or a loan; empty where none is named."""
    held = one.register
    if name in held.loans:
        return held.loans[name].terms.what
    if name in held.items:
        return held.items[name].entry.title
    milestone = one.plan.milestone(name)
    return "" if milestone is None else milestone.title


def _taking_back(one: Project, own: str) -> Iterator[Json]:
    """Yield the steps by which a party takes back its lone word for abandonment. Source: 12.3.6."""
    if own in one.asked.get("abandon", {}):
        yield from (each.name for each in STEPS.values() if goes_on(each))


def _pipeline(chain: Chain[Project]) -> list[Json]:
    """Return the way of a project that goes well, and how far this one is, or came, on it."""
    one = chain.thing
    assert one is not None
    reached = Status.ACTIVE if one.status == Status.PAUSED else one.status
    at = PIPELINE.index(reached) if reached in PIPELINE else -1
    came = at if at >= 0 else _came(chain)
    made: list[Json] = []
    for number, state in enumerate(PIPELINE):
        where = "ahead" if came < number else "now" if at == number else "done"
        made.append({"state": str(state), "where": where})
    return made


def _came(chain: Chain[Project]) -> int:
    """Return how far on the way a project came that has ended aside from it."""
    one: Project | None = None
    came = -1
    for deed in chain.deeds:
        try:
            one = room.apply(one, deed)
        except RefusedError:
            continue  # it had no effect
        if one.status in PIPELINE:
            came = max(came, PIPELINE.index(one.status))
    return came


def _days(since: Instant | None, now: Instant) -> int | None:
    return None if since is None else max(0, now.seconds - since.seconds) // _SECONDS_PER_DAY


# --- what people call a part of a project -------------------------------------------------------


def named_milestone(one: Project, named: str) -> str:
    """Return the key of a milestone that a person named by its key or title.

    Raises:
        MisuseError: ``projects.no_part``.
    """
    plan = one.plan.agreed
    known = [] if plan is None else [(each.key, each.title) for each in plan.milestones]
    return _named(known, named, what="milestone")


def named_loan(one: Project, named: str) -> str:
    """Return the id of a loan that a person named by the beginning of it, or by what is lent.

    Raises:
        MisuseError: ``projects.no_part``.
    """
    known = [(name, loan.terms.what) for name, loan in one.register.loans.items()]
    return _named(known, named, what="loan")


def named_item(one: Project, named: str) -> str:
    """Return the id of an item that a person named by the beginning of it, or by its title.

    Raises:
        MisuseError: ``projects.no_part``.
    """
    known = [(name, item.entry.title) for name, item in one.register.items.items()]
    return _named(known, named, what="item")


def _named(known: Iterable[tuple[str, str]], named: str, *, what: str) -> str:
    wanted = named.removeprefix("urn:uuid:")
    rows = list(known)
    exact = [name for name, title in rows if named in {name, title}]
    found = exact or [name for name, _ in rows if name.removeprefix("urn:uuid:").startswith(wanted)]
    if len(found) != 1:
        several = "More than one" if found else "No"
        raise MisuseError(
            "projects.no_part",
            f"{several} {what} of this project is called {named[:80]!r}; the page of the project"
            " lists them.",
        )
    return found[0]
