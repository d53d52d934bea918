"""Entries and their bodies: one spelling, one opening, and erasure that breaks nothing.

Spec 3.7 to 3.9.
"""

from collections.abc import Callable

import attrs
import pytest

from comity.foundation.canonical import Json, canonical, parse
from comity.foundation.errors import ComityError, MisuseError
from comity.foundation.limits import ENVELOPE_BYTES_MAX
from comity.record.body import (
    Body,
    BodyReader,
    ErasedSection,
    Section,
    commit,
    erase,
    header_of,
    pack,
    parse_header,
    unpack,
)
from comity.record.envelope import Envelope, Seen, clock, parse_envelope
from comity.record.house import anchor, house_origin, verify_anchor
from comity.record.kinds import KINDS, check_body, check_sections, kind_of
from support.record import A_LOG, B_LOG, head


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(ComityError) as caught:
        act()
    return caught.value.code


ENVELOPE = Envelope(
    kind="agreement.talk",
    log=A_LOG,
    n=5,
    seen=Seen(log=B_LOG, size=3, root="00" * 32),
    lc=9,
    of="urn:uuid:00000000-0000-4000-8000-000000000001",
    commitment="ab" * 48,
)


@pytest.mark.parametrize("of", [None, "x", ENVELOPE.of])
def test_an_envelope_comes_back(of: str | None) -> None:
    envelope = attrs.evolve(ENVELOPE, of=of)
    assert parse_envelope(envelope.to_bytes()) == envelope
    assert clock(n=5, seen=3) == 9


def test_before_the_first_entry_nothing_was_seen() -> None:
    envelope = attrs.evolve(ENVELOPE, seen=Seen.nothing(B_LOG))
    assert parse_envelope(envelope.to_bytes()).seen.size == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "a person said"},
        {"of": ""},
        {"of": "free text"},
        {"commitment": "AB" * 48},
        {"n": -1},
        {"log": "a b"},
        {"lc": 1 << 60},
        {"of": "urn:x:" + "0" * ENVELOPE_BYTES_MAX},
    ],
)
def test_an_entry_nobody_could_read_is_never_written(changed: dict[str, object]) -> None:
    with pytest.raises(ComityError) as caught:
        attrs.evolve(ENVELOPE, **changed).to_bytes()  # type: ignore[arg-type]  # wrong on purpose
    assert caught.value.code == "record.envelope_ours"


def changed(path: str, value: Json) -> bytes:
    """Return an envelope with one member set; ``None`` removes it."""
    whole = parse(ENVELOPE.to_bytes())
    assert isinstance(whole, dict)
    *way, last = path.split(".")
    inner = whole
    for name in way:
        inner = inner[name]
    if value is None:
        inner.pop(last)
    else:
        inner[last] = value
    return canonical(whole)


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("v", None, "record.envelope_members"),
        ("time", "2026-11-23T12:00:00Z", "record.envelope_members"),
        ("v", 2, "record.envelope_value"),
        ("v", True, "record.envelope_value"),
        ("kind", "agreement", "record.envelope_value"),
        ("kind", "Agreement.talk", "record.envelope_value"),
        ("kind", 1, "record.envelope_value"),
        ("log", "", "record.envelope_value"),
        ("log", "a" * 256, "record.envelope_value"),
        ("log", "a+b", "record.envelope_value"),
        ("n", -1, "record.envelope_value"),
        ("n", "5", "record.envelope_value"),
        ("n", True, "record.envelope_value"),
        ("lc", [], "record.envelope_value"),
        ("seen", [], "record.envelope_value"),
        ("seen.root", None, "record.envelope_value"),
        ("seen.root", "00" * 31, "record.envelope_value"),
        ("seen.size", -1, "record.envelope_value"),
        ("seen.more", 1, "record.envelope_value"),
        ("body", "x", "record.envelope_value"),
        ("body.alg", "hmac-sha256", "record.envelope_value"),
        ("body.c", "ab" * 47, "record.envelope_value"),
        ("body.c", None, "record.envelope_value"),
        ("of", "two words", "record.envelope_value"),
        ("of", "a" * 129, "record.envelope_value"),
        ("of", "a" * 5000, "json.size"),
    ],
)
def test_an_envelope_with_anything_else_in_it_is_refused(path: str, value: Json, code: str) -> None:
    assert code_of(lambda: parse_envelope(changed(path, value))) == code


def test_an_envelope_that_was_re_encoded_is_refused() -> None:
    assert code_of(lambda: parse_envelope(b" " + ENVELOPE.to_bytes())) == "json.not_canonical"


NOTE = Section(name="note", key=b"n" * 32, content=b"a reason")
ACT = Section(name="act", key=b"a" * 32, content=b"{}")
EMPTY = Section(name="document", key=b"d" * 32, content=b"")
BODY = Body(key=b"k" * 32, sections=(NOTE, EMPTY, ACT))


