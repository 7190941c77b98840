import { Page } from "~/ui/Page";

export function Screen() {
  return <Page title="inbox">{null}</Page>;
}
