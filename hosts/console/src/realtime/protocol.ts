import type { ClientFrame, FeedEvent, Frame, Viewer } from "./frames";

// The protocol of the socket as a state machine: what happened goes in, what to do comes out. It opens no socket,
// knows no time and no chance but what it is given, so that every order of things can be tried.

export type Phase = "off" | "ticket" | "opening" | "greeting" | "live" | "waiting";

export interface ProtocolState {
  readonly phase: Phase;
  /** Where to go on from; null before the first answer. */
  readonly cursor: string | null;
  readonly topics: readonly string[];
  /** Failed tries since the last time that it was live. */
  readonly attempt: number;
  readonly heartbeatMs: number;
  /** Whether there was a connection before, so that the next one is a return. */
  readonly wasLive: boolean;
  /** New messages of customers among what was missed. */
  readonly missedMessages: number;
  /** The last cursors seen: an event that comes twice is told by them. */
  readonly seen: readonly string[];
}

export type Input =
  | { type: "start" }
  | { type: "stop" }
  | { type: "ticket"; ticket: string }
  | { type: "ticketFailed"; loggedOut: boolean }
  | { type: "renewTicket"; ticket: string }
  | { type: "opened" }
  | { type: "frame"; frame: Frame }
  | { type: "closed"; code: number }
  | { type: "timer"; timer: Timer }
  /** The browser says that there is a network again, or the page was looked at again. */
  | { type: "wake" }
  | { type: "subscribe"; topic: string }
  | { type: "unsubscribe"; topic: string };

export type Timer = "retry" | "silence" | "hello";

export type Effect =
  | { do: "fetchTicket"; for: "connect" | "renew" }
  | { do: "open"; ticket: string }
  | { do: "send"; frame: ClientFrame }
  | { do: "close" }
  | { do: "arm"; timer: Timer; ms: number }
  | { do: "disarm"; timer: Timer }
  | { do: "apply"; event: FeedEvent }
  | { do: "presence"; conversationId: string; members: Viewer[] }
  /** Everything in the cache may be old: ask again by REST. */
  | { do: "refetch" }
  | { do: "caughtUp"; messages: number };

export interface Step {
  state: ProtocolState;
  effects: Effect[];
}

const SEEN = 512;
const FIRST_RETRY_MS = 800;
const LONGEST_RETRY_MS = 30_000;
const HELLO_ANSWER_MS = 20_000;
/** Closed for what the console did or may not do: trying at once would only repeat it. */
const SLOW_CODES = new Set([4400, 4403, 4429]);

export function initial(topics: readonly string[]): ProtocolState {
  return {
    phase: "off",
    cursor: null,
    topics,
    attempt: 0,
    heartbeatMs: 25_000,
    wasLive: false,
    missedMessages: 0,
    seen: [],
  };
}

export function step(state: ProtocolState, input: Input, random: () => number): Step {
  switch (input.type) {
    case "start":
      return state.phase === "off" ? connect(state) : stay(state);
    case "stop":
      return {
        state: { ...initial(state.topics), cursor: null },
        effects: [...disarmAll(), { do: "close" }],
      };
    case "ticket":
      if (state.phase !== "ticket") return stay(state);
      return {
        state: { ...state, phase: "opening" },
        effects: [{ do: "open", ticket: input.ticket }, helloTimer],
      };
    case "ticketFailed":
      if (state.phase !== "ticket") return stay(state);
      return input.loggedOut
        ? { state: { ...state, phase: "off" }, effects: disarmAll() }
        : wait(state, random, false);
    case "renewTicket":
      if (state.phase !== "live") return stay(state);
      return { state, effects: [{ do: "send", frame: { type: "renew", ticket: input.ticket } }] };
    case "opened":
      if (state.phase !== "opening") return stay(state);
      return {
        state: { ...state, phase: "greeting", missedMessages: 0 },
        effects: [{ do: "send", frame: { type: "hello", cursor: state.cursor, topics: [...state.topics] } }],
      };
    case "frame":
      return onFrame(state, input.frame);
    case "closed":
      if (state.phase === "off" || state.phase === "waiting" || state.phase === "ticket") return stay(state);
      return wait(state, random, SLOW_CODES.has(input.code));
    case "timer":
      return onTimer(state, input.timer, random);
    case "wake":
      return state.phase === "waiting" ? connect({ ...state, attempt: 0 }) : stay(state);
    case "subscribe":
    case "unsubscribe":
      return onTopic(state, input.type, input.topic);
  }
}

const helloTimer: Effect = { do: "arm", timer: "hello", ms: HELLO_ANSWER_MS };

