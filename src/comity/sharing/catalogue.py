"""What a counterpart may see: the items released to it, under an article in force, no others.

A catalogue entry is a disclosure: an item that could not be sent now is not shown now. Titles are
not shown at all, they are words inside the sender's house. Source: design 7;
``docs/spec/07-sharing.md`` 7.4.
"""

from collections.abc import Iterable, Mapping

import attrs

from comity.agreements.mandates import Agreement, Permitted
from comity.sharing.model import Offer, ReleaseDecision, Role, derived_id
from comity.sharing.reactions import Facts, rule


@attrs.frozen(kw_only=True)
class Dataset:
    """One item as the counterpart sees it: its id and the one offer of it."""

    id: str
    offer: Offer


def offer_of(release: ReleaseDecision) -> Offer:
    """Return the offer that a recorded release makes; its id follows from the release.

    Source: ``docs/spec/07-sharing.md`` 7.4.3.
    """
    offer_id = derived_id("offer", release.party, release.n, release.item.id, release.recipient)
    return Offer(id=offer_id, target=release.item.id, terms=release.terms())


def release_behind(offer_id: str, *, releases: Iterable[ReleaseDecision]) -> ReleaseDecision | None:
    """Return the recorded release that makes the offer of this id, or None."""
    made = (each for each in releases if each.n is not None)
    return next((each for each in made if offer_of(each).id == offer_id), None)


def datasets_for(
    releases: Iterable[ReleaseDecision],
    *,
    agreements: Mapping[str, Agreement],
    facts: Facts,
) -> tuple[Dataset, ...]:
    """Return what the counterpart of ``facts`` may see now, in the order of the releases.

    Args:
        releases: All release decisions of ours, towards anybody.
        agreements: By instrument.
        facts: For this counterpart; its agreement and release are set here for each.
    """
    seen: list[Dataset] = []
    for release in releases:
        if release.n is None or release.withdrawn:
            continue
        if (release.party, release.recipient) != (facts.own, facts.counterpart):
            continue
        agreement = agreements.get(release.instrument)
        told = attrs.evolve(facts, agreement=agreement, release=release)
        ruling = rule(release.terms(), role=Role.PROVIDER, stage="offer", facts=told)
        if isinstance(ruling, Permitted):
            seen.append(Dataset(id=release.item.id, offer=offer_of(release)))
    return tuple(seen)
