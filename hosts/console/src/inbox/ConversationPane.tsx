import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useEffect, useRef } from "react";
import { keys } from "~/api/keys";
import { useMay } from "~/api/people";
import type { Conversation } from "~/api/rows";
import { useSignedIn } from "~/auth/useSession";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { useConversationTopic } from "~/realtime/useRealtime";
import { useCommands } from "~/shell/commands";
import { useChords } from "~/shell/keyboard";
import { setPreferences, usePreferences } from "~/state/preferences";
import { useStore } from "~/state/store";
import { detailsDrawer, snoozeMenu, useMedia, WIDE } from "~/state/ui";
import { ErrorState } from "~/ui/states";
import { useChangeConversation, useChangeLead, useMarkRead } from "./actions";
import { Composer, type ComposerHandle } from "./composer/Composer";
import { useDeliver } from "./composer/useDeliver";
import { useOpenConversation } from "./filter";
import { useConversation, useThread } from "./queries";
import { ColleagueLine } from "./thread/Colleagues";
import { Thread } from "./thread/Thread";
import { type ThreadActions, ThreadHeader } from "./thread/ThreadHeader";
import type { ThreadPages } from "./threadPages";

const Details = lazy(async () => ({ default: (await import("./details/Details")).Details }));

const messagesOf = catalogue({
  en: {
    here: "This conversation",
    resolve: "Resolve",
    reopen: "Reopen",
    snooze: "Snooze…",
    assign: "Assign to me",
    reply: "Write a reply",
    note: "Write a note",
    unread: "Mark as unread",
    readOnly: "Your role may read conversations, but not answer them.",
  },
  th: {
    here: "บทสนทนานี้",
    resolve: "ปิดบทสนทนา",
    reopen: "เปิดอีกครั้ง",
    snooze: "พักไว้…",
    assign: "มอบหมายให้ฉัน",
    reply: "เขียนคำตอบ",
    note: "เขียนโน้ต",
    unread: "ทำเครื่องหมายว่ายังไม่อ่าน",
    readOnly: "บทบาทของคุณอ่านบทสนทนาได้ แต่ตอบไม่ได้",
  },
});

/** An open conversation; a new one for each (by `key`). */
export function ConversationPane({ id }: { id: string }) {
  const conversation = useConversation(id);
  const client = useQueryClient();
  useConversationTopic(id);
  useEffect(() => {
    // Whoever comes back asks for the newest page, not for all that was once scrolled through.
    return () => {
      client.setQueryData<ThreadPages>(keys.messages(id), (thread) =>
        thread && thread.pages.length > 1
          ? { pages: thread.pages.slice(0, 1), pageParams: thread.pageParams.slice(0, 1) }
          : thread,
      );
    };
  }, [client, id]);
  if (conversation.data) return <Open conversation={conversation.data} />;
  if (conversation.error)
    return <ErrorState error={conversation.error} onRetry={() => void conversation.refetch()} />;
  return <div className="skeleton m-4 h-12" />;
}

function isSeen(element: Element | null): boolean {
  return element instanceof HTMLElement && element !== document.body && element.getClientRects().length > 0;
}

