import { Link } from "@tanstack/react-router";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { EmptyState } from "~/ui/states";

const messages = catalogue({
  en: { title: "There is no such page", back: "To the inbox" },
  th: { title: "ไม่พบหน้านี้", back: "ไปที่กล่องข้อความ" },
});

export function NotFound() {
  const t = useMessages(messages);
  return (
    <EmptyState title={t.title}>
      <Link to="/inbox" className="font-medium text-accent underline">
        {t.back}
      </Link>
    </EmptyState>
  );
}
