"""Drafts: from a skeleton or a text to the first tabling. Source: agreements.md D6 (journey 2)."""

from pathlib import Path

import pytest

from comity.api.drafting import DraftArea, DraftField
from comity.foundation import base64url
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import ComityError, MisuseError, RefusedError
from comity.foundation.members import one, rows, text, words
from comity.node import skeletons
from support import framework
from support.loops import on_a_loop
from support.stages import at_stage
from support.two_nodes import Pair

PLAIN = "MEMO\n\nArticle 1\nTerm\n\nThis Memo remains in force for ten years.\n"


async def met(root: Path) -> Pair:
    return await at_stage("introduced", root)


async def start(pair: Pair, **members: object) -> JsonObject:
    given = {"counterpart": pair.b.did, "title": "Framework", **members}
    return await pair.a.call("drafts.start", who="desk_officer", **given)


async def shown(pair: Pair, draft: JsonObject, *, who: str = "desk_officer") -> JsonObject:
    return await pair.a.call("drafts.show", who=who, draft=str(draft["draft"]))


async def change(
    pair: Pair, of: JsonObject, operation: str, *, who: str = "desk_officer", **members: object
) -> JsonObject:
    given: dict[str, object] = {"draft": str(of["draft"]), "version": of["version"]}
    return await pair.a.call(f"drafts.{operation}", who=who, **{**given, **members})


def field(draft: JsonObject, name: str) -> JsonObject:
    return next(row for row in rows(draft, "fields") if row["name"] == name)


def state(draft: JsonObject, code: str, **facts: Json) -> str:
    found = [
        text(row, "state")
        for row in rows(draft, "ready")
        if row["code"] == code and facts.items() <= one(row, "facts").items()
    ]
    return found[0]


def term(**members: object) -> DraftField:
    given = {"unit": "Article 1", "quote": "ten years", "years": 10, **members}
    return DraftField(name="term", **given)  # type: ignore[arg-type]  # typed where it is used


@pytest.mark.parametrize("skeleton", [str(one["skeleton"]) for one in skeletons.listed()])
@on_a_loop
async def test_a_skeleton_can_be_tabled_as_it_is(tmp_path: Path, skeleton: str) -> None:
    pair = await met(tmp_path)
    draft = await shown(pair, await start(pair, skeleton=skeleton))
    lacking = ["No articles were found; the text is kept as paragraphs."]
    found = [row["what"] for row in rows(draft, "not_understood")]
    assert found == (lacking if skeleton == "joint-statement" else [])  # it has none
    assert [row["problem"] for row in rows(draft, "fields") if row["problem"]] == []
    assert [row["doubt"] for row in rows(draft, "fields") if row["doubt"]] == []
    if skeleton not in {"joint-statement", "terms-of-reference"}:  # which nobody has to sign
        assert draft["missing"] is None
        assert {row["state"] for row in rows(draft, "ready")} == {"ok"}
    assert "Aldoria" in text(draft, "text")
    assert "{" not in text(draft, "text")
    await change(pair, draft, "table", who="negotiator")
    await pair.settle()
    listed = await pair.b.call("agreements")
    assert [row["title"] for row in rows(listed, "agreements")] == ["Framework"]


@on_a_loop
async def test_a_text_from_a_skeleton_bears_the_title_that_its_author_gave(tmp_path: Path) -> None:
    """Else both sides negotiate a text that is called otherwise than what they negotiate."""
    pair = await met(tmp_path)
    draft = await shown(pair, await start(pair, skeleton="framework", title="Pact on  Rescue"))
    assert text(draft, "text").startswith("PACT ON RESCUE\n\nbetween\n")
    like = await shown(pair, await start(pair, skeleton="framework", title="Article 1"))
    assert text(like, "text").startswith("FRAMEWORK FOR COOPERATION\n")
    assert like["not_understood"] == []


@on_a_loop
async def test_words_that_could_state_a_new_field_are_offered_without_reading_the_text_anew(
    tmp_path: Path,
) -> None:
    """Else a page of a long text takes seconds for what the node knows already."""
    pair = await met(tmp_path)
    draft = await start(pair, text=framework.TEXT)

    async def look(offers: str) -> list[JsonObject]:
        asked = {"draft": str(draft["draft"]), "offers": offers}
        return rows(await pair.a.call("drafts.show", who="desk_officer", **asked), "offered")

    (likeliest, *_) = await look("term")
    assert text(likeliest, "quote") in framework.TEXT
    assert await look("") == []
    with pytest.raises(MisuseError) as refused:
        await look("dance")
    assert refused.value.code == "forms.name"


