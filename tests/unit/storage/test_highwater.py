"""What was signed once is never signed otherwise, whatever happened to the database."""

import json
from pathlib import Path

import pytest

from comity.foundation.errors import UnavailableError
from comity.storage.highwater import HighWater

LOG = "a.example/comity/ab/0"
ROOT, OTHER = b"\x01" * 32, b"\x02" * 32


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "high-water.json"


@pytest.fixture
def marks(path: Path) -> HighWater:
    return HighWater.open(path, instance="here", create=True)


def test_the_mark_stands_on_disk_before_anything_is_signed(marks: HighWater, path: Path) -> None:
    assert marks.get(LOG) is None
    mark = marks.advance(LOG, size=3, root=ROOT)
    stored = json.loads(path.read_bytes())["logs"][LOG]
    assert stored == {"size": 3, "root": ROOT.hex(), "counter": 1, "instance": "here"}
    assert marks.get(LOG) == mark
    assert marks.logs() == (LOG,)
    assert marks.advance(LOG, size=4, root=OTHER).counter == 2


def test_signing_the_same_head_again_is_no_advance(marks: HighWater) -> None:
    mark = marks.advance(LOG, size=3, root=ROOT)
    assert marks.advance(LOG, size=3, root=ROOT) == mark


@pytest.mark.parametrize(("size", "root"), [(2, OTHER), (3, OTHER), (0, ROOT)])
def test_a_restored_database_signs_nothing(marks: HighWater, size: int, root: bytes) -> None:
    marks.advance(LOG, size=3, root=ROOT)
    with pytest.raises(UnavailableError) as caught:
        marks.advance(LOG, size=size, root=root)
    assert caught.value.code == "record.high_water"
    assert marks.get(LOG) == marks.advance(LOG, size=3, root=ROOT)


def test_logs_have_marks_of_their_own(marks: HighWater) -> None:
    marks.advance(LOG, size=3, root=ROOT)
    assert marks.advance("other", size=1, root=OTHER).counter == 1


def test_marks_survive_and_an_orderly_end_is_known(marks: HighWater, path: Path) -> None:
    mark = marks.advance(LOG, size=3, root=ROOT)
    marks.close()
    again = HighWater.open(path, instance="here")
    assert again.clean
    assert again.get(LOG) == mark


def test_a_crash_or_another_machine_is_noticed(marks: HighWater, path: Path) -> None:
    assert marks.clean
    crashed = HighWater.open(path, instance="here")
    assert not crashed.clean
    crashed.close()
    assert not HighWater.open(path, instance="there").clean


def test_two_nodes_on_one_file_both_stop_signing(marks: HighWater, path: Path) -> None:
    second = HighWater.open(path, instance="there")
    second.advance(LOG, size=9, root=OTHER)
    with pytest.raises(UnavailableError) as caught:
        marks.advance(LOG, size=1, root=ROOT)
    assert caught.value.code == "record.high_water_changed"
    path.unlink()
    with pytest.raises(UnavailableError) as caught:
        second.advance(LOG, size=10, root=ROOT)
    assert caught.value.code == "record.high_water_changed"
    with pytest.raises(UnavailableError):
        second.close()


def test_a_missing_file_is_not_quietly_made_anew(path: Path) -> None:
    with pytest.raises(UnavailableError) as caught:
        HighWater.open(path, instance="here")
    assert caught.value.code == "record.high_water_missing"
    assert not path.exists()


def test_what_a_crash_left_half_written_is_swept_away(marks: HighWater, path: Path) -> None:
    marks.advance(LOG, size=3, root=ROOT)
    half = path.with_name(".high-water.json-half")
    half.write_bytes(b"{")
    assert HighWater.open(path, instance="here").get(LOG) == marks.get(LOG)
    assert not half.exists()


GOOD = {"closed": True, "instance": "here", "logs": {}, "v": 1}
MARK = {"counter": 1, "instance": "here", "root": ROOT.hex(), "size": 3}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        json.dumps(GOOD, separators=(",", ":")).encode()[:-3],
        *(
            json.dumps(value, separators=(",", ":"), sort_keys=True).encode()
            for value in (
                {**GOOD, "v": 2},
                {**GOOD, "closed": 1},
                {**GOOD, "instance": None},
                {**GOOD, "logs": []},
                {**GOOD, "logs": {LOG: []}},
                {**GOOD, "logs": {LOG: {**MARK, "size": "3"}}},
                {**GOOD, "logs": {LOG: {**MARK, "root": "01"}}},
            )
        ),
    ],
)
def test_a_torn_file_stops_signing(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(UnavailableError) as caught:
        HighWater.open(path, instance="here", create=True)
    assert caught.value.code == "record.high_water_unreadable"
    assert path.read_bytes() == content


def test_the_form_of_the_file_is_what_these_tests_say(path: Path) -> None:
    path.write_bytes(
        json.dumps({**GOOD, "logs": {LOG: MARK}}, separators=(",", ":"), sort_keys=True).encode()
    )
    mark = HighWater.open(path, instance="here").get(LOG)
    assert mark is not None
    assert (mark.size, mark.root) == (3, ROOT)
