import type { LeadStatus } from "~/api/rows";
import { useMessages } from "~/i18n/catalogue";
import { classes } from "~/ui/classes";
import { stageLooks, stageMessages } from "./stages";

export function StagePill({ stage }: { stage: LeadStatus }) {
  const t = useMessages(stageMessages);
  return (
    <span
      className={classes(
        "inline-flex shrink-0 items-center rounded-full px-2 text-xs font-medium whitespace-nowrap",
        stageLooks[stage],
      )}
    >
      {t[stage]}
    </span>
  );
}
