"""The operations on accounts: who may enter the site, and how.

Source: design 13.3 (no password exists by default), 13.5.
"""

from typing import Annotated, Final, Literal

from msgspec import Meta

from comity.api.operation import Name, Operation, Request, founding, get, post, told_once


class MakeLink(Request, frozen=True, kw_only=True):
    """Make a one-time link by which an official logs in to the site."""

    official: Name


class Invite(Request, frozen=True, kw_only=True):
    """Invite an official to the site by a one-time link."""

    person: Name


class SetPassword(Request, frozen=True, kw_only=True):
    """Set one's own password."""

    password: Annotated[str, Meta(max_length=1000)]
    current: Annotated[str, Meta(max_length=1000)] = ""


class SetPreferences(Request, frozen=True, kw_only=True):
    """Set one's own language, time zone and theme; empty: what browser and system say."""

    language: Annotated[str, Meta(max_length=20)] = ""
    zone: Annotated[str, Meta(max_length=64)] = ""
    theme: Literal["", "light", "dark"] = ""


OPERATIONS: Final[tuple[Operation, ...]] = (
    told_once(
        post(
            "accounts.link",
            "/api/accounts/link",
            request=MakeLink,
            summary="A one-time link by which an official logs in",
        )
    ),
    told_once(
        founding(
            post(
                "accounts.invite",
                "/api/accounts/invite",
                request=Invite,
                summary="Invite an official to the site by a one-time link",
                roles=("mandate_holder", "engineer"),
            )
        )
    ),
    get("accounts.own", "/api/accounts/own", "One's own ways in and preferences"),
    told_once(
        post(
            "accounts.password",
            "/api/accounts/password",
            request=SetPassword,
            summary="Set one's own password; other sessions end",
        )
    ),
    post(
        "accounts.preferences",
        "/api/accounts/preferences",
        request=SetPreferences,
        summary="Set one's own language, time zone and theme",
    ),
    post(
        "accounts.end_sessions",
        "/api/accounts/end-sessions",
        request=Request,
        summary="End all one's own sessions in the site",
    ),
)
