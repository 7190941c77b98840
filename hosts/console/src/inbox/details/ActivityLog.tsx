import { useMembers, useTeams } from "~/api/people";
import type { Activity, LeadStatus } from "~/api/rows";
import { useMessages } from "~/i18n/catalogue";
import { fullMoment, shortMoment, useLanguage, useNow } from "~/i18n/moments";
import { Button } from "~/ui/Button";
import { Given } from "~/ui/Given";
import { ErrorState } from "~/ui/states";
import { useActivity } from "../queries";
import { stageMessages } from "../stages";
import { detailMessages } from "./messages";

/** What happened to the lead, the newest first. */
export function ActivityLog({ leadId }: { leadId: string }) {
  const t = useMessages(detailMessages);
  const stages = useMessages(stageMessages);
  const language = useLanguage();
  const now = useNow();
  const log = useActivity(leadId, true);
  const members = useMembers().data;
  const teams = useTeams().data;
  const nameOf = (id: unknown) =>
    members?.find((one) => one.id === id)?.name ?? teams?.find((one) => one.id === id)?.name;

  const words = (line: Activity): string => {
    const detail = (line.detail ?? {}) as Record<string, unknown>;
    switch (line.type) {
      case "STATUS_CHANGED":
        return t.STATUS_CHANGED(stages[detail.to as LeadStatus] ?? String(detail.to));
      case "ASSIGNED":
        return t.ASSIGNED(nameOf(detail.to) ?? nameOf(detail.toTeam) ?? t.nobody);
      case "NOTE_ADDED":
        return detail.cleared === true ? t.NOTE_CLEARED : t.NOTE_ADDED;
      default:
        return t[line.type] ?? line.type;
    }
  };
  const author = ({ author: by }: Activity) =>
    by.type === "member" ? nameOf(by.id) : by.type === "apiKey" ? t.byProgram : t.bySystem;

  if (log.isPending) return <div className="skeleton h-16" />;
  if (log.error) return <ErrorState compact error={log.error} onRetry={() => void log.refetch()} />;
  return (
    <div className="flex flex-col gap-2">
      <ol className="flex flex-col gap-2 border-l border-line pl-3">
        {log.data.pages
          .flatMap((page) => page.items)
          .map((line) => (
            <li key={line.id} className="relative text-sm">
              <span
                className="absolute top-1.5 -left-[15.5px] size-1.5 rounded-full bg-line-strong"
                aria-hidden="true"
              />
              <span className="text-ink">{words(line)}</span>
              <span className="block text-xs text-ink-faint">
                <Given>{author(line) ?? ""}</Given> ·{" "}
                <time dateTime={line.createdAt} title={fullMoment(Date.parse(line.createdAt), language)}>
                  {shortMoment(Date.parse(line.createdAt), now, language)}
                </time>
              </span>
            </li>
          ))}
      </ol>
      {log.hasNextPage && (
        <Button size="sm" look="quiet" busy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          {t.more}
        </Button>
      )}
    </div>
  );
}
