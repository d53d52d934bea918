"""The operations on registered connectors: who they are, what moves, what waits, and the playbook.

Source: design 7; ``docs/spec/09-connectors.md``.
"""

from typing import Annotated, Final, Literal

from msgspec import Meta, field

from comity.api.operation import Name, Operation, Request, get, post

Address = Annotated[str, Meta(min_length=1, max_length=2_000)]
#: Rules in their TOML form, as a person writes a playbook.
Playbook = Annotated[str, Meta(max_length=1_000_000)]
Policy = Annotated[str, Meta(max_length=60_000)]
Reason = Annotated[str, Meta(max_length=1_000)]
Date = Annotated[str, Meta(max_length=20)]
Key = Annotated[str, Meta(max_length=2_000)]
ManyNames = Annotated[list[Name], Meta(min_length=1, max_length=200)]
Act = Literal[
    "offer",
    "agree",
    "finalize",
    "request",
    "accept",
    "verify",
    "start",
    "fetch",
    "suspend",
    "complete",
    "terminate",
]


class OneConnector(Request, frozen=True, kw_only=True):
    """One registered connector: its participant id, or the name we gave it."""

    connector: Name


class Terms(Request, frozen=True, kw_only=True):
    """What a registration says of a connector beside its participant id."""

    name: Name
    base: Address
    key: Key
    agreement: Name
    article: Name
    area: Name
    kinds: ManyNames
    scale: ManyNames
    marking_max: Name
    purposes: ManyNames
    onward: Literal["refused", "consent", "free"] = "refused"
    until: Date = ""
    pin: Key = ""
    origins: Annotated[list[Address], Meta(max_length=20)] = field(default_factory=list)


class Register(Terms, frozen=True, kw_only=True):
    """A connector, and the article of an agreement made elsewhere that opens an area to it."""

    id: Name


class Change(Terms, frozen=True, kw_only=True):
    """A registration as it shall read from now on, and why; its participant id stays."""

    connector: Name
    reason: Annotated[str, Meta(min_length=1, max_length=1_000)]


class OneProposal(Request, frozen=True, kw_only=True):
    """A proposed registration, or a change of one."""

    proposal: Name


class Confirm(OneProposal, frozen=True, kw_only=True):
    """Exactly what is confirmed: the digest of the proposal, or its first 8 digits or more."""

    digest: Name


class RefuseProposal(OneProposal, frozen=True, kw_only=True):
    """What is refused, and why."""

    reason: Reason


class ChangeConnector(OneConnector, frozen=True, kw_only=True):
    """Suspend everything under a registration, or resume it."""

    suspended: bool
    reason: Reason


class OneDataset(Request, frozen=True, kw_only=True):
    """One dataset of ours."""

    dataset: Name


class ReleaseDataset(Request, frozen=True, kw_only=True):
    """An item of ours, and the registered connector it is released to."""

    item: Name
    connector: Name
    push: bool = False


class OneExchange(Request, frozen=True, kw_only=True):
    """One negotiation or transfer with a registered connector."""

    exchange: Name


class Exchanges(Request, frozen=True, kw_only=True):
    """Which negotiations and transfers: all, those under way, or those that have ended."""

    state: Literal["all", "open", "ended"] = "all"


class ActIn(OneExchange, frozen=True, kw_only=True):
    """What is done in a negotiation or transfer, and the words the counterpart reads."""

    do: Act
    reason: Reason = ""


class Counter(OneExchange, frozen=True, kw_only=True):
    """Other rules for the offer on the table (ODRL as JSON), as its consumer."""

    policy: Annotated[str, Meta(min_length=1, max_length=60_000)]


class Negotiate(Request, frozen=True, kw_only=True):
    """Ask for an offer of a registered connector; what it is, in the registration's words.

    Without ``policy`` (ODRL rules as JSON) plain use is asked for; what the item is defaults to
    the first kind and purpose and the lowest marking that the registration names.
    """

    counterpart: Name
    dataset: Name
    offer: Name
    policy: Policy = ""
    kind: Annotated[str, Meta(max_length=200)] = ""
    marking: Annotated[str, Meta(max_length=200)] = ""
    purpose: Annotated[str, Meta(max_length=200)] = ""


class AskForData(Request, frozen=True, kw_only=True):
    """Ask for the data of a contract: ``HttpData-PULL`` we fetch, ``HttpData-PUSH`` they send."""

    counterpart: Name
    contract: Name
    format: Name = "HttpData-PULL"


class SetPlaybook(Request, frozen=True, kw_only=True):
    """The whole playbook: tables ``[[rule]]``."""

    rules: Playbook


_DESK: Final = ("desk_officer",)
_RELEASE: Final = ("release_officer",)
#: Who goes on in a negotiation or transfer, or ends it.
ACTING: Final = (*_DESK, *_RELEASE)
#: Who confirms what another person proposed about a registration.
CONFIRMING: Final = ("release_officer", "legal_adviser", "mandate_holder")

