import { fileURLToPath } from "node:url";

const place = (path: string) => fileURLToPath(new URL(`../src/${path}`, import.meta.url));

/** What everybody needs before the first conversation is on the page. */
const FRAME = [place("main.tsx"), place("routes/login.tsx")];
const INBOX = place("routes/inbox.tsx");

interface Modules {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null;
}

/** A file, and all that it cannot run without. */
function needed(from: readonly string[], modules: Modules): Set<string> {
  const found = new Set<string>();
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...(modules.getModuleInfo(id)?.importedIds ?? []));
  }
  return found;
}

/**
 * The files of the first load: few, as each costs a response with its headers. All other modules stay where the bundler
 * puts them, by the screens that need them.
 */
export function firstLoadGroups() {
  let frame: Set<string> | undefined;
  let inbox: Set<string> | undefined;
  const group = (debugName: string, priority: number, takes: (id: string, ofFrame: boolean) => boolean) => ({
    debugName,
    priority,
    name: (id: string, modules: Modules) => {
      frame ??= needed(FRAME, modules);
      inbox ??= needed([INBOX], modules);
      const ofFrame = frame.has(id);
      return (ofFrame || inbox.has(id)) && takes(id, ofFrame) ? debugName : null;
    },
  });
  return [
    // They change when they are updated, the rest with every release: a browser keeps them over many.
    group("libraries", 3, (id) => id.includes("/node_modules/")),
    group("frame", 2, (_, ofFrame) => ofFrame),
    group("inbox", 1, () => true),
  ];
}