def test_a_party_called_like_a_placeholder_keeps_its_name() -> None:
    found = skeletons.opened("framework", ours="{B}", theirs="{A}\nBerevan")
    assert "between\n\n{B}\n\nand\n\n{A} Berevan\n" in found.text


@on_a_loop
async def test_an_arrangement_says_in_words_and_in_a_field_which_agreement_it_is_under(
    tmp_path: Path,
) -> None:
    """Else nobody can compute whether a project's arrangement is one of its framework."""
    pair = await at_stage("in_force", tmp_path)
    given = {"skeleton": "project-arrangement", "under": pair.instrument}
    draft = await shown(pair, await start(pair, title="Buoys", **given))
    assert "between the Parties: Framework for Cooperation. Where the two" in text(draft, "text")
    (basis,) = [row for row in rows(draft, "fields") if row["name"] == "basis"]
    assert (basis["instrument"], basis["problem"]) == (pair.instrument, None)
    open_one = await shown(pair, await start(pair, skeleton="project-arrangement"))
    assert "basis" not in [row["name"] for row in rows(open_one, "fields")]
    assert "[its title and the article on projects]" in text(open_one, "text")
    for told in ({"skeleton": "memorandum"}, {"text": PLAIN}):
        with pytest.raises(MisuseError) as caught:
            await start(pair, under=pair.instrument, **told)
        assert caught.value.code == "drafts.no_place"
    await pair.close()


@on_a_loop
async def test_what_is_not_said_comes_from_the_skeleton_or_the_text(tmp_path: Path) -> None:
    pair = await met(tmp_path)
    memo = await shown(pair, await start(pair, skeleton="memorandum", title=""))
    assert (memo["title"], memo["register"]) == ("Memorandum of Understanding", "political")
    own = await shown(pair, await start(pair, text=PLAIN, title=" "))
    assert (own["title"], own["register"]) == ("MEMO", "binding")


@on_a_loop
async def test_a_pasted_text_offers_the_fields_it_seems_to_state(tmp_path: Path) -> None:
    pair = await met(tmp_path)
    draft = await shown(pair, await start(pair, text=framework.TEXT))
    assert draft["fields"] == []
    suggested = {str(row["name"]): row for row in rows(draft, "suggested")}
    assert suggested["term"] == {
        "name": "term",
        "unit": "Article 7",
        "quote": "in force for ten years",
        "years": 10,
        "months": 0,
        "days": 0,
    }
    assert state(draft, "stated", name="entry") == "look"


@on_a_loop
async def test_a_field_that_is_wrong_says_so_in_its_place_and_offers_other_words(
    tmp_path: Path,
) -> None:
    pair = await met(tmp_path)
    draft = await start(pair, text=framework.TEXT, fields=framework.FIELDS)
    edited = framework.TEXT.replace("ten years", "twelve years")
    await change(pair, draft, "update", text=edited)
    now = await shown(pair, draft)
    wrong = field(now, "term")
    assert one(wrong, "problem")["code"] == "fields.quote"
    first = rows(wrong, "offered")[0]
    assert first["quote"] == "This Framework remains in force for twelve years"
    assert state(now, "fields") == "must"
    assert field(now, "review")["problem"] is None
    with pytest.raises(RefusedError, match=r"term.*Nothing has left") as refused:
        await change(pair, now, "table", who="negotiator")
    assert refused.value.code == "drafts.not_ready"


@on_a_loop
async def test_words_and_value_change_together(tmp_path: Path) -> None:
    pair = await met(tmp_path)
    draft = await start(pair, text=PLAIN, fields='["Article 1".term]\nperiod = "P10Y"\n'
                        'quote = "ten years"\n')  # fmt: skip
    await change(
        pair, draft, "field", index=0, reword=True, field=term(quote="twelve years", years=12)
    )
    now = await shown(pair, draft)
    assert "for twelve years." in text(now, "text")
    assert field(now, "term")["plain"] == ["Term: 12 years."]
    assert field(now, "term")["problem"] is None


@on_a_loop
async def test_a_value_that_its_words_do_not_state_is_doubted(tmp_path: Path) -> None:
    pair = await met(tmp_path)
    draft = await start(pair, text=PLAIN)
    await change(pair, draft, "field", field=term(years=12))
    now = await shown(pair, draft)
    assert one(field(now, "term"), "doubt")["code"] == "forms.disagree"
    assert state(now, "doubts") == "look"


