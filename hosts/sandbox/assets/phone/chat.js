// One thread as the customer sees it.

import { button, clock, el, keyed, linked } from "./elements.js";

const REACTIONS = ["👍", "❤️", "😂", "😮", "🙏"];
/** How the two ticks or the word for them look when the shop has seen a message. */
const SEEN = { line: "Read", messenger: "Seen", instagram: "Seen", whatsapp: "✓✓", telegram: "✓✓" };
const SENT = { whatsapp: "✓✓", telegram: "✓" };

const sameDay = (a, b) => new Date(a).toDateString() === new Date(b).toDateString();
const day = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short" });

/** Shows a thread in `log`. `acts` has what a customer can do with a message. */
export function showThread(log, thread, channel, acts) {
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const rows = [];
  let before;
  for (const bubble of thread.bubbles) {
    if (!before || !sameDay(before.at, bubble.at)) {
      rows.push({ key: `day ${bubble.key}`, shows: "", make: () => el("p", { className: "day" }, day.format(bubble.at)) });
    }
    const open = acts.open === bubble.key;
    const quoted = bubble.quoted ? thread.byId.get(bubble.quoted) : undefined;
    const shows = JSON.stringify([bubble, open, quoted?.text]);
    rows.push({ key: bubble.key, shows, make: () => row(bubble, { channel, open, quoted, acts }) });
    before = bubble;
  }
  const last = thread.bubbles.at(-1);
  if (last?.by === "business" && last.quick?.length) {
    rows.push({ key: "quick", shows: last.key, make: () => el("div", { className: "quick", role: "group", "aria-label": "Quick replies" }, last.quick.map((choice) => choiceButton(choice, last, acts))) });
  }
  if (thread.typingUntil > Date.now()) {
    rows.push({ key: "typing", shows: "", make: () => el("p", { className: "typing", "aria-label": "The shop is typing" }, el("i"), el("i"), el("i")) });
  }
  keyed(log, rows);
  if (atEnd || acts.jump) log.scrollTop = log.scrollHeight;
}

function row(bubble, context) {
  if (bubble.notice) return el("p", { className: "notice" }, bubble.text);
  const mine = bubble.by === "customer";
  const { channel, open, acts } = context;
  const can = bubble.unsent || !bubble.id ? [] : abilities(bubble, mine, channel);
  return el("article", { className: `row ${mine ? "mine" : "theirs"}`, "aria-label": mine ? "You" : channel.accountName },
    el("div", { className: "bubble-line" },
      bubbleOf(bubble, context),
      can.length > 0 && button("⋯", () => acts.toggle(bubble.key), { className: "more", "aria-label": "What to do with this message", "aria-expanded": String(open) })),
    open && el("div", { className: "acts", role: "group", "aria-label": "This message" }, can.map((one) => actButton(one, bubble, acts))),
    el("p", { className: "meta" }, meta(bubble, mine, channel)));
}

function abilities(bubble, mine, channel) {
  const can = (word) => channel.can.includes(word);
  if (mine) return [can("edit") && bubble.kind === "text" && "edit", can("unsend") && "unsend"].filter(Boolean);
  return [can("react") && "react", can("quote") && "quote"].filter(Boolean);
}

function actButton(one, bubble, acts) {
  switch (one) {
    case "react": {
      const now = bubble.reactions?.customer;
      return REACTIONS.map((emoji) => button(emoji, () => acts.react(bubble, emoji === now ? null : emoji), { className: "emoji", "aria-label": emoji === now ? `Take back ${emoji}` : `React with ${emoji}`, "aria-pressed": String(emoji === now) }));
    }
    case "quote":
      return button("Answer this", () => acts.quote(bubble));
    case "edit":
      return button("Edit", () => acts.edit(bubble));
    default:
      return button("Unsend", () => acts.unsend(bubble));
  }
}

