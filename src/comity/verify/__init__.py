"""The offline verifier: an archive of evidence and the letters one trusts in, a report out.

It needs three rooms (``record``, ``parties``, ``foundation``) and nothing else: no node, no clock,
no network, no disk. What an archive says is believed only as far as it is proven from the letters
that the user brings; letters inside an archive are compared with them and never trusted by
themselves. It checks again what both nodes computed, from the signed bytes, with code of its own
for texts, signing and rulings: a fault there in one is not a fault in the other.

Public: ``verify_archive``, ``page_of``, ``Report``, ``Check``, ``write_archive``, ``read_archive``.
"""

from comity.verify.archive import EXTENSION, read_archive, write_archive
from comity.verify.report import Check, Report
from comity.verify.verifier import page_of, verify_archive

__all__ = (
    "EXTENSION",
    "Check",
    "Report",
    "page_of",
    "read_archive",
    "verify_archive",
    "write_archive",
)
