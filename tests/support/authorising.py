"""Acts on controls and authorisations of two parties, each knowing all before it."""

from types import MappingProxyType
from typing import Final

import attrs

from comity.agreements.controlled import Against, ControlFacts, Wanted, authorised
from comity.agreements.mandates import Permitted, Refused, Ruling
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import Deed
from comity.foundation.instants import Instant
from comity.technology import fold
from comity.technology.authorisation_acts import decision_digest
from comity.technology.authorisations import Authorisation
from comity.technology.controls import control_id
from comity.technology.covering import Wish, control_facts
from comity.technology.fold import TechnologyState
from comity.technology.provisos import Proviso, provisos_digest

A, B = "did:web:a.example", "did:web:b.example"
ID: Final = "urn:uuid:00000000-0000-4000-8000-000000000001"
ITEM: Final = "urn:uuid:00000000-0000-4000-8000-00000000000b"
DIGEST: Final = "0d" * 32
CONTROL: Final = control_id(A, DIGEST)
ASSURANCE: Final = "For the stated use only; not to be passed on."
NOTHING: Final[JsonObject] = MappingProxyType({})
TERMS: Final[JsonObject] = {
    "authorisation": ID,
    "type": "licence",
    "instrument": "urn:uuid:00000000-0000-4000-8000-00000000000a",
    "unit": "u1",
    "area": "",
    "project": "",
    "title": "A sonar for the survey",
    "exporter": A,
    "recipient": B,
    "items": [{"item": ITEM, "digest": DIGEST}],
    "classes": [],
    "members": [],
    "excluded": [],
    "use": "The survey of the strait.",
}
CLASS: Final[JsonObject] = {
    "scheme": "Munitions List",
    "code": "ML 9.c",
    "list_version": "2026",
    "decided_by": "Licensing Office",
    "value": None,
}
ONCE: Final[JsonObject] = {
    "text": "One transfer.",
    "check": {"kind": "quantity", "amount": 1, "unit": "transfers"},
}


def transfer_id(number: int) -> str:
    return f"urn:uuid:00000000-0000-4000-9000-{number:012d}"


#: What B asks about passing on, and what A asks to see.
CONSENT: Final[JsonObject] = {
    "instrument": "urn:uuid:00000000-0000-4000-8000-00000000000a",
    "unit": "u1",
    "transfer": "urn:uuid:00000000-0000-4000-9000-000000000001",
    "item": ITEM,
    "third": "Navy Yard of Cerulia",
    "use": "Repair.",
}
LOOK: Final[JsonObject] = {
    "instrument": "urn:uuid:00000000-0000-4000-8000-00000000000a",
    "unit": "u1",
    "authorisation": ID,
    "title": "Where the sonar is",
    "what": "That it is on the survey ship.",
}


