"""Joint projects as officials act on them; what they see of them stands in ``project_views``.

What the counterpart learns is in the acts. What we may disclose to it is the house's own: it is
kept in the house, shown to whoever decides releases, and never crosses. Source: agreements.md B7,
D2.7, D6 (journey 11); spec 12.
"""

from collections.abc import Callable, Mapping
from typing import Final

import attrs

from comity.agreements.clauses import basis_of
from comity.agreements.fold import InstrumentView
from comity.api import projects as asks
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError, RefusedError
from comity.node.context import HOUSE, Context, relationship
from comity.node.days import due_of
from comity.node.deeds import Deeds, Place
from comity.node.officials import Official
from comity.node.project_plans import line, plan_data, rights_of
from comity.node.project_rows import FAMILY, ProjectRows, named_item, named_loan, named_milestone
from comity.record.ports import RelationshipRow
from comity.storage.tx import Tx
from comity.technology.plans import plan_digest
from comity.technology.project_steps import ARRANGED, Status
from comity.technology.project_views import check_ahead, check_left, check_recalled
from comity.technology.projects import Project, terms_digest

_DISCLOSURE: Final = "disclosure"
#: In place of a digest where there is nothing yet: no digest is this, and the room says what lacks.
_NONE: Final = "0" * 64
#: A proposal that agrees with another in these is the same, sent twice.
_SAME: Final = ("instrument", "unit", "title", "purpose")
_DISCLOSED: Final = ("levels", "categories", "may", "may_not", "whom")

Data = Callable[[Project], JsonObject]


