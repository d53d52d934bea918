"""Who has the token has the door: until it expires, and nobody else. Source: spec 7.6."""

import pytest

from comity.foundation.errors import MisuseError, RefusedError
from comity.sharing import transfers
from comity.sharing.tokens import token_of
from support.sharing import AT, A, B, facts
from support.sharing_path import started


@pytest.mark.parametrize("at", [0, 899])
def test_a_token_opens_the_door_until_it_expires(at: int) -> None:
    _, provider, fetch = started()
    transfers.provider_on_data(provider, token=fetch.token, facts=facts(A, at=AT.plus(at)))


@pytest.mark.parametrize(
    ("token", "seconds", "counterpart"),
    [
        (None, 900, B),
        (None, 0, "did:web:stranger.example"),
        ("A" * 43, 0, B),
        ("", 0, B),
        ("\ud800", 0, B),
        ("A" * 10_000, 0, B),
    ],
)
def test_an_old_stolen_or_guessed_token_opens_nothing(
    token: str | None, seconds: int, counterpart: str
) -> None:
    _, provider, fetch = started()
    told = facts(A, at=AT.plus(seconds), counterpart=counterpart)
    with pytest.raises(RefusedError) as refused:
        transfers.provider_on_data(
            provider, token=fetch.token if token is None else token, facts=told
        )
    assert refused.value.code == "sharing.token"
    assert fetch.token not in repr(provider)
    assert fetch.token not in repr(fetch)


def test_a_token_is_made_of_enough_chance() -> None:
    with pytest.raises(MisuseError, match="32 random bytes"):
        token_of(b"short")
