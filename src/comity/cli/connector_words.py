"""What happens with registered connectors, in sentences: states, turns, what was tried and why."""

from collections.abc import Iterator, Mapping
from typing import Final

from comity.cli.values import number, one, rows, text, words
from comity.cli.words import plural, size, when
from comity.foundation.canonical import JsonObject

_STATES: Final[Mapping[str, Mapping[str, str]]] = {
    "negotiation": {
        "REQUESTED": "an offer is asked for",
        "OFFERED": "an offer is on the table",
        "ACCEPTED": "the offer is accepted",
        "AGREED": "the provider has agreed",
        "VERIFIED": "the consumer has confirmed the agreement",
        "FINALIZED": "the contract stands",
        "TERMINATED": "ended without a contract",
    },
    "transfer": {
        "REQUESTED": "the data is asked for",
        "STARTED": "the data may move",
        "SUSPENDED": "paused",
        "COMPLETED": "complete",
        "TERMINATED": "ended before it was complete",
    },
}
DO: Final[Mapping[str, str]] = {
    "hold": "leave it to a person",
    "offer": "make our formal offer",
    "agree": "agree to the contract",
    "finalize": "conclude the contract",
    "request": "ask again",
    "accept": "accept the offer",
    "verify": "confirm the agreement",
    "start": "open the data",
    "fetch": "fetch the data",
    "suspend": "pause the transfer",
    "complete": "declare it complete",
    "terminate": "end it",
}
_CAME: Final[Mapping[str, str]] = {
    "request": "asked",
    "offer": "made an offer",
    "acceptance": "accepted the offer",
    "accept": "accepted the offer",
    "agreement": "agreed",
    "verification": "confirmed the agreement",
    "finalization": "concluded the contract",
    "start": "opened the data, or asked for it again",
    "suspension": "paused the transfer",
    "completion": "declared it complete",
    "termination": "ended it",
}


def brief(name: str) -> str:
    """Return the beginning of an id, which commands take for the whole."""
    return name.removeprefix("urn:uuid:")[:8]


def about(row: JsonObject) -> str:
    """Return what a process is about, as people call it."""
    return text(row, "title") or text(row, "dataset")


def state(row: JsonObject) -> str:
    """Return a state as the protocol names it and in words."""
    name = text(row, "state")
    said = _STATES.get(text(row, "family"), {}).get(name)
    return f"{name}, {said}" if said else name


def line(row: JsonObject) -> list[str]:
    """Return one process as the cells of a line."""
    way = "to" if text(row, "role") == "provider" else "from"
    turn = {"us": "waits for us", "counterpart": "waits for them", "delivery": "our node works"}
    return [
        brief(text(row, "exchange")),
        f"{text(row, 'family')} {way} {text(row, 'name')}",
        about(row),
        state(row),
        turn.get(text(one(row, "waits"), "for"), ""),
    ]


def paragraph(row: JsonObject) -> str:
    """Return in one paragraph where it stands, since when, who must act, and what was tried."""
    return " ".join([_where(row), *_who(row), *_can(row), *_tried(row)])


def _where(row: JsonObject) -> str:
    ours = text(row, "role") == "provider"
    way = f"to {text(row, 'name')}" if ours else f"from {text(row, 'name')}"
    stands = f"{state(row)}, since {when(text(row, 'since'))}."
    return f"{text(row, 'family').capitalize()} {way} about «{about(row)}»: {stands}"


def _who(row: JsonObject) -> Iterator[str]:
    waits, name = one(row, "waits"), text(row, "name")
    who = " or ".join(role.replace("_", " ") for role in words(waits, "roles"))
    match text(waits, "why"):
        case "ended":
            reason, code = text(row, "reason"), text(row, "code")
            yield "Nothing more happens in it."
            if reason or code:
                yield f"The reason given: {reason or 'none'} [{code or 'no code'}]"
        case "sending":
            yield f"Our node is bringing our message to {name}'s node."
        case "moving":
            yield f"Our node is moving the bytes.{_progress(row)}"
        case "planned":
            yield "A rule of our playbook acts next, unless something happens before."
        case "odd":
            odd = text(waits, "odd")
            yield f"A person of ours ({who}) must decide; something is not as agreed: {odd}"
        case "received":
            yield (
                f"All bytes are here. A person of ours ({who}) declares it complete, or {name}"
                " does."
            )
        case "our_turn":
            yield f"It waits for a person of ours ({who}): no rule of the playbook acts here."
        case _:
            yield f"It waits for {name}: the next step is theirs.{_progress(row)}"


def _progress(row: JsonObject) -> str:
    moving = one(row, "moving")
    if not moving:
        return ""
    whole = f" of {size(number(moving, 'bytes'))}" if number(moving, "bytes") else ""
    return f" {size(number(moving, 'so_far'))}{whole} have moved."


def _can(row: JsonObject) -> Iterator[str]:
    can = words(one(row, "waits"), "can")
    if can:
        yield f"What can be done: {', '.join(f'{do} ({DO.get(do, do)})' for do in can)}."


def _tried(row: JsonObject) -> Iterator[str]:
    waits, name = one(row, "waits"), text(row, "name")
    for work in rows(waits, "work"):
        if text(work, "what") == "rule":
            yield f"The rule acts at {when(text(work, 'next'))}."
        elif text(work, "error"):
            tried = plural(number(work, "attempts"), "time")
            yield (
                f"It was tried {tried}; last: {text(work, 'error')} It is tried again at"
                f" {when(text(work, 'next'))}."
            )
    note = one(waits, "note")
    if note:
        rule = (
            f"Rule {number(note, 'rule')} wanted to act and was not let"
            if note.get("rule")
            else "Noted"
        )
        yield f"{rule} ({when(text(note, 'at'))}): {text(note, 'why')}"
    if text(row, "address") and text(row, "format") == "HttpData-PUSH":
        to = text(row, "name") if text(row, "role") == "provider" else "us"
        yield f"The data is sent to {to}, at {text(row, 'address')}."
    elif text(row, "address") and text(waits, "for") == "us":
        yield f"{name} gives the data at {text(row, 'address')}."


def step(entry: JsonObject, name: str) -> str:
    """Return one step of a process as a line.

    Args:
        entry: The step.
        name: What we call the counterpart.
    """
    return f"  {when(text(entry, 'at'))}  {_step(entry, name)}; {text(entry, 'state')}"


def _step(entry: JsonObject, name: str) -> str:
    if entry.get("came"):
        came = text(entry, "came")
        return f"{name} {_CAME.get(came, came)}"
    if entry.get("rejected"):
        return f"{name}'s node rejected our message [{text(entry, 'rejected')}]"
    if entry.get("taken"):
        return f"{name}'s node took our message"
    if entry.get("delivered"):
        moved = f": {size(number(entry, 'bytes'))}" if number(entry, "bytes") else ""
        return f"all bytes have moved{moved}"
    return _moving(entry, name) or _ours(entry)


def _moving(entry: JsonObject, name: str) -> str:
    for part, does in (("access", "fetches"), ("intake", "sends")):
        if entry.get(part):
            return f"{name}'s node {does} bytes, from byte {number(one(entry, part), 'first')} on"
    return ""


def _ours(entry: JsonObject) -> str:
    does = DO.get(text(entry, "do"), text(entry, "do"))
    if entry.get("by_rule"):
        return f"rule {number(entry, 'by_rule')}: {does} ({text(entry, 'reason')})"
    return f"{text(entry, 'by') or 'our node'}: {does}"
