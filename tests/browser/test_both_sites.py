"""One agreement on both sides of the border at once: what each side sees, and only that side."""

import base64
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from browser.conftest import wait_for
from browser.person import Enter, Person, World
from support.framework import CONDITIONED, RED_LINE, RED_LINE_SENTENCE, UNAFFECTED

WIDE = 800
HIGH = 1072
THIRD = "Article 3"
_PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 16px; display: flex; gap: 16px; background: #c9cfd6; }}
figure {{ margin: 0; flex: 1; }}
figcaption {{ font: 600 22px sans-serif; color: #20262d; padding: 0 2px 10px; }}
img {{ width: 100%; display: block; border-radius: 6px; }}
</style><figure><figcaption>{left}</figcaption><img alt="" src="{one}"></figure>
<figure><figcaption>{right}</figcaption><img alt="" src="{other}"></figure>"""


@pytest.fixture(scope="module")
def world(world_at: Callable[[str], World]) -> World:
    """Return a world in which A guards Article 3, and B has tabled another wording of it."""
    world = world_at("tabled")

    async def counter() -> None:
        instrument = world.instrument
        await world.a.call(
            "redlines.set", who="mandate_holder", instrument=instrument, lines=RED_LINE
        )
        forms = {}
        for form in ("clean", "fields"):
            got = await world.b.call("agreements.text", instrument=instrument, form=form)
            text = str(got["text"]).replace(UNAFFECTED, CONDITIONED)
            forms[form] = text.replace('relations = "unaffected"', 'relations = "conditioned"')
        await world.b.call(
            "agreements.counter",
            who="negotiator",
            instrument=instrument,
            text=forms["clean"],
            fields=forms["fields"],
        )
        await world.b.call("agreements.table", who="negotiator", instrument=instrument)

    wait_for(counter())
    return world


def looks(person: Person, world: World) -> None:
    """Go to the article that is in question, as it stands at this side."""
    person.visit(f"/agreements/{world.instrument}?words=relations")
    person.page.set_viewport_size({"width": WIDE, "height": HIGH})
    person.sees(THIRD)


def test_both_see_the_same_article_and_one_alone_its_red_line(world: World, enter: Enter) -> None:
    ours, theirs = enter(world.a, "negotiator"), enter(world.b, "negotiator")
    for person in (ours, theirs):
        looks(person, world)
        assert person.reads("Berevan stands by its wording")
    ours.sees(RED_LINE_SENTENCE)
    assert ours.reads("Your turn")
    assert not theirs.reads(RED_LINE_SENTENCE)
    assert theirs.reads("Waits for")
    _side_by_side(ours, theirs)


def _side_by_side(ours: Person, theirs: Person) -> None:
    """Keep both windows as one picture, where pictures are wanted (make pictures)."""
    folder = os.environ.get("COMITY_PICTURES")
    browser = ours.context.browser
    if not folder or browser is None:
        return
    shown = [
        "data:image/png;base64,"
        + base64.b64encode(person.page.screenshot(animations="disabled")).decode("ascii")
        for person in (ours, theirs)
    ]
    page = browser.new_page(viewport={"width": 2 * WIDE + 48, "height": HIGH + 60})
    page.set_content(
        _PAGE.format(
            left="The site of Aldoria", right="The site of Berevan", one=shown[0], other=shown[1]
        )
    )
    page.screenshot(path=Path(folder) / "both-sites.png", full_page=True)
    page.close()
