import { useQueryClient } from "@tanstack/react-query";
import { keys } from "~/api/keys";
import { useChannels } from "~/api/people";
import type { ChannelType } from "~/api/rows";
import type { ListPages } from "./lists";

export interface Account {
  id: string;
  name: string;
  channelType: ChannelType;
}

/** The accounts to filter by. Who may not see the accounts themselves knows those of the conversations in sight. */
export function useAccounts(): Account[] {
  const client = useQueryClient();
  const channels = useChannels().data;
  if (channels) return channels;
  const rows = client
    .getQueriesData<ListPages>({ queryKey: keys.conversationLists })
    .flatMap(([, list]) => list?.pages.flatMap((page) => page.items) ?? []);
  const accounts = rows.map((row) => ({
    id: row.channelAccountId,
    name: row.channelAccountName,
    channelType: row.channelType,
  }));
  return [...new Map(accounts.map((one) => [one.id, one])).values()];
}
