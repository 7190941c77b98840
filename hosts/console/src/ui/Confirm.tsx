import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { catalogue, useMessages } from "~/i18n/catalogue";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { useProblemWords } from "./states";

const messages = catalogue({ en: { cancel: "Cancel" }, th: { cancel: "ยกเลิก" } });

/** Asks before something that cannot be taken back, and stays open when it fails. */
export function Confirm({
  open,
  onClose,
  title,
  description,
  action,
  run,
  children,
}: {
  open: boolean;
  onClose(): void;
  title: string;
  description: ReactNode;
  /** What the button says: the deed itself. */
  action: string;
  run(): Promise<unknown>;
  children?: ReactNode;
}) {
  const t = useMessages(messages);
  const words = useProblemWords();
  const deed = useMutation({ mutationFn: run, onSuccess: onClose });
  const close = () => {
    deed.reset();
    onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={title}
      description={description}
      actions={
        <>
          <Button onClick={close}>{t.cancel}</Button>
          <Button look="danger" busy={deed.isPending} onClick={() => deed.mutate()}>
            {action}
          </Button>
        </>
      }
    >
      {(children || deed.error) && (
        <>
          {children}
          {deed.error && (
            <p role="alert" className="text-base text-danger">
              {words(deed.error)}
            </p>
          )}
        </>
      )}
    </Dialog>
  );
}
