"""Controlled items in a browser without a window: classified, authorised, assured, refused."""

import html
import re
from pathlib import Path

from comity.foundation.members import one, rows
from support.controlled import (
    ASSURANCE,
    DECISION,
    WHO,
    approve,
    authorised,
    classify,
    controlled_pair,
    do,
    fetch,
    request,
)
from support.crossing import CONTENT, bring_in, sharing_pair, until
from support.loops import on_a_loop
from support.sites import logged_in
from support.stages import at_stage
from support.two_nodes import Pair

CLASS = "Munitions List: ML 9.c"
HOSTILE = "<script>alert(1)</script> =1+1 שלום"


async def grounds(pair: Pair) -> str:
    found = (await pair.a.call("grounds"))["grounds"]
    assert isinstance(found, list)
    row = next(each for each in found if each["article"] == "Article 2")
    return f"{row['instrument']} {row['unit']}"


@on_a_loop
async def test_an_officer_classifies_an_item_and_reads_that_it_needs_an_authorisation(
    tmp_path: Path,
) -> None:
    pair = await sharing_pair(tmp_path)
    item = await bring_in(pair.a)
    async with await logged_in(pair.a, WHO) as shown:
        await shown.get("/controls")
        assert "There is none." in shown.words
        form = {
            "item": item,
            "counterpart": (await pair.a.relationship()).rel_id,
            "scheme": "Munitions List",
            "code": HOSTILE,
            "list_version": "2026",
            "decided_by": "Licensing Office",
            "value": "a lot",
            "currency": "EUR",
            "words": "",
        }
        await shown.submit("/controls", form)
        assert "is no amount" in shown.words
        await shown.submit("/controls", {**form, "value": "12.50"})
        assert "From now on it crosses only under an authorisation." in shown.words
        assert "&lt;script&gt;" in shown.text
        await shown.get(f"/sharing/items/{item}")
    await pair.close()


