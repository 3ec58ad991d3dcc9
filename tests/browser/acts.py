"""Small acts to work in, made through the API: known words, several kinds of units, two bodies."""

from dataclasses import dataclass
from typing import Self

from tests.server_process import Client, ServerProcess

TITLE = "Про внесення змін до Правил дорожнього руху"
ARTICLES = (
    "Ці Правила встановлюють єдиний порядок дорожнього руху 🚦 на всій території України.",
    "Інші нормативні акти повинні ґрунтуватися на вимогах цих Правил.",
    "Організація перевезень залізницею здійснюється відповідно до їхніх інструкцій.",
    "Правостороній рух транспортних засобів установлено в Україні.",
)


def markdown_of(title: str = TITLE, articles: tuple[str, ...] = ARTICLES) -> bytes:
    """An act as Markdown: a title, and articles of one sentence each."""
    return "\n\n".join([f"# {title}", *(f"Стаття {number}. {text}" for number, text in enumerate(articles, 1))]).encode()


@dataclass(frozen=True, slots=True)
class SharedAct:
    """An act of two drafters of different bodies, and the ids of its articles in order."""

    id: str
    lead: Client
    articles: tuple[str, ...]

    @classmethod
    def make(cls, server: ServerProcess, *members: tuple[str, str], kind: str = "postanova", articles: tuple[str, ...] = ARTICLES) -> Self:
        """Imported by the drafter of the lead body; `members` are demo accounts and their roles."""
        lead = server.sign_in("drafter-mvs")
        act = lead.import_act("akt.md", markdown_of(articles=articles), title=TITLE, kind=kind, numbering="automatic")
        for demo, role in members:
            lead.grant(act, server.sign_in(demo).me(), role)
        units = lead.text(act)
        return cls(act, lead, tuple(next(unit["bid"] for unit in units if words in unit["text"]) for words in articles))

    def units(self) -> list[dict[str, str]]:
        """What is on disk."""
        return self.lead.text(self.id)
