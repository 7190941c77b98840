import { Inbox, type LucideIcon, Radio, Settings, Users } from "lucide-react";
import type { Permission } from "~/api/people";
import { catalogue } from "~/i18n/catalogue";
import { settingPlaces } from "~/settings/places";

export const destinationMessages = catalogue({
  en: { inbox: "Inbox", channels: "Channels", members: "Members", settings: "Settings" },
  th: { inbox: "ข้อความ", channels: "ช่องทาง", members: "สมาชิก", settings: "ตั้งค่า" },
});

interface Destination {
  to: "/inbox" | "/channels" | "/members" | "/settings";
  name: keyof typeof destinationMessages.en;
  icon: LucideIcon;
  /** Shown to whoever has one of these; to everybody when absent. */
  permissions?: readonly Permission[];
}

/** The places of the shell, in order. */
export const destinations: readonly Destination[] = [
  { to: "/inbox", name: "inbox", icon: Inbox },
  { to: "/channels", name: "channels", icon: Radio, permissions: ["channels:manage"] },
  { to: "/members", name: "members", icon: Users },
  {
    to: "/settings",
    name: "settings",
    icon: Settings,
    permissions: settingPlaces.map(({ permission }) => permission),
  },
];

/** The places of somebody with these permissions. */
export function destinationsFor(permissions: readonly Permission[]): readonly Destination[] {
  return destinations.filter(
    (place) => !place.permissions || place.permissions.some((one) => permissions.includes(one)),
  );
}
