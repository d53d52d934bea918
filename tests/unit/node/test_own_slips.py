"""What our own official typed wrongly is theirs to correct; nobody else is blamed for it."""

from pathlib import Path

import pytest

from comity.foundation.errors import PeerError
from comity.node.typed import own_slip
from support.loops import on_a_loop
from support.refusals import refused
from support.stages import at_stage


@pytest.mark.parametrize(
    ("operation", "code", "family"),
    [
        ("agreements.counter", "comparing.quote", "misuse"),
        ("agreements.window", "signing.window", "misuse"),
        ("officials.powers", "powers.validity", "misuse"),
        ("relationship.show", "basics.instant", "misuse"),
        ("letters.receive", "basics.instant", "peer"),
        ("catalogue", "policy.members", "peer"),
        ("agreements.show", "record.body_missing", "peer"),
        ("requests.deliver", "signatures.invalid", "peer"),
    ],
)
def test_only_what_was_typed_here_is_ours_to_correct(
    operation: str, code: str, family: str
) -> None:
    told = own_slip(operation, PeerError(code, "Exactly 7.", {"unit": "u1"}))
    assert (told.family, told.code, told.message) == (family, code, "Exactly 7.")
    assert told.facts == {"unit": "u1"}


@on_a_loop
async def test_full_powers_asked_for_too_long_are_the_askers_mistake(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    error = await refused(
        "powers.validity",
        pair.a.call(
            "officials.powers",
            who="mandate_holder",
            official="signatory",
            acts=["sign"],
            valid_until="2036-01-01T00:00:00Z",
        ),
    )
    assert error.family == "misuse"
    await pair.close()


@on_a_loop
async def test_a_role_that_lacks_is_told_with_those_that_could(tmp_path: Path) -> None:
    pair = await at_stage("introduced", tmp_path)
    asked = pair.a.call("officials.close", who="desk_officer", person="signatory")
    error = await refused("officials.role", asked)
    assert "mandate_holder" in str(error.facts["roles"])
    assert error.facts["able"]
    await pair.close()
