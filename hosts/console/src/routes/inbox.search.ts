import { z } from "~/zod";

// What the address says of the list. Anything unknown falls away, so that an old link still opens the inbox.
export const inboxSearch = z.object({
  lane: z.catch(
    z.optional(z.enum(["mine", "unassigned", "team", "waiting", "mentioned", "snoozed", "all"])),
    undefined,
  ),
  status: z.catch(z.optional(z.enum(["OPEN", "PENDING", "RESOLVED"])), undefined),
  channel: z.catch(
    z.optional(
      z.enum([
        "LINE",
        "FACEBOOK",
        "INSTAGRAM",
        "WHATSAPP",
        "TELEGRAM",
        "WEBCHAT",
        "TIKTOK",
        "SHOPEE",
        "LAZADA",
      ]),
    ),
    undefined,
  ),
  account: z.catch(z.optional(z.uuid()), undefined),
  assignee: z.catch(z.optional(z.union([z.literal("me"), z.literal("none"), z.uuid()])), undefined),
  team: z.catch(z.optional(z.uuid()), undefined),
  sort: z.catch(z.optional(z.enum(["LATEST", "LONGEST_WAITING"])), undefined),
});

export type InboxSearch = z.infer<typeof inboxSearch>;
