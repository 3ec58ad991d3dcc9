"""Records that nobody's client should send: each is refused with the field and a reason, and nothing is stored."""

import json
from typing import Any

import pytest

from server.errors import InvalidInput
from server.suggestions.shape import check_anchor, check_change, limit, shapes
from tests.suggestions.cast import Cast

RUN = {"t": "ґанок", "m": {}}
PLACE = {"before": "", "after": "", "at": 0}
UNIT = {"name": "unit", "attributes": {"bid": "n1", "kind": "article", "level": "1", "label": "auto"}, "runs": [RUN]}
CELL = {"name": "cell", "attributes": {"bid": "c1", "colspan": 2}, "runs": [RUN]}
TABLE = {"name": "table", "attributes": {"bid": "t9"}, "children": [{"name": "row", "attributes": {"bid": "r9"}, "children": [CELL]}]}
GOOD: dict[str, dict[str, Any]] = {
    "text": {"bid": "u1", "text": [1, 4], "anchor": [1, 5], "delete": [[1, 6, 3]], "quote": "їжа", "insert": [RUN], **PLACE},
    "format": {"bid": "u1", "text": [1, 4], "ranges": [[1, 6, 3]], "quote": "їжа", "set": {"strong": {}, "em": None}, **PLACE},
    "split": {"bid": "u1", "text": [1, 4], "anchor": [1, 5], "set": {"kind": "part"}, **PLACE},
    "join": {"bid": "u2", "quote": "Друга частина"},
    "unit_insert": {"after": "", "blocks": [UNIT, TABLE]},
    "unit_delete": {"bid": "u1", "quote": "усе"},
    "unit_attributes": {"bid": "u1", "set": {"level": "2"}, "was": {"level": "1"}, "quote": "усе"},
    "move": {"bid": "u1", "after": "u7", "quote": "усе"},
    "row_insert": {"table": "t1", "after": "r1", "cells": [[RUN], []]},
    "row_delete": {"table": "t1", "bid": "r1", "quote": "рядок"},
    "column_insert": {"table": "t1", "after": -1, "cells": [[RUN]]},
    "column_delete": {"table": "t1", "index": 0, "quote": "стовпець"},
}


def put(kind: str, path: str, value: Any) -> dict[str, Any]:
    """The good change of a kind with one thing in it replaced; `path` is dotted, `-` takes the field away."""
    change = json.loads(json.dumps(GOOD[kind]))
    *way, last = path.split(".")
    at = change
    for step in way:
        at = at[int(step)] if isinstance(at, list) else at[step]
    if value == "-":
        del at[last]
    elif isinstance(at, list):
        at[int(last)] = value
    else:
        at[last] = value
    return dict(change)


def test_every_kind_of_the_written_shape_has_an_example_that_passes() -> None:
    assert GOOD.keys() == shapes()["kinds"].keys()
    for kind, change in GOOD.items():
        check_change(kind, change)


BAD: list[tuple[str, str, Any]] = [
    ("text", "insert.0.t", "злам\u202eано"),
    ("text", "insert.0.t", "зло\u200bвмисне"),
    ("text", "insert.0.t", "м\u00adякий перенос"),
    ("text", "insert.0.t", "нульова\u200dширина"),
    ("text", "insert.0.t", "приватне \ue000"),
    ("text", "insert.0.t", "два\nрядки"),
    ("text", "insert.0.t", "два\u2029абзаци"),
    ("text", "insert.0.t", "заповнювач \u3164"),
    ("text", "insert.0.t", "прапор 🏴\U000e0067\U000e007f"),
    ("text", "insert.0.t", "знак \ufffc без позначки"),
    ("text", "insert.0.t", ""),
    ("text", "insert.0.t", 7),
    ("text", "insert.0.t", "а" * (limit("text") + 1)),
    ("text", "insert.0.m", {"insertion": {}}),
    ("text", "insert.0.m", {"strong--abcdefgh": {}}),
    ("text", "insert.0.m", {"link": {"href": "javascript:alert(1)"}}),
    ("text", "insert.0.m", {"link": {"href": " JaVaScRiPt:alert(1)"}}),
    ("text", "insert.0.m", {"link": {"href": "data:text/html,ж"}}),
    ("text", "insert.0.m", {"link": {"href": "//зло.укр"}}),
    ("text", "insert.0.m", {"link": {}}),
    ("text", "insert.0.m", {"strong": True}),
    ("text", "insert.0.m", {"strong": {"onclick": "ж"}}),
    ("text", "insert.0.m", {"image": {"src": "javascript:1"}}),
    ("text", "insert.0.m", None),
    ("text", "insert", [RUN] * (limit("runs") + 1)),
    ("text", "insert", {}),
    ("text", "delete", [[1, 2]]),
    ("text", "delete", [[1, 2, 0]]),
    ("text", "delete", [[1, -2, 3]]),
    ("text", "delete", [[1, 2.0, 3]]),
    ("text", "delete", [[True, 2, 3]]),
    ("text", "delete", [[2**60, 2, 3]]),
    ("text", "delete", [[1, 2, 3]] * (limit("ranges") + 1)),
    ("text", "text", [1, "4"]),
    ("text", "text", None),
    ("text", "anchor", "тут"),
    ("text", "bid", ""),
    ("text", "bid", "b" * 65),
    ("text", "bid", "їжак"),
    ("text", "at", -1),
    ("text", "at", 1.5),
    ("text", "before", "а" * 25),
    ("text", "quote", "а" * (limit("quote") + 1)),
    ("text", "quote", "-"),
    ("text", "author", "хтось"),
    ("format", "set", {}),
    ("format", "set", {"blink": {}}),
    ("format", "set", {"image": {"src": ""}}),
    ("format", "set", {"link": {"href": "vbscript:ж"}}),
    ("split", "set", {"bid": "u7"}),
    ("split", "set", {"kind": "розділ"}),
    ("unit_attributes", "set", {}),
    ("unit_attributes", "set", {"level": "0"}),
    ("unit_attributes", "set", {"label": "злам\u202e"}),
    ("unit_attributes", "set", {"style": "x"}),
    ("unit_insert", "blocks", []),
    ("unit_insert", "blocks.0.name", "script"),
    ("unit_insert", "blocks.0.name", ["unit"]),
    ("unit_insert", "blocks.0.name", "cell"),
    ("unit_insert", "blocks.0.attributes", {"kind": "article"}),
    ("unit_insert", "blocks.0.attributes", {"bid": "n1"}),
    ("unit_insert", "blocks.0.attributes", {"bid": "c1", "kind": "article"}),
    ("unit_insert", "blocks.0.attributes.onload", "x"),
    ("unit_insert", "blocks.0.children", []),
    ("unit_insert", "blocks.0.runs", "-"),
    ("unit_insert", "blocks.1.children.0.children.0", UNIT),
    ("unit_insert", "blocks.1.children.0.children.0.attributes.colspan", "2"),
    ("unit_insert", "blocks", [UNIT] * (limit("blocks") + 1)),
    ("row_insert", "cells", [[]] * (limit("cells") + 1)),
    ("row_insert", "cells", [[{"t": "а"}]]),
    ("column_insert", "after", -2),
    ("column_insert", "after", -1.0),
    ("column_delete", "index", 10**9),
    ("move", "after", 5),
]


