import {
  AlarmClock,
  ArrowLeft,
  Check,
  EyeOff,
  MoreHorizontal,
  PanelRight,
  RotateCcw,
  UserRoundPlus,
} from "lucide-react";
import { useMay } from "~/api/people";
import type { Conversation } from "~/api/rows";
import { useSignedIn } from "~/auth/useSession";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { fullMoment, useLanguage, useNow } from "~/i18n/moments";
import { useStore } from "~/state/store";
import { snoozeMenu, useMedia } from "~/state/ui";
import { Avatar } from "~/ui/Avatar";
import { Button } from "~/ui/Button";
import { ChannelMark, channelName } from "~/ui/ChannelMark";
import { Given } from "~/ui/Given";
import { IconButton } from "~/ui/IconButton";
import { Menu, MenuItem } from "~/ui/Menu";
import { isSnoozed } from "../lists";
import { StagePill } from "../StagePill";
import { snoozeChoices } from "../snooze";
import { ColleagueFaces } from "./Colleagues";

const messages = catalogue({
  en: {
    back: "Back to the list",
    resolve: "Resolve",
    reopen: "Reopen",
    snooze: "Snooze",
    wake: "Wake now",
    hour: "In an hour",
    threeHours: "In three hours",
    tomorrow: "Tomorrow morning",
    nextWeek: "Next Monday",
    snoozedUntil: (time: string) => `Snoozed until ${time}`,
    assignMe: "Assign to me",
    unread: "Mark as unread",
    pending: "Set to pending",
    more: "More",
    details: "Details",
    comment: "Comment thread",
    group: "Group",
    resolved: "Resolved",
    pendingWord: "Pending",
  },
  th: {
    back: "กลับไปที่รายการ",
    resolve: "ปิดบทสนทนา",
    reopen: "เปิดอีกครั้ง",
    snooze: "พักไว้",
    wake: "เรียกกลับตอนนี้",
    hour: "อีก 1 ชั่วโมง",
    threeHours: "อีก 3 ชั่วโมง",
    tomorrow: "พรุ่งนี้เช้า",
    nextWeek: "วันจันทร์หน้า",
    snoozedUntil: (time: string) => `พักไว้ถึง ${time}`,
    assignMe: "มอบหมายให้ฉัน",
    unread: "ทำเครื่องหมายว่ายังไม่อ่าน",
    pending: "ตั้งเป็นรอดำเนินการ",
    more: "เพิ่มเติม",
    details: "รายละเอียด",
    comment: "คอมเมนต์",
    group: "กลุ่ม",
    resolved: "ปิดแล้ว",
    pendingWord: "รอดำเนินการ",
  },
});

export interface ThreadActions {
  resolve(): void;
  reopen(): void;
  pend(): void;
  snooze(until: number | null): void;
  assignMe(): void;
  markUnread(): void;
  back(): void;
  toggleDetails(): void;
}

interface Props {
  conversation: Conversation;
  actions: ThreadActions;
  detailsOpen: boolean;
  busy: boolean;
}

