"""Files in and out: whole or not at all, never over another, refused with line and reason."""

import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from comity.foundation.canonical import JsonObject
from comity.foundation.errors import RefusedError
from comity.verify import Check, Report
from support.cli import FakeNode, Type, loaded

CONTENT = b"a survey"
MOVED: JsonObject = {
    "transfer": "urn:uuid:edd5afb2-1",
    "family": "transfer",
    "counterpart": "Ministry A",
    "state": "COMPLETED",
    "ended": True,
    "received": True,
    "bytes": len(CONTENT),
    "sha256": sha256(CONTENT).hexdigest(),
    "moved": {"bytes": len(CONTENT)},
    "ruling": {"article": "Article 6"},
}


def test_a_fetched_file_is_written_once_its_digest_is_right(
    typed: Type, node: FakeNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comity.cli.receiving._LOOK_AGAIN_S", 0.001)
    name = "urn%3Auuid%3Aedd5afb2-1"
    node.answers["/api/fetch"] = {**MOVED, "ended": False, "received": False, "moved": None}
    node.answers[f"/api/transfers/{name}"] = MOVED
    node.answers[f"/api/transfers/{name}/content"] = CONTENT
    said = typed("fetch", "last", "--from", "A", "-o", "survey.pdf")
    assert said.code == 0, said.err
    assert "permitted under Article 6" in said.out
    assert Path("survey.pdf").read_bytes() == CONTENT
    assert "[cli.file_exists]" in typed("fetch", "last", "--from", "A", "-o", "survey.pdf").err
    node.answers[f"/api/transfers/{name}/content"] = b"a surveY"
    said = typed("transfers", "show", name.replace("%3A", ":"), "-o", "other.pdf")
    assert (said.code, "[fetch.digest]" in said.err) == (4, True)
    assert not Path("other.pdf").exists()


@pytest.mark.parametrize(
    ("answer", "code", "says"),
    [
        (
            {
                "ended": True,
                "state": "TERMINATED",
                "code": "suspended",
                "reason": "Article 6 is suspended.",
            },
            3,
            "Article 6 is suspended. (suspended)",
        ),
        ({"ended": False, "family": "negotiation"}, 5, "go on by themselves"),
    ],
)
def test_a_file_that_did_not_come_is_no_success(
    typed: Type, node: FakeNode, answer: JsonObject, code: int, says: str
) -> None:
    node.answer = answer
    said = typed("fetch", "last", "--from", "A")
    assert said.code == code
    assert says in " ".join(said.err.split())


def test_waiting_for_a_transfer_has_an_end(
    typed: Type, node: FakeNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comity.cli.receiving._LOOK_AGAIN_S", 0.001)
    monkeypatch.setattr("comity.cli.receiving._WAIT_S", 0.003)
    node.answer = {"ended": False, "family": "transfer", "transfer": "t"}
    assert typed("fetch", "last", "--from", "A").code == 5


def test_a_letter_goes_out_as_a_file_that_is_never_written_over(
    typed: Type, node: FakeNode
) -> None:
    node.answer = {"name": "Ministry A", "letter": "dGV4dA", "valid_until": "2026-12-02T09:00:00Z"}
    said = typed("letter", "export")
    assert (said.code, Path("ministry-a.letter.json").read_bytes()) == (0, b"text")
    assert typed("letter", "export").code == 0, "the same letter may be there already"
    node.answer = {**node.answer, "letter": "dGV4dDI"}
    assert "[cli.file_exists]" in typed("letter", "export", "--new").err
    assert Path("ministry-a.letter.json").read_bytes() == b"text"
    assert "[cli.no_place]" in typed("letter", "export", "-o", "no/where.json").err


def test_a_text_is_written_as_it_is(typed: Type, node: FakeNode) -> None:
    node.answer = {"form": "clean", "text": "Article 1\n"}
    assert typed("agreement", "text", "last", "--clean", "-o", "t.md").code == 0
    assert Path("t.md").read_bytes() == b"Article 1\n"
    assert typed("agreement", "text", "last", "--clean").out == "Article 1\n"
    assert loaded(typed("agreement", "text", "last", "-o", "u.md", "--json").out) == {
        "form": "clean",
        "file": "u.md",
    }


def test_evidence_that_breaks_off_leaves_no_file(typed: Type, node: FakeNode) -> None:
    node.answer = b"archive"
    said = typed("evidence", "agreement", "last", "-o", "e.zip")
    assert (said.code, Path("e.zip").read_bytes()) == (0, b"archive")
    assert loaded(typed("evidence", "transfer", "t", "-o", "f.zip", "--json").out)["bytes"] == 7
    node.answer = RefusedError("evidence.none", "Not yet.")
    assert typed("evidence", "agreement", "last", "-o", "g.zip").code == 3
    assert not list(Path().glob("*g.zip*"))


def test_evidence_that_does_not_verify_says_where(typed: Type) -> None:
    with zipfile.ZipFile("e.zip", "w") as archive:
        archive.writestr("x", "y")
    Path("l.json").write_text("{}")
    said = typed("verify", "e.zip", "--trust", "l.json")
    assert said.code == 4, "what is trusted must be a letter"


def test_a_verification_ends_with_six_unless_everything_holds(
    typed: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("e.zip").write_bytes(b"x")
    Path("l.json").write_bytes(b"y")
    check = Check(
        what="the text",
        file="agreement/text.json",
        ok=False,
        detail="other digest",
        stage="agreement",
    )

    def verify(data: bytes, *, trust: list[bytes]) -> Report:
        assert (data, trust) == (b"x", [b"y", b"y"])
        good = not failing
        checks = () if good else (check,)
        return Report(ok=good, authenticity="established", checks=checks, facts=("It holds.",))

    monkeypatch.setattr("comity.verify.verify_archive", verify)
    words = ("verify", "e.zip", "--trust", "l.json", "--trust", "l.json")
    failing = False
    assert typed(*words).code == 0
    failing = True
    said = typed(*words)
    assert said.code == 6
    assert "agreement/text.json: the text: other digest" in said.out
    shown = typed(*words, "--json")
    assert (shown.code, loaded(shown.out)["where"]) == (6, "agreement/text.json")


def test_a_text_is_looked_at_without_any_folder(typed: Type) -> None:
    Path("t.md").write_text("Preamble\n\nWe agree.\n\nArticle 1\nScope\n\n1. All of it.\n")
    said = typed("agreement", "import", "t.md", "--dry-run")
    assert (said.code, said.err) == (0, "")
    assert "1 article" in said.out
    assert "comity agreement draft t.md" in typed("agreement", "import", "t.md").err
    tree = loaded(typed("agreement", "import", "t.md", "--dry-run", "--json").out)
    assert {"units", "not_understood"} <= set(tree)


@pytest.mark.parametrize(
    ("data", "code", "says"),
    [
        (b"", 4, "[import.empty]"),
        (b"\x00\x01", 4, "[import.binary]"),
        (b"a\n\xff", 4, "line 2"),
        (b"a" * (33 << 20), 4, "[import.size]"),
        (b"a" * (65 << 20), 2, "[cli.file_large]"),
    ],
    ids=["empty", "binary", "no UTF-8", "33 MiB", "65 MiB"],
)
def test_a_file_that_is_no_text_is_refused_with_line_and_reason(
    typed: Type, data: bytes, code: int, says: str
) -> None:
    Path("t.txt").write_bytes(data)
    said = typed("agreement", "import", "t.txt")
    assert (said.code, says in said.err) == (code, True)


def test_lines_that_were_not_understood_are_listed(typed: Type) -> None:
    Path("t.txt").write_text("Article 1\n\nOne.\n\nArticle 3\n\nThree.\n")
    assert "Look at these lines:" in typed("agreement", "import", "t.txt").out


@pytest.mark.parametrize(
    "words",
    [
        ["letter", "show", "no.json"],
        ["agreement", "import", "no"],
        ["deliver", "no", "--request", "x"],
        ["share", "add", "no", "--area", "a", "--kind", "k", "--marking", "m", "--purpose", "p"],
    ],
)
def test_a_file_that_is_not_there_is_named(typed: Type, node: FakeNode, words: list[str]) -> None:
    said = typed(*words)
    assert said.code == 2
    assert "no" in said.err
    assert node.calls == []


def test_a_text_for_the_node_must_be_utf8(typed: Type, node: FakeNode) -> None:
    Path("t.toml").write_bytes(b"a\nb\xff")
    said = typed("redline", "set", "last", "t.toml")
    assert "t.toml, line 2" in said.err
    assert node.calls == []
