"""Play the story once and write a set of golden logs; see tests/vectors/golden/README.md.

Run with ``PYTHONPATH=src:tests python tools/golden_logs.py``. A set is made once for a
rule set and never again.
"""

import asyncio
import json
import tempfile
from pathlib import Path

from comity.foundation import base64url
from comity.storage.tx import Tx
from pair.test_life_of_an_agreement import CHAPTERS
from support.golden import FOLDER, amounts_to, read_logs
from support.two_nodes import make_pair


async def play(root: Path) -> list[dict[str, object]]:
    """Return both logs as A's node keeps them after the story, without its end."""
    pair = await make_pair(root)
    for chapter in CHAPTERS:
        if chapter.__name__ == "it_ends_on_its_day":
            break
        await chapter(pair)
    rel = await pair.a.relationship()
    node = pair.a.node
    parties = ((pair.a.did, rel.own_origin), (rel.counterpart, rel.peer_origin))

    def read(tx: Tx) -> list[dict[str, object]]:
        return [
            {
                "party": party,
                "entries": [
                    [
                        base64url.encode(row.envelope),
                        base64url.encode(node.ctx.folding.container(tx, origin, row.n)),
                    ]
                    for row in tx.logs.entries(origin, 0, tx.logs.head(origin).size)
                ],
                "notes": [
                    [row.size, str(row.time), base64url.encode(row.note)]
                    for row in tx.checkpoints.notes(origin)
                ],
            }
            for party, origin in parties
        ]

    made = await node.ctx.store.read(read)
    await pair.close()
    return made


def main() -> None:
    """Write the set of the present rule set."""
    with tempfile.TemporaryDirectory() as root:
        logs = asyncio.run(play(Path(root)))
    FOLDER.mkdir(parents=True)  # never over a set that exists
    for name, value in zip("ab", logs, strict=True):
        (FOLDER / f"{name}.log.json").write_text(json.dumps(value, indent=0) + "\n")
    found = read_logs(FOLDER)
    last = max(mark.time for log in found for mark in log.marks().marks)
    times = [str(last), "2030-01-01T00:00:00Z", "2037-01-01T00:00:00Z"]
    (FOLDER / "amounts-to.json").write_text(json.dumps(amounts_to(found, times), indent=1) + "\n")


if __name__ == "__main__":
    main()
