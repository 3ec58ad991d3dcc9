"""A paper as a standalone HTML page that prints on A4; everything in it is escaped, nothing in it is active."""

from html import escape

from server.approval.papers import Cell, Paper, Paragraph
from server.compare.page import marked

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """
:root { color-scheme: light dark; --line: #8a8f98; --add: #0a6b2d; --gone: #a1121f; }
@media (prefers-color-scheme: dark) { :root { --line: #7a808a; --add: #7fdb9c; --gone: #ff9a9a; } }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem 1rem; overflow-wrap: break-word;
  font: 1rem/1.5 "PT Serif", "Times New Roman", serif; }
h1 { font-size: 1.35rem; line-height: 1.25; text-align: center; margin: 0 0 .6em; }
.about { text-align: center; margin: 0 0 1.2em; } .about p { margin: 0; }
.frame { overflow-x: auto; } table { border-collapse: collapse; width: 100%; min-width: 44rem; table-layout: fixed; }
td, th { border: 1px solid var(--line); padding: .35rem .5rem; vertical-align: top; text-align: start; }
th { font-weight: 600; } thead { display: table-header-group; } tr { break-inside: avoid; }
td p { margin: 0 0 .35em; white-space: pre-line; } td p:last-child { margin-bottom: 0; } .strong { font-weight: 600; }
ins { color: var(--add); text-decoration: underline; font-weight: 600; } del { color: var(--gone); text-decoration: line-through; }
.none { text-align: center; }
@page { size: A4 landscape; margin: 20mm 10mm 15mm 20mm; }
@media print {
  :root { --line: #000; --add: #000; --gone: #000; }
  body { max-width: none; padding: 0; font-size: 11pt; } .frame { overflow: visible; } table { min-width: 0; }
}
"""


_WIDTHS = {
    "number": 5, "provision": 34, "remark": 34, "answer": 26, "result": 13, "old": 40, "new": 40, "explanation": 15,
    "body": 16, "position": 36, "revision": 11, "date": 12, "remarks": 26,
}  # fmt: skip
"""How wide columns are beside each other, by what they show."""


def write_page(paper: Paper, locale: str) -> bytes:
    """The page in UTF-8."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in paper.columns)
    whole = sum(_WIDTHS[shows] for shows in paper.shows)
    columns = "".join(f'<col style="width: {100 * _WIDTHS[shows] / whole:.1f}%">' for shows in paper.shows)
    rows = "\n".join(f"<tr>{''.join(f'<td>{_cell(cell)}</td>' for cell in row)}</tr>" for row in paper.rows)
    nothing = "There is nothing to show." if locale == "en" else "Немає записів."
    body = rows or f'<tr><td class="none" colspan="{len(paper.columns)}">{nothing}</td></tr>'
    about = "".join(f"<p>{escape(line)}</p>" for line in paper.lines)
    return (
        f'<!DOCTYPE html>\n<html lang="{"en" if locale == "en" else "uk"}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(paper.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{escape(paper.title)}</h1>\n"
        f'<div class="about">{about}</div>\n<div class="frame" tabindex="0">\n<table>\n'
        f"<colgroup>{columns}</colgroup>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody>\n</table>\n</div>\n</main>\n</body>\n</html>\n"
    ).encode()


def _cell(cell: Cell) -> str:
    return "".join(_paragraph(one) for one in cell)


def _paragraph(one: Paragraph) -> str:
    return f'<p class="strong">{marked(one.words)}</p>' if one.strong else f"<p>{marked(one.words)}</p>"
