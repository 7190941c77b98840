import type { Language } from "~/state/preferences";
import type { Connectable } from "./kinds";

export interface Guide {
  /** What to do at the provider before connecting. */
  before: readonly string[];
  /** What is left to do there afterwards. */
  after: readonly string[];
}

// As in docs/channels, told to somebody who does it for the first time.
const english: Record<Connectable, Guide> = {
  LINE: {
    before: [
      "In the LINE Developers console, open your provider and make a Messaging API channel, or open the one of your official account.",
      "Copy the channel secret from “Basic settings”.",
      "Issue a long-lived channel access token under “Messaging API” and copy it.",
    ],
    after: [
      "Switch “Use webhook” on in the console, and “Webhook redelivery” too: without it LINE does not repeat what it could not deliver.",
      "In the LINE Official Account Manager switch greeting and auto-reply messages off, or customers get two answers.",
      "For groups, allow the bot to join group chats.",
    ],
  },
  FACEBOOK: {
    before: [
      "Whoever runs hubchat gives it a Meta app once: its id, secret and verify token. Ask them when in doubt.",
      "In the Meta console, under Webhooks, choose the object “Page”, and set the callback address below with the verify token.",
      "Take a long-lived token of the page, best of a system user with the tasks Messaging and Moderate.",
    ],
    after: [
      "Write to the page from another account, and comment under a post: both should appear in the inbox.",
      "App Review is needed before people without a role in the app can write.",
    ],
  },
  INSTAGRAM: {
    before: [
      "Turn the account into a professional account, and in the Instagram app allow access to messages.",
      "In the Meta console, under Webhooks, choose the object “Instagram”, and set the callback address below with the verify token.",
      "Take a token of the account by Instagram's log-in; with Facebook's log-in give the linked page's id too.",
    ],
    after: ["Write to the account from another one. Tokens of Instagram's log-in end after 60 days."],
  },
  WHATSAPP: {
    before: [
      "In the Meta console, under WhatsApp, register the number, and set the callback address below with the verify token.",
      "Subscribe to the field “messages”.",
      "In the business settings make a system user, give it the app and the WhatsApp account, and take its token.",
    ],
    after: [
      "Write to the number from your own phone.",
      "24 hours after a customer's last message only approved templates may be sent.",
    ],
  },
  TELEGRAM: {
    before: [
      "In Telegram write to @BotFather: /newbot makes a bot and gives you its token.",
      "For groups turn the privacy mode off there (/setprivacy), or make the bot an administrator.",
    ],
    after: ["Write to your bot. It cannot write first: customers have to begin."],
  },
};

const thai: Record<Connectable, Guide> = {
  LINE: {
    before: [
      "ใน LINE Developers console เปิด provider ของคุณแล้วสร้าง Messaging API channel หรือเปิด channel ของบัญชีทางการที่มีอยู่",
      "คัดลอก channel secret จากหน้า “Basic settings”",
      "ออก channel access token แบบระยะยาวในหน้า “Messaging API” แล้วคัดลอก",
    ],
    after: [
      "เปิด “Use webhook” ในคอนโซล และเปิด “Webhook redelivery” ด้วย ไม่เช่นนั้น LINE จะไม่ส่งซ้ำเมื่อส่งไม่สำเร็จ",
      "ใน LINE Official Account Manager ปิดข้อความต้อนรับและข้อความตอบกลับอัตโนมัติ มิฉะนั้นลูกค้าจะได้รับสองคำตอบ",
      "ถ้าใช้กับกลุ่ม ให้อนุญาตให้บอตเข้ากลุ่มแชต",
    ],
  },
  FACEBOOK: {
    before: [
      "ผู้ดูแล hubchat ต้องใส่ไอดี secret และ verify token ของแอป Meta ไว้ครั้งหนึ่ง ถ้าไม่แน่ใจให้สอบถามก่อน",
      "ในคอนโซลของ Meta เมนู Webhooks เลือก “Page” แล้วตั้ง callback ตามที่อยู่ด้านล่างพร้อม verify token",
      "ใช้โทเคนระยะยาวของเพจ ควรเป็นของ system user ที่มีสิทธิ์ Messaging และ Moderate",
    ],
    after: [
      "ลองทักเพจจากบัญชีอื่น และคอมเมนต์ใต้โพสต์ ทั้งสองควรปรากฏในกล่องข้อความ",
      "ต้องผ่าน App Review ก่อน คนที่ไม่มีบทบาทในแอปจึงจะทักได้",
    ],
  },
  INSTAGRAM: {
    before: [
      "เปลี่ยนบัญชีเป็นบัญชีมืออาชีพ และอนุญาตการเข้าถึงข้อความในแอป Instagram",
      "ในคอนโซลของ Meta เมนู Webhooks เลือก “Instagram” แล้วตั้ง callback ตามที่อยู่ด้านล่างพร้อม verify token",
      "ใช้โทเคนของบัญชีจากการเข้าสู่ระบบของ Instagram ถ้าใช้ของ Facebook ให้ใส่ไอดีของเพจที่เชื่อมไว้ด้วย",
    ],
    after: ["ลองทักบัญชีจากบัญชีอื่น โทเคนของ Instagram หมดอายุใน 60 วัน"],
  },
  WHATSAPP: {
    before: [
      "ในคอนโซลของ Meta เมนู WhatsApp ลงทะเบียนหมายเลข แล้วตั้ง callback ตามที่อยู่ด้านล่างพร้อม verify token",
      "สมัครรับฟิลด์ “messages”",
      "สร้าง system user ในการตั้งค่าธุรกิจ ให้สิทธิ์แอปและบัญชี WhatsApp แล้วใช้โทเคนของผู้ใช้นั้น",
    ],
    after: ["ลองทักหมายเลขจากโทรศัพท์ของคุณเอง", "หลังข้อความล่าสุดของลูกค้า 24 ชั่วโมง ส่งได้เฉพาะเทมเพลตที่อนุมัติแล้ว"],
  },
  TELEGRAM: {
    before: [
      "ใน Telegram ทัก @BotFather แล้วใช้ /newbot เพื่อสร้างบอตและรับโทเคน",
      "ถ้าใช้กับกลุ่ม ให้ปิด privacy mode (/setprivacy) หรือตั้งบอตเป็นผู้ดูแลกลุ่ม",
    ],
    after: ["ลองทักบอตของคุณ บอตทักก่อนไม่ได้ ลูกค้าต้องเริ่มก่อน"],
  },
};

export function guideOf(type: Connectable, language: Language): Guide {
  return (language === "th" ? thai : english)[type];
}
