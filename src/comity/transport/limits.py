"""The bounds of a call and of a connection. Source: spec 6.5."""

from typing import Final

HEADERS_BYTES_MAX: Final = 16 << 10
HEADERS_COUNT_MAX: Final = 64
TARGET_BYTES_MAX: Final = 4 << 10
HEAD_WAIT_S: Final = 10.0
BODY_WAIT_S: Final = 30.0
#: Whoever is slower than this over a whole body, after the first wait, is cut off.
BYTES_PER_S_MIN: Final = 16 << 10
KEEP_ALIVE_S: Final = 75
CONNECTIONS_MAX: Final = 1024
CONNECTIONS_PER_ADDRESS_MAX: Final = 128
ANSWER_BYTES_MAX: Final = 4 << 20
ANSWER_HEAD_BYTES_MAX: Final = 64 << 10
CONNECT_WAIT_S: Final = 10.0
#: Large answers are read and written in pieces of this size.
PIECE_BYTES: Final = 1 << 20
#: So many large answers are read at once; more wait their turn.
DOWNLOADS_MAX: Final = 16
