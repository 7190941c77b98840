import { describe, expect, it } from "vitest";
import type { FeedEvent, Frame } from "./frames";
import { type Effect, type Input, initial, type ProtocolState, step } from "./protocol";

const half = () => 0;

/** Feeds inputs one after the other, and keeps what each led to. */
class Run {
  state: ProtocolState = initial(["inbox"]);
  effects: Effect[] = [];

  feed(...inputs: Input[]): this {
    for (const input of inputs) {
      const next = step(this.state, input, half);
      this.state = next.state;
      this.effects = next.effects;
    }
    return this;
  }

  frame(frame: Frame): this {
    return this.feed({ type: "frame", frame });
  }

  greet(): this {
    return this.feed({ type: "start" }, { type: "ticket", ticket: "t1" }, { type: "opened" });
  }

  live(cursor = "c0"): this {
    return this.greet().frame({ type: "ready", cursor, missed: 0, heartbeatSeconds: 25 });
  }

  did(name: Effect["do"]): Effect[] {
    return this.effects.filter((effect) => effect.do === name);
  }
}

function event(cursor: string, type = "message.created", direction = "INBOUND"): Frame {
  const made: FeedEvent = {
    cursor,
    type,
    at: "2026-01-01T00:00:00Z",
    data: {},
    message: { direction } as FeedEvent["message"],
  };
  return { type: "event", event: made as never };
}

