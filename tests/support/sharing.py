"""Builders for the sharing and protocols tests: an agreement, an item, the facts of two sides."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

import attrs

from comity.agreements.controlled import ControlFacts, Grant
from comity.agreements.mandates import Agreement, Suspension, ThirdParties
from comity.agreements.policies import Area, Policy
from comity.foundation.instants import Instant
from comity.sharing.model import Item, ReleaseDecision, Terms
from comity.sharing.reactions import Facts

A = "did:web:alpha.example"
B = "did:web:beta.example"
BASE = {A: "https://alpha.example/dsp/2025-1", B: "https://beta.example/dsp/2025-1"}
AT = Instant.parse("2026-11-23T10:00:00Z")
INSTRUMENT = "urn:uuid:11111111-1111-4111-8111-111111111111"
CHANCE = bytes(range(32))

POLICY = Policy(
    articles=("u-art4",),
    actions=("share",),
    kinds=("report", "chart"),
    marking_max="limited",
    purposes=("maritime_safety",),
    recipients=("parties",),
    onward="refused",
)
AGREEMENT = Agreement(
    instrument=INSTRUMENT,
    title="Framework for Cooperation",
    parties=(A, B),
    text="ab" * 32,
    in_force_at=Instant.parse("2026-01-01T00:00:00Z"),
    ends_at=Instant.parse("2036-01-01T00:00:00Z"),
    scale=("open", "limited", "secret"),
    areas=(("u-areas", Area(id="sharing", title="Information sharing", policy=POLICY)),),
    labels={"u-art4": "Article 4", "u-areas": "Article 3"},
    parents={"u-art4": None, "u-areas": None},
    third_parties=ThirdParties(relations="unaffected", onward="refused", article="Article 9"),
    suspensions=(),
)
SUSPENDED = attrs.evolve(
    AGREEMENT,
    suspensions=(
        Suspension(digest="cd" * 32, party=A, units=("u-art4",), until=None, article="Article 8"),
    ),
)
ITEM = Item(
    id="urn:uuid:22222222-2222-4222-8222-222222222222",
    digest="0d" * 32,
    bytes=13,
    media="application/pdf",
    area="sharing",
    action="share",
    kind="report",
    marking="limited",
    purpose="maritime_safety",
)
RELEASE = ReleaseDecision(
    party=A, n=7, item=ITEM, instrument=INSTRUMENT, unit="u-art4", recipient=B, onward=False
)
TERMS: Terms = RELEASE.terms()


V = TypeVar("V", bound=attrs.AttrsInstance)


def changed(value: V, change: Mapping[str, object]) -> V:
    """Return ``value`` with some members changed: the lines of a parametrised test name them."""
    return attrs.evolve(value, **change)  # type: ignore[misc]  # the names are only known there


def ids() -> Callable[[], str]:
    """Return a source of ids that a test can repeat."""
    numbers: Iterator[int] = iter(range(1, 10_000))
    return lambda: f"urn:uuid:00000000-0000-4000-8000-{next(numbers):012d}"


def facts(
    own: str,
    *,
    agreement: Agreement | None = AGREEMENT,
    release: ReleaseDecision | None = RELEASE,
    at: Instant = AT,
    counterpart: str | None = None,
    control: ControlFacts | None = None,
) -> Facts:
    """Return what the node of ``own`` tells its rooms."""
    other = counterpart or (B if own == A else A)
    return Facts(
        own=own,
        own_base=BASE[own],
        counterpart=other,
        counterpart_base=BASE.get(other, "https://stranger.example/dsp"),
        agreement=agreement,
        release=release,
        controls=lambda _terms, _sender: control,
        at=at,
        ids=_IDS,
    )


_IDS = ids()


GRANT = Grant(
    authorisation="urn:uuid:00000000-0000-4000-8000-00000000000c",
    called="The authorisation «Sonar» (L-1)",
    status="assured",
    accepted=True,
    basis=None,
    recipients=None,
    purposes=None,
    onward=False,
    starts=None,
    ends=None,
    quantity=(1, 1),
    value=None,
)
CONTROLLED = ControlFacts(control="c", called="ML 9.c of List (2026)", grants=(GRANT,))
