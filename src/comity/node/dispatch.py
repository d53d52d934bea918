"""Which desk carries out which operation; what holds for every door is checked here, once.

Roles and scopes, before anything else; that the caller has seen the present state (``expects``), in
the unit of work that acts; that one idempotency key acts once (``once``). Source: design 13.5.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeAlias, TypeVar

import attrs
import msgspec

from comity.api.operation import Expected, Operation, Request
from comity.api.operations import BY_NAME
from comity.api.paging import page_of
from comity.api.scopes import SCOPES, Scope, scope_of
from comity.foundation.canonical import Json, JsonObject
from comity.foundation.errors import MisuseError, PeerError, RefusedError
from comity.node.acting import Acting
from comity.node.context import Context
from comity.node.officials import Official, Officials
from comity.node.outcomes import Answer, Keeper, Mark, Outcomes
from comity.node.typed import check_typed, own_slip
from comity.protocols.etags import among, etag_of
from comity.storage.store import Store
from comity.storage.tx import Tx

__all__ = ("Answer", "Call", "Dispatch", "Expected", "Handler", "Looking")

#: Who works with red lines, notes and legal review.
PRIVATE_ROLES: Final = frozenset({"negotiator", "legal_adviser", "mandate_holder"})
_SHOWN_MEMBERS_MAX: Final = 20

T = TypeVar("T")


@attrs.define(kw_only=True)
class Call:
    """One call of an operation, roles already checked.

    Whoever acts does so through ``write``: it is there that the expected state is compared and the
    outcome kept, in the same unit of work as the act.
    """

    operation: Operation
    request: Request
    official: Official | None
    upload: str | None
    store: Store
    scopes: tuple[Scope, ...] | None = None
    check: Callable[[Tx], None] | None = None
    keeper: Keeper | None = None
    acting: Acting | None = None

    @property
    def private(self) -> bool:
        """Whether what is private to the house may stand in the answer.

        That is red lines, notes, legal review: for the roles that work with them, and not for a
        token made without the scope. Whoever holds the folder and names nobody sees all.
        """
        if self.scopes is not None and "private" not in self.scopes:
            return False
        return self.official is None or bool(PRIVATE_ROLES & set(self.official.roles))

    async def write(self, work: Callable[[Tx], T]) -> T:
        """Return what ``work`` returns, once it is durable; as ``Store.write``.

        Raises:
            RefusedError: ``api.changed``: the caller has seen another state; nothing was done.
        """

        def unit(tx: Tx) -> T:
            if self.check is not None:
                self.check(tx)
            before = None if self.acting is None else self.acting.ends(tx)
            answer = work(tx)
            if self.acting is not None and before is not None:
                self.acting.keep(tx, before)
            if self.keeper is not None:
                self.keeper.keep(tx, answer)
            return answer

        made = await self.store.write(unit)
        self.check = None
        return made

    async def read(self, work: Callable[[Tx], T]) -> T:
        """Return what ``work`` returns over one snapshot."""
        return await self.store.read(work)


#: One call -> answer.
Handler: TypeAlias = Callable[[Call], Awaitable[Answer]]


@attrs.frozen
class Looking:
    """The handler of an operation that only reads, in one snapshot.

    It can be asked within a unit of work too: that is how a state is compared and acted on at once.
    """

    work: Callable[[Tx, Call], JsonObject]

    async def __call__(self, call: Call) -> Answer:
        """Return the answer to one call."""
        return await call.read(lambda tx: self.work(tx, call))


@attrs.frozen(kw_only=True)
class Dispatch:
    """All operations of the node."""

    ctx: Context
    officials: Officials
    handlers: Mapping[str, Handler]
    outcomes: Outcomes = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "outcomes", Outcomes(ctx=self.ctx))

    async def call(  # noqa: PLR0913  # what a door knows of a call
        self,
        operation: Operation,
        request: Request,
        *,
        official: str | None,
        upload: str | None,
        once: str | None = None,
        expects: Expected | None = None,
        scopes: tuple[Scope, ...] | None = None,
    ) -> Answer:
        """Return the answer of one operation.

        Args:
            operation: Which one.
            request: Its typed request.
            official: The id of the acting official, where one was named.
            upload: Name of the durable file in the payload store, for uploads.
            once: An idempotency key: however often this person makes this call with it, also at
                the same time or after a restart, the operation acts once. Nothing for a GET.
            expects: The state that the caller has seen: if it is another one by now, nothing is
                done.
            scopes: What the caller's token is for; None for people and whoever holds the folder.

        Raises:
            MisuseError: ``node.no_operation``: this node does not offer it; ``api.key``,
                ``api.key_reused``, ``api.answer_not_kept``; ``api.not_comparable``.
            RefusedError: ``officials.role``; ``tokens.scope``: the token is not for this;
                ``api.changed``: the state is not the expected one.
            MisuseError: as ``check_typed``.
        """
        handler = self._handler(operation.name)
        _check_scope(operation, scopes)
        if operation.method != "GET" and operation.body != "upload":
            check_typed(request)  # a file may be called anything: its desk looks at its words
        acting = await self.ctx.store.read(
            lambda tx: self.officials.check_role(tx, official, operation)
        )
        call = Call(
            operation=operation,
            request=request,
            official=acting,
            upload=upload,
            store=self.ctx.store,
            scopes=scopes,
            check=None if expects is None else self._check(expects, acting, scopes=scopes),
            acting=self._acting(operation, acting),
        )
        if once is None or operation.method == "GET":
            return await _act(handler, call)
        mark = Mark.of(once, operation, request, who=official, upload=upload)

        async def act(keeper: Keeper) -> Answer:
            call.keeper = keeper
            return await _act(handler, call)

        return await self.outcomes.once(mark, act)

    def _acting(self, operation: Operation, official: Official | None) -> Acting | None:
        """Return what keeps in the house who entered what; nobody is kept where nobody is named."""
        if official is None or operation.method == "GET":
            return None
        return Acting(ctx=self.ctx, official=official, operation=operation.name)

    def _handler(self, name: str) -> Handler:
        handler = self.handlers.get(name)
        if handler is None:
            raise MisuseError("node.no_operation", f"This node does not offer {name} yet.")
        return handler

    def _check(
        self, expects: Expected, official: Official | None, *, scopes: tuple[Scope, ...] | None
    ) -> Callable[[Tx], None]:
        """Return what refuses, inside a unit of work, when the state is not the expected one."""
        operation = BY_NAME.get(expects.operation)
        handler = self.handlers.get(expects.operation)
        if operation is None or not isinstance(handler, Looking):
            raise _not_comparable(f"{expects.operation[:60]} shows no state to compare with.")
        try:
            request = msgspec.convert(expects.members, type=operation.request)
        except msgspec.ValidationError as error:
            raise _not_comparable(f"{operation.name} is not asked like that: {error}.") from error
        _check_scope(operation, scopes)
        call = Call(
            operation=operation,
            request=request,
            official=official,
            upload=None,
            store=self.ctx.store,
            scopes=scopes,
        )

        def check(tx: Tx) -> None:
            self.officials.check_role(tx, None if official is None else official.id, operation)
            now = page_of(operation, request, handler.work(tx, call))
            counts = now if expects.part is None else expects.part(now)
            if not among(etag_of(counts), expects.etag):
                raise _changed(now)

        return check


async def _act(handler: Handler, call: Call) -> Answer:
    """Return the handler's answer; checked before too, for those that do not act in one unit."""
    if call.check is not None:
        await call.read(call.check)
    try:
        answer = await handler(call)
    except PeerError as error:
        raise own_slip(call.operation.name, error) from error
    return page_of(call.operation, call.request, answer) if isinstance(answer, Mapping) else answer


def _check_scope(operation: Operation, scopes: tuple[Scope, ...] | None) -> None:
    if scopes is None:
        return
    needed = scope_of(operation)
    if needed is None:
        raise RefusedError(
            "tokens.scope",
            f"No token can do this: {operation.summary}. It is done by a person, on the site or on"
            " the command line.",
        )
    if needed not in scopes:
        raise RefusedError(
            "tokens.scope",
            f"This token is not for {needed} ({SCOPES[needed]}), which {operation.name} needs. Make"
            " one that is.",
            {"needed": needed, "scopes": list(scopes)},
        )


def _not_comparable(why: str) -> MisuseError:
    return MisuseError("api.not_comparable", f"The state that was seen cannot be compared: {why}")


def _changed(now: JsonObject) -> RefusedError:
    shown: dict[str, Json] = {
        name: value
        for name, value in list(now.items())[:_SHOWN_MEMBERS_MAX]
        if isinstance(value, str | int)
    }
    return RefusedError(
        "api.changed",
        "This has changed since you looked at it, and nothing was done. Look at it again, then"
        " decide.",
        {"etag": etag_of(now), "now": shown},
    )
