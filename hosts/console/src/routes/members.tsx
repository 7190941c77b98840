import { Page } from "~/ui/Page";

export function Screen() {
  return <Page title="members">{null}</Page>;
}
