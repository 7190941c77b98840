import { useCallback, useEffect } from "react";
import { type ApiProblem, problemOf } from "~/api/problem";
import { whenMemberLeaves } from "~/state/member";
import { createStore, useStore } from "~/state/store";
import { kindOf } from "./policy";
import { type Upload, UploadCancelled, type Uploaded, upload } from "./upload";

export interface Attachment {
  name: string;
  size: number;
  kind: "image" | "document_pdf";
  /** A picture of it, of this tab's memory. */
  preview?: string | undefined;
  progress: number;
  mediaId?: string;
  problem?: ApiProblem;
}

interface Held {
  attachment: Attachment;
  /** How it came here; absent when it was uploaded elsewhere. */
  upload?: Upload;
}

// One file a conversation, kept while one looks at others.
const held = createStore<Readonly<Record<string, Held>>>({});

function put(conversationId: string, value: Held | undefined): void {
  held.set((now) => {
    const { [conversationId]: _, ...others } = now;
    return value ? { ...others, [conversationId]: value } : others;
  });
}

function drop(conversationId: string): void {
  const now = held.get()[conversationId];
  if (!now) return;
  put(conversationId, undefined);
  now.upload?.cancel();
  if (now.attachment.preview?.startsWith("blob:")) URL.revokeObjectURL(now.attachment.preview);
}

whenMemberLeaves(() => Object.keys(held.get()).forEach(drop));

/** The file that is about to be sent in a conversation. */
export function useAttachment(conversationId: string) {
  const attachment = useStore(held, (all) => all[conversationId])?.attachment;

  const remove = useCallback(() => drop(conversationId), [conversationId]);

  const attach = useCallback(
    (file: File) => {
      const kind = kindOf(file.type);
      if (!kind) return;
      remove();
      const change = (facts: Partial<Attachment>) => {
        const now = held.get()[conversationId];
        if (now?.upload === started)
          put(conversationId, { ...now, attachment: { ...now.attachment, ...facts } });
      };
      const started: Upload = upload(file, conversationId, (progress) => change({ progress }));
      const preview = kind === "image" ? URL.createObjectURL(file) : undefined;
      put(conversationId, {
        upload: started,
        attachment: { name: file.name, size: file.size, kind, preview, progress: 0 },
      });
      started.done.then(
        ({ mediaId }) => change({ mediaId, progress: 1 }),
        (error) => {
          if (!(error instanceof UploadCancelled)) change({ problem: problemOf(error) });
        },
      );
    },
    [conversationId, remove],
  );

  /** Shows a file that was uploaded before, unless there is another one. */
  const adopt = useCallback(
    (file: Uploaded) => {
      const attachment = attachmentOf(file);
      if (attachment && !held.get()[conversationId]) put(conversationId, { attachment });
    },
    [conversationId],
  );

  /** Takes it out for sending; its picture lives on in the bubble. */
  const take = useCallback(() => {
    const now = held.get()[conversationId]?.attachment;
    put(conversationId, undefined);
    return now;
  }, [conversationId]);

  return { attachment, attach, adopt, remove, take };
}

/** A file of the server's as one that is about to be sent. */
export function attachmentOf(file: Uploaded): Attachment | undefined {
  const kind = kindOf(file.type);
  if (!kind) return undefined;
  const preview = kind === "image" ? (file.thumbnailUrl ?? file.url) : undefined;
  return { name: file.name, size: file.size, kind, preview, progress: 1, mediaId: file.mediaId };
}

/** Files that are put into the page from outside: pasted, or dropped on it. */
export function filesOf(data: DataTransfer | null): File[] {
  return data ? [...data.files] : [];
}

/** A file dropped beside the composer would otherwise replace the page. */
export function useNoStrayDrops(): void {
  useEffect(() => {
    const stop = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
    };
    addEventListener("dragover", stop);
    addEventListener("drop", stop);
    return () => {
      removeEventListener("dragover", stop);
      removeEventListener("drop", stop);
    };
  }, []);
}