OPERATIONS: Final[tuple[Operation, ...]] = (
    get("dataspace.own", "/api/dataspace/own", "What others need to register our connector"),
    get("dataspace.connectors", "/api/dataspace/connectors", "The registered connectors"),
    get(
        "dataspace.connector",
        "/api/dataspace/connectors/{connector}",
        "One registered connector",
        request=OneConnector,
    ),
    post(
        "dataspace.register",
        "/api/dataspace/connectors",
        request=Register,
        summary="Propose to register a connector under an article",
        roles=_RELEASE,
    ),
    post(
        "dataspace.change",
        "/api/dataspace/connectors/{connector}/change",
        request=Change,
        summary="Propose to change a registration: address, key, article",
        roles=_RELEASE,
    ),
    get(
        "dataspace.proposals",
        "/api/dataspace/proposals",
        "Registrations and changes that wait for a second person",
    ),
    get(
        "dataspace.proposal",
        "/api/dataspace/proposals/{proposal}",
        "One proposed registration or change: what it says, and what it changes",
        request=OneProposal,
    ),
    post(
        "dataspace.confirm",
        "/api/dataspace/proposals/{proposal}/confirm",
        request=Confirm,
        summary="Confirm a registration or change that another person proposed",
        roles=CONFIRMING,
    ),
    post(
        "dataspace.refuse",
        "/api/dataspace/proposals/{proposal}/refuse",
        request=RefuseProposal,
        summary="Refuse a proposed registration or change",
        roles=CONFIRMING,
    ),
    post(
        "dataspace.suspend",
        "/api/dataspace/connectors/{connector}/suspended",
        request=ChangeConnector,
        summary="Suspend or resume all that a registration permits",
        roles=_RELEASE,
    ),
    get(
        "dataspace.catalogue",
        "/api/dataspace/connectors/{connector}/catalogue",
        "What a connector offers us at this moment, asked of it",
        request=OneConnector,
    ),
    get("dataspace.datasets", "/api/dataspace/datasets", "What we offer to registered connectors"),
    post(
        "dataspace.release",
        "/api/dataspace/datasets",
        request=ReleaseDataset,
        summary="Release an item to a registered connector",
        roles=_RELEASE,
    ),
    post(
        "dataspace.withdraw",
        "/api/dataspace/datasets/{dataset}/withdraw",
        request=OneDataset,
        summary="Withdraw a dataset from all registered connectors",
        roles=_RELEASE,
    ),
    get("dataspace.contracts", "/api/dataspace/contracts", "Contracts with registered connectors"),
    get("dataspace.inbox", "/api/dataspace/inbox", "What waits for a person, and why"),
    get(
        "dataspace.exchanges",
        "/api/dataspace/exchanges",
        "Negotiations and transfers with registered connectors",
        request=Exchanges,
    ),
    get(
        "dataspace.exchange",
        "/api/dataspace/exchanges/{exchange}",
        "One negotiation or transfer, and why it stands where it stands",
        request=OneExchange,
    ),
    post(
        "dataspace.act",
        "/api/dataspace/exchanges/{exchange}/act",
        request=ActIn,
        summary="Go on in a negotiation or transfer, or end it",
        roles=ACTING,
    ),
    post(
        "dataspace.counter_preview",
        "/api/dataspace/exchanges/{exchange}/counter/preview",
        request=Counter,
        summary="What a counter-request would say, and whether it may leave; nothing is sent",
    ),
    post(
        "dataspace.counter",
        "/api/dataspace/exchanges/{exchange}/counter",
        request=Counter,
        summary="Answer an offer with other rules",
        roles=ACTING,
    ),
    post(
        "dataspace.negotiate",
        "/api/dataspace/negotiations",
        request=Negotiate,
        summary="Ask a registered connector for an offer of its own",
        roles=_DESK,
    ),
    post(
        "dataspace.transfer",
        "/api/dataspace/transfers",
        request=AskForData,
        summary="Ask a registered connector for the data of a contract",
        roles=_DESK,
    ),
    Operation(
        name="dataspace.content",
        method="GET",
        path="/api/dataspace/exchanges/{exchange}/content",
        request=OneExchange,
        summary="The file that came by a transfer, as a download",
        answer="bytes",
    ),
    get("dataspace.playbook", "/api/dataspace/playbook", "The rules by which our node acts"),
    post(
        "dataspace.simulate",
        "/api/dataspace/playbook/simulate",
        request=SetPlaybook,
        summary="What rules would do in the processes there are; nothing is done",
    ),
    post(
        "dataspace.set_playbook",
        "/api/dataspace/playbook",
        request=SetPlaybook,
        summary="Set the rules by which our node acts",
        roles=_RELEASE,
    ),
)
