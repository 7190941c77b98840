import { Lock } from "lucide-react";
import type { ReactNode } from "react";
import { classes } from "~/ui/classes";
import { Given } from "~/ui/Given";

export type Side = "in" | "out" | "note";

const looks: Record<Side, string> = {
  in: "bg-bubble-in text-ink border-line",
  out: "bg-bubble-out text-bubble-out-ink border-transparent",
  note: "bg-note text-note-ink border-note-line",
};

// At the end of the last line, which is the left one of what is written from the right.
const inline =
  "absolute right-2.5 bottom-1 group-has-[p[dir=rtl]]/bubble:right-auto group-has-[p[dir=rtl]]/bubble:left-2.5";

/** The frame of one message: on the customer's side or ours, with who wrote it above the first of a row. */
export function Bubble({
  side,
  name,
  first,
  last,
  foot,
  below,
  flush = false,
  footInline = false,
  children,
}: {
  side: Side;
  /** Shown above the first of a row. */
  name?: string | undefined;
  first: boolean;
  last: boolean;
  foot: ReactNode;
  below?: ReactNode;
  /** Without a margin of its own, for pictures and cards. */
  flush?: boolean;
  /** The foot shares the last line of the words, which leave room for it (`FootRoom`). */
  footInline?: boolean;
  children: ReactNode;
}) {
  const ours = side !== "in";
  return (
    <div
      className={classes(
        "flex flex-col px-3 md:px-5",
        ours ? "items-end" : "items-start",
        first ? "pt-2.5" : "pt-0.5",
      )}
    >
      {first && name && (
        <span className={classes("mb-0.5 flex items-center gap-1 px-1 text-xs font-medium text-ink-faint")}>
          {side === "note" && <Lock size={11} aria-hidden="true" />}
          <Given>{name}</Given>
        </span>
      )}
      <div
        className={classes(
          "group/bubble relative max-w-[min(85%,36rem)] min-w-16 overflow-hidden rounded-2xl border text-base shadow-low",
          looks[side],
          ours && last && "rounded-br-md",
          !ours && last && "rounded-bl-md",
        )}
      >
        <div className={flush ? "" : footInline ? "px-3 py-1.5" : "px-3 pt-1.5"}>{children}</div>
        <div
          className={classes(
            "flex items-center justify-end gap-1 text-[0.6875rem] leading-[1.5] opacity-90",
            footInline ? inline : "px-2.5 pb-1",
            flush && "pt-1",
          )}
        >
          {foot}
        </div>
      </div>
      {below}
    </div>
  );
}

/** Holds the last line of a text clear of what stands in the bubble's corner. */
export function FootRoom({ ours }: { ours: boolean }) {
  return <span aria-hidden="true" className={classes("inline-block h-3", ours ? "w-15" : "w-10")} />;
}