export function ThreadHeader({ conversation, actions, detailsOpen, busy }: Props) {
  const t = useMessages(messages);
  const language = useLanguage();
  const now = useNow();
  const me = useSignedIn().member.id;
  const mayChange = useMay("leads:write");
  const mayAssign = useMay("leads:assign");
  const snoozed = isSnoozed(conversation, now);
  const resolved = conversation.status === "RESOLVED";
  const name = conversation.participantDisplayName;
  // Where it is narrow the thread is the whole page.
  const Heading = useMedia("(min-width: 768px)") ? "h2" : "h1";
  return (
    // How much there is room for is up to the panes beside it, not to the page alone.
    <header className="@container flex h-15 shrink-0 items-center gap-2 border-b border-line bg-surface px-2 md:px-4">
      <IconButton label={t.back} onClick={actions.back} className="md:hidden">
        <ArrowLeft size={19} aria-hidden="true" />
      </IconButton>
      <span className="hidden @sm:block">
        <Avatar name={name} picture={conversation.participantProfileImageUrl} size={36} />
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-2">
          <Heading className="truncate text-base font-semibold text-ink">
            <Given>{name}</Given>
          </Heading>
          <span className="hidden @lg:inline-flex">
            <StagePill stage={conversation.leadStatus} />
          </span>
        </div>
        <div className="flex min-w-0 items-center gap-1.5 text-xs text-ink-faint">
          <ChannelMark type={conversation.channelType} size={14} />
          <span className="truncate">
            {channelName(conversation.channelType)} · <Given>{conversation.channelAccountName}</Given>
            {conversation.threadType === "COMMENT" && ` · ${t.comment}`}
            {(conversation.threadType === "GROUP" || conversation.threadType === "ROOM") && ` · ${t.group}`}
          </span>
          {resolved && <span className="shrink-0 font-medium text-ok">{t.resolved}</span>}
          {conversation.status === "PENDING" && (
            <span className="shrink-0 font-medium text-warn">{t.pendingWord}</span>
          )}
          {snoozed && conversation.snoozedUntil && (
            <span className="shrink-0 font-medium text-info">
              {t.snoozedUntil(fullMoment(Date.parse(conversation.snoozedUntil), language))}
            </span>
          )}
        </div>
      </div>
      <ColleagueFaces conversationId={conversation.id} />
      {mayChange && (
        <>
          <SnoozeMenu snoozed={snoozed} onSnooze={actions.snooze} />
          <Button
            look={resolved ? "plain" : "primary"}
            size="sm"
            busy={busy}
            title="Alt+E"
            onClick={resolved ? actions.reopen : actions.resolve}
            className="h-8"
          >
            {resolved ? <RotateCcw size={15} aria-hidden="true" /> : <Check size={16} aria-hidden="true" />}
            <span className="hidden @lg:inline">{resolved ? t.reopen : t.resolve}</span>
            <span className="sr-only @lg:hidden">{resolved ? t.reopen : t.resolve}</span>
          </Button>
        </>
      )}
      {mayChange && (
        <Menu
          align="end"
          trigger={
            <IconButton label={t.more}>
              <MoreHorizontal size={18} aria-hidden="true" />
            </IconButton>
          }
        >
          {mayAssign && conversation.assignedMemberId !== me && (
            <MenuItem icon={<UserRoundPlus size={16} />} hint="Alt+A" onSelect={actions.assignMe}>
              {t.assignMe}
            </MenuItem>
          )}
          <MenuItem icon={<EyeOff size={16} />} onSelect={actions.markUnread}>
            {t.unread}
          </MenuItem>
          {conversation.status === "OPEN" && (
            <MenuItem icon={<AlarmClock size={16} />} onSelect={actions.pend}>
              {t.pending}
            </MenuItem>
          )}
        </Menu>
      )}
      <IconButton label={t.details} pressed={detailsOpen} onClick={actions.toggleDetails}>
        <PanelRight size={18} aria-hidden="true" />
      </IconButton>
    </header>
  );
}

function SnoozeMenu({ snoozed, onSnooze }: { snoozed: boolean; onSnooze(until: number | null): void }) {
  const t = useMessages(messages);
  const language = useLanguage();
  const open = useStore(snoozeMenu);
  return (
    <Menu
      align="end"
      open={open}
      onOpenChange={(next) => snoozeMenu.set(next)}
      trigger={
        <IconButton label={t.snooze} keys="Alt+M" pressed={snoozed}>
          <AlarmClock size={18} aria-hidden="true" />
        </IconButton>
      }
    >
      {snoozed && <MenuItem onSelect={() => onSnooze(null)}>{t.wake}</MenuItem>}
      {snoozeChoices(Date.now()).map(({ name, at }) => (
        <MenuItem key={name} hint={fullMoment(at, language)} onSelect={() => onSnooze(at)}>
          {t[name]}
        </MenuItem>
      ))}
    </Menu>
  );
}
