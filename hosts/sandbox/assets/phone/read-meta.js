// Meta: Messenger and Instagram direct messages, comments, WhatsApp.

/** A file on the fake Meta's own server, by the path alone: the page loads nothing from elsewhere. */
function ownFile(url) {
  return new URL(url, location.origin).pathname;
}

export function readDirect(entry) {
  if (entry.operation === "said") return directSaid(entry);
  if (entry.operation === "native") {
    const { mid, text } = entry.content.message;
    return [{ step: "bubble", id: mid, kind: "text", text, mark: "Sent by the shop's own app" }];
  }
  const { id, body } = entry.content;
  if (entry.operation === "sender_action") return senderAction(body);
  const message = body.message ?? {};
  const attachments = message.attachments ?? (message.attachment ? [message.attachment] : []);
  const mark = entry.operation === "private_reply" ? "Private reply to your comment" : undefined;
  const quick = message.quick_replies?.map((reply) => ({ label: reply.title, payload: reply.payload, text: reply.title }));
  const parts = attachments.map((attachment) => attached(attachment));
  if (message.text) parts.unshift({ kind: "text", text: message.text });
  return parts.map((fields, part) => ({
    step: "bubble", id, part, mark, quoted: message.reply_to?.mid ?? body.reply_to?.mid, quick, commentId: body.recipient?.comment_id, ...fields,
  }));
}

function attached({ type, payload = {} }) {
  if (type === "template") {
    const element = payload.elements?.[0] ?? payload;
    const buttons = (element.buttons ?? payload.buttons ?? []).map((one) =>
      one.type === "web_url" ? { label: one.title, link: one.url } : { label: one.title, payload: one.payload, text: one.title, isButton: true });
    return { kind: "card", picture: element.image_url, title: element.title, lines: [{ text: element.subtitle ?? payload.text ?? "" }], buttons };
  }
  if (type === "file") return { kind: "file", url: payload.url, foreign: true, name: fileName(payload.url) };
  return { kind: ["image", "video", "audio"].includes(type) ? type : "file", url: payload.url, foreign: true };
}

function fileName(url) {
  try {
    const name = decodeURIComponent(new URL(url).pathname.split("/").pop());
    // An address without a file's ending says nothing of the name.
    return name.includes(".") ? name : "A file";
  } catch {
    return "A file";
  }
}

function senderAction(body) {
  const id = body.payload?.message_id;
  switch (body.sender_action) {
    case "typing_on":
      return [{ step: "typing" }];
    case "mark_seen":
      return [{ step: "read" }];
    case "react":
      return [{ step: "react", id, emoji: body.payload.reaction === "love" ? "❤️" : (body.payload.reaction ?? "👍") }];
    case "unreact":
      return [{ step: "react", id, emoji: undefined }];
    default:
      return [];
  }
}

function directSaid({ content }) {
  const { message, postback, reaction, message_edit: edit, read, delivery } = content;
  if (reaction) return [{ step: "react", id: reaction.mid, emoji: reaction.action === "react" ? reaction.emoji : undefined }];
  if (edit) return [{ step: "edit", id: edit.mid, text: edit.text }];
  if (read) return [{ step: "read" }];
  if (delivery) return [{ step: "delivered" }];
  if (postback) return [{ step: "bubble", id: postback.mid, kind: "text", text: postback.title }];
  if (!message) return [];
  if (message.is_deleted) return [{ step: "unsend", id: message.mid }];
  const files = (message.attachments ?? []).map(({ type, payload }) => ({
    kind: type === "image" || type === "video" || type === "audio" ? type : "file",
    url: ownFile(payload.url),
    name: type === "file" ? fileName(payload.url) : undefined,
  }));
  if (message.text) files.push({ kind: "text", text: message.text });
  return files.map((fields, part) => ({ step: "bubble", id: message.mid, part, quoted: message.reply_to?.mid, ...fields }));
}

