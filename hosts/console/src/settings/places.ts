import type { Permission } from "~/api/people";

/** The parts of the settings, each for those with its permission. */
export const settingPlaces = [
  { to: "/settings", name: "general", permission: "settings:manage" },
  { to: "/settings/keys", name: "keys", permission: "keys:manage" },
  { to: "/settings/audit", name: "audit", permission: "audit:read" },
  { to: "/settings/setup", name: "setup", permission: "channels:manage" },
] as const satisfies readonly { to: string; name: string; permission: Permission }[];
