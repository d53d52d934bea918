"""Chapter 4: adopted, initialled, and signed inside a window, or not at all."""

import math
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from screen import date, when
from stage import SIGNATORIES, Answer, Party, StageError, both, until
from story import Story, expect, held

FIRST_WINDOW_S: Final = 3
OPENS_IN_S: Final = 4
VOID_WAIT_S: Final = 30.0
FORCE_WAIT_S: Final = 30.0


def conclude(story: Story) -> None:
    """Adoption, initials, clearance, a window that nobody completes, and one that all do."""
    took_s = initialled(story)
    _first_window(story, *first_window(took_s))
    story.screen.tell("A second window. Two signatories per party sign, each in an own folder.")
    signed(story)


def initialled(story: Story, *, files: str = "") -> float:
    """Let both sides adopt a clean text, initial and clear it; return how long the initials took.

    Args:
        story: The story, at the instrument that it is about.
        files: What the names of the requests begin with: none is written over.
    """
    _stated(story, "adopt", status="agreed_ad_ref", words="adopts the text", files=files)
    began = time.monotonic()
    words = "initials it: this text and no other"
    _stated(story, "initial", status="initialled", words=words, files=files)
    took_s = time.monotonic() - began
    both(
        *(
            lambda p=party: p.run("agreement", "clear", story.instrument, who="holder")
            for party in story.parties
        )
    )
    return took_s


def _stated(story: Story, act: str, *, status: str, words: str, files: str) -> None:
    """Let one signatory of each side make a statement about the clean text."""

    def one(party: Party) -> Answer:
        request = party.ask(
            "agreement", act, story.instrument, who=SIGNATORIES[0], name=f"{files}{act}"
        )
        return party.sign(request, SIGNATORIES[0])

    both(lambda: one(story.a), lambda: one(story.b))
    seen = story.settled()
    expect(holds=seen[0]["status"] == status, what=f"the text is {status}")
    member = "adopted" if act == "adopt" else "initialled"
    story.screen.sides(
        *(
            [f"+ {party.names[SIGNATORIES[0]]} {words} ({len(one[member])} of 2)"]
            for party, one in zip(story.parties, seen, strict=True)
        )
    )


# --- the first window -----------------------------------------------------------------------------


def first_window(took_s: float) -> tuple[int, int]:
    """Return in how many seconds the first window opens, and how many it lasts.

    Until it opens, both sides agree to it and two persons sign: about what the initials took. On a
    machine with much else to do three seconds would be over before anybody has signed.
    """
    return max(OPENS_IN_S, math.ceil(2 * took_s)), max(FIRST_WINDOW_S, math.ceil(took_s))


def _first_window(story: Story, opens_in_s: int, lasts_s: int) -> None:
    """One side signs, the window ends, and nobody has signed."""
    a = story.a
    story.screen.tell(
        f"A first signing window: {lasts_s} seconds. All listed signatories sign inside it,"
        " or nobody has signed. Without a third party whoever signs last always has a moment's"
        " advantage: they see the other signatures and can still decide. The window ends that."
    )
    opens = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=opens_in_s)
    closes = opens + timedelta(seconds=lasts_s)
    _open(story, _instant(opens), _instant(closes))
    requests = both(
        *(lambda w=who: _request(a, story.instrument, who=w, name="first") for who in SIGNATORIES)
    )
    signed = both(
        *(
            lambda r=request, w=who: _sign_only(a, r, w)
            for request, who in zip(requests, SIGNATORIES, strict=True)
        )
    )
    time.sleep(max(0.0, (opens - datetime.now(UTC)).total_seconds()))
    for request, signature in zip(requests, signed, strict=True):
        a.run("deliver", signature, "--request", request)
    seen = story.look()
    given = sum(line["signed"] for line in seen[1]["attempt"]["signatures"])
    story.screen.sides(
        ["+ both of our signatories have signed"],
        [f"> {given} of {len(seen[1]['attempt']['signatures'])} signatures; B does not sign"],
    )
    time.sleep(max(0.0, (closes - datetime.now(UTC)).total_seconds()))

    def void() -> tuple[Answer, Answer] | None:
        now = story.look()
        return now if all(one["void_attempts"] == 1 for one in now) else None

    seen = until(void, seconds=VOID_WAIT_S, what="the attempt to sign is void on both nodes")
    story.screen.sides(
        *(
            [f"x the window has ended: void ({one['void_attempts']} attempt); nobody has signed"]
            for one in seen
        )
    )


