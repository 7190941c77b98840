import { MapPin, Megaphone, Smile } from "lucide-react";
import type { ReactNode } from "react";
import { useMembers } from "~/api/people";
import type { Message } from "~/api/rows";
import { useMessages } from "~/i18n/catalogue";
import { directionOf } from "~/i18n/isolation";
import { Given } from "~/ui/Given";
import { Linkified } from "./linkify";
import { MediaContent } from "./MediaContent";
import { threadMessages } from "./messages";
import { Own } from "./Own";

/** What a message says, by its kind. `room` keeps the end of its words clear. */
export function MessageContent({ message, room }: { message: Message; room: ReactNode }): ReactNode {
  const t = useMessages(threadMessages);
  switch (message.messageType) {
    case "TEXT":
      return (
        <>
          <Words text={message.content} room={room} />
          <Choices attributes={message.attributes} />
        </>
      );
    case "NOTE":
      return <NoteWords message={message} room={room} />;
    case "IMAGE":
    case "VIDEO":
    case "AUDIO":
    case "FILE":
      return <MediaContent message={message} />;
    case "STICKER":
      return (
        <p className="flex items-center gap-2 py-1">
          <Smile size={26} className="text-warn" aria-hidden="true" />
          <span>
            <span className="block font-medium">{t.sticker}</span>
            {message.content && <span className="block text-sm opacity-80">{message.content}</span>}
          </span>
        </p>
      );
    case "LOCATION":
      return <Place message={message} />;
    case "PUBLIC_REPLY":
      return (
        <>
          <p className="flex items-center gap-1 text-xs font-medium opacity-80">
            <Megaphone size={12} aria-hidden="true" />
            {t.publicReply}
          </p>
          <Words text={message.content} room={room} />
        </>
      );
    case "TEMPLATE":
      return (
        <>
          {message.direction === "OUTBOUND" && <p className="text-xs font-medium opacity-80">{t.template}</p>}
          <Words text={message.content} />
        </>
      );
    default:
      return (
        <p dir="auto" className="italic">
          {message.content ?? t.unsupported}
        </p>
      );
  }
}

function Words({ text, room }: { text: string | null | undefined; room?: ReactNode }) {
  return (
    <p dir={directionOf(text ?? "")} className="break-words whitespace-pre-wrap">
      <Own>
        <Linkified text={text ?? ""} />
      </Own>
      {room}
    </p>
  );
}

function NoteWords({ message, room }: { message: Message; room: ReactNode }) {
  const members = useMembers().data;
  const text = message.content ?? "";
  const names = (message.mentions ?? []).flatMap((id) => members?.find((one) => one.id === id)?.name ?? []);
  const parts = splitAtMentions(text, names);
  return (
    <p dir={directionOf(text)} className="break-words whitespace-pre-wrap">
      <Own>
        {parts.map((part, index) =>
          part.mention ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts of a text have no other name than their place.
            <strong key={index} dir="auto" className="rounded bg-note-line/45 px-0.5 font-semibold">
              {part.text}
            </strong>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above.
            <Linkified key={index} text={part.text} />
          ),
        )}
      </Own>
      {room}
    </p>
  );
}

/** The text in parts, those that call a mentioned member apart. */
export function splitAtMentions(
  text: string,
  names: readonly string[],
): { text: string; mention: boolean }[] {
  const calls = names.map((name) => `@${name}`).sort((a, b) => b.length - a.length);
  const parts: { text: string; mention: boolean }[] = [];
  let rest = text;
  while (rest) {
    const found = calls
      .map((call) => ({ call, at: rest.indexOf(call) }))
      .filter(({ at }) => at >= 0)
      .sort((a, b) => a.at - b.at || b.call.length - a.call.length)[0];
    if (!found) break;
    if (found.at > 0) parts.push({ text: rest.slice(0, found.at), mention: false });
    parts.push({ text: found.call, mention: true });
    rest = rest.slice(found.at + found.call.length);
  }
  if (rest) parts.push({ text: rest, mention: false });
  return parts;
}

function Choices({ attributes }: { attributes: unknown }) {
  const t = useMessages(threadMessages);
  const choices = (attributes as { quickReplies?: { title?: unknown }[] } | undefined)?.quickReplies;
  if (!Array.isArray(choices) || choices.length === 0) return null;
  return (
    <ul aria-label={t.choices} className="mt-1 flex flex-wrap gap-1">
      {choices.map((choice, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two answers may say the same.
        <li key={index} className="rounded-full border border-current/30 px-2 text-sm">
          <Given>{String(choice.title ?? "")}</Given>
        </li>
      ))}
    </ul>
  );
}

function Place({ message }: { message: Message }) {
  const t = useMessages(threadMessages);
  const { title, address, latitude, longitude } = (message.attributes ?? {}) as Record<string, unknown>;
  const known = typeof latitude === "number" && typeof longitude === "number";
  return (
    <div className="flex items-start gap-2 py-1">
      <MapPin size={20} className="mt-0.5 shrink-0 text-danger" aria-hidden="true" />
      <div className="min-w-0">
        <p className="font-medium">
          <Given>{typeof title === "string" && title ? title : t.place}</Given>
        </p>
        {typeof address === "string" && address && (
          <p className="text-sm opacity-85">
            <Given>{address}</Given>
          </p>
        )}
        {known && (
          <a
            href={`https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`}
            target="_blank"
            rel="noopener noreferrer"
            className="text-sm underline underline-offset-2"
          >
            {t.map}
          </a>
        )}
      </div>
    </div>
  );
}
