import { AlarmClock, Check, Hourglass, MessagesSquare, UsersRound } from "lucide-react";
import type { Conversation } from "~/api/rows";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { shortMoment, span, useLanguage } from "~/i18n/moments";
import { Avatar } from "~/ui/Avatar";
import { ChannelMark, channelName } from "~/ui/ChannelMark";
import { classes } from "~/ui/classes";
import { Given } from "~/ui/Given";
import { isSnoozed } from "../lists";
import { usePreviewWords } from "../previews";
import { StagePill } from "../StagePill";

const messages = catalogue({
  en: {
    unread: (count: number) => `${count} unread`,
    waits: (time: string) => `waiting ${time}`,
    pending: "Pending",
    resolved: "Resolved",
    snoozed: "Snoozed",
    comment: "Comment",
    group: "Group",
    owner: (name: string) => `assigned to ${name}`,
    unnamed: "Unknown user",
  },
  th: {
    unread: (count: number) => `ยังไม่อ่าน ${count}`,
    waits: (time: string) => `รอมา ${time}`,
    pending: "รอดำเนินการ",
    resolved: "ปิดแล้ว",
    snoozed: "พักไว้",
    comment: "คอมเมนต์",
    group: "กลุ่ม",
    owner: (name: string) => `ผู้ดูแล ${name}`,
    unnamed: "ไม่ทราบชื่อ",
  },
});

const LONG_WAIT_MS = 30 * 60_000;

export const ROW_HEIGHT = 82;

/** One conversation in the list; the option around it is the list's. */
export function ConversationRow({ row, now }: { row: Conversation; now: number }) {
  const t = useMessages(messages);
  const language = useLanguage();
  const preview = usePreviewWords();
  const name = row.participantDisplayName || t.unnamed;
  const unread = row.unreadCount > 0;
  const waited = row.waitingSince ? now - Date.parse(row.waitingSince) : undefined;
  const owner = row.assignedMemberName;
  return (
    <div className="flex h-full gap-3 px-3 py-2">
      <div className="relative mt-1 h-fit">
        <Avatar name={name} picture={row.participantProfileImageUrl} size={40} />
        <span className="absolute -right-1.5 -bottom-1 rounded-[5px] ring-2 ring-surface">
          <ChannelMark type={row.channelType} size={15} />
        </span>
      </div>
      <div className="flex min-w-0 flex-1 flex-col gap-px">
        <div className="flex items-baseline gap-2">
          <Given
            className={classes(
              "min-w-0 flex-1 truncate text-left text-base text-ink",
              unread ? "font-bold" : "font-semibold",
            )}
          >
            {name}
          </Given>
          <time dateTime={row.lastMessageAt} className="shrink-0 text-xs text-ink-faint tabular-nums">
            {shortMoment(Date.parse(row.lastMessageAt), now, language)}
          </time>
        </div>
        <div className="flex items-center gap-2">
          <Given
            className={classes(
              "min-w-0 flex-1 truncate text-left text-sm",
              unread ? "font-medium text-ink" : "text-ink-soft",
            )}
          >
            {preview(row.lastMessagePreview)}
          </Given>
          {unread && (
            <span className="flex h-[18px] min-w-[18px] shrink-0 items-center justify-center rounded-full bg-accent px-1 text-[0.6875rem] font-semibold text-on-accent tabular-nums">
              <span aria-hidden="true">{row.unreadCount > 99 ? "99+" : row.unreadCount}</span>
              <span className="sr-only">{t.unread(row.unreadCount)}</span>
            </span>
          )}
        </div>
        <div className="mt-0.5 flex items-center gap-1.5 text-xs text-ink-faint">
          <StagePill stage={row.leadStatus} />
          {row.status === "RESOLVED" && (
            <span className="inline-flex shrink-0 items-center gap-0.5 text-ok">
              <Check size={12} aria-hidden="true" />
              {t.resolved}
            </span>
          )}
          {row.status === "PENDING" && <span className="shrink-0 text-warn">{t.pending}</span>}
          {isSnoozed(row, now) && (
            <span className="inline-flex shrink-0 items-center gap-0.5">
              <AlarmClock size={12} aria-hidden="true" />
              {t.snoozed}
            </span>
          )}
          {waited !== undefined && row.status !== "RESOLVED" && (
            <span
              className={classes(
                "inline-flex shrink-0 items-center gap-0.5 tabular-nums",
                waited > LONG_WAIT_MS && "font-medium text-danger",
              )}
            >
              <Hourglass size={11} aria-hidden="true" />
              <span className="sr-only">{t.waits(span(waited, language))}</span>
              <span aria-hidden="true">{span(waited, language)}</span>
            </span>
          )}
          <span className="flex min-w-0 flex-1 items-center gap-1 truncate">
            {row.threadType === "COMMENT" && (
              <MessagesSquare size={12} className="shrink-0" aria-label={t.comment} />
            )}
            {(row.threadType === "GROUP" || row.threadType === "ROOM") && (
              <UsersRound size={12} className="shrink-0" aria-label={t.group} />
            )}
            <span className="truncate" title={`${channelName(row.channelType)}: ${row.channelAccountName}`}>
              <Given>{row.channelAccountName}</Given>
            </span>
          </span>
          {owner ? (
            <span title={owner} className="shrink-0">
              <Avatar name={owner} size={18} />
              <span className="sr-only">{t.owner(owner)}</span>
            </span>
          ) : (
            row.assignedTeamName && (
              <Given className="max-w-20 shrink-0 truncate text-left">{row.assignedTeamName}</Given>
            )
          )}
        </div>
      </div>
    </div>
  );
}
