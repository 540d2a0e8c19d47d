import { afterEach, expect, test, vi } from "vitest";
import { firstKeys, isChord, isLetterKey, keyNames } from "@/lib/chords";

const press = (init: KeyboardEventInit) => new KeyboardEvent("keydown", init);
const onMac = () => vi.spyOn(navigator, "platform", "get").mockReturnValue("MacIntel");

afterEach(() => vi.restoreAllMocks());

const SEARCH = { key: "f", mod: true, shift: true } as const;

test("a chord is pressed with its own modifiers, and no others", () => {
  expect(isChord(press({ key: "F", ctrlKey: true, shiftKey: true }), SEARCH)).toBe(true);
  expect(isChord(press({ key: "f", ctrlKey: true }), SEARCH)).toBe(false);
  expect(isChord(press({ key: "F", metaKey: true, shiftKey: true }), SEARCH)).toBe(false);
  expect(isChord(press({ key: "F", ctrlKey: true, shiftKey: true, altKey: true }), SEARCH)).toBe(false);
  expect(isChord(press({ key: "n", metaKey: true }), { key: "n" })).toBe(false);
});

test("a Mac has its own key for it", () => {
  onMac();
  expect(isChord(press({ key: "f", metaKey: true, shiftKey: true }), SEARCH)).toBe(true);
  expect(isChord(press({ key: "f", ctrlKey: true, shiftKey: true }), SEARCH)).toBe(false);
  expect(keyNames(SEARCH)).toEqual(["⇧", "⌘", "F"]);
  expect(firstKeys("palette")).toBe("Meta+k");
});

test("keyboards of other layouts and scripts reach them, too", () => {
  // "?" and "/" stand where Shift is needed on one keyboard and not on another.
  expect(isChord(press({ key: "?", shiftKey: true }), { key: "?" })).toBe(true);
  expect(isChord(press({ key: "/", shiftKey: true, ctrlKey: true }), { key: "/", mod: true })).toBe(true);
  expect(isChord(press({ key: "л", code: "KeyK", ctrlKey: true }), { key: "k", mod: true })).toBe(true);
  expect(isChord(press({ key: "é", code: "Digit2" }), { key: "2" })).toBe(false);
});

test("a key is a letter where it may be what somebody writes", () => {
  expect(isLetterKey({ key: "?" })).toBe(true);
  expect(isLetterKey({ key: "k", mod: true })).toBe(false);
  expect(isLetterKey({ key: "Escape" })).toBe(false);
  expect(keyNames({ key: "ArrowDown", alt: true })).toEqual(["Alt", "↓"]);
});
