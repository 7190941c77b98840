import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ConversationFilter } from "~/api/keys";
import { useTeams } from "~/api/people";
import { useSignedIn } from "~/auth/useSession";
import type { InboxSearch } from "~/routes/inbox.search";

export type Lane = ConversationFilter["lane"];

export const LANES: readonly Lane[] = [
  "mine",
  "unassigned",
  "team",
  "waiting",
  "mentioned",
  "snoozed",
  "all",
];
export const DEFAULT_LANE: Lane = "all";

export function useMyTeams() {
  const { member } = useSignedIn();
  const teams = useTeams();
  return { ...teams, data: teams.data?.filter((team) => team.memberIds.includes(member.id)) };
}

export function useInboxSearch(): InboxSearch {
  return useSearch({ from: "/inside/inbox" });
}

/** What the list shows, from the address; `undefined` while it is not known which teams one is in. */
export function useConversationFilter(): ConversationFilter | undefined {
  const search = useInboxSearch();
  const teams = useMyTeams();
  const lane = search.lane ?? DEFAULT_LANE;
  const filter: ConversationFilter = {
    lane,
    status: search.status,
    channelType: search.channel,
    channelAccountId: search.account,
    assignee: search.assignee,
    sort: search.sort,
  };
  if (lane !== "team") return filter;
  // All of one's teams together, unless one is chosen; the server filters by one owner or by all teams, not by both.
  const teamId = search.team ?? (search.assignee ? teams.data?.[0]?.id : undefined);
  if (teamId) return { ...filter, teamId };
  return teams.data?.length ? filter : undefined;
}

/** Changes the address: what is given changes, what is `undefined` goes. */
export function useChangeSearch(): (change: Partial<InboxSearch>) => void {
  const navigate = useNavigate();
  return (change) =>
    void navigate({ to: ".", search: (now: InboxSearch) => ({ ...now, ...change }), replace: true });
}

/** Opens a conversation, or closes it; the list stays as it is. */
export function useOpenConversation(): (id: string | undefined) => void {
  const navigate = useNavigate();
  return (id) => {
    const search = (now: InboxSearch) => now;
    if (id) void navigate({ to: "/inbox/$conversationId", params: { conversationId: id }, search });
    else void navigate({ to: "/inbox", search });
  };
}
