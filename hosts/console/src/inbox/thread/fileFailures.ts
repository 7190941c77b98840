import { catalogue } from "~/i18n/catalogue";
import type { Language } from "~/state/preferences";
import { fileSize } from "./fileSize";

// Why a customer's file could not be fetched. hubchat tells it in English, without a code; these are the sentences of
// its own (core/src/media/fetch_media.rs). Any other is a provider's.

const messages = catalogue({
  en: {
    accountGone: "The file could not be fetched: the channel account was removed",
    neverReady: "The file could not be fetched: the provider never finished preparing it",
    tooLarge: (limit: string) => `The file could not be fetched: it is larger than ${limit}`,
  },
  th: {
    accountGone: "ดึงไฟล์ไม่สำเร็จ: บัญชีช่องทางนี้ถูกลบแล้ว",
    neverReady: "ดึงไฟล์ไม่สำเร็จ: ผู้ให้บริการเตรียมไฟล์ไม่เสร็จ",
    tooLarge: (limit: string) => `ดึงไฟล์ไม่สำเร็จ: ไฟล์ใหญ่กว่า ${limit}`,
  },
});

/** Why, in the reader's language; nothing where that is not hubchat's own sentence. */
export function fileFailureWords(failure: string | undefined, language: Language): string | undefined {
  const t = messages[language];
  const limit = /^the file is larger than (\d+) bytes$/.exec(failure ?? "")?.[1];
  if (limit !== undefined) return t.tooLarge(fileSize(Number(limit)));
  switch (failure) {
    case "the channel account was removed":
      return t.accountGone;
    case "the provider never finished preparing the file":
      return t.neverReady;
    default:
      return undefined;
  }
}
