"""The redline and the comparative table (docs/spec/compare.md C40-C42), and `zlahoda compare` (C4)."""

import json
from pathlib import Path

import pytest

from server.cli import main
from server.compare import redline, table
from server.compare.compare import compare
from server.compare.model import Kind
from server.compare.places import places
from server.compare.table import Preset
from tests.compare.sides import side
from tests.formats.readers import active_content, letters, of_html

OLD = side("article: Стаття 1. | Про воду", "1. | Орган <b>діє</b> & відповідає за якість води", "2. | Строк - один місяць", prefix="л")
NEW = side("article: Стаття 1. | Про воду", "1. | Орган <b>діє</b> & відповідає за чистоту води", "3. | Строк - один місяць", prefix="п")


def test_C40_the_redline_shows_every_word_of_both_sides_and_nothing_active() -> None:
    html = redline.write(compare(OLD, NEW))
    assert active_content(html) == []
    text = html.decode()
    assert "<del>якість</del><ins>чистоту</ins>" in text
    assert "&lt;b&gt;діє&lt;/b&gt; &amp;" in text
    assert "<del>2.</del><ins>3.</ins>" in text
    assert letters("Строк один місяць") in of_html(html)
    assert "замінено: 1 · перенумеровано: 1" in text


def test_C41_the_table_is_data_in_three_presets_and_leaves_out_what_is_no_amendment() -> None:
    paper = table.table(compare(OLD, NEW), Preset.FOUR)
    assert [(row.number, row.heading, row.kind) for row in paper.rows] == [
        (1, "Стаття 1. Про воду", Kind.REPLACED),
        (2, "Стаття 1. Про воду", Kind.RENUMBERED),
    ]
    assert all(sign != "+" for row in paper.rows for sign, _ in row.old.words)
    assert all(sign != "-" for row in paper.rows for sign, _ in row.new.words)
    assert paper.rows[1].explanation == "перенумеровано: 2. → 3."
    for preset, columns in ((Preset.TWO, 2), (Preset.THREE, 3), (Preset.FOUR, 4)):
        html = table.write(compare(OLD, NEW), preset)
        assert html.decode().count('<th scope="col"') == columns
        assert html.decode().count('scope="rowgroup">Стаття 1. Про воду<') == 1
        assert html.decode().count("<td>") == 2 * columns
        assert active_content(html) == []


def test_C41_a_place_is_called_as_one_cites_it_and_a_heading_stands_once_above_its_rows() -> None:
    lines = (
        "section: Розділ II. | ПРАВА",
        "article: Стаття 5. | Доступ",
        "1. | Вода",
        "2) | Повітря",
        "абзац ґ",
        "article: Стаття 6. | Норма сама.",
    )
    found = places(side("title:  | Закон", *lines, "annex: Додаток 1 | до Закону", "3. | Мита").units)
    assert [place.name for place in found] == [
        "", "Розділ II", "Стаття 5", "Стаття 5, пункт 1", "Стаття 5, пункт 2", "Стаття 5, пункт 2",
        "Стаття 6", "Додаток 1", "Додаток 1, пункт 3",
    ]  # fmt: skip
    assert found[3].heading == "Стаття 5. Доступ"
    assert (found[6].heading, found[6].is_head) == ("Стаття 6", True)
    old = side("1. | Вода", "subpoint: 1) | Лід", "subpoint: 2) | Пара", "2. | Повітря", prefix="л")
    new = side("1. | Вода", "subpoint: 1) | Лід і сніг", "subpoint: 2) | Пара й туман", "2. | Повітря й вітер", prefix="п")
    assert [row.under for row in table.table(compare(old, new)).rows] == ["Пункт 1", "", "Пункт 2"]


def test_C42_equal_texts_are_said_to_be_equal() -> None:
    for html in (redline.write(compare(OLD, OLD)), table.write(compare(OLD, OLD)), table.write(compare(side(), side()))):
        assert "Нічого не змінено." in html.decode()


def files(folder: Path) -> tuple[str, str]:
    old, new = folder / "старий.md", folder / "новий.txt"
    old.write_text("# Про воду\n\n1. Виділити 1882000 гривень.\n\n2. Контроль покласти на Мінфін.\n", encoding="utf-8")
    new.write_text("Про воду\n\n1. Виділити 1873627,8 гривень.\n\n2. Контроль покласти на Мінфін.\n", encoding="utf-8")
    return str(old), str(new)


def test_C4_the_command_prints_the_whole_comparison_as_json(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["compare", *files(tmp_path)]) == 0
    told = json.loads(capfdbinary.readouterr().out)
    assert told["summary"]["replaced"] == 1
    row = next(row for row in told["alignment"] if row["kind"] == "replaced")
    assert row["words"] == [["=", "Виділити "], ["-", "1882000"], ["+", "1873627,8"], ["=", " гривень."]]
    assert set(told["left"]["units"][0]) == {"bid", "kind", "label", "text"}


@pytest.mark.parametrize("how", ["json", "html", "table-html"])
def test_C4_the_command_writes_every_format_to_a_file(how: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "порівняння"
    assert main(["compare", *files(tmp_path), "--format", how, "-o", str(target)]) == 0
    assert capsys.readouterr().out == ""
    assert "1873627,8" in target.read_text(encoding="utf-8")


def test_a_file_that_cannot_be_read_is_one_line_on_stderr(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, _ = files(tmp_path)
    (tmp_path / "акт.docx").write_bytes(b"PK\x03\x04")
    for other in (str(tmp_path / "немає.md"), str(tmp_path / "акт.docx"), str(tmp_path)):
        assert main(["compare", old, other]) == 1
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err.startswith("zlahoda: ")
        assert told.err.count("\n") == 1
