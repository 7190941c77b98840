import { expect, it } from "vitest";
import { type Account, offered } from "./accounts";

const account = (id: string, status: Account["status"]): Account => ({
  id,
  status,
  name: id,
  channelType: "LINE",
});

it("offers every account but removed ones, which stay while the list is of theirs", () => {
  const accounts = [account("a", "ACTIVE"), account("b", "REMOVED"), account("c", "PAUSED")];
  const names = (chosen?: string) => offered(accounts, chosen).map(({ id }) => id);
  expect(names()).toEqual(["a", "c"]);
  expect(names("b")).toEqual(["a", "b", "c"]);
});
