import { Plus, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useMay } from "~/api/people";
import { useMessages } from "~/i18n/catalogue";
import { Given } from "~/ui/Given";
import { detailMessages } from "./messages";

export function TagsControl({ tags, onChange }: { tags: readonly string[]; onChange(tags: string[]): void }) {
  const t = useMessages(detailMessages);
  const mayChange = useMay("leads:write");
  const [text, setText] = useState("");
  const add = (event: FormEvent) => {
    event.preventDefault();
    const tag = text.trim();
    if (tag && !tags.includes(tag)) onChange([...tags, tag]);
    setText("");
  };
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      <ul className="contents">
        {tags.map((tag) => (
          <li
            key={tag}
            className="inline-flex h-6 max-w-full items-center gap-0.5 rounded-full bg-sunken pr-1 pl-2.5 text-sm text-ink-soft"
          >
            <Given className="truncate">{tag}</Given>
            {mayChange ? (
              <button
                type="button"
                aria-label={t.removeTag(tag)}
                onClick={() => onChange(tags.filter((one) => one !== tag))}
                className="inline-flex size-5 items-center justify-center rounded-full hover:bg-line"
              >
                <X size={12} aria-hidden="true" />
              </button>
            ) : (
              <span className="w-1.5" />
            )}
          </li>
        ))}
      </ul>
      {mayChange && (
        <form
          onSubmit={add}
          className="flex h-7 min-w-24 flex-1 items-center gap-1 rounded-full border border-transparent px-1.5 focus-within:border-line-strong hover:border-line"
        >
          <Plus size={13} className="text-ink-faint" aria-hidden="true" />
          <input
            value={text}
            maxLength={50}
            aria-label={t.addTag}
            placeholder={t.addTag}
            onChange={(event) => setText(event.target.value)}
            className="min-w-0 flex-1 bg-transparent text-sm outline-none"
          />
        </form>
      )}
    </div>
  );
}
