import { type FormEvent, type ReactNode, useId } from "react";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { Notice } from "./Notice";

const messages = catalogue({ en: { cancel: "Cancel" }, th: { cancel: "ยกเลิก" } });

/** A window with fields to fill in, which are sent or left. */
export function FormDialog({
  open,
  onClose,
  title,
  description,
  submit,
  busy,
  onSubmit,
  problem,
  children,
}: {
  open: boolean;
  onClose(): void;
  title: string;
  description?: ReactNode;
  /** What sending is called. */
  submit: string;
  busy: boolean;
  onSubmit(): void;
  /** What is wrong, unless a field says so. */
  problem?: string | undefined;
  children: ReactNode;
}) {
  const t = useMessages(messages);
  const form = useId();
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      description={description}
      actions={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" form={form} look="primary" busy={busy}>
            {submit}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={send} className="flex flex-col gap-4">
        {problem && <Notice tone="danger">{problem}</Notice>}
        {children}
      </form>
    </Dialog>
  );
}