function meta(bubble, mine, channel) {
  const read = mine ? bubble.read && SEEN[channel.channel] : undefined;
  return [
    bubble.mark && el("span", { className: "mark" }, bubble.mark),
    bubble.edited && el("span", {}, "edited"),
    el("time", { dateTime: new Date(bubble.at).toISOString() }, clock(bubble.at)),
    mine && !bubble.unsent && (read ? el("span", { className: "seen", title: "The shop has read it" }, read) : SENT[channel.channel] && el("span", { title: "Sent" }, SENT[channel.channel])),
  ];
}

function bubbleOf(bubble, { quoted, acts }) {
  if (bubble.unsent) return el("div", { className: "bubble gone" }, "Message unsent");
  const faces = Object.values(bubble.reactions ?? {}).filter(Boolean);
  const bare = bubble.kind === "sticker" || (["image", "video"].includes(bubble.kind) && !bubble.text);
  return el("div", { className: `bubble kind-${bubble.kind}${bare ? " bare" : ""}` },
    bubble.quoted && el("blockquote", {}, quoted?.text ?? "A message"),
    content(bubble, acts),
    bubble.buttons?.length && bubble.kind !== "card" && el("div", { className: "buttons" }, bubble.buttons.map((choice) => choiceButton(choice, bubble, acts))),
    faces.length > 0 && el("span", { className: "faces", "aria-label": `Reactions: ${faces.join(" ")}` }, faces.join("")));
}

/** Where the page gets a file: what the shop sent is fetched by the sandbox. */
function fileUrl(bubble, url = bubble.url) {
  return bubble.foreign || url !== bubble.url ? `/_sandbox/phone/media/${bubble.seq}?url=${encodeURIComponent(url)}` : url;
}

function content(bubble, acts) {
  const words = bubble.text && el("p", { className: "text" }, linked(bubble.text));
  switch (bubble.kind) {
    case "image":
      return [el("a", { href: fileUrl(bubble), target: "_blank", rel: "noopener" }, el("img", { src: fileUrl(bubble), alt: "A picture", loading: "lazy", onload: acts.settled })), words];
    case "video":
      return [el("video", { src: fileUrl(bubble), controls: true, preload: "metadata" }), words];
    case "audio":
      return [el("audio", { src: fileUrl(bubble), controls: true, preload: "metadata" }), words];
    case "sticker":
      return el("p", { className: "sticker" }, bubble.text);
    case "file":
      return [fileCard(bubble.name ?? "File", bubble.url && fileUrl(bubble)), words];
    case "place":
      return el("div", { className: "place" }, el("strong", {}, `📍 ${bubble.title}`), el("p", {}, bubble.text), el("p", { className: "faint" }, `${bubble.latitude}, ${bubble.longitude}`));
    case "card":
      return card(bubble, acts);
    default:
      return text(bubble, words);
  }
}

/** LINE and Telegram get files as a text with a link; people read that as a card. */
function text(bubble, words) {
  const link = bubble.by === "business" && /^📄 (.+)\n(https?:\/\/\S+)$/u.exec(bubble.text ?? "");
  return link ? fileCard(link[1], fileUrl(bubble, link[2])) : words;
}

function fileCard(name, href) {
  const inside = [el("span", { className: "file-icon", "aria-hidden": "true" }, /\.pdf\b/i.test(name) ? "PDF" : "FILE"), el("span", { className: "file-name" }, name)];
  return href ? el("a", { className: "file", href, target: "_blank", rel: "noopener" }, inside) : el("span", { className: "file" }, inside);
}

function card(bubble, acts) {
  return [
    bubble.picture && el("img", { src: fileUrl(bubble, bubble.picture), alt: "" }),
    bubble.title && el("strong", {}, bubble.title),
    ...(bubble.lines ?? []).filter((line) => line.text).map((line) => el("p", { className: line.bold ? "text strong" : "text" }, linked(line.text))),
    bubble.buttons?.length ? el("div", { className: "buttons" }, bubble.buttons.map((choice) => choiceButton(choice, bubble, acts))) : undefined,
  ];
}

function choiceButton(choice, bubble, acts) {
  if (choice.link) return el("a", { className: "choice", href: choice.link, target: "_blank", rel: "noopener noreferrer" }, choice.label);
  return button(choice.label, () => acts.choose(choice, bubble), { className: "choice" });
}
