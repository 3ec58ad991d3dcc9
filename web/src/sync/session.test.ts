import "fake-indexeddb/auto";
import { afterEach, expect, it, vi } from "vitest";
import { LocalCopies } from "./local";
import { SyncSession } from "./session";

const ACT = "0190f3c2a7b94f6e8d5c4b3a29180706";

/** A network in which nothing answers. */
class Silence extends EventTarget {
  readyState = 0;
  send(): void {}
  close(): void {}
}

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it.each([
  ["goes out of sight", () => document.dispatchEvent(new Event("visibilitychange"))],
  ["is about to close", () => window.dispatchEvent(new Event("beforeunload", { cancelable: true }))],
])("a page that %s keeps what was typed at once", async (_what, go) => {
  vi.stubGlobal("WebSocket", Silence);
  const user = `о-${_what}`;
  const copies = await LocalCopies.open(user);
  await copies.openCopy(ACT, "00112233445566ff", "write", "Про дороги");
  const session = await SyncSession.start({ user, keepsCopies: true, url: "ws://127.0.0.1/sync" });
  const { live, release } = session.open(ACT, () => undefined);
  await expect.poll(() => live.state.isReady).toBe(true);
  vi.useFakeTimers({ toFake: ["setTimeout"] }); // no moment passes by itself
  live.doc.getText("слова").insert(0, "Ґрунтові дороги 😀");
  expect(await copies.listUnsent()).toEqual([]);
  go();
  for (let turn = 0; turn < 40; turn++) await new Promise<void>((resolve) => setImmediate(resolve)); // the storage works in real time
  expect((await copies.listUnsent()).map(({ count }) => count)).toEqual([1]);
  release();
  await session.end({ removesCopies: false });
  copies.close();
});
