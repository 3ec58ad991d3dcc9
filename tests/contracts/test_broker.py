"""What every broker promises: others hear what is published, in order, until they cancel."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from itertools import cycle

import pytest

from server.broker.broker import (
    Broker,
    BrokerMessage,
    Changed,
    Committed,
    Joined,
    Notice,
    NoticeReceiver,
    Present,
    Receiver,
    Subscription,
    WireState,
)
from server.broker.local import LocalBroker
from server.ids import DocumentId, Epoch, Seq, UserId
from server.journal.journal import Entry
from tests.broker.nodes import node, until

ONE, OTHER = DocumentId("a" * 32), DocumentId("b" * 32)


class Nodes:
    """Fulfils Broker by asking one node after the other, so that every two neighbours sit on different ones."""

    def __init__(self, nodes: list[Broker]) -> None:
        self._nodes = nodes
        self._turn = cycle(nodes)

    async def run(self, cluster: str) -> None:
        """They run by themselves."""

    async def subscribe(self, document: DocumentId, receiver: Receiver) -> Subscription:
        return await next(self._turn).subscribe(document, receiver)

    def announce(self, message: Changed | Notice) -> None:
        self._nodes[0].announce(message)

    def on_notice(self, receiver: NoticeReceiver) -> None:
        self._nodes[-1].on_notice(receiver)

    def state(self) -> WireState:
        return self._nodes[0].state()


@pytest.fixture(
    params=["one process", pytest.param("one of many", marks=pytest.mark.services), pytest.param("many", marks=pytest.mark.services)]
)
async def broker(request: pytest.FixtureRequest) -> AsyncIterator[Broker]:
    if request.param == "one process":
        yield LocalBroker()
        return
    url = request.getfixturevalue("redis_server").url
    async with AsyncExitStack() as stack:
        count = 3 if request.param == "many" else 1
        yield Nodes([await stack.enter_async_context(node(url)) for _ in range(count)])


def seqs(messages: list[BrokerMessage]) -> list[int]:
    """Of the updates heard; neighbouring ones may come as one message."""
    return [each.first + place for each in messages if isinstance(each, Committed) for place in range(len(each.entries))]


def but_joining(messages: list[BrokerMessage]) -> Receiver:
    """Collects everything but who begins to listen."""
    return lambda message: None if isinstance(message, Joined) else messages.append(message)


def committed(first: int, document: DocumentId = ONE) -> Committed:
    return Committed(document, Epoch("0" * 16), Seq(first), (Entry("Ґанок 🏡".encode(), UserId("олена")),))


async def test_others_hear_everything_once_in_its_order_and_the_sender_does_not(broker: Broker) -> None:
    heard: dict[str, list[BrokerMessage]] = {"олена": [], "петро": [], "ганна": []}
    olena, _, _ = [await broker.subscribe(ONE, but_joining(messages)) for messages in heard.values()]
    said: list[BrokerMessage] = [committed(1), Present(ONE, b"\x00"), committed(2)]
    for message in said:
        olena.publish(message)
    await until(lambda: len(heard["петро"]) == len(heard["ганна"]) == 3)
    assert heard == {"олена": [], "петро": said, "ганна": said}


async def test_another_document_hears_nothing(broker: Broker) -> None:
    there: list[BrokerMessage] = []
    here: list[BrokerMessage] = []
    speaker = await broker.subscribe(ONE, print)
    await broker.subscribe(OTHER, but_joining(there))
    await broker.subscribe(ONE, but_joining(here))
    speaker.publish(committed(1))
    await until(lambda: bool(here))
    assert there == []


async def test_publishing_calls_nobody_before_it_returns(broker: Broker) -> None:
    heard: list[BrokerMessage] = []
    speaker = await broker.subscribe(ONE, print)
    await broker.subscribe(ONE, but_joining(heard))
    speaker.publish(committed(1))
    assert heard == []
    await until(lambda: bool(heard))


async def test_after_cancelling_nothing_is_heard_not_even_what_was_on_its_way(broker: Broker) -> None:
    gone: list[BrokerMessage] = []
    stays: list[BrokerMessage] = []
    speaker = await broker.subscribe(ONE, print)
    leaving = await broker.subscribe(ONE, but_joining(gone))
    await broker.subscribe(ONE, but_joining(stays))
    speaker.publish(committed(1))
    await leaving.cancel()
    speaker.publish(committed(2))
    await until(lambda: seqs(stays) == [1, 2])
    assert gone == []
    await leaving.cancel()
    await speaker.cancel()
    speaker.publish(committed(3))


async def test_whoever_listens_already_hears_of_a_newcomer(broker: Broker) -> None:
    heard: list[BrokerMessage] = []
    await broker.subscribe(ONE, heard.append)
    await broker.subscribe(ONE, print)
    await until(lambda: heard == [Joined(ONE)])
