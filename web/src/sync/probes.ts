/** Questions to the network: is the server there, does a WebSocket get through; and what was found last time. */

import type { Way } from "./transport";

const KEY = "zlahoda.requests-until";
const REMEMBERED_MS = 60 * 60_000;
const ANSWER_MS = 15_000;

/** Whether the server answers requests; `url` is that of its WebSocket. */
export async function serverAnswers(url: string): Promise<boolean> {
  const address = new URL("/readyz", url.replace(/^ws/, "http"));
  return (await answers(address)) || answers(address); // one request may meet a connection that was just given up
}

async function answers(address: URL): Promise<boolean> {
  try {
    return (await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS) })).ok;
  } catch {
    return false; // unreachable, or too slow to be of use
  }
}

/** Whether a WebSocket opens and the server is heard over it: something on the way may open one and carry nothing. */
export function webSocketSpeaks(url: string, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    const done = (speaks: boolean) => {
      clearTimeout(timer);
      socket.close();
      resolve(speaks);
    };
    const timer = setTimeout(() => done(false), withinMs);
    socket.addEventListener("message", () => done(true));
    socket.addEventListener("close", () => done(false));
  });
}

/** The way that worked last in this browser: behind a proxy that lets no WebSocket through nobody waits for one at every page. */
export function rememberedWay(): Way {
  try {
    return Number(localStorage.getItem(KEY)) > Date.now() ? "http" : "websocket";
  } catch {
    return "websocket"; // a browser without storage
  }
}

export function rememberWay(way: Way): void {
  try {
    if (way === "http") {
      localStorage.setItem(KEY, String(Date.now() + REMEMBERED_MS));
    } else {
      localStorage.removeItem(KEY);
    }
  } catch {
    return; // a browser without storage: found out again at the next page
  }
}
