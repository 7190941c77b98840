import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "~/api/client";
import { keys } from "~/api/keys";
import type { Conversation, Lead, LeadStatus, Schemas } from "~/api/rows";
import { useCacheWriter } from "~/realtime/useRealtime";
import { useProblemWords } from "~/ui/states";
import { toast } from "~/ui/toasts";

// What one does to a conversation and its lead. Answers are put into the cache as events are; a refusal is told,
// and the cache goes back to what the server has.

export interface ConversationChange {
  status?: Schemas["ConversationStatus"];
  snoozedUntil?: string | null;
}

export function useChangeConversation(id: string) {
  const writer = useCacheWriter();
  const client = useQueryClient();
  const words = useProblemWords();
  return useMutation({
    mutationFn: (change: ConversationChange) =>
      answer(
        api.PATCH("/api/conversations/{id}", {
          params: { path: { id } },
          body: change,
        }),
      ),
    onSuccess: (row) => {
      writer?.conversation(row);
      void client.invalidateQueries({ queryKey: keys.counts });
    },
    onError: (error) => toast("failed", words(error)),
  });
}

export function useMarkRead(id: string) {
  const writer = useCacheWriter();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (unread: boolean) =>
      answer(
        api.POST("/api/conversations/{id}/mark-read", {
          params: { path: { id } },
          ...(unread ? { body: { unread } } : {}),
        }),
      ),
    onSuccess: (row) => {
      writer?.conversation(row);
      void client.invalidateQueries({ queryKey: keys.counts });
    },
  });
}

export type LeadChange =
  | { kind: "stage"; status: LeadStatus }
  | { kind: "assign"; assignment: Schemas["LeadAssignment"] }
  | { kind: "patch"; patch: { note?: string | null; tags?: string[] } };

export function useChangeLead(lead: { id: string; conversationId?: string | undefined }) {
  const writer = useCacheWriter();
  const client = useQueryClient();
  const words = useProblemWords();
  return useMutation({
    mutationFn: (change: LeadChange) => {
      const params = { path: { id: lead.id } };
      if (change.kind === "assign")
        return answer(api.POST("/api/leads/{id}/assign", { params, body: change.assignment }));
      const body = change.kind === "stage" ? { status: change.status } : change.patch;
      return answer(api.PATCH("/api/leads/{id}", { params, body }));
    },
    onMutate: (change) => {
      const before = client.getQueryData<Lead>(keys.lead(lead.id));
      if (before && change.kind === "stage")
        client.setQueryData(keys.lead(lead.id), { ...before, status: change.status });
      if (before && change.kind === "patch")
        client.setQueryData(keys.lead(lead.id), { ...before, ...change.patch });
      return { before };
    },
    onSuccess: (row) => {
      writer?.lead(row);
      if (lead.conversationId) {
        const known = client.getQueryData<Conversation>(keys.conversation(lead.conversationId));
        if (known) writer?.conversation(withLead(known, row));
      }
      void client.invalidateQueries({ queryKey: keys.activity(lead.id) });
      void client.invalidateQueries({ queryKey: keys.counts });
    },
    onError: (error, _change, context) => {
      if (context?.before) client.setQueryData(keys.lead(lead.id), context.before);
      void client.invalidateQueries({ queryKey: keys.lead(lead.id) });
      toast("failed", words(error));
    },
  });
}

/** The row until its own event comes: what a row shows of its lead. */
function withLead(row: Conversation, lead: Lead): Conversation {
  const { assignedMemberId, assignedMemberName, assignedTeamId, assignedTeamName, ...rest } = row;
  return {
    ...rest,
    leadStatus: lead.status,
    ...(lead.assignedMemberId ? { assignedMemberId: lead.assignedMemberId } : {}),
    ...(lead.assignedMemberName ? { assignedMemberName: lead.assignedMemberName } : {}),
    ...(lead.assignedTeamId ? { assignedTeamId: lead.assignedTeamId } : {}),
    ...(lead.assignedTeamName ? { assignedTeamName: lead.assignedTeamName } : {}),
  };
}
