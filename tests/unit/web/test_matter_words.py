"""Every open matter that both nodes know has words, on the relationship page and at a terminal."""

from pathlib import Path

from comity.cli.relationship import MATTERS
from comity.relationship.matters import CONSEQUENCES
from comity.relationship.news import CODES as TOLD
from comity.web import meeting_needs, need_words, project_needs, relationship

#: What the house alone knows; the pages of the house word it.
HOUSE = {
    *("relationship.frozen", "relationship.unreachable", "relationship.not_accepted"),
    *("release.decide", "transfer.held", "connector.decide", "connector.unreachable"),
    "connector.confirm",
    *("request.sign", "approval.decide", "draft.untabled"),
    *TOLD.values(),
}


def test_no_open_matter_is_shown_as_a_bare_code() -> None:
    rooms = (relationship, meeting_needs)
    text = "".join(Path(str(room.__file__)).read_text(encoding="utf-8") for room in rooms)
    assert [code for code in CONSEQUENCES if code not in HOUSE and f'"{code}"' not in text] == []
    assert set(MATTERS) == set(CONSEQUENCES) - HOUSE


def test_nothing_that_the_other_side_did_is_told_as_a_bare_code() -> None:
    text = Path(need_words.__file__).read_text(encoding="utf-8")
    assert [code for code in TOLD.values() if f'"{code}": visit._(' not in text] == []


def test_no_need_of_a_project_is_shown_as_a_bare_code_whoever_it_is_for() -> None:
    text = Path(project_needs.__file__).read_text(encoding="utf-8")
    for code in CONSEQUENCES:
        if code.startswith("project."):
            assert f'"{code}"' in text, code


def test_no_need_of_a_meeting_is_shown_as_a_bare_code_whoever_it_is_for() -> None:
    text = Path(meeting_needs.__file__).read_text(encoding="utf-8")
    for code in CONSEQUENCES:
        if code.startswith("meeting."):
            alone, together = text.count(f'"{code}": '), text.count(f'"{code}.both": ')
            assert alone >= 2, code
            assert alone + together >= 3, code
