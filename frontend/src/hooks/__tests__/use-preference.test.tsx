import { readFileSync } from "node:fs";
import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeAll, expect, test } from "vitest";
import { PREFERENCES, type PreferenceName } from "@/config/preferences";
import { followPreferences, setPreference, usePreference } from "@/hooks/use-preference";

const { dataset } = document.documentElement;
const NAMES = Object.keys(PREFERENCES) as PreferenceName[];

beforeAll(followPreferences);
afterEach(() => {
  for (const name of NAMES) delete dataset[name];
});

/** What the script does that runs before the page paints. */
function runEarlyScript() {
  // biome-ignore lint/security/noGlobalEval: it is a file of ours, and a classic script
  window.eval(readFileSync("public/theme.js", "utf8"));
}

test.each(NAMES)(
  "each choice of %s stands in the document, and does so again before the next paint",
  (name) => {
    for (const value of PREFERENCES[name]) {
      setPreference(name, value);
      const chosen = dataset[name];
      expect(chosen).toBe(value === PREFERENCES[name][0] ? undefined : value);
      delete dataset[name];
      runEarlyScript();
      expect(dataset[name]).toBe(chosen);
    }
  },
);

test("what is stored and is no choice is passed over", () => {
  localStorage.setItem("lamla.theme", "javascript:alert(1)");
  runEarlyScript();
  expect(dataset.theme).toBeUndefined();
});

test("another tab's choice is shown here", () => {
  const { result } = renderHook(() => usePreference("theme"));
  expect(result.current[0]).toBe("system");
  act(() => {
    localStorage.setItem("lamla.theme", "dark");
    window.dispatchEvent(new StorageEvent("storage", { key: "lamla.theme" }));
  });
  expect([result.current[0], dataset.theme]).toEqual(["dark", "dark"]);
  act(() => {
    localStorage.clear();
    window.dispatchEvent(new StorageEvent("storage", { key: null }));
  });
  expect(result.current[0]).toBe("system");
});
