import { LockKeyhole, Paperclip, Reply, SendHorizontal } from "lucide-react";
import {
  type ClipboardEvent,
  type DragEvent,
  type KeyboardEvent,
  lazy,
  type RefObject,
  Suspense,
  useEffect,
  useRef,
  useState,
} from "react";
import { useMay, useMembers } from "~/api/people";
import type { Conversation, Message } from "~/api/rows";
import { useSignedIn } from "~/auth/useSession";
import { useMessages } from "~/i18n/catalogue";
import { usePreferences } from "~/state/preferences";
import { Button } from "~/ui/Button";
import { classes } from "~/ui/classes";
import { IconButton } from "~/ui/IconButton";
import { toast } from "~/ui/toasts";
import { useSendOptions } from "../queries";
import { fileSize } from "../thread/fileSize";
import { AttachmentPreview } from "./AttachmentPreview";
import { filesOf, useAttachment } from "./attachment";
import { useMentions } from "./MentionField";
import { mentionedIn } from "./mentions";
import { composerMessages } from "./messages";
import { type Content, type Deliver, outbox } from "./outbox";
import { PolicyLine } from "./PolicyLine";
import { fileRefusal } from "./policy";
import { sends } from "./sendKey";
import { useDraft } from "./useDraft";
import { useNewer } from "./useNewer";
import { usePolicy } from "./usePolicy";
import { useTyping } from "./useTyping";

const TemplatePicker = lazy(async () => ({ default: (await import("./TemplatePicker")).TemplatePicker }));

const NOTE_LENGTH = 4_000;

export interface ComposerHandle {
  reply(): void;
  note(): void;
}

interface Props {
  conversation: Conversation;
  messages: readonly Message[];
  deliver: Deliver;
  handle: RefObject<ComposerHandle | null>;
}

