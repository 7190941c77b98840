import { type KeyboardEvent, type RefObject, useEffect, useId, useState } from "react";
import { useMembers } from "~/api/people";
import type { Member } from "~/api/rows";
import { useMessages } from "~/i18n/catalogue";
import { Avatar } from "~/ui/Avatar";
import { classes } from "~/ui/classes";
import { Given } from "~/ui/Given";
import { callAt, completed, matching } from "./mentions";
import { composerMessages } from "./messages";

/** Offers members while one is called in the field. What it returns goes into the field. */
export function useMentions(
  field: RefObject<HTMLTextAreaElement | null>,
  text: string,
  enabled: boolean,
  onComplete: (text: string) => void,
) {
  const { data: members = [], refetch } = useMembers();
  const [caret, setCaret] = useState(0);
  const [active, setActive] = useState(0);
  const [closedAt, setClosedAt] = useState<number>();
  const listId = useId();
  const call = enabled ? callAt(text, caret) : undefined;
  const offered = call && call.at !== closedAt ? matching(members, call.query) : [];
  // No event tells of colleagues who come or go: whoever calls one sees those of now.
  const calls = call !== undefined;
  useEffect(() => {
    if (calls) void refetch();
  }, [calls, refetch]);
  const index = Math.min(active, Math.max(0, offered.length - 1));

  const choose = (member: Member) => {
    if (!call) return;
    const next = completed(text, call, caret, member);
    onComplete(next.text);
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(next.caret, next.caret);
      setCaret(next.caret);
    });
  };

  /** True when the key was for the list. */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    const member = offered[index];
    if (!member || event.nativeEvent.isComposing) return false;
    if (event.key === "ArrowDown") setActive((index + 1) % offered.length);
    else if (event.key === "ArrowUp") setActive((index - 1 + offered.length) % offered.length);
    else if (event.key === "Enter" || event.key === "Tab") choose(member);
    else if (event.key === "Escape") setClosedAt(call?.at);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };

  const open = offered.length > 0;
  return {
    onKeyDown,
    onSelect: () => setCaret(field.current?.selectionStart ?? 0),
    attributes: enabled
      ? {
          "aria-autocomplete": "list" as const,
          "aria-haspopup": "listbox" as const,
          "aria-controls": open ? listId : undefined,
          "aria-activedescendant": open ? `${listId}-${index}` : undefined,
        }
      : {},
    list: open && <MentionList id={listId} offered={offered} index={index} onChoose={choose} />,
  };
}

function MentionList({
  id,
  offered,
  index,
  onChoose,
}: {
  id: string;
  offered: Member[];
  index: number;
  onChoose(member: Member): void;
}) {
  const t = useMessages(composerMessages);
  return (
    <div
      id={id}
      role="listbox"
      aria-label={t.mentionList}
      className="absolute bottom-full left-3 z-10 mb-1 w-64 overflow-hidden rounded-xl border border-line bg-raised p-1 shadow-pop"
    >
      {offered.map((member, at) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys.
        // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field, which names the active option.
        <div
          key={member.id}
          id={`${id}-${at}`}
          role="option"
          aria-selected={at === index}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onChoose(member)}
          className={classes(
            "touch-target flex items-center gap-2 rounded-lg px-2 py-1.5",
            at === index && "bg-hover",
          )}
        >
          <Avatar name={member.name} size={22} />
          <Given className="truncate">{member.name}</Given>
        </div>
      ))}
    </div>
  );
}
