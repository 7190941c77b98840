import { FileText, FileWarning, ImageOff } from "lucide-react";
import { lazy, type ReactNode, Suspense, useRef, useState } from "react";
import type { Message } from "~/api/rows";
import { useMessages } from "~/i18n/catalogue";
import { useLanguage } from "~/i18n/moments";
import { Given } from "~/ui/Given";
import { Spinner } from "~/ui/Spinner";
import { fileFailureWords } from "./fileFailures";
import { fileSize } from "./fileSize";
import { threadMessages } from "./messages";

const Lightbox = lazy(async () => ({ default: (await import("./Lightbox")).Lightbox }));

/**
 * Addresses that may be followed: ours, and others over HTTPS. hubchat's own files are served beside this page; where
 * it knows no public address they are named by the one that it listens at, which browsers may not reach.
 */
function safe(address: string | undefined): string | undefined {
  if (!address) return undefined;
  try {
    const url = new URL(address, location.href);
    if (url.protocol === "https:" || url.origin === location.origin) return url.href;
    return url.protocol === "http:" && url.pathname.startsWith("/media/")
      ? url.pathname + url.search
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Links to files are signed anew with every answer. The first one stays while it works, so that a picture is not
 * loaded again for every tick below it.
 */
function useSteadyAddress(message: Message, address: string | undefined) {
  const name = `${message.media?.id ?? message.id}/${message.media?.status ?? ""}`;
  const kept = useRef<{ name: string; address: string | undefined }>(undefined);
  const [failed, setFailed] = useState<string>();
  const now = safe(address);
  const held = kept.current;
  const renew =
    held === undefined || held.name !== name || held.address === undefined || held.address === failed;
  if (renew) kept.current = { name, address: now };
  const shown = kept.current?.address;
  return { address: shown, broken: shown !== undefined && shown === failed, onError: () => setFailed(shown) };
}

export function MediaContent({ message }: { message: Message }) {
  const t = useMessages(threadMessages);
  const { media } = message;
  if (!media || media.status === "PENDING") return <Placeholder words={t.fetching} busy />;
  if (media.status === "GONE") return <Placeholder words={t.fileGone} />;
  if (media.status === "FAILED") return <FailedFile failure={media.failure} />;
  switch (message.messageType) {
    case "IMAGE":
      return <Picture message={message} />;
    case "VIDEO":
      return <Film message={message} />;
    case "AUDIO":
      return <Sound message={message} />;
    default:
      return <FileCard message={message} />;
  }
}

function FailedFile({ failure }: { failure: string | undefined }) {
  const t = useMessages(threadMessages);
  const language = useLanguage();
  const known = fileFailureWords(failure, language);
  if (known !== undefined || !failure) return <Placeholder words={known ?? t.fileFailed} />;
  // Whoever asks the provider for help needs its own words.
  return (
    <Placeholder words={t.fileFailed}>
      {" "}
      <Given>{`“${failure}”`}</Given>
    </Placeholder>
  );
}

function Placeholder({
  words,
  busy = false,
  children,
}: {
  words: string;
  busy?: boolean;
  children?: ReactNode;
}) {
  return (
    <div className="flex items-center gap-2 px-3 pt-2.5 text-ink-soft">
      {busy ? <Spinner size={16} /> : <FileWarning size={18} aria-hidden="true" />}
      <span className="min-w-0 break-words">
        {words}
        {children}
      </span>
    </div>
  );
}

function Picture({ message }: { message: Message }) {
  const t = useMessages(threadMessages);
  const { media } = message;
  const small = useSteadyAddress(message, media?.thumbnailUrl ?? media?.url);
  const [open, setOpen] = useState(false);
  const name = media?.fileName ?? t.pictureWord;
  if (!small.address) return <Placeholder words={t.fileFailed} />;
  if (small.broken) {
    return (
      <div className="flex min-h-24 min-w-48 items-center justify-center gap-2 text-ink-soft">
        <ImageOff size={18} aria-hidden="true" />
        {t.fileFailed}
      </div>
    );
  }
  return (
    <>
      <button
        type="button"
        aria-label={t.openPicture(name)}
        onClick={() => setOpen(true)}
        className="block min-h-24 min-w-24 cursor-zoom-in overflow-hidden rounded-[inherit] bg-sunken"
      >
        <img
          src={small.address}
          alt={name}
          referrerPolicy="no-referrer"
          onError={small.onError}
          className="block max-h-72 w-auto max-w-full object-cover"
        />
      </button>
      {open && (
        <Suspense>
          <Lightbox src={safe(media?.url) ?? small.address} name={name} open onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

function Film({ message }: { message: Message }) {
  const t = useMessages(threadMessages);
  const { address, onError } = useSteadyAddress(message, message.media?.url);
  if (!address) return <Placeholder words={t.fileFailed} />;
  return (
    // biome-ignore lint/a11y/useMediaCaption: customers' films have no captions.
    <video
      controls
      preload="metadata"
      src={address}
      onError={onError}
      className="block max-h-72 max-w-full rounded-[inherit] bg-black"
    />
  );
}

function Sound({ message }: { message: Message }) {
  const t = useMessages(threadMessages);
  const { address, onError } = useSteadyAddress(message, message.media?.url);
  if (!address) return <Placeholder words={t.fileFailed} />;
  return (
    <div className="p-2">
      {/* biome-ignore lint/a11y/useMediaCaption: customers' voice messages have no captions. */}
      <audio controls preload="metadata" src={address} onError={onError} className="h-10 w-64 max-w-full" />
    </div>
  );
}

function FileCard({ message }: { message: Message }) {
  const t = useMessages(threadMessages);
  const { media } = message;
  const address = safe(media?.url);
  const name = media?.fileName ?? message.content ?? t.file;
  const kind =
    media?.contentType === "application/pdf" || name.toLowerCase().endsWith(".pdf") ? "PDF" : undefined;
  const facts = [kind, media?.size ? fileSize(media.size) : undefined].filter(Boolean).join(" · ");
  const body = (
    <>
      <span className="flex size-10 shrink-0 items-center justify-center rounded-lg bg-danger-soft text-danger">
        <FileText size={20} aria-hidden="true" />
      </span>
      <span className="min-w-0 flex-1 text-left">
        <Given className="block truncate text-left font-medium">{name}</Given>
        <span className="block text-xs opacity-80">{facts || t.file}</span>
      </span>
    </>
  );
  const look = "flex w-72 max-w-full items-center gap-2.5 p-2.5 pb-0.5";
  if (!address) return <div className={look}>{body}</div>;
  return (
    <a href={address} target="_blank" rel="noopener noreferrer" className={`${look} hover:underline`}>
      {body}
    </a>
  );
}
