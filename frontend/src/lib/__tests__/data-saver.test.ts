import { afterEach, expect, test } from "vitest";
import { savesData, spareHeaders } from "@/lib/data-saver";

/** Have the browser say this of the line. */
function onLine(connection: { saveData?: boolean; effectiveType?: string }): void {
  Object.defineProperty(navigator, "connection", { value: connection, configurable: true });
}

afterEach(() => {
  Reflect.deleteProperty(navigator, "connection");
  delete document.documentElement.dataset.dataSaver;
});

test("without a choice the browser's word counts, and a slow line", () => {
  expect(savesData()).toBe(false);
  for (const connection of [{ saveData: true }, { effectiveType: "2g" }, { effectiveType: "slow-2g" }]) {
    onLine(connection);
    expect(savesData()).toBe(true);
  }
  onLine({ saveData: false, effectiveType: "4g" });
  expect(savesData()).toBe(false);
});

test("the visitor's own choice counts more, and the gateway is told", () => {
  onLine({ saveData: true });
  document.documentElement.dataset.dataSaver = "off";
  expect(spareHeaders()).toEqual({});
  onLine({ saveData: false });
  document.documentElement.dataset.dataSaver = "on";
  expect(spareHeaders()).toEqual({ "Save-Data": "on" });
});
