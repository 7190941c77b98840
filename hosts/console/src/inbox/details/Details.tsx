import { X } from "lucide-react";
import type { ReactNode } from "react";
import type { Conversation } from "~/api/rows";
import { useMessages } from "~/i18n/catalogue";
import { fullMoment, useLanguage } from "~/i18n/moments";
import { Avatar } from "~/ui/Avatar";
import { ChannelMark, channelName } from "~/ui/ChannelMark";
import { Given } from "~/ui/Given";
import { IconButton } from "~/ui/IconButton";
import { ErrorState } from "~/ui/states";
import { useChangeLead } from "../actions";
import { useLead } from "../queries";
import { ActivityLog } from "./ActivityLog";
import { LeadNote } from "./LeadNote";
import { detailMessages } from "./messages";
import { OtherConversations } from "./OtherConversations";
import { OwnerControl } from "./OwnerControl";
import { StageControl } from "./StageControl";
import { TagsControl } from "./TagsControl";

/** The person and the lead beside the thread. */
export function Details({ conversation, onClose }: { conversation: Conversation; onClose(): void }) {
  const t = useMessages(detailMessages);
  const language = useLanguage();
  const lead = useLead(conversation.leadId);
  const change = useChangeLead({ id: conversation.leadId, conversationId: conversation.id });
  const row = lead.data;
  const name = conversation.participantDisplayName;
  return (
    <div className="flex h-full flex-col">
      <header className="flex h-15 shrink-0 items-center justify-between border-b border-line px-4">
        <h2 className="text-base font-semibold">{t.details}</h2>
        <IconButton label={t.close} onClick={onClose}>
          <X size={18} aria-hidden="true" />
        </IconButton>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys. */}
      <div className="min-h-0 flex-1 overflow-y-auto focus-visible:-outline-offset-2" tabIndex={0}>
        <div className="flex items-center gap-3 px-4 py-4">
          <Avatar name={name} picture={conversation.participantProfileImageUrl} size={48} />
          <div className="min-w-0">
            <p className="truncate text-base font-semibold">
              <Given>{name}</Given>
            </p>
            <p className="flex items-center gap-1.5 text-sm text-ink-faint">
              <ChannelMark type={conversation.channelType} size={15} />
              <span className="truncate">
                {channelName(conversation.channelType)} · <Given>{conversation.channelAccountName}</Given>
              </span>
            </p>
          </div>
        </div>
        {lead.isPending && <div className="skeleton mx-4 h-40" />}
        {lead.error && !row && <ErrorState error={lead.error} onRetry={() => void lead.refetch()} />}
        {row && (
          <>
            <Part title={t.stage}>
              <StageControl
                stage={row.status}
                busy={change.isPending}
                onMove={(status) => change.mutate({ kind: "stage", status })}
              />
            </Part>
            <Part title={t.assignment}>
              <OwnerControl
                lead={row}
                busy={change.isPending}
                onAssign={(assignment) => change.mutate({ kind: "assign", assignment })}
              />
            </Part>
            <Part title={t.tags}>
              <TagsControl
                tags={row.tags}
                onChange={(tags) => change.mutate({ kind: "patch", patch: { tags } })}
              />
            </Part>
            <Part title={t.note}>
              <LeadNote
                key={row.id}
                note={row.note}
                busy={change.isPending}
                onSave={(note) => change.mutate({ kind: "patch", patch: { note } })}
              />
            </Part>
            <Part title={t.others}>
              <OtherConversations conversation={conversation} />
            </Part>
            <Part title={t.activity}>
              <ActivityLog leadId={row.id} />
            </Part>
            <p className="px-4 pt-1 pb-5 text-xs text-ink-faint">
              {t.created} {fullMoment(Date.parse(row.createdAt), language)}
            </p>
          </>
        )}
      </div>
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="border-t border-line px-4 py-3">
      <h3 className="mb-2 text-xs font-semibold text-ink-faint">{title}</h3>
      {children}
    </section>
  );
}