export function readComment(entry) {
  if (entry.by === "business") {
    const { id, to, body } = entry.content;
    return [{ step: "comment", change: "add", id, parent: to, text: body.message ?? "", author: "", picture: body.attachment_url }];
  }
  const { value } = entry.content;
  // Instagram tells of new comments only, in words of its own.
  if (value.media) {
    return [{ step: "comment", change: "add", id: value.id, parent: value.parent_id, text: value.text, author: value.from?.username, personId: value.from?.id }];
  }
  const parent = value.parent_id === value.post_id ? undefined : value.parent_id;
  return [{ step: "comment", change: value.verb, id: value.comment_id, parent, text: value.message, author: value.from?.name, personId: value.from?.id }];
}

export function readWhatsapp(entry, story) {
  if (entry.by === "customer") return whatsappSaid(entry.content.value);
  if (entry.operation === "native") return [];
  const { id, body } = entry.content;
  if (entry.operation === "read") {
    return body.typing_indicator ? [{ step: "read" }, { step: "typing" }] : [{ step: "read" }];
  }
  const bubble = { step: "bubble", id, quoted: body.context?.message_id };
  const content = body[body.type] ?? {};
  switch (body.type) {
    case "reaction":
      return [{ step: "react", id: content.message_id, emoji: content.emoji || undefined }];
    case "template":
      return [{ ...bubble, kind: "card", mark: "Template", ...template(content, story.templates) }];
    case "interactive":
      return [{ ...bubble, kind: "card", lines: [{ text: content.body?.text ?? "" }], buttons: choices(content.action ?? {}) }];
    default:
      return [{ ...bubble, ...whatsappContent(body.type, content, true) }];
  }
}

function choices({ buttons = [], sections = [] }) {
  const rows = sections.flatMap((section) => section.rows);
  return [...buttons.map((button) => button.reply), ...rows].map((one) => ({ label: one.title, payload: one.id, text: one.title, isButton: true }));
}

/** What a message of a template says, from the template's own words. */
function template({ name, language, components = [] }, templates) {
  const known = templates.find((one) => one.name === name && one.language === language?.code);
  const values = components.find((one) => one.type?.toLowerCase() === "body")?.parameters ?? [];
  const text = known?.components.find((one) => one.type.toUpperCase() === "BODY")?.text;
  const filled = text?.replace(/{{(\d+)}}/g, (all, at) => values[at - 1]?.text ?? all);
  return { lines: [{ text: filled ?? `[${name}] ${values.map((value) => value.text ?? "").join(" ")}` }] };
}

function whatsappContent(type, content, foreign) {
  const url = foreign ? content.link : content.id && `/_cdn/${content.id}`;
  switch (type) {
    case "text":
      return { kind: "text", text: content.body };
    case "image":
    case "video":
    case "audio":
      return { kind: type, url, foreign, text: content.caption };
    case "document":
      return { kind: "file", url, foreign, name: content.filename ?? "Document", text: content.caption };
    case "sticker":
      return { kind: "sticker", text: "🙂" };
    case "location":
      return { kind: "place", title: content.name ?? "A place", text: content.address ?? "", ...content };
    default:
      return { kind: "text", text: `[${type}]` };
  }
}

function whatsappSaid(value) {
  const message = value.messages?.[0];
  if (!message) {
    const status = value.statuses?.[0]?.status;
    return status === "read" || status === "delivered" ? [{ step: status }] : [];
  }
  const bubble = { step: "bubble", id: message.id, quoted: message.type === "text" ? message.context?.id : undefined };
  switch (message.type) {
    case "reaction":
      return [{ step: "react", id: message.reaction.message_id, emoji: message.reaction.emoji }];
    case "edit":
      return [{ step: "edit", id: message.edit.original_message_id, text: message.edit.message.text.body }];
    case "revoke":
      return [{ step: "unsend", id: message.revoke.original_message_id }];
    case "button":
      return [{ ...bubble, kind: "text", text: message.button.text }];
    case "interactive":
      return [{ ...bubble, kind: "text", text: (message.interactive.button_reply ?? message.interactive.list_reply)?.title }];
    default:
      return [{ ...bubble, ...whatsappContent(message.type, message[message.type] ?? {}, false) }];
  }
}
