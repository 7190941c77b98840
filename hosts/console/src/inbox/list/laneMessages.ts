import { AlarmClock, AtSign, CircleUser, Hourglass, Inbox, UserRoundX, UsersRound } from "lucide-react";
import { catalogue } from "~/i18n/catalogue";

export const laneMessages = catalogue({
  en: {
    mine: "Mine",
    unassigned: "Unassigned",
    team: "Team",
    waiting: "Waiting for us",
    mentioned: "Mentions",
    snoozed: "Snoozed",
    all: "All",
    lanes: "Lanes",
    count: (total: number, unread: number) => (unread ? `${total}, ${unread} unread` : `${total}`),
  },
  th: {
    mine: "ของฉัน",
    unassigned: "ยังไม่มีผู้ดูแล",
    team: "ทีม",
    waiting: "รอเราตอบ",
    mentioned: "ถูกกล่าวถึง",
    snoozed: "พักไว้",
    all: "ทั้งหมด",
    lanes: "กลุ่มบทสนทนา",
    count: (total: number, unread: number) => (unread ? `${total} ยังไม่อ่าน ${unread}` : `${total}`),
  },
});

export const laneIcons = {
  mine: CircleUser,
  unassigned: UserRoundX,
  team: UsersRound,
  waiting: Hourglass,
  mentioned: AtSign,
  snoozed: AlarmClock,
  all: Inbox,
} as const;
