import type { Conversation } from "~/api/rows";
import { useMessages } from "~/i18n/catalogue";
import { shortMoment, useLanguage, useNow } from "~/i18n/moments";
import { ChannelMark } from "~/ui/ChannelMark";
import { Given } from "~/ui/Given";
import { ErrorState } from "~/ui/states";
import { useOpenConversation } from "../filter";
import { usePreviewWords } from "../previews";
import { useContactConversations } from "../queries";
import { detailMessages } from "./messages";

/** The same person's other conversations. */
export function OtherConversations({ conversation }: { conversation: Conversation }) {
  const t = useMessages(detailMessages);
  const language = useLanguage();
  const now = useNow();
  const open = useOpenConversation();
  const preview = usePreviewWords();
  const list = useContactConversations(conversation.contactId);
  if (list.isPending) return <div className="skeleton h-10" />;
  if (list.error) return <ErrorState compact error={list.error} onRetry={() => void list.refetch()} />;
  const others = list.data.items.filter((one) => one.id !== conversation.id);
  if (others.length === 0) return <p className="text-sm text-ink-faint">{t.othersNone}</p>;
  return (
    <ul className="-mx-2 flex flex-col">
      {others.map((one) => (
        <li key={one.id}>
          <button
            type="button"
            onClick={() => open(one.id)}
            className="touch-target flex w-full items-center gap-2 rounded-lg px-2 py-1.5 text-left hover:bg-hover"
          >
            <ChannelMark type={one.channelType} size={20} />
            <span className="min-w-0 flex-1">
              <Given className="block truncate text-left text-sm font-medium">{one.channelAccountName}</Given>
              <Given className="block truncate text-left text-xs text-ink-faint">
                {preview(one.lastMessagePreview)}
              </Given>
            </span>
            <time dateTime={one.lastMessageAt} className="text-xs text-ink-faint">
              {shortMoment(Date.parse(one.lastMessageAt), now, language)}
            </time>
          </button>
        </li>
      ))}
    </ul>
  );
}
