// LINE: webhook events of the customer, message objects of the channel.

const STICKERS = ["😀", "😍", "🙏", "👍", "🎉", "😂", "🥰", "😮"];

export function stickerFace(id) {
  const number = [...String(id)].reduce((sum, letter) => sum + letter.codePointAt(0), 0);
  return STICKERS[number % STICKERS.length];
}

export function readLine(entry) {
  return entry.by === "customer" ? said(entry.content) : received(entry);
}

function said(event) {
  const bubble = (fields) => [{ step: "bubble", id: event.message?.id, ...fields }];
  switch (event.type) {
    case "message":
      return bubble(messageSaid(event.message));
    case "postback":
      return bubble({ kind: "text", chosen: event.postback.data, text: event.postback.data });
    case "unsend":
      return [{ step: "unsend", id: event.unsend.messageId }];
    case "follow":
      return bubble({ notice: true, text: "You added the shop as a friend" });
    case "unfollow":
      return bubble({ notice: true, text: "You blocked the shop" });
    default:
      return bubble({ notice: true, text: `Event: ${event.type}` });
  }
}

function messageSaid(message) {
  const own = `/_sandbox/line/contents/${message.id}`;
  switch (message.type) {
    case "text":
      return { kind: "text", text: message.text };
    case "image":
    case "video":
    case "audio":
      return { kind: message.type, url: own };
    case "file":
      return { kind: "file", name: message.fileName };
    case "sticker":
      return { kind: "sticker", text: stickerFace(message.stickerId) };
    case "location":
      return place(message);
    default:
      return { kind: "text", text: `[${message.type}]` };
  }
}

function place({ title, address, latitude, longitude }) {
  return { kind: "place", title: title || "A place", text: address ?? "", latitude, longitude };
}

function received(entry) {
  if (entry.operation !== "message") return [{ step: entry.operation }];
  const { messages, messageIds, via } = entry.content;
  return messages.map((message, part) => ({
    step: "bubble",
    part,
    id: messageIds[part],
    mark: via === "push" ? "Push" : "Reply",
    quick: message.quickReply?.items.map(({ action }) => choice(action)),
    ...messageReceived(message),
  }));
}

/** What a tap on an action says: a text, or data that the channel reads. */
function choice(action) {
  const label = action.label ?? action.text ?? "…";
  if (action.type === "uri") return { label, link: action.uri };
  return action.type === "message" ? { label, say: action.text } : { label, payload: action.data, text: action.displayText ?? label };
}

function messageReceived(message) {
  switch (message.type) {
    case "text":
      return { kind: "text", text: message.text };
    case "image":
    case "video":
      return { kind: message.type, url: message.originalContentUrl, foreign: true };
    case "audio":
      return { kind: "audio", url: message.originalContentUrl, foreign: true };
    case "sticker":
      return { kind: "sticker", text: stickerFace(message.stickerId) };
    case "location":
      return place(message);
    case "template":
      return { kind: "card", ...template(message) };
    case "flex":
      return { kind: "card", lines: flexLines(message.contents), buttons: flexButtons(message.contents) };
    default:
      return { kind: "text", text: message.altText ?? `[${message.type}]` };
  }
}

function template({ template, altText }) {
  const parts = template.columns ?? [template];
  return {
    picture: parts[0]?.thumbnailImageUrl,
    title: parts[0]?.title,
    lines: parts.map((part) => part.text ?? altText).map((text) => ({ text })),
    buttons: parts.flatMap((part) => part.actions ?? []).map(choice),
  };
}

function* boxes(node) {
  if (!node || typeof node !== "object") return;
  yield node;
  for (const child of [node.header, node.hero, node.body, node.footer, ...(Array.isArray(node.contents) ? node.contents : [node.contents])]) {
    yield* boxes(child);
  }
}

function flexLines(contents) {
  return [...boxes(contents)].filter((node) => node.type === "text").map((node) => ({ text: node.text ?? "", bold: node.weight === "bold" }));
}

function flexButtons(contents) {
  return [...boxes(contents)].filter((node) => node.type === "button" && node.action).map((node) => choice(node.action));
}
