import { ApiProblem } from "~/api/problem";
import type { Schemas } from "~/api/rows";
import { session } from "~/auth/session";

// `fetch` tells nothing of how far an upload is, so this is an XMLHttpRequest.

export type Uploaded = Schemas["UploadedMedia"];

export interface Upload {
  done: Promise<Uploaded>;
  cancel(): void;
}

export class UploadCancelled extends Error {}

export function upload(file: File, conversationId: string, onProgress: (share: number) => void): Upload {
  let current: XMLHttpRequest | undefined;
  let cancelled = false;

  const attempt = (mayRefresh: boolean): Promise<Uploaded> =>
    new Promise<Uploaded>((resolve, reject) => {
      const request = new XMLHttpRequest();
      current = request;
      request.open("POST", `/api/media?conversationId=${encodeURIComponent(conversationId)}`);
      if (session.token) request.setRequestHeader("authorization", `Bearer ${session.token}`);
      request.responseType = "json";
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) onProgress(event.loaded / event.total);
      };
      request.onerror = () => reject(ApiProblem.offline());
      request.onabort = () => reject(new UploadCancelled());
      request.onload = () => {
        if (request.status >= 200 && request.status < 300) {
          resolve(request.response as Uploaded);
        } else if (request.status === 401 && mayRefresh) {
          session
            .refresh()
            .then(
              (renewed) => (renewed && !cancelled ? resolve(attempt(false)) : reject(problem(request))),
              reject,
            );
        } else reject(problem(request));
      };
      const form = new FormData();
      form.append("file", file, file.name);
      request.send(form);
    });

  return {
    done: attempt(true),
    cancel() {
      cancelled = true;
      current?.abort();
    },
  };
}

function problem(request: XMLHttpRequest): ApiProblem {
  const headers = { get: (name: string) => request.getResponseHeader(name) };
  return ApiProblem.of({ status: request.status, headers }, request.response);
}
