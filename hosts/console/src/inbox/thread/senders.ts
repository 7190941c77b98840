import { useMembers } from "~/api/people";
import type { Message } from "~/api/rows";
import { useSignedIn } from "~/auth/useSession";
import { useMessages } from "~/i18n/catalogue";
import { threadMessages } from "./messages";

/** Who wrote a message, in words. */
export function useSenderName(participant: string): (message: Message) => string {
  const t = useMessages(threadMessages);
  const me = useSignedIn().member.id;
  const members = useMembers().data;
  return ({ sender }) => {
    switch (sender.type) {
      case "member":
        return sender.id === me ? t.you : (members?.find((one) => one.id === sender.id)?.name ?? t.member);
      case "apiKey":
        return t.program;
      case "nativeApp":
        return t.nativeApp;
      case "system":
        return t.systemWord;
      default:
        return participant || t.customer;
    }
  };
}
