"""What an official words wrongly is said to that official, and nothing of it is staged."""

from pathlib import Path

import pytest

from comity.foundation.errors import MisuseError
from support.loops import on_a_loop
from support.refusals import refused
from support.stages import answer, at_stage


@pytest.mark.parametrize(
    ("what", "words", "code"),
    [
        ("reserve", "moody", "moves.reserve"),
        ("explain", "", "moves.text"),
        ("explain", "x" * 100_000, "moves.text"),
    ],
)
@on_a_loop
async def test_an_answer_that_the_counterpart_would_refuse_is_not_staged(
    tmp_path: Path, what: str, words: str, code: str
) -> None:
    pair = await at_stage("tabled", tmp_path)
    error = await refused(code, answer(pair, pair.b, what, "Article 4", words=words))
    assert isinstance(error, MisuseError), "it is our own official who must word it better"
    staged = await pair.b.call("agreements.staged", who="negotiator", instrument=pair.instrument)
    assert staged["staged"] == 0
    await pair.close()
