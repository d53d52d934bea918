"""What a user loses if this breaks: sentences that say what was done, whoever may turn them."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from comity.agreements.lifecycle import Event, State
from comity.foundation.instants import Instant
from comity.record.kinds import KINDS
from comity.web import why_words, wording
from comity.web.texts import Words

WORDS = Words(language="en", zone=ZoneInfo("UTC"))


def test_a_day_that_bounds_a_period_is_said_as_that_day_alone_wherever_its_reader_is() -> None:
    there = Words(language="en", zone=ZoneInfo("Europe/Paris"))
    for words in (WORDS, there):
        assert words.bound(Instant.parse("2027-01-31T23:59:59Z")) == "31 Jan 2027"
        assert words.bound(Instant.parse("2027-01-31T00:00:00Z")) == "31 Jan 2027"
    assert there.bound(Instant.parse("2027-01-31T12:00:00Z")) == "31 Jan 2027, 13:00 CET"
    said = there.bounds("Not before 2026-01-01T00:00:00Z. Not after 2027-99-99T00:00:00Z.")
    assert said == "Not before 1 Jan 2026. Not after 2027-99-99T00:00:00Z."


def told(code: str, **facts: object) -> str:
    return wording.bare(wording.told(WORDS, {"code": code, "facts": facts}, who="Aldoria"))


@pytest.mark.parametrize("code", KINDS)
def test_every_kind_of_entry_is_said_in_words_however_little_is_left_of_it(code: str) -> None:
    said = told(code)
    assert said.startswith("Aldoria ")
    assert said.endswith(".")
    assert wording.kind(WORDS, code) != code
    for body in ("erased", "missing", "unreadable"):
        row = {"code": code, "facts": {}, "body": body}
        assert wording.kind(WORDS, code) in wording.told(WORDS, row, who="Aldoria")


def test_a_kind_of_a_newer_node_stands_for_itself() -> None:
    assert told("agreement.dance") == "agreement.dance"
    assert why_words.state(WORDS, "dancing") == "dancing"
    assert why_words.because(WORDS, {"code": "danced"}) == "danced"
    assert why_words.house(WORDS, {"code": "house.dance"}) == "house.dance"


def test_a_tabling_counts_its_moves_and_names_its_units() -> None:
    moves = {"accept": 1, "propose": 2}
    assert told("agreement.table", moves=moves, units=["Article 1", "Article 4"], units_more=0) == (
        "Aldoria tabled: 1 unit accepted, 2 texts proposed (Article 1, Article 4)."
    )
    many = [f"Article {n}" for n in range(8)]
    assert "Article 3 and 1,204 more" in told(
        "agreement.table", moves=moves, units=many, units_more=1200
    )
    assert "tabled “Framework”" in told("agreement.table", moves={}, opens=True, title="Framework")


def test_no_name_turns_a_sentence_around_or_runs_through_the_page() -> None:
    evil = "\u202egninrut\u2069 <script>\n" + "x" * 20_000
    said = wording.told(
        WORDS, {"code": "powers.grant", "facts": {"name": evil, "office": "Minister"}}, who=evil
    )
    assert "\u202e" not in said
    assert said.count("\u2068") == said.count("\u2069") == 3
    assert len(said) < 600
    assert "\n" not in said


@pytest.mark.parametrize("state", [*State])
def test_states_that_this_rule_set_reaches_have_words(state: State) -> None:
    later = {
        State.IDEA,
        State.MANDATED,
        State.DRAFTING,
        State.PROVISIONAL,
        State.ENDING,
        State.TERMINATED,
        State.SUPERSEDED,
    }
    assert (str(state) in why_words._STATES) is (state not in later)


@pytest.mark.parametrize(
    "event",
    [
        *(Event.TABLED, Event.ANSWERED, Event.REOPENED, Event.UNCLEANED, Event.CLEANED),
        *(Event.ADOPTED, Event.INITIALLED, Event.VOID, Event.REVOKED, Event.READY, Event.SIGNED),
        *(Event.ENTRY_CONDITIONS, Event.ENTERED, Event.SUSPENDED, Event.RESUMED),
        *(Event.TERM_OVER, Event.ABANDONED),
    ],
)
def test_every_reason_for_a_state_is_said_in_words(event: Event) -> None:
    reason = {"code": event.name.lower(), "article": "Article 9", "at": "2026-11-23T09:00:00Z"}
    said = why_words.because(WORDS, {**reason, "units": ["Article 1"], "units_more": 7})
    assert said.endswith(".")
    assert "%(" not in said


def test_a_suspension_says_its_article_its_units_and_its_end() -> None:
    said = why_words.because(
        WORDS,
        {
            "code": "suspended",
            "article": "Article 9",
            "at": "2026-11-23T09:00:00Z",
            "units": ["Article 4"],
            "units_more": 0,
        },
    )
    assert wording.bare(said) == (
        "It is suspended under Article 9. Only these units: Article 4."
        " It ends by itself 23 Nov 2026, 09:00 UTC."
    )


def test_every_kind_of_the_house_log_has_words() -> None:
    node = Path(why_words.__file__).parents[1] / "node"
    written = {
        kind
        for module in node.rglob("*.py")
        for kind in re.findall(r'"(house\.[a-z_]+)"', module.read_text(encoding="utf-8"))
    }
    assert written - {"house.entries"} - set(why_words._HOUSE) == set()


def test_who_did_it_is_person_signer_or_rule() -> None:
    who = {"signer": "Ann", "office": "Minister", "entered_by": "ann", "entered_by_name": "Ann B"}
    assert wording.bare(why_words.by_whom(WORDS, who)) == (
        "signed by Ann, Minister; entered by Ann B"
    )
    assert why_words.by_whom(WORDS, {"rule": "anchor-daily"}) == "by rule: once a day"
    assert why_words.by_whom(WORDS, None) == ""


def test_a_size_is_written_as_the_reader_writes_it() -> None:
    zone = ZoneInfo("UTC")
    english, french = (Words(language=each, zone=zone) for each in ("en", "fr"))
    said = [(words.size(1), words.size(42_803), words.size(3 << 40)) for words in (english, french)]
    assert said == [("1 byte", "41.8 KiB", "3.0 TiB"), ("1 octet", "41,8 Kio", "3,0 Tio")]
