import { FileText } from "lucide-react";
import { useState } from "react";
import type { Conversation, Schemas } from "~/api/rows";
import { useMessages } from "~/i18n/catalogue";
import { Button } from "~/ui/Button";
import { classes } from "~/ui/classes";
import { Dialog } from "~/ui/Dialog";
import { TextField } from "~/ui/Field";
import { EmptyState, ErrorState } from "~/ui/states";
import { useTemplates } from "../queries";
import { composerMessages } from "./messages";
import type { Content } from "./outbox";
import { filled } from "./templateWords";

type Template = Schemas["Template"];

const isFile = (template: Template) => ["IMAGE", "VIDEO", "DOCUMENT"].includes(template.header ?? "");

export function TemplatePicker({
  conversation,
  open,
  onClose,
  onSend,
}: {
  conversation: Conversation;
  open: boolean;
  onClose(): void;
  onSend(content: Content): void;
}) {
  const t = useMessages(composerMessages);
  const templates = useTemplates(conversation.channelAccountId, open);
  const [chosen, setChosen] = useState<Template>();
  const [parameters, setParameters] = useState<string[]>([]);
  const [address, setAddress] = useState("");
  const approved = templates.data?.filter((one) => one.status === "APPROVED") ?? [];

  const choose = (template: Template) => {
    setChosen(template);
    setParameters(Array.from({ length: template.bodyParameters }, () => ""));
    setAddress("");
  };
  const complete =
    chosen && parameters.every((one) => one.trim()) && (!isFile(chosen) || address.startsWith("https://"));
  const send = () => {
    if (!chosen || !complete) return;
    const header = isFile(chosen)
      ? { header: { type: (chosen.header ?? "").toLowerCase(), url: address } }
      : {};
    const values = parameters.length > 0 ? { parameters } : {};
    onSend({
      kind: "template",
      template: { name: chosen.name, language: chosen.language, ...values, ...header },
      text: filled(chosen.body ?? chosen.name, parameters),
    });
    onClose();
  };

  return (
    <Dialog
      wide
      open={open}
      onClose={onClose}
      title={t.templates}
      actions={
        chosen && (
          <Button look="primary" disabled={!complete} onClick={send}>
            {t.sendTemplate}
          </Button>
        )
      }
    >
      {templates.isPending && <div className="skeleton h-40" />}
      {templates.error && <ErrorState error={templates.error} onRetry={() => void templates.refetch()} />}
      {templates.data && approved.length === 0 && (
        <EmptyState icon={<FileText size={26} aria-hidden="true" />} title={t.templatesNone} />
      )}
      <div className="flex flex-col gap-4">
        <ul className="flex max-h-60 flex-col gap-1 overflow-y-auto">
          {approved.map((template) => (
            <li key={`${template.name}/${template.language}`}>
              <button
                type="button"
                aria-pressed={chosen === template}
                onClick={() => choose(template)}
                className={classes(
                  "w-full rounded-lg border px-3 py-2 text-left",
                  chosen === template ? "border-accent bg-selected" : "border-line hover:bg-hover",
                )}
              >
                <span className="flex items-baseline gap-2">
                  <span className="font-medium">{template.name}</span>
                  <span className="text-xs text-ink-faint">{template.language}</span>
                </span>
                <span className="line-clamp-2 text-sm text-ink-soft">{template.body}</span>
              </button>
            </li>
          ))}
        </ul>
        {chosen && (
          <form
            className="flex flex-col gap-3"
            onSubmit={(event) => {
              event.preventDefault();
              send();
            }}
          >
            {isFile(chosen) && (
              <TextField
                label={t.headerFile}
                type="url"
                value={address}
                onChange={(event) => setAddress(event.target.value)}
              />
            )}
            {parameters.map((value, index) => (
              <TextField
                // biome-ignore lint/suspicious/noArrayIndexKey: a value's place is its name.
                key={index}
                label={t.parameter(index + 1)}
                value={value}
                onChange={(event) =>
                  setParameters(parameters.map((one, at) => (at === index ? event.target.value : one)))
                }
              />
            ))}
            <p
              dir="auto"
              className="rounded-xl bg-bubble-out px-3 py-2 whitespace-pre-wrap text-bubble-out-ink"
            >
              {filled(chosen.body ?? chosen.name, parameters)}
            </p>
            <button type="submit" className="hidden" />
          </form>
        )}
      </div>
    </Dialog>
  );
}
