"""All pages of the site, one module per subject; a new module is added here."""

from typing import Final

from comity.web import (
    account,
    agreements,
    connectors,
    countering,
    drafting,
    evidence,
    exchanges,
    health,
    legal,
    needs,
    negotiation,
    pairing,
    people,
    playbook,
    record,
    red_lines,
    relationship,
    releases,
    requests,
    sharing,
    signing,
    transfers,
)
from comity.web.visit import Page

PAGES: Final[tuple[Page, ...]] = (
    *legal.PAGES,
    *signing.PAGES,
    *requests.PAGES,
    *needs.PAGES,
    *account.PAGES,
    *pairing.PAGES,
    *health.PAGES,
    *people.PAGES,
    *agreements.PAGES,
    *negotiation.PAGES,
    *countering.PAGES,
    *red_lines.PAGES,
    *sharing.PAGES,
    *releases.PAGES,
    *transfers.PAGES,
    *connectors.PAGES,
    *exchanges.PAGES,
    *playbook.PAGES,
    *relationship.PAGES,
    *drafting.PAGES,
    *record.PAGES,
    *evidence.PAGES,
)
