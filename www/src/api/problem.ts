// What a request came to when it did not come to an answer: a problem+json, or no server at all.

export interface FieldProblem {
  pointer: string;
  code: string;
  params: Record<string, unknown>;
  detail: string;
}

/** A refusal of the server, as RFC 9457 has it. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly params: Record<string, unknown>;
  readonly errors: FieldProblem[];
  readonly errorCount: number;
  readonly requestId: string | undefined;
  /** The rest of the body: `current` and `etag` of a 412. */
  readonly body: Record<string, unknown>;

  constructor(status: number, body: Record<string, unknown>, requestId: string | null) {
    super(text(body["detail"]) ?? text(body["title"]) ?? `HTTP ${status}`);
    this.status = status;
    this.code = text(body["code"]) ?? "";
    this.title = text(body["title"]) ?? "";
    this.params = object(body["params"]);
    this.errors = (Array.isArray(body["errors"]) ? body["errors"] : []).map(fieldProblem);
    this.errorCount = typeof body["errorCount"] === "number" ? body["errorCount"] : this.errors.length;
    this.requestId = text(body["requestId"]) ?? requestId ?? undefined;
    this.body = body;
  }

  /** What is wrong at a place of the body, or below it. */
  at(pointer: string): FieldProblem[] {
    return this.errors.filter((error) => error.pointer === pointer || error.pointer.startsWith(`${pointer}/`));
  }
}

/** Nothing answered: the server is away, or the network is. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** The problem in an answer. What is no problem+json (a proxy's page) has its status only. */
export async function problemIn(response: Response): Promise<Problem> {
  let body: Record<string, unknown> = {};
  try {
    body = object(await response.clone().json());
  } catch {
    // Not JSON: its status has to do.
  }
  return new Problem(response.status, body, response.headers.get("x-request-id"));
}

function fieldProblem(given: unknown): FieldProblem {
  const error = object(given);
  return {
    pointer: text(error["pointer"]) ?? "",
    code: text(error["code"]) ?? "",
    params: object(error["params"]),
    detail: text(error["detail"]) ?? "",
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
