"""Playbooks and profiles as people write them: read, refused, tried out (spec 9.5, 9.9)."""

from pathlib import Path

import pytest

from comity.foundation.errors import ComityError
from comity.node.dataspace.planning import read_rules, text_of
from comity.node.dataspace.profile import PROFILE_BYTES_MAX, read_profile
from support.connector_nodes import PEER, facing, profile_text, rows_in, rule
from support.loops import on_a_loop

LIMITED = 'when = { counterpart = ["a", "\\"b\\"\\n"], dataset = ["c"] }\n'
TWO = rule("provider", "negotiation", "REQUESTED", "offer", after="5s", more=LIMITED) + rule(
    "consumer", "transfer", "STARTED", "fetch"
)


def test_a_playbook_comes_back_as_it_was_written() -> None:
    rules = read_rules(TWO)
    assert len(rules) == 2
    assert rules[0].when.counterpart == ("a", '"b"\n')
    assert read_rules(text_of(rules)) == rules
    assert text_of(read_rules("")) == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[[rule]", "playbook.form"),
        ("x = 1", "playbook.form"),
        ("rule = 1", "playbook.form"),
        ("rule = [1]", "playbook.form"),
        (rule("provider", "negotiation", "REQUESTED", "offer", more="if = 1\n"), "playbook.form"),
        (
            rule("provider", "negotiation", "REQUESTED", "offer", more="when = { x = 1 }\n"),
            "playbook.form",
        ),
        (rule("provider", "negotiation", "REQUESTED", "offer", more="when = 1\n"), "playbook.form"),
        (rule("nobody", "negotiation", "REQUESTED", "offer"), "playbook.form"),
        (rule("provider", "negotiation", "REQUESTED", "sell"), "playbook.form"),
        ("[[rule]]\nrole = 'provider'\n", "playbook.form"),
        (rule("provider", "negotiation", "REQUESTED", "accept"), "playbook.do"),
        (rule("provider", "negotiation", "REQUESTED", "offer", after="soon"), "playbook.after"),
    ],
)
def test_what_is_wrong_with_a_playbook_is_said_when_it_is_written(text: str, code: str) -> None:
    with pytest.raises(ComityError) as refused:
        read_rules(text)
    assert refused.value.code == code


@on_a_loop
async def test_trying_a_playbook_out_shows_who_would_act_and_does_nothing(tmp_path: Path) -> None:
    async with facing(tmp_path) as found:
        await found.request()
        await found.request(
            "c-2",
            offer={
                "@id": "offer-1",
                "@type": "Offer",
                "target": "chart-1",
                "permission": [{"action": "use"}],
            },
        )
        text = rule("provider", "negotiation", "REQUESTED", "offer", after="5s")
        told = await found.ask("dataspace.simulate", rules=text)
        would = rows_in(told, "would")
        assert [(one["rule"], one["do"], one["after"]) for one in would] == [(1, "offer", "5s")] * 2
        held = rows_in(await found.ask("dataspace.simulate", rules=""), "would")
        assert [(one["rule"], one["do"]) for one in held] == [(None, "hold")] * 2
        assert not found.peer.came
        shown = await found.ask("dataspace.set_playbook", rules=text)
        assert shown == await found.ask("dataspace.playbook")
        assert len(rows_in(shown, "rules")) == 1


GOOD = profile_text(port=1, api_port=2, peer="http://127.0.0.1:3/dsp")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("[node]", "[node", "profile.form"),
        ("[node]", "[node]\nx = 1", "profile.form"),
        ("port = 1\n", "port = 0\n", "profile.form"),
        ('name = "Own"\n', "", "profile.form"),
        ('kind = "static"', 'kind = "guess"', "profile.form"),
        ('kind = "text"', 'kind = "else"', "profile.form"),
        ('role = "provider"', 'role = "both"', "profile.form"),
        ("http://127.0.0.1:3/dsp", "ftp://x", "connectors.base"),
        (f'to = ["{PEER}"]', 'to = ["nobody"]', "profile.counterpart"),
        (f'counterpart = "{PEER}"', 'counterpart = "nobody"', "profile.counterpart"),
        (
            'offers = [{ id = "offer-1", policy = { permission = [{ action = "use" }] } }]',
            "offers = []",
            "profile.form",
        ),
        ('header = "peer-secret"', 'key = "x"', "profile.form"),
    ],
)
def test_what_is_wrong_with_a_profile_is_said_before_anything_is_made(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    assert old in GOOD
    path = tmp_path / "profile.toml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ComityError) as refused:
        read_profile(path)
    assert refused.value.code == code


def test_a_profile_is_a_file_of_bounded_size_in_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    for content, code in (
        (None, "profile.none"),
        (b"#" * (PROFILE_BYTES_MAX + 1), "profile.none"),
        (b"\xff", "profile.form"),
    ):
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(ComityError) as refused:
            read_profile(path)
        assert refused.value.code == code


@on_a_loop
async def test_a_policy_that_is_none_is_refused_with_the_offers_name(tmp_path: Path) -> None:
    more = (
        f'[[dataset]]\nid = "x"\nsource = {{ kind = "text", text = "x" }}\nto = ["{PEER}"]\n'
        'offers = [{ id = "offer-9", policy = { obligation = [] } }]\n'
    )
    with pytest.raises(ComityError, match="offer-9") as refused:
        async with facing(tmp_path, more=more):
            pass
    assert refused.value.code == "profile.policy"
