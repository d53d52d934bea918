"""What the other side did lately that asks nobody for anything, and that its reader may not miss.

An answer, a withdrawal, a statement pulled, a read-out: nothing waits for it, so no open matter
tells of it. It is told for some days after both hold it, to the side that did not do it, and then
stands in the timeline alone. Source: agreements.md D6 (journeys 5, 6, 10).
"""

import itertools
from collections.abc import Iterator, Mapping
from functools import partial
from operator import itemgetter
from typing import Final, TypeVar

import attrs

from comity.coordination.commitments import ENDS, Commitment
from comity.coordination.meeting_acts import Status as Met
from comity.coordination.meeting_values import Meeting
from comity.coordination.statement_values import Statement
from comity.foundation.deeds import Book, Chain, Deed
from comity.foundation.instants import Instant
from comity.relationship.model import SECONDS_PER_DAY, Picture, Ref
from comity.relationship.things import thing_named
from comity.technology.authorisations import Authorisation, used_up
from comity.technology.authorisations import Status as Allowed
from comity.technology.covering import Wish, control_of, covering
from comity.technology.endchecks import EndCheck
from comity.technology.project_steps import ENDS as ENDED
from comity.technology.project_steps import LIVE
from comity.technology.projects import Project
from comity.technology.retransfers import Retransfer
from comity.technology.retransfers import Status as Passed

T = TypeVar("T")

#: How many days a piece of news is told.
NEWS_DAYS: Final = 14
#: By kind of act, what is told of it; ``authorisation.settled`` is a report that says the same,
#: ``authorisation.active`` the last word of the recipient that was missing,
#: ``authorisation.came`` a transfer that the recipient has counted too, ``authorisation.used_up``
#: its count of the last one that there was room for, ``authorisation.case`` a request that the
#: recipient took back while an authority had it; ``authorisation.replaced`` is an amendment that
#: took the place of the reader's, ``authorisation.restored`` its withdrawal, by which that waits;
#: ``authorisation.released`` is no act on it, but the release of an item that it covers;
#: ``project.replanned`` is a plan agreed to after both approved another, and told to both sides.
#: What a commitment has come to is told by its state.
CODES: Final[Mapping[str, str]] = {
    "commitment.decline": "told.declined",
    "commitment.withdraw": "told.withdrawn",
    "commitment.accept": "told.owed",
    "commitment.kept": "told.kept",
    "commitment.kept_late": "told.kept_late",
    "commitment.partly_kept": "told.partly_kept",
    "commitment.not_kept": "told.not_kept",
    "commitment.released": "told.let_off",
    "commitment.recall": "told.recalled",
    "body.accept": "told.body",
    "body.decline": "told.declined",
    "body.withdraw": "told.withdrawn",
    "meeting.confirm": "told.confirmed",
    "meeting.decline": "told.off",
    "meeting.cancel": "told.off",
    "meeting.postpone": "told.postponed",
    "statement.text": "told.text",
    "statement.pull": "told.pulled",
    "statement.readout": "told.readout",
    "statement.recall": "told.recalled",
    "authorisation.active": "told.active",
    "authorisation.released": "told.released",
    "authorisation.deny": "told.denied",
    "authorisation.amend_deny": "told.amend_denied",
    "authorisation.amend_withdraw": "told.amend_unasked",
    "authorisation.replaced": "told.amend_replaced",
    "authorisation.restored": "told.amend_restored",
    "authorisation.withdraw": "told.unasked",
    "authorisation.case": "told.case",
    "authorisation.use": "told.sent",
    "authorisation.came": "told.came",
    "authorisation.used_up": "told.used_up",
    "authorisation.dispose": "told.disposed",
    "authorisation.settled": "told.settled",
    "authorisation.resume": "told.resumed",
    "authorisation.revoke": "told.revoked",
    "retransfer.grant": "told.consented",
    "retransfer.refuse": "told.refused",
    "project.decline": "told.declined",
    "project.accept": "told.accepted",
    "project.reject": "told.rejected",
    "project.recall": "told.recalled",
    "project.strike": "told.struck",
    "project.abandon": "told.ended",
    "project.leave": "told.ended",
    "project.close": "told.ended",
    "project.hand_over": "told.ended",
    "project.replanned": "told.replanned",
    "endcheck.withdraw": "told.check_off",
    "endcheck.arrange": "told.arranged",
    "endcheck.conclude": "told.concluded",
}
#: What brings a commitment to one of its ends; ``decline`` and ``withdraw`` say so themselves.
_ENDING: Final = ("acknowledge", "release", "fail")
#: By step of a meeting, the state in which it is news.
_MET: Final = {"confirm": Met.CONFIRMED, "postpone": Met.POSTPONED}
_STOPPED: Final = (Allowed.SUSPENDED, Allowed.REVOKED)
#: Of these, those about what is controlled: the technology security officer reads them.
CONTROLLED: Final = frozenset(
    code
    for kind, code in CODES.items()
    if kind.partition(".")[0] in {"authorisation", "retransfer", "endcheck"}
)


