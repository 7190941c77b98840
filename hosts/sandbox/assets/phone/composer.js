// Where the customer writes and picks files.

import { readFile } from "./api.js";
import { button, el } from "./elements.js";
import { stickerFace } from "./read-line.js";

const PHRASES = {
  th: ["สวัสดีค่ะ สนใจตัวนี้ ยังมีของไหมคะ", "ราคาเท่าไหร่คะ รวมส่งหรือยัง", "โอนแล้วค่ะ ส่งวันไหนคะ", "ได้ของแล้ว แต่กล่องบุบค่ะ"],
  en: ["Hi! Is this still available?", "How much is it with shipping?", "I have paid. When will you send it?", "My parcel came damaged."],
};
const STICKERS = ["52002734", "52002735", "52002738", "52002741"];

export class Composer {
  /** `send(deed)` does what the customer does; it is true when it went well. */
  constructor(send) {
    this.send = send;
    this.mode = null;
    this.field = el("textarea", { rows: 1, id: "words", "aria-label": "Message", oninput: () => this.fit(), onkeydown: (event) => this.key(event) });
    this.note = el("div", { className: "composer-note", hidden: true });
    this.tray = el("div", { className: "tray", id: "tray", hidden: true });
    this.phrases = el("div", { className: "phrases", role: "group", "aria-label": "Say something" });
    this.plus = button("+", () => this.showTray(this.tray.hidden), { className: "round", "aria-label": "Pictures and files", "aria-expanded": "false", "aria-controls": "tray" });
    this.file = el("input", { type: "file", className: "spoken", tabIndex: -1, "aria-hidden": "true", onchange: () => this.ownFile() });
    this.element = el("form", { className: "composer", onsubmit: (event) => { event.preventDefault(); this.submit(); } },
      this.phrases, this.note, this.tray,
      el("div", { className: "composer-line" }, this.plus, this.field, el("button", { type: "submit", className: "round send", "aria-label": "Send" }, "➤")), this.file);
  }

  /** For which channel and customer the field is; what was begun for another one is dropped. */
  show({ channel, pictures, language, empty }) {
    const key = channel.channel;
    const can = (word) => channel.can.includes(word);
    this.channel = channel;
    this.plus.hidden = !can("picture");
    this.field.placeholder = channel.postId ? "Write a comment…" : "Message";
    if (this.trayFor !== key) {
      this.trayFor = key;
      this.tray.replaceChildren(
        ...pictures.map((picture) => el("button", { type: "button", className: "sample", onclick: () => this.do({ type: "picture", file: { sample: picture.name } }) }, el("img", { src: picture.url, alt: picture.title }))),
        ...(can("sticker") ? STICKERS.map((id) => button(stickerFace(id), () => this.do({ type: "sticker", packageId: "11537", stickerId: id }), { className: "sample emoji", "aria-label": `Sticker ${stickerFace(id)}` })) : []),
        button("A file of your own…", () => this.file.click(), { className: "own-file" }));
    }
    const phrases = empty ? (PHRASES[language] ?? PHRASES.en) : [];
    if (this.phrasesFor !== `${language} ${empty}`) {
      this.phrasesFor = `${language} ${empty}`;
      this.phrases.replaceChildren(...phrases.map((phrase) => button(phrase, () => this.say(phrase), { className: "phrase", lang: language })));
      this.phrases.hidden = phrases.length === 0;
    }
  }

  reset() {
    this.field.value = "";
    this.leaveMode();
    this.showTray(false);
    this.fit();
  }

  /** Answers a message, edits one, or answers a comment. */
  enter(mode, label, text = "") {
    this.mode = mode;
    this.note.replaceChildren(el("span", {}, label), button("✕", () => { this.leaveMode(); if (mode.type === "edit") this.field.value = ""; this.fit(); }, { className: "link", "aria-label": "Do not" }));
    this.note.hidden = false;
    if (text) this.field.value = text;
    this.fit();
    this.field.focus();
  }

  leaveMode() {
    this.mode = null;
    this.note.hidden = true;
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape" && this.mode) this.leaveMode();
  }

  submit() {
    const text = this.field.value.trim();
    if (text) this.say(text);
  }

  async say(text) {
    const mode = this.mode;
    let deed = { type: "text", text };
    if (mode?.type === "edit") deed = { type: "edit", messageId: mode.id, text };
    else if (this.channel.postId) deed = { type: "comment", on: mode?.id ?? this.channel.postId, text };
    else if (mode?.type === "quote") deed = { type: "text", text, quotedId: mode.id };
    this.field.value = "";
    this.leaveMode();
    this.fit();
    if (!(await this.send(deed)) && !this.field.value) {
      this.field.value = text;
      this.fit();
    }
  }

  async do(deed) {
    this.showTray(false);
    await this.send(deed);
    this.field.focus();
  }

  async ownFile() {
    const [file] = this.file.files;
    this.file.value = "";
    if (!file) return;
    const sent = await readFile(file);
    const isPicture = /^image\/(jpeg|png|gif|webp)$/.test(sent.contentType);
    await this.do(isPicture ? { type: "picture", file: sent } : { type: "file", file: sent, fileName: file.name });
  }

  showTray(shown) {
    this.tray.hidden = !shown;
    this.plus.setAttribute("aria-expanded", String(shown));
  }

  fit() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight + 2, 120)}px`;
  }
}
