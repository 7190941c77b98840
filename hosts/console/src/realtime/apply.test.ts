import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keys } from "~/api/keys";
import type { Conversation, Lead, Message } from "~/api/rows";
import type { ListPages } from "~/inbox/lists";
import type { ThreadPages } from "~/inbox/threadPages";
import { CacheWriter } from "./apply";
import type { FeedEvent } from "./frames";

const at = "2026-01-01T10:00:00Z";

function row(id: string, facts: Partial<Conversation> = {}): Conversation {
  return {
    id,
    leadId: `lead-${id}`,
    status: "OPEN",
    lastMessageAt: at,
    updatedAt: at,
    version: 1,
    unreadCount: 0,
    ...facts,
  } as Conversation;
}

function message(id: string, facts: Partial<Message> = {}): Message {
  return {
    id,
    conversationId: "a",
    seq: 1,
    occurredAt: at,
    direction: "INBOUND",
    messageType: "TEXT",
    ...facts,
  } as Message;
}

const event = (type: string, facts: Partial<FeedEvent>): FeedEvent => ({
  cursor: "c",
  type,
  at,
  data: {},
  ...facts,
});
const all = keys.conversationList({ lane: "all" });
const mine = keys.conversationList({ lane: "mine" });
const mentions = keys.conversationList({ lane: "mentioned" });

describe("an event", () => {
  let client: QueryClient;
  let writer: CacheWriter;
  let asked: string[];

  beforeEach(() => {
    vi.useFakeTimers();
    client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
    writer = new CacheWriter(client, "me");
    asked = [];
    vi.spyOn(client, "invalidateQueries").mockImplementation(async (filters) => {
      asked.push(JSON.stringify(filters?.queryKey));
    });
    for (const key of [all, mine, mentions])
      client.setQueryData<ListPages>(key, { pages: [{ items: [] }], pageParams: [undefined] });
  });
  afterEach(() => {
    writer.stop();
    vi.useRealTimers();
  });

  const idsOf = (key: readonly unknown[]) =>
    client.getQueryData<ListPages>(key)?.pages.flatMap((page) => page.items.map((one) => one.id));

  it("puts its conversation into the lists that have it, without a request for the row", () => {
    writer.apply(event("conversation.updated", { conversation: row("a", { assignedMemberId: "me" }) }));
    expect(idsOf(all)).toEqual(["a"]);
    expect(idsOf(mine)).toEqual(["a"]);
    vi.runAllTimers();
    expect(asked).not.toContain(JSON.stringify(keys.conversation("a")));
    expect(asked).not.toContain(JSON.stringify(all));
  });

  it("asks for counts once for all events of a moment", () => {
    for (let i = 0; i < 20; i += 1)
      writer.apply(event("conversation.updated", { conversation: row("a", { version: i + 1 }) }));
    vi.runAllTimers();
    expect(asked.filter((key) => key === JSON.stringify(keys.counts))).toHaveLength(1);
  });

  it("asks for the accounts and for their names when an account changed", () => {
    writer.apply(event("channel.updated", {}));
    vi.runAllTimers();
    expect(asked).toContain(JSON.stringify(keys.channels));
    expect(asked).toContain(JSON.stringify(keys.accounts));
  });

  it("asks for what no row tells: the lane of mentions", () => {
    writer.apply(
      event("message.created", { conversation: row("a"), message: message("m", { mentions: ["me"] }) }),
    );
    vi.runAllTimers();
    expect(asked).toContain(JSON.stringify(mentions));
  });

  it("puts its message into the thread that is loaded, and makes no thread of one message", () => {
    writer.apply(event("message.created", { message: message("m") }));
    expect(client.getQueryData(keys.messages("a"))).toBeUndefined();
    client.setQueryData<ThreadPages>(keys.messages("a"), { pages: [{ items: [] }], pageParams: [undefined] });
    writer.apply(event("message.created", { message: message("m") }));
    writer.apply(event("message.updated", { message: message("m", { deliveryStatus: "READ" }) }));
    const thread = client.getQueryData<ThreadPages>(keys.messages("a"));
    expect(thread?.pages[0]?.items).toHaveLength(1);
    expect(thread?.pages[0]?.items[0]?.deliveryStatus).toBe("READ");
  });

  it("is not undone by an answer that was on its way when it came", async () => {
    let open: (list: ListPages) => void = () => undefined;
    void client.fetchQuery({
      queryKey: all,
      queryFn: () => new Promise<ListPages>((resolve) => (open = resolve)),
      staleTime: 0,
    });
    writer.apply(event("conversation.updated", { conversation: row("a") }));
    open({ pages: [{ items: [] }], pageParams: [undefined] });
    await vi.runAllTimersAsync();
    expect(asked).toContain(JSON.stringify(all));
  });

  it("does not put an older lead in the place of a newer one", () => {
    const lead = (updatedAt: string, status: string) => ({ id: "l", updatedAt, status }) as Lead;
    writer.apply(event("lead.updated", { lead: lead("2026-01-01T10:00:02Z", "QUALIFIED") }));
    writer.apply(event("lead.updated", { lead: lead("2026-01-01T10:00:01Z", "CONTACTED") }));
    expect(client.getQueryData<Lead>(keys.lead("l"))?.status).toBe("QUALIFIED");
  });

  it("takes a lead that may no longer be seen out of all lists", () => {
    writer.apply(event("conversation.updated", { conversation: row("a") }));
    writer.apply(event("lead.hidden", { leadId: "lead-a" }));
    expect(idsOf(all)).toEqual([]);
    vi.runAllTimers();
    expect(asked).toContain(JSON.stringify(keys.conversation("a")));
  });
});
