"""Bar charts as SVG, readable in light and dark."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

Chart = tuple[str, Sequence[tuple[str, float]]]
"""A title, and bars by name."""

_WIDTH, _NAMES, _BAR, _GAP, _TITLE = 760, 210, 18, 6, 34
_OURS, _OTHERS = "#2f6fde", "#9aa5b1"
_STYLE = "text{font:13px system-ui,sans-serif;fill:#1f2933}.t{font-weight:600}@media(prefers-color-scheme:dark){text{fill:#e4e7eb}}"


def bars(charts: Sequence[Chart]) -> str:
    """One chart under another; the first bar of each is ours."""
    parts: list[str] = []
    top = 0
    for title, values in charts:
        if values:
            top = _chart(parts, top, title, values)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{top}" viewBox="0 0 {_WIDTH} {top}" role="img">'
    return "\n".join([head, f"<style>{_STYLE}</style>", *parts, "</svg>", ""])


def _chart(parts: list[str], top: int, title: str, values: Sequence[tuple[str, float]]) -> int:
    parts.append(f'<text class="t" x="0" y="{top + 22}">{escape(title)}</text>')
    top += _TITLE
    room = _WIDTH - _NAMES - 80
    most = max(value for _, value in values) or 1
    for place, (name, value) in enumerate(values):
        length = max(1, round(room * value / most))
        parts.append(f'<text x="0" y="{top + 14}">{escape(name)}</text>')
        parts.append(f'<rect x="{_NAMES}" y="{top}" width="{length}" height="{_BAR}" rx="3" fill="{_OTHERS if place else _OURS}"/>')
        parts.append(f'<text x="{_NAMES + length + 6}" y="{top + 14}">{value:,.0f}</text>')
        top += _BAR + _GAP
    return top + 12
