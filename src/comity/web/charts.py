"""Charts as inline SVG made on the server: no script, no style attribute, the table stands beside.

Each series has a pattern of its own besides its colour, so that a chart reads without colour too.
The colours stand in the stylesheet (``charts.css``), by class.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import attrs
from markupsafe import Markup

WIDTH: Final = 720
HEIGHT: Final = 260
LEFT: Final = 44
BOTTOM: Final = 34
TOP: Final = 8
BAR_MAX: Final = 64
TICKS: Final = 4


@attrs.frozen(kw_only=True)
class Bar:
    """One bar: its name under the axis, and how much of each series it holds."""

    name: str
    parts: Mapping[str, int]


def stacked_bars(bars: Sequence[Bar], *, series: Mapping[str, str], title: str) -> Markup:
    """Return a chart of stacked bars, the first series at the bottom.

    Args:
        bars: From left to right.
        series: Name for people by code; codes are of a-z and ``_`` and are used as classes.
        title: What the chart shows, read out to those who do not see it.
    """
    most = max((sum(bar.parts.values()) for bar in bars), default=0) or 1
    inside = HEIGHT - TOP - BOTTOM
    step = (WIDTH - LEFT - 8) / max(1, len(bars))
    width = min(BAR_MAX, step * 0.72)
    parts = [_axis(most, inside=inside)]
    every = max(1, -(-len(bars) // 16))
    for index, bar in enumerate(bars):
        x = LEFT + step * index + (step - width) / 2
        y = float(HEIGHT - BOTTOM)
        for code in series:
            count = bar.parts.get(code, 0)
            tall = inside * count / most
            y -= tall
            if count:
                parts.append(
                    Markup(
                        '<rect class="series {}" x="{}" y="{}" width="{}" height="{}">'
                        "<title>{}: {} {}</title></rect>"
                    ).format(code, *map(_round, (x, y, width, tall)), bar.name, series[code], count)
                )
                parts.append(_hatch(code, x, y, width=width, tall=tall))
        if index % every == 0 or index == len(bars) - 1:
            parts.append(
                Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(
                    _round(x + width / 2), HEIGHT - BOTTOM + 16, bar.name
                )
            )
    return Markup(
        '<svg class="chart bars" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        "<defs>{}</defs>{}</svg>"
    ).format(WIDTH, HEIGHT, title, _patterns(series), Markup("").join(parts))


def key(series: Mapping[str, str]) -> Markup:
    """Return the key of a chart: each series with its colour, its pattern and its name."""
    items = Markup("").join(
        Markup(
            '<li><svg class="swatch" viewBox="0 0 16 16" aria-hidden="true">'
            '<rect class="series {0}" width="16" height="16"></rect>'
            '<rect class="hatch" fill="url(#hatch-{0})" width="16" height="16"></rect></svg>'
            " {1}</li>"
        ).format(code, name)
        for code, name in series.items()
    )
    return Markup('<ul class="key">{}</ul>').format(items)


def _axis(most: int, *, inside: int) -> Markup:
    lines = []
    for tick in range(TICKS + 1):
        value = round(most * tick / TICKS)
        y = HEIGHT - BOTTOM - inside * value / most
        lines.append(
            Markup(
                '<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"></line>'
                '<text x="{}" y="{}" text-anchor="end">{}</text>'
            ).format(LEFT, WIDTH, _round(y), _round(y), LEFT - 6, _round(y + 4), value)
        )
    return Markup("").join(lines)


def _hatch(code: str, x: float, y: float, *, width: float, tall: float) -> Markup:
    return Markup(
        '<rect class="hatch" fill="url(#hatch-{})" x="{}" y="{}" width="{}" height="{}"></rect>'
    ).format(code, *map(_round, (x, y, width, tall)))


#: What the patterns are drawn of, by their place in the stack; the first is plain.
_STROKES: Final = (
    "",
    "M0 8L8 0",
    "M0 4H8",
    "M4 0V8",
    "M0 0L8 8",
    "M2 4h1M6 4h1",
)


def _patterns(series: Mapping[str, str]) -> Markup:
    return Markup("").join(
        Markup(
            '<pattern id="hatch-{}" width="8" height="8" patternUnits="userSpaceOnUse">'
            '<path d="{}"></path></pattern>'
        ).format(code, _STROKES[number % len(_STROKES)])
        for number, code in enumerate(series)
    )


def _round(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
