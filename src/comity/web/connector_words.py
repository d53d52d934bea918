"""Words for exchanges with registered connectors: states, turns, steps, what can be done, rules.

An exchange is a negotiation or a transfer. Codes and facts are the operations'; this module only
words them, in the reader's language.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from comity.web.roles import role_name
from comity.web.visit import Visit, readable, rows_of

Row = Mapping[str, object]

#: Ends something or holds it up, so that the other side reads a reason.
REASONED: Final = ("terminate", "suspend")


def state_of(visit: Visit, row: Row) -> tuple[str, str]:
    """Return the kind of badge and the words for the state of an exchange."""
    state = str(row["state"])
    return _words(visit, str(row["family"])).get(state, ("plain", state))


def _words(visit: Visit, family: str) -> Mapping[str, tuple[str, str]]:
    if family == "negotiation":
        return {
            "REQUESTED": ("wait", visit._("an offer is asked for")),
            "OFFERED": ("wait", visit._("an offer is on the table")),
            "ACCEPTED": ("wait", visit._("the offer is accepted")),
            "AGREED": ("wait", visit._("the provider has agreed")),
            "VERIFIED": ("wait", visit._("the consumer has confirmed it")),
            "FINALIZED": ("good", visit._("the contract stands")),
            "TERMINATED": ("bad", visit._("ended without a contract")),
        }
    return {
        "REQUESTED": ("wait", visit._("the data is asked for")),
        "STARTED": ("wait", visit._("the data may move")),
        "DELIVERED": ("good", visit._("all bytes have moved")),
        "SUSPENDED": ("wait", visit._("paused")),
        "COMPLETED": ("good", visit._("complete")),
        "TERMINATED": ("bad", visit._("ended before it was complete")),
    }


def what_of(visit: Visit, row: Row) -> str:
    """Return which sort of exchange it is, and which way the data goes."""
    ours = row["role"] == "provider"
    if row["family"] == "negotiation":
        return visit._("contract, from us") if ours else visit._("contract, to us")
    return visit._("data, from us") if ours else visit._("data, to us")


def about(row: Row) -> str:
    """Return what an exchange is about, as people call it."""
    return str(row.get("title") or row["dataset"])


def do_words(visit: Visit, do: object) -> str:
    """Return what is done, as the button for it is called."""
    words = {
        "hold": visit._("Leave it to a person"),
        "offer": visit._("Make our formal offer"),
        "agree": visit._("Agree to the contract"),
        "finalize": visit._("Conclude the contract"),
        "request": visit._("Ask again"),
        "accept": visit._("Accept the offer"),
        "verify": visit._("Confirm the agreement"),
        "start": visit._("Open the data"),
        "fetch": visit._("Fetch the data"),
        "suspend": visit._("Pause it"),
        "complete": visit._("Declare it complete"),
        "terminate": visit._("End it"),
    }
    return words.get(str(do), str(do))


def effect_words(visit: Visit, do: object) -> str:
    """Return what follows when it is done."""
    words = {
        "offer": visit._("They are sent our offer, and can accept it or ask for something else."),
        "agree": visit._("They are sent our agreement; they confirm it, then we conclude."),
        "finalize": visit._("The contract stands: under it they can ask for the data."),
        "request": visit._("They are sent what we asked for before; the answer is theirs."),
        "accept": visit._("They are told that we accept; the agreement is theirs to write."),
        "verify": visit._("They are told that the agreement is as we understood it."),
        "start": visit._("They are sent an address and a token; whoever has them gets the bytes."),
        "fetch": visit._("Our node fetches the bytes and keeps them, checked."),
        "suspend": visit._("The bytes stop at once; either side can go on later."),
        "complete": visit._("Nothing more moves; they are told that we are done."),
        "terminate": visit._("It is over on both sides, for good. They read your reason."),
    }
    return words.get(str(do), "")


def turn_of(visit: Visit, row: Row) -> tuple[str, str]:
    """Return the kind of badge and the words for who must act."""
    whose = _waits(row)["for"]
    words = {
        "us": ("wait", visit._("a person of ours")),
        "counterpart": ("open", visit._("the other side")),
        "delivery": ("half", visit._("our node")),
        "nobody": ("closed", visit._("nobody")),
    }
    return words.get(str(whose), ("plain", str(whose)))


def _waits(row: Row) -> Row:
    waits = row["waits"]
    assert isinstance(waits, Mapping)
    return waits


def why_of(visit: Visit, row: Row) -> str:
    """Return in a sentence why an exchange stands where it stands."""
    waits = _waits(row)
    roles = waits["roles"]
    who = visit._(" or ").join(
        role_name(visit.words, role) for role in (roles if isinstance(roles, Sequence) else ())
    )
    said = {
        "ended": visit._("Nothing more happens in it."),
        "sending": visit._("Our node is bringing our message to theirs."),
        "moving": visit._("Our node is moving the bytes."),
        "planned": visit._("A rule of our playbook acts next, unless something happens before."),
        "odd": visit._(
            "Something is not as agreed, so no rule goes on by itself: a %(who)s of ours decides.",
            who=who,
        ),
        "received": visit._(
            "All bytes are here and checked: a %(who)s of ours declares it complete, or they do.",
            who=who,
        ),
        "our_turn": visit._(
            "It is our turn, and no rule of the playbook acts: a %(who)s of ours decides.", who=who
        ),
        "their_turn": visit._("The next step is theirs."),
    }
    return said.get(str(waits["why"]), str(waits["why"]))


def step_of(visit: Visit, step: Row) -> tuple[str, str]:
    """Return which side moved the exchange in one step, and what happened."""
    if step.get("came"):
        return "theirs", _came(visit, str(step["came"]))
    if step.get("rejected"):
        return "theirs", visit._(
            "Their node rejected our message: %(code)s.", code=step["rejected"]
        )
    if step.get("taken"):
        return "theirs", visit._("Their node took our message.")
    return "ours", _ours(visit, step)


def _ours(visit: Visit, step: Row) -> str:
    if step.get("delivered"):
        size = step.get("bytes")
        moved = readable(size) if isinstance(size, int) else "?"
        return visit._("All bytes have moved: %(size)s.", size=moved)
    for part, words in (("access", _out), ("intake", _in)):
        told = step.get(part)
        if isinstance(told, Mapping):
            return words(visit, told)
    done = do_words(visit, step.get("do"))
    if step.get("by_rule"):
        return visit._("Rule %(n)s of the playbook: %(done)s.", n=step["by_rule"], done=done)
    if step.get("by"):
        return visit._("%(who)s: %(done)s.", who=step["by"], done=done)
    return f"{done}."


def _out(visit: Visit, told: Row) -> str:
    return visit._("Their node fetches bytes, from byte %(first)s on.", first=told["first"])


def _in(visit: Visit, told: Row) -> str:
    return visit._("Their node sends bytes, from byte %(first)s on.", first=told["first"])


def _came(visit: Visit, step: str) -> str:
    words = {
        "request": visit._("They asked."),
        "offer": visit._("They made an offer."),
        "accept": visit._("They accepted the offer."),
        "agreement": visit._("They agreed to the contract."),
        "verification": visit._("They confirmed the agreement."),
        "finalization": visit._("They concluded the contract."),
        "start": visit._("They opened the data, or asked to go on."),
        "suspension": visit._("They paused it."),
        "completion": visit._("They declared it complete."),
        "termination": visit._("They ended it."),
    }
    return words.get(step, step)


def rule_sentence(visit: Visit, rule: Row) -> str:
    """Return a rule of the playbook in plain sentences."""
    return " ".join(_rule(visit, rule))


def _rule(visit: Visit, rule: Row) -> Iterator[str]:
    family, on = str(rule["process"]), str(rule["on"])
    facts = {
        "state": _words(visit, family).get(on, ("", on))[1],
        "done": do_words(visit, rule["do"]),
    }
    sentences = {
        ("negotiation", "provider"): visit._(
            "When “%(state)s” is reached in a contract from us: %(done)s.", **facts
        ),
        ("negotiation", "consumer"): visit._(
            "When “%(state)s” is reached in a contract to us: %(done)s.", **facts
        ),
        ("transfer", "provider"): visit._(
            "When “%(state)s” is reached for data from us: %(done)s.", **facts
        ),
        ("transfer", "consumer"): visit._(
            "When “%(state)s” is reached for data to us: %(done)s.", **facts
        ),
    }
    yield sentences[family, str(rule["role"])]
    if rule["occurrence"] == "first":
        yield visit._("Only the first time.")
    elif rule["occurrence"] == "later":
        yield visit._("Only from the second time on.")
    if rule["after"] != "0ms":
        yield visit._("Not before %(after)s have passed.", after=rule["after"])
    yield from _limits(visit, rule["when"])


def _limits(visit: Visit, limits: object) -> Iterator[str]:
    words = {
        "counterpart": visit._("Only with: %(names)s."),
        "dataset": visit._("Only for: %(names)s."),
        "agreement": visit._("Only under the contracts: %(names)s."),
    }
    for name, said in words.items():
        members = limits.get(name) if isinstance(limits, Mapping) else None
        if isinstance(members, Sequence) and members:
            yield said % {"names": ", ".join(map(str, members))}


def worked(visit: Visit, row: Row) -> Iterator[tuple[str, Row]]:
    """Yield what our node still has to do: a sentence about it, and its facts."""
    words = {
        "message": visit._("Bringing our message to their node"),
        "rule": visit._("Waiting for the delay of a rule"),
        "fetch": visit._("Fetching the bytes"),
        "push": visit._("Sending the bytes to their address"),
    }
    for work in rows_of(_waits(row), "work"):
        yield words.get(str(work["what"]), str(work["what"])), work


def member_words(visit: Visit) -> Mapping[str, str]:
    """Return what the members of a registration are called, in their order."""
    return {
        "name": visit._("Name"),
        "base": visit._("Address"),
        "origins": visit._("Data also from"),
        "key": visit._("Its public key"),
        "pin": visit._("Pin of its TLS key"),
        "agreement": visit._("Agreement"),
        "article": visit._("Article"),
        "area": visit._("Area"),
        "kinds": visit._("Kinds"),
        "scale": visit._("Markings"),
        "marking_max": visit._("Highest marking that may cross"),
        "purposes": visit._("Purposes"),
        "onward": visit._("Passing on"),
        "until": visit._("Until"),
    }


def past_of(visit: Visit, row: Row) -> str:
    """Return what was done about a registration, and by whom."""
    who = {"who": row["by"], "first": row.get("proposed_by") or row["by"]}
    words = {
        "registered": visit._("proposed by %(first)s, confirmed and registered by %(who)s", **who),
        "changed": visit._("changed as %(first)s proposed and %(who)s confirmed", **who),
        "proposed": visit._("%(who)s proposed a change", **who),
        "refused": visit._("%(who)s refused a change that %(first)s had proposed", **who),
        "suspended": visit._("suspended by %(who)s", **who),
        "resumed": visit._("resumed by %(who)s", **who),
    }
    return words.get(str(row["what"]), str(row["what"]))
