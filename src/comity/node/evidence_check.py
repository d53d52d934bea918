"""Verifying an archive that somebody brings, as ``comity verify`` does, for who has only a browser.

The node adds nothing to what the offline verifier says; it only brings the letters that it accepted
itself, where asked. What is uploaded is bounded before it is read, checked on a thread of its own,
one archive at a time, and forgotten. Source: record.md 5; spec 8.3; agreements.md D6, 13.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from comity.api import record as asks
from comity.foundation import base64url
from comity.foundation.canonical import Json, JsonObject, digest
from comity.foundation.errors import MisuseError
from comity.node.context import HOUSE, Context, text_of
from comity.node.dispatch import Answer, Call
from comity.parties.letters import read_letter, unpack_letter
from comity.storage.tx import Tx
from comity.verify.archive import ARCHIVE_BYTES_MAX
from comity.verify.report import STAGES, Check, Report
from comity.verify.verifier import verify_archive

LETTER_BYTES_MAX: Final = 256 << 10
#: Stages that evidence of the other sort never reaches.
_OF_AGREEMENTS: Final = frozenset({"agreement", "transfer"})
_OF_STATEMENTS: Final = frozenset({"statement", "page"})


@attrs.frozen(kw_only=True)
class EvidenceCheck:
    """The desk for archives that are brought; verifies one at a time."""

    ctx: Context
    _turn: asyncio.Lock = attrs.field(factory=asyncio.Lock)

    async def handle(self, call: Call) -> Answer:
        """Return what the verifier says of the uploaded archive, stage by stage.

        Raises:
            MisuseError: ``evidence.no_file``, ``evidence.too_large``, ``evidence.letter_size``.
            PeerError: ``letters.*`` and others: a letter brought beside it is no letter.
        """
        request, upload = call.request, call.upload
        assert isinstance(request, asks.VerifyEvidence)
        if upload is None:
            raise MisuseError("evidence.no_file", "No archive came; choose the file to verify.")
        try:
            return await self._check(request, upload)
        finally:
            await self.ctx.store.write(lambda tx: self._forget(tx, upload))

    async def _check(self, request: asks.VerifyEvidence, upload: str) -> JsonObject:
        size = self.ctx.payloads.size(upload)
        if size > ARCHIVE_BYTES_MAX:
            raise MisuseError(
                "evidence.too_large",
                f"An archive of evidence has at most {ARCHIVE_BYTES_MAX} bytes; this file has"
                f" {size}. It was not looked into.",
            )
        brought = [_decoded(one) for one in request.letters]
        kept = await self.ctx.store.read(self._pinned) if request.pinned else []
        async with self._turn:
            trusted = [
                *await asyncio.to_thread(_letters, kept, "pinned"),
                *await asyncio.to_thread(_letters, brought, "brought"),
            ]
            data = await asyncio.to_thread(self.ctx.payloads.read, upload)
            report = await asyncio.to_thread(verify_archive, data, trust=[*kept, *brought])
        return {
            "bytes": size,
            "sha256": upload,
            "trusted": [*trusted],
            **_report(report),
        }

    def _pinned(self, tx: Tx) -> list[bytes]:
        """Return our own letters and those we accepted, each once."""
        packed = [
            text_of(row.value, name)
            for row in tx.things.list(HOUSE, "introduction")
            for name in ("own_letter", "letter")
        ]
        own = tx.things.get(HOUSE, "letter", "own")
        if own is not None:
            packed.append(text_of(own.value, "letter"))
        found = dict.fromkeys(packed)
        return [base64url.decode(one, what="stored letter") for one in found]

    def _forget(self, tx: Tx, upload: str) -> None:
        """Remove the upload, unless these very bytes are kept here for another reason."""
        spaces = [f"sharing:{rel.rel_id}" for rel in tx.relationships.list()]
        kept = {_digest_of(row.value) for row in tx.things.list(HOUSE, "item")}
        kept |= {
            row.value.get("digest") for one in spaces for row in tx.things.list(one, "received")
        }
        if upload not in kept:
            tx.on_commit(lambda: _delete(self.ctx, upload))


def _delete(ctx: Context, upload: str) -> None:
    ctx.payloads.delete(upload)


def _digest_of(value: JsonObject) -> Json:
    item = value.get("item")
    return item.get("digest") if isinstance(item, Mapping) else None


def _decoded(letter: str) -> bytes:
    data = base64url.decode(letter, what="A letter beside the archive")
    if len(data) > LETTER_BYTES_MAX:
        raise MisuseError(
            "evidence.letter_size",
            f"A letter of introduction has at most {LETTER_BYTES_MAX} bytes; this file has"
            f" {len(data)}.",
        )
    return data


def _letters(packed: Sequence[bytes], whence: str) -> list[JsonObject]:
    """Return whose letters the verification believes, and where they came from."""
    made: list[JsonObject] = []
    for one in packed:
        document, signatures = unpack_letter(one)
        letter = read_letter(document, signatures, at=None, purpose=None)
        made.append(
            {
                "party": letter.party,
                "name": letter.name,
                "digest": letter.digest,
                "file_sha256": digest(one),
                "whence": whence,
                "purpose": letter.purpose,
            }
        )
    return made


def _report(report: Report) -> JsonObject:
    stages: list[Json] = []
    reached = {check.stage for check in report.checks}
    others = _OF_AGREEMENTS if "statement" in reached else _OF_STATEMENTS
    for stage in STAGES:
        if stage in others - reached:
            continue
        checks = [check for check in report.checks if check.stage == stage]
        stages.append({"stage": stage, "result": _result(checks), "checks": _checks(checks)})
    return {
        "ok": report.ok,
        "verdict": report.verdict,
        "authenticity": report.authenticity,
        "where": report.where,
        "stages": stages,
        "count": len(report.checks),
        "facts": list(report.facts),
    }


def _result(checks: Sequence[Check]) -> str:
    if not checks:
        return "not_reached"
    return "held" if all(check.ok for check in checks) else "failed"


def _checks(checks: Sequence[Check]) -> list[Json]:
    return [
        {"what": one.what, "file": one.file, "ok": one.ok, "detail": one.detail} for one in checks
    ]
