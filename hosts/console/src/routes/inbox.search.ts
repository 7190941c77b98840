import { z } from "~/zod";

// What the address says of the list. Anything unknown falls away, so that an old link still opens the inbox.
export const inboxSearch = z.object({
  lane: z
    .enum(["mine", "unassigned", "team", "waiting", "mentioned", "snoozed", "all"])
    .optional()
    .catch(undefined),
  status: z.enum(["OPEN", "PENDING", "RESOLVED"]).optional().catch(undefined),
  channel: z
    .enum(["LINE", "FACEBOOK", "INSTAGRAM", "WHATSAPP", "TELEGRAM", "WEBCHAT", "TIKTOK", "SHOPEE", "LAZADA"])
    .optional()
    .catch(undefined),
  account: z.uuid().optional().catch(undefined),
  assignee: z
    .union([z.literal("me"), z.literal("none"), z.uuid()])
    .optional()
    .catch(undefined),
  team: z.uuid().optional().catch(undefined),
  sort: z.enum(["LATEST", "LONGEST_WAITING"]).optional().catch(undefined),
});

export type InboxSearch = z.infer<typeof inboxSearch>;
