// The phone: which channel and customer are shown, and what the customer does.

import * as api from "./api.js";
import { showThread } from "./chat.js";
import { showComments } from "./comments.js";
import { Composer } from "./composer.js";
import { button, el, initial, keyed } from "./elements.js";
import { Faults } from "./faults.js";
import { PRIVATE, Story } from "./story.js";

const TITLES = { line: "LINE", messenger: "Messenger", comment: "Comments", instagram: "Instagram", instagram_comment: "Comments", whatsapp: "WhatsApp", telegram: "Telegram" };
const ORDER = Object.keys(TITLES);
const $ = (id) => document.getElementById(id);

const story = new Story();
const state = { look: { channels: [], customers: [], pictures: [] }, channel: "line", person: null, receipts: true, open: null, ready: false };

const composer = new Composer(doAs);
const faults = new Faults(tell, countFaults);
const tabs = el("div", { className: "tabs", role: "tablist", "aria-label": "Channels", onkeydown: moveTab });
const head = el("header", { className: "chat-head" });
const log = el("div", { className: "log", role: "log", "aria-live": "polite", tabIndex: 0, "aria-label": "Conversation", id: "log" });
const people = el("ul", { className: "people" });
$("phone").append(el("div", { className: "glass" }, tabs, head, log, composer.element));
$("faults").append(faults.element);
$("people").append(el("h2", {}, "Customers"), people, newCustomer());
for (const side of ["people", "faults"]) $(`${side}-button`).onclick = () => openSide(side);
document.addEventListener("keydown", (event) => event.key === "Escape" && openSide(null));

function openSide(side) {
  for (const one of ["people", "faults"]) {
    const open = one === side && !$(one).classList.contains("open");
    const closes = $(one).classList.contains("open") && !open;
    $(one).classList.toggle("open", open);
    $(`${one}-button`).setAttribute("aria-expanded", String(open));
    // The focus goes into what opens, and back to its button from what closes.
    if (open) $(one).focus();
    else if (closes && $(one).contains(document.activeElement)) $(`${one}-button`).focus();
  }
}

let tellTimer;
function tell(words) {
  clearTimeout(tellTimer);
  $("trouble").textContent = words ?? "";
  $("trouble").hidden = !words;
  if (words && !words.endsWith("…")) tellTimer = setTimeout(() => tell(null), 8000);
}

const channel = () => state.look.channels.find((one) => one.channel === state.channel);
const isComments = (name) => name in PRIVATE;

/** The tabs: comments of both kinds are behind one. */
const tabNames = () => {
  const there = state.look.channels.map((one) => one.channel);
  return there.filter((name) => name !== "instagram_comment" || !there.includes("comment"));
};
const tabOf = (name) => (tabNames().includes(name) ? name : "comment");

/** Customers that were made here, and whoever else wrote by this channel. */
function customers() {
  const known = state.look.customers.map((one) => ({ ...one, key: one.name }));
  const ids = new Set(known.map((one) => one.ids[state.channel]));
  const others = story.threadsOf(state.channel).filter((thread) => !ids.has(thread.person));
  return [...known, ...others.map(({ person }) => ({ key: person, name: person.slice(0, 12), language: "th", ids: { [state.channel]: person } }))];
}

const me = () => customers().find((one) => one.key === state.person) ?? customers()[0];

async function doAs(deed, at = state.channel) {
  const person = me()?.ids[at];
  if (!person) return false;
  try {
    const { status } = await api.say(at, person, deed);
    if (status >= 300) tell(`hubchat answered the webhook with ${status}: it did not take this.`);
    return status < 300;
  } catch (error) {
    tell(`This went wrong: ${error.message}`);
    return false;
  }
}

