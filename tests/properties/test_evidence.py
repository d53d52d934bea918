"""If this breaks, some change of evidence goes unseen, or a hostile archive stops the verifier."""

from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.verify import read_archive, verify_archive, write_archive
from support.evidence import shared, trust

#: Signatures are slow to verify; more by night, under the profile "explore".
FEW = settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])


@cache
def archive() -> bytes:
    return write_archive(shared().files(transfer=True))


@cache
def files() -> dict[str, bytes]:
    return read_archive(archive())


@FEW
@given(st.data())
def test_no_changed_bit_of_any_file_is_verified(data: st.DataObject) -> None:
    """Checksums and archive are made anew; what proves it wrong is named."""
    name = data.draw(st.sampled_from(sorted(set(files()) - {"manifest.json"})))
    content = files()[name]
    place = data.draw(st.integers(0, len(content) - 1))
    bit = 1 << data.draw(st.integers(0, 7))
    changed = content[:place] + bytes([content[place] ^ bit]) + content[place + 1 :]
    report = verify_archive(write_archive({**files(), name: changed}), trust=trust())
    assert not report.ok
    named = report.where or ""
    folder = name.rpartition("/")[0] if name.startswith(("entries/", "heads/")) else name
    assert named.startswith(folder) or (name, named) == (
        "documents/manifest.json",
        "text/units.json",
    )


@FEW
@given(st.data())
def test_files_that_change_places_are_never_verified(data: st.DataObject) -> None:
    names = sorted(set(files()) - {"manifest.json"})
    one, other = data.draw(st.lists(st.sampled_from(names), min_size=2, max_size=2, unique=True))
    swapped = {**files(), one: files()[other], other: files()[one]}
    report = verify_archive(write_archive(swapped), trust=trust())
    assert report.ok == (files()[one] == files()[other])


@FEW
@given(st.data())
def test_a_changed_byte_of_the_container_changes_nothing_that_is_believed(
    data: st.DataObject,
) -> None:
    place = data.draw(st.integers(0, len(archive()) - 1))
    bit = 1 << data.draw(st.integers(0, 7))
    changed = archive()[:place] + bytes([archive()[place] ^ bit]) + archive()[place + 1 :]
    report = verify_archive(changed, trust=trust())
    assert not report.ok or read_archive(changed) == files()


@given(st.binary(max_size=400), st.integers(0, 300))
def test_no_bytes_stop_the_verifier(noise: bytes, place: int) -> None:
    tail = archive()[-place:] if place else b""
    for data in (noise, noise + tail, archive()[:place] + noise + tail):
        assert not verify_archive(data, trust=[]).ok


@FEW
@given(st.data())
def test_a_file_full_of_noise_fails_and_is_told_in_words(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(set(files()) - {"manifest.json"})))
    noise = data.draw(
        st.one_of(
            st.binary(max_size=200),
            st.sampled_from([b"{}", b"[]", b"null", b"0", b'{"a":1}', b'"\\ud800"', b"[" * 99]),
        )
    )
    report = verify_archive(write_archive({**files(), name: noise}), trust=trust())
    assert not report.ok
    assert report.failures[0].detail
