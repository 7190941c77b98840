import { expect, test } from "vitest";
import { failureWords } from "./failures";

test("why a message failed is told in the reader's language, with the provider's words behind", () => {
  expect(failureWords({ code: "rejected", reason: "bad id (100)" }, "th")).toBe(
    "ผู้ให้บริการปฏิเสธข้อความนี้ “bad id (100)”",
  );
  expect(failureWords({ code: "channel_gone", reason: "the channel account was removed" }, "th")).toBe(
    "บัญชีช่องทางนี้ถูกลบแล้ว",
  );
});

test("what the send policy forbids has the words of the line over the field", () => {
  for (const code of ["window_closed", "template_only", "kind_unsupported", "unreachable"]) {
    expect(failureWords({ code, reason: "in English" }, "th"), code).toMatch(/^[\u0E00-\u0E7F]/);
  }
});

test("an unknown code, or one that is the name of something else, keeps the server's reason", () => {
  for (const code of ["moon_eclipsed", "constructor", "freeReply", "waits"]) {
    const words = failureWords({ code, reason: "in English" }, "th");
    expect(words, code).toBe("in English");
  }
});
