"""A conformance profile: a whole node of purpose *conformance*, told by one file.

Source: issue 5, 7 and 8; ``docs/spec/09-connectors.md`` 9.9; ``docs/guides/conformance.md``.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal

import attrs
import msgspec
from msgspec import Meta, Struct, field

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import ComityError, MisuseError
from comity.foundation.instants import Instant
from comity.node.context import HOUSE
from comity.node.dataspace.book import Book
from comity.node.dataspace.planning import rules_in
from comity.node.officials import Official
from comity.protocols.dsp.connectors import policy_offer, read_policy
from comity.protocols.dsp.policies import Rules
from comity.sharing.connectors.model import (
    PULL,
    Contract,
    Counterpart,
    Dataset,
    Framework,
    Identity,
    IdentityKind,
    ItemFacts,
    PolicyOffer,
    Source,
)
from comity.sharing.connectors.playbook import Rule
from comity.sharing.model import Role
from comity.storage.tx import Tx
from comity.transport.connector import check_base

PROFILE_BYTES_MAX: Final = 4 << 20
#: The official of such a folder: it enters what a program asks of the API.
OPERATOR: Final = "operator"
#: What a profile's items are, unless it says otherwise.
AREA: Final = "conformance"
KIND: Final = "data"
MARKING: Final = "OPEN"
PURPOSE: Final = "conformance"

Text = Annotated[str, Meta(min_length=1, max_length=2_000)]
Port = Annotated[int, Meta(ge=1, le=65535)]


class _Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of a profile: what it does not know it refuses."""


class NodeTable(_Table, frozen=True, kw_only=True):
    """``[node]``."""

    name: Text
    participant: Text
    port: Port
    api_port: Port


class IdentityTable(_Table, frozen=True, kw_only=True):
    """``identity`` of a counterpart."""

    kind: Literal["none", "static", "edc-mock", "token"]
    header: str | None = None
    key: str | None = None


class CounterpartTable(_Table, frozen=True, kw_only=True):
    """``[[counterpart]]``."""

    id: Text
    base: Text
    identity: IdentityTable
    name: str = ""
    origins: tuple[str, ...] = ()


class SourceTable(_Table, frozen=True, kw_only=True):
    """``source`` of a dataset."""

    kind: Literal["text", "file", "folder", "http"]
    text: str = ""
    path: str = ""
    url: str = ""
    headers: dict[str, str] = field(default_factory=dict)


class OfferTable(_Table, frozen=True, kw_only=True):
    """One of ``offers`` of a dataset."""

    id: Text
    policy: dict[str, object]


class DatasetTable(_Table, frozen=True, kw_only=True):
    """``[[dataset]]``."""

    id: Text
    source: SourceTable
    offers: Annotated[tuple[OfferTable, ...], Meta(min_length=1)]
    to: tuple[str, ...]
    title: str = ""
    formats: Annotated[tuple[str, ...], Meta(min_length=1)] = (PULL,)
    group: str | None = None


class AgreementTable(_Table, frozen=True, kw_only=True):
    """``[[agreement]]``: a contract registered outside the protocol."""

    id: Text
    role: Literal["provider", "consumer"]
    counterpart: Text
    dataset: Text
    format: str = PULL


class ProfileFile(_Table, frozen=True, kw_only=True):
    """The whole file."""

    node: NodeTable
    counterpart: tuple[CounterpartTable, ...] = ()
    dataset: tuple[DatasetTable, ...] = ()
    agreement: tuple[AgreementTable, ...] = ()
    rule: tuple[dict[str, object], ...] = ()


@attrs.frozen(kw_only=True)
class Profile:
    """A profile that was read: nothing in it is unknown, every rule could act."""

    file: ProfileFile
    rules: tuple[Rule, ...]
    folder: Path


def read_profile(path: Path) -> Profile:
    """Return the profile in a file.

    Raises:
        MisuseError: ``profile.none``, ``profile.form``; ``playbook.*``, ``connectors.base``.
    """
    if not path.is_file() or path.stat().st_size > PROFILE_BYTES_MAX:
        raise MisuseError(
            "profile.none", f"{path} is no profile: a file of at most {PROFILE_BYTES_MAX} bytes."
        )
    try:
        value = tomllib.loads(path.read_text(encoding="utf-8"))
        file = msgspec.convert(value, ProfileFile)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise MisuseError("profile.form", f"{path} cannot be read: {error}.") from error
    for each in file.counterpart:
        if each.identity.kind == "static" and not each.identity.header:
            raise MisuseError(
                "profile.form", f"{path}: the identity of {each.id} needs its header."
            )
    known = {each.id for each in file.counterpart}
    for each in file.counterpart:
        check_base(each.base, plain=True)
    named = {name for each in file.dataset for name in each.to}
    named |= {each.counterpart for each in file.agreement}
    if named - known:
        raise MisuseError(
            "profile.counterpart",
            f"{path} names {', '.join(sorted(named - known))[:200]}, which no [[counterpart]] is.",
        )
    return Profile(
        file=file, rules=rules_in([dict(each) for each in file.rule]), folder=path.parent
    )


