import { describe, expect, it } from "vitest";
import type { Message } from "~/api/rows";
import type { PendingSend } from "../composer/outbox";
import { entriesOf } from "./entries";

function message(id: string, at: string, facts: Partial<Message> = {}): Message {
  return {
    id,
    occurredAt: at,
    direction: "INBOUND",
    messageType: "TEXT",
    sender: { type: "contact" },
    ...facts,
  } as Message;
}

const pending = (id: string) => ({ clientMessageId: id }) as PendingSend;
const kinds = (messages: Message[], sends: PendingSend[] = []) =>
  entriesOf(messages, sends)
    .map((entry) => (entry.kind === "day" ? "|" : entry.key))
    .join(" ");

describe("the entries of a thread", () => {
  it("have a line between days", () => {
    const messages = [
      message("a", "2026-01-01T10:00:00"),
      message("b", "2026-01-01T11:00:00"),
      message("c", "2026-01-02T09:00:00"),
    ];
    expect(kinds(messages)).toBe("| a b | c");
  });

  it("hold what one wrote in a row together, and not what another wrote, or later", () => {
    const messages = [
      message("a", "2026-01-01T10:00:00"),
      message("b", "2026-01-01T10:01:00"),
      message("c", "2026-01-01T10:02:00", { direction: "OUTBOUND", sender: { type: "member", id: "m" } }),
      message("d", "2026-01-01T10:30:00", { direction: "OUTBOUND", sender: { type: "member", id: "m" } }),
    ];
    const marks = entriesOf(messages, []).flatMap((entry) =>
      entry.kind === "message" ? [`${entry.key}${entry.first ? "[" : ""}${entry.last ? "]" : ""}`] : [],
    );
    expect(marks).toEqual(["a[", "b]", "c[]", "d[]"]);
  });

  it("show a send until its message is there, under the same key", () => {
    const before = [message("a", "2026-01-01T10:00:00")];
    expect(kinds(before, [pending("c1"), pending("c2")])).toBe("| a c1 c2");
    const after = [...before, message("b", "2026-01-01T10:01:00", { clientMessageId: "c1" })];
    expect(kinds(after, [pending("c1"), pending("c2")])).toBe("| a c1 c2");
    expect(entriesOf(after, [pending("c1")]).filter((entry) => entry.kind === "pending")).toHaveLength(0);
  });

  it("have no line for a reaction to a message that is shown", () => {
    const reaction = (target: string) =>
      message(`r-${target}`, "2026-01-01T10:02:00", {
        messageType: "REACTION",
        attributes: { targetExternalMessageId: target },
      });
    const messages = [
      message("a", "2026-01-01T10:00:00", { externalMessageId: "x" }),
      reaction("x"),
      reaction("older"),
    ];
    expect(kinds(messages)).toBe("| a r-older");
  });
});
