import { whenMemberLeaves } from "~/state/member";
import { createStore } from "~/state/store";

/** The conversations of the list in front of the agent, in order: what "next" and "previous" mean. */
export const shownConversations = createStore<readonly string[]>([]);

whenMemberLeaves(() => shownConversations.set([]));

export function neighbour(
  ids: readonly string[],
  openId: string | undefined,
  by: 1 | -1,
): string | undefined {
  if (ids.length === 0) return undefined;
  const at = openId === undefined ? -1 : ids.indexOf(openId);
  if (at < 0) return by === 1 ? ids[0] : ids.at(-1);
  return ids[at + by];
}
