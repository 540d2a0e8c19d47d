import { expect, test } from "vitest";
import { nextAddress } from "@/features/accounts/state/next-address";

test("an address of this site is followed", () => {
  expect(nextAddress("?next=/admin/users/?q=a")).toBe("/admin/users/?q=a");
});

test.each([
  "",
  "?next=",
  "?next=https://evil.test/",
  "?next=//evil.test/",
  "?next=/\\evil.test",
  "?next=javascript:alert(1)",
])("%s leads nowhere", (search) => {
  expect(nextAddress(search)).toBeNull();
});
