"""Journey 1, in a real browser: read what came, answer with the keyboard alone, table."""

import re
from collections.abc import Callable

import pytest

from browser.person import VIEWS, Enter, Person, World
from support.framework import CONDITIONED, RED_LINE_SENTENCE

THIRD = "Article 3"
#: Answer a unit. Source: agreements.md D6 (1).
ANSWER_ACTIONS_MAX = 3
DURATION = "Article 7"
TWELVE = "This Framework remains in force for twelve years."
KINDS = ("keep", "forbid_wording", "forbid_effect", "authority", "field", "field?field=term")
MORE = "Reserve, object, park, explain"
#: Each answer with the unit that gets it, and what a person does for it without a keyboard.
ANSWERS = {
    "Article 4": ("Accept",),
    "Article 5": ("Accept ad referendum",),
    "Article 6": (MORE, "Place a reserve"),
    "Article 8": (MORE, ("Reason or explanation", "It says too little."), "Object"),
    "Article 2": (
        "Counter with another wording",
        ("Our wording", "The Party that holds an item decides alone whether it is released."),
        "Put our wording into the tray",
    ),
}


@pytest.fixture(scope="module")
def world(world_at: Callable[[str], World]) -> World:
    return world_at("tabled")


def at_text(person: Person, world: World) -> str:
    path = f"/agreements/{world.instrument}"
    person.visit(path)
    return path


@pytest.mark.parametrize("view", ["desktop-light", "phone-dark"])
def test_every_page_of_a_text_can_be_read_by_everybody(
    world: World, enter: Enter, view: str
) -> None:
    person = enter(world.b, "negotiator", view=view)
    path = at_text(person, world)
    for part in ("", "/compare", "/rounds", "/packages", "/red-lines", "/history", "/tray"):
        person.visit(path + part)
        person.check_page()
        person.picture(f"negotiating{part.replace('/', '-') or '-text'}-{view}")
    person.visit("/agreements")
    person.check_page()


@pytest.mark.parametrize("view", ["desktop-light", "phone-light"])
def test_each_of_the_five_answers_is_given_in_three_actions(
    world: World, enter: Enter, view: str
) -> None:
    person = enter(world.b, "negotiator", view=view)
    text = at_text(person, world)
    for label, steps in ANSWERS.items():
        unit = person.page.locator("[data-unit]").filter(
            has=person.page.get_by_role("heading", name=re.compile(rf"^{label} "))
        )
        person.count()
        for step in steps:
            if isinstance(step, tuple):
                person.type(unit.get_by_label(step[0]), step[1])
            elif step in {MORE, "Counter with another wording"}:
                person.click(unit.get_by_text(step, exact=True))
            else:
                person.click(unit.get_by_role("button", name=step, exact=True))
        assert person.actions <= ANSWER_ACTIONS_MAX, label
        assert person.page.url.partition("#")[0].endswith(text), "one screen"
        person.sees("Not sent yet")
    person.sees(f"{len(ANSWERS)} in the tray")
    person.visit(f"{text}/tray")
    person.click("Empty the tray")


def set_red_lines(world: World, enter: Enter) -> None:
    """Let A's mandate holder set a red line by its form, once it was seen that it stops nothing."""
    holder = enter(world.a, "mandate_holder")
    path = at_text(holder, world)
    holder.visit(f"{path}/red-lines")
    holder.follow("An effect that must not come")
    holder.write("What it says, in the words of our mandate", RED_LINE_SENTENCE)
    holder.choose("Nothing that", "conditions_third_parties")
    holder.click("See where it would fire now")
    holder.sees("This line would fire now on:")
    holder.sees("Nothing that is on the table")
    holder.click("Set this red line")
    holder.sees("nobody outside our side learns of it")
    holder.sees(RED_LINE_SENTENCE)
    holder.check_page()


def counter_by_keys(person: Person) -> None:
    """Counter Article 3; its field loses its quote, the page says so there, and nothing is lost."""
    units = person.page.locator("[data-unit] h2").all_inner_texts()
    third = next(index for index, words in enumerate(units) if words.startswith(THIRD))
    person.key(*(["j"] * (third + 1)))
    person.count()
    person.key("c")
    person.page.keyboard.press("Control+A")
    person.page.keyboard.insert_text(f"This Framework {CONDITIONED}.")
    person.key("Tab")
    person.expect_refusal()
    person.key("Enter")
    assert person.actions == ANSWER_ACTIONS_MAX
    person.sees("no longer says")
    person.sees("The words it quotes do not stand in that unit any more.")
    person.check_page()
    person.picture("countering-refused")
    person.tab_to("Relations with others", role="combobox")
    person.page.keyboard.press("ArrowDown")
    person.tab_to("none of these: the words below", role="radio")
    person.page.keyboard.press("ArrowUp")
    person.tab_to("Put our wording into the tray")
    person.key("Enter")
    person.sees("1 in the tray")
    person.sees(CONDITIONED)


