import { describe, expect, it } from "vitest";
import type { Member } from "~/api/rows";
import { callAt, completed, matching, mentionedIn } from "./mentions";

const member = (id: string, name: string, status = "ACTIVE") => ({ id, name, status }) as Member;
const people = [
  member("1", "Mia Berg"),
  member("2", "Anna Mia"),
  member("3", "สมชาย"),
  member("4", "Mia Gone", "DISABLED"),
];

describe("calling a member", () => {
  it("begins with an @ that is not inside a word", () => {
    expect(callAt("ask @mi", 7)).toEqual({ at: 4, query: "mi" });
    expect(callAt("a@b", 3)).toBeUndefined();
    expect(callAt("no call", 7)).toBeUndefined();
    expect(callAt("@one\ntwo", 8)).toBeUndefined();
  });
  it("finds active members, those whose name begins so first", () => {
    expect(matching(people, "mia").map((one) => one.id)).toEqual(["1", "2"]);
    expect(matching(people, "สม").map((one) => one.id)).toEqual(["3"]);
  });
  it("puts the name in the place of what was typed", () => {
    const call = callAt("ask @mi please", 7);
    expect(call && completed("ask @mi please", call, 7, member("1", "Mia Berg"))).toEqual({
      text: "ask @Mia Berg  please",
      caret: 14,
    });
  });
  it("counts only while the name is still there", () => {
    expect(mentionedIn("ask @Mia Berg", people, new Set(["1", "2"]))).toEqual(["1"]);
  });
  it("is no one who left while the note was written", () => {
    expect(mentionedIn("ask @Mia Gone", people, new Set(["4"]))).toEqual([]);
  });
});