@attrs.frozen(kw_only=True)
class Projects:
    """The desk of joint projects."""

    ctx: Context
    deeds: Deeds

    @property
    def rows(self) -> ProjectRows:
        """How projects are shown."""
        return ProjectRows(ctx=self.ctx, deeds=self.deeds)

    # --- looking ------------------------------------------------------------------------------

    def all(self, tx: Tx, request: asks.Projects) -> JsonObject:
        """Return projects, living ones first, of these the one that rests longest first."""
        rels = (
            [relationship(tx, request.counterpart)]
            if request.counterpart
            else list(tx.relationships.list())
        )
        found = [row for rel in rels for row in self.rows.of(tx, rel)]
        chosen = [row for row in found if _wanted(row, request.state)]
        chosen.sort(key=lambda row: (not row["live"], str(row["since"]), str(row["project"])))
        rows: list[Json] = list(chosen)
        return {"projects": rows, "at": str(self.ctx.now())}

    def show(self, tx: Tx, request: asks.OneProject) -> JsonObject:
        """Return one project with everything that was said of it."""
        return self.rows.whole(tx, self._find(tx, request.project))

    # --- beginning ----------------------------------------------------------------------------

    def propose(self, tx: Tx, request: asks.ProposeProject) -> JsonObject:
        """Propose a project under an article in force.

        Raises:
            MisuseError: ``projects.past``, ``days.*``, ``projects.proposed_already``;
                RefusedError: ``deeds.not_permitted``.
        """
        rel = relationship(tx, request.counterpart)
        found, unit = self.deeds.place(tx, request.instrument, request.unit)
        name = self.ctx.new_id()
        data: JsonObject = {
            "project": name,
            "instrument": found.instrument,
            "unit": unit,
            "title": line(request.title),
            "purpose": request.purpose.strip(),
            "area": line(request.area),
            "sponsor": line(request.sponsor),
            "user": line(request.user),
            "answer_by": self._day(request.answer_by, request.zone) if request.answer_by else None,
        }
        self._check_once(tx, rel, data)
        self.deeds.record(tx, rel, FAMILY, step="propose", data=data, words=request.words.strip())
        return self._after(tx, rel, name)

    def _check_once(self, tx: Tx, rel: RelationshipRow, data: JsonObject) -> None:
        """Pass unless a proposal of ours that says the same waits for its answer."""
        own = self.ctx.config.party
        for chain in self.deeds.book(tx, rel, FAMILY).chains.values():
            one = chain.thing
            if one is None or one.opener != own or one.status != Status.PROPOSED:
                continue
            if all(getattr(one.terms, name) == data[name] for name in _SAME):
                raise MisuseError(
                    "projects.proposed_already",
                    f"We proposed «{one.terms.title[:80]}» in these words already, and it waits for"
                    " its answer. Nothing was proposed a second time.",
                    {"title": one.terms.title[:80]},
                )

    def explore(self, tx: Tx, request: asks.ExploreProject) -> JsonObject:
        """Answer that we explore it: exactly what was proposed."""
        people = {"sponsor": line(request.sponsor), "user": line(request.user)}
        return self._act(
            tx,
            request,
            step="explore",
            data=lambda one: {"terms": terms_digest(one.terms)} | people,
        )

    def name(self, tx: Tx, request: asks.NameOnProject) -> JsonObject:
        """Name sponsor and user on our side."""
        people: JsonObject = {"sponsor": line(request.sponsor), "user": line(request.user)}
        return self._act(tx, request, step="name", data=lambda _: people)

    def intend(self, tx: Tx, request: asks.OnProject) -> JsonObject:
        """Sign the statement of intent: terms and people as they stand now."""
        return self._act(tx, request, step="intend", data=lambda one: {"intent": one.intent})

    def sheet(self, tx: Tx, request: asks.EnterSheet) -> JsonObject:
        """Enter our exportability sheet, in place of one before."""
        items: list[Json] = [
            {
                "name": line(each.name),
                "scheme": line(each.scheme),
                "code": line(each.code),
                "edition": line(each.edition),
                "decided_by": line(each.decided_by),
                "critical": each.critical,
                "release": each.release,
                "conditions": each.conditions.strip(),
            }
            for each in request.items
        ]
        return self._act(tx, request, step="sheet", data=lambda _: {"items": items})

    def arrange(self, tx: Tx, request: asks.ArrangeProject) -> JsonObject:
        """Name the project arrangement.

        Raises:
            MisuseError: ``projects.arrangement_taken``: another project has it.
        """
        found, unit = self.deeds.place(tx, request.instrument, request.unit)
        place = self._find(tx, request.project)
        _check_under(place.thing, found.view)
        for chain in self.deeds.book(tx, place.rel, FAMILY).chains.values():
            one = chain.thing
            if one is None or one.id == place.thing.id or one.status not in ARRANGED:
                continue
            if one.arrangement is not None and one.arrangement.instrument == found.instrument:
                raise MisuseError(
                    "projects.arrangement_taken",
                    f"That is the arrangement of «{one.terms.title[:80]}» already; each project has"
                    " its own. Nothing was named.",
                    {"title": one.terms.title[:80]},
                )
        data: JsonObject = {"instrument": found.instrument, "unit": unit}
        return self._act(tx, request, step="arrange", data=lambda _: data)

    # --- plan ---------------------------------------------------------------------------------

    def plan(self, tx: Tx, request: asks.PutUpPlan) -> JsonObject:
        """Put up a plan."""
        place = self._find(tx, request.project)
        whose = {"us": self.ctx.config.party, "them": place.rel.counterpart, "both": "both"}
        data = plan_data(request, place.thing.plan, whose=whose, at=self.ctx.now())
        return self._act(tx, request, step="plan", data=lambda _: data)

    def agree_plan(self, tx: Tx, request: asks.OnProject) -> JsonObject:
        """Agree to the plan that the other party put up."""

        def data(one: Project) -> JsonObject:
            put_up = one.plan.put_up
            return {"plan": _NONE if put_up is None else plan_digest(put_up)}

        return self._act(tx, request, step="agree_plan", data=data)

    def approve(self, tx: Tx, request: asks.OnProject) -> JsonObject:
        """Approve: the arrangement, by the digest of its text in force, and the agreed plan."""
        place = self._find(tx, request.project)
        arrangement = self.rows.arrangement_view(tx, place)
        if arrangement is not None:
            _check_under(place.thing, arrangement)
        text = None if arrangement is None else arrangement.text_digest

        def data(one: Project) -> JsonObject:
            named, agreed = one.arrangement, one.plan.agreed
            return {
                "instrument": one.terms.instrument if named is None else named.instrument,
                "text": text or _NONE,
                "plan": _NONE if agreed is None else plan_digest(agreed),
            }

        return self._act(tx, request, step="approve", data=data)

    def claim(self, tx: Tx, request: asks.ClaimMilestone) -> JsonObject:
        """Claim that a milestone is reached; the other side decides on what we say of it.

        Raises:
            MisuseError: ``projects.claim_empty``: neither evidence nor a word.
        """
        evidence: list[Json] = [said for each in request.evidence if (said := line(each))]
        if not evidence and not request.words.strip():
            raise MisuseError(
                "projects.claim_empty",
                "A claim says what shows that the milestone is reached: name something that shows"
                " it, or write a word about it. Nothing was claimed.",
            )
        return self._act(
            tx,
            request,
            step="claim",
            data=lambda one: {
                "milestone": named_milestone(one, request.milestone),
                "evidence": evidence,
            },
        )

    def accept(self, tx: Tx, request: asks.OnMilestone) -> JsonObject:
        """Accept the claim of a milestone."""
        return self._act(
            tx,
            request,
            step="accept",
            data=lambda one: {"milestone": named_milestone(one, request.milestone)},
        )

    def reject(self, tx: Tx, request: asks.RejectMilestone) -> JsonObject:
        """Reject the claim of a milestone."""
        reason = request.reason.strip()
        return self._act(
            tx,
            request,
            step="reject",
            data=lambda one: {
                "milestone": named_milestone(one, request.milestone),
                "reason": reason,
            },
        )

    # --- loans and register -------------------------------------------------------------------

    def lend(self, tx: Tx, request: asks.LendItem) -> JsonObject:
        """Lend something to the other party."""
        data: JsonObject = {
            "loan": self.ctx.new_id(),
            "what": line(request.what),
            "ref": line(request.ref),
            "due": self._day(request.due, request.zone),
        }
        return self._act(tx, request, step="lend", data=lambda _: data)

    def on_loan(self, step: str) -> Callable[[Tx, asks.OnLoan], JsonObject]:
        """Return the work of a step that says where a lent thing is."""
        return lambda tx, request: self._act(
            tx, request, step=step, data=lambda one: {"loan": named_loan(one, request.loan)}
        )

    def write_off(self, tx: Tx, request: asks.WriteOffLoan) -> JsonObject:
        """Give up what was lent."""
        reason = request.reason.strip()
        return self._act(
            tx,
            request,
            step="write_off",
            data=lambda one: {"loan": named_loan(one, request.loan), "reason": reason},
        )

    def enter(self, tx: Tx, request: asks.EnterItem) -> JsonObject:
        """Enter an item of background or foreground."""
        place = self._find(tx, request.project)
        whose = {"us": self.ctx.config.party, "them": place.rel.counterpart, "both": "both"}
        data: JsonObject = {
            "item": self.ctx.new_id(),
            "ground": request.ground,
            "title": line(request.title),
            "description": request.description.strip(),
            "ref": line(request.ref),
            "owner": whose[request.owner],
            "rights": rights_of(request),
        }
        return self._act(tx, request, step="enter", data=lambda _: data)

    def confirm(self, tx: Tx, request: asks.OnItem) -> JsonObject:
        """Confirm a foreground item as the other party entered it."""

        def data(one: Project) -> JsonObject:
            name = named_item(one, request.item)
            return {"item": name, "entry": one.register.items[name].digest}

        return self._act(tx, request, step="confirm", data=data)

    def strike(self, tx: Tx, request: asks.OnItem) -> JsonObject:
        """Strike an entry of ours."""
        return self._act(
            tx, request, step="strike", data=lambda one: {"item": named_item(one, request.item)}
        )

    # --- ends ---------------------------------------------------------------------------------

    def close(self, tx: Tx, request: asks.CloseProject) -> JsonObject:
        """Close the project: the register as it stands, and how the authorisations were left."""
        said: JsonObject = {"authorisations": request.authorisations}
        return self._act(
            tx, request, step="close", data=lambda one: {"register": one.register.digest, **said}
        )

    def hand_over(self, tx: Tx, request: asks.HandOverProject) -> JsonObject:
        """Hand the result over."""
        to: JsonObject = {"to": line(request.to)}
        return self._act(
            tx, request, step="hand_over", data=lambda one: {"register": one.register.digest, **to}
        )

    def notice(self, tx: Tx, request: asks.LeaveProject) -> JsonObject:
        """Give notice that we leave."""
        leaves = self._day(request.leaves, request.zone)
        reason = request.reason.strip()
        return self._act(
            tx, request, step="notice", data=lambda _: {"leaves": leaves, "reason": reason}
        )

    def leave(self, tx: Tx, request: asks.OnProject) -> JsonObject:
        """Leave, once the day of our notice has come.

        Raises:
            MisuseError: ``projects.too_soon``.
        """
        notice = self._find(tx, request.project).thing.notices.get(self.ctx.config.party)
        if notice is not None:
            check_left(notice.leaves, at=self.ctx.now())
        return self._act(tx, request, step="leave", data=lambda _: {})

    def recall(self, tx: Tx, request: asks.RecallOnProject) -> JsonObject:
        """Take back what we said and does not count yet.

        Raises:
            MisuseError: ``projects.notice_came``.
        """
        notice = self._find(tx, request.project).thing.notices.get(self.ctx.config.party)
        if request.of == "notice" and notice is not None:
            check_recalled(notice.leaves, at=self.ctx.now())
        named = request.milestone
        return self._act(
            tx,
            request,
            step="recall",
            data=lambda one: {
                "of": request.of,
                "milestone": named_milestone(one, named) if named else None,
            },
        )

    def plain(self, step: str) -> Callable[[Tx, asks.OnProject], JsonObject]:
        """Return the work of a step that says nothing but itself."""
        return lambda tx, request: self._act(tx, request, step=step, data=lambda _: {})

    def reasoned(self, step: str) -> Callable[[Tx, asks.ReasonedOnProject], JsonObject]:
        """Return the work of a step that gives a reason."""

        def work(tx: Tx, request: asks.ReasonedOnProject) -> JsonObject:
            reason: JsonObject = {"reason": request.reason.strip()}
            return self._act(tx, request, step=step, data=lambda _: reason)

        return work

    # --- the house's own ----------------------------------------------------------------------

    def disclosure(self, tx: Tx, request: asks.OneProject) -> JsonObject:
        """Return what we may disclose in a project; told to our own officials alone."""
        one = self._find(tx, request.project).thing
        thing = tx.things.get(HOUSE, _DISCLOSURE, one.id)
        value: Mapping[str, Json] = {} if thing is None else thing.value
        return {
            "project": one.id,
            "title": one.terms.title,
            **{name: str(value.get(name, "")) for name in _DISCLOSED},
            "set": thing is not None,
            "by": value.get("by"),
            "version": 0 if thing is None else thing.version,
        }

    def set_disclosure(
        self, tx: Tx, request: asks.SetDisclosure, *, official: Official
    ) -> JsonObject:
        """Set what we may disclose in a project; nothing is sent."""
        one = self._find(tx, request.project).thing
        value: JsonObject = {
            "levels": line(request.levels),
            "categories": request.categories.strip(),
            "may": request.may.strip(),
            "may_not": request.may_not.strip(),
            "whom": request.whom.strip(),
            "by": official.id,
        }
        tx.things.put(HOUSE, _DISCLOSURE, one.id, value=value)
        self.ctx.ledger.house(tx, "house.disclosure", {"project": one.id, **value})
        return self.disclosure(tx, asks.OneProject(project=one.id))

    # --- recording ----------------------------------------------------------------------------

    def _find(self, tx: Tx, named: str) -> Place[Project]:
        return self.deeds.find(tx, FAMILY, named)

    def _act(self, tx: Tx, request: asks.OneProject, *, step: str, data: Data) -> JsonObject:
        place = self._find(tx, request.project)
        one = place.thing
        self.deeds.record(
            tx,
            place.rel,
            FAMILY,
            step=step,
            data={"project": one.id, **data(one)},
            words=request.words.strip() if isinstance(request, asks.OnProject) else "",
        )
        return self._after(tx, place.rel, one.id)

    def _after(self, tx: Tx, rel: RelationshipRow, name: str) -> JsonObject:
        return self.rows.one(tx, rel, self.deeds.book(tx, rel, FAMILY).chains[name])

    def _day(self, given: str, zone: str) -> str:
        due = due_of(given, zone).at
        check_ahead(due, at=self.ctx.now())
        return due


def _check_under(one: Project, arrangement: InstrumentView) -> None:
    """Pass unless the arrangement says that it stands under another agreement.

    Raises:
        RefusedError: ``projects.other_basis``. Source: spec 12.1.5.
    """
    stated = basis_of(arrangement.contents)
    if stated is not None and stated != one.terms.instrument:
        raise RefusedError(
            "projects.other_basis",
            f"«{arrangement.opening.title}» says that it stands under another agreement than the"
            " one this project was proposed under.",
        )


def _wanted(row: JsonObject, state: str) -> bool:
    coming = row["next"]
    assert isinstance(coming, dict)
    match state:
        case "live":
            return row["live"] is True
        case "ended":
            return row["live"] is False
        case "ours":
            return "us" in coming["whose"]
        case _:
            return True