def _instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _open(story: Story, opens: str, closes: str) -> None:
    """Let A propose a window and B agree to it."""
    a, b = story.parties
    held(
        a.run(
            *("agreement", "window", story.instrument, "--opens", opens, "--closes", closes),
            who="negotiator",
        ),
        "the window",
    )
    agreed = b.run("agreement", "ready", story.instrument, who="negotiator")
    held(agreed, "B's word that it is ready")
    story.screen.sides(
        [f"+ window: {when(agreed['opens'])[-12:]} to {when(agreed['closes'])[-12:]}"],
        ["+ agreed to the window"],
    )


def _request(party: Party, instrument: str, *, who: str, name: str) -> Path:
    return party.ask("agreement", "sign", instrument, who=who, name=f"{name}-{who}")


def _sign_only(party: Party, request: Path, who: str) -> Path:
    """Sign in the person's own folder; the node learns of it when it is handed in."""
    signature = request.with_suffix(f".{who}.jws")
    party.run(
        *("sign", request, "--with", party.person(who), "-o", signature, "--yes"),
        key=who,
    )
    return signature


# --- the second window ----------------------------------------------------------------------------


def signed(story: Story, *, files: str = "") -> None:
    """Two signatories per party sign; seals and conclusion follow; it is in force."""
    _open(story, "+0s", "+1h")

    def sign(party: Party) -> None:
        for who in SIGNATORIES:
            request = _request(party, story.instrument, who=who, name=f"{files}signature")
            party.sign(request, who)

    both(lambda: sign(story.a), lambda: sign(story.b))

    def in_force() -> tuple[Answer, Answer] | None:
        now = story.look()
        whole = all(one["status"] == "in_force" and len(one["concluded"]) == 2 for one in now)
        return now if whole else None

    seen = until(in_force, seconds=FORCE_WAIT_S, what="in force on both nodes, sealed by both")
    for name in ("in_force_at", "ends_at", "signed_at", "text"):
        expect(holds=seen[0][name] == seen[1][name], what=f"both nodes computed the same {name}")
    pairs = zip(story.parties, seen, strict=True)
    story.screen.sides(*(_in_force(party, one) for party, one in pairs))
    _check_term(seen[0])


def _in_force(party: Party, shown: Answer) -> list[str]:
    names = {one["id"]: one["name"] for one in shown["parties"]}
    own = next(one for one in names if names[one] == party.name)
    signed = [
        f"+ {line['name']}, {line['office']}"
        for line in shown["attempt"]["signatures"]
        if line["party"] == own and line["counts"]
    ]
    return [
        *signed,
        f"= sealed by {len(shown['concluded'])} parties",
        f"= in force from {when(shown['in_force_at'])}",
        f"    until {date(shown['ends_at'])}, as its own words say",
    ]


def _check_term(shown: Answer) -> None:
    """See that the end is the beginning and the term that the text states."""
    period = next(
        unit["fields"]["term"]["value"]["period"]
        for unit in shown["units"]
        if "term" in unit["fields"]
    )
    if period.endswith("Y") and period[1:-1].isdigit():
        begins, ends = shown["in_force_at"], shown["ends_at"]
        if int(ends[:4]) - int(begins[:4]) != int(period[1:-1]):
            raise StageError(f"{period} after {begins} is not {ends}")
