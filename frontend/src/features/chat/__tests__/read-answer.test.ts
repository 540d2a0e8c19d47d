import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type AnswerSource, readAnswer } from "@/features/chat/state/read-answer";
import { EMPTY_ANSWER, streamReducer } from "@/features/chat/state/stream-reducer";
import { ApiProblem, ConnectionLost } from "@/lib/errors";
import { aProblem } from "@/testing/mock-gateway";

let reading = new AbortController();
beforeEach(() => {
  vi.useFakeTimers();
  reading = new AbortController();
});
afterEach(() => {
  reading.abort();
  vi.useRealTimers();
});

const START = { type: "start", messageId: "m", messageMetadata: { conversation_id: "c" } };
const FINISH = { type: "finish", finishReason: "stop", messageMetadata: { state: "complete" } };

function response(...frames: (object | string)[]): Response {
  const data = frames.map((frame) => (typeof frame === "string" ? frame : JSON.stringify(frame)));
  return new Response(data.map((line) => `data: ${line}\n\n`).join(""));
}
const text = (delta: string) => ({ type: "text-delta", id: "a", delta });

function read(first: Response | null, follow: AnswerSource["follow"], more: Partial<AnswerSource> = {}) {
  let answer = EMPTY_ANSWER;
  const phases: string[] = [];
  const done = readAnswer({
    first,
    canFollow: () => answer.conversationId !== null,
    follow,
    isRunning: async () => false,
    dispatch: (event) => {
      answer = streamReducer(answer, event);
      if (phases.at(-1) !== answer.phase) phases.push(answer.phase);
    },
    waker: new EventTarget(),
    signal: reading.signal,
    ...more,
  });
  // Each test looks at how its own reading ends; one that is left open is ended after it.
  done.catch(() => undefined);
  return { done, answer: () => answer, phases };
}

/** A response that stays open, and whether the reader has let go of it. */
function openResponse(...frames: object[]) {
  const line = { isClosed: false };
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      const data = frames.map((frame) => `data: ${JSON.stringify(frame)}\n\n`).join("");
      controller.enqueue(new TextEncoder().encode(data));
    },
    cancel: () => {
      line.isClosed = true;
    },
  });
  return { response: new Response(body), line };
}

function setHidden(isHidden: boolean): void {
  vi.spyOn(document, "hidden", "get").mockReturnValue(isHidden);
  document.dispatchEvent(new Event("visibilitychange"));
}

test("an answer that is cut is followed, and its replay replaces the text", async () => {
  const follow = vi.fn(async () => response(START, text("Hello "), text("world"), FINISH, "[DONE]"));
  const { done, answer } = read(response(START, text("Hello ")), follow);
  await vi.runAllTimersAsync();
  await done;
  expect(follow).toHaveBeenCalledTimes(1);
  expect(answer()).toMatchObject({ text: "Hello world", phase: "complete" });
});

test("a line that is down is tried again, patiently", async () => {
  let tries = 0;
  const { done, answer } = read(response(START, text("He")), async () => {
    tries += 1;
    if (tries < 4) throw new ConnectionLost();
    return response(START, text("Hello"), FINISH, "[DONE]");
  });
  await vi.runAllTimersAsync();
  await done;
  expect(answer().text).toBe("Hello");
});

test("a line that stays dead is told in the end", async () => {
  const startedAt = Date.now();
  const { done, answer } = read(response(START, text("He")), async () => {
    throw new ConnectionLost();
  });
  const outcome = expect(done).rejects.toBeInstanceOf(ConnectionLost);
  await vi.runAllTimersAsync();
  await outcome;
  // A gateway that restarts, or whose answers another one takes over, has this long.
  expect(Date.now() - startedAt).toBeGreaterThan(60_000);
  expect(answer()).toMatchObject({ text: "He", phase: "reconnecting" });
});

test("an answer that the server no longer has ends the reading", async () => {
  const { done } = read(response(START), async () => null);
  await vi.runAllTimersAsync();
  await expect(done).resolves.toBeUndefined();
});

test("a line that breaks before the first frame is not followed: nobody knows what", async () => {
  const follow = vi.fn(async () => null);
  const { done } = read(response(), follow);
  await expect(done).rejects.toBeInstanceOf(ConnectionLost);
  expect(follow).not.toHaveBeenCalled();
});

test("leaving ends the wait for the next try", async () => {
  const { done } = read(response(START), async () => {
    throw new ConnectionLost();
  });
  await vi.advanceTimersByTimeAsync(1);
  reading.abort();
  await expect(done).rejects.toMatchObject({ name: "AbortError" });
});

test("a gateway that is about to go, or not quite there yet, is asked again", async () => {
  const follow = vi
    .fn<AnswerSource["follow"]>()
    .mockRejectedValueOnce(new ApiProblem(aProblem({ status: 503, code: "draining" })))
    .mockResolvedValue(response(START, text("Hello"), FINISH, "[DONE]"));
  const { done, answer } = read(response(START), follow);
  await vi.runAllTimersAsync();
  await done;
  expect(answer().text).toBe("Hello");
});

test("an answer that nobody writes yet, but that is to be written, is waited for", async () => {
  const follow = vi
    .fn<AnswerSource["follow"]>()
    .mockResolvedValueOnce(null)
    .mockResolvedValue(response(START, text("Hello"), FINISH, "[DONE]"));
  const { done, answer } = read(response(START), follow, { isRunning: async () => true });
  await vi.runAllTimersAsync();
  await done;
  expect(answer().text).toBe("Hello");
});

test("a line that is taken up without a word is shown as there, once it lasts", async () => {
  const { answer, phases } = read(response(START, text("He")), async () => openResponse().response);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(answer()).toMatchObject({ text: "He", phase: "writing" });
  expect(phases).toEqual(["waiting", "writing", "reconnecting", "writing"]);
});

test("a tab that nobody sees lets its line go, and takes it up again when somebody looks", async () => {
  const { response: first, line } = openResponse(START, text("Hel"));
  const follow = vi.fn(async () => response(text("lo"), FINISH, "[DONE]"));
  const { done, answer, phases } = read(first, follow);
  await vi.advanceTimersByTimeAsync(1);
  setHidden(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(line.isClosed).toBe(true);
  expect(follow).not.toHaveBeenCalled();

  setHidden(false);
  await vi.runAllTimersAsync();
  await done;
  expect(answer().text).toBe("Hello");
  expect(phases).toEqual(["waiting", "writing", "complete"]);
});

test("a look at another tab lets nothing go", async () => {
  const { response: first, line } = openResponse(START, text("Hel"));
  read(first, async () => null);
  await vi.advanceTimersByTimeAsync(1);
  setHidden(true);
  await vi.advanceTimersByTimeAsync(1_000);
  setHidden(false);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(line.isClosed).toBe(false);
});

test("one reader too many does not come back by itself, only when somebody turns to it", async () => {
  const crowded = { type: "data-notice", transient: true, data: { code: "too_many_readers", message: "" } };
  const follow = vi.fn(async () => response(text("lo"), FINISH, "[DONE]"));
  const { done, answer } = read(response(START, text("Hel"), crowded), follow);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(follow).not.toHaveBeenCalled();
  expect(answer()).toMatchObject({ phase: "parked", notices: [] });

  window.dispatchEvent(new Event("focus"));
  await vi.runAllTimersAsync();
  await done;
  expect(answer().text).toBe("Hello");
});