@on_a_loop
async def test_both_sides_take_an_authorisation_to_the_point_where_items_cross(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    async with await logged_in(pair.a, WHO) as ours:
        await ours.get("/authorisations/new")
        form = {
            "counterpart": (await pair.a.relationship()).rel_id,
            "grounds": await grounds(pair),
            "title": f"A sonar {HOSTILE}",
            "exporter": "us",
            "item": item,
            "classes": "",
            "use": "The survey.",
            "project": "Survey 2027",
            "words": "",
        }
        await ours.submit("/authorisations", {**form, "grounds": ""})
        assert "Choose the article in force" in ours.words
        await ours.submit("/authorisations", form)
        assert "Asked for. Nothing crosses by that." in ours.words
        for fact in ("Article 2", "ML 9.c", "Licensing Office", "Survey 2027", "The survey."):
            assert fact in ours.words
        assert ours.page is not None
        path = ours.page.url.path
        await ours.submit(f"{path}/review", {"authority": "Office", "case": "C-17"})
        assert "The decision is the authority's." in ours.words
        name = path.rpartition("/")[2]
        await ours.submit(f"{path}/approve", {"number": "L-4", "quantity": "0"})
        assert "from 1 on" in ours.words, "nothing at all must not become no limit"
        await ours.get(path)
        await pair.a.call(
            "authorisations.approve",
            who=WHO,
            authorisation=name,
            number="L-4",
            decided="2026-11-23",
            document="ab" * 32,
            assurance=ASSURANCE,
            quantity=1,
            provisos=["Two persons carry it."],
        )
        await pair.settle()
        await ours.get(path)
        for fact in ("approved with provisos, not assured yet", "Two persons carry it."):
            assert fact in ours.words
        async with await logged_in(pair.b, WHO) as theirs:
            await theirs.get(path)
            await theirs.submit(f"{path}/assure", {"assurance": "Something else."})
            assert "word by word" in theirs.words
            await theirs.submit(f"{path}/assure", {"assurance": ASSURANCE})
            assert "The assurance is given." in theirs.words
            await theirs.submit(f"{path}/accept", {})
            assert "active" in theirs.words
            await pair.settle()
            await theirs.get("/authorisations")
            assert "1 of 1" in theirs.words
            assert "number L-4 case C-17" in theirs.words
        await ours.get("/")
        assert "They gave the assurance and accepted the provisos" in ours.words
        await ours.get(path)
        await ours.submit(f"{path}/suspend", {"basis": "Condition 4", "reason": "An inquiry."})
        for fact in ("Nothing crosses under it at either end.", "An inquiry."):
            assert fact in ours.words
    await pair.close()


@on_a_loop
async def test_who_may_not_is_told_who_can_and_nothing_unknown_is_done(tmp_path: Path) -> None:
    pair, _ = await controlled_pair(tmp_path)
    async with await logged_in(pair.a, "negotiator") as shown:
        for page in ("/controls", "/authorisations/new"):
            await shown.get(page)
            assert "technology security officer" in shown.words
    await pair.close()


@on_a_loop
async def test_a_community_is_asked_for_by_its_members(tmp_path: Path) -> None:
    pair = await at_stage("in_force", tmp_path)
    async with await logged_in(pair.a, WHO) as ours:
        await ours.get("/authorisations/new")
        assert "For an authorised community in place of single items" in ours.words
        await ours.submit(
            "/authorisations",
            {
                "counterpart": (await pair.a.relationship()).rel_id,
                "grounds": await grounds(pair),
                "title": "A community of buoy makers",
                "exporter": "us",
                "item": "",
                "classes": "",
                "use": "Repair of buoys.",
                "project": "",
                "members": "Aldoria Buoys\nBerevan Marine",
                "excluded": "Munitions List: ML 9.c",
                "words": "",
            },
        )
        for fact in ("Aldoria Buoys", "Berevan Marine", "ML 9.c"):
            assert fact in ours.words
    await pair.close()


@on_a_loop
async def test_who_is_refused_a_controlled_item_reads_whose_act_is_missing_and_goes_there(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    async with await logged_in(pair.b, WHO) as theirs:
        await theirs.get("/received")
        assert "No authorisation covers it. Either side can ask for one." in theirs.words
        (link,) = set(re.findall(r'href="(/authorisations/new[^"]+)"', theirs.text))
        await theirs.get(html.unescape(link))
        assert f'<option value="{item}" dir="auto" selected>' in theirs.text
        assert '<option value="them" dir="auto" selected>' in theirs.text
        assert f'<option value="{await grounds(pair)}" dir="auto" selected>' in theirs.text
        form = {
            "counterpart": (await pair.b.relationship()).rel_id,
            "grounds": await grounds(pair),
            "title": "A sonar",
            "exporter": "them",
            "item": item,
            "use": "The survey.",
            "classes": "",
            "project": "",
            "words": "",
        }
        await theirs.submit("/authorisations", form)
        assert "Asked for. Nothing crosses by that." in theirs.words
        await pair.settle()
        async with await logged_in(pair.a, WHO) as ours:
            await ours.get(f"/items/{item}")
            assert "Our technology security officer must enter the decision." in ours.words
        await theirs.get("/received")
        assert "Their technology security officer must decide." in theirs.words
    await pair.close()


@on_a_loop
async def test_an_authorisation_that_is_used_up_or_stopped_is_named_with_what_is_to_be_done(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await authorised(pair, item, quantity=1)
    await request(pair, item, title="Another for its class", items=[], classes=[CLASS])
    assert (await fetch(pair, item))["received"] is True
    await pair.settle()
    async with await logged_in(pair.b, WHO) as theirs:
        await theirs.get("/received")
        assert f'href="/authorisations/{name}?open=amend#amend"' in theirs.text
        assert "the quantity of its authorisation is used up" in theirs.words
        told: dict[str, object] = {"authorisation": name, "basis": "Condition 4"}
        await do(pair, pair.a, "authorisations.suspend", **told, reason="An inquiry.")
        await theirs.get("/received")
        assert "its authorisation is suspended" in theirs.words
        assert "Their technology security officer can let it go on." in theirs.words
        assert f'href="/authorisations/{name}"' in theirs.text
        assert "Another for its class" not in theirs.words
    async with await logged_in(pair.a, "release_officer") as ours:
        await ours.get(f"/items/{item}")
        assert "Our technology security officer can let it go on." in ours.words
    await pair.close()


@on_a_loop
async def test_a_wish_that_cannot_be_released_says_what_is_missing_and_the_class_of_its_item(
    tmp_path: Path,
) -> None:
    pair = await sharing_pair(tmp_path)
    item = await bring_in(pair.a)
    asked = await pair.a.call(
        "items.offer", who="desk_officer", item=item, counterpart=pair.b.did, onward=False
    )
    wish = f"/releases/{asked['wish']}"
    async with await logged_in(pair.a, WHO) as ours:
        await ours.get(f"/items/{item}")
        assert "not classified" in ours.words
        (link,) = set(re.findall(r'href="(/controls\?[^"]+)"', ours.text))
        await ours.get(html.unescape(link))
        assert f'<option value="{item}" dir="auto" selected>' in ours.text
        await classify(pair, item)
        await ours.get(f"/items/{item}")
        assert "Classify it anew" in ours.words
    async with await logged_in(pair.a, "release_officer") as ours:
        await ours.get(wish)
        assert "ML 9.c" in ours.words
        assert "The wish waits here; what is missing stands above." in ours.words
        assert "No authorisation covers it." in ours.words
        assert "Classify it" not in ours.words
        ends = {"ends": "2027-01-31", "quantity": 2, "provisos": ["Two persons carry it."]}
        ends |= {"purposes": ["joint_development"], "recipients": ["Berevan"]}
        await request(pair, item, title="Another for it")
        await authorised(pair, item, **ends)
        await ours.get(wish)
        for fact in (
            "number L-2026-4 , version 1 left: 2 of 2 transfers Expires on 31 Jan 2027",
            "Two persons carry it.",
            "Only for joint development.",
            "Only to Berevan.",
            "not decided yet",
        ):
            assert fact in ours.words
    await pair.close()


@on_a_loop
async def test_a_classified_item_leads_to_itself_and_to_what_authorises_it(tmp_path: Path) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await authorised(pair, item)
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        await ours.get("/controls")
        assert f'href="/items/{item}"' in ours.text
        assert f'href="/authorisations/{name}"' in ours.text
        await ours.get("/controls", format="csv")
        assert "Version of the list" in ours.text
        assert "Munitions List,2026,Licensing Office,A sonar for the survey (L-2026-4)" in ours.text
        await theirs.get("/controls")
        assert f'href="/items/{item}"' not in theirs.text
        assert f'href="/authorisations/{name}"' in theirs.text
    await pair.close()


@on_a_loop
async def test_a_recipient_of_nothing_reads_that_nothing_came_before_it_was_stopped(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await authorised(pair, item)
    told: dict[str, object] = {"authorisation": name, "basis": "Condition 4"}
    await do(pair, pair.a, "authorisations.suspend", **told, reason="An inquiry.")
    async with await logged_in(pair.b, WHO) as theirs:
        for path in ("/", f"/authorisations/{name}"):
            await theirs.get(path)
            assert "nothing has come under it yet, and no transfer can start" in theirs.words
            assert "Stop the use" not in theirs.words
        await do(pair, pair.a, "authorisations.revoke", **told, reason="It is over.")
        await theirs.get(f"/authorisations/{name}")
        assert "Nothing came under it, and nothing can." in theirs.words
        assert "Stop the use" not in theirs.words
    await pair.close()


@on_a_loop
async def test_a_recipient_reads_on_the_first_page_and_on_its_own_what_was_stopped_and_why(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await authorised(pair, item)
    assert (await fetch(pair, item))["received"] is True
    told: dict[str, object] = {"authorisation": name, "basis": "Condition 4"}
    await do(pair, pair.a, "authorisations.suspend", **told, reason="An inquiry.")
    async with await logged_in(pair.b, WHO) as theirs, await logged_in(pair.a, WHO) as ours:
        await theirs.get("/")
        assert "They suspended it: nothing crosses under it. Stop the use" in theirs.words
        assert "Stop the use" in theirs.words.partition("Nothing waits for others of us")[0]
        for shown in (ours, theirs):
            await shown.get(f"/authorisations/{name}")
            for fact in ("Condition 4", "An inquiry.", "suspended", "Since", "for both"):
                assert fact in shown.words
        await theirs.get("/authorisations", state="ours")
        assert f'href="/authorisations/{name}"' in theirs.text
        await ours.get("/")
        assert "Let it go on, or revoke it." in ours.words
        await do(pair, pair.a, "authorisations.revoke", **told, reason="It is over.")
        await theirs.get("/")
        assert "say what became of it" in theirs.words
        await theirs.get(f"/authorisations/{name}")
        assert "They revoked it: it has ended" in theirs.words
        await do(
            pair,
            pair.b,
            "authorisations.dispose",
            authorisation=name,
            how="destroyed",
            report="All of it.",
        )
        for shown in (ours, theirs):
            await shown.get("/authorisations")
            assert shown.words.count("for us") == 1, "only in the words above the list"
    await pair.close()


@on_a_loop
async def test_what_was_revoked_before_it_was_accepted_waits_for_nobody(tmp_path: Path) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await request(pair, item)
    await approve(pair, name, provisos=["Two persons carry it."])
    told: dict[str, object] = {"authorisation": name, "basis": "Condition 4"}
    await do(pair, pair.a, "authorisations.revoke", **told, reason="It is over.")
    for party in (pair.a, pair.b):
        (row,) = rows(await party.call("authorisations"), "authorisations")
        assert (row["status"], row["waits_for"]) == ("revoked", None)
    await pair.close()


@on_a_loop
async def test_a_second_fetch_says_what_it_counts_and_that_the_item_is_here_already(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await authorised(pair, item, quantity=2)
    async with await logged_in(pair.b, "desk_officer") as shown:
        await shown.get("/received")
        assert "This counts as one more transfer under the authorisation" in shown.words
        assert "0 of 2 used" in shown.words
        await shown.submit("/received/fetch")
        assert "Say that it may be counted, then fetch." in shown.words
        assert not rows(await pair.b.call("transfers"), "transfers")
        await shown.submit("/received/fetch", {"counted": "1"})
        await until(pair, pair.b, lambda row: row["state"] == "COMPLETED")
        await pair.settle()
        await shown.get("/received")
        assert "1 of 2 used" in shown.words
        assert "It is here already:" in shown.words
        (came,) = set(re.findall(r'href="(/transfers/urn[^"]+)"', shown.text))
        assert (await shown.get(came)).status_code == 200
    (use,) = rows(await pair.b.call("authorisations.show", authorisation=name), "uses")
    assert use["received"] is True
    await pair.close()


@on_a_loop
async def test_a_quantity_in_bytes_is_told_in_bytes_before_a_fetch(tmp_path: Path) -> None:
    pair, item = await controlled_pair(tmp_path)
    await authorised(pair, item, quantity=5000, unit="bytes")
    async with await logged_in(pair.b, "desk_officer") as shown:
        await shown.get("/received")
        assert f"This counts {len(CONTENT)} more bytes under the authorisation" in shown.words
        assert "0 of 5,000 used" in shown.words
    await pair.close()


@on_a_loop
async def test_a_number_that_an_authority_has_used_already_is_asked_about(tmp_path: Path) -> None:
    pair, item = await controlled_pair(tmp_path)
    await authorised(pair, item)
    name = await request(pair, item, title="A second one")
    path = f"/authorisations/{name}"
    async with await logged_in(pair.a, WHO) as ours:
        await ours.get(path)
        again = {"_step": "review", "authority": "licensing  office", "case": "c-17"}
        await ours.submit(f"{path}/review", again)
        assert "has used 'c-17' already, for «A sonar for the survey»." in ours.words
        assert 'name="number_again"' in ours.text
        await ours.submit(f"{path}/review", {**again, "number_again": "1"})
        assert "The decision is the authority's." in ours.words
        form = {
            "_step": "deny",
            "number": str(DECISION["number"]),
            "decided": "2026-11-23",
            "reason": "It is open.",
        }
        file = {"document": ("decision.pdf", b"They decide.")}
        await ours.submit(f"{path}/deny", form, files=file)
        assert "already, for «A sonar for the survey»." in ours.words
        await ours.submit(f"{path}/deny", {**form, "number": "L-2026-5"}, files=file)
        assert "denied" in ours.words
    await pair.close()


@on_a_loop
async def test_the_purposes_of_a_decision_are_chosen_among_those_of_the_agreement(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await request(pair, item)
    path = f"/authorisations/{name}"
    told: dict[str, object] = {"authority": "Licensing Office", "case": "C-17"}
    await do(pair, pair.a, "authorisations.review", authorisation=name, **told)
    async with await logged_in(pair.a, WHO) as ours:
        await ours.get(path)
        assert 'type="checkbox" name="purposes" value="planning"' in ours.text
        assert "Ask for an end-use check" not in ours.words, "nothing crossed yet"
        form = {
            "_step": "approve",
            "number": "L-2026-4",
            "decided": "2026-11-23",
            "assurance": ASSURANCE,
            "purposes": ["planning"],
        }
        file = {"document": ("decision.pdf", b"They decide.")}
        await ours.submit(f"{path}/approve", form, files=file)
        assert "Nothing crosses before the recipient has given the assurance." in ours.words
        await ours.get("/endchecks/new")
        assert "Nothing crossed under an authorisation yet" in ours.words
    found = await pair.a.call("authorisations.show", authorisation=name)
    (proviso,) = rows(one(found, "decision"), "provisos")
    assert one(proviso, "check") == {"kind": "purposes", "purposes": ["planning"]}
    await pair.close()