def test_a_text_is_answered_and_tabled_with_the_keyboard_alone(world: World, enter: Enter) -> None:
    set_red_lines(world, enter)
    person = enter(world.b, "negotiator")
    at_text(person, world)
    person.page.keyboard.press("?")
    person.sees("next unit")
    person.check_page()
    person.page.keyboard.press("Escape")
    counter_by_keys(person)
    person.key("k")
    person.count()
    person.key("a")
    person.sees("2 in the tray")
    assert person.actions == 1
    person.picture("negotiating-answered")
    person.check_page()
    person.key("t")
    person.sees("What it leaves")
    person.check_page()
    person.picture("negotiating-tray")
    person.page.get_by_role("button", name="Table: now it leaves").focus()
    person.key("Enter")
    person.sees("Tabled: entry")

    other = enter(world.a, "negotiator")
    at_text(other, world)
    other.sees(RED_LINE_SENTENCE)
    assert other.page.locator("del").count()
    other.check_page()
    other.page.locator("del").first.scroll_into_view_if_needed()
    other.picture("negotiating-redline")


def test_keys_do_nothing_while_a_person_types(world: World, enter: Enter) -> None:
    person = enter(world.b, "negotiator")
    at_text(person, world)
    search = person.page.get_by_label("Words")
    search.fill("")
    search.press_sequentially("jackrout?")
    assert search.input_value() == "jackrout?"
    assert person.page.url.split("?")[0].endswith(world.instrument)


def test_without_script_every_answer_can_be_given(world: World, enter: Enter) -> None:
    person = enter(world.b, "negotiator")
    cookies = person.context.storage_state()
    browser = person.context.browser
    assert browser is not None
    plain = browser.new_context(storage_state=cookies, java_script_enabled=False)
    page = plain.new_page()
    page.goto(f"{person.base}/agreements/{world.instrument}")
    unit = page.locator("[data-unit]").filter(has_text="Article 7")
    unit.get_by_role("button", name="Accept ad referendum").click()
    assert "Nothing has left yet" in page.locator("main").inner_text()
    unit = page.locator("[data-unit]").filter(has_text="Article 7")
    unit.get_by_role("button", name="Remove from the tray").click()
    assert "Removed from the tray" in page.locator("main").inner_text()
    plain.close()


def place_of(person: Person, world: World, label: str) -> str:
    """Return the address of a unit of the text."""
    at_text(person, world)
    link = person.page.locator("[data-unit] h2 a").filter(has_text=label).first
    return str(link.get_attribute("href"))


def test_a_number_and_its_words_are_countered_by_form_with_the_keyboard_alone(
    world: World, enter: Enter
) -> None:
    person = enter(world.b, "negotiator")
    person.visit(place_of(person, world, DURATION))
    person.key("j", "c")
    person.tab_to("Heading, what it lays down, deletion", role="link")
    person.key("Enter")
    person.sees("What the words lay down")
    person.check_page()
    for field, words in (
        ("Our wording", TWELVE),
        ("Years", "12"),
        ("Which words of the unit state it", "twelve years"),
    ):
        person.tab_to(field, role="spinbutton" if field == "Years" else "textbox")
        person.page.keyboard.press("Control+A")
        person.page.keyboard.insert_text(words)
    person.tab_to("See what would be tabled")
    person.key("Enter")
    person.sees("What would be tabled")
    person.sees("The agreement runs for 12 years.")
    assert person.page.locator("#would ins").first.inner_text().strip() == "twelve"
    person.check_page()
    person.picture("countering-preview")
    person.tab_to("Put our wording into the tray")
    person.key("Enter")
    person.sees("Our wording is in the tray")
    person.sees("for twelve years")


@pytest.mark.parametrize("view", VIEWS)
def test_counters_and_red_lines_by_form_can_be_read_by_everybody(
    world: World, enter: Enter, view: str
) -> None:
    person = enter(world.b, "negotiator", view=view)
    for label in ("Article 1 1.", DURATION):
        person.visit(f"{place_of(person, world, label)}/counter")
        person.check_page()
        person.picture(f"countering-{label[8]}-{view}")
        person.write("Which words of the unit state it", "words that are not there")
        person.click("See what would be tabled")
        person.sees("what is wrong stands at its place below")
        person.check_page()
    person.visit(f"{place_of(person, world, DURATION)}/counter?as=text")
    person.check_page()
    holder = enter(world.b, "mandate_holder", view=view)
    path = f"{at_text(holder, world)}/red-lines"
    for part in ("", "/text", *(f"/new/{kind}" for kind in KINDS)):
        holder.visit(path + part)
        holder.check_page()
        holder.picture(f"red-line{part.replace('/', '-').replace('?', '-')}-{view}")
    holder.write("What it says, in the words of our mandate", f"eight years at most ({view})")
    holder.write("Years", "8")
    holder.click("See where it would fire now")
    holder.sees("the field term is 10 years, not at most 8 years")
    holder.check_page()
    holder.picture(f"red-line-tried-{view}")
    holder.click("Set this red line")
    holder.sees("Duration: at most 8 years.")
    holder.check_page()
    holder.picture(f"red-lines-set-{view}")
    holder.follow(f"Change or take away: eight years at most ({view})")
    holder.sees("This line fires now on:")
    holder.check_page()
    holder.click("Take this red line away")
    holder.sees("The red line is taken away")