function Open({ conversation }: { conversation: Conversation }) {
  const { id } = conversation;
  const me = useSignedIn().member.id;
  const open = useOpenConversation();
  const change = useChangeConversation(id);
  const lead = useChangeLead({ id: conversation.leadId, conversationId: id });
  const markRead = useMarkRead(id);
  const deliver = useDeliver();
  const { messages } = useThread(id);
  const composer = useRef<ComposerHandle>(null);
  const wide = useMedia(WIDE);
  const drawer = useStore(detailsDrawer);
  const { detailsOpen } = usePreferences();
  const mayChange = useMay("leads:write");
  const mayAssign = useMay("leads:assign");
  const shown = wide ? detailsOpen : drawer;

  // What the agent sets to unread stays so until they come back to it. Seen is told once for each thing to see, so
  // that a refusal is not asked for again and again.
  const keptUnread = useRef(false);
  const told = useRef<string>(undefined);
  const unread = conversation.unreadCount;
  const mention = messages.findLast((one) => one.mentions?.includes(me))?.id;
  const newest = messages.at(-1)?.id;
  const { mutate: read } = markRead;
  const onSeen = useCallback(() => {
    if (!mayChange || keptUnread.current || document.visibilityState !== "visible") return;
    const seen = unread > 0 ? `${newest}/${unread}` : mention ? `mention/${mention}` : undefined;
    if (seen === told.current) return;
    // Once nothing is to see, the same may be to see again: an event that left before it was read comes after.
    told.current = seen;
    if (seen !== undefined) read(false);
  }, [unread, mention, newest, mayChange, read]);
  useEffect(() => {
    document.addEventListener("visibilitychange", onSeen);
    return () => document.removeEventListener("visibilitychange", onSeen);
  }, [onSeen]);

  const showDetails = (next: boolean) => {
    if (wide) setPreferences({ detailsOpen: next });
    else detailsDrawer.set(next);
  };
  useEffect(() => () => detailsDrawer.set(false), []);

  const actions: ThreadActions = {
    resolve: () => change.mutate({ status: "RESOLVED" }),
    reopen: () => change.mutate({ status: "OPEN" }),
    pend: () => change.mutate({ status: "PENDING" }),
    snooze: (until) => change.mutate({ snoozedUntil: until === null ? null : new Date(until).toISOString() }),
    assignMe: () => lead.mutate({ kind: "assign", assignment: { mode: "MANUAL", memberId: me } }),
    markUnread: () => {
      keptUnread.current = true;
      markRead.mutate(true);
    },
    back: () => open(undefined),
    toggleDetails: () => showDetails(!shown),
  };

  useChords({
    "Alt+L": () => composer.current?.reply(),
    "Alt+P": () => composer.current?.note(),
    "Alt+O": () => showDetails(!shown),
    ...(mayChange
      ? {
          "Alt+E": conversation.status === "RESOLVED" ? actions.reopen : actions.resolve,
          "Alt+M": () => snoozeMenu.set(true),
        }
      : {}),
    ...(mayAssign ? { "Alt+A": actions.assignMe } : {}),
    Escape: () => {
      if (!wide && drawer) showDetails(false);
      else if (document.activeElement instanceof HTMLTextAreaElement) document.activeElement.blur();
      else actions.back();
    },
  });

  const t = useMessages(messagesOf);
  const resolved = conversation.status === "RESOLVED";
  useCommands("conversation", [
    ...(mayChange
      ? [
          { id: "reply", words: t.reply, keys: "Alt+L", group: t.here, run: () => composer.current?.reply() },
          { id: "note", words: t.note, keys: "Alt+P", group: t.here, run: () => composer.current?.note() },
          {
            id: "resolve",
            words: resolved ? t.reopen : t.resolve,
            keys: "Alt+E",
            group: t.here,
            run: resolved ? actions.reopen : actions.resolve,
          },
          { id: "snooze", words: t.snooze, keys: "Alt+M", group: t.here, run: () => snoozeMenu.set(true) },
          { id: "unread", words: t.unread, group: t.here, run: actions.markUnread },
        ]
      : []),
    ...(mayAssign
      ? [{ id: "assign", words: t.assign, keys: "Alt+A", group: t.here, run: actions.assignMe }]
      : []),
  ]);

  // Whoever opened it with the row or the button that is gone now would stand nowhere.
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!isSeen(document.activeElement)) section.current?.focus();
  }, []);

  return (
    <div className="flex h-full min-w-0">
      <section
        ref={section}
        tabIndex={-1}
        aria-label={conversation.participantDisplayName}
        className="outline-none flex h-full min-w-0 flex-1 flex-col"
      >
        <ThreadHeader
          conversation={conversation}
          actions={actions}
          detailsOpen={shown}
          busy={change.isPending}
        />
        <div className="min-h-0 flex-1">
          <Thread conversation={conversation} deliver={deliver} onSeen={onSeen} />
        </div>
        <ColleagueLine conversationId={id} />
        {mayChange ? (
          <Composer conversation={conversation} messages={messages} deliver={deliver} handle={composer} />
        ) : (
          <p className="shrink-0 border-t border-line bg-surface px-5 py-3 text-base text-ink-soft">
            {t.readOnly}
          </p>
        )}
      </section>
      {shown && (
        <>
          {!wide && (
            <button
              type="button"
              aria-hidden="true"
              tabIndex={-1}
              onClick={() => showDetails(false)}
              className="fixed inset-0 z-20 hidden bg-scrim md:block"
            />
          )}
          <aside
            aria-label={conversation.participantDisplayName}
            className={
              wide
                ? "h-full w-75 shrink-0 border-l border-line bg-surface"
                : "fixed inset-y-0 right-0 z-30 w-full bg-surface shadow-pop md:w-90 md:border-l md:border-line"
            }
          >
            <Suspense fallback={<div className="skeleton m-4 h-40" />}>
              <Details conversation={conversation} onClose={() => showDetails(false)} />
            </Suspense>
          </aside>
        </>
      )}
    </div>
  );
}
