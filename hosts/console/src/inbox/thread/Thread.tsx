import { ArrowDown, MessageCircle } from "lucide-react";
import { type UIEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Conversation } from "~/api/rows";
import { useMessages } from "~/i18n/catalogue";
import { dayName, useLanguage, useNow } from "~/i18n/moments";
import { useStore } from "~/state/store";
import { Spinner } from "~/ui/Spinner";
import { EmptyState, ErrorState } from "~/ui/states";
import { type Deliver, outbox } from "../composer/outbox";
import { useThread } from "../queries";
import { entriesOf } from "./entries";
import { MessageEntry } from "./MessageEntry";
import { threadMessages } from "./messages";
import { PendingEntry } from "./PendingEntry";
import { reactionsOf } from "./reactions";
import { useSenderName } from "./senders";

const NEAR_TOP_PX = 600;
const AT_BOTTOM_PX = 60;

/**
 * The messages of a conversation. The scrolling box counts from its lower end: older messages that are put above
 * move nothing, and pictures that load late push up, not down.
 */
export function Thread({
  conversation,
  deliver,
  onSeen,
}: {
  conversation: Conversation;
  deliver: Deliver;
  onSeen(): void;
}) {
  const t = useMessages(threadMessages);
  const language = useLanguage();
  const now = useNow(60_000);
  const { query, messages } = useThread(conversation.id);
  const sends = useStore(outbox.sends);
  const nameOf = useSenderName(conversation.participantDisplayName);
  const scroller = useRef<HTMLDivElement>(null);
  const [atBottom, setAtBottom] = useState(true);
  const [seenSeq, setSeenSeq] = useState<number>();

  const pending = useMemo(
    () => sends.filter((one) => one.conversationId === conversation.id),
    [sends, conversation.id],
  );
  const entries = useMemo(() => entriesOf(messages, pending), [messages, pending]);
  const reactions = useMemo(() => reactionsOf(messages), [messages]);
  const byExternalId = useMemo(
    () =>
      new Map(
        messages.flatMap((message) =>
          message.externalMessageId ? [[message.externalMessageId, message] as const] : [],
        ),
      ),
    [messages],
  );
  const newest = messages.at(-1)?.seq;
  const unseen =
    seenSeq === undefined
      ? 0
      : messages.filter((one) => one.seq > seenSeq && one.direction === "INBOUND").length;

  const toBottom = useCallback(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
    setAtBottom(true);
  }, []);

  // What comes while the end is in sight is seen; what comes while one reads further up is counted.
  useEffect(() => {
    if (newest === undefined) return;
    if (atBottom) {
      setSeenSeq(newest);
      onSeen();
    }
  }, [newest, atBottom, onSeen]);

  const lastPending = pending.at(-1)?.clientMessageId;
  useEffect(() => {
    if (lastPending !== undefined) toBottom();
  }, [lastPending, toBottom]);

  const { fetchNextPage, hasNextPage, isFetching } = query;
  const onScroll = (event: UIEvent<HTMLDivElement>) => {
    const box = event.currentTarget;
    const below = -box.scrollTop;
    const above = box.scrollHeight - box.clientHeight - below;
    setAtBottom(below < AT_BOTTOM_PX);
    if (above < NEAR_TOP_PX && hasNextPage && !isFetching) void fetchNextPage();
  };

  if (query.isPending) return <ThreadSkeleton />;
  if (query.error && messages.length === 0) {
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  }
  return (
    <div className="relative h-full">
      <div
        ref={scroller}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys.
        tabIndex={0}
        className="flex h-full flex-col-reverse overflow-y-auto overscroll-contain focus-visible:-outline-offset-2"
      >
        <div role="log" aria-live="polite" aria-relevant="additions" aria-label={t.log} className="pb-3">
          <div className="flex min-h-10 items-center justify-center pt-3 text-xs text-ink-faint">
            {query.isFetchingNextPage ? (
              <Spinner />
            ) : query.hasNextPage ? (
              <button
                type="button"
                onClick={() => void query.fetchNextPage()}
                className="touch-target rounded-lg px-3 py-1 font-medium text-accent hover:bg-hover"
              >
                {t.older}
              </button>
            ) : (
              entries.length > 0 && t.beginning
            )}
          </div>
          {entries.length === 0 && (
            <EmptyState icon={<MessageCircle size={26} aria-hidden="true" />} title={t.none}>
              {t.noneWords}
            </EmptyState>
          )}
          {entries.map((entry) => {
            switch (entry.kind) {
              case "day":
                return (
                  <div key={entry.key} className="flex items-center gap-3 px-5 pt-4 pb-1">
                    <span className="h-px flex-1 bg-line" />
                    <span className="text-xs font-medium text-ink-faint">
                      {dayName(entry.at, now, language)}
                    </span>
                    <span className="h-px flex-1 bg-line" />
                  </div>
                );
              case "pending":
                return <PendingEntry key={entry.key} pending={entry.pending} deliver={deliver} />;
              default:
                return (
                  <MessageEntry
                    key={entry.key}
                    message={entry.message}
                    name={nameOf(entry.message)}
                    first={entry.first}
                    last={entry.last}
                    quoted={byExternalId.get(entry.message.replyToExternalMessageId ?? "")}
                    reactions={reactions.get(entry.message.externalMessageId ?? "")}
                  />
                );
            }
          })}
        </div>
      </div>
      {!atBottom && (
        <button
          type="button"
          onClick={toBottom}
          aria-label={unseen > 0 ? t.newMessages(unseen) : t.newest}
          className="absolute right-4 bottom-3 inline-flex h-9 min-w-9 items-center justify-center gap-1.5 rounded-full border border-line bg-raised px-2.5 text-sm font-medium text-ink shadow-pop hover:bg-hover"
        >
          {unseen > 0 && <span>{t.newMessages(unseen)}</span>}
          <ArrowDown size={16} aria-hidden="true" />
        </button>
      )}
    </div>
  );
}

function ThreadSkeleton() {
  return (
    <div aria-hidden="true" className="flex h-full flex-col justify-end gap-3 overflow-hidden p-5">
      {[
        ["a", "w-2/5"],
        ["b", "w-1/3 self-end"],
        ["c", "w-1/2"],
        ["d", "w-2/5 self-end"],
        ["e", "w-1/4"],
      ].map(([key, look]) => (
        <div key={key} className={`skeleton h-12 rounded-2xl ${look}`} />
      ))}
    </div>
  );
}
