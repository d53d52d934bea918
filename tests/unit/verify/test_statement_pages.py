"""The page of a joint statement: what a reader sees is what both released, or it is refused."""

import base64
import json
from pathlib import Path
from typing import Final

import attrs
import pytest

from comity.foundation.canonical import Json, JsonObject, canonical, digest
from comity.foundation.errors import ComityError, PeerError
from comity.foundation.instants import Instant
from comity.verify import page_of, read_archive, verify_archive
from comity.verify.entries import Entry
from comity.verify.layout import RELEASE, Side, Subject, language_file, misplaced, read_subject
from comity.verify.page import archive_in, build_page, check_page, direction
from comity.verify.report import Book
from comity.verify.statement import Stated, check_statement, read_release
from comity.verify.text import read_text
from support.parties import A, B

VECTORS: Final = Path(__file__).resolve().parents[2] / "vectors" / "evidence"
ID: Final = "urn:uuid:00000000-0000-4000-8000-000000000001"
TEXT: Final = "urn:uuid:00000000-0000-4000-8000-000000000002"
AT: Final = "2027-03-01T12:00:00Z"
LATER: Final = Instant.parse("2027-03-01T12:00:05Z")
SUBJECT: Final = Subject(instrument=TEXT, transfer=None, parties=(A, B), statement=ID)
WORDS: Final[dict[str, str]] = {
    "en": "They met <b>&</b> spoke.\n\nThey will meet again.",
    "ar": "\u0627\u062c\u062a\u0645\u0639 \u0627\u0644\u0637\u0631\u0641\u0627\u0646.",
}


def text(language: str, **changes: Json) -> bytes:
    content: dict[str, Json] = {
        "kind": "paragraph",
        "label": "",
        "heading": "",
        "text": WORDS[language],
        "layout": ["", "", "", "\n"],
        "parent": None,
        "order": "i",
        "fields": {},
        "lang": language,
    }
    title: dict[str, Json] = {
        **content,
        "kind": "title",
        "heading": f"Charts ({language})",
        "text": "",
    }
    head: dict[str, Json] = {**content, "heading": "Talks", "label": "1.", **changes}
    units: list[Json] = [
        {"unit": "u0", "content": title},
        {"unit": "u1", "content": content},
        {"unit": "u2", "content": head},
        {"unit": "u3", "content": {**content, "label": "(a)"}},
    ]
    opening: Json = {
        "title": f"Charts ({language})",
        "register": "political",
        "language": language,
        "parties": [A, B],
    }
    return canonical({"instrument": TEXT, "open": opening, "units": units})


def content(**changes: Json) -> JsonObject:
    texts: list[Json] = [
        {"language": name, "instrument": TEXT, "text": read_text(text(name)).digest}
        for name in WORDS
    ]
    return {
        "statement": ID,
        "instrument": TEXT,
        "unit": "u1",
        "title": "Charts",
        "texts": texts,
        "principal": "en",
        "marks": "0" * 64,
        **changes,
    }


def release(**changes: Json) -> JsonObject:
    return {
        "v": 1,
        "type": "comity/statement",
        "content": content(),
        "at": AT,
        "channels": ["Site"],
        "languages": ["en", "ar"],
        **changes,
    }


class Evidence:
    """Files and entries as they stand when a statement was released; a test changes them."""

    def __init__(self) -> None:
        self.files = {
            RELEASE: canonical(release()),
            **{language_file(name): text(name) for name in WORDS},
        }
        self.entries: list[Entry] = []
        cleared, named = digest(canonical(content())), digest(canonical(release()))
        order: dict[str, Json] = {
            "content": cleared,
            "at": AT,
            "channels": ["Site"],
            "languages": ["en", "ar"],
        }
        for party in (A, B):
            self.add(party, "clear", by="press", content=cleared)
            self.add(party, "clear", by="legal", content=cleared)
            self.add(party, "order", **dict(order))
            self.add(party, "release", release=named)

    def add(self, party: str, step: str, seen: int = 99, /, **members: Json) -> JsonObject:
        act: JsonObject = {"statement": ID, **members}
        n = len(self.entries)
        self.entries.append(
            Entry(
                party=party,
                n=n,
                seen=seen,
                lc=n,
                kind=f"statement.{step}",
                act=act,
                sections={},
                attested=LATER,
                folder=f"entries/{n}",
            )
        )
        return act

    def change(self, party: str, kind: str, **changes: object) -> None:
        for place, one in enumerate(self.entries):
            if (one.party, one.kind) == (party, f"statement.{kind}"):
                self.entries[place] = attrs.evolve(one, **changes)  # type: ignore[arg-type]  # members by name

    def check(self) -> tuple[Stated | None, Book]:
        book = Book()
        return check_statement(book, self.files, subject=SUBJECT, entries=self.entries), book

    def wrong(self) -> str:
        stated, book = self.check()
        assert stated is None
        return next(one.what for one in book.checks if not one.ok)


