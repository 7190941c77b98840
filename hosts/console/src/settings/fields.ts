import type { Schemas } from "~/api/rows";
import { catalogue } from "~/i18n/catalogue";
import { z } from "~/zod";

export type TenantSettings = Schemas["TenantSettings"];
export type SettingName = keyof TenantSettings;

/** A whole number or nothing, within the limits of docs/settings.md. */
export interface NumberSetting {
  name: {
    [N in SettingName]: TenantSettings[N] extends number | null ? N : never;
  }[SettingName];
  least: number;
  most: number;
  /** What the reader's unit holds of the setting's. */
  unit?: number;
}

export const numberSettings: Record<NumberSetting["name"], NumberSetting> = {
  retentionDays: { name: "retentionDays", least: 1, most: 36_500 },
  requestsPerMinute: { name: "requestsPerMinute", least: 1, most: 1_000_000 },
  callerRequestsPerMinute: { name: "callerRequestsPerMinute", least: 1, most: 1_000_000 },
  conversationSendsPerMinute: { name: "conversationSendsPerMinute", least: 1, most: 1_000_000 },
  uploadMaxBytes: { name: "uploadMaxBytes", least: 1_024, most: 1_073_741_824, unit: 1_048_576 },
};

/** A written number in the setting's unit; `null` when nothing is written, `undefined` when it cannot be one. */
export function readNumber(
  text: string,
  { least, most, unit = 1 }: NumberSetting,
): number | null | undefined {
  const written = text.trim().replaceAll(",", "");
  if (written === "") return null;
  if (!/^\d+(\.\d+)?$/.test(written)) return undefined;
  const value = Math.round(Number(written) * unit);
  if (unit === 1 && written.includes(".")) return undefined;
  return value >= least && value <= most ? value : undefined;
}

export function showNumber(value: number | null, { unit = 1 }: NumberSetting): string {
  if (value === null) return "";
  return String(Math.round((value / unit) * 1_000) / 1_000);
}

const MOST_ORIGINS = 50;
const origin = z
  .string()
  .check(z.regex(/^(https:\/\/[a-z0-9.-]+(:\d{1,5})?|http:\/\/localhost(:\d{1,5})?)$/));

/** The origins of a text with one in each line, or the first line that is none. */
export function readOrigins(text: string): { origins: string[] } | { wrong: string } {
  const lines = text.split(/\s+/).filter(Boolean);
  const wrong = lines.find((line) => !origin.safeParse(line).success);
  if (wrong !== undefined) return { wrong };
  const origins = [...new Set(lines)];
  return origins.length > MOST_ORIGINS ? { wrong: origins[MOST_ORIGINS] ?? "" } : { origins };
}

/** What differs from what is stored, and nothing else. */
export function changesOf(stored: TenantSettings, wanted: TenantSettings): Partial<TenantSettings> {
  const names = Object.keys(wanted) as SettingName[];
  const changed = names.filter((name) => JSON.stringify(stored[name]) !== JSON.stringify(wanted[name]));
  return Object.fromEntries(changed.map((name) => [name, wanted[name]]));
}

export const settingMessages = catalogue({
  en: {
    name: "Name",
    nameHint: "As people read it: here, and in mail to members.",
    managersSee: "Managers see",
    managersSeeHint: "Leads and conversations. Owners and admins see all.",
    salesSee: "Sales people see",
    salesSeeHint: "Leads and conversations.",
    viewersSee: "Viewers see",
    viewersSeeHint: "Leads and conversations.",
    ALL: "all",
    TEAM_AND_UNASSIGNED: "those of their teams, and those of nobody",
    OWN: "their own",
    showTyping: "Show customers that somebody writes",
    showTypingHint: "Where their channel can show it.",
    showSeen: "Show customers that their message was read",
    showSeenHint: "Where their channel can show it.",
    publicReplyText: "Public reply",
    publicReplyTextHint: "Written under a comment that was answered in private. Empty: nothing is written.",
    retentionDays: "Keep closed conversations for days",
    retentionDaysHint: "After that they are deleted. Empty: for ever. From 1 to 36,500.",
    requestsPerMinute: "Requests a minute, of all together",
    requestsPerMinuteHint:
      "All keys and members. Empty: as the installation allows, which no setting can raise.",
    callerRequestsPerMinute: "Requests a minute, of one key or log-in",
    callerRequestsPerMinuteHint: "Empty: as the installation allows.",
    conversationSendsPerMinute: "Messages a minute into one conversation",
    conversationSendsPerMinuteHint: "Empty: as the installation allows.",
    uploadMaxBytes: "Largest file to upload, in MB",
    uploadMaxBytesHint: "Empty: as the installation allows.",
    allowedOrigins: "Sites that may call the API from a browser",
    allowedOriginsHint: "One in each line, such as https://shop.example. Pages of hubchat itself need none.",
  },
  th: {
    name: "ชื่อ",
    nameHint: "ชื่อที่ทีมงานเห็นที่นี่และในอีเมลถึงสมาชิก",
    managersSee: "หัวหน้าเห็น",
    managersSeeHint: "ลีดและบทสนทนา เจ้าของและผู้ดูแลเห็นทั้งหมด",
    salesSee: "ฝ่ายขายเห็น",
    salesSeeHint: "ลีดและบทสนทนา",
    viewersSee: "ผู้ดูเห็น",
    viewersSeeHint: "ลีดและบทสนทนา",
    ALL: "ทั้งหมด",
    TEAM_AND_UNASSIGNED: "ของทีมตน และที่ยังไม่มีผู้ดูแล",
    OWN: "ของตนเอง",
    showTyping: "แสดงให้ลูกค้าเห็นว่ากำลังพิมพ์",
    showTypingHint: "ในช่องทางที่แสดงได้",
    showSeen: "แสดงให้ลูกค้าเห็นว่าอ่านแล้ว",
    showSeenHint: "ในช่องทางที่แสดงได้",
    publicReplyText: "คำตอบสาธารณะ",
    publicReplyTextHint: "เขียนใต้คอมเมนต์ที่ตอบเป็นการส่วนตัวแล้ว เว้นว่าง: ไม่เขียน",
    retentionDays: "เก็บบทสนทนาที่ปิดแล้วกี่วัน",
    retentionDaysHint: "หลังจากนั้นจะถูกลบ เว้นว่าง: เก็บตลอดไป ตั้งแต่ 1 ถึง 36,500",
    requestsPerMinute: "คำขอต่อนาที รวมทั้งหมด",
    requestsPerMinuteHint: "ทุกคีย์และสมาชิก เว้นว่าง: ตามที่ระบบกำหนด ซึ่งตั้งให้สูงกว่าไม่ได้",
    callerRequestsPerMinute: "คำขอต่อนาที ต่อหนึ่งคีย์หรือการเข้าสู่ระบบ",
    callerRequestsPerMinuteHint: "เว้นว่าง: ตามที่ระบบกำหนด",
    conversationSendsPerMinute: "ข้อความต่อนาทีในหนึ่งบทสนทนา",
    conversationSendsPerMinuteHint: "เว้นว่าง: ตามที่ระบบกำหนด",
    uploadMaxBytes: "ไฟล์ใหญ่สุดที่อัปโหลดได้ (MB)",
    uploadMaxBytesHint: "เว้นว่าง: ตามที่ระบบกำหนด",
    allowedOrigins: "เว็บไซต์ที่เรียก API จากเบราว์เซอร์ได้",
    allowedOriginsHint: "บรรทัดละหนึ่งที่ เช่น https://shop.example หน้าของ hubchat เองไม่ต้องใส่",
  },
});
