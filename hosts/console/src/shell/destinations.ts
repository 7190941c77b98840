import { Inbox, Radio, Settings, Users } from "lucide-react";
import { catalogue } from "~/i18n/catalogue";

export const destinationMessages = catalogue({
  en: { inbox: "Inbox", channels: "Channels", members: "Members", settings: "Settings" },
  th: { inbox: "ข้อความ", channels: "ช่องทาง", members: "สมาชิก", settings: "ตั้งค่า" },
});

/** The places of the shell, in order. */
export const destinations = [
  { to: "/inbox", name: "inbox", icon: Inbox },
  { to: "/channels", name: "channels", icon: Radio },
  { to: "/members", name: "members", icon: Users },
  { to: "/settings", name: "settings", icon: Settings },
] as const;
