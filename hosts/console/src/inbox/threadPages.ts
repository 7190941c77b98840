import type { Message, Page } from "~/api/rows";

// The messages of a conversation as the cache holds them: pages from the newest backwards, each newest first.

export interface ThreadPages {
  pages: Page<Message>[];
  pageParams: unknown[];
}

function isNewer(a: Message, b: Message): boolean {
  const [first, second] = [Date.parse(a.occurredAt), Date.parse(b.occurredAt)];
  return first === second ? a.seq > b.seq : first > second;
}

/** The message in the thread: replaced where it stands, or put in its place. */
export function withMessage<T extends ThreadPages>(thread: T, message: Message): T {
  const pages = [...thread.pages];
  for (const [index, page] of pages.entries()) {
    const at = page.items.findIndex((one) => one.id === message.id);
    if (at < 0) continue;
    const items = [...page.items];
    items[at] = message;
    pages[index] = { ...page, items };
    return { ...thread, pages };
  }
  for (const [index, page] of pages.entries()) {
    const at = page.items.findIndex((one) => isNewer(message, one));
    if (at < 0) continue;
    pages[index] = { ...page, items: [...page.items.slice(0, at), message, ...page.items.slice(at)] };
    return { ...thread, pages };
  }
  // Older than all that is loaded: it comes with its page, if there is one to come.
  const last = pages.at(-1);
  if (!last || last.nextCursor) return thread;
  pages[pages.length - 1] = { ...last, items: [...last.items, message] };
  return { ...thread, pages };
}

/** All that is loaded, in the order in which people read. */
export function chronological(thread: ThreadPages): Message[] {
  return thread.pages.flatMap((page) => page.items).reverse();
}