@on_a_loop
async def test_fields_follow_their_articles_when_numbers_move(tmp_path: Path) -> None:
    pair = await met(tmp_path)
    draft = await start(pair, text=framework.TEXT, fields=framework.FIELDS)
    moved = framework.TEXT
    for number in range(8, 1, -1):
        moved = moved.replace(f"Article {number}\n", f"Article {number + 1}\n")
    moved = moved.replace("Article 3\nInfo", "Article 2\nCosts\n\nEach pays.\n\nArticle 3\nInfo")
    await change(pair, draft, "update", text=moved)
    now = await shown(pair, draft)
    assert [row["problem"] for row in rows(now, "fields") if row["problem"]] == []
    assert field(now, "term")["unit"] == "Article 8"
    area = rows(field(now, "areas"), "areas")[0]
    assert area["articles"] == ["Article 3"]


@on_a_loop
async def test_two_officials_at_one_draft_lose_nothing(tmp_path: Path) -> None:
    pair = await met(tmp_path)
    draft = await start(pair, text=PLAIN)
    await change(pair, draft, "update", title="One", who="negotiator")
    with pytest.raises(MisuseError, match="Aldoria Chief Negotiator changed") as stale:
        await change(pair, draft, "update", title="Two")
    assert stale.value.code == "drafts.stale"
    assert (await shown(pair, draft))["title"] == "One"


@on_a_loop
async def test_one_can_go_back_also_from_dropped(tmp_path: Path) -> None:
    pair = await met(tmp_path)
    draft = await start(pair, text=PLAIN)
    second = await change(pair, draft, "update", text=PLAIN.replace("ten", "five"))
    dropped = await change(pair, second, "drop")
    with pytest.raises(MisuseError, match="dropped"):
        await pair.a.call("drafts.units", draft=str(draft["draft"]))
    back = await change(pair, {**dropped, "draft": draft["draft"]}, "back", to=1)
    now = await shown(pair, back)
    assert "ten years" in text(now, "text")
    assert [row["version"] for row in rows(now, "versions")] == [3, 1]
    assert [row["what"] for row in rows(now, "versions")] == ["drop", "start"]
    with pytest.raises(MisuseError, match="Version 9"):
        await change(pair, now, "back", to=9)


@on_a_loop
async def test_only_the_last_versions_are_kept(tmp_path: Path) -> None:
    pair = await met(tmp_path)
    draft = await start(pair, text=PLAIN)
    for number in range(25):
        draft = await change(pair, draft, "update", title=f"Title {number}")
    assert len(rows(await shown(pair, draft), "versions")) == 20


@on_a_loop
async def test_one_unit_is_edited_by_itself_and_keeps_its_id(tmp_path: Path) -> None:
    pair = await met(tmp_path)
    draft = await start(pair, text=framework.TEXT, fields=framework.FIELDS)
    page = await pair.a.call("drafts.units", draft=str(draft["draft"]), start=1, limit=500)
    unit = next(row for row in rows(page, "units") if row["label"] == "Article 7")
    lines = framework.TEXT.split("\n")
    assert lines[int(str(unit["line"])) - 1] == "Article 7"
    await change(
        pair,
        draft,
        "update",
        unit=unit["unit"],
        heading="Term",
        words="This Framework remains in force for ten years, and no longer.\r\n",
    )
    again = await pair.a.call("drafts.units", draft=str(draft["draft"]), unit=unit["unit"])
    (row,) = rows(again, "units")
    assert row["heading"] == "Term"
    assert row["text"] == "This Framework remains in force for ten years, and no longer."
    assert field(await shown(pair, draft), "term")["unit_id"] == unit["unit"]


@pytest.mark.parametrize(
    ("beginning", "what"),
    [(b"PK\x03\x04word", "word processor"), (b"%PDF-1.7", "PDF"), (b"{\\rtf1", "rich text")],
)
@on_a_loop
async def test_a_word_file_is_refused_with_what_to_do(
    tmp_path: Path, beginning: bytes, what: str
) -> None:
    pair = await met(tmp_path)
    content = base64url.encode(beginning)
    with pytest.raises(MisuseError, match=what) as refused:
        await pair.a.call("drafts.read_file", who="desk_officer", name="x.docx", content=content)
    assert refused.value.code == "drafts.not_text"
    assert "UTF-8" in refused.value.message


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        ("Artikel 1\nÜber".encode("latin-1"), "import.encoding", 2),
        ("Article 1".encode("utf-16"), "import.utf16", 1),
        ("a\nb \u202e c".encode(), "import.character", 2),
        (b"", "import.empty", 1),
    ],
)
@on_a_loop
async def test_a_file_that_is_no_text_names_the_line(
    tmp_path: Path, data: bytes, code: str, line: int
) -> None:
    pair = await met(tmp_path)
    with pytest.raises(MisuseError) as refused:
        await pair.a.call(
            "drafts.read_file",
            who="desk_officer",
            name="x.txt",
            content=base64url.encode(data),
        )
    assert (refused.value.code, refused.value.facts["line"]) == (code, line)


