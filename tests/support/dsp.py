"""Strategies and samples for Dataspace Protocol tests: every message there is, small and odd."""

import unicodedata

from hypothesis import strategies as st

from comity.foundation.canonical import Json
from comity.protocols.dsp import catalogue as dcat
from comity.protocols.dsp import messages as dsp
from comity.protocols.dsp.policies import (
    LOGICAL,
    OPERATORS,
    Agreement,
    Atomic,
    Constraint,
    Logical,
    Offer,
    Rule,
    Rules,
)
from comity.sharing.model import Terms
from comity.sharing.reading import is_line

texts = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=30
).map(lambda text: unicodedata.normalize("NFC", text))
names = texts.filter(is_line)
ids = st.uuids(version=4).map(lambda value: f"urn:uuid:{value}")
maybe_ids = st.none() | ids
digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
sizes = st.integers(min_value=0, max_value=(1 << 53) - 1)
words = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=20)

terms = st.builds(
    Terms,
    instrument=ids,
    unit=words,
    area=words,
    action=words,
    kind=words,
    marking=names,
    purpose=words,
    onward=st.booleans(),
    release=sizes,
    digest=digests,
    bytes=sizes,
    media=words,
)

rights: st.SearchStrategy[Json] = st.one_of(
    texts, st.lists(texts, max_size=3), st.dictionaries(texts, texts, max_size=2)
)
atomics: st.SearchStrategy[Constraint] = st.builds(
    Atomic, left=texts, operator=st.sampled_from(OPERATORS), right=rights
)
constraints: st.SearchStrategy[Constraint] = st.recursive(
    atomics,
    lambda inner: st.builds(
        Logical,
        operator=st.sampled_from(LOGICAL),
        parts=st.lists(inner, max_size=3).filter(lambda parts: len(parts) != 1).map(tuple),
    ),
    max_leaves=5,
)
rule = st.builds(Rule, action=texts, constraints=st.lists(constraints, max_size=3).map(tuple))
some_rules = st.lists(rule, min_size=1, max_size=2).map(tuple)
no_or_some = st.just(()) | some_rules
rules = st.builds(
    Rules,
    permission=some_rules,
    prohibition=no_or_some,
    obligation=no_or_some,
    profile=st.lists(texts, max_size=2).map(tuple),
) | st.builds(Rules, permission=st.just(()), prohibition=some_rules)
message_offers = st.builds(Offer, id=ids, rules=rules, target=ids)
dataset_offers = st.builds(Offer, id=ids, rules=rules, target=st.none())
moments = (
    st.datetimes()
    .map(lambda when: when.isoformat(timespec="seconds") + "Z")
    .filter(lambda text: not text.startswith("0000"))
)
agreements = st.builds(
    Agreement,
    id=ids,
    rules=rules,
    target=ids,
    assigner=names,
    assignee=names,
    timestamp=st.none() | moments,
)
pids = {"id": maybe_ids, "provider_pid": ids, "consumer_pid": ids}
reasons = st.lists(texts | st.dictionaries(texts, texts, max_size=1), max_size=2).map(tuple)
why = {"code": st.none() | texts, "reasons": reasons}
addresses = st.builds(
    dsp.DataAddress,
    endpoint_type=texts,
    endpoint=st.none() | texts,
    properties=st.lists(st.tuples(texts, texts), max_size=2).map(tuple),
)

negotiation = st.one_of(
    st.builds(
        dsp.ContractRequestMessage,
        id=maybe_ids,
        consumer_pid=ids,
        offer=message_offers,
        callback=texts,
    ),
    st.builds(
        dsp.ContractRequestMessage,
        id=maybe_ids,
        consumer_pid=ids,
        offer=message_offers,
        provider_pid=ids,
    ),
    st.builds(
        dsp.ContractOfferMessage,
        id=maybe_ids,
        provider_pid=ids,
        offer=message_offers,
        callback=texts,
    ),
    st.builds(
        dsp.ContractOfferMessage,
        id=maybe_ids,
        provider_pid=ids,
        offer=message_offers,
        consumer_pid=ids,
    ),
    st.builds(dsp.ContractAgreementMessage, agreement=agreements, **pids),
    st.builds(dsp.ContractAgreementVerificationMessage, **pids),
    st.builds(
        dsp.ContractNegotiationEventMessage,
        event=st.sampled_from(["ACCEPTED", "FINALIZED"]),
        **pids,
    ),
    st.builds(dsp.ContractNegotiationTerminationMessage, **pids, **why),
)
negotiation_answers = st.one_of(
    st.builds(dsp.ContractNegotiation, state=st.sampled_from(dsp.NEGOTIATION_STATES), **pids),
    st.builds(dsp.ContractNegotiationError, **pids, **why),
)
transfer = st.one_of(
    st.builds(
        dsp.TransferRequestMessage,
        id=maybe_ids,
        consumer_pid=ids,
        agreement_id=ids,
        format=texts,
        callback=texts,
        address=st.none() | addresses,
    ),
    st.builds(dsp.TransferStartMessage, address=st.none() | addresses, **pids),
    st.builds(dsp.TransferCompletionMessage, **pids),
    st.builds(dsp.TransferSuspensionMessage, **pids, **why),
    st.builds(dsp.TransferTerminationMessage, **pids, **why),
)
transfer_answers = st.one_of(
    st.builds(dsp.TransferProcess, state=st.sampled_from(dsp.TRANSFER_STATES), **pids),
    st.builds(dsp.TransferError, **pids, **why),
)
services = st.builds(dcat.DataService, id=ids, endpoint=texts)
distributions = st.builds(
    dcat.Distribution,
    format=texts,
    service=ids | services,
    offers=st.lists(dataset_offers, max_size=1).map(tuple),
)
datasets = st.builds(
    dcat.Dataset,
    id=ids,
    offers=st.lists(dataset_offers, min_size=1, max_size=2).map(tuple),
    distributions=st.lists(distributions, min_size=1, max_size=2).map(tuple),
)
sub_catalogues = st.builds(
    dcat.Catalog,
    id=ids,
    participant=st.none(),
    services=st.lists(services, max_size=1).map(tuple),
    datasets=st.lists(datasets, max_size=1).map(tuple),
    distributions=st.lists(distributions, max_size=1).map(tuple),
)
catalogue = st.one_of(
    st.builds(
        dcat.Catalog,
        id=ids,
        participant=names,
        services=st.lists(services, max_size=2).map(tuple),
        datasets=st.lists(datasets, max_size=2).map(tuple),
        catalogs=st.lists(sub_catalogues, max_size=1).map(tuple),
    ),
    datasets,
    st.builds(
        dcat.CatalogRequestMessage, id=maybe_ids, filters=st.lists(texts, max_size=2).map(tuple)
    ),
    st.builds(dcat.DatasetRequestMessage, id=maybe_ids, dataset=ids),
    st.builds(dcat.CatalogError, id=maybe_ids, **why),
)
messages = st.one_of(negotiation, negotiation_answers, transfer, transfer_answers, catalogue)
