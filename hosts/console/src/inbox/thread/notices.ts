import { catalogue, useMessages } from "~/i18n/catalogue";

// The server's own lines in a thread, by the words that it keeps them in.
const messages = catalogue({
  en: {
    "added the account as a friend": "added the account as a friend",
    "unblocked the account": "unblocked the account",
    "blocked the account": "blocked the account",
    "the account joined the group": "the account joined the group",
    "the account left the group": "the account left the group",
    "people joined the group": "people joined the group",
    "people left the group": "people left the group",
    "came by a link or an advertisement": "came by a link or an advertisement",
    "the comment was hidden": "the comment was hidden",
    "the comment is shown again": "the comment is shown again",
  },
  th: {
    "added the account as a friend": "เพิ่มบัญชีเป็นเพื่อน",
    "unblocked the account": "เลิกบล็อกบัญชี",
    "blocked the account": "บล็อกบัญชี",
    "the account joined the group": "บัญชีเข้าร่วมกลุ่ม",
    "the account left the group": "บัญชีออกจากกลุ่ม",
    "people joined the group": "มีคนเข้าร่วมกลุ่ม",
    "people left the group": "มีคนออกจากกลุ่ม",
    "came by a link or an advertisement": "มาจากลิงก์หรือโฆษณา",
    "the comment was hidden": "คอมเมนต์ถูกซ่อน",
    "the comment is shown again": "คอมเมนต์แสดงอีกครั้ง",
  },
});

/** A line in the reader's language; one that this console does not know stays as it is. */
export function useNoticeWords(): (words: string) => string {
  const t = useMessages(messages);
  return (words) => (Object.hasOwn(t, words) ? t[words as keyof typeof t] : words);
}
