"""Making a party's folder: keys, configuration, an empty database, the two appointing officials."""

import platform
from collections.abc import Sequence
from pathlib import Path

import attrs

from comity.foundation.errors import MisuseError
from comity.foundation.ports import Clock
from comity.foundation.text import check_text
from comity.node.context import HOUSE
from comity.parties.identifiers import host_of
from comity.record.house import house_origin
from comity.storage.folder import PartyConfig, PartyFolder, check_free
from comity.storage.highwater import HighWater
from comity.storage.keyfiles import Card, generate_node_keys
from comity.storage.store import Store
from comity.storage.tx import Tx


@attrs.frozen(kw_only=True)
class Founding:
    """What a new party says of itself."""

    name: str
    form: str
    purpose: str
    host: str
    port: int
    local_port: int


def party_of(host: str, port: int) -> str:
    """Return the party id of a node at that address (design 13.3)."""
    return f"did:web:{host}" if port == 443 else f"did:web:{host}%3A{port}"


def instance_name() -> str:
    """Return the name of this installation for the high-water mark."""
    return platform.node() or "unnamed"


def found(
    path: Path, founding: Founding, *, appointing: Sequence[Card], clock: Clock
) -> PartyFolder:
    """Return the new folder of a party; whatever is wrong is said before anything is written.

    Raises:
        MisuseError: ``founding.appointing``, ``founding.ports``; as ``storage.folder``.
    """
    if len(appointing) != 2 or appointing[0].pair.id == appointing[1].pair.id:
        raise MisuseError(
            "founding.appointing",
            "Two different appointing officials are needed, each by the card.json of their own"
            " personal folder (comity officials new).",
        )
    if founding.port == founding.local_port:
        raise MisuseError(
            "founding.ports", "The counterparts' port and the officials' port must differ."
        )
    check_free(path)
    now = clock.now()
    config = PartyConfig(
        party=party_of(founding.host, founding.port),
        name=check_text(founding.name, what="the name"),
        form=check_text(founding.form, what="the form"),
        purpose=founding.purpose,
        host=founding.host,
        port=founding.port,
        local_port=founding.local_port,
        created=now,
    )
    folder = PartyFolder.create(path, config=config)
    generate_node_keys(folder.keys, host=founding.host, at=now)
    HighWater.open(folder.high_water, instance=instance_name(), create=True).close()
    with Store.open(folder.database, clock=clock) as store:
        store.write_sync(lambda tx: _first(tx, config, appointing))
    folder.seal()
    return folder


def _first(tx: Tx, config: PartyConfig, appointing: Sequence[Card]) -> None:
    tx.meta.put("party", config.party)
    tx.logs.create(house_origin(host_of(config.party), epoch=0), rel_id=None, role="house")
    for number, card in enumerate(appointing, start=1):
        tx.things.add(
            HOUSE,
            "appointing",
            str(number),
            value={"office": card.office, "name": card.name, "keys": card.pair.to_json()},
        )
