import { createStore } from "~/state/store";
import type { Viewer } from "./frames";

/** Who looks at which conversation, as far as the server tells. */
export const presence = createStore<Readonly<Record<string, readonly Viewer[]>>>({});

export function setPresence(conversationId: string, members: readonly Viewer[]): void {
  presence.set((now) => {
    const { [conversationId]: _, ...others } = now;
    return members.length === 0 ? others : { ...others, [conversationId]: members };
  });
}
