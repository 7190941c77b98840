import { describe, expect, it } from "vitest";
import { splitAtMentions } from "./MessageContent";

describe("mentions in a note", () => {
  it("stand apart, the longer of two names first", () => {
    expect(splitAtMentions("ask @Ann Lee or @Ann now", ["Ann", "Ann Lee"])).toEqual([
      { text: "ask ", mention: false },
      { text: "@Ann Lee", mention: true },
      { text: " or ", mention: false },
      { text: "@Ann", mention: true },
      { text: " now", mention: false },
    ]);
  });
  it("are only of those who were mentioned", () => {
    expect(splitAtMentions("mail a@b.example @Bob", ["Ann"])).toEqual([
      { text: "mail a@b.example @Bob", mention: false },
    ]);
  });
});
