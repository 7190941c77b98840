import { FileText, RotateCcw, Trash2 } from "lucide-react";
import { useMessages } from "~/i18n/catalogue";
import { directionOf } from "~/i18n/isolation";
import { clock, useLanguage } from "~/i18n/moments";
import { Given } from "~/ui/Given";
import { useProblemWords } from "~/ui/states";
import { type Deliver, outbox, type PendingSend } from "../composer/outbox";
import { Bubble, FootRoom } from "./Bubble";
import { Linkified } from "./linkify";
import { Action } from "./MessageEntry";
import { threadMessages } from "./messages";
import { Own } from "./Own";
import { Ticks } from "./Ticks";

/** What this tab is sending, before the server has it. */
export function PendingEntry({ pending, deliver }: { pending: PendingSend; deliver: Deliver }) {
  const t = useMessages(threadMessages);
  const language = useLanguage();
  const words = useProblemWords();
  const { content, state } = pending;
  const failed = state === "failed";
  return (
    <article aria-label={t.by(t.you, clock(pending.at, language))} data-pending={pending.clientMessageId}>
      <Bubble
        side={content.kind === "note" ? "note" : "out"}
        first={false}
        last
        flush={content.kind === "file"}
        footInline={content.kind !== "file"}
        foot={
          <>
            <time className="tabular-nums">{clock(pending.at, language)}</time>
            <Ticks status={failed ? "FAILED" : "SENDING"} />
          </>
        }
        below={
          failed && (
            <div className="mt-0.5 flex max-w-[85%] flex-wrap items-center justify-end gap-x-2.5 px-1 text-sm text-danger">
              <span role="alert" className="break-words">
                {pending.problem ? t.failedWhy(words(pending.problem)) : t.failed}
              </span>
              <Action
                onClick={() => void outbox.retry(pending.clientMessageId, deliver)}
                icon={<RotateCcw size={13} aria-hidden="true" />}
              >
                {t.retry}
              </Action>
              <Action
                onClick={() => outbox.discard(pending.clientMessageId)}
                icon={<Trash2 size={13} aria-hidden="true" />}
              >
                {t.discard}
              </Action>
            </div>
          )
        }
      >
        {content.kind === "file" ? (
          content.preview ? (
            <img src={content.preview} alt={content.name} className="block max-h-72 max-w-full opacity-80" />
          ) : (
            <span className="flex w-64 max-w-full items-center gap-2 p-2.5">
              <FileText size={20} className="text-danger" aria-hidden="true" />
              <Given className="truncate font-medium">{content.name}</Given>
            </span>
          )
        ) : (
          <p dir={directionOf(content.text)} className="break-words whitespace-pre-wrap">
            <Own>
              <Linkified text={content.text} />
            </Own>
            <FootRoom ours />
          </p>
        )}
      </Bubble>
    </article>
  );
}
