import { describe, expect, it } from "vitest";
import type { Message } from "~/api/rows";
import { chronological, type ThreadPages, withMessage } from "./threadPages";

function message(id: string, minute: number, facts: Partial<Message> = {}): Message {
  return {
    id,
    seq: minute,
    occurredAt: `2026-01-01T10:${String(minute).padStart(2, "0")}:00Z`,
    messageType: "TEXT",
    sender: { type: "contact" },
    deliveryStatus: "SENT",
    ...facts,
  } as Message;
}

const thread = (pages: Message[][], more: boolean): ThreadPages => ({
  pages: pages.map((items, index) =>
    more || index < pages.length - 1 ? { items, nextCursor: "n" } : { items },
  ),
  pageParams: [],
});
const ids = (pages: ThreadPages) =>
  chronological(pages)
    .map((one) => one.id)
    .join("");

describe("a message of an event", () => {
  const loaded = thread([[message("d", 4), message("c", 3)], [message("b", 2)]], true);

  it("comes last when it is the newest", () => {
    expect(ids(withMessage(loaded, message("e", 5)))).toBe("bcde");
  });
  it("comes in its place by when it was written, however late it arrives", () => {
    expect(ids(withMessage(loaded, message("x", 3, { seq: 9 })))).toBe("bcxd");
  });
  it("replaces the one that is there", () => {
    const after = withMessage(loaded, message("c", 3, { deliveryStatus: "READ" }));
    expect(ids(after)).toBe("bcd");
    expect(chronological(after)[1]?.deliveryStatus).toBe("READ");
  });
  it("waits for its page when it is older than all that is loaded", () => {
    expect(withMessage(loaded, message("a", 1))).toBe(loaded);
    expect(ids(withMessage(thread([[message("b", 2)]], false), message("a", 1)))).toBe("ab");
  });
  it("comes into an empty thread", () => {
    expect(ids(withMessage(thread([[]], false), message("a", 1)))).toBe("a");
  });
});
