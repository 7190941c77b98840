import { catalogue, useMessages } from "~/i18n/catalogue";

const messages = catalogue({
  en: {
    image: "Picture",
    video: "Video",
    audio: "Voice message",
    file: "File",
    sticker: "Sticker",
    location: "Location",
    takenBack: "Reaction taken back",
    unsent: "Message taken back",
    none: "No messages yet",
  },
  th: {
    image: "รูปภาพ",
    video: "วิดีโอ",
    audio: "ข้อความเสียง",
    file: "ไฟล์",
    sticker: "สติกเกอร์",
    location: "ตำแหน่งที่ตั้ง",
    takenBack: "ยกเลิกการแสดงความรู้สึก",
    unsent: "ยกเลิกข้อความแล้ว",
    none: "ยังไม่มีข้อความ",
  },
});

/** The server names kinds without words in brackets, in English; here they come in the reader's language. */
export function usePreviewWords(): (preview: string | undefined) => string {
  const t = useMessages(messages);
  return (preview) => {
    if (!preview) return t.none;
    const bracket = /^\[(image|video|audio|file|sticker|location|reaction taken back)\](.*)$/s.exec(preview);
    if (!bracket) return preview;
    const [, kind = "", rest = ""] = bracket;
    return (kind === "reaction taken back" ? t.takenBack : t[kind as "image"]) + rest;
  };
}
