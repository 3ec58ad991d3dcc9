import { describe, expect, it } from "vitest";
import { initialState, reduce, type SyncEvent, statusOf, wouldLose } from "./status";

function statusAfter(...events: SyncEvent[]) {
  return statusOf(events.reduce(reduce, initialState));
}

const opened: SyncEvent[] = [{ type: "admitted", canWrite: true }, { type: "welcomed", scope: "write" }, { type: "caught_up" }];
const typed = (unsent: number): SyncEvent => ({ type: "counted", unsent, isSettled: unsent === 0 });

describe("the status of a document", () => {
  it("is connecting until the server's text has arrived, and nothing can be typed", () => {
    expect(statusAfter()).toMatchObject({ kind: "connecting", canEdit: false });
    expect(statusAfter(...opened.slice(0, 2))).toMatchObject({ kind: "connecting", canEdit: false });
  });

  it("is saved only when every change and every frame was acknowledged", () => {
    expect(statusAfter(...opened).kind).toBe("saved");
    expect(statusAfter(...opened, typed(2)).kind).toBe("saving");
    expect(statusAfter(...opened, typed(2), { type: "counted", unsent: 0, isSettled: false }).kind).toBe("connecting");
    expect(statusAfter(...opened, typed(2), typed(0)).kind).toBe("saved");
  });

  it("is offline with the number of unsent changes when the connection is lost, and typing goes on", () => {
    expect(statusAfter(...opened, typed(3), { type: "link_lost" }, typed(3))).toMatchObject({ kind: "offline", unsent: 3, canEdit: true });
  });

  it("stays offline while trying again, until the server lets us in", () => {
    expect(statusAfter(...opened, { type: "link_lost" }).kind).toBe("offline");
    expect(statusAfter(...opened, { type: "link_lost" }, typed(1), ...opened.slice(0, 2)).kind).toBe("saving");
  });

  it("is not saved after coming back before the text has caught up", () => {
    expect(statusAfter(...opened, { type: "link_lost" }, { type: "admitted", canWrite: true }).kind).toBe("connecting");
  });

  it("says that the server does not save, even when nothing waits here", () => {
    const stopped: SyncEvent = { type: "server_saving", isSaving: false };
    expect(statusAfter(...opened, stopped)).toMatchObject({ kind: "saving_stopped", canEdit: true });
    expect(statusAfter(...opened, stopped, typed(4))).toMatchObject({ kind: "saving_stopped", unsent: 4 });
    expect(statusAfter(...opened, stopped, { type: "server_saving", isSaving: true }).kind).toBe("saved");
  });

  it("forgets that saving had stopped when the connection is lost: the next server says it anew", () => {
    expect(statusAfter(...opened, { type: "server_saving", isSaving: false }, { type: "link_lost" }, ...opened).kind).toBe("saved");
  });

  it("is read only for a reader and a reviewer, and changes with the scope while open", () => {
    expect(statusAfter({ type: "admitted", canWrite: false }, { type: "welcomed", scope: "suggest" }, { type: "caught_up" })).toMatchObject(
      {
        kind: "read_only",
        canEdit: false,
      },
    );
    expect(statusAfter(...opened, { type: "admitted", canWrite: false })).toMatchObject({ kind: "read_only", canEdit: false });
    expect(statusAfter(...opened, { type: "admitted", canWrite: false }, { type: "admitted", canWrite: true }).kind).toBe("saved");
  });

  it("shows unsent changes before it says read only", () => {
    expect(statusAfter(...opened, typed(1), { type: "admitted", canWrite: false }).kind).toBe("saving");
  });

  it("opens from this device for the scope it had, without a connection", () => {
    const here: SyncEvent = { type: "loaded_here", scope: "write" };
    expect(statusAfter(here)).toMatchObject({ kind: "connecting", canEdit: true });
    expect(statusAfter(here, { type: "link_lost" })).toMatchObject({ kind: "offline", canEdit: true });
    expect(statusAfter({ type: "loaded_here", scope: "read" }, { type: "link_lost" })).toMatchObject({ kind: "offline", canEdit: false });
  });

  it.each([
    ["signed-out", "signed_out"],
    ["no-access", "no_access"],
    ["reload-needed", "reload_needed"],
    ["broken", "broken"],
    ["epoch-mismatch", "set_aside"],
    ["later", "offline"],
  ] as const)("stops typing when the server denies access: %s", (denial, kind) => {
    expect(statusAfter(...opened, { type: "denied", denial })).toMatchObject({ kind, canEdit: false });
    expect(statusAfter(...opened, { type: "denied", denial }, { type: "link_lost" }).kind).toBe(kind);
    expect(statusAfter(...opened, { type: "denied", denial }, ...opened).kind).toBe("saved");
  });

  it("stops typing while changes are set aside, and begins again without a text", () => {
    expect(statusAfter(...opened, { type: "setting_aside" })).toMatchObject({ kind: "set_aside", canEdit: false });
    expect(statusAfter(...opened, { type: "setting_aside" }, { type: "started_over" })).toMatchObject({
      kind: "connecting",
      canEdit: false,
    });
  });

  it("warns on leaving exactly when changes are neither on the server nor on this device", () => {
    const kept: SyncEvent = { type: "local_copy", localCopy: "kept" };
    const failed: SyncEvent = { type: "local_copy", localCopy: "failed" };
    expect(wouldLose(statusAfter(...opened, typed(1)))).toBe(true);
    expect(wouldLose(statusAfter(...opened, kept, typed(1)))).toBe(false);
    expect(wouldLose(statusAfter(...opened, kept, failed, typed(1)))).toBe(true);
    expect(wouldLose(statusAfter(...opened))).toBe(false);
  });
});
