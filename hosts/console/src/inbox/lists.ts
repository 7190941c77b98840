import type { ConversationFilter } from "~/api/keys";
import type { Conversation, Page } from "~/api/rows";

// Lists of conversations as the cache holds them, and what a changed row does to them. Pure, so that every case
// can be tried; whoever calls it knows the member and the time.

export interface ListPages {
  pages: Page<Conversation>[];
  pageParams: unknown[];
}

export interface Viewpoint {
  memberId: string;
  teamIds: readonly string[];
  now: number;
}

export type Membership = "in" | "out" | "unknown";

export function sortOf(filter: ConversationFilter): "LATEST" | "LONGEST_WAITING" {
  return filter.sort ?? (filter.lane === "waiting" ? "LONGEST_WAITING" : "LATEST");
}

export function isSnoozed(row: Conversation, now: number): boolean {
  return row.snoozedUntil != null && Date.parse(row.snoozedUntil) > now;
}

/** Whether the server would list the row. `unknown` where only the server can tell. */
export function membership(row: Conversation, filter: ConversationFilter, view: Viewpoint): Membership {
  if (filter.channelType && row.channelType !== filter.channelType) return "out";
  if (filter.channelAccountId && row.channelAccountId !== filter.channelAccountId) return "out";
  if (filter.status ? row.status !== filter.status : row.status === "RESOLVED") return "out";
  if ((filter.lane === "snoozed") !== isSnoozed(row, view.now)) return "out";
  const waits = row.waitingSince != null && row.status !== "RESOLVED";
  if ((filter.lane === "waiting" || sortOf(filter) === "LONGEST_WAITING") && !waits) return "out";
  if (filter.assignee && !ownedBy(row, filter.assignee, view)) return "out";
  if (filter.teamId && row.assignedTeamId !== filter.teamId) return "out";
  switch (filter.lane) {
    case "mine":
      return row.assignedMemberId === view.memberId ? "in" : "out";
    case "unassigned":
      return row.assignedMemberId == null ? "in" : "out";
    case "team":
      return row.assignedTeamId != null && view.teamIds.includes(row.assignedTeamId) ? "in" : "out";
    case "mentioned":
      return "unknown";
    default:
      return "in";
  }
}

function ownedBy(row: Conversation, assignee: string, view: Viewpoint): boolean {
  if (assignee === "none") return row.assignedMemberId == null;
  return row.assignedMemberId === (assignee === "me" ? view.memberId : assignee);
}

/** Whether `next` may replace `now`: it is not older. */
export function isNotOlder(next: Conversation, now: Conversation): boolean {
  if (next.version !== undefined && now.version !== undefined) return next.version >= now.version;
  return Date.parse(next.updatedAt) >= Date.parse(now.updatedAt);
}

function before(a: Conversation, b: Conversation, filter: ConversationFilter): boolean {
  if (sortOf(filter) === "LONGEST_WAITING") {
    const [first, second] = [Date.parse(a.waitingSince ?? ""), Date.parse(b.waitingSince ?? "")];
    return first === second ? a.id < b.id : first < second;
  }
  const [first, second] = [Date.parse(a.lastMessageAt), Date.parse(b.lastMessageAt)];
  return first === second ? a.id > b.id : first > second;
}

/** The row in one list: taken out, put in its place, or replaced. The same object when nothing changes. */
export function withRow<L extends ListPages>(
  list: L,
  row: Conversation,
  filter: ConversationFilter,
  view: Viewpoint,
): L {
  const known = list.pages.flatMap((page) => page.items).find((one) => one.id === row.id);
  if (known && !isNotOlder(row, known)) return list;
  const belongs = membership(row, filter, view);
  if (belongs === "out" || (belongs === "unknown" && !known)) return known ? withoutRow(list, row.id) : list;
  const cleared = known ? withoutRow(list, row.id) : list;
  return inserted(cleared, row, filter);
}

export function withoutRow<L extends ListPages>(list: L, id: string): L {
  if (!list.pages.some((page) => page.items.some((one) => one.id === id))) return list;
  return {
    ...list,
    pages: list.pages.map((page) => ({ ...page, items: page.items.filter((one) => one.id !== id) })),
  };
}

function inserted<L extends ListPages>(list: L, row: Conversation, filter: ConversationFilter): L {
  const pages = [...list.pages];
  for (const [index, page] of pages.entries()) {
    const at = page.items.findIndex((one) => before(row, one, filter));
    if (at < 0) continue;
    pages[index] = { ...page, items: [...page.items.slice(0, at), row, ...page.items.slice(at)] };
    return { ...list, pages };
  }
  // Behind everything that is loaded: there only when nothing is left to load, else it comes with its page.
  const last = pages.at(-1);
  if (!last || last.nextCursor) return list;
  pages[pages.length - 1] = { ...last, items: [...last.items, row] };
  return { ...list, pages };
}
