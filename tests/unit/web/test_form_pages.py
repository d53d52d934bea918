"""Whoever reloads the address of a form comes to the page of that form."""

import pytest

from comity.web.form_pages import form_page
from comity.web.pages import PAGES


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/projects/p1/sheet/sheet", "/projects/p1/sheet"),
        ("/projects/p1/do/explore", "/projects/p1"),
        ("/projects/a%2F..b/do/explore", "/projects/a%252F..b"),
        ("/agreements/i1/talk", "/agreements/i1"),
        ("/projects/p1/nowhere/at/all", "/projects/p1"),
        ("//elsewhere.example/x", ""),
        ("/nothing/of/ours", ""),
    ],
)
def test_who_reloads_after_a_refused_form_finds_its_page(path: str, page: str) -> None:
    assert form_page(PAGES, path) == page
