"""The consolidated text at a pair of heads: every unit with its status, and the clean text.

Source: agreements.md D3.1, D3.3; spec 5.3, 5.4.
"""

from collections.abc import Iterator, Mapping

import attrs

from comity.agreements.chains import Chain, Chains, Heads, Opening
from comity.agreements.model import Content, in_order, label_path
from comity.agreements.negotiation import Joint, NoEffect, Position, Status, broken, joint
from comity.agreements.packages import Deal, deals, no_effects, settled
from comity.foundation.canonical import canonical, digest


@attrs.frozen(kw_only=True)
class AlternativeView:
    """One alternative of a unit and the parties that stand by it or propose it."""

    digest: str
    content: Content
    by: tuple[str, ...]


@attrs.frozen(kw_only=True)
class UnitView:
    """One unit of the text, as a person looks at it.

    Attributes:
        id: Its unit id.
        label: How a person names it.
        face: The content that gives it its place while nothing is agreed.
        status: Where it stands.
        alternatives: What is on the table.
        agreed: The digest both stand by, if they do.
        stances: What counts of each party's stance: digest, and ``accept`` or ``ad_ref``.
        reserves: The kind of each party's reserve.
        parked: Who wishes to come back later.
        turn: Whose position is awaited.
        reopened: How often it was reopened.
        explanations: Words beside it: party and text.
        objections: Who said no to which digest that is still on the table.
    """

    id: str
    label: str
    face: Content
    status: Status
    alternatives: tuple[AlternativeView, ...]
    agreed: str | None
    stances: Mapping[str, tuple[str, str]]
    reserves: Mapping[str, str]
    parked: tuple[str, ...]
    turn: tuple[str, ...]
    reopened: int
    explanations: tuple[tuple[str, str], ...]
    objections: Mapping[str, str]


@attrs.frozen(kw_only=True)
class Text:
    """An instrument's text at a pair of heads.

    Attributes:
        opening: What the instrument is.
        chains: The chains of both parties.
        heads: Up to where acts count; None for all.
        joints: What follows for each unit that is part of the text or was agreed out of it.
        agreed: The content of each unit on which both stand fully, deleted ones left out.
        deals: The acceptances of packages.
        clean: Whether every unit is agreed.
        digest: The text digest; None while it is not clean.
    """

    opening: Opening
    chains: Chains
    heads: Heads | None
    joints: Mapping[str, Joint]
    agreed: Mapping[str, Content]
    deals: tuple[Deal, ...]
    clean: bool
    digest: str | None

    def content(self, digest_: str) -> Content | None:
        """Return the alternative with a digest, whoever proposed it."""
        for party in self.opening.parties:
            found = _chain(self.chains, party).contents.get(digest_)
            if found is not None:
                return found
        return None

    def position(self, party: str, unit: str) -> Position:
        """Return the position of a party on a unit."""
        return position_at(self.chains, self.heads, party=party, unit=unit)

    def faces(self) -> Mapping[str, Content]:
        """Return for every unit the content that gives it its place and its name."""
        made: dict[str, Content] = {}
        for unit, each in self.joints.items():
            wanted = [each.agreed, *each.alternatives] if each.agreed else [*each.alternatives]
            found = [self.content(one) for one in wanted]
            shown = next((one for one in found if one is not None and not one.deleted), None)
            face = shown or self._newest_face(unit)
            if face is not None:
                made[unit] = face
        return made

    def _newest_face(self, unit: str) -> Content | None:
        faces = (_chain(self.chains, party).faces.get(unit) for party in self.opening.parties)
        return next((face for face in faces if face is not None), None)

    def name(self, unit: str, faces: Mapping[str, Content]) -> str:
        """Return how a person names a unit, also one that is not part of the text any more."""
        if unit in faces:
            return label_path(faces, unit)
        face = self._newest_face(unit)
        return unit if face is None else label_path({unit: face}, unit)


def text_at(instrument: str, chains: Chains, opening: Opening, *, heads: Heads | None) -> Text:
    """Return the text of an instrument at a pair of heads."""

    def position(party: str, unit: str) -> Position:
        return position_at(chains, heads, party=party, unit=unit)

    acts = {party: _chain(chains, party).packages for party in opening.parties}
    found = deals(acts, position, heads)
    packaged = settled(found)
    units = {unit: None for party in opening.parties for unit in _chain(chains, party).positions}
    contents = [_chain(chains, party).contents for party in opening.parties]
    joints: dict[str, Joint] = {}
    agreed: dict[str, Content] = {}
    for unit in units:
        positions = {party: position(party, unit) for party in opening.parties}
        each = joint(positions, packaged=packaged.get(unit))
        if each.gone():
            continue
        joints[unit] = each
        wanted = each.agreed or ""
        content = next((held[wanted] for held in contents if wanted in held), None)
        if each.status is Status.AGREED and content is not None and not content.deleted:
            agreed[unit] = content
    clean = bool(agreed) and all(each.status is Status.AGREED for each in joints.values())
    return Text(
        opening=opening,
        chains=chains,
        heads=heads,
        joints=joints,
        agreed=agreed,
        deals=found,
        clean=clean,
        digest=text_digest(instrument, opening, agreed=agreed, joints=joints) if clean else None,
    )


