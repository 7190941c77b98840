import type { Schemas } from "~/api/rows";
import { catalogue } from "~/i18n/catalogue";

export type Scope = Schemas["Scope"];

export const SCOPES: readonly Scope[] = [
  "inbox:read",
  "inbox:write",
  "messages:send",
  "channels:manage",
  "admin",
];

export const scopeMessages = catalogue({
  en: {
    "inbox:read": "Read conversations and leads",
    "inbox:write": "Change conversations and leads",
    "messages:send": "Send messages",
    "channels:manage": "Manage channels",
    admin: "Everything, as an admin",
  },
  th: {
    "inbox:read": "อ่านบทสนทนาและลีด",
    "inbox:write": "แก้ไขบทสนทนาและลีด",
    "messages:send": "ส่งข้อความ",
    "channels:manage": "จัดการช่องทาง",
    admin: "ทุกอย่าง เหมือนผู้ดูแล",
  },
});

/** The moment at which a key that is good for so many days ends; `undefined` for one that never does. */
export function endAfter(days: number | undefined, now: number): string | undefined {
  return days === undefined ? undefined : new Date(now + days * 86_400_000).toISOString();
}
