import { catalogue, useMessages } from "~/i18n/catalogue";
import { useStore } from "~/state/store";
import { overlay } from "~/state/ui";
import { Dialog } from "~/ui/Dialog";

const messages = catalogue({
  en: {
    title: "Keys",
    palette: "Find and do anything",
    next: "Next conversation",
    previous: "Previous conversation",
    reply: "Reply",
    note: "Note",
    resolve: "Resolve or reopen",
    snooze: "Snooze",
    assign: "Assign to me",
    details: "Details",
    sheet: "This list",
    close: "Close, or back to the list",
    list: "Move in the list",
  },
  th: {
    title: "ปุ่มลัด",
    palette: "ค้นหาและสั่งงาน",
    next: "บทสนทนาถัดไป",
    previous: "บทสนทนาก่อนหน้า",
    reply: "ตอบ",
    note: "โน้ต",
    resolve: "ปิดหรือเปิดบทสนทนา",
    snooze: "พักไว้",
    assign: "มอบหมายให้ฉัน",
    details: "รายละเอียด",
    sheet: "รายการนี้",
    close: "ปิด หรือกลับไปที่รายการ",
    list: "เลื่อนในรายการ",
  },
});

const KEYS = [
  ["palette", "Ctrl/⌘ + K"],
  ["next", "Alt + J"],
  ["previous", "Alt + K"],
  ["list", "↑ ↓ Home End Enter"],
  ["reply", "Alt + L"],
  ["note", "Alt + P"],
  ["resolve", "Alt + E"],
  ["snooze", "Alt + M"],
  ["assign", "Alt + A"],
  ["details", "Alt + O"],
  ["sheet", "?"],
  ["close", "Esc"],
] as const;

export function ShortcutSheet() {
  const t = useMessages(messages);
  const open = useStore(overlay) === "shortcuts";
  return (
    <Dialog open={open} onClose={() => overlay.set("none")} title={t.title}>
      <dl className="flex flex-col">
        {KEYS.map(([name, keys]) => (
          <div
            key={name}
            className="flex items-center justify-between gap-4 border-b border-line py-1.5 last:border-0"
          >
            <dt className="text-base text-ink">{t[name]}</dt>
            <dd>
              <kbd className="rounded-md border border-line-strong bg-sunken px-1.5 py-0.5 font-sans text-sm text-ink-soft">
                {keys}
              </kbd>
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