def page(first: Side = "a") -> bytes:
    evidence = Evidence()
    evidence.add(B, "accept_correction", erratum=digest(canonical(_erratum(evidence))))
    stated, book = evidence.check()
    assert stated is not None, [one for one in book.checks if not one.ok]
    return build_page(
        evidence.files, stated, names={"a": "Aldoria", "b": "Berevan & Sons"}, first=first
    )


def _erratum(evidence: Evidence) -> JsonObject:
    texts: list[Json] = [
        {"language": "en", "text": "For May read <June>."},
        {"language": "ar", "text": "\u062a\u0635\u062d\u064a\u062d."},
    ]
    named = digest(canonical(release()))
    return evidence.add(A, "correct", release=named, texts=texts)


# --- what a reader sees ---------------------------------------------------------------------------


def test_the_page_shows_every_language_in_its_direction_and_nothing_can_run_on_it() -> None:
    made = page().decode()
    assert '<article lang="en" dir="ltr">' in made
    assert '<article lang="ar" dir="rtl">' in made
    assert "They met &lt;b&gt;&amp;&lt;/b&gt; spoke.</p>\n<p>They will meet again." in made
    assert "For May read &lt;June&gt;." in made
    assert "<h2>1. Talks</h2>" in made
    assert "<p>(a) They met" in made
    assert made.count("<h1>") == 2, "a title stands once in each language"
    assert "<script" not in made
    assert "http://" not in made.replace("http-equiv", "")
    assert "default-src &#x27;none&#x27;" in made or "default-src 'none'" in made
    assert '<p class="soft" lang="en" dir="ltr">Joint statement of' in made, "marked as English"


def test_each_alternate_names_its_own_party_first() -> None:
    ours, theirs = page("a").decode(), page("b").decode()
    assert "<bdi>Aldoria</bdi> and <bdi>Berevan &amp; Sons</bdi>" in ours
    assert "<bdi>Berevan &amp; Sons</bdi> and <bdi>Aldoria</bdi>" in theirs


@pytest.mark.parametrize(
    ("language", "way"),
    [("en", "ltr"), ("ar", "rtl"), ("he-IL", "rtl"), ("az-Arab", "rtl"), ("az-Latn", "ltr")],
)
def test_a_language_is_written_in_its_direction(language: str, way: str) -> None:
    assert direction(language) == way


def test_a_changed_page_is_refused_and_the_place_is_named() -> None:
    whole = page()
    check_page(whole, whole)
    for changed, said in (
        (whole.replace(b"They will meet", b"They may meet", 1), "may meet"),
        (whole.replace(b"</html>", b"</html><p>More</p>"), "More"),
        (whole + b"more\n", "more"),
        (whole[: whole.index(b"\n<footer")], "nothing"),
        (whole.replace(b"hidden ", b"", 1), "Line"),
    ):
        with pytest.raises(PeerError, match=said) as caught:
            check_page(changed, whole)
        assert caught.value.code == "verify.page"


def test_a_page_without_its_evidence_proves_nothing() -> None:
    whole = page()
    archive, first = archive_in(whole)
    assert (read_archive(archive)[RELEASE], first) == (canonical(release()), "a")
    start = whole.index(b"<pre hidden")
    for bad, code in (
        (whole[:start] + b"</body></html>", "verify.page_evidence"),
        (whole + whole[start:], "verify.page_evidence"),
        (whole.replace(b'data-form="1"', b'data-form="2"'), "verify.page_form"),
        (whole.replace(b"\n</pre>", b"A\n</pre>"), "verify.page_coding"),
        (b"<" + bytes(65 << 20), "verify.page_size"),
    ):
        with pytest.raises(PeerError) as caught:
            archive_in(bad)
        assert caught.value.code == code
        assert verify_archive(bad, trust=()).verdict == "failed"


def test_evidence_of_something_else_in_a_page_makes_no_statement_of_it() -> None:
    whole, archive = page(), (VECTORS / "transfer.comity-evidence").read_bytes()
    own, _ = archive_in(whole)

    def coded(data: bytes) -> bytes:
        text_ = base64.b64encode(data).decode()
        return "\n".join(text_[at : at + 76] for at in range(0, len(text_), 76)).encode()

    forged = whole.replace(coded(own), coded(archive))
    trust = [(VECTORS / f"{side}.letter").read_bytes() for side in "ab"]
    report = verify_archive(forged, trust=trust)
    assert report.verdict == "failed"
    assert report.failures[0].what == "the page is of a joint statement"


def test_no_page_is_made_of_what_does_not_prove_a_release() -> None:
    files = read_archive((VECTORS / "transfer.comity-evidence").read_bytes())
    for given in (files, {**files, "README.txt": b"x"}, {}):
        with pytest.raises(ComityError) as caught:
            page_of(given, first="a")
        assert caught.value.code == "verify.not_proven"


