"""A process that appends and prints what was acknowledged, for tests that kill it or fill its disk.

Run as `python -m tests.journal.appender MODE FOLDER`.
"""

import asyncio
import resource
import sys
from functools import partial
from pathlib import Path

from server.clock import now_ms
from server.db.engine import open_database
from server.db.migrate import migrate
from server.errors import NotFound, Unavailable
from server.ids import ActId, DocumentId, Seq, UserId
from server.journal.journal import Append, Appended, Entry, Head, Outcome
from server.journal.sql import SqlJournal
from server.journal.writer import JournalWriter

DOCUMENTS = tuple(ActId(f"{number:032x}") for number in range(3))
AUTHOR = UserId("a" * 32)


def say(*words: object) -> None:
    """One line to the parent, at once."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


async def open_documents(journal: SqlJournal) -> list[Head]:
    """The documents, made when they are missing."""
    heads = []
    for act in DOCUMENTS:
        try:
            heads.append(await journal.read_head(DocumentId(act)))
        except NotFound:
            heads.append(await journal.create(act, DocumentId(act), 1))
    return heads


async def until_killed(journal: SqlJournal) -> None:
    """Submit to every document without end; print each acknowledged text with its seq."""
    heads = await open_documents(journal)
    writer = JournalWriter(journal)
    slots = asyncio.Semaphore(30)

    def done(place: int, text: str, outcome: Outcome | Unavailable) -> None:
        assert isinstance(outcome, Appended), outcome
        say("saved", place, outcome.first, text)
        slots.release()

    async with asyncio.TaskGroup() as group:
        group.create_task(writer.run())
        for number in range(10**9):
            await slots.acquire()
            place = number % len(heads)
            text = f"редакція-{number}-{'ґ' * (number % 50)}"
            head = heads[place]
            writer.submit(Append(head.document, head.fence, (Entry(text.encode(), AUTHOR),)), partial(done, place, text))


async def full_disk(journal: SqlJournal) -> None:
    """Append under a limit of file size until it is hit, twice; then without the limit. Print what each attempt came to."""
    head = (await open_documents(journal))[0]
    limit, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024 * 1024, hard))
    failures, number = 0, 0
    while failures < 2 or number < 100:
        share = Append(head.document, head.fence, (Entry(f"{number} {'я' * 20_000}".encode(), AUTHOR),))
        try:
            outcome = (await journal.append([share]))[0]
        except Unavailable as failure:
            failures += 1
            say("unavailable", number, failure)
            if failures == 2:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
            continue
        assert outcome == Appended(Seq(number + 1), Seq(number + 1)), outcome
        say("saved", number)
        number += 1


async def main(mode: str, folder: Path) -> None:
    database = open_database("", folder)
    await migrate(database)
    journal = SqlJournal(database, now_ms)
    await (until_killed(journal) if mode == "until-killed" else full_disk(journal))
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