describe("the protocol", () => {
  it("greets with its cursor and topics, and is live when the server is ready", () => {
    const run = new Run().feed({ type: "start" });
    expect(run.effects).toContainEqual({ do: "fetchTicket", for: "connect" });
    run.feed({ type: "ticket", ticket: "t1" });
    expect(run.effects).toContainEqual({ do: "open", ticket: "t1" });
    run.feed({ type: "opened" });
    expect(run.effects).toEqual([{ do: "send", frame: { type: "hello", cursor: null, topics: ["inbox"] } }]);
    run.frame({ type: "ready", cursor: "c0", missed: 0, heartbeatSeconds: 10 });
    expect(run.state.phase).toBe("live");
    expect(run.effects).toContainEqual({ do: "arm", timer: "silence", ms: 20_000 });
  });

  it("asks again for what was loaded before its first cursor", () => {
    expect(new Run().live().did("refetch")).toHaveLength(1);
  });

  it("goes on from the last event after a break, and says how many messages were missed", () => {
    const run = new Run().live().frame(event("c1")).feed({ type: "closed", code: 1006 });
    expect(run.state.phase).toBe("waiting");
    run.feed({ type: "timer", timer: "retry" }, { type: "ticket", ticket: "t2" }, { type: "opened" });
    expect(run.did("send")[0]).toMatchObject({ frame: { type: "hello", cursor: "c1" } });
    run
      .frame(event("c2"))
      .frame(event("c3", "message.created", "OUTBOUND"))
      .frame(event("c4", "lead.updated"));
    expect(run.did("apply")).toHaveLength(1);
    run.frame(event("c5"));
    run.frame({ type: "ready", cursor: "c5", missed: 4, heartbeatSeconds: 25 });
    expect(run.did("caughtUp")).toEqual([{ do: "caughtUp", messages: 2 }]);
    expect(run.did("refetch")).toHaveLength(0);
  });

  it("goes on from what it has when the connection breaks in the middle of what was missed", () => {
    const run = new Run().live().feed({ type: "closed", code: 1006 }, { type: "timer", timer: "retry" });
    run
      .feed({ type: "ticket", ticket: "t2" }, { type: "opened" })
      .frame(event("c1"))
      .feed({ type: "closed", code: 1006 });
    run.feed({ type: "timer", timer: "retry" }, { type: "ticket", ticket: "t3" }, { type: "opened" });
    expect(run.did("send")[0]).toMatchObject({ frame: { cursor: "c1" } });
  });

  it("applies an event that comes twice once, and does not go back for it", () => {
    const run = new Run().live().frame(event("c1")).frame(event("c2")).frame(event("c1"));
    expect(run.did("apply")).toHaveLength(0);
    expect(run.state.cursor).toBe("c2");
  });

  it("applies events that come in another order, each once", () => {
    const run = new Run().live();
    const applied: Effect[] = [];
    for (const cursor of ["c2", "c1", "c3", "c2"]) applied.push(...run.frame(event(cursor)).did("apply"));
    expect(applied).toHaveLength(3);
  });

  it("forgets nothing and asks anew after a reset, whether as greeting or in between", () => {
    const asGreeting = new Run()
      .live()
      .feed({ type: "closed", code: 1012 }, { type: "timer", timer: "retry" });
    asGreeting
      .feed({ type: "ticket", ticket: "t2" }, { type: "opened" })
      .frame({ type: "reset", cursor: "n0", reason: "gone" });
    expect(asGreeting.state).toMatchObject({ phase: "live", cursor: "n0" });
    expect(asGreeting.did("refetch")).toHaveLength(1);

    const between = new Run().live().frame({ type: "reset", cursor: "n1", reason: "lagged" });
    expect(between.state.cursor).toBe("n1");
    expect(between.did("refetch")).toHaveLength(1);
  });

  it("fetches a ticket to renew, and sends it over the same socket", () => {
    const run = new Run().live().frame({ type: "renew" });
    expect(run.effects).toContainEqual({ do: "fetchTicket", for: "renew" });
    run.feed({ type: "renewTicket", ticket: "t9" });
    expect(run.effects).toEqual([{ do: "send", frame: { type: "renew", ticket: "t9" } }]);
    expect(run.frame({ type: "renewed" }).state.phase).toBe("live");
  });

  it("does not send a renewal into another connection", () => {
    const run = new Run().live().frame({ type: "renew" }).feed({ type: "closed", code: 4401 });
    expect(run.feed({ type: "renewTicket", ticket: "t9" }).effects).toEqual([]);
  });

  it("waits longer after each failure, up to a bound, and briefly again once it was live", () => {
    const run = new Run().feed({ type: "start" });
    const waits: number[] = [];
    for (let i = 0; i < 8; i += 1) {
      run.feed({ type: "ticketFailed", loggedOut: false });
      const [armed] = run.did("arm");
      waits.push(armed?.do === "arm" ? armed.ms : Number.NaN);
      run.feed({ type: "timer", timer: "retry" });
    }
    expect(waits).toEqual([400, 800, 1_600, 3_200, 6_400, 12_800, 15_000, 15_000]);
    run.feed({ type: "ticket", ticket: "t" }, { type: "opened" });
    run
      .frame({ type: "ready", cursor: "c", missed: 0, heartbeatSeconds: 25 })
      .feed({ type: "closed", code: 1001 });
    expect(run.did("arm")).toEqual([{ do: "arm", timer: "retry", ms: 400 }]);
  });

  it("spreads its tries by chance", () => {
    const state = new Run().feed({ type: "start" }).state;
    const late = step(state, { type: "ticketFailed", loggedOut: false }, () => 0.999);
    expect(late.effects).toContainEqual({ do: "arm", timer: "retry", ms: 800 });
  });

  it("does not hurry back when it was sent away for what it did", () => {
    expect(new Run().live().feed({ type: "closed", code: 4429 }).did("arm")).toEqual([
      { do: "arm", timer: "retry", ms: 15_000 },
    ]);
  });

  it("comes back at once when the network does", () => {
    const run = new Run().live().feed({ type: "closed", code: 1006 }, { type: "wake" });
    expect(run.did("fetchTicket")).toHaveLength(1);
    expect(run.feed({ type: "timer", timer: "retry" }).effects).toEqual([]);
  });

  it("takes silence for a broken connection", () => {
    const run = new Run().live().feed({ type: "timer", timer: "silence" });
    expect(run.state.phase).toBe("waiting");
    expect(run.did("close")).toHaveLength(1);
  });

  it("gives up a greeting that nobody answers", () => {
    expect(new Run().greet().feed({ type: "timer", timer: "hello" }).state.phase).toBe("waiting");
  });

  it("tells topics while connected, and greets with them otherwise", () => {
    const run = new Run().live().feed({ type: "subscribe", topic: "conversation:1" });
    expect(run.did("send")).toHaveLength(1);
    expect(run.feed({ type: "subscribe", topic: "conversation:1" }).effects).toEqual([]);
    run.feed({ type: "closed", code: 1006 }, { type: "subscribe", topic: "conversation:2" });
    expect(run.effects).toEqual([]);
    run.feed({ type: "wake" }, { type: "ticket", ticket: "t" }, { type: "opened" });
    expect(run.did("send")[0]).toMatchObject({
      frame: { topics: ["inbox", "conversation:1", "conversation:2"] },
    });
  });

  it("stops for good when nobody is logged in, and forgets the place of whoever was", () => {
    const out = new Run().live().feed({ type: "closed", code: 4401 }, { type: "timer", timer: "retry" });
    expect(out.feed({ type: "ticketFailed", loggedOut: true }).state.phase).toBe("off");
    const stopped = new Run().live("theirs").feed({ type: "stop" });
    expect(stopped.state).toMatchObject({ phase: "off", cursor: null, wasLive: false, seen: [] });
  });
});
