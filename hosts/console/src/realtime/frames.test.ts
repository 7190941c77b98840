import { describe, expect, it } from "vitest";
import { readFrame } from "./frames";

const at = "2026-01-01T10:00:00.123456Z";
const event = (facts: object) =>
  JSON.stringify({ type: "event", event: { cursor: "c", type: "message.created", at, data: {}, ...facts } });

describe("a frame", () => {
  it("is read with all fields of its rows", () => {
    const message = { id: "m", conversationId: "c", occurredAt: at, seq: 1, content: "hello" };
    expect(readFrame(event({ message, leadId: null }))).toMatchObject({
      event: { message: { content: "hello" } },
    });
  });
  it("is refused when its rows cannot be ordered", () => {
    expect(readFrame(event({ message: { id: "m", conversationId: "c", seq: 1 } }))).toBeUndefined();
    expect(readFrame(event({ conversation: { id: "c" } }))).toBeUndefined();
  });
  it("is refused when it is no JSON, of an unknown type, or not text", () => {
    for (const frame of ["{", '{"type":"surprise"}', "[]", new Blob()])
      expect(readFrame(frame)).toBeUndefined();
    expect(readFrame('{"type":"ready","cursor":"c","missed":0,"heartbeatSeconds":0}')).toBeUndefined();
  });
});
