import { afterEach, expect, test, vi } from "vitest";
import { attemptOf, readDraft, writeDraft } from "@/features/chat/state/drafts";

afterEach(() => vi.unstubAllGlobals());

test("each conversation keeps its own text, over reloads", () => {
  writeDraft(null, { text: "new", attempt: null });
  writeDraft("a", { text: "about a", attempt: null });
  expect([readDraft(null).text, readDraft("a").text, readDraft("b").text]).toEqual(["new", "about a", ""]);
});

test("the same text is sent under the same id, another text under another", () => {
  const first = attemptOf({ text: "Why?", attempt: null }, "parent");
  // Meanwhile it may be the last message itself, or another branch is shown.
  const again = attemptOf(first, "other");
  expect(again.attempt).toEqual(first.attempt);
  const changed = attemptOf({ ...first, text: "Why not?" }, "parent");
  expect(changed.attempt.clientMessageId).not.toBe(first.attempt.clientMessageId);
});

test("an empty draft leaves nothing behind", () => {
  writeDraft("a", { text: "x", attempt: null });
  writeDraft("a", { text: "", attempt: null });
  expect(localStorage).toHaveLength(0);
});

test("storage that is broken or refused does no harm", () => {
  localStorage.setItem("lamla.draft.a", "{");
  expect(readDraft("a").text).toBe("");
  const refuse = () => {
    throw new Error("refused");
  };
  vi.stubGlobal("localStorage", { getItem: refuse, setItem: refuse, removeItem: refuse, clear: refuse });
  expect(writeDraft("a", { text: "x", attempt: null })).toBe(false);
  // It lasts as long as the page.
  expect(readDraft("a").text).toBe("x");
  vi.unstubAllGlobals();
  expect(writeDraft("a", { text: "xy", attempt: null })).toBe(true);
  expect(JSON.parse(localStorage.getItem("lamla.draft.a") ?? "")).toMatchObject({ text: "xy" });
});
