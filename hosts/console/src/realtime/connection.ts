import { answer, api } from "~/api/client";
import { problemOf } from "~/api/problem";
import { session } from "~/auth/session";
import { createStore } from "~/state/store";
import type { CacheWriter } from "./apply";
import { type ClientFrame, readFrame } from "./frames";
import { presence, setPresence } from "./presence";
import { type Effect, type Input, initial, type Phase, step, type Timer } from "./protocol";

/** How the connection is, for the banner: `caughtUp` stands for a moment after a return. */
export interface ConnectionView {
  phase: Phase;
  wasLive: boolean;
  caughtUp?: { messages: number; at: number };
}

export const connectionView = createStore<ConnectionView>({ phase: "off", wasLive: false });

const BASE_TOPICS = ["inbox", "presence"];

/** Does what the protocol says: the one place with a socket, timers and requests. */
export class Connection {
  #state = initial(BASE_TOPICS);
  #socket: WebSocket | undefined;
  readonly #timers = new Map<Timer, ReturnType<typeof setTimeout>>();
  readonly #writer: CacheWriter;

  constructor(writer: CacheWriter) {
    this.#writer = writer;
  }

  feed(input: Input): void {
    const next = step(this.#state, input, Math.random);
    this.#state = next.state;
    for (const effect of next.effects) this.#perform(effect);
    const { phase, wasLive } = this.#state;
    connectionView.set((now) =>
      now.phase === phase && now.wasLive === wasLive ? now : { ...now, phase, wasLive },
    );
    if (phase !== "live") presence.set((now) => (Object.keys(now).length === 0 ? now : {}));
  }

  /** Says something that only matters now; lost when there is no connection. */
  say(frame: ClientFrame): void {
    if (this.#state.phase === "live") this.#send(frame);
  }

  #perform(effect: Effect): void {
    switch (effect.do) {
      case "fetchTicket":
        void this.#fetchTicket(effect.for);
        break;
      case "open":
        this.#open(effect.ticket);
        break;
      case "send":
        this.#send(effect.frame);
        break;
      case "close": {
        const socket = this.#socket;
        this.#socket = undefined;
        socket?.close();
        break;
      }
      case "arm":
        clearTimeout(this.#timers.get(effect.timer));
        this.#timers.set(
          effect.timer,
          setTimeout(() => this.feed({ type: "timer", timer: effect.timer }), effect.ms),
        );
        break;
      case "disarm":
        clearTimeout(this.#timers.get(effect.timer));
        break;
      case "apply":
        this.#writer.apply(effect.event);
        break;
      case "presence":
        setPresence(effect.conversationId, effect.members);
        break;
      case "refetch":
        this.#writer.refetch();
        break;
      case "caughtUp":
        connectionView.set((now) => ({ ...now, caughtUp: { messages: effect.messages, at: Date.now() } }));
        break;
    }
  }

  async #fetchTicket(purpose: "connect" | "renew"): Promise<void> {
    try {
      // The access token behind the old ticket is at its end; the new ticket should stand on a new one.
      if (purpose === "renew") await session.refresh();
      const { ticket } = await answer(api.POST("/api/ws/tickets"));
      this.feed({ type: purpose === "renew" ? "renewTicket" : "ticket", ticket });
    } catch (error) {
      if (purpose === "connect")
        this.feed({ type: "ticketFailed", loggedOut: problemOf(error).status === 401 });
    }
  }

  #open(ticket: string): void {
    const address = new URL("/api/ws", location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address, ["hubchat.v1", `ticket.${ticket}`]);
    this.#socket = socket;
    // What an abandoned socket still says is not heard.
    const ours = (run: () => void) => () => {
      if (this.#socket === socket) run();
    };
    socket.onopen = ours(() => this.feed({ type: "opened" }));
    socket.onmessage = (message) => {
      const frame = readFrame(message.data);
      if (this.#socket === socket && frame) this.feed({ type: "frame", frame });
    };
    socket.onclose = (closed) => {
      if (this.#socket === socket) this.feed({ type: "closed", code: closed.code });
    };
  }

  #send(frame: ClientFrame): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }
}