@attrs.frozen(kw_only=True)
class News:
    """One thing that the other side did.

    Attributes:
        code: What: a value of ``CODES``.
        family: Of what sort of thing: commitment, body, meeting, statement, project,
            authorisation, retransfer or endcheck.
        thing: The id of it.
        title: What people call it.
        since: Since when both hold it; None while they do not.
    """

    code: str
    family: str
    thing: str
    title: str
    since: Instant | None


def news(picture: Picture, *, to: str) -> Iterator[News]:
    """Yield what the other side did lately and ``to`` may not know of, by family and id.

    Of each thing the latest that is so alone.
    """
    known, controlled = picture.shared.coordination, picture.shared.technology
    told = partial(_of_family, picture, to=to, since=_since(picture))
    yield from told("commitment", known.commitments)
    yield from told("body", known.bodies)
    yield from told("meeting", known.meetings)
    yield from told("statement", known.statements)
    yield from told("project", controlled.projects)
    yield from _replanned(picture)
    yield from told("authorisation", controlled.authorisations)
    yield from _released(picture, to=to)
    yield from told("retransfer", controlled.retransfers)
    yield from told("endcheck", controlled.endchecks)


def _since(picture: Picture) -> dict[str, int]:
    """Return by party from which of its entries on an act can be news."""
    begins = picture.shared.at.plus(-NEWS_DAYS * SECONDS_PER_DAY)
    return {party: log.marks.held_before(begins) for party, log in picture.shared.logs.items()}


def _of_family(
    picture: Picture, family: str, book: Book[T], *, to: str, since: Mapping[str, int]
) -> Iterator[News]:
    lately = (
        (name, chain)
        for name, chain in book.chains.items()
        if chain.deeds and chain.deeds[-1].n >= since[chain.deeds[-1].party]
    )
    for name, chain in sorted(lately, key=itemgetter(0)):
        named = thing_named(picture.shared, family, name)
        if chain.thing is None or named is None:
            continue
        told = (
            News(code=code, family=family, thing=name, title=named.title, since=since)
            for deed, since in _lately(picture, chain)
            if (code := CODES.get(_kind(chain.thing, deed))) is not None
            and deed.party != to
            and _stands(chain, chain.thing, deed)
        )
        yield from itertools.islice(told, 1)


