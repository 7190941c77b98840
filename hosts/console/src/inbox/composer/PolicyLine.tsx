import { Ban, Coins, FileText, Gift, Timer } from "lucide-react";
import { useMessages } from "~/i18n/catalogue";
import { classes } from "~/ui/classes";
import { composerMessages } from "./messages";
import type { Policy } from "./policy";

const looks = {
  free: { icon: Gift, look: "text-ok" },
  paid: { icon: Coins, look: "text-ink-soft" },
  hurry: { icon: Timer, look: "text-warn" },
  closed: { icon: Ban, look: "text-danger" },
} as const;

/** What may be sent now, in a line over the field. */
export function PolicyLine({
  policy,
  onTemplate,
}: {
  policy: Policy;
  onTemplate?: (() => void) | undefined;
}) {
  const t = useMessages(composerMessages);
  const { icon: Icon, look } = looks[policy.tone];
  const { words } = policy;
  return (
    <div className="flex min-w-0 basis-full items-center justify-between gap-2 px-1 sm:basis-auto">
      {words && (
        <span
          title={words}
          className={classes("flex min-w-0 items-center gap-1 text-xs font-medium tabular-nums", look)}
        >
          <Icon size={13} className="shrink-0" aria-hidden="true" />
          <span className="truncate">{words}</span>
        </span>
      )}
      {onTemplate && (
        <button
          type="button"
          onClick={onTemplate}
          className="touch-target inline-flex shrink-0 items-center gap-1 rounded-lg px-1.5 text-xs font-medium text-accent hover:bg-hover"
        >
          <FileText size={13} aria-hidden="true" />
          {t.template}
        </button>
      )}
    </div>
  );
}
