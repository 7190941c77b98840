import { Page } from "~/ui/Page";

export function Screen() {
  return <Page title="accept-invitation">{null}</Page>;
}
