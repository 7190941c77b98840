import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useSignedIn } from "~/auth/useSession";
import { createStore, useStore } from "~/state/store";
import { CacheWriter } from "./apply";
import { Connection } from "./connection";

interface Live {
  connection: Connection;
  writer: CacheWriter;
}

const live = createStore<Live | undefined>(undefined);

/** Keeps the connection while somebody is logged in. Called once, by the shell. */
export function useConnection(): void {
  const client = useQueryClient();
  const memberId = useSignedIn().member.id;
  useEffect(() => {
    const writer = new CacheWriter(client, memberId);
    const connection = new Connection(writer);
    live.set({ connection, writer });
    connection.feed({ type: "start" });
    const wake = () => {
      if (document.visibilityState === "visible") connection.feed({ type: "wake" });
    };
    addEventListener("online", wake);
    document.addEventListener("visibilitychange", wake);
    return () => {
      removeEventListener("online", wake);
      document.removeEventListener("visibilitychange", wake);
      connection.feed({ type: "stop" });
      writer.stop();
      live.set(undefined);
    };
  }, [client, memberId]);
}

/** Puts rows of answers where events would put them. */
export function useCacheWriter(): CacheWriter | undefined {
  return useStore(live)?.writer;
}

const STILL_HERE_MS = 20_000;

/** All events of one conversation, and that this member looks at it, while it is open and the page is seen. */
export function useConversationTopic(conversationId: string): void {
  const connection = useStore(live)?.connection;
  useEffect(() => {
    if (!connection) return;
    const topic = `conversation:${conversationId}`;
    connection.feed({ type: "subscribe", topic });
    const tell = () => {
      if (document.visibilityState === "visible") {
        connection.say({ type: "presence", conversationId, state: "viewing" });
      }
    };
    tell();
    const timer = setInterval(tell, STILL_HERE_MS);
    document.addEventListener("visibilitychange", tell);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tell);
      connection.say({ type: "presence", conversationId, state: "gone" });
      connection.feed({ type: "unsubscribe", topic });
    };
  }, [connection, conversationId]);
}

/** Tells the others that this member writes. */
export function useTypingSignal(conversationId: string): () => void {
  const connection = useStore(live)?.connection;
  return () => connection?.say({ type: "presence", conversationId, state: "typing" });
}
