import { expect, test } from "vitest";
import { daysUntil } from "@/features/courses/state/days-until";

test.each([
  ["2026-03-28", "2026-03-28T23:59:00", 0],
  ["2026-03-30", "2026-03-28T00:01:00", 2],
  ["2026-03-27", "2026-03-28T00:01:00", -1],
  ["2027-01-01", "2026-12-31T12:00:00", 1],
])("from %s it is counted in days of the calendar", (day, now, days) => {
  expect(daysUntil(day, new Date(now))).toBe(days);
});
