// Telegram: updates of the user, method calls of the bot.

export function readTelegram(entry) {
  if (entry.by === "customer") return updateSaid(entry.content);
  if (entry.operation === "typing") return [{ step: "typing" }];
  const { method, messageId, body } = entry.content;
  const quick = body.reply_markup?.inline_keyboard?.flat().map((one) =>
    one.url ? { label: one.text, link: one.url } : { label: one.text, payload: one.callback_data, text: one.text, messageId: String(messageId) });
  return [{ step: "bubble", id: String(messageId), text: body.caption, buttons: quick, ...sent(method, body), quoted: quoted(body) }];
}

function quoted(body) {
  const number = body.reply_parameters?.message_id;
  return number && String(number);
}

function sent(method, body) {
  switch (method) {
    case "sendMessage":
      return { kind: "text", text: body.text };
    case "sendPhoto":
      return { kind: "image", url: body.photo, foreign: true };
    case "sendVideo":
      return { kind: "video", url: body.video, foreign: true };
    case "sendAudio":
      return { kind: "audio", url: body.audio, foreign: true };
    case "sendDocument":
      return { kind: "file", url: body.document, foreign: true, name: lastSegment(body.document) };
    case "sendVenue":
    case "sendLocation":
      return { kind: "place", title: body.title ?? "A place", text: body.address ?? "", ...body };
    default:
      return { kind: "text", text: `[${method}]` };
  }
}

function lastSegment(url) {
  try {
    const name = decodeURIComponent(new URL(url).pathname.split("/").pop());
    return name.includes(".") ? name : "A document";
  } catch {
    return "A document";
  }
}

function updateSaid(update) {
  const { message, edited_message: edited, callback_query: pressed, my_chat_member: member } = update;
  if (edited) return [{ step: "edit", id: String(edited.message_id), text: edited.text }];
  if (pressed) return [{ step: "bubble", notice: true, chosen: pressed.data, text: `You pressed “${pressed.data}”` }];
  if (member) {
    const blocked = member.new_chat_member?.status === "kicked";
    return [{ step: "bubble", notice: true, text: blocked ? "You blocked the bot" : "You unblocked the bot" }];
  }
  if (!message) return [];
  const bubble = { step: "bubble", id: String(message.message_id) };
  const own = (file) => `/_sandbox/telegram/files/${file.file_id}`;
  if (message.photo) return [{ ...bubble, kind: "image", url: own(message.photo.at(-1)), text: message.caption }];
  if (message.document) return [{ ...bubble, kind: "file", name: message.document.file_name, text: message.caption }];
  return [{ ...bubble, kind: "text", text: message.text ?? "[message]" }];
}
