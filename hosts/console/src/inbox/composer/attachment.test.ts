import { expect, it } from "vitest";
import { attachmentOf } from "./attachment";

const file = {
  mediaId: "m1",
  type: "image/png",
  size: 17,
  name: "dress.png",
  url: "/media/full",
  thumbnailUrl: "/media/small",
  urlExpiresAt: "2027-01-01T00:00:00Z",
};

it("shows a file of the server's as one that is ready to be sent", () => {
  expect(attachmentOf(file)).toEqual({
    name: "dress.png",
    size: 17,
    kind: "image",
    preview: "/media/small",
    progress: 1,
    mediaId: "m1",
  });
  const { thumbnailUrl: _, ...plain } = file;
  expect(attachmentOf(plain)).toMatchObject({ preview: "/media/full" });
  expect(attachmentOf({ ...file, type: "application/pdf" })).toMatchObject({
    kind: "document_pdf",
    preview: undefined,
  });
  expect(attachmentOf({ ...file, type: "video/mp4" })).toBeUndefined();
});
