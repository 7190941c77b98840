import { describe, expect, it } from "vitest";
import type { Message } from "~/api/rows";
import { reactionsOf } from "./reactions";

describe("reactions", () => {
  const reaction = (id: string, emoji: string, writer = "u1") =>
    ({
      id,
      messageType: "REACTION",
      attributes: { emoji, targetExternalMessageId: "m1" },
      sender: { type: "contact", externalUserId: writer },
    }) as Message;
  it("are one a person, the last, and are counted", () => {
    const counted = reactionsOf([reaction("1", "👍"), reaction("2", "❤️"), reaction("3", "❤️", "u2")]);
    expect(counted.get("m1")).toEqual([{ emoji: "❤️", count: 2 }]);
  });
  it("go when they are taken back", () => {
    expect(reactionsOf([reaction("1", "👍"), reaction("2", "")]).get("m1")).toEqual([]);
  });
});
