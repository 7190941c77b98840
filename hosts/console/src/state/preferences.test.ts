import { describe, expect, it } from "vitest";
import { readPreferences } from "./preferences";

describe("stored preferences", () => {
  it("fall back field by field", () => {
    expect(readPreferences('{"theme":"dark","language":"xx","detailsOpen":"no"}')).toMatchObject({
      theme: "dark",
      language: "en",
      detailsOpen: true,
      sendKey: {},
    });
  });
  it("may be missing, or no JSON, or of another kind", () => {
    for (const text of [null, "{", "[]", "3", "null"]) expect(readPreferences(text).theme).toBe("system");
  });
});
