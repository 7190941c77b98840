import type { components, operations, paths } from "./schema";

// What the server is about to learn and docs/openapi.json does not tell yet. Each entry goes away once the
// generated types have it.

type Schema = components["schemas"];

export type Conversation = Schema["Conversation"] & {
  /** Since when the customer waits for us. */
  waitingSince?: string;
  snoozedUntil?: string;
  /** Rises with each change. */
  version?: number;
  inboundCount?: number;
};

export type Message = Omit<Schema["Message"], "direction" | "messageType"> & {
  direction: Schema["Direction"] | "INTERNAL";
  messageType: Schema["MessageKind"] | "NOTE";
  clientMessageId?: string;
  mentions?: string[];
};

export type NewMessage = Schema["NewMessage"] & { clientMessageId?: string };

export interface LaneCount {
  total: number;
  unread: number;
}

export interface Counts {
  mine: LaneCount;
  unassigned: LaneCount;
  team: LaneCount;
  waiting: LaneCount;
  mentioned: LaneCount;
  snoozed: LaneCount;
  all: LaneCount;
}

export interface Draft {
  text: string;
  note: boolean;
  mediaId?: string;
  updatedAt: string;
}

export interface Ticket {
  ticket: string;
  expiresAt: string;
}

export interface Page<Row> {
  items: Row[];
  nextCursor?: string;
}

type Parameters<Path, Query> = {
  query?: Query;
  header?: { "Idempotency-Key"?: string };
  cookie?: never;
} & (Path extends ById ? { path: Path } : { path?: never });

interface Answer<Body> {
  headers: Record<string, unknown>;
  content: { "application/json": Body };
}

interface Operation<Path, Query, Body, Result> {
  parameters: Parameters<Path, Query>;
  requestBody?: { content: { "application/json": Body } };
  responses: {
    200: Answer<Result>;
    default: { headers: Record<string, unknown>; content: { "application/problem+json": Schema["Problem"] } };
  };
}

interface ById {
  id: string;
}

interface NoPath {
  none?: never;
}

type ListQuery = NonNullable<operations["listConversations"]["parameters"]["query"]> & {
  waiting?: boolean;
  mentioned?: boolean;
  snoozed?: boolean;
  active?: boolean;
  sort?: "LATEST" | "LONGEST_WAITING";
};

interface Coming {
  "/api/conversations": { get: Operation<NoPath, ListQuery, never, Page<Conversation>> };
  "/api/conversations/counts": {
    get: Operation<NoPath, { channelAccountId?: string; channelType?: Schema["ChannelType"] }, never, Counts>;
  };
  "/api/conversations/{id}": {
    get: Operation<ById, never, never, Conversation>;
    patch: Operation<
      ById,
      never,
      { status?: Schema["ConversationStatus"]; snoozedUntil?: string | null },
      Conversation
    >;
  };
  "/api/conversations/{id}/mark-read": { post: Operation<ById, never, { unread?: boolean }, Conversation> };
  "/api/conversations/{id}/messages": {
    get: Operation<ById, { limit?: number; cursor?: string }, never, Page<Message>>;
    post: Operation<ById, never, NewMessage, Message>;
  };
  "/api/conversations/{id}/notes": {
    post: Operation<ById, never, { text: string; mentions?: string[]; clientMessageId?: string }, Message>;
  };
  "/api/conversations/{id}/draft": {
    get: Operation<ById, never, never, Draft>;
    put: Operation<ById, never, { text: string; note: boolean; mediaId?: string }, Draft>;
    delete: Operation<ById, never, never, undefined>;
  };
  "/api/contacts/{id}/conversations": {
    get: Operation<ById, { limit?: number; cursor?: string }, never, Page<Conversation>>;
  };
  "/api/messages/{id}/retry": { post: Operation<ById, never, { confirm?: boolean }, Message> };
  "/api/ws/tickets": { post: Operation<NoPath, never, never, Ticket> };
}

export type Paths = Omit<paths, keyof Coming> & Coming;
