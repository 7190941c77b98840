import { describe, expect, it } from "vitest";
import type { ConversationFilter } from "~/api/keys";
import type { Conversation } from "~/api/rows";
import { type ListPages, membership, withoutRow, withRow } from "./lists";

const NOW = Date.parse("2026-01-01T12:00:00Z");
const view = { memberId: "me", teamIds: ["sales"], now: NOW };

function row(id: string, facts: Partial<Conversation> = {}): Conversation {
  return {
    id,
    status: "OPEN",
    channelType: "LINE",
    channelAccountId: "account",
    lastMessageAt: "2026-01-01T10:00:00Z",
    updatedAt: "2026-01-01T10:00:00Z",
    unreadCount: 0,
    version: 1,
    ...facts,
  } as Conversation;
}

const at = (hour: number) => ({ lastMessageAt: `2026-01-01T${String(hour).padStart(2, "0")}:00:00Z` });
const list = (pages: Conversation[][], more = false): ListPages => ({
  pages: pages.map((items, index) =>
    more || index < pages.length - 1 ? { items, nextCursor: "next" } : { items },
  ),
  pageParams: pages.map(() => undefined),
});
const ids = (pages: ListPages) => pages.pages.map((page) => page.items.map((one) => one.id).join(""));
const all: ConversationFilter = { lane: "all" };

describe("a changed row", () => {
  it("moves to its place by its newest message", () => {
    const before = list([[row("a", at(9)), row("b", at(8))], [row("c", at(7))]]);
    expect(ids(withRow(before, row("c", { ...at(10), version: 2 }), all, view))).toEqual(["cab", ""]);
  });

  it("does not move for a change that is no message", () => {
    const before = list([[row("a", at(9)), row("b", at(8))]]);
    const after = withRow(before, row("b", { ...at(8), version: 2, unreadCount: 4 }), all, view);
    expect(ids(after)).toEqual(["ab"]);
    expect(after.pages[0]?.items[1]?.unreadCount).toBe(4);
  });

  it("is left alone when the list has a newer one", () => {
    const before = list([[row("a", { ...at(9), version: 7 })]]);
    expect(withRow(before, row("a", { ...at(11), version: 6 }), all, view)).toBe(before);
  });

  it("leaves a list that it no longer belongs to, and joins the one that it does", () => {
    const mine: ConversationFilter = { lane: "mine" };
    const open: ConversationFilter = { lane: "unassigned" };
    const taken = row("a", { assignedMemberId: "me", version: 2 });
    expect(ids(withRow(list([[row("a")]]), taken, open, view))).toEqual([""]);
    expect(ids(withRow(list([[]]), taken, mine, view))).toEqual(["a"]);
  });

  it("comes behind everything only when nothing is left to load", () => {
    const old = row("z", at(1));
    expect(ids(withRow(list([[row("a", at(9))]], true), old, all, view))).toEqual(["a"]);
    expect(ids(withRow(list([[row("a", at(9))]]), old, all, view))).toEqual(["az"]);
  });

  it("stands by how long the customer waits in the lane of those who wait", () => {
    const waiting: ConversationFilter = { lane: "waiting" };
    const before = list([
      [
        row("a", { waitingSince: "2026-01-01T08:00:00Z" }),
        row("b", { waitingSince: "2026-01-01T10:00:00Z" }),
      ],
    ]);
    const joined = withRow(before, row("c", { waitingSince: "2026-01-01T09:00:00Z" }), waiting, view);
    expect(ids(joined)).toEqual(["acb"]);
    expect(ids(withRow(joined, row("a", { version: 2 }), waiting, view))).toEqual(["cb"]);
  });

  it("stays in the mentions that have it, and does not come into those that only the server knows", () => {
    const mentions: ConversationFilter = { lane: "mentioned" };
    expect(ids(withRow(list([[]]), row("a"), mentions, view))).toEqual([""]);
    expect(ids(withRow(list([[row("a")]]), row("a", { version: 2 }), mentions, view))).toEqual(["a"]);
  });

  it("is the same list when there is nothing to take out", () => {
    const before = list([[row("a")]]);
    expect(withoutRow(before, "b")).toBe(before);
  });
});

describe("membership", () => {
  it("follows each filter", () => {
    const filter = (facts: Partial<ConversationFilter>): ConversationFilter => ({ lane: "all", ...facts });
    const cases: [Conversation, ConversationFilter, string][] = [
      [row("a"), filter({}), "in"],
      [row("a", { status: "RESOLVED" }), filter({}), "out"],
      [row("a", { status: "RESOLVED" }), filter({ status: "RESOLVED" }), "in"],
      [row("a"), filter({ status: "PENDING" }), "out"],
      [row("a"), filter({ channelType: "TELEGRAM" }), "out"],
      [row("a"), filter({ channelAccountId: "other" }), "out"],
      [row("a"), filter({ assignee: "none" }), "in"],
      [row("a", { assignedMemberId: "me" }), filter({ assignee: "me" }), "in"],
      [row("a", { assignedMemberId: "you" }), filter({ assignee: "me" }), "out"],
      [row("a", { assignedMemberId: "you" }), filter({ assignee: "you" }), "in"],
      [row("a", { assignedTeamId: "sales" }), { lane: "team" }, "in"],
      [row("a", { assignedTeamId: "other" }), { lane: "team" }, "out"],
      [row("a", { snoozedUntil: "2026-01-01T13:00:00Z" }), filter({}), "out"],
      [row("a", { snoozedUntil: "2026-01-01T13:00:00Z" }), { lane: "snoozed" }, "in"],
      [row("a", { snoozedUntil: "2026-01-01T11:00:00Z" }), filter({}), "in"],
      [row("a", { waitingSince: "2026-01-01T11:00:00Z" }), { lane: "waiting" }, "in"],
      [row("a"), { lane: "waiting" }, "out"],
    ];
    for (const [one, by, expected] of cases) expect(membership(one, by, view)).toBe(expected);
  });
});