def _released(picture: Picture, *, to: str) -> Iterator[News]:
    """Yield once for each authorisation that ``to`` can fetch an item under, released lately."""
    shared, found = picture.shared, dict[str, News]()
    begins = shared.at.plus(-NEWS_DAYS * SECONDS_PER_DAY)
    sender, controlled = shared.other(to), shared.technology
    came = {each.sha256 for (party, _), each in shared.sharing.received.items() if party == to}
    for release in shared.sharing.released_by(sender):
        since = shared.when(Ref(party=sender, n=release.n or 0))
        item = release.item
        if release.withdrawn or item.digest in came or (since is not None and since < begins):
            continue
        wish = Wish(
            sha256=item.digest, bytes=item.bytes, sender=sender, recipient=to, transfer=None
        )
        control = control_of(controlled.controls, wish)
        if control is None:
            continue
        for one in covering(controlled.authorisations, control, wish):
            if one.status is Allowed.ASSURED and one.accepted:
                found[one.id] = News(
                    code=CODES["authorisation.released"],
                    family="authorisation",
                    thing=one.id,
                    title=one.terms.title,
                    since=since,
                )
    yield from (found[name] for name in sorted(found))


def _replanned(picture: Picture) -> Iterator[News]:
    """Yield the projects whose plan was lately changed from the one that both approved.

    Officers agree to a plan; who holds the mandate may have approved, and asks on neither side.
    """
    for name, chain in sorted(picture.shared.technology.projects.chains.items()):
        one = chain.thing
        if one is None or one.status not in LIVE or not one.replanned:
            continue
        changed = (since for deed, since in _lately(picture, chain) if deed.step == "agree_plan")
        for since in itertools.islice(changed, 1):
            yield News(
                code=CODES["project.replanned"],
                family="project",
                thing=name,
                title=one.terms.title,
                since=since,
            )


def _lately(picture: Picture, chain: Chain[T]) -> Iterator[tuple[Deed, Instant | None]]:
    """Yield the acts that counted in the last days, the latest first, and since when each stands.

    What is not cosigned yet was done just now.
    """
    idle = {(each.party, each.n) for each in chain.idle}
    for deed in reversed(chain.deeds):
        since = picture.shared.when(Ref(party=deed.party, n=deed.n))
        if since is not None and since.plus(NEWS_DAYS * SECONDS_PER_DAY) < picture.shared.at:
            return
        if (deed.party, deed.n) not in idle:
            yield deed, since


def _kind(thing: object, deed: Deed) -> str:
    """Return the kind of an act; of one on an authorisation, or on a promise, what it came to."""
    if isinstance(thing, Commitment) and deed.step in _ENDING:
        return f"commitment.{thing.status}"
    return _come_to(thing, deed) if isinstance(thing, Authorisation) else deed.kind


def _come_to(one: Authorisation, deed: Deed) -> str:
    """Return what an act on an authorisation came to; of totals, whether both have said them.

    An assurance or an acceptance makes it active, if it is the later of the two.
    """
    match deed.step:
        case "report" if deed.party not in one.asked:
            return "authorisation.settled"
        case "assure" | "accept":
            return "authorisation.active"
        case "use" if any(each.transfer == deed.data["transfer"] for each in one.receipts):
            return "authorisation.came"
        case "receive" if used_up(one):
            return "authorisation.used_up"
        case "withdraw" if deed.party == one.terms.recipient and _lies_there(one):
            return "authorisation.case"
        case _:
            return _amended(one, deed)


def _amended(one: Authorisation, deed: Deed) -> str:
    """Return what an act on an amendment came to, for who asked for the other; of others, itself.

    That a place was taken, or given back, is so as long as the two amendments stand so.
    """
    if deed.step == "amend" and one.replaced is not None:
        return "authorisation.replaced"
    if deed.step == "amend_withdraw" and one.amender not in {None, deed.party}:
        return "authorisation.restored"
    return deed.kind


def _lies_there(one: Authorisation) -> bool:
    """Return whether an authority had the request last, and did not send it back."""
    return one.review is not None and one.basis is None


