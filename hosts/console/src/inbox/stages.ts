import type { LeadStatus } from "~/api/rows";
import { catalogue } from "~/i18n/catalogue";

export const stageMessages = catalogue({
  en: {
    NEW: "New",
    ASSIGNED: "Assigned",
    CONTACTED: "Contacted",
    QUALIFIED: "Qualified",
    PROPOSAL_SENT: "Proposal sent",
    NEGOTIATION: "Negotiation",
    WON: "Won",
    LOST: "Lost",
  },
  th: {
    NEW: "ใหม่",
    ASSIGNED: "มอบหมายแล้ว",
    CONTACTED: "ติดต่อแล้ว",
    QUALIFIED: "ผ่านการคัดกรอง",
    PROPOSAL_SENT: "ส่งข้อเสนอแล้ว",
    NEGOTIATION: "กำลังเจรจา",
    WON: "ปิดการขายได้",
    LOST: "เสียโอกาส",
  },
});

/** The way of a lead, from its first word to its sale. */
export const STAGES: readonly LeadStatus[] = [
  "NEW",
  "ASSIGNED",
  "CONTACTED",
  "QUALIFIED",
  "PROPOSAL_SENT",
  "NEGOTIATION",
  "WON",
];

/** Where a lead may go: one step on, or lost from any open stage. Won and lost are ends. */
export function movesFrom(stage: LeadStatus): LeadStatus[] {
  if (stage === "WON" || stage === "LOST") return [];
  const next = STAGES[STAGES.indexOf(stage) + 1];
  return next ? [next, "LOST"] : ["LOST"];
}

export const stageLooks: Record<LeadStatus, string> = {
  NEW: "bg-info-soft text-info",
  ASSIGNED: "bg-accent-soft text-accent-strong",
  CONTACTED: "bg-accent-soft text-accent-strong",
  QUALIFIED: "bg-violet-soft text-violet",
  PROPOSAL_SENT: "bg-violet-soft text-violet",
  NEGOTIATION: "bg-warn-soft text-warn",
  WON: "bg-ok-soft text-ok",
  LOST: "bg-danger-soft text-danger",
};
