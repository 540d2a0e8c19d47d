import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { STORAGE } from "@/config/storage-keys";
import { addTraffic, readTraffic, subscribeToTraffic } from "@/lib/traffic";

beforeEach(() => {
  vi.useFakeTimers();
  // What is written by another tab is read anew from here on.
  window.dispatchEvent(new StorageEvent("storage", { key: STORAGE.traffic }));
});
afterEach(() => vi.useRealTimers());

/** What stands there once all was written. */
function counted(): { todayBytes: number; monthBytes: number } {
  let seen = readTraffic();
  const leave = subscribeToTraffic(() => {
    seen = readTraffic();
  });
  vi.runAllTimers();
  leave();
  return { todayBytes: seen.todayBytes, monthBytes: seen.monthBytes };
}

test("bytes are counted by the day and by the month, in the visitor's own time", () => {
  vi.setSystemTime(new Date(2026, 10, 29, 23, 50));
  addTraffic(1_000);
  addTraffic(500);
  expect(counted()).toEqual({ todayBytes: 1_500, monthBytes: 1_500 });
  vi.setSystemTime(new Date(2026, 10, 30, 0, 10));
  addTraffic(20);
  expect(counted()).toEqual({ todayBytes: 20, monthBytes: 1_520 });
  vi.setSystemTime(new Date(2026, 11, 1, 8, 0));
  addTraffic(3);
  expect(counted()).toEqual({ todayBytes: 3, monthBytes: 3 });
});

test("what another tab has counted meanwhile is added to", () => {
  vi.setSystemTime(new Date(2026, 10, 29));
  addTraffic(10);
  const other = { day: "2026-11-29", todayBytes: 100, monthBytes: 200 };
  localStorage.setItem(STORAGE.traffic, JSON.stringify(other));
  expect(counted()).toEqual({ todayBytes: 110, monthBytes: 210 });
});