class Acts:
    """A story told by acts; what they come to is folded anew at each look."""

    def __init__(self) -> None:
        self.deeds: list[Deed] = []

    def act(  # who, what, about which thing
        self,
        party: str,
        kind: str,
        given: JsonObject = NOTHING,
        *,
        thing: str = ID,
        lc: int | None = None,
        **members: Json,
    ) -> Deed:
        """Write an act; what has not its form is refused here."""
        n = sum(each.party == party for each in self.deeds)
        family = kind.partition(".")[0]
        deed = Deed(
            party=party,
            n=n,
            seen=len(self.deeds) - n,
            lc=len(self.deeds) + 1 if lc is None else lc,
            kind=kind,
            data={family: thing, **given, **members},
        )
        fold.admit(deed)
        self.deeds.append(deed)
        return deed

    @property
    def state(self) -> TechnologyState:
        return fold.fold_deeds(TechnologyState(), self.deeds)

    @property
    def idle(self) -> list[str]:
        return [each.code for each in self.state.idle()]

    def now(self) -> Authorisation:
        found = self.state.authorisations.get(ID)
        assert found is not None
        return found

    # --- the life of an authorisation ---------------------------------------------------------

    def classify(self) -> None:
        self.act(A, "control.classify", CLASS, thing=CONTROL, item=ITEM, digest=DIGEST)

    def request(self, party: str = A, terms: JsonObject = NOTHING) -> None:
        self.act(party, "authorisation.request", {**TERMS, **terms})

    def review(self, party: str = A) -> None:
        self.act(party, "authorisation.review", authority="Licensing Office", case="C-17")

    def approve(self, *provisos: JsonObject, step: str = "approve", **more: Json) -> None:
        self.act(
            A,
            f"authorisation.{step}",
            {
                "number": "L-2026-4",
                "decided": "2026-11-20",
                "document": "ab" * 32,
                "assurance": ASSURANCE,
                "cosigned": False,
                "provisos": list(provisos),
                **more,
            },
        )

    def assure(self, **more: Json) -> None:
        found = self.now().decision
        decision = "0" * 64 if found is None else decision_digest(found)
        self.act(
            B,
            "authorisation.assure",
            {"decision": decision, "assurance": ASSURANCE, "document": None, **more},
        )

    def accept(self, *provisos: Proviso) -> None:
        found = self.now().decision
        known = provisos or (() if found is None else tuple(found.provisos))
        self.act(B, "authorisation.accept", provisos=provisos_digest(known))

    def decline(self, *, party: str = B, **more: Json) -> None:
        found = self.now().decision
        decision = "0" * 64 if found is None else decision_digest(found)
        self.act(
            party,
            "authorisation.decline",
            {"decision": decision, "reason": "We have no such store.", **more},
        )

    def use(self, number: int, *, party: str = A, size: int = 10, **more: Json) -> None:
        self.act(
            party,
            "authorisation.use" if party == A else "authorisation.receive",
            {
                "transfer": transfer_id(number),
                "item": ITEM,
                "digest": DIGEST,
                "bytes": size,
                "value": None,
                **more,
            },
        )

    def report(
        self, party: str, *counts: int, last: bool = False, ends: str = "2026-11-30"
    ) -> None:
        transfers, received, size = counts
        self.act(
            party,
            "authorisation.report",
            {
                "starts": "2026-11-01",
                "ends": ends,
                "transfers": transfers,
                "received": received,
                "bytes": size,
                "last": last,
            },
        )


def approved(*provisos: JsonObject) -> Acts:
    """Return a story up to the decision."""
    story = Acts()
    story.classify()
    story.request()
    story.review()
    story.approve(*provisos)
    return story


def active(*provisos: JsonObject) -> Acts:
    """Return a story up to the point where items may cross."""
    story = approved(*provisos)
    story.assure()
    if provisos:
        story.accept()
    return story


AT = Instant.parse("2026-12-01T00:00:00Z")
FINE: Ruling = Permitted(article="Article 2", unit="u1", area="")
STOPPED: Ruling = Refused(code="suspended", reason="Article 2 is suspended.", article="Article 2")
WISH = Wish(sha256=DIGEST, bytes=10, sender=A, recipient=B, transfer=None)
WANTED = Wanted(recipient=B, purpose="planning", onward=False)
LATER = "2027-01-31T23:59:59Z"


def facts(story: Acts, *, basis: Ruling = FINE, **wish: object) -> ControlFacts | None:
    wanted = attrs.evolve(WISH, **wish)  # type: ignore[arg-type]  # members by name
    state = story.state
    return control_facts(state.controls, state.authorisations, wanted, basis=lambda _: basis)


def ruled(
    story: Acts,
    *,
    basis: Ruling = FINE,
    at: Instant = AT,
    transfer: str | None = None,
    onward: bool = False,
) -> str:
    """Return the code of the ruling on the item, or its authorisation's id."""
    control = facts(story, basis=basis, transfer=transfer)
    assert control is not None
    found = authorised(control, attrs.evolve(WANTED, onward=onward), at=at)
    return found.code if isinstance(found, Against) else found.authorisation