@on_a_loop
async def test_a_text_file_gives_its_title_and_text(tmp_path: Path) -> None:
    pair = await met(tmp_path)
    read = await pair.a.call(
        "drafts.read_file",
        who="desk_officer",
        name="memo.txt",
        content=base64url.encode(PLAIN.replace("\n", "\r\n").encode()),
    )
    assert read == {"name": "memo.txt", "title": "MEMO", "text": PLAIN}


@on_a_loop
async def test_a_preview_keeps_nothing_and_has_every_error_at_its_place(tmp_path: Path) -> None:
    pair = await met(tmp_path)
    looked = await pair.a.call(
        "drafts.preview",
        who="desk_officer",
        text=PLAIN + "\nArticle 3\n\nOthers.\n",
        fields='["Article 9".term]\nperiod = "P10Y"\nquote = "x"\n["Article 1".length]\na = 1\n',
    )
    assert looked["ok"]
    (gap,) = rows(looked, "not_understood")
    assert (gap["line"], gap["excerpt"]) == (8, "Article 3")
    (fault,) = rows(looked, "faults")
    assert (fault["line"], fault["code"]) == (4, "fields.unknown")
    assert one(rows(looked, "fields")[0], "problem")["code"] == "paths.none"
    bad = await pair.a.call("drafts.preview", who="desk_officer", text="a\nb\u202e\n")
    assert (bad["ok"], one(bad, "error")["line"]) == (False, 2)
    broken = await pair.a.call("drafts.preview", who="desk_officer", text=PLAIN, fields="[[")
    assert rows(broken, "faults")[0]["code"] == "fields_file.syntax"
    assert (await pair.a.call("drafts"))["drafts"] == []


@on_a_loop
async def test_red_lines_are_told_only_to_those_who_may_know(tmp_path: Path) -> None:
    pair = await met(tmp_path)
    draft = await start(
        pair,
        text=framework.TEXT.replace(framework.UNAFFECTED, framework.CONDITIONED),
        fields="",
    )
    line = framework.RED_LINE + 'patterns = ["subject to the consent"]\n'
    await pair.a.call(
        "redlines.set", who="mandate_holder", instrument=str(draft["draft"]), lines=line
    )
    told = await pair.a.call("redlines.draft", who="negotiator", draft=str(draft["draft"]))
    assert [row["label"] for row in rows(told, "findings")] == ["Article 3"]
    for other in ("desk_officer", "signatory", "release_officer"):
        assert framework.RED_LINE_SENTENCE not in str(await shown(pair, draft, who=other))
        with pytest.raises(RefusedError, match="negotiator"):
            await pair.a.call("redlines.draft", who=other, draft=str(draft["draft"]))
    with pytest.raises(RefusedError, match="Article 3") as refused:
        await change(pair, draft, "table", who="negotiator")
    assert refused.value.code == "redlines.blocked"
    await pair.a.call(
        "redlines.deviate",
        who="mandate_holder",
        instrument=str(draft["draft"]),
        line=framework.RED_LINE_ID,
        unit="Article 3",
    )
    tabled = await change(pair, draft, "table", who="negotiator")
    assert tabled["tabled"], "what the mandate holder lets pass can be tabled"


@on_a_loop
async def test_who_may_draft_and_who_may_table(tmp_path: Path) -> None:
    pair = await met(tmp_path)
    draft = await start(pair, text=PLAIN)
    with pytest.raises(RefusedError, match="negotiator"):
        await change(pair, draft, "table")
    with pytest.raises(RefusedError, match="desk_officer"):
        await change(pair, draft, "update", who="signatory", title="Mine")
    able = one(await shown(pair, draft), "tabling")
    assert [row["official"] for row in rows(able, "officials")] == ["mandate_holder", "negotiator"]


@on_a_loop
async def test_a_tabled_draft_says_where_it_is(tmp_path: Path) -> None:
    pair = await met(tmp_path)
    draft = await start(pair, skeleton="framework")
    await change(pair, draft, "table", who="negotiator", reason="As agreed by telephone.")
    with pytest.raises(MisuseError, match="on the table") as gone:
        await shown(pair, draft)
    assert gone.value.facts["status"] == "tabled"


