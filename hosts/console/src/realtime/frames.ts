import type { Conversation, Lead, Message } from "~/api/rows";
import { z } from "~/zod";

// What comes over the socket. Of the rows, only what the console orders and compares by is checked: a newer
// server may add fields, and the rest is shown as it would be after a request.
const time = z.iso.datetime({ offset: true });
const conversation = z.looseObject({
  id: z.string(),
  leadId: z.string(),
  lastMessageAt: time,
  updatedAt: time,
});
const message = z.looseObject({
  id: z.string(),
  conversationId: z.string(),
  occurredAt: time,
  seq: z.number(),
});
const lead = z.looseObject({ id: z.string(), updatedAt: time });

const event = z.object({
  cursor: z.string(),
  type: z.string(),
  at: time,
  leadId: z.nullish(z.string()),
  conversationId: z.nullish(z.string()),
  messageId: z.nullish(z.string()),
  data: z.unknown(),
  conversation: z.nullish(conversation),
  message: z.nullish(message),
  lead: z.nullish(lead),
});

const viewer = z.object({ memberId: z.string(), name: z.string(), state: z.enum(["viewing", "typing"]) });

const frame = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("ready"),
    cursor: z.string(),
    missed: z.number(),
    heartbeatSeconds: z.number().check(z.positive()),
  }),
  z.object({ type: z.literal("reset"), cursor: z.string(), reason: z.optional(z.string()) }),
  z.object({ type: z.literal("event"), event }),
  z.object({ type: z.literal("beat") }),
  z.object({ type: z.literal("presence"), conversationId: z.string(), members: z.array(viewer) }),
  z.object({ type: z.literal("renew") }),
  z.object({ type: z.literal("renewed") }),
]);

export type Frame = z.infer<typeof frame>;
export type Viewer = z.infer<typeof viewer>;

/** An event with its rows as the API types them. */
export type FeedEvent = Omit<z.infer<typeof event>, "conversation" | "message" | "lead"> & {
  conversation?: Conversation | null | undefined;
  message?: Message | null | undefined;
  lead?: Lead | null | undefined;
};

/** A frame, or nothing when it is none that this console knows. */
export function readFrame(text: unknown): Frame | undefined {
  if (typeof text !== "string") return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = frame.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

export type ClientFrame =
  | { type: "hello"; cursor: string | null; topics: string[] }
  | { type: "renew"; ticket: string }
  | { type: "subscribe" | "unsubscribe"; topic: string }
  | { type: "presence"; conversationId: string; state: "viewing" | "typing" | "gone" };
