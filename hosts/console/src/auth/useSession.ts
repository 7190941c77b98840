import { useStore } from "~/state/store";
import { type SignedIn, session } from "./session";

/** Who is in. Only below the shell, which nobody sees without a log-in. */
export function useSignedIn(): { member: SignedIn["member"]; tenant: SignedIn["tenant"] } {
  const state = useStore(session.state);
  if (state.phase !== "in") throw new Error("nobody is logged in");
  return state;
}
