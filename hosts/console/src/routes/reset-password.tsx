import { Page } from "~/ui/Page";

export function Screen() {
  return <Page title="reset-password">{null}</Page>;
}
