"""Chapter 3: nobody rushes, nobody gives up freedom."""

from pathlib import Path

from screen import short
from stage import Answer, Party, both
from story import Story, expect, held
from texts import Edit, edited, field, label, labels, shorter

CONDITION = (
    "Before it concludes an agreement on the same subject with a third party, a Party shall obtain"
    " the consent of the other Party."
)
FREEDOM = "Neither Party owes the other an account of those relations."


def negotiate(story: Story) -> None:
    """B answers, a red line fires, a package settles the rest, the text is clean."""
    _answer(story)
    _red_line_fires(story)
    _own_wording(story)
    _package_taken(story)
    _confirmed(story)


def _table(party: Party, story: Story, *, who: str = "negotiator") -> Answer:
    return held(party.run("agreement", "table", story.instrument, who=who), "a tabling")


def _edited(party: Party, story: Story, *edits: Edit, name: str) -> tuple[Path, Path]:
    """Return the text and the fields as the negotiator edited them, exported from the own node."""
    text, fields = both(
        lambda: party.run("agreement", "text", story.instrument, "--clean"),
        lambda: party.run("agreement", "text", story.instrument, "--fields"),
    )
    shown = party.run("agreement", "show", story.instrument)
    words, table = edited(text["text"], fields["text"], shown=shown, edits=edits)
    files = party.desk / f"{name}.txt", party.desk / f"{name}.fields.toml"
    files[0].write_bytes(words.encode())
    files[1].write_bytes(table.encode())
    return files


def _answer(story: Story) -> None:
    """B accepts most, two units ad referendum, counters three, and reserves one."""
    b, cast = story.b, story.cast
    assert cast is not None
    story.screen.tell(
        "B takes its time. What is accepted ad referendum still needs B's mandate holder; what is"
        " countered stays in brackets. Nothing is agreed by silence."
    )
    shown = story.shown["b"]
    b.run("agreement", "accept", story.instrument, "--all-open", who="negotiator")
    b.run(
        *("agreement", "accept", story.instrument, *cast.referendum, "--ad-referendum"),
        who="negotiator",
    )
    condition = Edit(
        unit=cast.third,
        field="third_parties",
        members={"relations": "conditioned"},
        quote=CONDITION,
        old="",
        new=CONDITION,
    )
    files = _edited(
        b,
        story,
        shorter(shown, cast.term, "term", first="P5Y=five years", second="P3Y=three years"),
        shorter(shown, cast.review, "review", first="P1Y=every year", second="P3Y=every 3 years"),
        condition,
        name="counter",
    )
    countered = b.run(
        *("agreement", "counter", story.instrument, files[0], "--fields", files[1]),
        who="negotiator",
    )
    changed = {change["unit"] for change in countered["changes"]}
    expect(holds=changed == {cast.term, cast.review, cast.third}, what="B counters three units")
    b.run(
        *("agreement", "reserve", story.instrument, cast.reserve, "--kind", "parliamentary"),
        who="negotiator",
    )
    _table(b, story)
    seen = story.settled()
    counts = seen[1]["counts"]
    expect(holds=counts.get("bracketed") == 3, what="three units are in brackets")
    expect(holds=counts.get("reserved") == 1, what="one unit is reserved")
    expect(holds=counts.get("agreed_ad_ref") == 2, what="two units are agreed ad referendum")
    story.screen.sides(
        ["> B's answers are here", *_standing(story, seen[0])],
        ["+ tabled", *_standing(story, seen[1])],
    )


def _standing(story: Story, shown: Answer) -> list[str]:
    """Return how a node says that the text stands."""
    counts, cast = shown["counts"], story.cast
    assert cast is not None
    lines = [f"    {counts.get('agreed', 0)} of {counts['units']} units agreed"]
    if counts.get("agreed_ad_ref"):
        lines.append(f"    ad referendum: {labels(shown, cast.referendum)}")
    if counts.get("reserved"):
        lines.append(f"    reserved: {label(shown, cast.reserve)}")
    lines += [
        f"    [ ] {unit['label']}: {' | '.join(_readings(unit))}"
        for unit in shown["units"]
        if unit["status"] == "bracketed"
    ]
    return lines


def _readings(unit: Answer) -> list[str]:
    """Return what each wording of a unit lays down, in a word or two."""
    return [str(next(iter(each["fields"].values()))["quote"])[:60] for each in unit["alternatives"]]