/** What a customer can do with a message of the thread. */
const acts = {
  get open() { return state.open; },
  get jump() { return state.jump; },
  settled: () => { if (log.scrollHeight - log.scrollTop - log.clientHeight < 700) log.scrollTop = log.scrollHeight; },
  toggle(key) { state.open = state.open === key ? null : key; render(); },
  react(bubble, emoji) { state.open = null; doAs({ type: "react", messageId: bubble.id, emoji }); render(); },
  quote(bubble) { state.open = null; composer.enter({ type: "quote", id: bubble.id }, `Answering: ${bubble.text ?? "a message"}`); render(); },
  edit(bubble) { state.open = null; composer.enter({ type: "edit", id: bubble.id }, "Editing your message", bubble.text); render(); },
  unsend(bubble) { state.open = null; doAs({ type: "unsend", messageId: bubble.id }); render(); },
  replyTo(comment, name) { composer.enter({ type: "reply", id: comment.id }, `Replying to ${name}`); },
  choose(choice, bubble) {
    if (choice.say) doAs({ type: "text", text: choice.say });
    else doAs({ type: "choose", text: choice.text ?? choice.label, payload: choice.payload, messageId: choice.messageId ?? bubble.id, isButton: Boolean(choice.isButton) });
  },
  openPrivate(comment) {
    const owner = state.look.customers.find((one) => one.ids[comment.channel] === comment.personId);
    if (owner) state.person = owner.name;
    go(PRIVATE[comment.channel]);
  },
};

function go(to, person = state.person) {
  Object.assign(state, { channel: to, person, open: null, jump: true });
  composer.reset();
  history.replaceState(null, "", `#${to}${person ? `/${encodeURIComponent(person)}` : ""}`);
  faults.show(channel(), TITLES[to]);
  render();
  state.jump = false;
  receipts();
}

function moveTab(event) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  const there = tabNames();
  const at = there.indexOf(tabOf(state.channel));
  go(there[(at + by + there.length) % there.length]);
  $(`tab-${tabOf(state.channel)}`).focus();
}

function countFaults() {
  const count = faults.count;
  $("faults-button").textContent = count ? `Faults (${count})` : "Faults";
  $("faults-button").classList.toggle("on", count > 0);
}

function render() {
  const current = channel();
  const customer = me();
  if (!current || !customer) return;
  $("phone").dataset.channel = state.channel;
  const thread = story.thread(state.channel, customer.ids[state.channel]);
  thread.unseen = 0;
  renderTabs(customer);
  renderHead(current, customer);
  renderPeople(customer);
  if (isComments(state.channel)) {
    const secretly = (comment) => story.threadsOf(PRIVATE[state.channel]).flatMap((one) => one.bubbles).filter((bubble) => bubble.commentId === comment.id);
    showComments(log, { story, channel: current, picture: state.look.pictures[0], secretly, me: customer.ids[state.channel], acts });
  } else showThread(log, thread, current, acts);
  const empty = isComments(state.channel) ? story.commentsOf(state.channel).length === 0 : thread.bubbles.length === 0;
  composer.show({ channel: current, pictures: state.look.pictures, language: customer.language, empty });
}

function renderTabs(customer) {
  keyed(tabs, tabNames().map((name) => {
    const here = name === tabOf(state.channel);
    const unseen = story.threads.get(`${name}/${customer.ids[name]}`)?.unseen ?? 0;
    return {
      key: name,
      shows: `${here} ${unseen}`,
      make: () => el("button", { type: "button", role: "tab", id: `tab-${name}`, className: `tab ${name}`, "aria-selected": String(here), "aria-controls": "log", tabIndex: here ? 0 : -1, onclick: () => go(name) },
        el("span", { className: "tab-icon", "aria-hidden": "true" }, TITLES[name][0]), el("span", { className: "tab-name" }, TITLES[name]), unseen > 0 && el("span", { className: "badge", "aria-label": `${unseen} new` }, unseen)),
    };
  }));
}

function renderHead(current, customer) {
  const can = (word) => current.can.includes(word);
  const shows = `${current.accountId} ${customer.key} ${state.receipts}`;
  keyed(head, [{ key: current.channel, shows, make: () => el("div", { className: "chat-head-line" },
    el("span", { className: "face shop", "aria-hidden": "true" }, initial(current.accountName)),
    el("div", { className: "chat-title" }, el("strong", {}, current.accountName), el("span", {}, `You are ${customer.name}`)),
    isComments(state.channel) && commentKinds(),
    can("read") && el("label", { className: "receipts" }, el("input", { type: "checkbox", checked: state.receipts, onchange: (event) => { state.receipts = event.target.checked; receipts(); } }), "Read receipts"),
    can("block") && el("details", { className: "menu" }, el("summary", { "aria-label": "More" }, "⋮"),
      el("div", {}, ["block", "unblock"].map((type) => button(type === "block" ? "Block the shop" : "Unblock the shop", async (event) => {
        event.target.closest("details").open = false;
        if (await doAs({ type })) $("spoken").textContent = type === "block" ? "Blocked" : "Unblocked";
      }))))) }]);
}

