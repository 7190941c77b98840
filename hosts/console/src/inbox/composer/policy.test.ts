import { describe, expect, it } from "vitest";
import type { SendOptions } from "~/api/rows";
import { fileRefusal, policyOf } from "./policy";

const NOW = Date.parse("2026-01-01T12:00:00Z");
const inSeconds = (seconds: number) => new Date(NOW + seconds * 1_000).toISOString();

type Option = SendOptions["options"][number];
function options(list: Partial<Option>[], facts: Partial<SendOptions> = {}): SendOptions {
  return {
    allowed: list.length > 0,
    at: inSeconds(0),
    maxTextLength: 5_000,
    mediaLimits: [],
    options: list.map((one) => ({
      mode: "STANDARD",
      charged: false,
      personsOnly: false,
      messageTypes: ["TEXT", "IMAGE", "FILE"],
      ...one,
    })),
    ...facts,
  };
}
const words = (given: SendOptions, now = NOW) => policyOf(given, now, "en").words;

describe("the send policy in words", () => {
  it("counts down LINE's free reply, then says that it costs", () => {
    const line = options([
      { mode: "REPLY", until: inSeconds(38) },
      { mode: "PUSH", charged: true },
    ]);
    expect(words(line)).toBe("Free LINE reply, 38 s left");
    expect(words(line, NOW + 39_000)).toBe("Push message, from the monthly allowance");
  });

  it("says when a window closes", () => {
    expect(words(options([{ until: inSeconds(3 * 3_600) }]))).toBe("Window closes in 3 h");
    expect(policyOf(options([{ until: inSeconds(3 * 3_600) }]), NOW, "en").tone).toBe("hurry");
    expect(policyOf(options([{ until: inSeconds(20 * 3_600) }]), NOW, "en").tone).toBe("free");
  });

  it("offers nothing but a template when only that may go", () => {
    const policy = policyOf(options([{ mode: "TEMPLATE", messageTypes: ["TEMPLATE"] }]), NOW, "en");
    expect(policy).toMatchObject({
      words: "Template needed: no free window is open",
      text: false,
      image: false,
      template: true,
    });
  });

  it("says in the reader's language why messages wait", () => {
    const paused = options([{}], { waitsBecause: "the account is paused" });
    expect(policyOf(paused, NOW, "th").more).toBe("ข้อความรอส่ง: บัญชีหยุดชั่วคราว");
    expect(policyOf(options([{}], { waitsBecause: "the moon" }), NOW, "th").more).toContain("the moon");
  });

  it("tells of a comment's one private reply", () => {
    const policy = policyOf(
      options([{ mode: "PRIVATE_REPLY", messageTypes: ["TEXT"], until: inSeconds(6 * 86_400) }]),
      NOW,
      "en",
    );
    expect(policy).toMatchObject({
      words: "One private reply, text only. Possible for 6 d",
      text: true,
      image: false,
    });
    expect(policy.more).toContain("public");
  });

  it("gives the reason when nothing may go, in both languages", () => {
    const closed = options([], { refusal: { code: "AWAITING_ANSWER", reason: "x" } });
    expect(policyOf(closed, NOW, "en")).toMatchObject({ tone: "closed", text: false });
    expect(policyOf(closed, NOW, "th").words).toContain("คอมเมนต์");
  });

  it("closes by itself when the last window ends", () => {
    const closing = options([{ until: inSeconds(10) }]);
    expect(policyOf(closing, NOW + 11_000, "en").tone).toBe("closed");
  });
});

describe("a file", () => {
  const limits = options([{}], {
    mediaLimits: [{ messageType: "IMAGE", contentTypes: ["image/jpeg"], maxBytes: 100 }],
  });
  it("is refused by what the provider takes", () => {
    expect(fileRefusal({ type: "image/jpeg", size: 90 }, limits)).toBeUndefined();
    expect(fileRefusal({ type: "image/jpeg", size: 101 }, limits)).toEqual({ maxBytes: 100 });
    expect(fileRefusal({ type: "image/png", size: 1 }, limits)).toBe("type");
    expect(fileRefusal({ type: "application/zip", size: 1 }, limits)).toBe("type");
    expect(fileRefusal({ type: "application/pdf", size: 1 }, limits)).toBeUndefined();
  });
});