# --- what is proven -------------------------------------------------------------------------------


def test_what_both_released_and_all_four_cleared_is_proven() -> None:
    stated, book = Evidence().check()
    assert stated is not None
    assert not book.failed()
    assert [one.party for one in stated.releases] == [A, B]


@pytest.mark.parametrize("party", [A, B])
@pytest.mark.parametrize("kind", ["clear", "order", "release"])
def test_without_one_act_of_one_side_nothing_is_proven(party: str, kind: str) -> None:
    evidence = Evidence()
    gone = next(
        one for one in evidence.entries if (one.party, one.kind) == (party, f"statement.{kind}")
    )
    evidence.entries.remove(gone)
    assert party in evidence.wrong()


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("release", {"act": {"statement": ID, "release": "0" * 64}}),
        ("release", {"attested": Instant.parse("2027-03-01T11:54:59Z")}),
        ("clear", {"act": {"statement": ID, "by": "press", "content": "0" * 64}}),
        ("clear", {"n": 90}),
        ("order", {"act": {"statement": ID, "at": AT}}),
        ("order", {"n": 90}),
        ("order", {"act": {"statement": TEXT}}),
    ],
)
def test_an_act_that_says_or_comes_otherwise_proves_nothing(
    kind: str, changes: dict[str, object]
) -> None:
    evidence = Evidence()
    evidence.change(A, kind, **changes)
    evidence.wrong()


def test_a_release_within_the_skew_of_the_clocks_is_in_time() -> None:
    evidence = Evidence()
    evidence.change(A, "release", attested=Instant.parse("2027-03-01T11:55:01Z"))
    assert evidence.check()[0] is not None


def test_a_text_that_was_not_released_or_is_left_out_is_found() -> None:
    evidence = Evidence()
    evidence.files[language_file("en")] = text("en", text="They quarrelled.")
    assert "is the one that was released" in evidence.wrong()
    evidence = Evidence()
    del evidence.files[language_file("ar")]
    assert "for every language" in evidence.wrong()
    evidence = Evidence()
    evidence.files[language_file("ar")] = b"{}"
    assert "in its one form" in evidence.wrong()


def test_an_erratum_is_of_both_or_it_is_none() -> None:
    evidence = Evidence()
    named = digest(canonical(_erratum(evidence)))
    assert "was accepted" in evidence.wrong()
    for party, seen, erratum in ((A, 99, named), (B, 0, named), (B, 99, "0" * 64)):
        tried = Evidence()
        _erratum(tried)
        tried.add(party, "accept_correction", seen, erratum=erratum)
        assert "asked by one side" in tried.wrong()
    for texts in ("none", ["none"], [{"language": "en"}], [{"language": "en", "text": "x"}]):
        tried = Evidence()
        said: Json = json.loads(json.dumps(texts))
        act = tried.add(A, "correct", release=digest(canonical(release())), texts=said)
        tried.add(B, "accept_correction", erratum=digest(canonical(act)))
        assert "asked by one side" in tried.wrong()


BAD: Final[list[JsonObject]] = [
    release(v=2),
    release(type="comity/other"),
    release(content=content(statement=TEXT)),
    release(content=content(texts=[])),
    release(content=content(texts="en")),
    release(languages=[]),
    release(languages=["de"]),
    release(languages=["en", "en"]),
    release(languages="en"),
    release(channels=["x"] * 2),
    release(channels=[1]),
    release(at="soon"),
    {**release(), "more": 1},
]


@pytest.mark.parametrize("bad", BAD)
def test_a_release_that_has_not_its_form_is_refused(bad: JsonObject) -> None:
    with pytest.raises(PeerError):
        read_release(canonical(bad), statement=ID)
    evidence = Evidence()
    evidence.files[RELEASE] = canonical(bad)
    assert "in its one form" in evidence.wrong()


def test_the_archive_of_a_statement_says_what_it_is_about() -> None:
    assert read_subject(SUBJECT.to_bytes()) == SUBJECT
    assert SUBJECT.kind == "statement"
    bad = SUBJECT.to_bytes().replace(b'"transfer":null', b'"transfer":"x"')
    with pytest.raises(PeerError, match=r"8\.2\.2"):
        read_subject(bad)
    missing, odd = misplaced([RELEASE, "text/en.json", "text/units.json", "text/../x.json"])
    assert "README.txt" in missing
    assert odd == ["text/../x.json", "text/units.json"]


def test_a_page_that_was_handed_out_verifies_for_ever() -> None:
    folder = VECTORS.parent / "statements"
    made = (folder / "page.html").read_bytes()
    report = verify_archive(made, trust=[(folder / f"{one}.letter").read_bytes() for one in "ab"])
    assert report.verdict == "verified", report.lines
    assert (
        "Joint statement of Aldoria and Berevan: Charts of the strait, in en, fr" in report.facts[0]
    )
