import { useMutation } from "@tanstack/react-query";
import { Ban, Copy, CornerUpLeft, RotateCcw } from "lucide-react";
import { memo, type ReactNode } from "react";
import { answer, api } from "~/api/client";
import type { Message } from "~/api/rows";
import { useMessages } from "~/i18n/catalogue";
import { clock, fullMoment, useLanguage } from "~/i18n/moments";
import { useCacheWriter } from "~/realtime/useRealtime";
import { Given } from "~/ui/Given";
import { useProblemWords } from "~/ui/states";
import { toast } from "~/ui/toasts";
import { usePreviewWords } from "../previews";
import { Bubble, FootRoom, type Side } from "./Bubble";
import { failureWords } from "./failures";
import { MessageContent } from "./MessageContent";
import { threadMessages } from "./messages";
import { useNoticeWords } from "./notices";
import type { Reaction } from "./reactions";
import { Ticks } from "./Ticks";

interface Props {
  message: Message;
  name: string;
  first: boolean;
  last: boolean;
  quoted?: Message | undefined;
  reactions?: Reaction[] | undefined;
}

function sideOf(message: Message): Side {
  if (message.direction === "INTERNAL") return "note";
  return message.direction === "OUTBOUND" ? "out" : "in";
}

const hasFile = (message: Message) => ["IMAGE", "VIDEO", "AUDIO", "FILE"].includes(message.messageType);

/** Words and nothing below them. */
function isPlain(message: Message): boolean {
  if (message.messageType === "NOTE" || message.messageType === "PUBLIC_REPLY") return true;
  return message.messageType === "TEXT" && message.attributes === undefined;
}

export const MessageEntry = memo(function MessageEntry({
  message,
  name,
  first,
  last,
  quoted,
  reactions,
}: Props) {
  const t = useMessages(threadMessages);
  const language = useLanguage();
  // What was taken back has no kind left, whoever wrote it.
  const unsent = message.unsentAt !== undefined;
  if (message.messageType === "SYSTEM" && !unsent) return <SystemLine message={message} />;
  if (message.messageType === "REACTION") return <StrayReaction message={message} name={name} />;
  const side = sideOf(message);
  const at = Date.parse(message.occurredAt);
  const footInline = !unsent && !message.editedAt && isPlain(message);
  const foot = (
    <>
      {message.editedAt && !unsent && (
        <span title={fullMoment(Date.parse(message.editedAt), language)}>{t.edited}</span>
      )}
      <time dateTime={message.occurredAt} title={fullMoment(at, language)} className="tabular-nums">
        {clock(at, language)}
      </time>
      {side === "out" && <Ticks status={message.deliveryStatus} />}
    </>
  );
  return (
    <article aria-label={t.by(name, clock(at, language))} data-message={message.id}>
      <Bubble
        side={side}
        name={
          side === "in" && first
            ? name
            : side === "in"
              ? undefined
              : side === "note"
                ? `${t.note} · ${name}`
                : name
        }
        first={first}
        last={last}
        flush={hasFile(message) && !unsent}
        footInline={footInline}
        foot={foot}
        below={
          <>
            {reactions && reactions.length > 0 && <Reactions reactions={reactions} />}
            {!unsent && side === "out" && <Trouble message={message} />}
          </>
        }
      >
        {message.replyToExternalMessageId && !unsent && <Quote message={quoted} />}
        {unsent ? (
          <p className="flex items-center gap-1.5 italic opacity-85">
            <Ban size={14} aria-hidden="true" />
            {t.unsent}
          </p>
        ) : (
          <MessageContent
            message={message}
            room={footInline ? <FootRoom ours={side === "out"} /> : undefined}
          />
        )}
      </Bubble>
    </article>
  );
});

