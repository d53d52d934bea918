"""What a message of another connector may look like, and what is refused before it is anything."""

import json

import pytest

from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import PeerError
from comity.protocols.dsp import catalogue as dcat
from comity.protocols.dsp import messages as dsp
from comity.protocols.dsp.policies import (
    Atomic,
    Logical,
    Rule,
    Rules,
    normal_form,
    normal_word,
    read_constraint,
)
from comity.protocols.dsp.reading import CONTEXT, MESSAGE_BYTES_MAX, parse_as, to_bytes

USE: Json = [{"action": "use"}]
OFFER: dict[str, Json] = {"@type": "Offer", "@id": "o", "target": "d", "permission": USE}


def message(kind: str, **members: Json) -> dict[str, Json]:
    return {"@context": [CONTEXT], "@type": kind, **members}


REQUEST = message(
    "ContractRequestMessage", consumerPid="c", callbackAddress="https://x", offer=OFFER
)
OFFERED = message("ContractOfferMessage", providerPid="p", callbackAddress="https://x", offer=OFFER)
AGREEMENT: dict[str, Json] = {
    "@type": "Agreement",
    "@id": "a",
    "target": "d",
    "assigner": "A",
    "assignee": "B",
    "permission": USE,
}
AGREED = message("ContractAgreementMessage", providerPid="p", consumerPid="c", agreement=AGREEMENT)
START = message("TransferStartMessage", providerPid="p", consumerPid="c")
DATASET: dict[str, Json] = {
    **message("Dataset"),
    "@id": "d",
    "hasPolicy": [{"@id": "o", "permission": USE}],
    "distribution": [{"format": "f", "accessService": "s"}],
}


def read(told: dict[str, Json], kind: type) -> object:
    return parse_as(json.dumps(told).encode(), kind)


@pytest.mark.parametrize(
    ("kind", "told", "code"),
    [
        (dsp.ContractRequestMessage, {**REQUEST, "@context": CONTEXT}, "dsp.list"),
        (dsp.ContractRequestMessage, {**REQUEST, "@context": ["https://x"]}, "dsp.context"),
        (dsp.ContractRequestMessage, {**REQUEST, "@context": [CONTEXT, {}]}, "dsp.context"),
        (dsp.ContractRequestMessage, {**REQUEST, "@type": "dspace:X"}, "dsp.choice"),
        (dsp.ContractRequestMessage, {**REQUEST, "consumerPid": {"@id": "c"}}, "dsp.text"),
        (dsp.ContractRequestMessage, {**REQUEST, "consumerPid": ""}, "dsp.text"),
        (dsp.ContractRequestMessage, {**REQUEST, "consumerPid": "a\nb"}, "dsp.name"),
        (dsp.ContractRequestMessage, {**REQUEST, "consumerPid": "c" * 301}, "dsp.name"),
        (dsp.ContractRequestMessage, {**REQUEST, "providerPid": "p"}, "dsp.opening"),
        (dsp.ContractRequestMessage, {**REQUEST, "offer": "o"}, "dsp.object"),
        (dsp.ContractRequestMessage, {**REQUEST, "offer": {**OFFER, "@type": "Set"}}, "dsp.choice"),
        (
            dsp.ContractRequestMessage,
            {**REQUEST, "offer": {"@type": "Offer", "@id": "o", "obligation": USE}},
            "dsp.no_rule",
        ),
        (dsp.ContractRequestMessage, {**REQUEST, "offer": {**OFFER, "permission": []}}, "dsp.list"),
        (dsp.ContractRequestMessage, {**REQUEST, "offer": {**OFFER, "profile": 1}}, "dsp.list"),
        (
            dsp.ContractRequestMessage,
            {**REQUEST, "offer": {**OFFER, "profile": [1]}},
            "dsp.profile",
        ),
        (
            dsp.ContractOfferMessage,
            {**OFFERED, "offer": {"@type": "Offer", "@id": "o", "permission": USE}},
            "dsp.text",
        ),
        (dsp.ContractOfferMessage, {**OFFERED, "consumerPid": "c"}, "dsp.opening"),
        (
            dsp.ContractAgreementMessage,
            {**AGREED, "agreement": {**AGREEMENT, "timestamp": "x2026-01-01T00:00:00Zx"}},
            "dsp.timestamp",
        ),
        (dsp.TransferStartMessage, {**START, "dataAddress": []}, "dsp.object"),
        (
            dsp.TransferStartMessage,
            {
                **START,
                "dataAddress": {
                    "@type": "DataAddress",
                    "endpointType": "t",
                    "endpointProperties": [],
                },
            },
            "dsp.list",
        ),
        (dcat.Dataset, {**DATASET, "hasPolicy": [{**OFFER}]}, "dsp.offer_target"),
        (dcat.Dataset, {**DATASET, "hasPolicy": []}, "dsp.list"),
        (dcat.Dataset, {k: v for k, v in DATASET.items() if k != "distribution"}, "dsp.missing"),
        (dcat.Dataset, {**DATASET, "distribution": [{"format": "f"}]}, "dsp.text"),
    ],
)
def test_what_is_not_the_protocol_is_refused_by_name(
    kind: type, told: dict[str, Json], code: str
) -> None:
    with pytest.raises(PeerError) as refused:
        read(told, kind)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"[]", "dsp.object"),
        (b"{", "json."),
        (b'{"a":1,"a":2}', "json."),
        (b'{"a":1.5}', "json."),
        (b'{"a":NaN}', "json."),
        (b"[" * 40, "json."),
        (b" " * (MESSAGE_BYTES_MAX + 1), "json."),
    ],
)
def test_what_is_no_strict_json_is_refused_first(body: bytes, code: str) -> None:
    with pytest.raises(PeerError) as refused:
        parse_as(body, dsp.TransferCompletionMessage)
    assert refused.value.code.startswith(code)


