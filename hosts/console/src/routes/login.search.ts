import { z } from "~/zod";

// Only ways into this console: an address of elsewhere could be put into a link to the log-in.
const inside = z.string().check(z.regex(/^\/(?![/\\])/));

export const loginSearch = z.object({ next: z.catch(z.optional(inside), undefined) });