def load(tx: Tx, book: Book, profile: Profile, *, texts: Mapping[str, str]) -> None:
    """Keep everything that a profile says, over what an earlier start kept.

    Args:
        tx: The unit of work.
        book: Where it is kept.
        profile: What is kept.
        texts: Digests in the payload store of the sources of kind ``text``, by dataset.

    Raises:
        MisuseError: ``profile.policy``: an offer's policy is none.
    """
    for each in profile.file.counterpart:
        book.keep_counterpart(tx, _counterpart(each))
    for table in profile.file.dataset:
        book.keep_dataset(tx, _dataset(table, profile.folder, texts=texts))
    for contract in profile.file.agreement:
        book.keep_contract(tx, _contract(contract, book.dataset(tx, contract.dataset)))
    book.keep_rules(tx, profile.rules)
    operator = Official(
        id=OPERATOR,
        name="Operator",
        office="The program that drives this conformance node",
        roles=("desk_officer", "release_officer", "engineer"),
        key=None,
    )
    tx.things.put(HOUSE, "official", OPERATOR, value=operator.to_json())


def _counterpart(table: CounterpartTable) -> Counterpart:
    identity = Identity(
        kind=IdentityKind(table.identity.kind),
        key=table.identity.key,
        header=table.identity.header,
    )
    framework = Framework(
        title="Conformance profile",
        article="the profile",
        area=AREA,
        kinds=(KIND,),
        scale=(MARKING,),
        marking_max=MARKING,
        purposes=(PURPOSE,),
        onward="refused",
        since=Instant(0),
        until=None,
    )
    return Counterpart(
        id=table.id,
        name=table.name or table.id,
        base=table.base,
        identity=identity,
        framework=framework,
        registered=Instant(0),
        by=None,
        origins=table.origins,
    )


def facts() -> ItemFacts:
    """Return what an item of a profile is."""
    return ItemFacts(area=AREA, kind=KIND, marking=MARKING, purpose=PURPOSE)


def _dataset(table: DatasetTable, folder: Path, *, texts: Mapping[str, str]) -> Dataset:
    source = table.source
    match source.kind:
        case "text":
            place = Source(kind="payload", place=texts[table.id])
        case "http":
            place = Source(kind="http", place=source.url, headers=source.headers)
        case kind:
            place = Source(kind=kind, place=str((folder / source.path).resolve()))
    return Dataset(
        id=table.id,
        title=table.title or table.id,
        source=place,
        media="application/octet-stream",
        offers=tuple(_offer(each, table.id) for each in table.offers),
        formats=table.formats,
        to=table.to,
        facts=facts(),
        group=table.group,
    )


def _offer(table: OfferTable, dataset: str) -> PolicyOffer:
    return policy_offer(table.id, target=dataset, rules=_rules(table.policy, table.id))


def _rules(policy: object, name: str) -> Rules:
    try:
        return read_policy(_json(policy), what=f"The policy of offer {name}")
    except ComityError as error:
        raise MisuseError("profile.policy", f"The policy of offer {name}: {error}") from error


def _json(value: object) -> JsonObject:
    made = _plain(value)
    assert isinstance(made, dict)
    return made


def _plain(value: object) -> Json:
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return str(value)


def _contract(table: AgreementTable, dataset: Dataset | None) -> Contract:
    if dataset is not None:
        policy, meaning = dataset.offers[0].policy, dataset.offers[0].meaning
    else:
        plain = policy_offer("", target="", rules=_rules(_USE, table.id))
        policy, meaning = plain.policy, plain.meaning
    return Contract(
        id=table.id,
        role=Role(table.role),
        counterpart=table.counterpart,
        dataset=table.dataset,
        policy=policy,
        meaning=meaning,
        agreed=Instant(0),
        negotiation=None,
        facts=facts(),
        formats=(table.format,),
    )


_USE: Final = {"permission": [{"action": "use"}]}
