import { beforeEach, describe, expect, it, vi } from "vitest";
import { ApiProblem } from "~/api/problem";
import { Session, type SignedIn } from "./session";

const NOW = Date.parse("2026-01-01T00:00:00Z");

function signed(token: string): SignedIn {
  return {
    accessToken: token,
    accessTokenExpiresAt: new Date(NOW + 600_000).toISOString(),
    sessionEndsAt: new Date(NOW + 86_400_000).toISOString(),
    sessionId: "s",
    member: {
      id: "m",
      name: "Mia",
      email: "mia@shop.example",
      role: "SALES",
      status: "ACTIVE",
      createdAt: "",
    },
    tenant: { id: "t", name: "Shop", slug: "shop" },
  };
}

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
const refused = () => json(401, { code: "unauthenticated", title: "Not logged in", status: 401 });

/** A server that knows one good token, and answers refreshes when the test says so. */
function server() {
  const state = { good: "old", refreshes: 0, calls: [] as string[] };
  let open: (response: Response) => void = () => undefined;
  let next = new Promise<Response>((resolve) => (open = resolve));
  const answerRefresh = (response: Response) => {
    open(response);
    next = new Promise((resolve) => (open = resolve));
  };
  const fetch = vi.fn(async (input: RequestInfo | URL) => {
    if (typeof input === "string") {
      if (input.endsWith("/logout")) return new Response(null, { status: 204 });
      state.refreshes += 1;
      return next;
    }
    const token = (input as Request).headers.get("authorization") ?? "none";
    state.calls.push(token);
    return token === `Bearer ${state.good}` ? json(200, { ok: true }) : refused();
  });
  return { state, answerRefresh, fetch };
}

const request = () => new Request("https://console.example/api/me");

describe("a session", () => {
  let timers: { run: () => void; ms: number }[];
  let fake: ReturnType<typeof server>;
  let session: Session;

  beforeEach(() => {
    timers = [];
    fake = server();
    session = new Session({
      fetch: fake.fetch as typeof fetch,
      now: () => NOW,
      setTimeout: (run, ms) => timers.push({ run, ms }),
      clearTimeout: () => undefined,
    });
  });

  it("refreshes once for many requests that find the token expired", async () => {
    session.enter(signed("old"));
    fake.state.good = "new";
    const calls = [session.fetch(request()), session.fetch(request()), session.fetch(request())];
    await vi.waitFor(() => expect(fake.state.refreshes).toBe(1));
    fake.answerRefresh(json(200, signed("new")));
    const answers = await Promise.all(calls);
    expect(answers.map((one) => one.status)).toEqual([200, 200, 200]);
    expect(fake.state.refreshes).toBe(1);
    expect(fake.state.calls.filter((token) => token === "Bearer new")).toHaveLength(3);
  });

  it("does not refresh for a request that was refused before another one's refresh was over", async () => {
    session.enter(signed("old"));
    let refuse: (response: Response) => void = () => undefined;
    const late = new Promise<Response>((resolve) => (refuse = resolve));
    fake.fetch.mockImplementationOnce(() => late);
    const slow = session.fetch(request());
    session.enter(signed("new"));
    fake.state.good = "new";
    refuse(refused());
    expect((await slow).status).toBe(200);
    expect(fake.state.refreshes).toBe(0);
  });

  it("is over when the cookie is refused, and hands out the 401", async () => {
    session.enter(signed("stale"));
    const call = session.fetch(request());
    await vi.waitFor(() => expect(fake.state.refreshes).toBe(1));
    fake.answerRefresh(refused());
    expect((await call).status).toBe(401);
    expect(session.state.get()).toEqual({ phase: "out", why: "ended" });
    expect(session.token).toBeUndefined();
  });

  it("is not over when the server cannot be reached", async () => {
    session.enter(signed("stale"));
    const call = session.fetch(request());
    await vi.waitFor(() => expect(fake.state.refreshes).toBe(1));
    fake.answerRefresh(json(503, { code: "storage_unavailable", title: "No", status: 503 }));
    await expect(call).rejects.toBeInstanceOf(ApiProblem);
    expect(session.state.get().phase).toBe("in");
  });

  it("asks for the next token a minute before the end", async () => {
    session.enter(signed("old"));
    expect(timers.at(-1)?.ms).toBe(540_000);
    timers.at(-1)?.run();
    expect(fake.state.refreshes).toBe(1);
    fake.answerRefresh(json(200, signed("new")));
    await vi.waitFor(() => expect(session.token).toBe("new"));
  });

  it("starts inside with the cookie, and outside without a word of an end when there is none", async () => {
    const starting = session.start();
    fake.answerRefresh(json(200, signed("old")));
    await starting;
    expect(session.state.get().phase).toBe("in");

    const other = server();
    const stranger = new Session({
      fetch: other.fetch as typeof fetch,
      now: () => NOW,
      setTimeout: () => 0,
      clearTimeout: () => undefined,
    });
    const asking = stranger.start();
    other.answerRefresh(refused());
    await asking;
    expect(stranger.state.get()).toEqual({ phase: "out" });
  });

  it("does not come back by a refresh that was on its way when somebody logged out", async () => {
    session.enter(signed("old"));
    const refreshing = session.refresh();
    await session.leave();
    fake.answerRefresh(json(200, signed("new")));
    expect(await refreshing).toBe(false);
    expect(session.state.get()).toEqual({ phase: "out", why: "left" });
  });

  it("shows another name of the tenant at once, and only to whoever is in", () => {
    session.rename("Elsewhere");
    expect(session.state.get().phase).toBe("starting");
    session.enter(signed("new"));
    session.rename("ร้านมาลี");
    expect(session.state.get()).toMatchObject({
      phase: "in",
      tenant: { name: "ร้านมาลี", slug: "shop" },
      member: { name: "Mia" },
    });
  });
});
