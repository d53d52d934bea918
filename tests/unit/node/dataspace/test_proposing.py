"""Nobody lets a connector in, or changes whom we trust, alone (spec 9.1.7 to 9.1.9)."""

import json
from pathlib import Path
from typing import Final

import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import ComityError
from support.connected import KEY, NAMES, Connected, Line, confirm, connected, own
from support.connector_nodes import rows_in
from support.loops import on_a_loop
from support.two_nodes import Party

#: Another public key of P-256: the base point of the curve.
OTHER_KEY: Final = json.dumps(
    {
        "kty": "EC",
        "crv": "P-256",
        "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
        "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU",
    }
)
THEM: Final = own("Berevan")


def entered(line: Line, **changes: object) -> dict[str, object]:
    """Return what is entered to change the registration of B."""
    told = {name: value for name, value in line.registration("Berevan").items() if name != "id"}
    return {"connector": THEM, "reason": "They told us so.", **told, **changes}


async def refused(party: Party, operation: str, **members: object) -> str:
    """Return the code with which an operation is refused."""
    who = str(members.pop("who", "release_officer"))
    with pytest.raises(ComityError) as error:
        await party.call(operation, who=who, **members)
    return error.value.code


async def registered(two: Connected) -> list[JsonObject]:
    return rows_in(await two.a.call("dataspace.connectors"), "connectors")


@on_a_loop
async def test_a_connector_that_one_person_entered_is_nobody_until_another_confirms(
    tmp_path: Path,
) -> None:
    async with connected(tmp_path, aware=False) as two:
        told = two.line.registration("Berevan")
        made = await two.a.call("dataspace.register", who="release_officer", **told)
        assert await registered(two) == []
        assert two.a.node.dataspace.caller(THEM) is None
        (row,) = rows_in(await two.a.call("dataspace.proposals"), "proposals")
        assert (row["kind"], row["by"], row["connector"]) == ("register", "release_officer", THEM)
        needs = rows_in(await two.a.call("needs"), "needs")
        (need,) = [one for one in needs if one["code"] == "connector.confirm"]
        assert need["object"] == {
            "kind": "proposal",
            "id": made["proposal"],
            "title": NAMES["Berevan"],
        }
        name, digest = made["proposal"], str(made["digest"])
        for who, of, code in (
            ("release_officer", digest, "connectors.own_proposal"),
            ("legal_adviser", "0" * 64, "connectors.other_digest"),
            ("legal_adviser", digest[:7], "connectors.other_digest"),
            ("desk_officer", digest, "officials.role"),
        ):
            found = await refused(two.a, "dataspace.confirm", who=who, proposal=name, digest=of)
            assert found == code
        assert await registered(two) == []
        await confirm(two.a, made)
        (row,) = await registered(two)
        assert (row["connector"], row["name"]) == (THEM, NAMES["Berevan"])
        assert two.a.node.dataspace.caller(THEM) is not None
        for operation, more in (
            ("dataspace.confirm", {"digest": digest}),
            ("dataspace.refuse", {"reason": "Late."}),
        ):
            found = await refused(two.a, operation, who="legal_adviser", proposal=name, **more)
            assert found == "connectors.no_proposal", "it is settled"
        assert await refused(two.a, "dataspace.register", **told) == "connectors.known"


@on_a_loop
async def test_a_changed_key_is_the_only_one_from_its_confirmation_on(tmp_path: Path) -> None:
    async with connected(tmp_path) as two:
        dataspace = two.a.node.dataspace
        before = dataspace.caller(THEM)
        assert before is not None
        made = await two.a.call(
            "dataspace.change",
            who="release_officer",
            **entered(two.line, key=OTHER_KEY, article="Article 7"),
        )
        assert sorted(str(one) for one in made["differs"]) == ["article", "key"]  # type: ignore[union-attr]  # a list
        assert dataspace.caller(THEM) == before, "a proposal holds nothing"
        await confirm(two.a, made)
        after = dataspace.caller(THEM)
        assert after is not None
        assert after.key != before.key
        shown = await two.a.call("dataspace.connector", connector=THEM)
        assert (shown["article"], "f83OJ3D2" in str(shown["key"])) == ("Article 7", False)
        past = rows_in(shown, "history")
        assert [row["what"] for row in past] == ["registered", "proposed", "changed"]
        last = past[-1]
        assert (last["by"], last["proposed_by"]) == ("legal_adviser", "release_officer")
        assert last["reason"] == "They told us so."
        house = await two.a.call("house.entries", who="mandate_holder", kind="house.dataspace")
        assert len(rows_in(house, "entries")) == 4, "each step of both"


@on_a_loop
async def test_what_was_proposed_about_another_state_or_long_ago_does_not_hold(
    tmp_path: Path,
) -> None:
    async with connected(tmp_path) as two:

        async def proposed(**changes: object) -> JsonObject:
            return await two.a.call(
                "dataspace.change", who="release_officer", **entered(two.line, **changes)
            )

        first, second = await proposed(key=OTHER_KEY), await proposed(article="Article 8")
        await confirm(two.a, first)
        told = {"proposal": second["proposal"], "digest": second["digest"]}
        code = await refused(two.a, "dataspace.confirm", who="legal_adviser", **told)
        assert code == "connectors.changed"
        await two.a.call(
            "dataspace.refuse", who="release_officer", proposal=second["proposal"], reason="Old."
        )
        third = await proposed(key=KEY)
        await two.a.call(
            "dataspace.suspend",
            who="release_officer",
            connector=THEM,
            suspended=True,
            reason="Under review.",
        )
        told = {"proposal": third["proposal"], "digest": third["digest"]}
        code = await refused(two.a, "dataspace.confirm", who="legal_adviser", **told)
        assert code == "connectors.changed", "nobody resumes it by the way"
        fourth = await proposed(key=KEY)
        two.pair.clock.at = two.pair.clock.at.plus(7 * 86_400 + 1)
        told = {"proposal": fourth["proposal"], "digest": fourth["digest"]}
        code = await refused(two.a, "dataspace.confirm", who="legal_adviser", **told)
        assert code == "connectors.no_proposal"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, "connectors.nothing_changed"),
        ({"key": "{}"}, "connectors.key"),
        ({"base": "ftp://x"}, "connectors.base"),
        ({"marking_max": "SECRET"}, "connectors.scale"),
        ({"until": "2001-01-01"}, "connectors.until"),
        ({"origins": ["https://x.example/path"]}, "connectors.origin"),
        ({"connector": "nobody"}, "connectors.unknown"),
    ],
)
@on_a_loop
async def test_a_change_that_cannot_be_is_refused_and_nothing_waits(
    tmp_path: Path, change: dict[str, object], code: str
) -> None:
    async with connected(tmp_path) as two:
        found = await refused(two.a, "dataspace.change", **entered(two.line, **change))
        assert found == code
        assert (await two.a.call("dataspace.proposals"))["proposals"] == []
