"""The HTML both views share: an escaped, printable page without anything active in it; marked words that need no colour."""

from html import escape

from server.compare.model import Comparison, Words
from server.compare.wording import summary_of

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """
:root { color-scheme: light dark; --add: #0a6b2d; --add-bg: #e3f5e8; --gone: #a1121f; --gone-bg: #fdeaea; --move: #6a3fb5; }
@media (prefers-color-scheme: dark) { :root { --add: #7fdb9c; --add-bg: #12331d; --gone: #ff9a9a; --gone-bg: #3d1616; --move: #c3a6ff; } }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem; overflow-wrap: break-word;
  font: 1.0625rem/1.55 "PT Serif", "Times New Roman", serif; }
h1 { font-size: 1.3rem; line-height: 1.25; } .sides, .summary { margin: 0 0 .8em; }
ins { color: var(--add); background: var(--add-bg); text-decoration: underline; text-decoration-thickness: .1em; font-weight: 600; }
del { color: var(--gone); background: var(--gone-bg); text-decoration: line-through; }
del + ins { margin-inline-start: .2em; }
.label { font-weight: 600; } .kind { font: .8rem/1.4 system-ui, sans-serif; opacity: .85; white-space: nowrap; }
.moved, .moved_edited { border-inline-start: .25rem double var(--move); padding-inline-start: .75rem; }
.fold { opacity: .75; } .unit { margin: 0 0 .55em; white-space: pre-line; } .unit .kind { margin-inline-end: .5em; }
.note, .typographic, .orthographic { font-size: .92em; }
table { border-collapse: collapse; width: 100%; font-size: .97rem; table-layout: fixed; }
td, th { border: 1px solid #888; padding: .35rem .5rem; vertical-align: top; text-align: start; white-space: pre-line; }
thead { display: table-header-group; } tr { break-inside: avoid; } .number { width: 3.2rem; }
.heading th { text-align: center; font-size: .95rem; break-after: avoid; } .skip { text-align: center; opacity: .7; font-size: .9rem; }
@page { size: A4 landscape; margin: 20mm 10mm 15mm 20mm; }
@media print {
  :root { --add: #000; --add-bg: #fff; --gone: #000; --gone-bg: #fff; --move: #000; }
  body { max-width: none; padding: 0; font-size: 12pt; }
}
"""


def page(title: str, comparison: Comparison, body: str) -> bytes:
    """A standalone page; `body` is HTML, everything else is text."""
    head = (
        f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{escape(title)}</title>\n<style>{_STYLE}</style>'
    )
    old, new = (escape(" · ".join(part for part in (side.title, side.name) if part)) or "…" for side in (comparison.left, comparison.right))
    summary = escape(summary_of(comparison.summary()))
    top = f'<h1>{escape(title)}</h1>\n<p class="sides">Було: {old}<br>Стало: {new}</p>\n<p class="summary">{summary}</p>'
    return (
        f'<!DOCTYPE html>\n<html lang="uk">\n<head>\n{head}\n</head>\n<body>\n<main>\n{top}\n{body}\n</main>\n</body>\n</html>\n'.encode()
    )


def marked(words: Words) -> str:
    """Words with `ins` and `del`, each announced to a screen reader by its element."""
    tags = {"=": "", "-": "del", "+": "ins"}
    return "".join(f"<{tags[sign]}>{shown(text)}</{tags[sign]}>" if tags[sign] else shown(text) for sign, text in words)


def shown(text: str) -> str:
    """Escaped text; NUL becomes U+FFFD, the tab between cells a bar."""
    return escape(text.replace("\x00", "\ufffd").replace("\t", " │ "))
