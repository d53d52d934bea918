"""What a user loses if this breaks: a text to start from that holds as it is."""

from pathlib import Path

import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import MisuseError
from comity.foundation.members import rows, text
from comity.node import skeletons
from support.loops import on_a_loop
from support.stages import at_stage
from support.two_nodes import Pair

PLAIN = "MEMO\n\nArticle 1\nTerm\n\nThis Memo remains in force for ten years.\n"


async def begun(pair: Pair, **members: object) -> JsonObject:
    """Start a draft; return it as it is shown."""
    given = {"counterpart": pair.b.did, "title": "Framework", **members}
    made = await pair.a.call("drafts.start", who="desk_officer", **given)
    return await pair.a.call("drafts.show", who="desk_officer", draft=str(made["draft"]))


@pytest.mark.parametrize("skeleton", [str(one["skeleton"]) for one in skeletons.listed()])
@on_a_loop
async def test_a_skeleton_can_be_tabled_as_it_is(tmp_path: Path, skeleton: str) -> None:
    pair = await at_stage("introduced", tmp_path)
    draft = await begun(pair, skeleton=skeleton)
    assert draft["not_understood"] == []
    assert [row["problem"] for row in rows(draft, "fields") if row["problem"]] == []
    assert [row["doubt"] for row in rows(draft, "fields") if row["doubt"]] == []
    ready = {str(row["code"]): row["state"] for row in rows(draft, "ready")}
    open_places = "[" in text(draft, "text")
    assert ready.pop("places", "none") == ("look" if open_places else "none")
    assert set(ready.values()) == {"ok"}
    adopted_alone = {"joint-statement", "terms-of-reference"}
    assert (draft["missing"] is None) == (skeleton not in adopted_alone)
    assert "Aldoria" in text(draft, "text")
    assert "{" not in text(draft, "text")
    await pair.a.call(
        "drafts.table", who="negotiator", draft=str(draft["draft"]), version=draft["version"]
    )
    await pair.settle()
    listed = await pair.b.call("agreements")
    assert [row["title"] for row in rows(listed, "agreements")] == ["Framework"]


@on_a_loop
async def test_a_text_from_a_skeleton_bears_the_title_that_its_author_gave(tmp_path: Path) -> None:
    """Else both sides negotiate a text that is called otherwise than what they negotiate."""
    pair = await at_stage("introduced", tmp_path)
    draft = await begun(pair, skeleton="framework", title="Pact on  Rescue")
    assert text(draft, "text").startswith("PACT ON RESCUE\n\nbetween\n")
    like = await begun(pair, skeleton="framework", title="Article 1")
    assert text(like, "text").startswith("FRAMEWORK FOR COOPERATION\n")
    assert like["not_understood"] == []


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
    draft = await begun(pair, title="Buoys", **given)
    assert "between the Parties: Framework for Cooperation. Where the two" in text(draft, "text")
    (basis,) = [row for row in rows(draft, "fields") if row["name"] == "basis"]
    assert (basis["instrument"], basis["problem"]) == (pair.instrument, None)
    open_one = await begun(pair, skeleton="project-arrangement")
    assert "basis" not in [row["name"] for row in rows(open_one, "fields")]
    assert "[its title and the article on projects]" in text(open_one, "text")
    for told in ({"skeleton": "memorandum"}, {"text": PLAIN}):
        with pytest.raises(MisuseError) as caught:
            await begun(pair, under=pair.instrument, **told)
        assert caught.value.code == "drafts.no_place"
    await pair.close()