def test_a_body_comes_back_whatever_order_its_sections_were_given_in() -> None:
    found = unpack(pack(BODY))
    assert found.sections == (ACT, EMPTY, NOTE)
    assert commit(found) == commit(BODY)
    assert (found.section("note"), found.section("nothing")) == (b"a reason", None)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_a_body_streams_in_chunks_of_any_size(size: int) -> None:
    chunks: list[tuple[str, bytes]] = []
    reader = BodyReader(lambda name, chunk: chunks.append((name, chunk)))
    data = pack(BODY)
    for at in range(0, len(data), size):
        reader.feed(data[at : at + size])
    assert reader.finish() == commit(BODY)
    assert b"".join(chunk for name, chunk in chunks if name == "note") == b"a reason"
    assert max(len(chunk) for _, chunk in chunks) <= size


@pytest.mark.parametrize(
    "other",
    [
        Body(key=b"K" * 32, sections=BODY.sections),
        Body(key=BODY.key, sections=(NOTE, ACT)),
        Body(key=BODY.key, sections=(attrs.evolve(NOTE, key=b"N" * 32), EMPTY, ACT)),
        Body(key=BODY.key, sections=(attrs.evolve(NOTE, content=b"A reason"), EMPTY, ACT)),
        Body(key=BODY.key, sections=(attrs.evolve(NOTE, name="notes"), EMPTY, ACT)),
        Body(
            key=BODY.key,
            sections=(
                attrs.evolve(NOTE, content=ACT.content),
                EMPTY,
                attrs.evolve(ACT, content=NOTE.content),
            ),
        ),
    ],
)
def test_another_body_has_another_commitment(other: Body) -> None:
    assert commit(other) != commit(BODY)


def test_what_is_erased_is_gone_and_the_rest_still_proves_itself() -> None:
    rest = erase(BODY, ["note"])
    assert commit(rest) == commit(BODY)
    container = pack(rest)
    assert NOTE.content not in container
    assert NOTE.key.hex().encode() not in container
    found = unpack(container)
    assert found.erased == (ErasedSection(name="note", commitment=NOTE.commitment()),)
    assert commit(erase(found, ["act", "document"])) == commit(BODY)


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_a_key_of_another_length_would_open_twice(size: int) -> None:
    assert code_of(lambda: Body(key=b"k" * size, sections=(ACT,))) == "record.body_key"
    made = code_of(lambda: Section(name="act", key=b"k" * size, content=b""))
    assert made == "record.body_key"


@pytest.mark.parametrize("name", ["", "Act", "1act", "a" * 65, "a b", "\u00e9"])
def test_a_section_has_a_plain_name(name: str) -> None:
    assert code_of(lambda: Section(name=name, key=b"k" * 32, content=b"")) == "record.section_name"
    with pytest.raises(MisuseError):
        ErasedSection(name=name, commitment="ab" * 48)


def test_an_erased_section_leaves_a_commitment() -> None:
    assert (
        code_of(lambda: ErasedSection(name="note", commitment="ab")) == "record.erased_commitment"
    )


@pytest.mark.parametrize(
    "sections",
    [
        (),
        (ACT, ACT),
        tuple(Section(name=f"s{n}", key=b"k" * 32, content=b"") for n in range(17)),
    ],
)
def test_a_body_has_a_few_sections_each_once(sections: tuple[Section, ...]) -> None:
    assert code_of(lambda: Body(key=b"k" * 32, sections=sections)) == "record.body_sections"


def test_a_section_cannot_be_there_and_erased() -> None:
    erased = (ErasedSection(name="act", commitment="ab" * 48),)
    found = code_of(lambda: Body(key=b"k" * 32, sections=(ACT,), erased=erased))
    assert found == "record.body_sections"


