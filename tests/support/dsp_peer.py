"""A connector in small, of another hand than ours: both roles, both machines, one counterpart.

It shares nothing with the package: its own tables, its own JSON, the standard library's HTTP. What
it is told to send it sends, what comes it takes when its tables allow, and every message that
crosses, answers as well, is held against the official schemas. A test can make it eager, forgetful
or rude for one kind of message (``Peer.when``). Source: dataspace-protocol 2 to 5, 10.5.
"""

import http.client
import json
import threading
import uuid
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Self, TypeAlias
from urllib.parse import quote, unquote, urlsplit

import attrs

from support.dsp_words import ANSWERS, CONTEXT, ENDS, ERRORS, OTHER, TABLES, WORDS, Body

Check: TypeAlias = Callable[[Body], None]

WAIT_S: Final = 20
BODY_BYTES_MAX: Final = 1 << 20


class PeerFaultError(AssertionError):
    """The other side did what no connector may do, or did not do what it must."""


@attrs.define(kw_only=True, eq=False)
class Process:
    """One negotiation or transfer as the peer knows it.

    Attributes:
        family: ``negotiations`` or ``transfers``.
        role: The peer's role.
        subject: The dataset that is negotiated, or the agreement under which is transferred.
        base: Where the other side is.
        pid: The peer's id of it.
        other: The other side's id, once known.
        came: The words of what the other side has sent and the peer has taken.
        lock: Held while a message of the peer is unanswered.
    """

    family: str
    role: str
    subject: str
    base: str
    pid: str = attrs.field(factory=lambda: f"urn:uuid:{uuid.uuid4()}")
    other: str = ""
    state: str = "NOTHING"
    offer: Body = attrs.field(factory=dict)
    came: list[str] = attrs.field(factory=list)
    seen: dict[str, "Answer"] = attrs.field(factory=dict)
    claimed: bool = False
    lock: threading.RLock = attrs.field(factory=threading.RLock)

    def pids(self) -> Body:
        return {f"{self.role}Pid": self.pid, f"{OTHER[self.role]}Pid": self.other}

    def after(self, sender: str, word: str) -> str | None:
        return TABLES[self.family].get((self.state, sender, word))


@attrs.frozen
class Answer:
    status: int
    body: Body | None = None


class AnsweredError(Exception):
    """Raised to answer with this, and do no more."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(str(answer))
        self.answer = answer


class HangUpError(Exception):
    """Raised by a test's behaviour: close the connection and answer nothing."""


Act: TypeAlias = Callable[[Process], None]


@attrs.define(kw_only=True)
class Behaviour:
    """What a test makes of one kind of message, for one subject.

    Attributes:
        early: Called before the message is looked at; may raise an answer.
        late: Called when it was taken, before that is answered.
    """

    early: Act = attrs.field(default=lambda _: None)
    late: Act = attrs.field(default=lambda _: None)


