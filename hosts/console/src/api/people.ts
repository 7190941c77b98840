import { useQuery } from "@tanstack/react-query";
import { answer, api } from "./client";
import { keys } from "./keys";
import type { Schemas } from "./rows";

export type Permission = Schemas["Permission"];

// Lists of the tenant's own making: short, and the same on every screen.
const RARELY_CHANGES = 5 * 60_000;

export function useMe() {
  return useQuery({
    queryKey: keys.me,
    queryFn: () => answer(api.GET("/api/me")),
    staleTime: RARELY_CHANGES,
  });
}

/** Whether the member may do something; false until that is known. */
export function useMay(permission: Permission): boolean {
  return useMe().data?.permissions.includes(permission) ?? false;
}

export function useMembers() {
  return useQuery({
    queryKey: keys.members,
    queryFn: async () => (await answer(api.GET("/api/members"))).items,
    staleTime: RARELY_CHANGES,
  });
}

export function useTeams() {
  return useQuery({
    queryKey: keys.teams,
    queryFn: async () => (await answer(api.GET("/api/teams"))).items,
    staleTime: RARELY_CHANGES,
  });
}

/** All accounts by name, removed ones too, for everybody who reads the inbox. */
export function useAccountNames() {
  return useQuery({
    queryKey: keys.accounts,
    queryFn: async () => {
      const accounts: Schemas["InboxAccount"][] = [];
      let cursor: string | undefined;
      do {
        const query = { limit: 200, ...(cursor === undefined ? {} : { cursor }) };
        const page = await answer(api.GET("/api/inbox/accounts", { params: { query } }));
        accounts.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      return accounts;
    },
    staleTime: RARELY_CHANGES,
  });
}

/** The accounts; only for those who may see them, nothing for others. */
export function useChannels() {
  const may = useMay("channels:manage");
  return useQuery({
    queryKey: keys.channels,
    enabled: may,
    queryFn: async () => (await answer(api.GET("/api/channels"))).items,
    staleTime: RARELY_CHANGES,
  });
}
