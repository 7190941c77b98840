import type { Schemas } from "~/api/rows";
import { catalogue } from "~/i18n/catalogue";

export type Role = Schemas["MemberRole"];

/** From the most to the least. */
export const ROLES: readonly Role[] = ["OWNER", "ADMIN", "MANAGER", "SALES", "VIEWER"];

export const roleMessages = catalogue({
  en: { OWNER: "Owner", ADMIN: "Admin", MANAGER: "Manager", SALES: "Sales", VIEWER: "Viewer" },
  th: { OWNER: "เจ้าของ", ADMIN: "ผู้ดูแล", MANAGER: "หัวหน้า", SALES: "ฝ่ายขาย", VIEWER: "ผู้ดู" },
});

export const roleHints = catalogue({
  en: {
    OWNER: "May do everything, and make other owners.",
    ADMIN: "Channels, members, keys and settings; answers too.",
    MANAGER: "Answers, and gives leads to others.",
    SALES: "Answers customers.",
    VIEWER: "Reads only.",
  },
  th: {
    OWNER: "ทำได้ทุกอย่าง และแต่งตั้งเจ้าของคนอื่นได้",
    ADMIN: "จัดการช่องทาง สมาชิก คีย์ และการตั้งค่า รวมถึงตอบลูกค้า",
    MANAGER: "ตอบลูกค้าและมอบหมายงานให้คนอื่น",
    SALES: "ตอบลูกค้า",
    VIEWER: "ดูได้อย่างเดียว",
  },
});

/** The roles that somebody with these permissions may give. */
export function rolesToGive(mayMakeOwners: boolean): readonly Role[] {
  return mayMakeOwners ? ROLES : ROLES.filter((role) => role !== "OWNER");
}
