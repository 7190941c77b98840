import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { answer, api } from "~/api/client";
import { keys } from "~/api/keys";
import { problemOf } from "~/api/problem";
import type { Draft } from "~/api/rows";
import { whenMemberLeaves } from "~/state/member";
import { type DraftDoor, DraftKeeper, type DraftText } from "./draftKeeper";

// The drafts of this tab. The cache has what the server has; what is written and not saved yet is with the keepers.

/** A draft as the server has it: with its file. */
export type StoredDraft = DraftText & Pick<Draft, "file">;

export function draftQuery(conversationId: string) {
  return queryOptions({
    queryKey: keys.draft(conversationId),
    // No body is no draft.
    queryFn: async (): Promise<StoredDraft | null> =>
      (await answer<Draft | undefined>(
        api.GET("/api/conversations/{id}/draft", { params: { path: { id: conversationId } } }),
      )) ?? null,
    // Whatever this tab saves is put here.
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

function doorOf(client: QueryClient, conversationId: string): DraftDoor {
  const query = draftQuery(conversationId);
  const params = { path: { id: conversationId } };
  const store = (stored: StoredDraft | null, signal: AbortSignal) => {
    if (!signal.aborted) client.setQueryData(query.queryKey, stored);
  };
  return {
    read: () => client.ensureQueryData(query),
    put: async ({ text, note, mediaId }, signal) => {
      const put = (file: { mediaId?: string }) =>
        answer(
          api.PUT("/api/conversations/{id}/draft", { params, body: { text, note, ...file }, signal }),
        ).then((stored) => store(stored, signal));
      if (mediaId === undefined) return put({});
      try {
        return await put({ mediaId });
      } catch (error) {
        // A file that can be sent no more is no reason to lose the words.
        if (problemOf(error).field === "mediaId") return put({});
        throw error;
      }
    },
    remove: async (signal) => {
      try {
        await answer(api.DELETE("/api/conversations/{id}/draft", { params, signal }));
      } catch (error) {
        if (problemOf(error).status !== 404) throw error;
      }
      store(null, signal);
    },
  };
}

/** By conversation: those where somebody writes, and those with something left to save. */
const keepers = new Map<string, DraftKeeper>();

whenMemberLeaves(() => {
  for (const keeper of keepers.values()) keeper.forget();
  keepers.clear();
});

/** The keeper of a conversation's draft: the one that is still at work there, else a new one. */
export function keeperOf(client: QueryClient, conversationId: string): DraftKeeper {
  const found = keepers.get(conversationId);
  if (found) return found;
  const stored = client.getQueryData(draftQuery(conversationId).queryKey);
  const made: DraftKeeper = new DraftKeeper(doorOf(client, conversationId), stored, () => {
    if (keepers.get(conversationId) === made) keepers.delete(conversationId);
  });
  return made;
}

/** Somebody writes in a conversation, until they call what this returns. */
export function attend(conversationId: string, keeper: DraftKeeper): () => void {
  keepers.set(conversationId, keeper);
  return keeper.attend();
}
