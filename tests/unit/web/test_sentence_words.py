"""What a user loses if this breaks: a reader of another language is refused in English.

Each sentence is made by the room that makes it, so that none can change there unseen.
"""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import attrs
import pytest

from comity.agreements.controlled import Against, ControlFacts, Grant, Wanted, authorised
from comity.agreements.fields import fields_plain_words
from comity.agreements.fold import agreement_in_force
from comity.agreements.importing import import_text
from comity.agreements.mandates import Agreement, Crossing, Refused, Suspension, rule_on
from comity.agreements.model import Content
from comity.agreements.redlines import Candidate, RedLine, check
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.instants import Instant
from comity.sharing.check import No, Wish, may_send
from comity.sharing.model import Item
from comity.web.sentence_words import PHRASES, SENTENCES, retold
from comity.web.texts import Words
from support.parties import NOW, A, B
from support.talks import content, field, in_force

FRENCH = Words(language="fr", zone=ZoneInfo("UTC"))
AT = NOW.plus(100)

CROSSING = Crossing(
    sender=A,
    recipient=B,
    area="reports",
    action="share",
    kind="report",
    marking="restricted",
    purpose="planning",
    onward=False,
    control=None,
    release=None,
    stage="send",
)
ELSEWHERE = "did:web:stranger.example"
CHANGES: tuple[dict[str, object], ...] = (
    {"area": "space"},
    {"action": "meet"},
    {"kind": "software"},
    {"marking": "cosmic"},
    {"marking": "secret"},
    {"purpose": "sale"},
    {"recipient": ELSEWHERE},
    {"onward": True},
    {},
)
#: Numbers that jump, come twice and come back, a list of contents, and a sentence like a heading.
ODD = """A TEXT

Contents
Article 1 .... 3
Article 2 .... 4

Article 1
One

1. First.

3. Third.

3. Third again.

Article 4
Four

Article 2
Two

Article 4
Again

Article 5 applies to all that the Parties do with one another and to nothing else at all.
"""


def rulings() -> Iterator[str]:
    agreement = agreement_in_force(in_force().view())
    unit, area = agreement.areas[0]
    yield _reason(attrs.evolve(agreement, in_force_at=None))
    yield _reason(attrs.evolve(agreement, in_force_at=AT.plus(9)))
    yield _reason(attrs.evolve(agreement, ends_at=AT))
    for units in ((), ("u3",)):
        for until in (None, AT.plus(60)):
            one = Suspension(digest="d", party=A, units=units, until=until, article="Article 5 1.")
            yield _reason(attrs.evolve(agreement, suspensions=(one,)))
    for change in CHANGES:
        yield _reason(agreement, **change)
    closed = attrs.evolve(area, policy=attrs.evolve(area.policy, onward="refused"))
    yield _reason(attrs.evolve(agreement, areas=((unit, closed),)), onward=True)
    asked = attrs.evolve(area, policy=attrs.evolve(area.policy, onward="consent"))
    yield _reason(attrs.evolve(agreement, areas=((unit, asked),)), onward=True)
    item = Item(
        id="i", digest="0" * 64, bytes=1, media="text/plain", area="reports", action="share",
        kind="report", marking="open", purpose="planning",
    )  # fmt: skip  # one thing
    wish = Wish(item=item, sender=A, recipient=B, onward=False, control=None)
    said = may_send(None, wish, release=None, at=AT)
    assert isinstance(said, No)
    yield said.reason
    yield "The counterpart offers this without a request."  # sharing/contracts.py


def controlled() -> Iterator[str]:
    """What stands against a controlled item, condition by condition."""
    grant = Grant(
        authorisation="urn:uuid:0",
        called="The authorisation «Sonar» (L-1)",
        status="assured",
        accepted=True,
        basis=None,
        recipients=None,
        purposes=None,
        onward=True,
        starts=None,
        ends=None,
        quantity=None,
        value=None,
    )
    states = (
        *("requested", "in_review", "withdrawn", "returned", "denied", "revoked", "reconciled"),
        *("suspended", "approved", "approved_with_provisos"),
    )
    changes: tuple[dict[str, object], ...] = (
        {"accepted": False},
        {"basis": "Article 3 is suspended by them under Article 5."},
        {"starts": AT.plus(5)},
        {"ends": AT.plus(-5)},
        {"recipients": (ELSEWHERE,)},
        {"purposes": ("survey",)},
        {"onward": False},
        {"quantity": (0, 1)},
        {"value": (0, None)},
    )
    wanted = Wanted(recipient=B, purpose="planning", onward=True)
    for change in (*changes, *({"status": status} for status in states)):
        one = attrs.evolve(grant, **change)  # type: ignore[arg-type]  # real members
        facts = ControlFacts(control="c", called="ML 9.c of List (2026)", grants=(one,))
        found = authorised(facts, wanted, at=AT)
        assert isinstance(found, Against), change
        yield found.reason
    none = authorised(ControlFacts(control="c", called="ML 9.c", grants=()), wanted, at=AT)
    assert isinstance(none, Against)
    yield none.reason


def _reason(agreement: Agreement, **change: object) -> str:
    crossing = attrs.evolve(CROSSING, **change)  # type: ignore[arg-type]  # real members
    ruling = rule_on(agreement, crossing, at=AT)
    assert isinstance(ruling, Refused), change
    return ruling.reason


