/** What can go wrong between the browser and the server, and the one sentence a person is told. */
import i18next from "i18next";
import type { Problem } from "./schema.gen";

/** The server answered and refused. Its sentence is already in the person's language. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: Readonly<Record<string, string>>;
  /** How the thing is now, where a version conflict says so. */
  readonly current: unknown;

  constructor(problem: Partial<Problem> & { status: number; current?: unknown }) {
    super(problem.detail ?? problem.title ?? `HTTP ${problem.status}`);
    this.status = problem.status;
    this.code = problem.code ?? "unknown";
    this.fields = problem.fields ?? {};
    this.current = problem.current;
  }
}

/** No answer came: no network, or no server. */
export class NoAnswer extends Error {}

/** Turns any failure into a sentence. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ApiError) return error.code === "unknown" ? i18next.t("errors.unexpected") : error.message;
  return i18next.t(error instanceof NoAnswer ? "errors.offline" : "errors.unexpected");
}

/** The sentence for one field of a form, if the server said one. */
export function fieldSentence(error: unknown, field: string): string | undefined {
  return error instanceof ApiError ? error.fields[field] : undefined;
}

/** The sentence for a form as a whole: nothing when the fields say it already. */
export function formSentence(error: unknown, fields: readonly string[] = []): string | undefined {
  if (!error) return undefined;
  return fields.some((field) => fieldSentence(error, field)) ? undefined : sentenceOf(error);
}

export function hasStatus(error: unknown, ...statuses: number[]): boolean {
  return error instanceof ApiError && statuses.includes(error.status);
}

/** Reads an answer that is no success. A proxy may answer with something that is no problem+json. */
export async function readProblem(response: Response): Promise<ApiError> {
  const status = response.status;
  if (!response.headers.get("content-type")?.includes("json")) return new ApiError({ status });
  try {
    const problem = (await response.json()) as Partial<Problem>;
    return new ApiError({ ...problem, status });
  } catch {
    return new ApiError({ status });
  }
}