/** Under whose posts one comments, where there are both. */
function commentKinds() {
  const there = state.look.channels.map((one) => one.channel).filter(isComments);
  if (there.length < 2) return null;
  return el("div", { className: "kinds", role: "group", "aria-label": "Comments at" },
    there.map((name) => button(name === "comment" ? "Facebook" : "Instagram", () => go(name), { "aria-pressed": String(name === state.channel) })));
}

function renderPeople(customer) {
  keyed(people, customers().map((one) => {
    const here = one.key === customer.key;
    const unseen = [...story.threads.values()].filter((thread) => thread.unseen && one.ids[thread.channel] === thread.person).reduce((sum, thread) => sum + thread.unseen, 0);
    return {
      key: one.key,
      shows: `${here} ${unseen}`,
      make: () => el("li", {}, el("button", { type: "button", className: "person", "aria-current": here ? "true" : undefined, onclick: () => { openSide(null); go(state.channel, one.key); } },
        el("span", { className: "face", "aria-hidden": "true" }, initial(one.name)), el("span", { className: "person-name" }, one.name), unseen > 0 && el("span", { className: "badge", "aria-label": `${unseen} new` }, unseen))),
    };
  }));
}

function newCustomer() {
  const name = el("input", { id: "new-name", maxLength: 60, required: true, autocomplete: "off", placeholder: "สมหญิง / Jane" });
  return el("form", { className: "new-customer", onsubmit: async (event) => {
    event.preventDefault();
    try {
      const made = await api.addCustomer(name.value);
      name.value = "";
      await lookAgain();
      openSide(null);
      go(state.channel, made.name);
    } catch (error) {
      tell(error.message);
    }
  } }, el("label", { for: "new-name" }, "New customer"), el("div", {}, name, el("button", { type: "submit" }, "Add")));
}

/** Tells the shop that its messages came and were seen, as a phone that is looked at does. */
async function receipts() {
  const current = channel();
  if (!current || document.hidden) return;
  const thread = story.thread(state.channel, me().ids[state.channel]);
  const theirs = (mark) => thread.bubbles.filter((bubble) => bubble.by === "business" && bubble.id && !bubble.notice && !bubble[mark]);
  for (const mark of ["delivered", "read"]) {
    const ids = [...new Set(theirs(mark).map((bubble) => bubble.id))];
    if (!current.can.includes(mark) || ids.length === 0 || (mark === "read" && !state.receipts)) continue;
    for (const bubble of theirs(mark)) bubble[mark] = true;
    await doAs({ type: mark, messageIds: ids.slice(-50) }, current.channel);
  }
}

async function lookAgain() {
  state.look = await api.look();
  state.look.channels.sort((a, b) => ORDER.indexOf(a.channel) - ORDER.indexOf(b.channel));
  story.templates = state.look.templates;
}

async function fresh() {
  await lookAgain();
  story.clear();
  const [to, person] = location.hash.slice(1).split("/");
  const there = state.look.channels.map((one) => one.channel);
  state.channel = there.includes(to) ? to : (there[0] ?? "line");
  state.person = person ? decodeURIComponent(person) : (state.person ?? state.look.customers[0]?.name ?? null);
  if (there.length === 0) tell("The sandbox has no channels yet: start it by `hubchat up --sandbox`.");
}

function grown(entries) {
  story.take(entries);
  if (!state.ready) {
    state.ready = true;
    for (const thread of story.threads.values()) thread.unseen = 0;
    go(state.channel);
    return;
  }
  render();
  receipts();
  faults.refresh();
  if (story.thread(state.channel, me().ids[state.channel]).typingUntil > Date.now()) setTimeout(render, 8200);
}

document.addEventListener("visibilitychange", receipts);
// A fault that was for once goes without a word on the timeline.
setInterval(() => document.hidden || faults.refresh(), 2000);
api.follow({ grown, fresh, trouble: (words) => words ? tell(words) : $("trouble").textContent.endsWith("…") && tell(null) });
