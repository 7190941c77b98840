import { Dialog } from "@base-ui/react/dialog";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useMemo, useState } from "react";
import { accountMessages } from "~/account/words";
import { keys } from "~/api/keys";
import { type Permission, useMe } from "~/api/people";
import { session } from "~/auth/session";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { isolated } from "~/i18n/isolation";
import { LANES } from "~/inbox/filter";
import { laneMessages } from "~/inbox/list/laneMessages";
import type { ListPages } from "~/inbox/lists";
import { placeMessages, settingPlaces } from "~/settings/places";
import { setPreferences } from "~/state/preferences";
import { useStore } from "~/state/store";
import { overlay } from "~/state/ui";
import { channelName } from "~/ui/ChannelMark";
import { classes } from "~/ui/classes";
import { type Command, found, offered } from "./commands";
import { destinationMessages, destinationsFor } from "./destinations";

const messages = catalogue({
  en: {
    title: "Find and do anything",
    placeholder: "A command, a place, a customer…",
    none: "Nothing found",
    go: "Go to",
    lane: (name: string) => `Inbox: ${name}`,
    appearance: "Appearance",
    light: "Light theme",
    dark: "Dark theme",
    system: "Theme like the system",
    english: "English",
    thai: "ภาษาไทย (Thai)",
    keys: "Show all keys",
    leave: "Log out",
    customers: "Customers",
  },
  th: {
    title: "ค้นหาและสั่งงาน",
    placeholder: "คำสั่ง หน้า หรือลูกค้า…",
    none: "ไม่พบสิ่งที่ค้นหา",
    go: "ไปที่",
    lane: (name: string) => `ข้อความ: ${name}`,
    appearance: "การแสดงผล",
    light: "ธีมสว่าง",
    dark: "ธีมมืด",
    system: "ธีมตามระบบ",
    english: "English",
    thai: "ภาษาไทย (Thai)",
    keys: "ดูปุ่มลัดทั้งหมด",
    leave: "ออกจากระบบ",
    customers: "ลูกค้า",
  },
});

const NONE: readonly Permission[] = [];

/** What can be done from anywhere, before what the screens offer. */
function useEverywhere(): Command[] {
  const t = useMessages(messages);
  const places = useMessages(destinationMessages);
  const lanes = useMessages(laneMessages);
  const navigate = useNavigate();
  const client = useQueryClient();
  const parts = useMessages(placeMessages);
  const account = useMessages(accountMessages);
  const permissions = useMe().data?.permissions ?? NONE;
  return useMemo(() => {
    const rows = client
      .getQueriesData<ListPages>({ queryKey: keys.conversationLists })
      .flatMap(([, list]) => list?.pages.flatMap((page) => page.items) ?? []);
    const customers = [...new Map(rows.map((row) => [row.id, row])).values()];
    return [
      ...destinationsFor(permissions).map(({ to, name }) => ({
        id: to,
        words: places[name],
        group: t.go,
        run: () => void navigate({ to }),
      })),
      ...settingPlaces
        .filter(({ to, permission }) => to !== "/settings" && permissions.includes(permission))
        .map(({ to, name }) => ({
          id: to,
          words: parts[name],
          group: t.go,
          run: () => void navigate({ to }),
        })),
      { id: "/profile", words: account.title, group: t.go, run: () => void navigate({ to: "/profile" }) },
      ...LANES.map((lane) => ({
        id: `lane-${lane}`,
        words: t.lane(lanes[lane]),
        group: t.go,
        run: () => void navigate({ to: "/inbox", search: { lane } }),
      })),
      { id: "light", words: t.light, group: t.appearance, run: () => setPreferences({ theme: "light" }) },
      { id: "dark", words: t.dark, group: t.appearance, run: () => setPreferences({ theme: "dark" }) },
      { id: "system", words: t.system, group: t.appearance, run: () => setPreferences({ theme: "system" }) },
      { id: "english", words: t.english, group: t.appearance, run: () => setPreferences({ language: "en" }) },
      { id: "thai", words: t.thai, group: t.appearance, run: () => setPreferences({ language: "th" }) },
      { id: "keys", words: t.keys, keys: "?", group: t.appearance, run: () => overlay.set("shortcuts") },
      { id: "leave", words: t.leave, group: t.appearance, run: () => void session.leave() },
      ...customers.map((row) => ({
        id: row.id,
        words: `${isolated(row.participantDisplayName)} · ${channelName(row.channelType)}`,
        group: t.customers,
        run: () =>
          void navigate({
            to: "/inbox/$conversationId",
            params: { conversationId: row.id },
            search: (now) => now,
          }),
      })),
    ];
  }, [t, places, parts, account, lanes, navigate, client, permissions]);
}

