import type { QueryClient } from "@tanstack/react-query";
import { type ConversationFilter, keys } from "~/api/keys";
import type { Conversation, Lead, Message, Team } from "~/api/rows";
import { isNotOlder, type ListPages, membership, type Viewpoint, withoutRow, withRow } from "~/inbox/lists";
import { type ThreadPages, withMessage } from "~/inbox/threadPages";
import type { FeedEvent } from "./frames";

// What an event does to the cache. Its rows are put where they belong; nothing is asked for a single row. Only
// what no row can tell (counts, mentions) is asked again, together for all events of a moment.

const TOGETHER_MS = 700;

/** The name that this tab gave a message, if it did. */
function named({ clientMessageId }: Message): Pick<Message, "clientMessageId"> {
  return clientMessageId === undefined ? {} : { clientMessageId };
}

export class CacheWriter {
  readonly #client: QueryClient;
  readonly #memberId: string;
  readonly #due = new Map<string, readonly unknown[]>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: QueryClient, memberId: string) {
    this.#client = client;
    this.#memberId = memberId;
  }

  apply(event: FeedEvent): void {
    if (event.type === "lead.hidden") {
      if (event.leadId) this.#hide(event.leadId);
      return;
    }
    if (event.conversation) this.conversation(event.conversation);
    if (event.message) this.message(event.message);
    if (event.lead) this.lead(event.lead);
    if (event.type === "channel.updated") {
      this.#ask(keys.channels);
      // Each is asked by its whole name: the one does not bring the other.
      this.#ask(keys.accounts);
    }
    if (event.type === "contact.updated") this.#ask(keys.conversationLists);
    if (event.leadId && event.type !== "message.updated") this.#ask(keys.activity(event.leadId));
    if (event.type !== "message.updated") this.#ask(keys.counts);
  }

  /** A row of any answer or event, in all lists and in its own entry. */
  conversation(row: Conversation): void {
    const view = this.#view();
    for (const [key, list] of this.#client.getQueriesData<ListPages>({ queryKey: keys.conversationLists })) {
      if (!list) continue;
      const filter = key[2] as ConversationFilter;
      const next = withRow(list, row, filter, view);
      if (next !== list) this.#put(key, next);
      if (membership(row, filter, view) === "unknown") this.#ask(key);
    }
    const own = keys.conversation(row.id);
    const known = this.#client.getQueryData<Conversation>(own);
    if (!known || isNotOlder(row, known)) this.#put(own, row);
  }

  message(row: Message): void {
    const key = keys.messages(row.conversationId);
    const thread = this.#client.getQueryData<ThreadPages>(key);
    if (thread) this.#put(key, withMessage(thread, row));
    // A customer's word opens windows, and ours may close them.
    if (row.direction !== "INTERNAL") this.#ask(keys.sendOptions(row.conversationId));
  }

  /**
   * The message of an answer. Events of its later steps may have come before the answer did: then they are the
   * newer ones, and stay. `before` is what was there when the question was asked.
   */
  answered(row: Message, before?: Message): void {
    const thread = this.#client.getQueryData<ThreadPages>(keys.messages(row.conversationId));
    const known = thread?.pages.flatMap((page) => page.items).find((one) => one.id === row.id);
    const told = known !== undefined && known !== before;
    this.message(told ? { ...known, ...named(row) } : row);
  }

  lead(row: Lead): void {
    const key = keys.lead(row.id);
    const known = this.#client.getQueryData<Lead>(key);
    if (!known || Date.parse(row.updatedAt) >= Date.parse(known.updatedAt)) this.#put(key, row);
  }

  /** Everything may be old. */
  refetch(): void {
    void this.#client.invalidateQueries({ predicate: (query) => query.queryKey[2] !== "draft" });
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #hide(leadId: string): void {
    const isTheirs = (row: Conversation) => row.leadId === leadId;
    for (const [key, list] of this.#client.getQueriesData<ListPages>({ queryKey: keys.conversationLists })) {
      if (!list) continue;
      const gone = list.pages.flatMap((page) => page.items).filter(isTheirs);
      const next = gone.reduce((pages, row) => withoutRow(pages, row.id), list);
      if (next !== list) this.#put(key, next);
    }
    // Who looks at it learns from the server that there is nothing to see any more.
    for (const query of this.#client.getQueryCache().findAll({ queryKey: ["conversation"] })) {
      const row = query.state.data as Conversation | undefined;
      if (query.queryKey.length === 2 && row && isTheirs(row)) this.#ask(query.queryKey);
    }
    this.#ask(keys.lead(leadId));
    this.#ask(keys.counts);
  }

  /** A request that left before the event may answer after it, with what was before: then it is asked again. */
  #put(key: readonly unknown[], data: unknown): void {
    if (this.#client.getQueryState(key)?.fetchStatus === "fetching") this.#ask(key);
    this.#client.setQueryData(key, data);
  }

  #ask(key: readonly unknown[]): void {
    this.#due.set(JSON.stringify(key), key);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const due = [...this.#due.values()];
      this.#due.clear();
      for (const one of due) void this.#client.invalidateQueries({ queryKey: one, exact: true });
      // Lists are asked by what their names begin with.
      if (due.some((one) => one.length === 2 && one[1] === "list")) {
        void this.#client.invalidateQueries({ queryKey: keys.conversationLists });
      }
    }, TOGETHER_MS);
  }

  #view(): Viewpoint {
    const teams = this.#client.getQueryData<Team[]>(keys.teams) ?? [];
    const mine = teams.filter((team) => team.memberIds.includes(this.#memberId));
    return { memberId: this.#memberId, teamIds: mine.map((team) => team.id), now: Date.now() };
  }
}