def test_members_of_others_are_passed_over() -> None:
    told = {**REQUEST, "ext:x": {"deep": [1]}, "servesDataset": None}
    assert read(told, dsp.ContractRequestMessage) == read(REQUEST, dsp.ContractRequestMessage)


def test_a_dataset_inside_a_catalogue_may_leave_its_type_out() -> None:
    bare = {name: each for name, each in DATASET.items() if not name.startswith(("@t", "@c"))}
    service = {"@id": "s", "@type": "DataService", "endpointURL": "https://x"}
    catalogue = message("Catalog", participantId="A", dataset=[bare], service=[service])
    told = read({**catalogue, "@id": "k"}, dcat.Catalog)
    assert isinstance(told, dcat.Catalog)
    assert [each.id for each in told.datasets] == ["d"]


def test_a_catalogue_inside_a_catalogue_is_read_and_written_back() -> None:
    service = {"@id": "s", "@type": "DataService", "endpointURL": "https://x"}
    inner: JsonObject = {"@id": "i", "@type": "Catalog", "service": [service]}
    outer = message("Catalog", participantId="A", catalog=[inner], service=[service])
    told = read({**outer, "@id": "k"}, dcat.Catalog)
    assert isinstance(told, dcat.Catalog)
    assert [each.id for each in told.catalogs] == ["i"]
    written = told.json()["catalog"]
    assert isinstance(written, list)
    assert [(each["@id"], each["@type"]) for each in written] == [("i", "Catalog")]


def test_an_error_without_pids_still_says_why() -> None:
    error = read(message("TransferError", code="409", reason=["busy", {}, ""]), dsp.TransferError)
    assert isinstance(error, dsp.TransferError)
    assert (error.provider_pid, error.words()) == (dsp.NIL_PID, "busy")
    silent = read(message("TransferError"), dsp.TransferError)
    assert isinstance(silent, dsp.TransferError)
    assert silent.words() == "No reason was given."


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"leftOperand": "a", "operator": "eq"},
        {"leftOperand": "a", "operator": "eq", "rightOperand": "b", "and": []},
        {"and": [], "or": []},
        {"leftOperand": "a", "operator": "about", "rightOperand": "b"},
        {"leftOperand": "a", "operator": "eq", "rightOperand": 1},
        {"leftOperand": "a", "operator": "eq", "rightOperand": True},
        {"leftOperand": "a", "operator": "eq", "rightOperand": None},
        {"and": "x"},
        "x",
    ],
)
def test_a_constraint_that_is_neither_one_thing_nor_the_other_is_refused(told: Json) -> None:
    with pytest.raises(PeerError):
        read_constraint(told)


ONE = Atomic(left="a", operator="eq", right="b")


@pytest.mark.parametrize(
    "told",
    [
        {"or": [ONE.json()]},
        {"or": ONE.json()},
        {"xone": {"and": [{"andSequence": ONE.json()}]}},
        {"leftOperand": "a", "operator": "eq", "rightOperand": "b", "more": 1},
    ],
)
def test_a_constraint_alone_is_itself_however_it_was_wrapped(told: Json) -> None:
    assert read_constraint(told) == ONE


def test_the_misspelt_operator_of_the_schema_is_read_and_never_written() -> None:
    told = read_constraint({"leftOperand": "a", "operator": "term-lteq", "rightOperand": "b"})
    assert isinstance(told, Atomic)
    assert told.operator == "lteq"


@pytest.mark.parametrize(
    ("came", "normal"),
    [
        ("odrl:use", "use"),
        ("http://www.w3.org/ns/odrl/2/use", "use"),
        ("odrl:distribute", "http://www.w3.org/ns/odrl/2/distribute"),
        ("dct:title", "http://purl.org/dc/terms/title"),
        ("xsd:date", "http://www.w3.org/2001/XMLSchema#date"),
        ("urn:comity:v1:kind", "urn:comity:v1:kind"),
    ],
)
def test_a_word_has_one_spelling(came: str, normal: str) -> None:
    assert normal_word(came) == normal


def rules(*constraints: Atomic | Logical) -> Rules:
    return Rules(permission=(Rule(action="use", constraints=constraints),))


def test_policies_that_mean_the_same_are_equal_and_others_are_not() -> None:
    two = Atomic(left="c", operator="isAnyOf", right=["x", "y"])
    swapped = Atomic(left="c", operator="isAnyOf", right=["y", "x"])
    assert normal_form(rules(ONE, two)) == normal_form(rules(swapped, ONE))
    for unordered in ("and", "or", "xone"):
        assert normal_form(rules(Logical(operator=unordered, parts=(ONE, two)))) == normal_form(
            rules(Logical(operator=unordered, parts=(two, ONE)))
        )
    sequence = Logical(operator="andSequence", parts=(ONE, two))
    backwards = Logical(operator="andSequence", parts=(two, ONE))
    assert normal_form(rules(sequence)) != normal_form(rules(backwards))
    typed = Atomic(left="a", operator="eq", right={"@value": "b"})
    assert normal_form(rules(typed)) != normal_form(rules(ONE))


def test_the_same_message_is_always_the_same_bytes() -> None:
    first = parse_as(json.dumps(REQUEST).encode(), dsp.ContractRequestMessage)
    again = parse_as(to_bytes(first), dsp.ContractRequestMessage)
    assert to_bytes(first) == to_bytes(again)