class Peer:
    """The connector; serves while it is entered.

    Args:
        participant: Its participant id.
        secret: The ``Authorization`` that both sides send.
        check: Raises where a message does not fulfil its official schema.

    Attributes:
        faults: What came and should not have.
        arrived: All messages that came, taken or not: about what, which, and its ``@id``.
    """

    def __init__(self, participant: str, *, secret: str, check: Check) -> None:
        self.participant, self.secret, self._check = participant, secret, check
        self.processes: dict[str, Process] = {}
        self.faults: list[str] = []
        self.arrived: list[tuple[str, str, str]] = []
        self._behaviours: dict[tuple[str, str], Behaviour] = {}
        self.moved = threading.Condition()
        self._server = Listener(self)
        self.port = int(self._server.server_address[1])

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def when(self, subject: str, word: str, behaviour: Behaviour) -> None:
        """Do this with every ``word`` about ``subject`` from now on."""
        self._behaviours[subject, word] = behaviour

    def as_usual(self) -> None:
        """Forget all that ``when`` was told."""
        self._behaviours.clear()

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        """Return once ``condition`` holds; it is looked at whenever something moves."""
        with self.moved:
            if not self.moved.wait_for(condition, timeout=WAIT_S):
                raise PeerFaultError(f"waited {WAIT_S} s for {what}")

    def came_anew(self, family: str, subject: str) -> Process:
        """Return the process that the other side has opened about ``subject``; each only once."""

        def found() -> list[Process]:
            return [
                one
                for one in self.processes.values()
                if (one.family, one.subject, one.claimed) == (family, subject, False)
            ]

        self.wait(lambda: bool(found()), f"a request about {subject}")
        process = found()[0]
        process.claimed = True
        return process

    # What the peer sends.

    def opens(self, family: str, subject: str, *, base: str) -> Process:
        """Return a new process about ``subject`` in which the peer will be the consumer."""
        process = Process(family=family, role="consumer", subject=subject, base=base, claimed=True)
        self.processes[process.pid] = process
        return process

    def sends(
        self,
        process: Process,
        word: str,
        *,
        message_id: str | None = None,
        sent: threading.Event | None = None,
    ) -> Answer:
        """Send a message and return its answer; what was taken moves the process.

        Args:
            process: Of which process.
            word: Which message; it need not be allowed.
            message_id: Its ``@id``; a new one if None.
            sent: Set when the message is on its way and nothing was read yet.
        """
        body = self.message(process, word, message_id)
        path = WORDS[process.family][word].path
        if process.state != "NOTHING":
            path = f"{quote(process.other, safe='')}/{path}"
        after = process.after(process.role, word)
        if word == "termination":  # two may cross: neither waits for the other
            answer = self.call("POST", f"{process.base}/{process.family}/{path}", body, sent=sent)
            self._booked(process, answer, after)
            return answer
        with process.lock:
            answer = self.call("POST", f"{process.base}/{process.family}/{path}", body, sent=sent)
            self._booked(process, answer, after)
        return answer

    def _booked(self, process: Process, answer: Answer, after: str | None) -> None:
        if answer.status // 100 != 2:
            return
        if process.state == "NOTHING":
            if answer.body is None or answer.body.get(f"{process.role}Pid") != process.pid:
                raise PeerFaultError(f"the answer to a request must name both pids: {answer}")
            process.other = str(answer.body[f"{OTHER[process.role]}Pid"])
        if after is not None and process.state not in ENDS:
            self._moves(process, after)

    def _moves(self, process: Process, state: str) -> None:
        with self.moved:
            process.state = state
            self.moved.notify_all()
        self.has_moved(process)

    def has_moved(self, process: Process) -> None:
        """Do nothing: a peer acts when a test says so."""

    def message(self, process: Process, word: str, message_id: str | None = None) -> Body:
        """Return a message of a process as JSON."""
        kind = WORDS[process.family][word]
        pids = process.pids()
        first = process.state == "NOTHING"
        body: Body = {
            "@context": CONTEXT,
            "@id": message_id or f"urn:uuid:{uuid.uuid4()}",
            "@type": kind.type,
            **(pids if not first else {"consumerPid": process.pid}),
            **kind.extra,
        }
        if first:
            body["callbackAddress"] = self.base
        if (process.family, word) == ("transfers", "request"):
            body |= {"agreementId": process.subject, "format": "HttpData-PULL"}
        elif word in {"request", "offer"}:
            body["offer"] = process.offer or self.offer(process)
        elif word == "agreement":
            body["agreement"] = {
                **(process.offer or self.offer(process)),
                "@type": "Agreement",
                "@id": f"{process.pid}-agreement",
                "target": process.subject,
                "timestamp": "2026-01-05T10:00:00.123456789Z",
                "assigner": self.participant,
                "assignee": "urn:connector:comity-conformance",
            }
        elif (word, process.role) == ("start", "provider"):
            body["dataAddress"] = {
                "@type": "DataAddress",
                "endpointType": "https://w3id.org/idsa/v4.1/HTTP",
                "endpoint": f"{self.base}/data",
            }
        return body

    def offer(self, process: Process) -> Body:
        """Return the offer that a process is about."""
        return {
            "@type": "Offer",
            "@id": f"CD123:{process.subject}:456",
            "target": process.subject,
            "permission": [{"action": "use"}],
        }

    def call(
        self,
        method: str,
        url: str,
        body: Body | None = None,
        *,
        sent: threading.Event | None = None,
    ) -> Answer:
        """Call the other side once; what crosses is checked."""
        if body is not None:
            self._check(body)
        place = urlsplit(url)
        connection = http.client.HTTPConnection(place.netloc, timeout=WAIT_S)
        try:
            headers = {"authorization": self.secret}
            if body is not None:
                headers["content-type"] = "application/json; charset=utf-8"
            told = None if body is None else json.dumps(body).encode()
            connection.request(method, f"{place.path}?{place.query}".rstrip("?"), told, headers)
            if sent is not None:
                sent.set()
            answered = connection.getresponse()
            read = answered.read(BODY_BYTES_MAX)
        finally:
            connection.close()
        found: Body | None = json.loads(read) if read else None
        if found is not None and "@type" in found:
            self._check(found)
        return Answer(answered.status, found)

    def state_at(self, process: Process) -> str:
        """Return the state that the other side gives for a process, or what is wrong with it."""
        url = f"{process.base}/{process.family}/{quote(process.other, safe='')}"
        answer = self.call("GET", url)
        if answer.status != 200 or answer.body is None:
            raise PeerFaultError(f"GET {url}: {answer}")
        if {key: answer.body.get(key) for key in process.pids()} != process.pids():
            return f"{answer.body['state']} with other pids"
        return str(answer.body["state"])

    # What comes to the peer.

    def receives(self, path: str, headers: Mapping[str, str], read: bytes) -> Answer:
        """Return the answer to a message.

        Raises:
            AnsweredError: The message is refused, or a test answers in the peer's place.
            HangUpError: A test hangs up.
        """
        body: Body = json.loads(read)
        try:
            self._check(body)
        except AssertionError as error:
            raise self._fault(path, str(error), 400) from error
        if headers.get("authorization") != self.secret:
            raise self._fault(path, "without the agreed Authorization", 404)
        family, *rest = [unquote(part) for part in path.strip("/").split("/")]
        word = self._word(family, rest, body)
        if word is None:
            raise self._fault(path, f"no such message: {body}", 400)
        process = self._opened(family, body) if rest == ["request"] else self._known(rest[0])
        if rest == ["request"] and process.state != "NOTHING":  # asked once more
            return Answer(200, self.as_json(process))
        with self.moved:
            self.arrived.append((process.subject, word, str(body.get("@id"))))
            self.moved.notify_all()
        behaviour = self._behaviours.get((process.subject, word), Behaviour())
        behaviour.early(process)
        with process.lock:
            answer, new = self._taken(process, word, body)
        if new:
            behaviour.late(process)
        return answer

    def _fault(self, where: str, what: str, status: int) -> "AnsweredError":
        self.faults.append(f"{where}: {what}")
        return AnsweredError(Answer(status))

    def _word(self, family: str, rest: list[str], body: Body) -> str | None:
        path = "/".join(rest if rest == ["request"] else rest[1:])
        for word, kind in WORDS.get(family, {}).items():
            extra = {key: body.get(key) for key in kind.extra if key == "eventType"}
            wanted = {key: value for key, value in kind.extra.items() if key == "eventType"}
            if (kind.path, kind.type, wanted) == (path, body.get("@type"), extra):
                return word
        return None

    def _known(self, pid: str) -> Process:
        process = self.processes.get(pid)
        if process is None:
            raise AnsweredError(Answer(404))
        return process

    def _opened(self, family: str, body: Body) -> Process:
        """Return the process of an initial request, which may have come before."""
        offer = body.get("offer")
        subject = offer.get("target") if isinstance(offer, dict) else body.get("agreementId")
        with self.moved:
            for one in self.processes.values():
                if (one.family, one.role, one.other) == (family, "provider", body["consumerPid"]):
                    return one
            return Process(
                family=family,
                role="provider",
                subject=str(subject),
                base=str(body["callbackAddress"]).rstrip("/"),
                other=str(body["consumerPid"]),
                offer=offer if isinstance(offer, dict) else {},
            )

    def _taken(self, process: Process, word: str, body: Body) -> tuple[Answer, bool]:
        """Return the answer to a message, and whether it moved the process."""
        known = process.seen.get(str(body.get("@id")))
        if known is not None:
            return known, False
        opening = process.state == "NOTHING"
        if not opening and {key: body.get(key) for key in process.pids()} != process.pids():
            raise self._fault(word, f"about {process.subject} with other pids: {body}", 400)
        sender = OTHER[process.role]
        after = process.after(sender, word)
        if after is None:
            self.faults.append(f"{word} about {process.subject} in {process.state}")
            error = {"@context": CONTEXT, "@type": ERRORS[process.family], **process.pids()}
            return Answer(
                400, {**error, "code": "400", "reason": [f"not in {process.state}"]}
            ), False
        if opening:
            self.processes[process.pid] = process
        process.came.append(word)
        self._moves(process, after)
        answer = Answer(201 if opening else 200, self.as_json(process))
        process.seen[str(body.get("@id"))] = answer
        return answer, True

    def as_json(self, process: Process) -> Body:
        """Return a process as the protocol shows it."""
        told = {"@context": CONTEXT, "@type": ANSWERS[process.family]}
        return {**told, **process.pids(), "state": process.state}

    def shows(self, path: str) -> Answer:
        """Return the answer to a GET."""
        parts = [unquote(part) for part in path.strip("/").split("/")]
        return Answer(200, self.as_json(self._known(parts[-1])))


class Listener(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        super().__init__(("127.0.0.1", 0), _Request)


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        read = self.rfile.read(int(self.headers.get("content-length") or 0))
        self._answer(lambda peer: peer.receives(self.path, dict(self._headers()), read))

    def do_GET(self) -> None:
        self._answer(lambda peer: peer.shows(self.path))

    def _headers(self) -> list[tuple[str, str]]:
        return [(name.lower(), value) for name, value in self.headers.items()]

    def _answer(self, made: Callable[[Peer], Answer]) -> None:
        assert isinstance(self.server, Listener)
        try:
            answer = made(self.server.peer)
        except AnsweredError as error:
            answer = error.answer
        except HangUpError:
            self.close_connection = True
            return
        body = b"" if answer.body is None else json.dumps(answer.body).encode()
        self.send_response(answer.status)
        if body:
            self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base's name
        """Say nothing."""
