// The names under which the cache keeps what the server answered.

/** What a list of conversations was asked with; a plain object, so that equal ones share an entry. */
export interface ConversationFilter {
  lane: "mine" | "unassigned" | "team" | "waiting" | "mentioned" | "snoozed" | "all";
  status?: "OPEN" | "PENDING" | "RESOLVED" | undefined;
  channelType?: string | undefined;
  channelAccountId?: string | undefined;
  assignee?: string | undefined;
  teamId?: string | undefined;
  sort?: "LATEST" | "LONGEST_WAITING" | undefined;
}

/** What the audit log was asked with. */
export interface AuditFilter {
  actor?: string | undefined;
  action?: string | undefined;
  subject?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

export const keys = {
  me: ["me"] as const,
  members: ["members"] as const,
  teams: ["teams"] as const,
  channels: ["channels"] as const,
  // Below the channels: what makes those old makes their names old.
  accounts: ["channels", "accounts"] as const,
  settings: ["settings"] as const,
  sessions: ["sessions"] as const,
  apiKeys: ["api-keys"] as const,
  audit: (filter: AuditFilter) => ["audit", filter] as const,
  templates: (channelId: string) => ["channels", channelId, "templates"] as const,
  conversationLists: ["conversations", "list"] as const,
  conversationList: (filter: ConversationFilter) => ["conversations", "list", filter] as const,
  firstConversation: ["conversations", "first"] as const,
  counts: ["conversations", "counts"] as const,
  conversation: (id: string) => ["conversation", id] as const,
  messages: (conversationId: string) => ["conversation", conversationId, "messages"] as const,
  sendOptions: (conversationId: string) => ["conversation", conversationId, "send-options"] as const,
  draft: (conversationId: string) => ["conversation", conversationId, "draft"] as const,
  lead: (id: string) => ["lead", id] as const,
  activity: (leadId: string) => ["lead", leadId, "activity"] as const,
  contactConversations: (contactId: string) => ["contact", contactId, "conversations"] as const,
};
