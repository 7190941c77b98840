import { describe, expect, it } from "vitest";
import { type Command, found } from "./commands";

const command = (words: string): Command => ({ id: words, words, group: "g", run: () => undefined });
const commands = ["Go to Inbox", "Resolve", "Inbox: Mine", "ตั้งค่า"].map(command);
const ids = (query: string) => found(commands, query).map((one) => one.id);

describe("the palette", () => {
  it("finds what has all the words, in any order", () => {
    expect(ids("mine inbox")).toEqual(["Inbox: Mine"]);
    expect(ids("ค่า")).toEqual(["ตั้งค่า"]);
    expect(ids("nothing")).toEqual([]);
  });
  it("shows what begins so first, and all for nothing", () => {
    expect(ids("inbox")).toEqual(["Inbox: Mine", "Go to Inbox"]);
    expect(ids(" ")).toHaveLength(4);
  });
});
