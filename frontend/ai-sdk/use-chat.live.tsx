/** The published AI SDK client, unmodified, against a running gateway. */
import { useChat } from "@ai-sdk/react";
import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import { DefaultChatTransport, generateId, type UIMessage } from "ai";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { GATEWAY, Visitor } from "./visitor.ts";

let visitor: Visitor;
let id: string;

beforeEach(() => {
  visitor = new Visitor();
  id = generateId();
});

afterEach(cleanup);

/** A page that shows the conversation, as after a reload: it knows what it is given and asks for the rest. */
function openPage(messages: UIMessage[] = []) {
  return renderHook(() =>
    useChat({
      id,
      messages,
      resume: true,
      transport: new DefaultChatTransport({
        api: `${GATEWAY}/api/chat/stream`,
        fetch: (...request) => visitor.fetch(...request),
      }),
    }),
  );
}

type Page = ReturnType<typeof openPage>;

function send(page: Page, text: string): void {
  act(() => void page.result.current.sendMessage({ text }));
}

function textOf(message: UIMessage | undefined): string {
  return message?.parts.map((part) => (part.type === "text" ? part.text : "")).join("") ?? "";
}

function answer(page: Page): string {
  const last = page.result.current.messages.at(-1);
  return last?.role === "assistant" ? textOf(last) : "";
}

function roles(page: Page): string[] {
  return page.result.current.messages.map(({ role }) => role);
}

/** What the fake provider says: each token once, in order. */
function tokens(count: number): string {
  return Array.from({ length: count }, (_, number) => `t${number} `).join("");
}

async function untilAnswered(page: Page, count: number): Promise<void> {
  await waitFor(() => expect(answer(page)).toBe(tokens(count)), { timeout: 20_000 });
  await waitFor(() => expect(page.result.current.status).toBe("ready"));
}

async function untilItHasSaid(page: Page, words: string): Promise<void> {
  await waitFor(() => expect(answer(page)).toContain(words), { timeout: 20_000, interval: 5 });
}

test("a page that opens before anything was asked is ready and has no error", async () => {
  const answers = vi.spyOn(visitor, "fetch");
  const page = openPage();
  await waitFor(() => expect(answers).toHaveBeenCalledOnce());
  const reply = (await answers.mock.results[0]?.value) as Response;
  expect(reply.status).toBe(204);
  expect(page.result.current).toMatchObject({ status: "ready", error: undefined, messages: [] });
});

test("an answer grows while it is written, and is saved under the id that the page knows", async () => {
  const page = openPage();
  send(page, "What is light? [[tokens=40 rate=40]]");
  await untilItHasSaid(page, "t3 ");
  expect(page.result.current.status).toBe("streaming");
  expect(answer(page).length).toBeLessThan(tokens(40).length);
  await untilAnswered(page, 40);
  const saved = await visitor.conversation(id);
  expect(saved.client_id).toBe(id);
  expect(saved.messages.map(({ text }) => text)).toEqual([
    "What is light? [[tokens=40 rate=40]]",
    tokens(40),
  ]);
  expect(saved.messages[1]?.id).toBe(page.result.current.messages[1]?.id);
  expect(saved.messages[0]?.client_message_id).toBe(page.result.current.messages[0]?.id);
});

test("a second prompt goes on in the same conversation", async () => {
  const page = openPage();
  send(page, "[[tokens=3]]");
  await untilAnswered(page, 3);
  send(page, "[[tokens=5]]");
  await untilAnswered(page, 5);
  expect(roles(page)).toEqual(["user", "assistant", "user", "assistant"]);
  expect((await visitor.conversation(id)).messages).toHaveLength(4);
});

test("stop() only leaves; the answer ends when the gateway is told to end it", async () => {
  const page = openPage();
  send(page, "[[tokens=2000 rate=50]]");
  await untilItHasSaid(page, "t5 ");
  await act(() => page.result.current.stop());
  expect(page.result.current.status).toBe("ready");
  expect((await visitor.conversation(id)).generation).not.toBeNull();
  const stopped = await visitor.stopAnswer(id);
  expect(stopped.state).toBe("stopped");
  expect(stopped.text.startsWith(answer(page))).toBe(true);
  expect(tokens(2000).startsWith(stopped.text)).toBe(true);
  expect((await visitor.conversation(id)).generation).toBeNull();
});

test("a page that is stopped from elsewhere keeps what it has, and is ready", async () => {
  const page = openPage();
  send(page, "[[tokens=2000 rate=50]]");
  await untilItHasSaid(page, "t5 ");
  const stopped = await visitor.stopAnswer(id);
  await waitFor(() => expect(page.result.current.status).toBe("ready"));
  expect(answer(page)).toBe(stopped.text);
  expect(page.result.current.error).toBeUndefined();
});

