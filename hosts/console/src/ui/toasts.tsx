import { CircleAlert, CircleCheck, X } from "lucide-react";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { whenMemberLeaves } from "~/state/member";
import { createStore, useStore } from "~/state/store";
import { classes } from "./classes";

interface Toast {
  id: number;
  tone: "done" | "failed";
  words: string;
}

const messages = catalogue({
  en: { dismiss: "Dismiss", region: "Notices" },
  th: { dismiss: "ปิด", region: "การแจ้งเตือน" },
});
const toasts = createStore<Toast[]>([]);
const SHOWN_MS = 6_000;
let next = 1;

whenMemberLeaves(() => toasts.set([]));

/** Says something at the edge of the page for a few seconds. */
export function toast(tone: Toast["tone"], words: string): void {
  const id = next++;
  toasts.set((now) => [...now.slice(-2), { id, tone, words }]);
  setTimeout(() => dismiss(id), SHOWN_MS);
}

function dismiss(id: number): void {
  toasts.set((now) => now.filter((one) => one.id !== id));
}

export function Toasts() {
  const shown = useStore(toasts);
  const t = useMessages(messages);
  return (
    <section
      aria-label={t.region}
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 top-3 z-50 flex flex-col items-center gap-2 px-3"
    >
      {shown.map((one) => (
        <div
          key={one.id}
          className="pointer-events-auto flex max-w-md animate-[rise_0.16s_ease-out] items-start gap-2 rounded-xl border border-line bg-raised py-2 pr-1.5 pl-3 text-base text-ink shadow-pop"
        >
          <span className={classes("mt-0.5", one.tone === "done" ? "text-ok" : "text-danger")}>
            {one.tone === "done" ? (
              <CircleCheck size={17} aria-hidden="true" />
            ) : (
              <CircleAlert size={17} aria-hidden="true" />
            )}
          </span>
          <p className="min-w-0 flex-1 break-words">{one.words}</p>
          <button
            type="button"
            aria-label={t.dismiss}
            onClick={() => dismiss(one.id)}
            className="inline-flex size-6 items-center justify-center rounded-md text-ink-faint hover:bg-hover"
          >
            <X size={14} aria-hidden="true" />
          </button>
        </div>
      ))}
    </section>
  );
}
