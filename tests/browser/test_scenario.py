"""The acceptance scenario at real pages: an act from its import to its seal, everyone at a browser of their own.

The same law, amending law and oracle as `tests/approval/test_scenario.py`, whose drafting is used; every decision is taken at a page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.approval import test_scenario as by_http
from tests.approval.cast import Cast
from tests.browser.offices import Office, get
from tests.browser.pages import ActPage
from tests.browser.proposals import change_words, new_id
from tests.browser.stage import Stage

START = 1_762_770_600_000
"""Monday, 10 November 2025, 12:30 in Kyiv, in milliseconds."""

REQUIRED = "Обґрунтування необхідності прийняття акта."
WRITTEN_AWAY = " Витрат немає."
STALE, VALID = ("Мінрозвитку", "Мінекономіки"), ("Мінфін", "Мінцифри")
IS_STALE = "втратила чинність"
LATE = "Просимо врахувати вимоги до ґрифів 🗂"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path, now=START) as running:
        yield running


def test_an_act_goes_the_whole_way_from_draft_to_seal_at_its_pages(browser: Browser, stage: Stage, shared: Path) -> None:
    act = stage.do(by_http.Act.imported(stage.site, shared / by_http.LAW))
    walk = Walk(browser, stage, act, shared / by_http.LAW)
    walk.draft()
    walk.first_revision()
    walk.first_round()
    walk.work_on_remarks()
    walk.silence()
    walk.second_revision()
    walk.second_round()
    walk.protocol()
    walk.legal_expertise()
    walk.final_comparison()
    walk.seal()
    walk.leave()


@dataclass
class Walk:
    """Each method is a step of the scenario."""

    browser: Browser
    stage: Stage
    act: by_http.Act
    folder: Path

    def __post_init__(self) -> None:
        self.offices: dict[str, Office] = {}
        self.first = 0

    @property
    def cast(self) -> Cast:
        return self.act.cast

    def at(self, who: str, *, phone: bool = False) -> Office:
        """This person's browser; on a phone where it is asked for first."""
        if who not in self.offices:
            self.offices[who] = Office(self.browser, self.stage, self.cast, who, phone=phone)
        return self.offices[who]

    def draft(self) -> None:
        """1, 2. The base is read; the law's changes are made in the text, with mistakes."""
        self.stage.do(self.act.edit_and_co_edit())
        page = ActPage(self.at("drafter").person, self.cast.act).open().wait_state("saved")
        assert next(block.label for block in page.blocks() if block.kind == "article") == "Стаття 1."
        page.page.close()

    def first_revision(self) -> None:
        """3, 4. Nothing is sent before the explanatory note is there (I7); two write it at once, one of them without a network; visas."""
        lead = self.at("lead")
        assert "редакцію № 1" in lead.freeze("Для надсилання")
        panel = lead.panel("approval")
        expect(panel).to_contain_text("бракує: пояснювальна записка")
        expect(panel.get_by_role("button", name="Надіслати на погодження")).to_be_disabled()
        self.stage.do(self.cast.add_note(REQUIRED))
        self._write_the_note_together()
        assert "редакцію № 2" in lead.freeze("З пояснювальною запискою")
        lead.ask_visas("jurist", "mvs_signatory")
        expect(lead.panel("approval").get_by_role("button", name="Надіслати на погодження")).to_be_disabled()
        self.at("jurist").give_visa()
        self.at("mvs_signatory").give_visa()

    def _write_the_note_together(self) -> None:
        note = f"{self.cast.act}/note"
        drafter = ActPage(self.at("drafter").person, note).open().wait_state("saved")
        jurist = ActPage(self.at("jurist", phone=True).person, note).open().wait_state("saved")
        jurist.page.get_by_role("button", name="Редагувати").click()
        jurist.person.go_offline()
        jurist.put_caret("noteunit1").type(WRITTEN_AWAY)
        drafter.put_caret("noteunit1", 0).type("Ґ. ")
        drafter.wait_state("saved")
        jurist.person.come_back()
        for page in (drafter, jurist):
            page.wait_for_text("noteunit1", f"Ґ. {REQUIRED}{WRITTEN_AWAY}")
            page.wait_state("saved")
            page.page.close()

    def first_round(self) -> None:
        """5. Four requests: agreed, with remarks, refused on a phone; Мінцифри is silent."""
        scopes = {"Мінфін": "Стаття 21.", "Мінцифри": "Стаття 1."}
        self.at("lead").send("Надіслати на погодження", "Секретаріат Кабінету", scopes=scopes)
        sent = get(self.stage, self.cast, "lead", "/rounds/1")
        self.first = sent["revision"]
        said = self.at("minfin").state("Погоджено без зауважень", sees="бачить цей проєкт уперше")
        assert f"редакцію № {self.first} (відбиток {sent['revision_hash'][:12]})" in said
        remarks = (
            ("Розмістити після абзацу про офіційні веб-сайти, повно", by_http.PORTAL),
            ("Замінити слово «особа» словом «громадянин»", "Будь-який громадянин може"),
        )
        self.at("infra").state("Погоджено із зауваженнями", *remarks)
        self.at("economy", phone=True).state("Не погоджено", ("Немає розрахунку витрат на вебпортал", ""))
        self.at("lead").panel("approval")
        for body, words in (("Мінфін", "Погоджено без зауважень"), ("Мінекономіки", "Не погоджено"), ("Мінцифри", "Очікуємо відповіді")):
            expect(self.at("lead").row(body)).to_contain_text(words)

    def work_on_remarks(self) -> None:
        """6. The remarks are answered; the paragraph moves to its place in its full wording; of two proposals one is accepted."""
        self.stage.do(self._answer_and_move())
        self.stage.do(self._propose())
        drafter = self.at("drafter")
        drafter.panel("suggestions")
        cards = drafter.page.locator(".sug-panel .sug-card")
        drafter.page.get_by_role("button", name="Наступна пропозиція").click()  # cards stand beside their place
        cards.filter(has_text="електронний документ").get_by_role("button", name="Прийняти").click()
        expect(cards.filter(has_text="електронний документ")).to_have_count(0)
        cards.filter(has_text="телеграма").get_by_role("button", name="Відхилити").click()
        asked = drafter.page.get_by_role("dialog")
        asked.get_by_label("Причина").fill("Телеграм уже не надсилають")
        asked.get_by_role("button", name="Відхилити", exact=True).click()
        expect(cards).to_have_count(0)
        ActPage(drafter.person, self.cast.act, drafter.page).wait_state("saved")

    async def _answer_and_move(self) -> None:
        answers = [("accepted", "Абзац переміщено й викладено повно"), ("declined", "Право має кожен"), ("partly", "Записку доповнено")]
        for remark, (result, reason) in zip((await self.cast.get("lead", "/remarks"))["items"], answers, strict=True):
            await self.cast.post("lead", f"/remarks/{remark['id']}/answer", {"result": result, "reason": reason})
        await self.act.move_portal()

    async def _propose(self) -> None:
        """Two proposals of Мінрозвитку at the place that the drafter forgot."""
        bid, before = self.act.forgotten()
        units = await self.cast.text()
        (at,) = [at for at, unit in enumerate(units) if unit["bid"] == bid]
        text = units[at]["text"]
        for words in (by_http.ELECTRONIC, "телеграма, "):
            change = change_words(units, at, "", words) | {"before": text[:before][-24:], "after": text[before:][:24]}
            record = {"id": new_id(), "document": self.cast.act, "kind": "text", "change": change, "version": 0}
            await self.cast.post("infra_reviewer", "/suggestions", record)
            await self.cast.post("infra", f"/suggestions/{record['id']}/release", {"version": 1})

    def silence(self) -> None:
        """7. A second after the deadline Мінцифри has agreed by default, and the page says so."""
        due = self.stage.do(self.cast.row("mindigital"))["request"]["due_at"]
        self.stage.do(self.cast.at(due + 1000))
        assert self.stage.do(self.cast.engine().tick()) == 1
        for office in self.offices.values():
            office.sign_in()
        lead = self.at("lead")
        lead.panel("approval")
        expect(lead.row("Мінцифри")).to_contain_text("Погоджено за вмовчанням")
        expect(lead.page.locator(".z-approval-state")).to_contain_text("узгодження розбіжностей", ignore_case=True)
        self.at("digital").add_late("Погоджено із зауваженнями", LATE)
        for who in ("digital", "lead"):
            row = self.at(who).row("Мінцифри")
            expect(row).to_contain_text("Погоджено за вмовчанням")  # it holds, whatever came later
            expect(row.locator(".z-late")).to_contain_text(LATE)

    def second_revision(self) -> None:
        """8. One block moved and reworded, one replaced; every view counts the same."""
        assert "редакцію № 4" in self.at("lead").freeze("За зауваженнями")
        infra = self.at("infra")
        page = infra.compare(str(self.first), "4")
        assert infra.summary() == {"moved_edited": 1, "replaced": 1}
        views = {"redline": ".z-row-changed", "sides": ".z-pair:not([data-kind=same])", "linear": ".z-linear > li"}
        for view, rows in {**views, "table": ".z-paper tbody tr[id]"}.items():
            infra.compare(str(self.first), "4", view=view)
            expect(page.locator(rows)).to_have_count(2)
        infra.compare("live", "live")
        page.get_by_role("button", name=f"Від редакції № {self.first}, яку розглянув мій орган").click()
        expect(page.locator(".z-row-changed")).to_have_count(2)

    def second_round(self) -> None:
        """9. Whose provision changed is asked again and sees only what changed; the others stay valid."""
        lead = self.at("lead")
        lead.panel("approval")
        for body in STALE:
            expect(lead.row(body)).to_contain_text(IS_STALE)
        for body in VALID:
            expect(lead.row(body)).not_to_contain_text(IS_STALE)
        lead.send("Надіслати на погодження", "Секретаріат Кабінету")
        asked = get(self.stage, self.cast, "lead", "/rounds/2")["requests"]
        assert [one["body"] for one in asked] == ["mineconomy", "minrozvytku"]  # as the dialog proposes: the others have agreed
        self.at("infra").state("Погоджено без зауважень", sees="веб-порталі відкритих")
        self.at("economy").state("Погоджено без зауважень", sees=f"від редакції № {self.first}")
        self._nobody_is_stale()

    def _nobody_is_stale(self) -> None:
        lead = self.at("lead")
        lead.panel("approval")
        for body in (*STALE, *VALID):
            expect(lead.row(body)).to_contain_text("огоджено")
            expect(lead.row(body)).not_to_contain_text(IS_STALE)

    def protocol(self) -> None:
        """10. The protocol is a page that holds every remark with its answer."""
        lead = self.at("lead")
        lead.panel("approval").get_by_role("link", name="Протокол узгодження позицій").last.click()
        for words in ("Будь-який громадянин може", "Право має кожен", "Немає розрахунку витрат"):
            expect(lead.page.get_by_role("table")).to_contain_text(words)

    def legal_expertise(self) -> None:
        """12. Мін'юст has two remarks; what mends them is editorial, nobody's position becomes stale; then it has none."""
        lead, minjust = self.at("lead"), self.at("minjust")
        lead.send("Надіслати на правову експертизу")
        minjust.state("Погоджено із зауваженнями", ("Лапки мають бути одного виду", ""), ("«у форматі»: відмінок", ""))
        self.stage.do(self._mend())
        lead.send("Надіслати на правову експертизу")
        self._nobody_is_stale()
        minjust.state("Погоджено без зауважень", sees="форматі")
        lead.panel("approval")
        expect(lead.page.locator(".z-approval-state")).to_contain_text("готово до внесення", ignore_case=True)

    async def _mend(self) -> None:
        for remark in (await self.cast.get("lead", "/remarks"))["items"][-2:]:
            await self.cast.post("lead", f"/remarks/{remark['id']}/answer", {"result": "accepted", "reason": "Виправлено"})
        await self.act.correct()

    def final_comparison(self) -> None:
        """13. The last revision against the edition the Rada published: notes and typography only; against the base: the law's changes."""
        legal = self.at("minjust")
        newest = str(get(self.stage, self.cast, "lead", "/approval")["revision"])
        page = legal.compare_with(newest, self.folder / by_http.NEW)
        assert set(legal.summary()) <= {"note", "typographic"}
        expect(page.get_by_role("heading", name="Показувати нічого")).to_be_visible()
        legal.compare("base", newest)
        assert legal.summary() == {"inserted": 14, "replaced": 10}
        third = get(self.stage, self.cast, "lead", f"/revisions/{newest}")
        self.stage.do(self.act.final_oracle(third, self.folder))

    def seal(self) -> None:
        """14. Submitted, adopted, signed: whoever has the act open can write no comma more."""
        drafter = ActPage(self.at("drafter").person, self.cast.act).open().wait_state("saved")
        self.at("lead").take_step("Внести на розгляд Уряду")
        secretariat = self.at("secretariat")
        for step in ("Передати урядовому комітету", "Позначити прийнятим"):
            secretariat.take_step(step)
        newest = str(get(self.stage, self.cast, "lead", "/approval")["revision"])
        secretariat.take_step("Засвідчити підписання", typed=newest)
        expect(drafter.editor).to_have_attribute("contenteditable", "false")
        before = get(self.stage, self.cast, "lead", "/text")
        drafter.page.reload()
        drafter.wait_shown()
        expect(drafter.editor).to_have_attribute("contenteditable", "false")
        drafter.editor.click()
        drafter.type(",")
        assert get(self.stage, self.cast, "lead", "/text") == before
        self.stage.do(self.act.proved(rounds=4))

    def leave(self) -> None:
        """Nobody's browser had an error."""
        for office in self.offices.values():
            office.person.leave()