def _stands(chain: Chain[T], thing: object, deed: Deed) -> bool:
    """Return whether what an act brought about is still so."""
    if isinstance(thing, Commitment):
        return _of_promise(chain, thing, deed)
    if isinstance(thing, Project):
        return _of_project(thing, deed)
    if isinstance(thing, Authorisation | Retransfer | EndCheck):
        return _controlled(chain, thing, deed)
    if isinstance(thing, Meeting) and deed.step in _MET:
        return thing.status is _MET[deed.step]
    return not isinstance(thing, Statement) or _of_statement(chain, thing, deed)


def _of_statement(chain: Chain[T], one: Statement, deed: Deed) -> bool:
    """Return whether texts agreed to are still those, or what was taken back was not said again."""
    if deed.step == "recall":
        return _latest(chain) is deed
    if deed.step == "text":
        last = next(each for each in reversed(chain.deeds) if each.step == "text")
        return last is deed and "text" not in one.asked
    return True


def _of_promise(chain: Chain[T], one: Commitment, deed: Deed) -> bool:
    """Return whether what an act on a commitment brought about is still so.

    That it was accepted is news until anything else is done about it.
    """
    if deed.step in {"accept", "recall"}:
        return _latest(chain) is deed
    return one.status in ENDS and one.last == (deed.party, deed.n)


def _latest(chain: Chain[T]) -> Deed:
    """Return the last act on a thing that counted."""
    idle = {(each.party, each.n) for each in chain.idle}
    return next(each for each in reversed(chain.deeds) if (each.party, each.n) not in idle)


def _of_project(one: Project, deed: Deed) -> bool:
    """Return whether an answer to a claim still is the answer, or an act ended the project.

    What was taken back, or struck from the register, is news until anything else is done in the
    project.
    """
    if deed.step in {"accept", "reject"}:
        said = "accepted" if deed.step == "accept" else "rejected"
        return one.plan.state(str(deed.data["milestone"])) == said
    if deed.step in {"recall", "strike"}:
        return one.last == (deed.party, deed.n)
    return one.status in ENDED and one.moved == (deed.party, deed.n)


def _controlled(chain: Chain[T], thing: Authorisation | Retransfer | EndCheck, deed: Deed) -> bool:
    """Return whether what an act brought about for what is controlled is still so, and new."""
    if isinstance(thing, Authorisation):
        return _allowed(chain, thing, deed)
    if isinstance(thing, Retransfer):
        granted = {Passed.GRANTED, Passed.GRANTED_WITH_PROVISOS}
        return deed.step != "grant" or thing.status in granted
    return thing.last == (deed.party, deed.n)  # it brought the check where it is


#: What was taken back is no news once it was done again, nor once what waits anew is decided.
_AGAIN: Final = {"amend_withdraw": {"amend", "amend_approve", "amend_deny"}}


def _allowed(chain: Chain[T], one: Authorisation, deed: Deed) -> bool:
    """Return whether an act on an authorisation is still news.

    A revocation is none where what came is still there, for an open matter tells of it, nor once
    the recipient has answered it. That it is active or used up is none once the exporter acted on
    it, nor a transfer once the recipient did more than count it, or it is stopped. Of totals the
    last word alone is told, for an open matter asks for the word that is missing.
    """
    idle = {(each.party, each.n) for each in chain.idle}
    later = [
        each
        for each in itertools.dropwhile(lambda each: each is not deed, chain.deeds)
        if each is not deed and (each.party, each.n) not in idle
    ]
    after = {each.step for each in later}
    match deed.step:
        case "assure" | "accept" | "receive":
            active = one.status is Allowed.ASSURED and one.accepted
            seen = any(each.party == one.terms.exporter for each in later)
            return active and not seen and not {"assure", "accept"} & after
        case "use":
            mine = {each.step for each in later if each.party == one.terms.recipient}
            return "use" not in after and mine <= {"receive"} and one.status not in _STOPPED
        case "resume":
            return one.status not in _STOPPED
        case "revoke":
            return not one.receipts or (bool(one.disposals) and "dispose" not in after)
        case step:
            return not {step, *_AGAIN.get(step, ())} & after
