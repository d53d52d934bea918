"""What a form offers a desk officer, and what becomes of the names that files come with."""

import unicodedata

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.agreements.mandates import Agreement
from comity.foundation.instants import Instant
from comity.sharing.choices import choices, levels_up_to, usual_action
from comity.sharing.names import (
    FILE_NAME_BYTES_MAX,
    TITLE_CHARS_MAX,
    file_name,
    title_of,
)
from comity.sharing.reading import is_line
from support.sharing import AGREEMENT, AT, SUSPENDED, A, B

LATER = Instant.parse("2030-01-01T00:00:00Z")


def test_a_form_offers_what_the_agreement_permits_and_under_which_article() -> None:
    (found,) = choices([AGREEMENT], sender=A, recipient=B, at=AT)
    assert found.refused is None
    assert found.articles() == (("u-art4", "Article 4"),)
    assert found.markings == ("open", "limited")
    assert (found.unit, found.area.id) == ("u-areas", "sharing")


@pytest.mark.parametrize(
    ("agreement", "code"),
    [
        (SUSPENDED, "suspended"),
        (attrs.evolve(AGREEMENT, in_force_at=LATER), "not_in_force"),
        (attrs.evolve(AGREEMENT, scale=("open",)), "marking_unknown"),
        (attrs.evolve(AGREEMENT, parties=(A, "did:web:x.example")), "recipient_not_allowed"),
    ],
)
def test_a_closed_area_stays_in_sight_and_says_why(agreement: Agreement, code: str) -> None:
    (found,) = choices([agreement], sender=A, recipient=B, at=AT)
    assert found.refused is not None
    assert found.refused.code == code


@pytest.mark.parametrize(
    "agreement",
    [attrs.evolve(AGREEMENT, in_force_at=None), attrs.evolve(AGREEMENT, ends_at=AT)],
)
def test_a_form_does_not_offer_what_never_bound_or_has_ended(agreement: Agreement) -> None:
    assert choices([agreement], sender=A, recipient=B, at=AT) == ()


def test_an_agreement_without_a_last_day_is_offered() -> None:
    endless = attrs.evolve(AGREEMENT, ends_at=None)
    assert len(choices([endless], sender=A, recipient=B, at=AT)) == 1


def test_what_an_area_lets_be_transferred_is_not_shared_where_nobody_says_what() -> None:
    (found,) = choices([AGREEMENT], sender=A, recipient=B, at=AT)
    assert usual_action([found], "sharing") == "share"
    assert usual_action([found], "elsewhere") == "share"
    policy = attrs.evolve(found.area.policy, actions=("transfer_technology", "license"))
    other = attrs.evolve(found, area=attrs.evolve(found.area, policy=policy))
    assert usual_action([other], "sharing") == "transfer_technology"
    assert usual_action([other, found], "sharing") == "share"


def test_levels_are_offered_up_to_the_highest_permitted() -> None:
    assert levels_up_to("open", scale=("open", "limited")) == ("open",)
    assert levels_up_to("cosmic", scale=("open", "limited")) == ()


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("survey.pdf", "survey.pdf"),
        ("C:\\fakepath\\survey.pdf", "survey.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\u200f.pdf", "a.pdf"),
        ("line\r\nbreak\x00.txt", "line break.txt"),
        ("u\u0308ber.txt", "\u00fcber.txt"),
        ('a<b>:"c|d?e*.txt', "a_b___c_d_e_.txt"),
        ("...", "file"),
        ("", "file"),
        ("\u202e", "file"),
        ("con", "file-con"),
        ("LPT1.txt", "file-LPT1.txt"),
        (".bashrc", "bashrc"),
        ("no ending. at all, it is a sentence", "no ending. at all, it is a sentence"),
        ("x" * 400 + ".pdf", "x" * 196 + ".pdf"),
        ("\u6e2c" * 150 + ".pdf", "\u6e2c" * 83 + ".pdf"),
        ("\u0631\u0627\u067e\u0648\u0631.pdf", "\u0631\u0627\u067e\u0648\u0631.pdf"),
    ],
)
def test_a_hostile_file_name_becomes_one_that_shows_what_it_is(told: str, kept: str) -> None:
    assert file_name(told) == kept


@given(st.text())
def test_any_name_can_be_kept_shown_and_written_on_any_system(told: str) -> None:
    name = file_name(told)
    assert is_line(name, chars_max=200)
    assert unicodedata.is_normalized("NFC", name)
    assert len(name.encode()) <= FILE_NAME_BYTES_MAX
    assert not set(name) & set('/\\<>:"|?*')
    assert file_name(name) == name, "cleaning a clean name changes nothing"


@given(st.text())
def test_any_title_of_a_counterpart_can_be_shown(told: str) -> None:
    assert is_line(title_of(told, otherwise="(no title)"), chars_max=TITLE_CHARS_MAX)


def test_a_title_with_nothing_to_show_says_so() -> None:
    assert title_of("\u202e\n", otherwise="(no title)") == "(no title)"
    assert title_of("  Survey \n of ice", otherwise="-") == "Survey of ice"
