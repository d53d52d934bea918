"""The vector of spec 5: by the schemas, by our code, and by a second computation without it."""

import json
from base64 import urlsafe_b64decode
from hashlib import sha256
from pathlib import Path

import jsonschema_rs
import pytest

from comity.agreements.chains import AgreementsState, fold_act
from comity.agreements.events import Act
from comity.agreements.fold import InstrumentView, state_digest_at, view
from comity.agreements.lifecycle import ALLOWED, ROWS, State
from comity.foundation.attested import Mark, Marks
from comity.foundation.instants import Instant
from support.talks import Talks

ROOT = Path(__file__).resolve().parents[2]
VECTOR = json.loads((ROOT / "tests/vectors/agreements/straight-path.json").read_text("utf-8"))
PAGE = (ROOT / "docs/spec/05-agreements.md").read_text("utf-8")
EXPECTED = VECTOR["expected"]
DOCUMENTS = {
    "agreement.adopt": "adoption",
    "agreement.initial": "adoption",
    "signing.open": "manifest",
    "signing.conclude": "conclusion",
    "agreement.suspend": "suspension",
    "agreement.resume": "resumption",
}


def section(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def validator(name: str) -> jsonschema_rs.Draft202012Validator:
    schema = json.loads((ROOT / f"docs/spec/schemas/{name}.json").read_text("utf-8"))
    return jsonschema_rs.Draft202012Validator(schema)


def acts() -> list[Act]:
    return [
        Act(
            party=each["party"],
            n=each["n"],
            seen=each["seen"],
            kind=each["kind"],
            data=each["act"],
            documents={name: section(text) for name, text in each["sections"].items()},
        )
        for each in VECTOR["acts"]
    ]


def shown(state: AgreementsState) -> InstrumentView:
    marks = {
        party: Marks.of(Mark(size, Instant.parse(time)) for size, time in listed)
        for party, listed in VECTOR["marks"].items()
    }
    at = Instant.parse(EXPECTED["at"])
    return view(state, VECTOR["instrument"], marks=marks, at=at)


def test_spec_5_1_2_every_act_and_document_fulfils_its_schema() -> None:
    of_acts, of_moves = validator("agreement-acts"), validator("moves")
    for act in acts():
        assert of_acts.is_valid(dict(act.data))
        assert not of_acts.is_valid({**act.data, "more": 1})
        if "moves" in act.data:
            assert of_moves.is_valid(act.data["moves"])
        if "document" in act.documents:
            document = json.loads(act.documents["document"])
            of_document = validator(DOCUMENTS[act.kind])
            assert of_document.is_valid(document)
            assert not of_document.is_valid({**document, "more": 1})
    assert {act.kind for act in acts()} >= set(DOCUMENTS)


def test_spec_5_1_3_every_act_is_admitted_at_its_place() -> None:
    talks = Talks()
    for act in acts():
        talks.take(act)
    assert shown(talks.state).state_digest == EXPECTED["state"]


def test_spec_5_the_code_computes_what_is_expected() -> None:
    state = AgreementsState()
    for act in sorted(acts(), key=lambda act: (act.party, act.n)):
        state = fold_act(state, act)
    found = shown(state)
    assert found.conclusion is not None
    made = {
        "text": found.text_digest,
        "state": found.state_digest,
        "status": str(found.status),
        "void_attempts": found.void_attempts,
        "conclusion": found.conclusion.decode(),
        "signed_at": str(found.signed_at),
        "in_force_at": str(found.in_force_at),
        "ends_at": str(found.ends_at),
        "concluded": list(found.concluded),
        "at": EXPECTED["at"],
    }
    assert made == EXPECTED


def plain(value: object) -> bytes:
    """Return canonical JSON as the standard library writes it for these values."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def test_spec_5_3_7_the_text_digest_again_with_hashlib() -> None:
    proposed = {}
    first = VECTOR["acts"][0]["act"]
    for move in first["moves"]:
        content = {"unit": move["unit"], "content": move["content"]}
        proposed[move["unit"]] = sha256(plain(content)).hexdigest()
    text = {
        "instrument": VECTOR["instrument"],
        "open": first["open"],
        "units": [[unit, proposed[unit]] for unit in sorted(proposed)],
    }
    assert sha256(plain(text)).hexdigest() == EXPECTED["text"]


def test_spec_5_1_5_the_state_after_the_opening_again_with_hashlib() -> None:
    first = VECTOR["acts"][0]
    opening = first["act"]["open"]
    lines = [
        "comity/agreement-state/v1",
        VECTOR["instrument"],
        *opening["parties"],
        f"open {opening['register']} {opening['language']} {opening['title']}",
    ]
    for move in sorted(first["act"]["moves"], key=lambda move: str(move["unit"])):
        content = {"unit": move["unit"], "content": move["content"]}
        own = sha256(plain(content)).hexdigest()
        lines.append(f"unit {move['unit']} {own} {own} a - 0 0 | - - - - 0 0")
    data = "".join(line + "\n" for line in lines).encode()
    assert sha256(data).hexdigest() == first["act"]["result"]


def test_spec_5_1_6_every_result_is_the_state_at_its_heads() -> None:
    state = AgreementsState()
    for act in acts():
        state = fold_act(state, act)
    for act in acts():
        if "result" in act.data:
            heads = {**dict.fromkeys(VECTOR["parties"], act.seen), act.party: act.n + 1}
            assert state_digest_at(state, VECTOR["instrument"], heads) == act.data["result"]


def test_spec_5_6_6_the_conclusion_lists_the_signatures_again_with_hashlib() -> None:
    conclusion = json.loads(EXPECTED["conclusion"])
    digests: list[str] = []
    for act in acts():
        if act.kind == "signing.signature" and act.data["manifest"] == conclusion["manifest"]:
            entries = json.loads(act.documents["signatures"])["signatures"]
            digests.extend(
                sha256(f"{one['protected']}.{one['signature']}".encode()).hexdigest()
                for one in entries
            )
    assert sorted(digests) == conclusion["signatures"]
    assert plain(conclusion).decode() == EXPECTED["conclusion"]


@pytest.mark.parametrize("place", list(range(len(VECTOR["acts"]))))
def test_spec_5_1_5_a_missing_act_gives_another_state(place: int) -> None:
    state = AgreementsState()
    for number, act in enumerate(acts()):
        if number != place:
            state = fold_act(state, act)
    heads = dict.fromkeys(VECTOR["parties"], 99)
    assert state_digest_at(state, VECTOR["instrument"], heads) != EXPECTED["state"]


def test_spec_5_8_the_page_shows_the_table_that_the_code_applies() -> None:
    for row in ROWS:
        event = f"{row.event} (later)" if row.later else str(row.event)
        cells = (f"`{row.source}`", event, f"`{row.target}`", row.kind, row.who, row.guard)
        assert f"| {' | '.join(cells)} |\n" in PAGE
    for kind, states in ALLOWED.items():
        listed = ", ".join(f"`{state}`" for state in State if state in states)
        assert f"| `{kind}` | {listed} |\n" in PAGE
    table = PAGE.split("## 5.8")[1].split("## 5.9")[0]
    assert table.count("\n| `") == len(ROWS) + len(ALLOWED)
