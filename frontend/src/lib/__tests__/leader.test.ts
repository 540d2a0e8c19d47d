import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { lead, type Office, takeOver } from "@/lib/leader";
import { FakeLocks } from "@/testing/fake-locks";

let working: string[] = [];
beforeEach(() => {
  working = [];
});

/** A tab that stands for the office, and how to close it. */
function tab(name: string) {
  const here = new AbortController();
  const office: Office = {
    name: "office",
    signal: here.signal,
    work: (signal) => {
      working.push(name);
      return new Promise((resolve) => {
        signal.addEventListener("abort", () => {
          working = working.filter((each) => each !== name);
          resolve();
        });
      });
    },
  };
  return { office, close: () => here.abort() };
}

test("one tab at a time does the work; the next takes over when it closes", async () => {
  onTestFinished(FakeLocks.install());
  const [first, second] = [tab("first"), tab("second")];
  void lead(first.office);
  const over = lead(second.office);
  await vi.waitFor(() => expect(working).toEqual(["first"]));
  first.close();
  await vi.waitFor(() => expect(working).toEqual(["second"]));
  second.close();
  await over;
  expect(working).toEqual([]);
});

test("a leader that does not answer is replaced, and is a candidate like all others from then on", async () => {
  onTestFinished(FakeLocks.install());
  const [frozen, seen] = [tab("frozen"), tab("seen")];
  void lead(frozen.office);
  void lead(seen.office);
  await vi.waitFor(() => expect(working).toEqual(["frozen"]));
  void takeOver(seen.office);
  await vi.waitFor(() => expect(working).toEqual(["seen"]));
  seen.close();
  await vi.waitFor(() => expect(working).toEqual(["frozen"]));
  frozen.close();
});

test("without locks each tab works for itself, while it is seen", async () => {
  const alone = tab("alone");
  const over = lead(alone.office);
  await vi.waitFor(() => expect(working).toEqual(["alone"]));
  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  document.dispatchEvent(new Event("visibilitychange"));
  await vi.waitFor(() => expect(working).toEqual([]));
  hidden.mockReturnValue(false);
  document.dispatchEvent(new Event("visibilitychange"));
  await vi.waitFor(() => expect(working).toEqual(["alone"]));
  alone.close();
  await over;
});