def red_lines() -> Iterator[str]:
    term = content("for a time", fields={"term": field("a time", period="P11Y6M")})
    conditioned = field("others", relations="conditioned", onward="free")
    others = content("relations", fields={"third_parties": conditioned})
    for test, value in (("at_most", "P1Y"), ("at_least", "P20Y1D"), ("equals", "P1Y")):
        yield _why("field", term, field="term", test=test, value=value)
    yield _why("field", others, field="third_parties", test="equals", value={"onward": "refused"})
    yield _why("keep", term, wordings=["self-reliance"])
    yield _why("keep", term, wordings=["our people's own"], label="Article 2")
    yield _why("forbid_wording", term, patterns=["for a time"])
    yield _why("forbid_effect", others, effect="conditions_third_parties")
    yield _why("forbid_effect", others, effect="onward_sharing")
    yield _why("authority", content("x", label="Article 2"), labels=["Article 2"], role="signatory")


def _why(kind: str, unit: Content, **rule: Json) -> str:
    line = RedLine.read({"id": "l", "kind": kind, "severity": "red", "sentence": "No.", **rule})
    (found,) = check([line], [Candidate(unit="u1", content=unit)], direction="outgoing", role="x")
    return found.why


def findings() -> Iterator[str]:
    for text in (ODD, "Only words.\n\nAnd more words.\n"):
        yield from (each.what for each in import_text(text.encode(), name="t").not_understood)


def fields() -> Iterator[str]:
    """What a text lays down: every field, and an area of both kinds."""
    values: tuple[tuple[str, JsonObject], ...] = (
        ("term", {"period": "P10Y"}),
        ("notice", {"period": "P6M"}),
        ("review", {"period": "P1Y6M"}),
        ("entry", {"when": "last_signature", "days": 0}),
        ("entry", {"when": "last_signature", "days": 30}),
        ("marking_scale", {"levels": ["OPEN", "LIMITED"]}),
        ("signatories", {"per_party": 2}),
        ("basis", {"instrument": "urn:uuid:0", "title": "Pact"}),
        *(
            ("suspension", {"by": by, "scope": scope})
            for by in ("either", "both")
            for scope in (["whole"], ["unit"], ["whole", "unit"])
        ),
        *(
            ("third_parties", {"relations": relations, "onward": onward})
            for relations in ("unaffected", "conditioned")
            for onward in ("refused", "consent", "free")
        ),
    )
    for name, value in values:
        yield from fields_plain_words({name: {"value": value, "quote": ""}})
    ((_, area),) = agreement_in_force(in_force().view()).areas
    for changes in (
        {"actions": ("share", "meet", "transfer_technology"), "onward": "free"},
        {"recipients": (A, B), "onward": "consent"},
        {"onward": "refused"},
    ):
        policy = attrs.evolve(area.policy, **changes)
        yield f"Area {area.id} ({area.title}): {policy.words({})}."
        yield policy.words({"u3": "Article 3"})


SAID = tuple(dict.fromkeys((*rulings(), *controlled(), *red_lines(), *findings(), *fields())))


@pytest.mark.parametrize("sentence", SAID)
def test_what_a_room_says_is_read_in_the_readers_language(sentence: str) -> None:
    told = retold(FRENCH, sentence)
    assert told is not None, sentence
    assert told != sentence
    assert "%(" not in told


def test_no_form_is_left_that_no_room_says() -> None:
    """Else a sentence was changed in its room, and its old words stand here for nothing."""
    french = {FRENCH.gettext(form).partition("%(")[0] for form in SENTENCES}
    told = [str(retold(FRENCH, sentence)) for sentence in SAID]
    unsaid = [start for start in french if start and not any(t.startswith(start) for t in told)]
    assert unsaid == []


def test_the_facts_stand_in_the_sentence() -> None:
    said = "Article 6 permits up to 'PARTNERS'; the item is marked 'RESTRICTED'."
    told = str(retold(FRENCH, said))
    assert [word in told for word in ("Article 6", "PARTNERS", "RESTRICTED")] == [True] * 3
    told = str(retold(FRENCH, "the field term is 10 years, not at most 1 year 6 months"))
    assert [word in told for word in ("durée", "10 ans", "1 an 6 mois")] == [True] * 3
    told = str(retold(FRENCH, f"Framework ended at {Instant.parse('2026-12-01T10:00:00Z')}."))
    assert "2026-12-01T" not in told
    laid = "Suspension: by either party alone, as a whole or article by article."
    assert str(retold(FRENCH, laid)).endswith("dans son ensemble ou article par article.")


def test_the_parts_of_what_a_text_lays_down_are_said_too() -> None:
    """Else a French sentence ends in English words."""
    told = [str(retold(FRENCH, sentence)) for sentence in fields()]
    left = [phrase for phrase in PHRASES for each in told if phrase in each and phrase != "meet"]
    assert left == []


@pytest.mark.parametrize(
    "sentence", ["", "A line of another program.", "x" * 9_000 + " is not in force."]
)
def test_what_no_room_says_stays_as_it_is(sentence: str) -> None:
    assert retold(FRENCH, sentence) is None


def test_a_reader_of_english_reads_the_sentence_itself() -> None:
    english = Words(language="en", zone=ZoneInfo("UTC"))
    assert all(retold(english, sentence) is None for sentence in SAID)
