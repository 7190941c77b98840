import { session } from "~/auth/session";
import { forgetMember } from "~/state/member";
import { queryClient } from "./queryClient";

/**
 * Empties the tab as soon as a member is in no more: the next who logs in here sees nothing of the one before, also when
 * they did so in another tab and this one only learns of it. At once, not after the next drawing: until then the screens
 * would go on with what there is.
 */
export function watchDepartures(): () => void {
  let memberId: string | undefined;
  return session.state.subscribe(() => {
    const state = session.state.get();
    const now = state.phase === "in" ? state.member.id : undefined;
    if (memberId !== undefined && now !== memberId) {
      queryClient.clear();
      forgetMember();
    }
    memberId = now;
  });
}
