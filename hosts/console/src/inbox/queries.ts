import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { answer, api } from "~/api/client";
import { type ConversationFilter, keys } from "~/api/keys";
import { problemOf } from "~/api/problem";
import type { ChannelType, Conversation } from "~/api/rows";
import { type ListPages, sortOf } from "./lists";
import { chronological } from "./threadPages";

const LIST_PAGE = 50;
const THREAD_PAGE = 40;

type ListQuery = NonNullable<Parameters<typeof listQuery>[0]>;

/** Whose conversations a lane holds, where it is about owners. */
function ownersOf(lane: ConversationFilter["lane"]): string | undefined {
  switch (lane) {
    case "mine":
      return "me";
    case "unassigned":
      return "none";
    case "team":
      return "team";
    default:
      return undefined;
  }
}

/** A filter in the words of the API. */
export function listQuery(filter: ConversationFilter) {
  const { lane } = filter;
  const waits = lane === "waiting" || sortOf(filter) === "LONGEST_WAITING";
  const assignee = filter.assignee ?? (filter.teamId ? undefined : ownersOf(lane));
  return {
    ...(filter.status ? { status: filter.status } : { active: true }),
    snoozed: lane === "snoozed",
    ...(waits ? { waiting: true } : {}),
    ...(lane === "mentioned" ? { mentioned: true } : {}),
    ...(assignee ? { assignee } : {}),
    ...(filter.teamId ? { assignedTeamId: filter.teamId } : {}),
    ...(filter.channelType ? { channelType: filter.channelType as ChannelType } : {}),
    ...(filter.channelAccountId ? { channelAccountId: filter.channelAccountId } : {}),
    ...(sortOf(filter) === "LONGEST_WAITING" ? { sort: "LONGEST_WAITING" as const } : {}),
  };
}

export function useConversationList(filter: ConversationFilter | undefined) {
  return useInfiniteQuery({
    queryKey: filter ? keys.conversationList(filter) : [...keys.conversationLists, "none"],
    enabled: filter !== undefined,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => {
      const query = {
        ...listQuery(filter as ListQuery),
        limit: LIST_PAGE,
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      return answer(api.GET("/api/conversations", { params: { query }, signal }));
    },
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
}

export function useCounts() {
  return useQuery({
    queryKey: keys.counts,
    queryFn: ({ signal }) => answer(api.GET("/api/conversations/counts", { signal })),
    placeholderData: keepPreviousData,
  });
}

/** A conversation: at once when a list has it, then as the server has it. */
export function useConversation(id: string) {
  const client = useQueryClient();
  return useQuery<Conversation>({
    queryKey: keys.conversation(id),
    queryFn: ({ signal }) => answer(api.GET("/api/conversations/{id}", { params: { path: { id } }, signal })),
    placeholderData: () =>
      inLists(client.getQueriesData<ListPages>({ queryKey: keys.conversationLists }), id),
  });
}

function inLists(lists: [readonly unknown[], ListPages | undefined][], id: string): Conversation | undefined {
  for (const [, list] of lists) {
    const found = list?.pages.flatMap((page) => page.items).find((row) => row.id === id);
    if (found) return found;
  }
  return undefined;
}

export function useThread(conversationId: string) {
  const query = useInfiniteQuery({
    queryKey: keys.messages(conversationId),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/conversations/{id}/messages", {
          params: {
            path: { id: conversationId },
            query: { limit: THREAD_PAGE, ...(pageParam ? { cursor: pageParam } : {}) },
          },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    // Receipts come by events for the open conversation only: whoever comes back asks what has changed.
    refetchOnMount: "always",
  });
  const messages = useMemo(() => (query.data ? chronological(query.data) : []), [query.data]);
  return { query, messages };
}

export function useSendOptions(conversationId: string) {
  return useQuery({
    queryKey: keys.sendOptions(conversationId),
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/conversations/{id}/send-options", { params: { path: { id: conversationId } }, signal }),
      ),
    refetchOnMount: "always",
    // A window that ends makes the answer old at that moment.
    refetchInterval: (query) => {
      const ends = (query.state.data?.options ?? []).flatMap((option) =>
        option.until ? [Date.parse(option.until)] : [],
      );
      const next = Math.min(...ends.filter((end) => end > Date.now()));
      return Number.isFinite(next) ? Math.min(next - Date.now() + 300, 600_000) : false;
    },
  });
}

export function useLead(id: string | undefined) {
  return useQuery({
    queryKey: keys.lead(id ?? ""),
    enabled: id !== undefined,
    queryFn: ({ signal }) =>
      answer(api.GET("/api/leads/{id}", { params: { path: { id: id ?? "" } }, signal })),
  });
}

export function useActivity(leadId: string, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: keys.activity(leadId),
    enabled,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/leads/{id}/activity", {
          params: { path: { id: leadId }, query: { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) } },
          signal,
        }),
      ),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
}

export function useContactConversations(contactId: string) {
  return useQuery({
    queryKey: keys.contactConversations(contactId),
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/contacts/{id}/conversations", {
          params: { path: { id: contactId }, query: { limit: 20 } },
          signal,
        }),
      ),
  });
}

export function useTemplates(channelId: string, enabled: boolean) {
  return useQuery({
    queryKey: keys.templates(channelId),
    enabled,
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/api/channels/{id}/templates", { params: { path: { id: channelId } }, signal })))
        .items,
    retry: (failures, error) => failures < 1 && problemOf(error).status === 0,
  });
}
