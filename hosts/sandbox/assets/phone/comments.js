// A post of the page with the comments under it, the shop's public answers, and what it answered in private.

import { button, clock, el, initial, keyed } from "./elements.js";

/** Shows the post and its comments in `log`. */
export function showComments(log, { story, channel, picture, secretly, me, acts }) {
  const all = story.commentsOf(channel.channel);
  const rows = [{ key: `post ${channel.channel}`, shows: channel.accountName, make: () => post(channel, picture) }];
  for (const comment of all.filter((one) => !one.parent || !story.comments.has(one.parent))) {
    const answers = all.filter((one) => one.parent === comment.id);
    const secret = secretly(comment);
    const shows = JSON.stringify([comment, answers, secret, me, acts.open]);
    rows.push({ key: comment.id, shows, make: () => thread(comment, answers, secret, { channel, me, acts }) });
  }
  if (all.length === 0) rows.push({ key: "none", shows: "", make: () => el("p", { className: "notice" }, "No comments yet. Write the first one below.") });
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 120;
  keyed(log, rows);
  if (atEnd || acts.jump) log.scrollTop = log.scrollHeight;
}

function post(channel, picture) {
  return el("article", { className: "post", "aria-label": "The post" },
    el("header", {}, el("span", { className: "face", "aria-hidden": "true" }, initial(channel.accountName)), el("div", {}, el("strong", {}, channel.accountName), el("p", { className: "faint" }, "Post · Public"))),
    el("p", {}, "ชุดเดรสใหม่เข้าร้านแล้วค่ะ 🌸 590 บาท ส่งฟรีทั่วไทย / New dresses are in: 590 baht, free shipping."),
    picture && el("img", { src: picture.url, alt: "A red dress on a hanger", onload: (event) => event.target.closest(".log")?.scrollTo(0, 1e9) }));
}

function thread(comment, answers, secret, context) {
  return el("article", { className: "remarks" },
    one(comment, context),
    secret.length > 0 && el("div", { className: "private" },
      el("p", { className: "faint" }, "🔒 The shop answered in private"),
      ...secret.map((bubble) => el("p", { className: "bubble-private" }, bubble.text ?? "A file")),
      button(`Open in ${context.channel.channel === "comment" ? "Messenger" : "Instagram"}`, () => context.acts.openPrivate(comment), { className: "link" })),
    el("div", { className: "answers" }, answers.map((answer) => one(answer, context))));
}

function one(comment, { channel, me, acts }) {
  const shop = comment.by === "business";
  const name = shop ? channel.accountName : (comment.author ?? "Somebody");
  const own = !shop && comment.personId === me;
  if (comment.removed) return el("p", { className: "notice" }, `${name} removed a comment`);
  return el("div", { className: "remark" },
    el("span", { className: `face${shop ? " shop" : ""}`, "aria-hidden": "true" }, initial(name)),
    el("div", { className: "remark-body" },
      el("div", { className: "remark-bubble" }, el("strong", {}, name), shop && el("span", { className: "mark" }, "Author"), el("p", { className: "text" }, comment.text ?? "")),
      el("p", { className: "meta" },
        el("time", { dateTime: new Date(comment.at).toISOString() }, clock(comment.at)),
        comment.edited && el("span", {}, "edited"),
        button("Reply", () => acts.replyTo(comment.parent ? { ...comment, id: comment.parent } : comment, name), { className: "link" }),
        own && channel.can.includes("edit") && button("Edit", () => acts.edit(comment), { className: "link" }),
        own && channel.can.includes("remove") && button("Remove", () => acts.unsend(comment), { className: "link" }))));
}
