"""Comity: a framework agreement between sovereign organisations as a working thing.

Start with ``ARCHITECTURE.md``; after that ``agreements`` and ``agreements/lifecycle.py``.
"""

__version__ = "0.1.0"
