"""A decision that is entered anew, or declined, in a browser without a window."""

from pathlib import Path

from support.controlled import ASSURANCE, DECISION, WHO, controlled_pair, do, request
from support.loops import on_a_loop
from support.sites import logged_in


@on_a_loop
async def test_a_wrong_decision_is_corrected_from_what_was_entered_and_can_be_declined(
    tmp_path: Path,
) -> None:
    pair, item = await controlled_pair(tmp_path)
    name = await request(pair, item)
    review = {"authority": "Licensing Office", "case": "C-17"}
    await do(pair, pair.a, "authorisations.review", authorisation=name, **review)
    said = {**DECISION, "assurance": ASSURANCE, "quantity": 10, "provisos": ["By sea."]}
    await do(pair, pair.a, "authorisations.approve", authorisation=name, **said)
    path = f"/authorisations/{name}"
    async with await logged_in(pair.a, WHO) as ours, await logged_in(pair.b, WHO) as theirs:
        await ours.get(path)
        assert "takes the place of what was entered before" in ours.words
        field = ours.text.partition('id="quantity-approve"')[2]
        assert 'value="10"' in field.partition(">")[0], "what was entered is to be typed again"
        assert "By sea.</textarea>" in ours.text
        for name_, value in (("number", "L-2026-4"), ("decided", "2026-11-23")):
            field = ours.text.partition(f'id="{name_}-approve"')[2].partition(">")[0]
            assert f'value="{value}"' in field, "the number may be what was right"
        form = {"number": "L-2", "decided": "2026-11-23", "assurance": ASSURANCE, "quantity": "1"}
        await ours.submit(
            f"{path}/approve", form, files={"document": ("decision.pdf", b"They decide.")}
        )
        await pair.settle()
        assert "Earlier decisions" in ours.words
        await theirs.get(path)
        assert "L-2" in theirs.words.partition("Decision")[2].partition("Earlier")[0]
        await theirs.submit(f"{path}/decline", {"reason": ""})
        assert "not assured yet" in theirs.words, "declined without a reason"
        await theirs.submit(f"{path}/decline", {"reason": "We have no such store."})
        assert "Declined; they read why." in theirs.words
        assert "declined by the recipient" in theirs.words
        assert "L-2" in theirs.words.partition("Earlier decisions")[2], "which one was declined"
        await pair.settle()
        await ours.get("/")
        assert "They declined the decision: read why." in ours.words
        await ours.get(path)
        assert "We have no such store." in ours.words
        assert "Hand it to the authority" in ours.words
        assert "Enter the decision" not in ours.words, "no authority has it"
    await pair.close()
