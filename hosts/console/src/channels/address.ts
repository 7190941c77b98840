import type { Schemas } from "~/api/rows";
import { type Connectable, kinds } from "./kinds";

/** The address to set at the provider: of the account, or of one app's webhooks for all accounts. */
export function webhookAddress(
  channel: Pick<Schemas["Channel"], "webhookUrl" | "webhookPath">,
  here: string,
): string {
  return channel.webhookUrl ?? `${here}${channel.webhookPath}`;
}

/** The callback of an app that serves all accounts of a channel; `undefined` where each account has its own. */
export function appAddress(type: Connectable, here: string): string | undefined {
  const path = kinds[type].appPath;
  return path && `${here}${path}`;
}