function Quote({ message }: { message: Message | undefined }) {
  const t = useMessages(threadMessages);
  const preview = usePreviewWords();
  return (
    <div className="mx-3 mt-1 mb-1 flex items-start gap-1.5 border-l-2 border-current/40 pl-2 text-sm opacity-80 first:mx-0">
      <CornerUpLeft size={13} className="mt-1 shrink-0" aria-hidden="true" />
      <p className="line-clamp-2 break-words">
        <span className="sr-only">{t.quoted} </span>
        <Given>
          {message ? (message.content ?? preview(`[${message.messageType.toLowerCase()}]`)) : t.quotedGone}
        </Given>
      </p>
    </div>
  );
}

function Reactions({ reactions }: { reactions: Reaction[] }) {
  return (
    <ul className="z-1 -mt-1.5 flex gap-1 px-2">
      {reactions.map(({ emoji, count }) => (
        <li key={emoji} className="rounded-full border border-line bg-raised px-1.5 text-sm shadow-low">
          {emoji}
          {count > 1 && <span className="ml-0.5 text-xs text-ink-soft">{count}</span>}
        </li>
      ))}
    </ul>
  );
}

/** What went wrong with a message of ours, and what can be done about it. */
function Trouble({ message }: { message: Message }) {
  const t = useMessages(threadMessages);
  const language = useLanguage();
  const words = useProblemWords();
  const writer = useCacheWriter();
  const uncertain = message.deliveryStatus === "UNCERTAIN";
  const retry = useMutation({
    mutationFn: (failed: Message) =>
      answer(
        api.POST("/api/messages/{id}/retry", {
          params: { path: { id: failed.id } },
          body: failed.deliveryStatus === "UNCERTAIN" ? { confirm: true } : {},
        }),
      ),
    onSuccess: (row, failed) => writer?.answered(row, failed),
    onError: (error) => toast("failed", words(error)),
  });
  if (message.deliveryStatus !== "FAILED" && !uncertain) return null;
  const copy = async () => {
    await navigator.clipboard.writeText(message.content ?? "");
    toast("done", t.copied);
  };
  return (
    <div
      className={`mt-0.5 flex max-w-[85%] flex-wrap items-center justify-end gap-x-2.5 px-1 text-sm ${uncertain ? "text-warn" : "text-danger"}`}
    >
      <span className="text-right break-words">
        {uncertain
          ? t.uncertain
          : message.failure
            ? t.failedWhy(failureWords(message.failure, language))
            : t.failed}
      </span>
      <Action
        onClick={() => retry.mutate(message)}
        disabled={retry.isPending}
        icon={<RotateCcw size={13} aria-hidden="true" />}
      >
        {uncertain ? t.resend : t.retry}
      </Action>
      {message.messageType === "TEXT" && (
        <Action onClick={() => void copy()} icon={<Copy size={13} aria-hidden="true" />}>
          {t.copy}
        </Action>
      )}
    </div>
  );
}

export function Action({
  icon,
  children,
  ...rest
}: {
  icon: ReactNode;
  children: ReactNode;
  onClick(): void;
  disabled?: boolean;
}) {
  return (
    <button
      type="button"
      {...rest}
      className="touch-target inline-flex min-h-6 items-center gap-1 font-medium text-ink underline-offset-2 hover:underline disabled:opacity-50"
    >
      {icon}
      {children}
    </button>
  );
}

function SystemLine({ message }: { message: Message }) {
  const words = useNoticeWords();
  return (
    <p className="px-5 py-1.5 text-center text-xs text-ink-faint" data-message={message.id}>
      <span className="rounded-full bg-sunken px-2.5 py-0.5">{words(message.content ?? "")}</span>
    </p>
  );
}

function StrayReaction({ message, name }: { message: Message; name: string }) {
  const preview = usePreviewWords();
  return (
    <p className="px-5 py-1.5 text-center text-xs text-ink-faint" data-message={message.id}>
      <Given>{name}</Given> · <Given>{message.content || preview("[reaction taken back]")}</Given>
    </p>
  );
}
