// What goes wrong on purpose, in words, for the channel that is shown.

import * as api from "./api.js";
import { button, el } from "./elements.js";

const KINDS = [
  ["rateLimit", "Too many requests", "The provider refuses for now (429); hubchat should try again.", { type: "status", code: 429 }],
  ["broken", "Provider is down", "It answers 500 and delivers nothing; hubchat should try again.", { type: "rejectBeforeEffect500" }],
  ["lostBefore", "Connection breaks", "It breaks before anything is delivered.", { type: "lostBeforeEffect" }],
  ["refused", "Message is refused", "The provider says no for good (400); hubchat should say so.", { type: "status", code: 400 }],
  ["token", "Access token is refused", "As after a password change (401); the channel needs new credentials.", { type: "status", code: 401 }],
  ["slow", "Slow provider", "It works, but takes 8 seconds.", { type: "delay", ms: 8000 }],
  ["lostAnswer", "Answer is lost", "You get the message, but hubchat never hears that it was delivered.", { type: "lostAnswerAfterEffect" }],
  ["silent", "Provider hangs", "You get the message, hubchat waits 40 seconds for nothing.", { type: "hangAfterEffect", ms: 40000 }],
  ["half", "Answer is cut off", "You get the message, half of the answer arrives.", { type: "truncated2xx" }],
];

export class Faults {
  /** `tell` says what went wrong with the panel itself, `changed` hears when a switch has moved. */
  constructor(tell, changed) {
    this.tell = tell;
    this.changed = changed;
    this.known = [];
    this.element = el("div", { className: "faults" });
    this.times = "always";
  }

  /** For which channel the switches are. */
  async show(channel, title) {
    this.channel = channel;
    this.title = title;
    await this.refresh();
  }

  async refresh() {
    if (!this.channel) return;
    try {
      const channel = this.channel;
      const [known, deliveries] = await Promise.all([api.faults(channel.channel), api.deliveries()]);
      if (channel !== this.channel) return;
      const shows = JSON.stringify([channel.channel, known, deliveries, this.times]);
      this.known = known;
      this.left = deliveries.left;
      if (shows === this.shows) return;
      this.shows = shows;
      this.render();
      this.changed();
    } catch (error) {
      this.tell(error.message);
    }
  }

  /** How many of the shown channel's faults are on. */
  get count() {
    return KINDS.filter(([kind]) => this.isOn(kind)).length;
  }

  name(kind) {
    return `phone:${this.channel.channel}:${kind}`;
  }

  isOn(kind) {
    return this.known.some((fault) => fault.name === this.name(kind));
  }

  fault(kind, action) {
    const { channel, accountId } = this.channel;
    const fault = { name: this.name(kind), sends: true, action };
    if (channel === "comment") fault.path = "/comments";
    if (channel === "instagram_comment") fault.path = "/replies";
    if (["messenger", "instagram", "whatsapp"].includes(channel)) Object.assign(fault, { path: "/messages", account: accountId });
    if (this.times === "once") fault.times = 1;
    return fault;
  }

  async toggle(kind, action) {
    await this.attempt(() =>
      this.isOn(kind) ? api.endFault(this.channel.channel, this.name(kind)) : api.setFault(this.channel.channel, this.fault(kind, action)));
  }

  async attempt(doing) {
    try {
      await doing();
    } catch (error) {
      this.tell(error.message);
    }
    await this.refresh();
  }

  render() {
    const focused = document.activeElement?.id;
    this.element.replaceChildren(
      el("h2", {}, `What goes wrong at ${this.title}`),
      el("p", { className: "faint" }, "When the shop answers you, the provider…"),
      el("div", { className: "segments", role: "group", "aria-label": "How often" }, ["always", "once"].map((times) =>
        button(times === "once" ? "Only once" : "Every time", () => { this.times = times; this.refresh(); }, { id: `times-${times}`, "aria-pressed": String(this.times === times) }))),
      ...KINDS.map(([kind, label, words, action]) => this.toggleRow(kind, label, words, action)),
      el("h2", {}, "What goes wrong on the way to hubchat"),
      this.delivery("duplicate", "Your next message comes twice", 1),
      this.delivery("reorder", "Your next two messages swap places", 1));
    document.getElementById(focused)?.focus();
  }

  toggleRow(kind, label, words, action) {
    const on = this.isOn(kind);
    return el("button", { type: "button", className: "switch-row", id: `fault-${kind}`, role: "switch", "aria-checked": String(on), onclick: () => this.toggle(kind, action) },
      el("span", { className: "switch-words" }, el("strong", {}, label), el("span", { className: "faint" }, words)),
      el("span", { className: "switch", "aria-hidden": "true" }));
  }

  delivery(trouble, label, times) {
    const left = this.left?.[trouble] ?? 0;
    return el("button", { type: "button", className: "switch-row", id: `delivery-${trouble}`, role: "switch", "aria-checked": String(left > 0), onclick: () => this.attempt(() => api.troubleDelivery(trouble, left > 0 ? 0 : times)) },
      el("span", { className: "switch-words" }, el("strong", {}, label)), el("span", { className: "switch", "aria-hidden": "true" }));
  }
}
