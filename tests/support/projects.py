"""Lives of projects: the terms, sheets and plans of Aldoria and Berevan, and acts on them."""

from types import MappingProxyType
from typing import Final

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.deeds import Deed
from comity.foundation.instants import Instant
from comity.technology.fold import TechnologyState, admit, fold_deeds
from comity.technology.plans import plan_digest
from comity.technology.project_steps import FAMILY
from comity.technology.project_turns import Next, turns
from comity.technology.projects import Project, terms_digest

A: Final = "did:web:a.example"
B: Final = "did:web:b.example"
ID: Final = "urn:uuid:00000000-0000-4000-8000-000000000001"
FRAMEWORK: Final = "urn:uuid:00000000-0000-4000-8000-00000000000a"
ARRANGEMENT: Final = "urn:uuid:00000000-0000-4000-8000-00000000000b"
LOAN: Final = "urn:uuid:00000000-0000-4000-8000-0000000000c1"
ITEM: Final = "urn:uuid:00000000-0000-4000-8000-0000000000d1"
DUE: Final = "2027-06-30T23:59:59Z"
TEXT: Final = "ab" * 32
PEOPLE: Final = {"sponsor": "Ministry of Ports", "user": "Coast Guard"}
TERMS: Final[JsonObject] = {
    "project": ID,
    "instrument": FRAMEWORK,
    "unit": "u8",
    "title": "Drifting buoys that report ice",
    "purpose": "Twelve buoys warn both coasts of ice a day earlier.",
    "area": "technology",
    "answer_by": "2026-12-31T23:59:59Z",
    **PEOPLE,
}
RIGHTS: Final[JsonObject] = {"within": "free", "outside": "consent", "onward": "no"}


def foreseen(name: str = "Pressure sensor", **changes: Json) -> JsonObject:
    """Return one line of a sheet."""
    return {
        "name": name,
        "scheme": "Aldorian control list",
        "code": "6A001",
        "edition": "2026-1",
        "decided_by": "Technology Security Officer",
        "critical": True,
        "release": "conditional",
        "conditions": "Not to be opened.",
        **changes,
    }


def milestone(key: str = "m1", performer: str = A, **changes: Json) -> JsonObject:
    """Return one milestone of a plan."""
    return {
        "key": key,
        "title": f"Milestone {key}",
        "test": "Both see the report.",
        "performer": performer,
        "due": DUE,
        **changes,
    }


def plan(
    *milestones: JsonObject, parties: tuple[str, ...] = (A, B), amount: str = "250000.00"
) -> JsonObject:
    """Return a plan."""
    shares: list[Json] = [
        {"party": each, "amount": amount, "currency": "EUR", "in_kind": ""} for each in parties
    ]
    return {
        "milestones": list(milestones) or [milestone("m1"), milestone("m2", B)],
        "shares": shares,
        "rights": {"background": RIGHTS, "foreground": {**RIGHTS, "outside": "free"}},
    }


def item(ground: str = "background", owner: str = A, **changes: Json) -> JsonObject:
    """Return one item of the register."""
    return {
        "item": ITEM,
        "ground": ground,
        "title": "Hull of the buoy",
        "description": "Drawings 1 to 12.",
        "ref": "",
        "owner": owner,
        "rights": RIGHTS,
        **changes,
    }


class Story:
    """Acts of two parties, each knowing all before it unless told otherwise."""

    def __init__(self, **terms: Json) -> None:
        self.deeds: list[Deed] = []
        self.terms: JsonObject = {**TERMS, **terms}
        self.act(A, "propose", self.terms)

    def act(
        self,
        party: str,
        step: str,
        given: JsonObject = MappingProxyType({}),
        *,
        lc: int | None = None,
        **members: Json,
    ) -> None:
        """Let a party do something, whether or not it counts."""
        n = sum(each.party == party for each in self.deeds)
        deed = Deed(
            party=party,
            n=n,
            seen=len(self.deeds) - n,
            lc=len(self.deeds) + 1 if lc is None else lc,
            kind=f"{FAMILY}.{step}",
            data={"project": ID, **given, **members},
        )
        admit(deed)
        self.deeds.append(deed)

    def both(self, step: str, given: JsonObject = MappingProxyType({}), **members: Json) -> None:
        """Let both do the same."""
        for party in (A, B):
            self.act(party, step, {**given, **members})

    @property
    def state(self) -> TechnologyState:
        """What the acts come to."""
        return fold_deeds(TechnologyState(), self.deeds)

    def now(self) -> Project:
        """The project."""
        found = self.state.projects.get(ID)
        assert found is not None
        return found

    @property
    def idle(self) -> list[str]:
        """The codes of the acts without effect."""
        return [each.code for each in self.state.idle()]

    # --- the way of a project that goes well ----------------------------------------------------

    def explore(self) -> None:
        """B answers."""
        terms = terms_digest(self.now().terms)
        self.act(B, "explore", terms=terms, sponsor="Fisheries Board", user="Ice Service")

    def intend(self) -> None:
        """Both sign the statement of intent."""
        self.both("intend", intent=self.now().intent)

    def sheets(self) -> None:
        """Both enter their sheets."""
        self.act(A, "sheet", items=[foreseen()])
        self.act(B, "sheet", items=[])

    def arrange(self, given: JsonObject = MappingProxyType({})) -> None:
        """The arrangement is named and the plan agreed."""
        self.act(A, "arrange", instrument=ARRANGEMENT, unit="u1")
        self.act(A, "plan", given or plan())
        self.agree()

    def agree(self, party: str = B) -> None:
        """A party agrees to the plan that is put up."""
        put = self.now().plan.put_up
        assert put is not None
        self.act(party, "agree_plan", plan=plan_digest(put))

    def approval(self) -> JsonObject:
        """Return what both approve."""
        agreed = self.now().plan.agreed
        assert agreed is not None
        return {"instrument": ARRANGEMENT, "text": TEXT, "plan": plan_digest(agreed)}

    def approve(self) -> None:
        """Both approve."""
        self.both("approve", self.approval())

    def lend(self) -> None:
        """A lends something."""
        self.act(A, "lend", loan=LOAN, what="Test buoy no. 3", ref="inventory 77", due=DUE)

    def start(self) -> None:
        """A begins the work."""
        self.act(A, "start")

    def wind_up(self) -> None:
        """Both begin to close it."""
        self.both("wind_up")


def at(state: str, **terms: Json) -> Story:
    """Return a project that has come to a state of the way that goes well."""
    story = Story(**terms)
    ways = {
        "exploratory": story.explore,
        "intent_signed": story.intend,
        "exportability_checked": story.sheets,
        "arranging": story.arrange,
        "approved": story.approve,
        "active": story.start,
        "closing": story.wind_up,
    }
    for name, way in ways.items():
        if story.now().status == state:
            break
        way()
        assert story.now().status == name, story.idle
    return story


def first_of(project: Project) -> Next:
    """Return what comes first long before any day of the story; an empty step for nothing."""
    early = Instant.parse("2026-12-01T00:00:00Z")
    return next(iter(turns(project, at=early)), Next(step=""))
