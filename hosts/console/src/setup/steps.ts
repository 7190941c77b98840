export type StepName = "name" | "channel" | "health" | "message" | "colleague" | "key";

export interface SetupFacts {
  tenant: { name: string; slug: string };
  /** Connected accounts that were not removed, by their status. */
  channels: readonly { status: string }[];
  hasConversation: boolean;
  /** Members and invited people, oneself too. */
  people: number;
  /** API keys that are still good. */
  keys: number;
}

export interface Step {
  name: StepName;
  done: boolean;
  /** Nothing is missing without it. */
  optional: boolean;
  /** Something else comes first. */
  blocked: boolean;
}

/** The first steps of a workspace, as far as the server knows them done: nobody ticks them off. */
export function stepsOf({ tenant, channels, hasConversation, people, keys }: SetupFacts): Step[] {
  const connected = channels.length > 0;
  const step = (name: StepName, done: boolean, more: Partial<Step> = {}) => ({
    name,
    done,
    optional: false,
    blocked: false,
    ...more,
  });
  return [
    // A first start names the tenant as its short name: nobody has said yet what it is called.
    step("name", tenant.name.toLowerCase() !== tenant.slug.toLowerCase(), { optional: true }),
    step("channel", connected),
    step("health", connected && channels.every(({ status }) => status === "ACTIVE"), { blocked: !connected }),
    step("message", hasConversation, { blocked: !connected }),
    step("colleague", people > 1, { optional: true }),
    step("key", keys > 0, { optional: true }),
  ];
}
