"""The acceptance scenario on a real act: the law on access to public information and the law No. 319-VIII that amended it.

МВС leads; Мінрозвитку, Мінфін, Мінекономіки and Мінцифри are asked; Мін'юст gives its opinion; the act is sealed. The oracle are the
edition of 01.05.2015, which the Rada published after the amending law, and the amending law itself.
"""

import asyncio
import json
from pathlib import Path
from typing import Any

import pycrdt

from server.access.roles import GlobalRole
from server.acts.model import scheme_of
from server.compare.compare import compare
from server.compare.model import Aligned, Kind, Side, side_of
from server.crdt.messages import Update
from server.events.store import find_defect, read_page
from server.formats import formats
from server.formats.canonical import Line
from server.formats.source import Imported
from server.ids import ActId, BlockId
from server.text.numbering import load_scheme
from server.text.tree import Unit
from server.versions.chain import find_defects
from tests.approval.cast import Cast, gather, sign_in
from tests.approval.drafting import Drafting, move_after, order, place_after, retype, words_of
from tests.site import Site

LAW = "laws/uk/zu-2939-dostup-do-informatsii"
OLD, NEW = "05_2015-04-26.md", "06_2015-05-01.md"
PORTAL = "на єдиному державному веб-порталі відкритих даних;"
MISTYPED = "на державному веб-порталi вiдкритих даних;"  # with two Latin letters
ELECTRONIC = "електронний документ, "
AFTER_FREEZE = {"у форматі,": "у формату,", '"Про захист персональних даних"': "«Про захист персональних даних»"}
"""What Мін'юст will find: a wrong case, and quotes of another kind."""


async def test_an_act_goes_the_whole_way_from_draft_to_seal(site: Site, shared: Path) -> None:
    folder = shared / LAW
    law = await Act.imported(site, folder)
    await law.edit_and_co_edit()
    first = await law.visas_and_first_revision()
    await law.first_round(first)
    await law.work_on_remarks()
    await law.deadline(first)
    second = await law.second_revision(first)
    await law.staleness_and_second_round(second)
    await law.protocol()
    third = await law.legal_expertise(second)
    await law.final_oracle(third, folder)
    await law.submit_and_seal(third)