@pytest.mark.parametrize(("kind", "path", "value"), BAD, ids=[f"{number}-{kind}.{path}" for number, (kind, path, _) in enumerate(BAD)])
def test_R14_what_the_shape_does_not_say_is_refused_with_the_field(kind: str, path: str, value: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_change(kind, put(kind, path, value))
    fields = refused.value.extra["fields"]
    assert isinstance(fields, dict)
    assert all(name.startswith("change") and all(reason) for name, reason in fields.items())


@pytest.mark.parametrize(
    "value", [None, [], "текст", 7, {"kind": "нота"}, {"kind": "unit", "bid": "u1"}, {"kind": "act", "bid": "u1"}, {"kind": []}]
)
def test_R14_an_anchor_of_another_shape_is_refused(value: Any) -> None:
    with pytest.raises(InvalidInput):
        check_anchor(value)


def test_R14_pictures_of_several_characters_and_letters_with_accents_are_no_unseen_characters() -> None:
    for words in ("👩‍🚀 і ❤️ та 👍🏽", "е́ї́", "1️⃣", "ціна\u00a0— 5 грн", "ʼ’«»", "а\tб"):
        check_change("text", put("text", "insert.0.t", words))


async def test_R15_bodies_that_are_no_json_of_ours_are_refused_and_nothing_is_stored(cast: Cast) -> None:
    good = json.dumps(cast.proposal(), ensure_ascii=False)
    deep = good.replace('"m": {}', '"m": ' + '{"a":' * 3000 + "1" + "}" * 3000)
    bodies = {
        "deep": (deep, 400),
        "nan": (good.replace('"at": 0', '"at": NaN'), 400),
        "infinity": (good.replace('"at": 0', '"at": 1e999'), 400),
        "twice": (good.replace('"at": 0', '"at": 0, "at": 1'), 400),
        "nul": (good.replace("будівлею", "\\u0000"), 400),
        "half": (good.replace("будівлею", "\\ud83d"), 400),
        "list": ("[]", 422),
        "cut": (good[:-1], 400),
        "kind": (good.replace('"text"', '"txt"'), 422),
        "giant": (good.replace("будівлею", "а" * 2_000_000), 413),
        "id": (good.replace('"id": "', '"id": "Z'), 422),
        "version": (good.replace('"version": 0', '"version": true'), 422),
    }
    for name, (body, status) in bodies.items():
        answer = await cast["reviewer"].client.post(
            f"/api/v1/acts/{cast.act}/suggestions", content=body.encode(), headers={"content-type": "application/json"}
        )
        assert answer.status_code == status, (name, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
    big = cast.proposal()
    big["change"]["insert"] = [{"t": "ж" * 700, "m": {"link": {"href": "https://a/" + "b" * 1900}}} for _ in range(49)]
    big["change"]["insert"] = [{"t": "ж", "m": {"link": {"href": "https://a/" + "b" * 40}, "strong": {}, "em": {}, "underline": {}}}] * 1900
    big["change"]["quote"] = "ж" * 20000
    answer = await cast.call("reviewer", "POST", "/suggestions", big)
    assert answer.status_code in {413, 422}
    assert (await cast.get("reviewer", "/suggestions"))["items"] == []


async def test_R15_a_reason_is_short_and_holds_nothing_unseen(cast: Cast) -> None:
    made = await cast.propose(released=True)
    for reason, status in (("а" * 2001, 422), ("злам\u202e", 422), ("а" * 5000, 422)):
        assert (await cast.refused("drafter", f"/suggestions/{made['id']}/reject", {"version": 1, "reason": reason}))[0] == status
