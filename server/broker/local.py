"""The broker of one process: other subscribers of a document are called on the next turn of the loop."""

import asyncio
from collections import defaultdict

from server.broker.broker import BrokerMessage, Changed, Joined, Notice, NoticeReceiver, Receiver, WireState
from server.ids import DocumentId


class LocalBroker:
    """Fulfils Broker inside one event loop; it loses nothing and keeps the order of publishing."""

    def __init__(self) -> None:
        self._subscribers: defaultdict[DocumentId, list[LocalSubscription]] = defaultdict(list)

    async def run(self, cluster: str) -> None:
        """There is nothing to keep up."""

    async def subscribe(self, document: DocumentId, receiver: Receiver) -> "LocalSubscription":
        subscription = LocalSubscription(self, document, receiver)
        self._subscribers[document].append(subscription)
        subscription.publish(Joined(document))
        return subscription

    def announce(self, message: Changed | Notice) -> None:
        """There is no other node."""

    def on_notice(self, receiver: NoticeReceiver) -> None:
        """No notice ever comes."""

    def state(self) -> WireState:
        """There is no wire that could fail."""
        return WireState()

    def others(self, subscription: "LocalSubscription") -> list["LocalSubscription"]:
        """Everyone on the same document but `subscription`."""
        return [other for other in self._subscribers.get(subscription.document, ()) if other is not subscription]

    def forget(self, subscription: "LocalSubscription") -> None:
        """Take one subscriber off; the last one takes the document with it."""
        remaining = self.others(subscription)
        if remaining:
            self._subscribers[subscription.document] = remaining
        else:
            self._subscribers.pop(subscription.document, None)


class LocalSubscription:
    """Fulfils Subscription."""

    def __init__(self, broker: LocalBroker, document: DocumentId, receiver: Receiver) -> None:
        self.document = document
        self._broker = broker
        self._receiver = receiver
        self._cancelled = False

    def publish(self, message: BrokerMessage) -> None:
        others = self._broker.others(self)
        if others:
            loop = asyncio.get_running_loop()
            for other in others:
                loop.call_soon(other.deliver, message)

    def deliver(self, message: BrokerMessage) -> None:
        """Hand over one message, unless the subscription was cancelled meanwhile."""
        if not self._cancelled:
            self._receiver(message)

    async def cancel(self) -> None:
        self._cancelled = True
        self._broker.forget(self)