/** Where one writes. A new one for each conversation (by `key`), so that nothing leaks from one to another. */
export function Composer({ conversation, messages, deliver, handle }: Props) {
  const t = useMessages(composerMessages);
  const { member } = useSignedIn();
  const mayReply = useMay("messages:send");
  const members = useMembers();
  const { sendKey } = usePreferences();
  const byKey = sendKey[member.id] ?? "enter";
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const { draft, file: keptFile, change } = useDraft(conversation.id);
  const { attachment, attach, adopt, remove, take } = useAttachment(conversation.id);
  const options = useSendOptions(conversation.id);
  const policy = usePolicy(options.data);
  const [dragged, setDragged] = useState(false);
  const [templates, setTemplates] = useState(false);
  const [warned, setWarned] = useState<number>();
  const tellTyping = useTyping(conversation);

  const note = draft.note || !mayReply;
  const { text } = draft;
  const most = note ? NOTE_LENGTH : (options.data?.maxTextLength ?? 5_000);
  const tooLong = text.length > most;
  const canType = note || !policy || policy.text;
  const canAttach = !note && (!policy || policy.image || policy.pdf);
  const ready = attachment?.mediaId !== undefined;
  const hasText = text.trim().length > 0;
  // Whom a note calls is told by the names of the members: a draft may be there before they are.
  const canCall = !text.includes("@") || !members.isPending;
  const canSend = !tooLong && (note ? hasText && canCall : canType && (attachment ? ready : hasText));
  const newer = useNewer(messages, hasText || attachment !== undefined, member.id);

  // The draft's own file may come after its words.
  const mediaId = attachment ? attachment.mediaId : draft.mediaId;
  const write = (next: string, isNote = note) => {
    change({ text: next, note: isNote, mediaId });
    if (next.trim()) tellTyping(isNote);
  };
  const setMode = (isNote: boolean) => {
    if (isNote !== note && (mayReply || isNote)) change({ text, note: isNote, mediaId });
    // At once, so that no letter typed behind the keys is lost.
    field.current?.focus();
  };
  useEffect(() => {
    handle.current = { reply: () => setMode(false), note: () => setMode(true) };
  });

  // What was attached elsewhere is shown here, and what is attached here is kept with the draft.
  useEffect(() => {
    if (keptFile) adopt(keptFile);
  }, [keptFile, adopt]);
  useEffect(() => {
    if (mediaId !== undefined && mediaId !== draft.mediaId)
      change({ text: draft.text, note: draft.note, mediaId });
  }, [mediaId, draft, change]);
  const removeFile = () => {
    remove();
    change({ text, note });
  };

  const mentions = useMentions(field, text, note, write);

  const send = (confirmed = false) => {
    if (!canSend) return;
    if (!note && !confirmed && newer.count > 0) {
      setWarned(newer.count);
      return;
    }
    const contents: Content[] = [];
    if (note)
      contents.push({ kind: "note", text: text.trim(), mentions: mentionedIn(text, members.data ?? []) });
    else {
      if (hasText) contents.push({ kind: "text", text: text.trim() });
      const file = attachment?.mediaId ? take() : undefined;
      if (file?.mediaId)
        contents.push({
          kind: "file",
          file: file.kind,
          mediaId: file.mediaId,
          name: file.name,
          preview: file.preview,
        });
    }
    change({ text: "", note });
    setWarned(undefined);
    newer.reset();
    field.current?.focus();
    void outbox.send(conversation.id, contents, deliver);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.nativeEvent.isComposing && mentions.onKeyDown(event)) return;
    if (sends(event.nativeEvent, byKey)) {
      event.preventDefault();
      send();
    }
  };

  const takeFiles = (files: File[]) => {
    const [file] = files.slice(-1);
    if (!file || !canAttach) return;
    const refusal = fileRefusal(file, options.data);
    if (refusal) {
      toast("failed", refusal === "type" ? t.typeRefused : t.sizeRefused(fileSize(refusal.maxBytes)));
      return;
    }
    if (files.length > 1) toast("failed", t.oneFile);
    attach(file);
    if (draft.mediaId !== undefined) change({ text, note });
  };
  const onPaste = (event: ClipboardEvent) => {
    const files = filesOf(event.clipboardData);
    if (files.length === 0) return;
    event.preventDefault();
    takeFiles(files);
  };
  const onDrop = (event: DragEvent) => {
    setDragged(false);
    const files = filesOf(event.dataTransfer);
    if (files.length === 0) return;
    event.preventDefault();
    takeFiles(files);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping a file has its equal in the button.
    <div
      className="relative shrink-0 px-2 pb-2 md:px-4 md:pb-3"
      onDragOver={(event) => {
        if (canAttach && event.dataTransfer.types.includes("Files")) {
          event.preventDefault();
          setDragged(true);
        }
      }}
      onDragLeave={() => setDragged(false)}
      onDrop={onDrop}
    >
      {warned !== undefined && (
        <div
          role="alert"
          className="mb-1.5 flex flex-wrap items-center gap-2 rounded-xl bg-warn-soft px-3 py-2 text-warn"
        >
          <span className="flex-1">{t.newer(warned)}</span>
          <Button
            size="sm"
            onClick={() => {
              setWarned(undefined);
              newer.reset();
              field.current?.focus();
            }}
          >
            {t.readFirst}
          </Button>
          <Button size="sm" look="primary" autoFocus onClick={() => send(true)}>
            {t.sendAnyway}
          </Button>
        </div>
      )}
      <div
        className={classes(
          "relative rounded-2xl border shadow-low transition-colors focus-within:border-accent",
          note ? "border-note-line bg-note" : "border-line-strong bg-surface",
          dragged && "border-dashed border-accent bg-accent-soft",
        )}
      >
        {mentions.list}
        <div className="flex flex-wrap items-center gap-x-1 px-2 pt-1.5">
          <fieldset className="flex gap-0.5">
            <legend className="sr-only">{t.mode}</legend>
            {mayReply && (
              <ModeButton pressed={!note} onClick={() => setMode(false)} title={`${t.reply} (Alt+L)`}>
                <Reply size={14} aria-hidden="true" />
                {t.reply}
              </ModeButton>
            )}
            <ModeButton pressed={note} note onClick={() => setMode(true)} title={`${t.note} (Alt+P)`}>
              <LockKeyhole size={13} aria-hidden="true" />
              {t.note}
            </ModeButton>
          </fieldset>
          <div className="hidden min-w-0 flex-1 sm:block" />
          {!note && policy && (
            <PolicyLine policy={policy} onTemplate={policy.template ? () => setTemplates(true) : undefined} />
          )}
          {!note && options.error && <span className="truncate text-xs text-danger">{t.optionsFailed}</span>}
          {!mayReply && <span className="truncate text-xs text-note-ink">{t.noRight}</span>}
        </div>
        {!note && policy?.more && <p className="px-3.5 pt-1 text-xs text-ink-soft">{policy.more}</p>}
        {attachment && !note && <AttachmentPreview attachment={attachment} onRemove={removeFile} />}
        <textarea
          ref={field}
          dir="auto"
          rows={1}
          value={text}
          disabled={!canType}
          aria-label={note ? t.note : t.replyTo(conversation.participantDisplayName)}
          aria-invalid={tooLong || undefined}
          placeholder={
            dragged
              ? t.dropHere
              : note
                ? t.notePlaceholder
                : canType
                  ? t.replyTo(conversation.participantDisplayName)
                  : policy?.words
          }
          onChange={(event) => {
            write(event.target.value);
            mentions.onSelect();
          }}
          onSelect={mentions.onSelect}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          {...mentions.attributes}
          className="field-sizing-content block max-h-48 min-h-11 w-full resize-none bg-transparent px-3.5 py-2 text-base text-ink outline-none"
        />
        <div className="flex items-center gap-1.5 px-2 pb-1.5">
          {!note && (
            <>
              <IconButton label={t.attach} disabled={!canAttach} onClick={() => picker.current?.click()}>
                <Paperclip size={17} aria-hidden="true" />
              </IconButton>
              <input
                ref={picker}
                type="file"
                hidden
                accept="image/jpeg,image/png,image/webp,application/pdf"
                onChange={(event) => {
                  takeFiles([...(event.target.files ?? [])]);
                  event.target.value = "";
                }}
              />
            </>
          )}
          <span className="hidden min-w-0 flex-1 truncate text-xs text-ink-faint lg:block">
            {byKey === "enter" ? t.hintEnter : t.hintMod}
          </span>
          <span className="flex-1 lg:hidden" />
          {text.length > 0 && (
            <span
              className={classes(
                "text-xs tabular-nums",
                tooLong ? "font-semibold text-danger" : note ? "text-note-ink" : "text-ink-faint",
              )}
            >
              <span aria-hidden="true">{t.characters(text.length, most)}</span>
              <span className="sr-only">{t.charactersWords(text.length, most)}</span>
              {tooLong && <span role="alert"> {t.tooLong}</span>}
            </span>
          )}
          <Button
            size="sm"
            look={note ? "note" : "primary"}
            disabled={!canSend}
            onClick={() => send()}
            className="h-8"
          >
            {note ? t.saveNote : t.send}
            <SendHorizontal size={15} aria-hidden="true" />
          </Button>
        </div>
      </div>
      {templates && (
        <Suspense>
          <TemplatePicker
            open
            conversation={conversation}
            onClose={() => setTemplates(false)}
            onSend={(content) => void outbox.send(conversation.id, [content], deliver)}
          />
        </Suspense>
      )}
    </div>
  );
}

function ModeButton({
  pressed,
  note = false,
  ...rest
}: {
  pressed: boolean;
  note?: boolean;
  title: string;
  onClick(): void;
  children: React.ReactNode;
}) {
  return (
    <button
      type="button"
      {...rest}
      aria-pressed={pressed}
      className={classes(
        "touch-target inline-flex h-7 items-center gap-1 rounded-lg px-2 text-sm font-medium",
        pressed
          ? note
            ? "bg-note-line/50 text-note-ink"
            : "bg-accent-soft text-accent-strong"
          : "text-ink-soft hover:bg-hover",
      )}
    />
  );
}
