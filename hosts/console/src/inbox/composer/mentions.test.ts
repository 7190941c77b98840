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
  it("counts whose name stands in the text, whoever put it there", () => {
    expect(mentionedIn("ask @Mia Berg, or (@สมชาย)", people)).toEqual(["1", "3"]);
    expect(mentionedIn("ask Mia Berg, or mia@Mia Berg", people)).toEqual([]);
  });
  it("is no one who left while the note was written", () => {
    expect(mentionedIn("ask @Mia Gone", people)).toEqual([]);
  });
  it("means the longer of two names", () => {
    const two = [member("ann", "Ann"), member("lee", "Ann Lee"), member("other", "Ann Lee")];
    expect(mentionedIn("@Ann Lee knows", two)).toEqual(["lee", "other"]);
    expect(mentionedIn("@Ann Lee or @Ann", two)).toEqual(["ann", "lee", "other"]);
    expect(mentionedIn("@Ann Leeson", two)).toEqual(["ann"]);
  });
  it("means nobody whose name is only the beginning of a word", () => {
    const bob = [member("bob", "Bob")];
    for (const text of ["@Bobby", "@Bob2", "@Bob_x", "@Bobé"])
      expect(mentionedIn(text, bob), text).toEqual([]);
    for (const text of ["@Bob", "@Bob, look", "@Bob's", "@Bob\nlook", "@Bobช่วยดู"])
      expect(mentionedIn(text, bob), text).toEqual(["bob"]);
  });
  it("finds the end of a name where words have no spaces between them", () => {
    for (const text of ["@สมชายช่วยดูหน่อย", "@สมชายok"]) expect(mentionedIn(text, people), text).toEqual(["3"]);
    expect(mentionedIn("@สมาชิกทุกคน", [member("som", "สม")])).toEqual([]);
  });
});
