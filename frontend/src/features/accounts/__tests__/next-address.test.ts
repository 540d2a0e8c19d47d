import fc from "fast-check";
import { expect, test } from "vitest";
import { nextAddress } from "@/features/accounts/state/next-address";

const HERE = window.location.origin;

test("an address of this site is followed, whole", () => {
  expect(nextAddress("?next=/admin/users/?q=a")).toBe(`${HERE}/admin/users/?q=a`);
  expect(nextAddress(`?next=${HERE}/c/1%23end`)).toBe(`${HERE}/c/1#end`);
});

test.each([
  "",
  "?next=",
  "?next=https://evil.test/",
  "?next=//evil.test/",
  "?next=/\\evil.test",
  "?next=/.//evil.test",
  "?next=/.\\/evil.test",
  "?next=/a/..//evil.test",
  `?next=${HERE}//evil.test`,
  `?next=${HERE}\\\\evil.test`,
  `?next=${HERE}.evil.test/`,
  `?next=${HERE.replace("//", "//ada:secret@")}/`,
  `?next=blob:${HERE}/1`,
  "?next=javascript:alert(1)",
])("%s leads nowhere", (search) => {
  expect(nextAddress(search)).toBeNull();
});

const PIECES = [
  "/",
  "\\",
  ".",
  "..",
  "@",
  ":",
  "?",
  "#",
  "\t",
  " ",
  "%2f",
  "%5c",
  "https:",
  "evil.test",
  HERE,
];

test("whatever is asked for, what is followed is on this site, also when only its path is used", () => {
  const pieced = fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(fc.oneof(pieced, fc.webUrl(), fc.string({ unit: "binary" })), (wanted) => {
      const next = nextAddress(`?${new URLSearchParams({ next: wanted })}`);
      if (next === null) return;
      const url = new URL(next, HERE);
      expect(url.origin).toBe(HERE);
      expect(new URL(`${url.pathname}${url.search}`, HERE).origin).toBe(HERE);
    }),
    { numRuns: 2_000 },
  );
});