def text_digest(
    instrument: str,
    opening: Opening,
    *,
    agreed: Mapping[str, Content],
    joints: Mapping[str, Joint],
) -> str:
    """Return the digest of a clean text: what is adopted and signed. Source: spec 5.3.7."""
    return digest(
        canonical(
            {
                "instrument": instrument,
                "open": opening.json(),
                "units": [[unit, joints[unit].agreed] for unit in in_order(agreed)],
            }
        )
    )


def position_at(chains: Chains, heads: Heads | None, *, party: str, unit: str) -> Position:
    """Return a party's position on a unit at a pair of heads."""
    head = None if heads is None else heads.get(party, 0)
    return _chain(chains, party).position(unit, head)


def unit_views(text: Text, *, closed: bool) -> tuple[UnitView, ...]:
    """Return the units in printed order; units agreed to be deleted are no longer among them.

    Args:
        text: The text.
        closed: Whether the instrument is initialled: then every unit is closed.
    """
    faces = text.faces()
    order = in_order(
        {
            unit: face
            for unit, face in faces.items()
            if text.joints[unit].status is not Status.AGREED or unit in text.agreed
        }
    )
    words: dict[str, list[tuple[str, str]]] = {}
    for party in text.opening.parties:
        for each in _chain(text.chains, party).explanations:
            if each.place.inside(text.heads):
                words.setdefault(each.unit, []).append((party, each.text))
    return tuple(
        _unit_view(text, unit, faces=faces, closed=closed, explanations=tuple(words.get(unit, ())))
        for unit in order
    )


def _unit_view(
    text: Text,
    unit: str,
    *,
    faces: Mapping[str, Content],
    closed: bool,
    explanations: tuple[tuple[str, str], ...],
) -> UnitView:
    each = text.joints[unit]
    positions = {party: text.position(party, unit) for party in text.opening.parties}
    alternatives = ((one, text.content(one), by) for one, by in each.alternatives.items())
    return UnitView(
        id=unit,
        label=label_path(faces, unit),
        face=faces[unit],
        status=Status.CLOSED if closed else each.status,
        alternatives=tuple(
            AlternativeView(digest=one, content=content, by=by)
            for one, content, by in alternatives
            if content is not None
        ),
        agreed=each.agreed,
        stances={
            party: (stance.digest, "ad_ref" if stance.ad_ref else "accept")
            for party, stance in each.stances.items()
        },
        reserves={p: one.reserve for p, one in positions.items() if one.reserve is not None},
        parked=tuple(party for party, one in positions.items() if one.parked),
        turn=() if closed else each.turn,
        reopened=sum(one.reopened for one in positions.values()),
        explanations=explanations,
        objections={
            party: one.objection
            for party, one in positions.items()
            if one.objection is not None and one.objection in each.alternatives
        },
    )


def ineffective(text: Text) -> Iterator[NoEffect]:
    """Yield every stance, confirmation and package acceptance that does not count, and why."""
    first, second = text.opening.parties
    packaged = settled(text.deals)
    faces = text.faces()
    for mine, theirs in ((first, second), (second, first)):
        chain = _chain(text.chains, mine)
        head = None if text.heads is None else text.heads.get(mine, 0)
        yield from (each for each in chain.idle if head is None or each.n < head)
        for unit in chain.positions:
            position = text.position(mine, unit)
            why = broken(position, text.position(theirs, unit))
            if why is not None and position.stance is not None and unit not in packaged:
                name = text.name(unit, faces)
                yield NoEffect(
                    party=mine,
                    n=position.stance.n,
                    unit=unit,
                    what="accept",
                    reason=why,
                    message=f"What {mine} stood by on {name} has no effect: {_WHY[why]}",
                )
    yield from no_effects(text.deals)


_WHY = {
    "changed": "that alternative has been changed meanwhile.",
    "withdrawn": "that alternative has been withdrawn meanwhile.",
    "reopened": "the unit has been reopened meanwhile.",
}


def _chain(chains: Chains, party: str) -> Chain:
    return chains.get(party, _EMPTY)


_EMPTY = Chain()
