"""A second peer in the node's place: it follows the rules of a profile, and nothing else.

With it the scenarios and races are tried on themselves: what neither hand of the same connector can
play is no fault of a node. It keeps the profile honest, too, since it knows no other rules.
"""

import threading
import uuid
from collections import Counter
from typing import Final, TypeAlias

from support.dsp_peer import Answer, AnsweredError, Check, Peer, PeerFaultError, Process
from support.dsp_words import CONTEXT, ENDS, Body

Profile: TypeAlias = dict[str, list[dict[str, object]]]
#: What a profile's ``do`` is called among the messages.
DOES: Final = {
    "offer": "offer",
    "agree": "agreement",
    "finalize": "finalization",
    "terminate": "termination",
    "accept": "acceptance",
    "verify": "verification",
    "request": "request",
    "start": "start",
    "suspend": "suspension",
    "complete": "completion",
}
FAMILIES: Final = {"negotiation": "negotiations", "transfer": "transfers"}
AGAIN_S: Final = (0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28)


class StandIn(Peer):
    """A connector that reacts as a profile says.

    Args:
        profile: The profile, parsed.
        after_s: How long every rule waits, in seconds.
        check: Raises where a message does not fulfil its official schema.
    """

    def __init__(self, profile: Profile, *, secret: str, after_s: float, check: Check) -> None:
        super().__init__("urn:connector:comity-conformance", secret=secret, check=check)
        self._rules, self._after_s = profile["rule"], after_s
        self._datasets = {str(one["id"]): one for one in profile["dataset"]}
        self._agreements = {str(one["id"]) for one in profile["agreement"]}
        self._reached: dict[str, Counter[str]] = {}

    def begins(self, family: str, subject: str, *, base: str) -> None:
        """Open a process as consumer."""
        process = self.opens(family, subject, base=base)
        if family == "negotiations":
            process.offer = {**self.offer(process), "@id": f"offer{subject}"}
        if self.sends(process, "request").status // 100 != 2:
            raise PeerFaultError(f"the request about {subject} was refused")

    def has_moved(self, process: Process) -> None:
        """See whether a rule says what comes next."""
        reached = self._reached.setdefault(process.pid, Counter())
        reached[process.state] += 1
        for rule in self._rules:
            if self._fits(rule, process, later=reached[process.state] > 1):
                word, state = DOES[str(rule["do"])], process.state
                timer = threading.Timer(self._after_s, self._acts, (process, word, state))
                timer.daemon = True
                timer.start()
                return

    def _fits(self, rule: dict[str, object], process: Process, *, later: bool) -> bool:
        when = rule["when"]
        assert isinstance(when, dict)
        subjects = when.get("dataset" if process.family == "negotiations" else "agreement", ())
        return (
            (rule["role"], FAMILIES[str(rule["process"])]) == (process.role, process.family)
            and rule["on"] == process.state
            and rule["occurrence"] in {"any", "later" if later else "first"}
            and process.subject in subjects
        )

    def _acts(self, process: Process, word: str, state: str) -> None:
        """Send what a rule says until it is taken, is refused, or no longer fits."""
        message_id = f"urn:uuid:{uuid.uuid4()}"
        for pause_s in AGAIN_S:
            with process.lock:
                if process.state != state:
                    return
                try:
                    answer = self.sends(process, word, message_id=message_id)
                except OSError:  # nobody there, or hung up
                    answer = Answer(503)
            if answer.status not in {404, 409, 503}:
                return
            with self.moved:
                self.moved.wait_for(lambda: process.state in ENDS, timeout=pause_s)

    def _opened(self, family: str, body: Body) -> Process:
        process = super()._opened(family, body)
        known = self._datasets if family == "negotiations" else self._agreements
        if process.subject not in known:
            raise AnsweredError(Answer(400))
        return process

    def receives(self, path: str, headers: dict[str, str], read: bytes) -> Answer:  # type: ignore[override]  # narrower
        """Return the answer to a message, or the catalogue."""
        if path == "/catalog/request":
            catalog: Body = {"@context": CONTEXT, "@type": "Catalog", "@id": "urn:x:catalogue"}
            service = {"@type": "DataService", "@id": "urn:x:service", "endpointURL": self.base}
            shown: list[object] = [self._dataset(name) for name in self._datasets]
            catalog |= {"participantId": self.participant, "service": [service], "dataset": shown}
            return Answer(200, catalog)
        return super().receives(path, headers, read)

    def shows(self, path: str) -> Answer:
        """Return the answer to a GET."""
        name = path.rpartition("/")[2]
        if path == "/.well-known/dspace-version":
            version = {"version": "2025-1", "path": "/", "binding": "HTTPS"}
            return Answer(200, {"protocolVersions": [version]})
        if path.startswith("/catalog/datasets/"):
            if name in self._datasets:
                return Answer(200, {"@context": CONTEXT, **self._dataset(name)})
            return Answer(404, {"@context": CONTEXT, "@type": "CatalogError", "code": "404"})
        return super().shows(path)

    def _dataset(self, name: str) -> Body:
        offers = self._datasets[name]["offers"]
        assert isinstance(offers, list)
        policies: list[object] = [{"@type": "Offer", "@id": e["id"], **e["policy"]} for e in offers]
        way = {"format": "HttpData-PULL", "accessService": "urn:x:service"}
        return {
            "@type": "Dataset",
            "@id": name,
            "hasPolicy": policies,
            "distribution": [{"@type": "Distribution", **way}],
        }