const SHOWN = 40;

export function Palette() {
  const open = useStore(overlay) === "palette";
  const t = useMessages(messages);
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && overlay.set("none")}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Popup className="fixed top-[12dvh] left-1/2 z-40 w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 overflow-hidden rounded-2xl border border-line bg-raised shadow-pop outline-none">
          <Dialog.Title className="sr-only">{t.title}</Dialog.Title>
          <Finder />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Finder() {
  const t = useMessages(messages);
  const everywhere = useEverywhere();
  const here = useStore(offered);
  const listId = useId();
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const all = useMemo(() => [...Object.values(here).flat(), ...everywhere], [here, everywhere]);
  // Without a word, customers would be a second list of conversations.
  const shown = useMemo(
    () => (query.trim() ? found(all, query) : all.filter((one) => one.group !== t.customers)).slice(0, SHOWN),
    [all, query, t],
  );
  const index = Math.min(at, Math.max(0, shown.length - 1));

  useEffect(() => {
    document.getElementById(`${listId}-${index}`)?.scrollIntoView({ block: "nearest" });
  }, [index, listId]);

  const run = (command: Command | undefined) => {
    if (!command) return;
    overlay.set("none");
    // After the window has given the focus back: what the command opens takes it then.
    setTimeout(() => command.run(), 0);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown") setAt((index + 1) % Math.max(1, shown.length));
    else if (event.key === "ArrowUp") setAt((index - 1 + shown.length) % Math.max(1, shown.length));
    else if (event.key === "Enter") run(shown[index]);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div className="flex items-center gap-2.5 border-b border-line px-4">
        <Search size={17} className="text-ink-faint" aria-hidden="true" />
        <input
          // biome-ignore lint/a11y/noAutofocus: the window was opened to write here.
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={shown.length > 0 ? `${listId}-${index}` : undefined}
          aria-label={t.placeholder}
          placeholder={t.placeholder}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          className="h-12 flex-1 bg-transparent text-lg outline-none"
        />
      </div>
      <div id={listId} role="listbox" aria-label={t.title} className="max-h-[50dvh] overflow-y-auto p-1.5">
        {shown.map((command, position) => (
          <Option
            key={command.id}
            id={`${listId}-${position}`}
            command={command}
            heading={command.group === shown[position - 1]?.group ? undefined : command.group}
            active={position === index}
            onPoint={() => setAt(position)}
            onRun={() => run(command)}
          />
        ))}
      </div>
      {shown.length === 0 && (
        <p role="status" className="px-4 pb-5 text-center text-base text-ink-faint">
          {t.none}
        </p>
      )}
    </>
  );
}

function Option({
  id,
  command,
  heading,
  active,
  onPoint,
  onRun,
}: {
  id: string;
  command: Command;
  heading: string | undefined;
  active: boolean;
  onPoint(): void;
  onRun(): void;
}) {
  return (
    <>
      {heading && (
        <div role="presentation" className="px-2.5 pt-2 pb-0.5 text-xs font-medium text-ink-faint">
          {heading}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys. */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field, which names the active option. */}
      <div
        id={id}
        role="option"
        aria-selected={active}
        onClick={onRun}
        onMouseMove={active ? undefined : onPoint}
        className={classes(
          "touch-target flex items-center gap-3 rounded-lg px-2.5 py-1.5 text-base",
          active && "bg-hover",
        )}
      >
        <span className="min-w-0 flex-1 truncate">{command.words}</span>
        {command.keys && <kbd className="font-sans text-xs text-ink-faint">{command.keys}</kbd>}
      </div>
    </>
  );
}
