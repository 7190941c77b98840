// Builds elements. Text is only ever set as text, never as markup.

/** An element with properties, attributes (`aria-…`, `role`, `data-…`), listeners (`onclick`) and children. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.includes("-") || name === "role" || name === "for") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

export function button(label, onclick, properties = {}) {
  return el("button", { type: "button", onclick, ...properties }, label);
}

/** Makes the children of `parent` those of `wanted`; a child is made anew only when what it shows has changed. */
export function keyed(parent, wanted) {
  const known = parent.keyedChildren ?? new Map();
  const next = new Map();
  let before = parent.firstChild;
  for (const { key, shows, make } of wanted) {
    const old = known.get(key);
    const kept = old && old.shows === shows ? old : { shows, element: make() };
    next.set(key, kept);
    if (old && old !== kept) {
      if (before === old.element) before = old.element.nextSibling;
      old.element.replaceWith(kept.element);
    }
    if (kept.element === before) before = before.nextSibling;
    else parent.insertBefore(kept.element, before);
  }
  for (const [key, old] of known) {
    if (!next.has(key)) old.element.remove();
  }
  parent.keyedChildren = next;
}

/** A text whose web addresses are links. */
export function linked(text) {
  return text.split(/(https?:\/\/[^\s]+)/g).map((piece, at) =>
    at % 2 ? el("a", { href: piece, target: "_blank", rel: "noopener noreferrer" }, piece) : piece);
}

const hour = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

export function clock(at) {
  return hour.format(new Date(at));
}

/** The first letter of a name, as people see letters. */
export function initial(name) {
  const [first] = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(name.trim() || "?");
  return first.segment.toUpperCase();
}
