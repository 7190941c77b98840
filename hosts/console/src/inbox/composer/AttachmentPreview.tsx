import { FileText, X } from "lucide-react";
import { useMessages } from "~/i18n/catalogue";
import { Given } from "~/ui/Given";
import { IconButton } from "~/ui/IconButton";
import { useProblemWords } from "~/ui/states";
import { fileSize } from "../thread/fileSize";
import type { Attachment } from "./attachment";
import { composerMessages } from "./messages";

export function AttachmentPreview({ attachment, onRemove }: { attachment: Attachment; onRemove(): void }) {
  const t = useMessages(composerMessages);
  const words = useProblemWords();
  const percent = Math.round(attachment.progress * 100);
  const busy = !attachment.mediaId && !attachment.problem;
  return (
    <div className="mx-3 mt-2 flex items-center gap-2.5 rounded-xl border border-line bg-sunken p-2">
      {attachment.preview ? (
        <img src={attachment.preview} alt="" className="size-12 rounded-lg object-cover" />
      ) : (
        <span className="flex size-12 items-center justify-center rounded-lg bg-danger-soft text-danger">
          <FileText size={22} aria-hidden="true" />
        </span>
      )}
      <div className="min-w-0 flex-1">
        <p className="truncate text-base font-medium">
          <Given>{attachment.name}</Given>
        </p>
        {attachment.problem ? (
          <p role="alert" className="text-sm text-danger">
            {words(attachment.problem)}
          </p>
        ) : (
          <p className="text-sm text-ink-faint tabular-nums">
            {fileSize(attachment.size)} · {busy ? t.uploading(percent) : t.uploaded}
          </p>
        )}
        {busy && (
          <div
            role="progressbar"
            aria-label={t.uploading(percent)}
            aria-valuenow={percent}
            className="mt-1 h-1 overflow-hidden rounded-full bg-line"
          >
            <div className="h-full bg-accent transition-[width]" style={{ width: `${percent}%` }} />
          </div>
        )}
      </div>
      <IconButton label={busy ? t.cancelUpload : t.removeFile} onClick={onRemove}>
        <X size={17} aria-hidden="true" />
      </IconButton>
    </div>
  );
}
