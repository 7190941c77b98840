import { describe, expect, it } from "vitest";
import { ApiProblem } from "~/api/problem";
import type { Message } from "~/api/rows";
import { type Content, Outbox, type PendingSend } from "./outbox";

const text: Content = { kind: "text", text: "hello" };
const picture: Content = { kind: "file", file: "image", mediaId: "m", name: "a.jpg" };
const refusal = new ApiProblem({ code: "window_closed", status: 409, words: "the window is closed" });

/** A server that accepts, or does what it is told for the next sends. */
function server() {
  const got: PendingSend[] = [];
  const plans: (Error | Promise<void>)[] = [];
  return {
    got,
    plans,
    deliver: async (send: PendingSend) => {
      got.push(send);
      const plan = plans.shift();
      if (plan instanceof Error) throw plan;
      await plan;
      return {} as Message;
    },
  };
}

function outbox() {
  let next = 0;
  return new Outbox(() => `id${++next}`);
}

const states = (box: Outbox) => box.sends.get().map((one) => one.state);

describe("the outbox", () => {
  it("sends the second only when the first is accepted, and is empty after both", async () => {
    const box = outbox();
    const { got, plans, deliver } = server();
    let accept = () => {};
    plans.push(new Promise<void>((resolve) => (accept = resolve)));
    const sending = box.send("c", [text, picture], deliver);
    expect(got).toHaveLength(1);
    expect(states(box)).toEqual(["sending", "waiting"]);
    accept();
    await sending;
    expect(got.map((one) => one.content.kind)).toEqual(["text", "file"]);
    expect(box.sends.get()).toEqual([]);
  });

  it("keeps what was not sent when the second fails, and says why", async () => {
    const box = outbox();
    const { got, plans, deliver } = server();
    plans.push(Promise.resolve(), refusal);
    await box.send("c", [text, picture], deliver);
    expect(got).toHaveLength(2);
    expect(box.sends.get()).toMatchObject([
      { content: picture, state: "failed", problem: { code: "window_closed" } },
    ]);
  });

  it("does not send the second when the first fails, and sends both in order on retry", async () => {
    const box = outbox();
    const { got, plans, deliver } = server();
    plans.push(refusal);
    await box.send("c", [text, picture], deliver);
    expect(got).toHaveLength(1);
    expect(states(box)).toEqual(["failed", "failed"]);
    await box.retry("id1", deliver);
    expect(got.slice(1).map((one) => one.content.kind)).toEqual(["text", "file"]);
    expect(box.sends.get()).toEqual([]);
  });

  it("repeats with the same key when nobody knows whether the first try arrived", async () => {
    const box = outbox();
    const { got, plans, deliver } = server();
    plans.push(ApiProblem.offline());
    await box.send("c", [text], deliver);
    await box.retry("id1", deliver);
    expect(got.map((one) => one.idempotencyKey)).toEqual(["id1", "id1"]);
  });

  it("repeats with the same key after a refusal, as an earlier try may have been accepted", async () => {
    const box = outbox();
    const { got, plans, deliver } = server();
    plans.push(ApiProblem.offline());
    for (const [code, status] of [
      ["rate_limited", 429],
      ["unauthenticated", 401],
      ["forbidden", 403],
      ["window_closed", 409],
    ] as const)
      plans.push(new ApiProblem({ code, status, words: "no" }));
    await box.send("c", [text], deliver);
    while (box.sends.get().length > 0) await box.retry("id1", deliver);
    expect(got.map((one) => one.idempotencyKey)).toEqual(Array(6).fill("id1"));
  });

  it("repeats with a new key once the key is used for another request, but as the same message", async () => {
    const box = outbox();
    const { got, plans, deliver } = server();
    plans.push(new ApiProblem({ code: "idempotency_key_reused", status: 422, words: "used" }));
    await box.send("c", [text], deliver);
    await box.retry("id1", deliver);
    expect(got[1]?.idempotencyKey).not.toBe("id1");
    expect(got.map((one) => one.clientMessageId)).toEqual(["id1", "id1"]);
  });

  it("does not send twice for two presses on retry", async () => {
    const box = outbox();
    const { got, plans, deliver } = server();
    plans.push(refusal);
    await box.send("c", [text], deliver);
    await Promise.all([box.retry("id1", deliver), box.retry("id1", deliver)]);
    expect(got).toHaveLength(2);
  });

  it("sends nothing more once it is emptied", async () => {
    const box = outbox();
    const { got, plans, deliver } = server();
    let accept = () => {};
    plans.push(new Promise<void>((resolve) => (accept = resolve)));
    const sending = box.send("c", [text, picture], deliver);
    box.clear();
    accept();
    await sending;
    expect(got).toHaveLength(1);
    expect(box.sends.get()).toEqual([]);
  });

  it("leaves other conversations alone", async () => {
    const box = outbox();
    const { plans, deliver } = server();
    plans.push(refusal);
    await box.send("c", [text, picture], deliver);
    await box.send("other", [text], deliver);
    expect(box.sends.get().every((one) => one.conversationId === "c")).toBe(true);
    box.discard("id1");
    expect(states(box)).toEqual(["failed"]);
  });
});
