import { describe, expect, it } from "vitest";
import type { Schemas } from "~/api/rows";
import { findingsOf } from "./findings";

const channel = { status: "ACTIVE" } as Schemas["Channel"];
const refused = { status: "UNAUTHORIZED" } as Schemas["Channel"];
const ours = "https://chat.example/webhooks/line/key";
const test = (check: Partial<Schemas["AccountCheck"]>, more: Partial<Schemas["ChannelTest"]> = {}) =>
  findingsOf(
    { channel, healthy: false, expectedWebhookUrl: ours, check: { ok: true, ...check }, ...more },
    0,
  );

describe("what a test found", () => {
  it("is nothing when all is well", () => {
    expect(test({ webhookUrl: ours, webhookActive: true, quota: { used: 3, limit: 500 } })).toEqual([]);
  });
  it("names refused credentials alone, as the rest was not asked", () => {
    expect(test({ ok: false, error: "expired", webhookUrl: "" }, { channel: refused })).toEqual([
      { kind: "refused", words: "expired" },
    ]);
  });
  it("blames no credentials when the provider could not be asked", () => {
    expect(test({ ok: false, error: "no connection" })).toEqual([
      { kind: "unanswered", words: "no connection" },
    ]);
  });
  it("tells an address of somebody else from none", () => {
    expect(test({ webhookUrl: "https://old.example/" })).toEqual([
      { kind: "otherAddress", found: "https://old.example/", expected: ours },
    ]);
    expect(test({ webhookUrl: "" })).toEqual([{ kind: "noAddress", expected: ours }]);
    expect(test({})).toEqual([]);
  });
  it("names what is switched off, missing, failing and used up", () => {
    const all = test(
      {
        webhookUrl: ours,
        webhookActive: false,
        missingSubscriptions: ["feed"],
        expiresAt: "1970-01-03T00:00:00Z",
        quota: { used: 500, limit: 500 },
      },
      { webhookTest: { success: false, reason: "timeout" } },
    );
    expect(all.map((finding) => finding.kind)).toEqual([
      "webhookOff",
      "missing",
      "webhookFailed",
      "endsSoon",
      "allowanceUsed",
    ]);
  });
});
