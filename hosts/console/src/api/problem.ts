import { z } from "~/zod";

const schema = z.object({
  code: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.optional(z.string()),
  field: z.optional(z.string()),
  requestId: z.optional(z.string()),
});

/** A request that did not do what it was asked: a problem document (RFC 9457), or no answer at all. */
export class ApiProblem extends Error {
  readonly code: string;
  /** 0 when there was no answer. */
  readonly status: number;
  readonly field: string | undefined;
  readonly requestId: string | undefined;
  /** Seconds, when the server said how long to wait. */
  readonly retryAfter: number | undefined;

  constructor(facts: {
    code: string;
    status: number;
    words: string;
    field?: string | undefined;
    requestId?: string | undefined;
    retryAfter?: number | undefined;
  }) {
    super(facts.words);
    this.name = "ApiProblem";
    this.code = facts.code;
    this.status = facts.status;
    this.field = facts.field;
    this.requestId = facts.requestId;
    this.retryAfter = facts.retryAfter;
  }

  static offline(): ApiProblem {
    return new ApiProblem({ code: "offline", status: 0, words: "hubchat cannot be reached" });
  }

  static of(
    response: { status: number; headers: { get(name: string): string | null } },
    body: unknown,
  ): ApiProblem {
    const parsed = schema.safeParse(body);
    const wait = Number(response.headers.get("retry-after") ?? Number.NaN);
    const retryAfter = Number.isFinite(wait) ? wait : undefined;
    if (!parsed.success) {
      const words = `The server answered ${response.status}`;
      return new ApiProblem({ code: `http_${response.status}`, status: response.status, words, retryAfter });
    }
    const { code, title, detail, field, requestId } = parsed.data;
    return new ApiProblem({
      code,
      status: response.status,
      words: detail ?? title,
      field,
      requestId,
      retryAfter,
    });
  }
}

/** Any error as a problem, so that screens know one kind only. */
export function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (error instanceof TypeError) return ApiProblem.offline();
  return new ApiProblem({
    code: "unexpected",
    status: 0,
    words: error instanceof Error ? error.message : String(error),
  });
}