class Act:
    """The act on its way; each method is a step of the scenario."""

    def __init__(self, cast: Cast, drafting: Drafting) -> None:
        self.cast = cast
        self.drafting = drafting
        self.portal = ""

    @classmethod
    async def imported(cls, site: Site, folder: Path) -> "Act":
        """1. The base is imported: articles and points are known, editors' notes stand apart."""
        lead = await sign_in(site, "lead@mvs.gov.ua", "mvs", GlobalRole.NONE)
        given = {"title": "Про внесення змін до Закону «Про доступ до публічної інформації»", "kind": "zakonoproiekt"}
        answer = await lead.client.post("/api/v1/acts/import", files={"file": (OLD, (folder / OLD).read_bytes())}, data=given)
        assert answer.status_code == 201, answer.text
        cast = await gather(site, answer.json()["id"], lead)
        units = await cast.text()
        kinds = [unit["kind"] for unit in units]
        assert kinds.count("article") == 24
        assert kinds.count("editor_note") > 5
        live = Side("", tuple(_line(unit) for unit in units))
        target = _published(folder)
        return cls(cast, Drafting(compare(live, _side(target)), target.tree))

    async def edit_and_co_edit(self) -> None:
        """2, 3. Direct edits with mistakes; two people in one text, one of them without a network for a while."""
        cast, drafting = self.cast, self.drafting
        rows = [row for row in drafting.rows if not self._is(row, PORTAL) and not self._is(row, ELECTRONIC)]
        half = len(rows) // 2
        await cast.post("lead", f"/members/{cast['jurist'].id}", {"role": "drafter"}, "PUT")
        async with cast.desk("drafter") as desk, cast.desk("jurist") as jurist:
            away = drafting.apply(jurist, rows[half:], wording=AFTER_FREEZE)  # typed without a network
            desk.say(Update(drafting.apply(desk, rows[:half], wording=AFTER_FREEZE)))
            assert await desk.saved()
            jurist.say(Update(away))
            assert await jurist.saved()
            desk.say(Update(desk.edit(self._put_portal_wrong)))
            assert await desk.saved()
            await desk.everything_heard()
            await jurist.everything_heard()
            assert _texts(desk.doc) == _texts(jurist.doc)  # I11
        texts = [unit["text"] for unit in await cast.text()]
        assert MISTYPED in texts

    async def visas_and_first_revision(self) -> Any:
        """4. Visas inside МВС; sending is refused until the explanatory note is there (I7)."""
        cast = self.cast
        bare = await cast.freeze("Для надсилання")
        asked = [{"body": "minfin"}]
        assert await cast.refused("lead", "/rounds", {"revision": bare["number"], "requests": asked}) == (409, "not-now")
        await cast.add_note()
        first = await cast.freeze("З пояснювальною запискою")
        await cast.post("lead", "/steps", {"verb": "start_visas"})
        visas = f"/revisions/{first['number']}/visas"
        people = [cast["jurist"].id, cast["mvs_signatory"].id]
        await cast.post("lead", visas, {"order": "sequential", "people": people}, "PUT")
        assert await cast.refused("lead", "/rounds", {"revision": first["number"], "requests": asked}) == (409, "not-now")
        await cast.post("jurist", visas, {"result": "agreed", "note": "Юридична служба зауважень не має"})
        await cast.post("mvs_signatory", visas, {"result": "agreed"})
        return first

    async def first_round(self, first: Any) -> None:
        """5. Four requests, ten working days: agreed, with remarks, refused; Мінцифри is silent."""
        cast = self.cast
        fee = await self._article("Стаття 21.")
        definitions = await self._article("Стаття 1.")
        asked = [
            {"body": "minfin", "scope": [fee]},
            {"body": "minrozvytku"},
            {"body": "mineconomy"},
            {"body": "mindigital", "scope": [definitions]},
        ]
        round_ = await cast.open(first, asked, deadline="days_10", note="Прошу погодити")
        assert (await cast.approval())["state"] == "approval"
        draft = await cast.get("infra", "/rounds/1/bodies/minrozvytku/difference")  # nothing judged yet: what the draft changes
        assert (draft["since"], draft["summary"]["inserted"], draft["summary"]["replaced"]) == (None, 14 + len(await cast.text("note")), 9)
        for who in ("minfin", "infra", "economy", "digital"):
            assert await cast.inbox(who) == [("state_position", 1)]
        table = await cast.get("minfin", "/rounds/1/papers/comparative?format=json")
        assert table["counts"]["rows"] == len(self.drafting.rows) - 1  # the change that was forgotten
        await cast.state("minfin", 1, first, "AGREED")
        part = next(bid for text, bid in self.drafting.new.items() if text.startswith("Будь-яка особа може вільно копіювати"))
        remarks = [
            {"text": "Розмістити після абзацу про офіційні веб-сайти, повно", "proposed": PORTAL, "bid": self.portal},
            {"text": "Замінити слово «особа» словом «громадянин»", "proposed": "Будь-який громадянин може", "bid": part},
        ]
        await cast.state("infra", 1, first, "AGREED_WITH_REMARKS", remarks=remarks)
        await cast.state("economy", 1, first, "REFUSED", remarks=[{"text": "Немає розрахунку витрат на вебпортал"}])
        assert len(round_["requests"]) == 4

    async def work_on_remarks(self) -> None:
        """6. R1 accepted by moving and rewording; R2 declined; R3 partly; two suggestions decided; three people comment."""
        cast = self.cast
        remarks = (await cast.get("lead", "/remarks"))["items"]
        answers = [
            ("accepted", "Абзац переміщено й викладено повно"),
            ("declined", "Право на інформацію має кожен, а не лише громадянин"),
            ("partly", "Записку доповнено, розрахунок не потрібен"),
        ]
        for remark, (result, reason) in zip(remarks, answers, strict=True):
            await cast.post("lead", f"/remarks/{remark['id']}/answer", {"result": result, "reason": reason})
        await self.move_portal()
        await self._suggestions()
        for who in ("minfin_reviewer", "minfin_expert", "infra_reviewer"):
            await cast.post(who, "/comments", {"document": cast.act, "anchor": {"kind": "act"}, "text": f"Думка {who}"})

    async def move_portal(self) -> None:
        """What the first and the third remark ask for: the paragraph at its place in its full wording, a sentence in the note."""
        cast, unit = self.cast, self._portal_unit()
        async with cast.desk("drafter") as desk:
            before = self._place_before_portal(desk.doc)
            desk.say(Update(desk.edit(lambda doc: move_after(doc, before, unit, PORTAL))))
            assert await desk.saved()
        async with cast.desk("drafter", "note") as desk:
            desk.say(Update(desk.edit(lambda doc: words_of(doc, "noteunit1").insert(0, "Витрат державного бюджету не потребує. "))))
            assert await desk.saved()

    async def deadline(self, first: Any) -> None:
        """7. A second after the deadline Мінцифри has agreed by default; its late paper is kept and replaces nothing."""
        cast = self.cast
        row = await cast.row("mindigital")
        await cast.at(row["request"]["due_at"] + 1000)
        engines = [cast.engine(), cast.engine()]
        assert sum(await asyncio.gather(*(engine.tick() for engine in engines))) == 1
        silent = (await cast.row("mindigital"))["position"]
        assert (silent["outcome"], silent["label"], silent["revision_hash"]) == ("SILENT", "Погоджено за вмовчанням", first["hash"])
        await cast.post("digital", "/rounds/1/late", {"body": "mindigital", "outcome": "AGREED_WITH_REMARKS", "note": "Лист № 12"})
        assert (await cast.row("mindigital"))["position"] == silent
        positions = await cast.get("lead", "/rounds/1/papers/positions?format=json")
        assert "строк минув" in str(positions["rows"])
        assert (await cast.approval())["state"] == "reconciliation"

    async def second_revision(self, first: Any) -> Any:
        """8. From the first to the second revision: one block moved and reworded, not deleted and inserted; no renumbering."""
        cast = self.cast
        second = await cast.freeze("За зауваженнями")
        found = await cast.get("infra", f"/compare?from={first['number']}&to={second['number']}&format=json")
        counts = {kind: count for kind, count in found["summary"].items() if count and kind != "same"}
        assert counts == {"moved_edited": 1, "replaced": 1}
        return second

    async def staleness_and_second_round(self, second: Any) -> None:
        """9. Whose provision changed is asked again, and sees only what changed since it judged; the others stay valid."""
        cast = self.cast
        rows = {row["body"]: row for row in (await cast.approval())["bodies"] if row["kind"] == "approval"}
        states = {body: row["validity"]["state"] for body, row in rows.items()}
        assert states == {"minfin": "valid", "minrozvytku": "stale", "mineconomy": "stale", "mindigital": "valid"}
        assert {unit["bid"] for unit in rows["minrozvytku"]["validity"]["units"]} >= {self.portal}
        difference = await cast.get("infra", "/rounds/1/bodies/minrozvytku/difference")
        assert (difference["since"], difference["to"]) == (second["number"] - 1, second["number"])
        assert {(one["part"], one["kind"]) for one in difference["changes"]} == {
            ("", "moved_edited"), ("", "replaced"), ("note", "replaced"),
        }  # fmt: skip
        legal = {"revision": second["number"], "kind": "legal", "requests": [{"body": "minjust"}]}
        answer = await cast.call("lead", "POST", "/rounds", legal)
        assert (answer.status_code, answer.json()["rule"]) == (409, "positions")
        await cast.open(second, [{"body": "minrozvytku"}, {"body": "mineconomy"}])
        for who in ("infra", "economy"):
            await cast.state(who, 2, second, "AGREED")
        signature = bytes.fromhex("3082010006092a864886f70d010702") + b"\x00" * 64
        sent = await cast.call("economy", "POST", "/rounds/2/signatures", files={"file": ("k.p7s", signature)}, data={"body": "mineconomy"})
        assert sent.json()["verification"] == "not_verified"
        rows = {row["body"]: row["validity"]["state"] for row in (await cast.approval())["bodies"] if row["kind"] == "approval"}
        assert set(rows.values()) == {"valid"}

    async def protocol(self) -> None:
        """10. The protocol holds every remark with both wordings and reasons; its counts are those of the log."""
        cast = self.cast
        protocol = await cast.get("lead", "/rounds/2/papers/protocol?format=json")
        assert protocol["counts"] == {"accepted": 1, "partly": 1, "declined": 1, "open": 0}
        table = await cast.get("lead", "/rounds/2/papers/disagreements?format=json")
        assert len(table["rows"]) == 1
        said = json.dumps(table["rows"], ensure_ascii=False)
        for words in ("Будь-яка особа може вільно копіювати", "Будь-який громадянин може", "Право на інформацію має кожен", "Мінрозвитку"):
            assert words in said
        answered = [one for one in await self._events() if one == "remark.answered"]
        assert len(answered) == len(protocol["rows"]) == 3

    async def legal_expertise(self, second: Any) -> Any:
        """12. Мін'юст has two remarks; the third revision is editorial: nobody's position becomes stale; then no remarks."""
        cast = self.cast
        asked = [{"body": "minjust"}]
        round_ = await cast.open(second, asked, kind="legal")
        assert await cast.inbox("minjust") == [("give_opinion", 1)]
        assert (await cast.row("minjust", "legal"))["request"]["silent"] is False
        remarks = [{"text": "Лапки мають бути одного виду"}, {"text": "«у форматі»: відмінок"}]
        await cast.state("minjust", round_["number"], second, "AGREED_WITH_REMARKS", remarks=remarks)
        assert (await cast.approval())["state"] == "reconciliation"
        for remark in (await cast.get("lead", "/remarks"))["items"][-2:]:
            await cast.post("lead", f"/remarks/{remark['id']}/answer", {"result": "accepted", "reason": "Виправлено"})
        await self.correct()
        third = await cast.freeze("Після правової експертизи")
        rows = [row for row in (await cast.approval())["bodies"] if row["kind"] == "approval"]
        assert {row["validity"]["state"] for row in rows} <= {"valid", "look"}
        again = await cast.open(third, asked, kind="legal")
        await cast.state("minjust", again["number"], third, "AGREED")
        assert (await cast.approval())["state"] == "ready"
        return third

    async def final_oracle(self, third: Any, folder: Path) -> None:
        """13. The norm text of the third revision is that of the edition the Rada published, and no other provision differs."""
        cast = self.cast
        units = (await cast.get("lead", f"/revisions/{third['number']}"))["units"]
        ours = Side("", tuple(_line(unit) for unit in units))
        published = compare(ours, _side(_published(folder)))
        assert {row.kind for row in published.alignment} <= {Kind.SAME, Kind.NOTE, Kind.TYPOGRAPHIC}
        since = await cast.get("lead", f"/compare?from=base&to={third['number']}&format=json")
        counts = {kind: count for kind, count in since["summary"].items() if count and kind != "same"}
        assert counts == {"inserted": 14, "replaced": 10}
        law = (folder.parent.parent / "uk-amending" / "319-19.json").read_text(encoding="utf-8")
        said = _letters(" ".join(provision["content"] for provision in json.loads(law)["provisions"]))
        for text in self.drafting.new:
            assert _letters(text) in said, text

    async def submit_and_seal(self, third: Any) -> None:
        """14. Submitted, adopted, signed: not even a comma any more; the audit and the revisions verify."""
        cast = self.cast
        await cast.post("lead", "/steps", {"verb": "submit", "revision": third["number"]})
        for verb in ("to_committee", "adopt"):
            await cast.post("secretariat", "/steps", {"verb": verb})
        await cast.post("secretariat", "/seal", {"revision": third["number"], "revision_hash": third["hash"]})
        before = (await cast.get("lead", "/text"))["seq"]
        async with cast.desk("drafter") as desk:
            desk.say(Update(desk.edit(lambda doc: words_of(doc, self.portal).insert(0, ","))))
            assert not await desk.saved()
        assert (await cast.get("lead", "/text"))["seq"] == before
        await self.proved(rounds=4)

    async def proved(self, rounds: int) -> None:
        """The events and the revisions hold together, and tell of one silence, one seal and so many rounds."""
        site, act = self.cast.site, ActId(self.cast.act)
        assert await site.parts.database.read(lambda connection: find_defect(connection, act)) is None  # I13
        newest = (await self.cast.approval())["revision"]
        chain = [await site.parts.versions.read(act, number) for number in range(newest + 1)]
        assert list(find_defects(act, chain)) == []
        kinds = await self._events()
        assert (kinds.count("approval.silent"), kinds.count("approval.sealed"), kinds.count("approval.round_opened")) == (1, 1, rounds)

    # -- details -------------------------------------------------------------------------------------------------------

    async def _suggestions(self) -> None:
        """Two suggestions of Мінрозвитку: the forgotten words, accepted into the text; another one rejected."""
        cast = self.cast
        row = next(row for row in self.drafting.rows if self._is(row, ELECTRONIC))
        assert row.left is not None
        bid = self.drafting.comparison.left.units[row.left].bid
        made = []
        for number, words in enumerate((ELECTRONIC, "та телеграма ")):
            change = {
                "bid": bid, "text": [1, 4], "anchor": None, "delete": [], "quote": "", "before": "", "after": "", "at": 0,
                "insert": [{"t": words, "m": {}}],
            }  # fmt: skip
            record = {"id": f"{number + 7:032x}", "document": cast.act, "kind": "text", "change": change, "version": 0}
            await cast.post("infra_reviewer", "/suggestions", record)
            made.append(await cast.post("infra", f"/suggestions/{record['id']}/release", {"version": 1}))
        await cast.post("drafter", f"/suggestions/{made[0]['id']}/accept", {"version": 1})

        async with cast.desk("drafter") as desk:

            def accept(doc: Any) -> None:
                retype(doc, bid, row.words)
                resolutions: pycrdt.Map[Any] = doc.get("resolutions", type=pycrdt.Map)
                resolutions[made[0]["id"]] = {"v": 1, "a": "accept"}

            desk.say(Update(desk.edit(accept)))
            assert await desk.saved()
        await cast.post("drafter", f"/suggestions/{made[1]['id']}/reject", {"version": 1, "reason": "Телеграм уже не надсилають"})
        found = {one["id"]: one for one in (await cast.get("lead", "/suggestions"))["items"]}
        decided = found[made[0]["id"]]
        assert (decided["status"], decided["author"], decided["decided"]["who"]) == (
            "accepted", cast["infra_reviewer"].id, cast["drafter"].id,
        )  # fmt: skip  # I3
        assert found[made[1]["id"]]["status"] == "rejected"
        refused = await cast.refused("infra", f"/suggestions/{made[1]['id']}/reopen", {"version": 1})
        assert refused[0] == 403  # I4

    def _put_portal_wrong(self, doc: Any) -> None:
        """The new paragraph at a wrong place, in wrong words."""
        unit = self._portal_unit()
        self.portal = unit.bid
        self.drafting.new[PORTAL] = unit.bid
        last = next(line.bid for line in self.drafting.comparison.left.units if line.label == "Стаття 6.")
        place_after(doc, last, unit, MISTYPED)

    def _portal_unit(self) -> Unit:
        return next(unit for unit in self.drafting.target.units() if unit.text == PORTAL)

    def _place_before_portal(self, doc: Any) -> str:
        row = next(row for row in self.drafting.rows if self._is(row, PORTAL))
        assert row.right is not None
        return self.drafting._before(doc, row.right)

    def forgotten(self) -> tuple[str, int]:
        """Where the change stands that the drafter forgot: the unit, and how many characters stand before it."""
        row = next(row for row in self.drafting.rows if self._is(row, ELECTRONIC))
        assert row.left is not None
        signs = [sign for sign, _ in row.words]
        before = sum(len(words) for _, words in row.words[: signs.index("+")])
        return self.drafting.comparison.left.units[row.left].bid, before

    async def correct(self) -> None:
        """What Мін'юст found is put right."""
        async with self.cast.desk("drafter") as desk:
            desk.say(Update(desk.edit(self._correct)))
            assert await desk.saved()

    def _correct(self, doc: Any) -> None:
        """What Мін'юст found, put right letter by letter."""
        for text, bid in self.drafting.new.items():
            for right, wrong in AFTER_FREEZE.items():
                if right in text:
                    head, _, tail = text.partition(right)
                    retype(doc, bid, [("=", head), ("-", wrong), ("+", right), ("=", tail)])

    def _is(self, row: Aligned, words: str) -> bool:
        return any(sign == "+" and words in piece for sign, piece in row.words)

    async def _article(self, label: str) -> str:
        return str(next(unit["bid"] for unit in await self.cast.text() if unit["label"] == label))

    async def _events(self) -> list[str]:
        """The kinds of everything that happened in the act."""
        act = ActId(self.cast.act)
        page = await self.cast.site.parts.database.read(lambda connection: read_page(connection, act, limit=10_000))
        return [event.kind for event in page]


def _published(folder: Path) -> Imported:
    """The edition of the Rada after the amending law."""
    return formats.read(NEW, (folder / NEW).read_bytes())


def _side(imported: Imported) -> Side:
    return side_of(imported.tree, load_scheme(scheme_of("zakonoproiekt")))


def _line(unit: Any) -> Line:
    return Line(BlockId(unit["bid"]), unit["kind"], unit["label"], unit["text"])


def _texts(doc: "pycrdt.Doc[Any]") -> list[tuple[str, str]]:
    return [(bid, str(words_of(doc, bid))) for bid in order(doc)]


def _letters(text: str) -> str:
    """Letters and digits alone: the two publishers set the same words differently."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())