function stay(state: ProtocolState): Step {
  return { state, effects: [] };
}

function disarmAll(): Effect[] {
  return [
    { do: "disarm", timer: "retry" },
    { do: "disarm", timer: "silence" },
    { do: "disarm", timer: "hello" },
  ];
}

function connect(state: ProtocolState): Step {
  return {
    state: { ...state, phase: "ticket" },
    effects: [
      { do: "disarm", timer: "retry" },
      { do: "fetchTicket", for: "connect" },
    ],
  };
}

/** Tries again later: longer each time, and not all consoles at once. */
function wait(state: ProtocolState, random: () => number, slowly: boolean): Step {
  const whole = slowly ? LONGEST_RETRY_MS : Math.min(FIRST_RETRY_MS * 2 ** state.attempt, LONGEST_RETRY_MS);
  return {
    state: { ...state, phase: "waiting", attempt: state.attempt + 1 },
    effects: [
      ...disarmAll(),
      { do: "close" },
      { do: "arm", timer: "retry", ms: Math.round(whole * (0.5 + random() / 2)) },
    ],
  };
}

function onTimer(state: ProtocolState, timer: Timer, random: () => number): Step {
  if (timer === "retry") return state.phase === "waiting" ? connect(state) : stay(state);
  if (timer === "silence") return state.phase === "live" ? wait(state, random, false) : stay(state);
  return state.phase === "opening" || state.phase === "greeting" ? wait(state, random, false) : stay(state);
}

function onFrame(state: ProtocolState, frame: Frame): Step {
  if (state.phase !== "greeting" && state.phase !== "live") return stay(state);
  const alive: Effect[] =
    state.phase === "live" ? [{ do: "arm", timer: "silence", ms: 2 * state.heartbeatMs }] : [];
  switch (frame.type) {
    case "beat":
    case "renewed":
      return { state, effects: alive };
    case "ready":
      return onReady(state, frame);
    case "reset":
      return onReset(state, frame.cursor);
    case "event":
      return onEvent(state, frame.event as FeedEvent, alive);
    case "presence":
      return {
        state,
        effects: [...alive, { do: "presence", conversationId: frame.conversationId, members: frame.members }],
      };
    case "renew":
      return { state, effects: [...alive, { do: "fetchTicket", for: "renew" }] };
  }
}

function live(state: ProtocolState, cursor: string, heartbeatMs: number): Step {
  return {
    state: { ...state, phase: "live", cursor, heartbeatMs, attempt: 0, wasLive: true },
    effects: [
      { do: "disarm", timer: "hello" },
      { do: "arm", timer: "silence", ms: 2 * heartbeatMs },
    ],
  };
}

function onReady(state: ProtocolState, frame: Extract<Frame, { type: "ready" }>): Step {
  const next = live(state, frame.cursor, frame.heartbeatSeconds * 1_000);
  // Whoever had no cursor loaded the lists before this moment; what happened in between is in neither.
  if (state.cursor === null) next.effects.push({ do: "refetch" });
  else if (state.wasLive) next.effects.push({ do: "caughtUp", messages: state.missedMessages });
  return next;
}

function onReset(state: ProtocolState, cursor: string): Step {
  const next = live({ ...state, seen: [] }, cursor, state.heartbeatMs);
  next.effects.push({ do: "refetch" });
  return next;
}

function onEvent(state: ProtocolState, event: FeedEvent, alive: Effect[]): Step {
  if (state.seen.includes(event.cursor)) return { state, effects: alive };
  const counts =
    state.phase === "greeting" && event.type === "message.created" && event.message?.direction === "INBOUND"
      ? 1
      : 0;
  return {
    state: {
      ...state,
      // Going on from an earlier place repeats events, which `seen` tells; it never leaves one out.
      cursor: event.cursor,
      missedMessages: state.missedMessages + counts,
      seen: [...state.seen.slice(1 - SEEN), event.cursor],
    },
    effects: [...alive, { do: "apply", event }],
  };
}

function onTopic(state: ProtocolState, type: "subscribe" | "unsubscribe", topic: string): Step {
  const has = state.topics.includes(topic);
  if (has === (type === "subscribe")) return stay(state);
  const topics = has ? state.topics.filter((one) => one !== topic) : [...state.topics, topic];
  // Between the hello and its answer a frame is welcome too: the hello may have left with the old topics.
  const told = state.phase === "live" || state.phase === "greeting";
  return { state: { ...state, topics }, effects: told ? [{ do: "send", frame: { type, topic } }] : [] };
}
