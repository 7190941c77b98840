import type { Schemas } from "~/api/rows";
import { catalogue } from "~/i18n/catalogue";
import type { Language } from "~/state/preferences";
import { policyMessages } from "../composer/policy";

// Why a message of ours did not arrive, by the stable code of its failure.

const messages = catalogue({
  en: {
    account_restricted: "The provider has restricted the account",
    attempts_exhausted: "The provider could not be reached, several times",
    channel_gone: "The channel account was removed",
    conversation_standby: "Another system answers this conversation now.",
    forbidden: "The account may not do this at the provider",
    invalid_content: "The provider does not take this content",
    not_sent: "It could not be sent",
    outcome_unknown: "The provider's answer did not come",
    private_reply_impossible: "The comment cannot be answered in private",
    quality_limit:
      "The provider holds it back, for the quality of the account or of the customer's experience",
    quota_exhausted: "The account's allowance is used up",
    rate_limited: "Too many messages at once for the provider",
    recipient_unreachable: "The customer cannot be reached: blocked, gone, or without this channel",
    rejected: "The provider refuses the message",
    template_refused: "The provider refuses the template",
    tried_once: "The provider could not be reached",
    unauthorized: "The provider refuses the account's credentials",
  },
  th: {
    account_restricted: "ผู้ให้บริการจำกัดการใช้งานบัญชีนี้",
    attempts_exhausted: "ติดต่อผู้ให้บริการไม่ได้หลายครั้ง",
    channel_gone: "บัญชีช่องทางนี้ถูกลบแล้ว",
    conversation_standby: "ขณะนี้ระบบอื่นเป็นผู้ตอบบทสนทนานี้",
    forbidden: "บัญชีนี้ไม่มีสิทธิ์ทำสิ่งนี้ที่ผู้ให้บริการ",
    invalid_content: "ผู้ให้บริการไม่รับเนื้อหานี้",
    not_sent: "ส่งออกไม่ได้",
    outcome_unknown: "ไม่ได้รับคำตอบจากผู้ให้บริการ",
    private_reply_impossible: "ตอบคอมเมนต์นี้แบบส่วนตัวไม่ได้",
    quality_limit: "ผู้ให้บริการระงับข้อความนี้ เพราะคุณภาพของบัญชีหรือเพื่อประสบการณ์ของลูกค้า",
    quota_exhausted: "ใช้โควตาของบัญชีหมดแล้ว",
    rate_limited: "ส่งข้อความพร้อมกันมากเกินไปสำหรับผู้ให้บริการ",
    recipient_unreachable: "ติดต่อลูกค้าไม่ได้: ถูกบล็อก ไม่อยู่แล้ว หรือไม่ได้ใช้ช่องทางนี้",
    rejected: "ผู้ให้บริการปฏิเสธข้อความนี้",
    template_refused: "ผู้ให้บริการปฏิเสธเทมเพลตนี้",
    tried_once: "ติดต่อผู้ให้บริการไม่ได้",
    unauthorized: "ผู้ให้บริการปฏิเสธข้อมูลการเข้าถึงของบัญชี",
  },
});

/** All is said by the code: what the server adds is the same in English. */
const SAYS_ALL: ReadonlySet<string> = new Set(["channel_gone", "conversation_standby", "outcome_unknown"]);

/**
 * Why it failed, in the reader's language. What a provider said stands behind in its own words: whoever asks it for
 * help needs them.
 */
export function failureWords({ code, reason }: Schemas["DeliveryFailure"], language: Language): string {
  const own = messages[language];
  if (Object.hasOwn(own, code)) {
    const words = own[code as keyof typeof own];
    return SAYS_ALL.has(code) || !reason ? words : `${words} “${reason}”`;
  }
  // What the send policy forbade when its turn came.
  const policy = policyMessages[language] as Record<string, unknown>;
  const refusal = code.toUpperCase();
  const words = Object.hasOwn(policy, refusal) ? policy[refusal] : undefined;
  return typeof words === "string" ? words : reason;
}
