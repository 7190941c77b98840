import { ApiProblem, problemOf } from "~/api/problem";
import type { Schemas } from "~/api/rows";
import { createStore } from "~/state/store";

export type SignedIn = Schemas["SignedIn"];

export type SessionState =
  | { phase: "starting" }
  /** The server could not be asked whether there is a session. */
  | { phase: "unreachable"; problem: ApiProblem }
  | { phase: "out"; why?: "ended" | "left" }
  | { phase: "in"; member: SignedIn["member"]; tenant: SignedIn["tenant"] };

interface Environment {
  fetch: typeof fetch;
  now(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

const REFRESH_BEFORE_END_MS = 60_000;
const browser: Environment = {
  fetch: (...call) => globalThis.fetch(...call),
  now: () => Date.now(),
  setTimeout: (run, ms) => globalThis.setTimeout(run, ms),
  clearTimeout: (timer) => globalThis.clearTimeout(timer as number),
};

/**
 * The log-in of this tab. The access token lives in this object's memory and nowhere else; the refresh token is
 * a cookie that no script sees. However many requests find the token expired, one refresh runs at a time.
 */
export class Session {
  readonly state = createStore<SessionState>({ phase: "starting" });
  #token: string | undefined;
  #refreshing: Promise<boolean> | undefined;
  #timer: unknown;
  readonly #environment: Environment;

  constructor(environment: Environment = browser) {
    this.#environment = environment;
  }

  get token(): string | undefined {
    return this.#token;
  }

  /** Takes over what a log-in or an accepted invitation answered. */
  enter(signed: SignedIn): void {
    this.#token = signed.accessToken;
    this.state.set({ phase: "in", member: signed.member, tenant: signed.tenant });
    this.#environment.clearTimeout(this.#timer);
    const left = Date.parse(signed.accessTokenExpiresAt) - this.#environment.now();
    const wait = Math.max(left - REFRESH_BEFORE_END_MS, left / 2, 1_000);
    this.#timer = this.#environment.setTimeout(() => void this.refresh().catch(() => undefined), wait);
  }

  /** The tenant has another name, which is shown at once. */
  rename(name: string): void {
    const state = this.state.get();
    if (state.phase === "in") this.state.set({ ...state, tenant: { ...state.tenant, name } });
  }

  /**
   * Asks for a new token by the cookie; true when there is one. Callers at the same time share one request.
   * Rejects when the server could not be asked: that says nothing about the session.
   */
  refresh(): Promise<boolean> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refresh(): Promise<boolean> {
    const before = this.#token;
    let response: Response;
    try {
      response = await this.#environment.fetch("/api/auth/refresh", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: "{}",
      });
    } catch {
      throw ApiProblem.offline();
    }
    const body: unknown = await response.json().catch(() => undefined);
    // Somebody logged in or out meanwhile: that is newer than this answer.
    if (this.#token !== before) return this.#token !== undefined;
    if (response.ok) {
      this.enter(body as SignedIn);
      return true;
    }
    if (response.status === 401) {
      this.#end(before === undefined ? undefined : "ended");
      return false;
    }
    throw ApiProblem.of(response, body);
  }

  /** When the page opens: whoever has the cookie is in. */
  async start(): Promise<void> {
    this.state.set({ phase: "starting" });
    try {
      await this.refresh();
    } catch (error) {
      if (this.#token === undefined) this.state.set({ phase: "unreachable", problem: problemOf(error) });
    }
  }

  async leave(): Promise<void> {
    const response = await this.#environment.fetch("/api/auth/logout", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    if (!response.ok && response.status !== 401)
      throw ApiProblem.of(response, await response.json().catch(() => undefined));
    this.#end("left");
  }

  /**
   * `fetch` with the token. A 401 leads to one refresh and one repetition; a second 401 is the answer.
   */
  readonly fetch = async (request: Request): Promise<Response> => {
    const again = request.clone();
    const used = this.#token;
    const answer = await this.#send(request, used);
    if (answer.status !== 401) return answer;
    // Another request may have brought a new token while this one was on its way.
    const renewed = this.#token !== undefined && this.#token !== used ? true : await this.refresh();
    return renewed ? this.#send(again, this.#token) : answer;
  };

  async #send(request: Request, token: string | undefined): Promise<Response> {
    if (token !== undefined) request.headers.set("authorization", `Bearer ${token}`);
    try {
      return await this.#environment.fetch(request);
    } catch (error) {
      if (request.signal.aborted) throw error;
      throw ApiProblem.offline();
    }
  }

  #end(why: "ended" | "left" | undefined): void {
    this.#token = undefined;
    this.#environment.clearTimeout(this.#timer);
    this.state.set(why === undefined ? { phase: "out" } : { phase: "out", why });
  }
}

export const session = new Session();