test("a reload in the middle of an answer shows all of it, once", async () => {
  const before = openPage();
  send(before, "[[tokens=80 rate=40]]");
  await untilItHasSaid(before, "t5 ");
  before.unmount();
  const after = openPage(await visitor.history(id));
  await untilItHasSaid(after, "t20 ");
  expect(after.result.current.status).toBe("streaming");
  await untilAnswered(after, 80);
  expect(roles(after)).toEqual(["user", "assistant"]);
  expect(await visitor.history(id)).toMatchObject(
    after.result.current.messages.map(({ id: each }) => ({ id: each })),
  );
});

test("a second tab follows the same answer", async () => {
  const first = openPage();
  send(first, "[[tokens=60 rate=40]]");
  await untilItHasSaid(first, "t5 ");
  const second = openPage(await visitor.history(id));
  await Promise.all([untilAnswered(first, 60), untilAnswered(second, 60)]);
  expect(second.result.current.messages.map(({ id: each }) => each)).toEqual(
    first.result.current.messages.map(({ id: each }) => each),
  );
});

test("a reload just after the end shows the answer once", async () => {
  const before = openPage();
  send(before, "[[tokens=5]]");
  await untilAnswered(before, 5);
  before.unmount();
  const answers = vi.spyOn(visitor, "fetch");
  const after = openPage(await visitor.history(id));
  await waitFor(() => expect(answers).toHaveBeenCalledTimes(2));
  await untilAnswered(after, 5);
  expect(roles(after)).toEqual(["user", "assistant"]);
});

test("regenerate() puts another answer in the place of the last, and keeps both", async () => {
  const page = openPage();
  send(page, "[[tokens=4]]");
  await untilAnswered(page, 4);
  const first = page.result.current.messages[1]?.id;
  act(() => void page.result.current.regenerate());
  await waitFor(() => expect(page.result.current.messages[1]?.id).not.toBe(first));
  await untilAnswered(page, 4);
  const [, saved] = (await visitor.conversation(id)).messages;
  expect(saved?.siblings).toEqual({ ids: [first, page.result.current.messages[1]?.id], index: 1 });
});

test("regenerate({ messageId }) answers an earlier question again", async () => {
  const page = openPage();
  send(page, "[[tokens=4]]");
  await untilAnswered(page, 4);
  send(page, "[[tokens=5]]");
  await untilAnswered(page, 5);
  const first = page.result.current.messages[1]?.id ?? "";
  act(() => void page.result.current.regenerate({ messageId: first }));
  await untilAnswered(page, 4);
  expect(roles(page)).toEqual(["user", "assistant"]);
  const { messages } = await visitor.conversation(id);
  expect(messages).toHaveLength(2);
  expect(messages[1]?.siblings).toMatchObject({ ids: [first, expect.any(String)], index: 1 });
});

test("a message that is sent again with another text is an edit", async () => {
  const page = openPage();
  send(page, "[[tokens=4]]");
  await untilAnswered(page, 4);
  const messageId = page.result.current.messages[0]?.id ?? "";
  act(() => void page.result.current.sendMessage({ text: "[[tokens=6]]", messageId }));
  await untilAnswered(page, 6);
  expect(roles(page)).toEqual(["user", "assistant"]);
  const { messages } = await visitor.conversation(id);
  expect(messages.map(({ text }) => text)).toEqual(["[[tokens=6]]", tokens(6)]);
  expect(messages[0]?.siblings.index).toBe(1);
});

test("a failed answer is told in words, and regenerate() tries again", async () => {
  const page = openPage();
  send(page, "[[tokens=4 fault=400,none]]");
  await waitFor(() => expect(page.result.current.status).toBe("error"));
  expect(page.result.current.error?.message).toMatch(/^[A-Z].*\.$/);
  act(() => void page.result.current.regenerate());
  await untilAnswered(page, 4);
  expect((await visitor.conversation(id)).messages).toHaveLength(2);
});

test("regenerate() after a prompt that never arrived sends it", async () => {
  const page = openPage();
  send(page, "[[tokens=3]]");
  await untilAnswered(page, 3);
  vi.spyOn(visitor, "fetch").mockRejectedValueOnce(new TypeError("fetch failed"));
  send(page, "[[tokens=5]]");
  await waitFor(() => expect(page.result.current.status).toBe("error"));
  act(() => void page.result.current.regenerate());
  await untilAnswered(page, 5);
  const { messages } = await visitor.conversation(id);
  expect(messages.map(({ text }) => text)).toEqual(["[[tokens=3]]", tokens(3), "[[tokens=5]]", tokens(5)]);
});

test("while an answer is being written, another prompt is refused with a sentence", async () => {
  const first = openPage();
  send(first, "[[tokens=2000 rate=50]]");
  await untilItHasSaid(first, "t5 ");
  const second = openPage();
  await untilItHasSaid(second, "t5 ");
  await act(() => second.result.current.stop());
  send(second, "And?");
  await waitFor(() => expect(second.result.current.status).toBe("error"));
  expect(second.result.current.error?.message).toContain("An answer is still being written here.");
  await visitor.stopAnswer(id);
});
