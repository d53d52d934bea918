"""The bounds that hold everywhere. Source: design 13.14."""

from typing import Final

SIGNED_DOCUMENT_BYTES_MAX: Final = 1 << 20
TEXT_BYTES_MAX: Final = 32 << 20
UNITS_MAX: Final = 20_000
ENVELOPE_BYTES_MAX: Final = 4 << 10
JSON_DEPTH_MAX: Final = 32
SECTIONS_MAX: Final = 16
SECTION_NAME_CHARS_MAX: Final = 64
NOTE_BYTES_MAX: Final = 64 << 10
NOTE_LINES_MAX: Final = 32
INTEGER_MAX: Final = (1 << 53) - 1
NAME_CHARS_MAX: Final = 200
FREE_TEXT_CHARS_MAX: Final = 20_000
REQUEST_BYTES_MAX: Final = 1 << 20
SYNC_ENTRIES_MAX: Final = 256
CLOCK_SKEW_S_MAX: Final = 300