@on_a_loop
async def test_an_area_is_a_form_too(tmp_path: Path) -> None:
    pair = await met(tmp_path)
    draft = await start(pair, text=framework.TEXT)
    area = DraftArea(
        id="information-sharing",
        title="Information sharing",
        articles=["Article 2"],
        actions=["share"],
        kinds=["report"],
        marking_max="PARTNERS",
        purposes=["planning"],
        recipients=["parties"],
        onward="consent",
    )
    quote = "share reports marked PARTNERS or lower under Article 2, for planning"
    made = DraftField(name="areas", unit="Article 1 1.", quote=quote, areas=[area])
    draft = await change(pair, draft, "field", field=made)
    now = await shown(pair, draft)
    assert "under Article 2 the parties may share items" in words(field(now, "areas"), "plain")[0]
    toml = text(now, "toml")
    again = await change(pair, now, "update", fields=toml)
    assert (await shown(pair, again))["fields"] == now["fields"]


@pytest.mark.parametrize(
    ("operation", "members", "code"),
    [
        ("update", {"text": "x", "unit": "u1"}, "drafts.text_twice"),
        ("update", {"unit": "gone", "words": "x"}, "drafts.no_unit"),
        ("update", {"fields": "", "forms": []}, "drafts.fields_twice"),
        ("update", {"fields": "[x]\ny = 1\n"}, "drafts.fields_file"),
        ("update", {"fields": "[["}, "fields_file.syntax"),
        ("update", {"title": "a\nb"}, "drafts.title"),
        ("update", {"title": "a\u202eb"}, "node.character"),
        ("update", {"text": "  "}, "import.empty"),
        ("field", {"field": term(per_party=2)}, "forms.member"),
        ("field", {"index": 3, "field": term()}, "drafts.no_field"),
        ("drop_field", {"index": 3}, "drafts.no_field"),
        ("update", {"draft": "nothing"}, "drafts.none"),
    ],
)
@on_a_loop
async def test_a_wrong_edit_changes_nothing(
    tmp_path: Path, operation: str, members: dict[str, object], code: str
) -> None:
    pair = await met(tmp_path)
    draft = await start(pair, text=PLAIN)
    before = await shown(pair, draft)
    with pytest.raises(ComityError) as refused:
        await change(pair, draft, operation, who="desk_officer", **members)
    assert refused.value.code == code
    assert await shown(pair, draft) == before


@on_a_loop
async def test_words_that_are_not_in_the_text_cannot_be_replaced(tmp_path: Path) -> None:
    pair = await met(tmp_path)
    draft = await start(pair, text=PLAIN)
    made = await change(pair, draft, "field", field=term(quote="eleven years"))
    with pytest.raises(MisuseError) as refused:
        await change(pair, made, "field", index=0, reword=True, field=term(quote="nine years"))
    assert refused.value.code == "drafts.reword"
    gone = await change(pair, made, "drop_field", index=0)
    assert (await shown(pair, gone))["fields"] == []


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({}, "drafts.text_or_skeleton"),
        ({"text": "x", "skeleton": "framework"}, "drafts.text_or_skeleton"),
        ({"skeleton": "../x"}, "drafts.no_skeleton"),
        ({"text": "a\x00b"}, "import.binary"),
        ({"text": PLAIN, "counterpart": "nobody"}, "node.no_counterpart"),
    ],
)
@on_a_loop
async def test_a_draft_starts_from_one_good_thing(
    tmp_path: Path, members: dict[str, object], code: str
) -> None:
    pair = await met(tmp_path)
    with pytest.raises(MisuseError) as refused:
        await start(pair, **members)
    assert refused.value.code == code


@on_a_loop
async def test_a_draft_of_an_older_node_still_opens(tmp_path: Path) -> None:
    pair = await met(tmp_path)
    draft = await start(pair, text=framework.TEXT, fields=framework.FIELDS)
    now = await shown(pair, draft)

    def age(tx: object) -> None:
        things = tx.things  # type: ignore[attr-defined]  # the unit of work of a store
        row = things.get("house", "draft", draft["draft"])
        value = {name: row.value[name] for name in
                 ("title", "register", "language", "relationship", "units")}  # fmt: skip
        things.put("house", "draft", draft["draft"], value=value, status="draft")

    await pair.a.node.ctx.store.write(age)
    old = await shown(pair, draft)
    assert {text(row, "name") for row in rows(old, "fields")} == {
        text(row, "name") for row in rows(now, "fields")
    }
    assert old["not_understood"] == []
