import { useAccountNames } from "~/api/people";
import type { Schemas } from "~/api/rows";

export type Account = Schemas["InboxAccount"];

/** What there is to filter by: accounts that were not removed, and whichever is filtered by already. */
export function offered(accounts: readonly Account[], chosen: string | undefined): Account[] {
  return accounts.filter(({ id, status }) => status !== "REMOVED" || id === chosen);
}

/** The accounts to filter by. */
export function useAccounts(chosen: string | undefined): Account[] {
  return offered(useAccountNames().data ?? [], chosen);
}