KEY = "6b" * 32


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"key": KEY},
        {"key": KEY, "sections": []},
        {"key": KEY, "sections": "act"},
        {"key": KEY, "sections": {}},
        {"key": KEY, "sections": ["act"]},
        {"key": KEY, "sections": [{"name": "act", "key": KEY, "bytes": 2}], "more": 1},
        {"key": KEY[2:], "sections": [{"name": "act", "key": KEY, "bytes": 2}]},
        {"key": 7, "sections": [{"name": "act", "key": KEY, "bytes": 2}]},
        {"key": KEY, "sections": [{"name": "act", "key": KEY.upper(), "bytes": 2}]},
        {"key": KEY, "sections": [{"name": "Act", "key": KEY, "bytes": 2}]},
        {"key": KEY, "sections": [{"key": KEY, "bytes": 2}]},
        {"key": KEY, "sections": [{"name": "act", "key": KEY}]},
        {"key": KEY, "sections": [{"name": "act", "key": KEY, "bytes": -1}]},
        {"key": KEY, "sections": [{"name": "act", "key": KEY, "bytes": True}]},
        {"key": KEY, "sections": [{"name": "act", "key": KEY, "bytes": "2"}]},
        {"key": KEY, "sections": [{"name": "act", "key": KEY, "bytes": 2, "erased": "ab" * 48}]},
        {"key": KEY, "sections": [{"name": "act", "erased": "ab" * 47}]},
        {"key": KEY, "sections": [{"name": "act", "key": KEY, "bytes": 2}] * 2},
        {
            "key": KEY,
            "sections": [
                {"name": "note", "key": KEY, "bytes": 2},
                {"name": "act", "key": KEY, "bytes": 2},
            ],
        },
        {
            "key": KEY,
            "sections": [{"name": f"s{n:02}", "key": KEY, "bytes": 2} for n in range(17)],
        },
    ],
)
def test_a_body_with_another_header_is_refused(header: Json) -> None:
    assert code_of(lambda: parse_header(canonical(header))) == "record.body_header"


@pytest.mark.parametrize(
    ("container", "code"),
    [
        (b"", "record.body_no_header"),
        (pack(BODY).partition(b"\n")[0], "record.body_no_header"),
        (pack(BODY)[:-1], "record.body_cut"),
        (pack(BODY)[:-10], "record.body_cut"),
        (pack(BODY) + b"x", "record.body_trailing"),
        (b"x" * (64 << 10) + b"x", "json.size"),
        (b"x" * (64 << 10) + b"x\n", "json.size"),
        (b"{}\n", "record.body_header"),
        (b"\n", "json.syntax"),
    ],
)
def test_a_body_cut_off_or_with_more_in_it_is_refused(container: bytes, code: str) -> None:
    assert code_of(lambda: unpack(container)) == code


def test_a_body_announced_too_large_is_refused_before_it_comes() -> None:
    reader = BodyReader(lambda _name, _chunk: None, bytes_max=9)
    found = code_of(lambda: reader.feed(header_of(BODY).to_bytes()))
    assert found == "record.body_too_large"


def test_a_body_without_any_content_has_a_commitment() -> None:
    body = Body(key=b"k" * 32, sections=(EMPTY,))
    assert commit(unpack(pack(body))) == commit(body)
    gone = erase(body, ["document"])
    assert commit(unpack(pack(gone))) == commit(body)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_replay_never_needs_what_may_be_erased(name: str) -> None:
    kind = kind_of(name)
    assert "act" in kind.required
    assert not kind.state_bearing & kind.erasable
    assert "note" not in kind.state_bearing
    check_sections(name, present=kind.required)
    check_sections(name, present=kind.state_bearing, erased=kind.erasable)
    for section in kind.required:
        found = code_of(lambda: check_sections(name, present=kind.required - {section}))  # noqa: B023 - called at once
        assert found == "record.sections"
    erased = code_of(lambda: check_sections(name, present=kind.required - {"act"}, erased=["act"]))
    assert erased == "record.sections"
    more = code_of(lambda: check_sections(name, present=kind.required | {"letter"}))
    assert more == "record.sections"


@pytest.mark.parametrize("section", ["signatures", "document", "letter"])
def test_nothing_but_free_text_may_be_erased(section: str) -> None:
    found = code_of(lambda: check_sections("sharing.release", present=["act"], erased=[section]))
    assert found == "record.sections"


def test_an_unknown_kind_is_refused_because_nobody_could_replay_it() -> None:
    assert code_of(lambda: kind_of("agreement.dance")) == "record.unknown_kind"
    assert code_of(lambda: check_body("agreement.dance", BODY)) == "record.unknown_kind"


def test_entries_of_the_house_never_cross() -> None:
    house = Body(key=b"k" * 32, sections=(ACT, NOTE))
    check_body("house.approval", house)
    check_body("house.approval", erase(house, ["note"]))
    assert code_of(lambda: kind_of("house.approval")) == "record.unknown_kind"


def test_the_anchor_of_the_house_opens_to_one_head_only() -> None:
    origin = house_origin("a.example", epoch=0)
    house = head(7, origin=origin)
    key = b"h" * 32
    verify_anchor(anchor(house, key), house, key=key)
    wrong: tuple[tuple[str, int, bytes], ...] = (
        (anchor(house, key), 8, key),
        (anchor(house, key), 7, b"H" * 32),
        (anchor(house, key), 7, key + b"\0"),
        ("\u00e9" * 96, 7, key),
        ("ab" * 48, 7, key),
    )
    for commitment, size, other in wrong:
        with pytest.raises(ComityError) as caught:
            verify_anchor(commitment, head(size, origin=origin), key=other)
        assert caught.value.code == "record.anchor"
    assert code_of(lambda: anchor(house, b"short")) == "record.anchor_key"
