import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { startI18n } from "../i18n/i18n";
import { addressOf, call, onSession } from "./client";
import { ApiError, fieldSentence, formSentence, NoAnswer, sentenceOf } from "./problems";

function answer(status: number, body: unknown, type = "application/json") {
  const fetched = vi.fn(async (_address: string, _options: RequestInit) => {
    return new Response(status === 204 ? null : JSON.stringify(body), { status, headers: { "content-type": type } });
  });
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

const problem = (status: number, code: string, detail: string, fields?: Record<string, string>) =>
  [status, { type: `urn:zlahoda:problem:${code}`, title: detail, status, detail, code, fields }, "application/problem+json"] as const;

async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("it should have failed");
}

describe("calls of the API", () => {
  beforeAll(() => startI18n("uk"));
  afterEach(() => vi.unstubAllGlobals());

  it("carry the cross-site header when they change something, and only then", async () => {
    const fetched = answer(201, { id: "a" });
    await call("create_act", { body: { title: "Про внесення змін", kind: "postanova" } });
    await call("list_acts", { query: { q: "дорожній рух" } });
    const headers = fetched.mock.calls.map(([, options]) => new Headers(options.headers));
    expect(headers.map((each) => each.get("x-zlahoda-csrf"))).toEqual(["1", null]);
    expect(headers[0]?.get("content-type")).toBe("application/json");
    expect(headers[0]?.get("accept-language")).toBe("uk");
    expect(fetched.mock.calls[1]?.[0]).toBe(`/api/v1/acts?q=${encodeURIComponent("дорожній рух").replace("%20", "+")}`);
  });

  it("put ids into addresses so that they cannot lead elsewhere", () => {
    expect(addressOf("read_act", { act_id: "../users" })).toBe("/api/v1/acts/..%2Fusers");
    expect(addressOf("export_act", { act_id: "a" }, { format: "md", part: "" })).toBe("/api/v1/acts/a/export?format=md");
  });

  it("turn a refusal into the server's own sentence", async () => {
    answer(...problem(403, "forbidden", "У вас немає права на цю дію."));
    expect(sentenceOf(await failure(call("read_me", {})))).toBe("У вас немає права на цю дію.");
  });

  it("keep what the server says of each field for its field", async () => {
    answer(...problem(422, "invalid-input", "Перевірте введені дані.", { title: "Назвіть акт." }));
    const error = await failure(call("create_act", { body: { title: "", kind: "postanova" } }));
    expect(fieldSentence(error, "title")).toBe("Назвіть акт.");
    expect(formSentence(error, ["title"])).toBeUndefined();
    expect(formSentence(error, ["kind"])).toBe("Перевірте введені дані.");
  });

  it("never show a proxy's page or a stack to the person", async () => {
    answer(502, "<html>Bad Gateway</html>", "text/html");
    const error = await failure(call("read_me", {}));
    expect(error).toBeInstanceOf(ApiError);
    expect(sentenceOf(error)).toBe("Сталася помилка. Спробуйте ще раз.");
  });

  it("say that there is no connection when no answer came", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    const error = await failure(call("read_me", {}));
    expect(error).toBeInstanceOf(NoAnswer);
    expect(sentenceOf(error)).toContain("Немає зв'язку");
  });

  it("tell the page when the session has ended, but not for a wrong password", async () => {
    const told: string[] = [];
    const stop = onSession((event) => told.push(event));
    answer(...problem(401, "not-signed-in", "Неправильна пошта або пароль."));
    await failure(call("sign_in", { body: { email: "o@mvs.example", password: "не той" } }));
    expect(told).toEqual([]);
    await failure(call("list_acts", {}));
    expect(told).toEqual(["ended"]);
    answer(...problem(403, "password-change-needed", "Спочатку змініть тимчасовий пароль."));
    await failure(call("list_acts", {}));
    expect(told).toEqual(["ended", "password-due"]);
    stop();
  });
});
