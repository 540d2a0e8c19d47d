import { expect, test } from "vitest";
import { groupByTime, monthOf } from "@/features/chat/state/group-by-time";
import { aConversation } from "@/testing/builders";

test("conversations stand under the time of their last change", () => {
  const now = new Date(2026, 2, 5, 9);
  const at = (...parts: [number, number, number, number?]) => {
    const [year, month, day, hour = 12] = parts;
    return aConversation({
      title: `${month}/${day}`,
      updated_at: new Date(year, month - 1, day, hour).toISOString(),
    });
  };
  const items = [
    at(2026, 3, 5, 0),
    at(2026, 3, 4),
    at(2026, 3, 3),
    at(2026, 2, 26),
    at(2026, 2, 25),
    at(2026, 2, 1),
    at(2025, 12, 31),
  ];
  const groups = groupByTime(items, now).map(({ period, items: group }) => [
    period,
    group.map(({ title }) => title),
  ]);
  expect(groups).toEqual([
    ["today", ["3/5"]],
    ["yesterday", ["3/4"]],
    ["week", ["3/3", "2/26"]],
    ["2026-02", ["2/25", "2/1"]],
    ["2025-12", ["12/31"]],
  ]);
  expect(monthOf("2026-02")).toEqual(new Date(2026, 1));
});
