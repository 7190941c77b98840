import type { Permission } from "~/api/people";
import { catalogue } from "~/i18n/catalogue";

export const placeMessages = catalogue({
  en: { general: "General settings", keys: "API keys", audit: "Audit log", setup: "First steps" },
  th: {
    general: "การตั้งค่าทั่วไป",
    keys: "API key",
    audit: "บันทึกการตรวจสอบ",
    setup: "เริ่มต้นใช้งาน",
  },
});

/** The parts of the settings, each for those with its permission. */
export const settingPlaces = [
  { to: "/settings", name: "general", permission: "settings:manage" },
  { to: "/settings/keys", name: "keys", permission: "keys:manage" },
  { to: "/settings/audit", name: "audit", permission: "audit:read" },
  { to: "/settings/setup", name: "setup", permission: "channels:manage" },
] as const satisfies readonly { to: string; name: string; permission: Permission }[];
