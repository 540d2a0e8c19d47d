import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readAnswer } from "@/features/chat/state/read-answer";
import { EMPTY_ANSWER, streamReducer } from "@/features/chat/state/stream-reducer";
import { ConnectionLost } from "@/lib/errors";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const START = { type: "start", messageId: "m", messageMetadata: { conversation_id: "c" } };
const FINISH = { type: "finish", finishReason: "stop", messageMetadata: { state: "complete" } };

function response(...frames: (object | string)[]): Response {
  const data = frames.map((frame) => (typeof frame === "string" ? frame : JSON.stringify(frame)));
  return new Response(data.map((line) => `data: ${line}\n\n`).join(""));
}
const text = (delta: string) => ({ type: "text-delta", id: "a", delta });

function read(
  first: Response | null,
  follow: () => Promise<Response | null>,
  signal = new AbortController().signal,
) {
  let answer = EMPTY_ANSWER;
  const done = readAnswer({
    first,
    canFollow: () => answer.conversationId !== null,
    follow,
    dispatch: (event) => {
      answer = streamReducer(answer, event);
    },
    signal,
  });
  return { done, answer: () => answer };
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
  const { done, answer } = read(response(START, text("He")), async () => {
    throw new ConnectionLost();
  });
  const outcome = expect(done).rejects.toBeInstanceOf(ConnectionLost);
  await vi.runAllTimersAsync();
  await outcome;
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
  const controller = new AbortController();
  const { done } = read(
    response(START),
    async () => {
      throw new ConnectionLost();
    },
    controller.signal,
  );
  await vi.advanceTimersByTimeAsync(1);
  controller.abort();
  await expect(done).rejects.toMatchObject({ name: "AbortError" });
});
