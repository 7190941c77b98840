import { Page } from "~/ui/Page";

export function Screen() {
  return <Page title="forgot-password">{null}</Page>;
}
