/** Which browser engine this is, for the few places that go another way where it was measured. */

const FIRST_CHROMIUM = 121;

/** Chromium on a computer: the only engine in which editing of slotted blocks and writing of single letters were tested. */
export function isMeasured(): boolean {
  const { userAgent } = navigator;
  return Number(/Chrome\/(\d+)/.exec(userAgent)?.[1] ?? 0) >= FIRST_CHROMIUM && !/Android/.test(userAgent);
}
