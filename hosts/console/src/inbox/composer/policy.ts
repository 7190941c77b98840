import type { ChannelType, Schemas, SendOptions } from "~/api/rows";
import { catalogue } from "~/i18n/catalogue";
import { fullMoment, span } from "~/i18n/moments";
import type { Language } from "~/state/preferences";

// What the server's send options mean for the composer, and in words. Pure: the time is given.

export const policyMessages = catalogue({
  en: {
    freeReply: (left: string) => `Free LINE reply, ${left} left`,
    push: "Push message, from the monthly allowance",
    windowCloses: (left: string) => `Window closes in ${left}`,
    humanAgent: (until: string) => `The free window is over. You may still answer as a person until ${until}`,
    template: "Template needed: no free window is open",
    privateReply: (left: string) => `One private reply, text only. Possible for ${left}`,
    privateReplyOpen: "One private reply, text only",
    publicReply: "A short public answer appears under the comment too.",
    textFirst: "Text only for now",
    waits: (reason: string) => `Messages wait: ${reason}`,
    paused: "the account is paused",
    removed: "the account was removed",
    unauthorized: "the provider refuses the account's credentials",
    STANDBY: "Another system answers this conversation now.",
    UNREACHABLE: "The customer blocked the account, or the account left the group.",
    WINDOW_CLOSED: "The customer's last message is too long ago for this channel.",
    PERSONS_ONLY: "Only what a person writes may be sent now.",
    TEMPLATE_ONLY: "The free window is over: only an approved template may be sent.",
    TEXT_ONLY: "The first answer to a comment is text; pictures and files may follow.",
    AWAITING_ANSWER: "The comment had its private reply. The customer has to answer first.",
    COMMENT_TOO_OLD: "A comment can be answered in private for seven days.",
    KIND_UNSUPPORTED: "This channel does not carry this kind of message.",
  },
  th: {
    freeReply: (left: string) => `ตอบ LINE ฟรี เหลือ ${left}`,
    push: "ข้อความพุช ใช้โควตารายเดือน",
    windowCloses: (left: string) => `หมดเวลาตอบใน ${left}`,
    humanAgent: (until: string) => `หมดช่วงตอบฟรีแล้ว คุณยังตอบในฐานะเจ้าหน้าที่ได้ถึง ${until}`,
    template: "ต้องใช้เทมเพลต: ไม่อยู่ในช่วงตอบฟรี",
    privateReply: (left: string) => `ตอบส่วนตัวได้หนึ่งครั้ง เฉพาะข้อความ ภายใน ${left}`,
    privateReplyOpen: "ตอบส่วนตัวได้หนึ่งครั้ง เฉพาะข้อความ",
    publicReply: "จะมีคำตอบสาธารณะสั้น ๆ ใต้คอมเมนต์ด้วย",
    textFirst: "ส่งได้เฉพาะข้อความในตอนนี้",
    waits: (reason: string) => `ข้อความรอส่ง: ${reason}`,
    paused: "บัญชีหยุดชั่วคราว",
    removed: "บัญชีถูกลบแล้ว",
    unauthorized: "ผู้ให้บริการปฏิเสธข้อมูลการเข้าถึงของบัญชี",
    STANDBY: "ขณะนี้ระบบอื่นเป็นผู้ตอบบทสนทนานี้",
    UNREACHABLE: "ลูกค้าบล็อกบัญชี หรือบัญชีออกจากกลุ่มแล้ว",
    WINDOW_CLOSED: "ข้อความล่าสุดของลูกค้านานเกินไปสำหรับช่องทางนี้",
    PERSONS_ONLY: "ขณะนี้ส่งได้เฉพาะข้อความที่คนเขียนเอง",
    TEMPLATE_ONLY: "หมดช่วงตอบฟรีแล้ว ส่งได้เฉพาะเทมเพลตที่อนุมัติแล้ว",
    TEXT_ONLY: "คำตอบแรกต่อคอมเมนต์ต้องเป็นข้อความ รูปและไฟล์ส่งได้ภายหลัง",
    AWAITING_ANSWER: "คอมเมนต์นี้ได้รับคำตอบส่วนตัวแล้ว ต้องรอลูกค้าตอบก่อน",
    COMMENT_TOO_OLD: "ตอบคอมเมนต์แบบส่วนตัวได้ภายในเจ็ดวัน",
    KIND_UNSUPPORTED: "ช่องทางนี้ไม่รองรับข้อความชนิดนี้",
  },
});