def _red_line_fires(story: Story) -> None:
    """A's own red line warns A, and blocks A's own acceptance; nobody else learns of it."""
    a, cast = story.a, story.cast
    assert cast is not None
    story.screen.tell(
        "B's wording on third parties would bind A in its relations with others. A's mandate has a"
        " line about that. It is A's own affair."
    )
    fired = [one for one in story.shown["a"]["red_lines"] if one["line"] == story.red_line["id"]]
    expect(holds=[one["unit"] for one in fired] == [cast.third], what="the red line fires there")
    a.run("agreement", "accept", story.instrument, cast.third, who="negotiator")
    error = a.refused("agreement", "table", story.instrument, who="negotiator")
    expect(holds=error["code"] == "redlines.blocked", what="A's acceptance is blocked")
    a.run("agreement", "unstage", story.instrument, who="negotiator")
    story.red_line_fired = True
    seen = story.look()
    story.screen.sides(
        [
            f"! {fired[0]['label']}: our red line «{fired[0]['sentence']}»",
            f"    because {fired[0]['why']}",
            "x our own acceptance is blocked; nothing has left",
        ],
        [f"  red lines that B's node knows of: {len(seen[1]['red_lines'])}"],
    )


def _own_wording(story: Story) -> None:
    """A counters with wording of its own, and offers a package on term and review."""
    a, cast = story.a, story.cast
    assert cast is not None
    shown = story.shown["a"]
    free = Edit(
        unit=cast.third,
        field="third_parties",
        members={},
        quote=field(shown, cast.third, "third_parties")["quote"],
        old="",
        new=FREEDOM,
    )
    files = _edited(a, story, free, name="own-wording")
    countered = a.run(
        *("agreement", "counter", story.instrument, files[0], "--fields", files[1]),
        who="negotiator",
    )
    expect(
        holds=[change["unit"] for change in countered["changes"]] == [cast.third],
        what="A changes one unit",
    )
    offered = a.run(
        *("agreement", "package", "offer", story.instrument),
        *("--give", cast.review, "--ask", cast.term),
        who="negotiator",
    )
    expect(holds=not offered["red_lines"], what="no red line stands against A's own wording")
    _table(a, story)
    seen = story.settled()
    give, ask = label(seen[0], cast.review), label(seen[0], cast.term)
    story.screen.sides(
        [
            f"+ own wording of {label(seen[0], cast.third)}: «... {FREEDOM}»",
            f"+ a package: your {give} for our {ask}",
        ],
        [
            f"> new wording of {label(seen[1], cast.third)}",
            f"> a package, all or nothing: {len(seen[1]['packages'])} on the table",
        ],
    )


def _package_taken(story: Story) -> None:
    """B accepts A's wording and the package, and lifts its reserve."""
    b, cast = story.b, story.cast
    assert cast is not None
    b.run("agreement", "accept", story.instrument, cast.third, who="negotiator")
    b.run("agreement", "package", "accept", story.instrument, "last", who="negotiator")
    b.run("agreement", "lift", story.instrument, "all", who="negotiator")
    _table(b, story)
    seen = story.settled()
    expect(holds=not seen[1]["counts"].get("bracketed"), what="no brackets are left")
    story.screen.sides(
        ["> accepted, the reserve is lifted", *_standing(story, seen[0])],
        ["+ wording and package accepted, reserve lifted", *_standing(story, seen[1])],
    )


def _confirmed(story: Story) -> None:
    """B's mandate holder confirms; the text is clean, and both computed the same."""
    b = story.b
    b.run("agreement", "confirm", story.instrument, "all", who="holder")
    _table(b, story, who="holder")
    seen = story.settled()
    expect(holds=all(one["clean"] and one["text"] for one in seen), what="the text is clean")
    expect(holds=seen[0]["text"] == seen[1]["text"], what="both computed the same text")
    story.screen.sides(
        ["+ confirmed by B", *_clean(seen[0])],
        [f"+ {b.names['holder']} confirms the two", *_clean(seen[1])],
    )


def _clean(shown: Answer) -> list[str]:
    return [
        f"    {shown['counts']['agreed']} of {shown['counts']['units']} units agreed",
        *_terms(shown),
        f"= the text is clean; computed here: {short(shown['text'])}",
    ]


def _terms(shown: Answer) -> list[str]:
    """Return what both have agreed where they differed, as a node shows it."""
    names = ("term", "review", "third_parties")
    return [
        f"    {unit['label']}: {unit['fields'][name]['quote']}"
        for unit in shown["units"]
        for name in names
        if name in unit["fields"]
    ]
