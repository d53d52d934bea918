"""What the logs of an earlier release amount to never changes: an agreement lasts ten years."""

import json
from pathlib import Path

import pytest

from comity.foundation.instants import Instant
from comity.node.folding import empty, fingerprint_of
from comity.parties.fold import PartiesState
from comity.record.cosign import CosignerKeys, LogKeys, cosigner_name, verify_cosigned
from comity.record.envelope import parse_envelope
from support.golden import amounts_to, folded, read_logs

GOLDEN = Path(__file__).parent / "golden"
SETS = sorted(folder for folder in GOLDEN.iterdir() if folder.is_dir())


@pytest.mark.parametrize("folder", SETS, ids=lambda folder: folder.name)
def test_old_logs_still_mean_what_they_meant(folder: Path) -> None:
    expected = json.loads((folder / "amounts-to.json").read_text())
    found = amounts_to(read_logs(folder), list(expected["at"]))
    rooms = found["fingerprints"]
    assert isinstance(rooms, dict)
    later = {name: rooms.pop(name) for name in set(rooms) - set(expected["fingerprints"])}
    assert found == expected
    nothing = fingerprint_of(empty(own_root=b"", peer_root=b""))
    assert later == {name: nothing[name] for name in later}, "rooms built later find nothing there"


@pytest.mark.parametrize("folder", SETS, ids=lambda folder: folder.name)
def test_an_entry_that_is_left_out_is_noticed(folder: Path) -> None:
    first, _ = read_logs(folder)
    heads = first.heads()
    assert heads[-1].size == len(first.entries)
    assert heads[-1].root == first.root()
    shorter = type(first)(party=first.party, entries=first.entries[:-1], notes=first.notes)
    assert shorter.root() != first.root()


@pytest.mark.parametrize("folder", SETS, ids=lambda folder: folder.name)
def test_every_head_in_the_old_logs_is_still_signed_by_both(folder: Path) -> None:
    logs = read_logs(folder)
    parties: PartiesState = folded(logs).parties
    for log, other in (logs, logs[::-1]):
        origin = parse_envelope(log.entries[0][0]).log
        peer = parse_envelope(other.entries[0][0]).log
        keys, theirs = parties.letters[log.party].keys, parties.letters[other.party].keys
        for size, time, note in log.notes:
            cosigned = verify_cosigned(
                note,
                log=LogKeys(origin=origin, ed=keys.log.ed, pq=keys.log.pq),
                cosigner=CosignerKeys(
                    name=cosigner_name(peer), ed=theirs.cosigner.ed, pq=theirs.cosigner.pq
                ),
            )
            assert (cosigned.checkpoint.size, cosigned.time) == (size, Instant.parse(time))