type Words = (typeof policyMessages)["en"];

export interface Policy {
  tone: "free" | "paid" | "hurry" | "closed";
  words: string;
  /** A second sentence, where there is one. */
  more?: string;
  text: boolean;
  image: boolean;
  pdf: boolean;
  template: boolean;
  /** Whether the words count down by seconds. */
  counts: boolean;
}

const HURRY_MS = 4 * 3_600_000;

type Option = SendOptions["options"][number];

export function openOptions(options: SendOptions, now: number): Option[] {
  return options.options.filter((option) => !option.until || Date.parse(option.until) > now);
}

/** The server tells why an account waits by one of a few sentences, without a code. */
function waitingWords(reason: string, t: Words): string {
  const known: Record<string, string> = {
    "the account is paused": t.paused,
    "the account was removed": t.removed,
    "the provider refuses the account's credentials": t.unauthorized,
  };
  return Object.hasOwn(known, reason) ? (known[reason] ?? reason) : reason;
}

export function policyOf(options: SendOptions, now: number, language: Language): Policy {
  const t = policyMessages[language] as Words;
  const open = openOptions(options, now);
  const carries = (kind: Schemas["MessageKind"]) => open.some((option) => option.messageTypes.includes(kind));
  const can = {
    text: carries("TEXT"),
    image: carries("IMAGE"),
    pdf: carries("FILE"),
    template: carries("TEMPLATE"),
    counts: false,
  };
  const refusal = options.refusal ? (t[options.refusal.code] ?? options.refusal.reason) : undefined;
  const best = open[0];
  if (!best) return { ...can, tone: "closed", words: refusal ?? options.refusal?.reason ?? t.WINDOW_CLOSED };
  const left = best.until ? Date.parse(best.until) - now : undefined;
  const waits = options.waitsBecause ? { more: t.waits(waitingWords(options.waitsBecause, t)) } : {};
  switch (best.mode) {
    case "REPLY":
      return { ...can, ...waits, tone: "free", counts: true, words: t.freeReply(span(left ?? 0, language)) };
    case "PUSH":
      return { ...can, ...waits, tone: "paid", words: t.push };
    case "HUMAN_AGENT":
      return {
        ...can,
        ...waits,
        tone: "hurry",
        words: t.humanAgent(best.until ? fullMoment(Date.parse(best.until), language) : ""),
      };
    case "TEMPLATE":
      return { ...can, ...waits, tone: "paid", words: t.template };
    case "PRIVATE_REPLY":
      return {
        ...can,
        tone: "hurry",
        words: left === undefined ? t.privateReplyOpen : t.privateReply(span(left, language)),
        more: waits.more ?? t.publicReply,
      };
    default:
      return {
        ...can,
        ...waits,
        tone: left !== undefined && left < HURRY_MS ? "hurry" : "free",
        words:
          left === undefined
            ? can.text && !can.image
              ? t.textFirst
              : ""
            : t.windowCloses(span(left, language)),
        counts: left !== undefined && left < 120_000,
      };
  }
}

/** Why a file cannot go, by the limits that the provider tells. */
export function fileRefusal(
  file: { type: string; size: number },
  options: SendOptions | undefined,
): "type" | { maxBytes: number } | undefined {
  const kind = kindOf(file.type);
  if (!kind) return "type";
  const limit = options?.mediaLimits.find((one) => one.messageType === (kind === "image" ? "IMAGE" : "FILE"));
  if (!limit) return undefined;
  if (limit.contentTypes.length > 0 && !limit.contentTypes.includes(file.type)) return "type";
  return file.size > limit.maxBytes ? { maxBytes: limit.maxBytes } : undefined;
}

export function kindOf(contentType: string): "image" | "document_pdf" | undefined {
  if (["image/jpeg", "image/png", "image/webp"].includes(contentType)) return "image";
  return contentType === "application/pdf" ? "document_pdf" : undefined;
}

/** Channels that tell the customer that somebody writes. */
export const SHOWS_TYPING: ReadonlySet<ChannelType> = new Set([
  "LINE",
  "FACEBOOK",
  "INSTAGRAM",
  "WHATSAPP",
  "TELEGRAM",
  "WEBCHAT",
]);
