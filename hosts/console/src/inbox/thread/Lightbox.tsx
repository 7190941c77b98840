import { Dialog } from "@base-ui/react/dialog";
import { Download, X } from "lucide-react";
import { useMessages } from "~/i18n/catalogue";
import { threadMessages } from "./messages";

/** A picture as large as the page. Esc or a press beside it closes it, and the focus goes back to where it was. */
export function Lightbox({
  src,
  name,
  open,
  onClose,
}: {
  src: string;
  name: string;
  open: boolean;
  onClose(): void;
}) {
  const t = useMessages(threadMessages);
  const button =
    "touch-target inline-flex size-10 items-center justify-center rounded-full bg-black/60 text-white hover:bg-black/80";
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-50 bg-black/85" />
        <Dialog.Popup className="pointer-events-none fixed inset-0 z-50 flex items-center justify-center p-4 outline-none md:p-10">
          <Dialog.Title className="sr-only">{t.picture(name)}</Dialog.Title>
          <img
            src={src}
            alt={name}
            referrerPolicy="no-referrer"
            className="pointer-events-auto max-h-full max-w-full rounded-lg object-contain"
          />
          <div className="pointer-events-auto absolute top-3 right-3 flex gap-2">
            <a
              href={src}
              target="_blank"
              rel="noopener noreferrer"
              aria-label={t.download}
              className={button}
            >
              <Download size={18} aria-hidden="true" />
            </a>
            <Dialog.Close aria-label="Esc" className={button}>
              <X size={20} aria-hidden="true" />
            </Dialog.Close>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
