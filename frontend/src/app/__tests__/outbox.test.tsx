import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { STORAGE } from "@/config/storage-keys";
import { type QueuedMessage, readOutbox } from "@/features/chat/state/outbox";
import { forgetStored, storedKeys } from "@/lib/storage";
import { aConversation, aGuest, aMessage, anAnswer } from "@/testing/builders";
import { aProblem, MockGateway } from "@/testing/mock-gateway";
import { server } from "@/testing/mock-server";
import { composer, renderApp } from "@/testing/render-app";

const messageList = () => screen.findByRole("region", { name: "Messages" });
const queue = () => screen.findByRole("region", { name: "Waiting for the line" });
const inStorage = () => storedKeys(STORAGE.outbox).length;

/** Something that was sent when there was no line, on an earlier visit. */
function queued(fields: Partial<QueuedMessage> & { text: string; conversationId: string }): void {
  const message: QueuedMessage = {
    trigger: "submit",
    clientMessageId: fields.text,
    parentId: null,
    choice: null,
    files: [],
    courseId: null,
    accountId: null,
    queuedAt: inStorage(),
    refusal: null,
    isHeld: false,
    ...fields,
  };
  localStorage.setItem(STORAGE.outbox + message.clientMessageId, JSON.stringify(message));
}

test("what the line did not carry waits, survives a reload, and goes once as the same prompt", async () => {
  const gateway = new MockGateway();
  gateway.refusal = "network";
  const first = renderApp();
  await first.user.type(await composer(), "Why?{Enter}");
  expect(await queue()).toHaveTextContent("Why?");
  expect(await composer()).toHaveValue("");
  const address = window.location.pathname;
  first.unmount();

  gateway.refusal = null;
  renderApp(address);
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  expect(await messageList()).toHaveTextContent("Why?");
  expect(window.location.pathname).toBe(`/c/${gateway.answer.conversation.id}`);
  expect(new Set(gateway.prompts.map((prompt) => prompt.client_message_id)).size).toBe(1);
  expect(inStorage()).toBe(0);
});

test("a conversation's messages go one after the other, each after the answer before it", async () => {
  const gateway = new MockGateway();
  queued({ text: "First?", conversationId: "new-1" });
  queued({ text: "Second?", conversationId: "new-1" });
  renderApp("/c/new-1");
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  gateway.answer.write("One.");
  gateway.answer.end({ text: "One." });
  await waitFor(() => expect(gateway.answers).toHaveLength(2));
  expect(gateway.prompts.map(({ message }) => message)).toEqual(["First?", "Second?"]);
  expect(gateway.answer.conversation).toBe(gateway.answers[0]?.conversation);
});

test("a message that waits can be put another way, under the same id, or be discarded", async () => {
  const gateway = new MockGateway();
  gateway.refusal = "network";
  gateway.conversations = [aConversation({ title: "Light" })];
  const conversationId = gateway.conversations[0]?.id ?? "";
  queued({ text: "Why?", conversationId });
  const { user } = renderApp(`/c/${conversationId}`);
  await user.click(await screen.findByRole("button", { name: "Edit" }));
  const field = await screen.findByRole("textbox", { name: "Your waiting message" });
  await user.clear(field);
  await user.type(field, "Why not?{Enter}");
  expect(await screen.findByRole("button", { name: "Edit" })).toHaveFocus();
  expect(await queue()).toHaveTextContent("Why not?");

  gateway.refusal = null;
  window.dispatchEvent(new Event("online"));
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  expect(gateway.prompts.at(-1)).toMatchObject({ message: "Why not?", client_message_id: "Why?" });

  gateway.refusal = "network";
  queued({ text: "And?", conversationId, isHeld: true });
  window.dispatchEvent(new StorageEvent("storage", { key: `${STORAGE.outbox}And?` }));
  await user.click(await within(await queue()).findByRole("button", { name: "Cancel" }));
  await user.click(await screen.findByRole("button", { name: "Discard" }));
  await waitFor(() => expect(inStorage()).toBe(0));
});

test("a message that is refused stays with the reason, and is not sent again by itself", async () => {
  const gateway = new MockGateway();
  gateway.refusal = aProblem({ status: 429, code: "quota_exceeded", detail: "Used up until midnight." });
  queued({ text: "Why?", conversationId: "new-1" });
  renderApp("/c/new-1");
  expect(await screen.findByText("Not sent: Used up until midnight.")).toBeInTheDocument();
  window.dispatchEvent(new Event("online"));
  await waitFor(() => expect(gateway.prompts).toHaveLength(1));
  expect(await queue()).toHaveTextContent("Why?");
});

test("nobody else's message is shown, or sent", async () => {
  const gateway = new MockGateway();
  gateway.user = aGuest();
  queued({ text: "Of somebody else", conversationId: "new-1", accountId: "somebody-else" });
  queued({ text: "Mine", conversationId: "new-2" });
  renderApp();
  await waitFor(() => expect(gateway.prompts).toHaveLength(1));
  expect(gateway.prompts[0]).toMatchObject({ message: "Mine" });
  expect(screen.queryByText("Of somebody else")).not.toBeInTheDocument();
  expect(inStorage()).toBe(1);
});

test("of two that were sent without a line the second follows the answer of the first", async () => {
  const gateway = new MockGateway();
  const messages = [aMessage({ text: "What is light?" }), anAnswer({ text: "A wave." })];
  const stored = aConversation({ title: "Light", messages });
  gateway.conversations = [stored];
  gateway.refusal = "network";
  const { user } = renderApp(`/c/${stored.id}`);
  await screen.findByText("A wave.");
  await user.type(await composer(), "First?{Enter}");
  expect(await queue()).toHaveTextContent("First?");
  await user.type(await composer(), "Second?{Enter}");
  await waitFor(async () => expect(await queue()).toHaveTextContent("Second?"));

  gateway.refusal = null;
  window.dispatchEvent(new Event("online"));
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  gateway.answer.end({ text: "One." });
  await screen.findByText("One.");
  window.dispatchEvent(new Event("online"));
  await waitFor(() => expect(gateway.answers).toHaveLength(2));
  gateway.answer.end({ text: "Two." });
  await screen.findByText("Two.");
  for (const text of ["First?", "One.", "Second?"]) expect(await messageList()).toHaveTextContent(text);
});

test("what is typed while the first message waits is there when the conversation has its name", async () => {
  const gateway = new MockGateway();
  gateway.refusal = "network";
  const { user } = renderApp();
  await user.type(await composer(), "Why?{Enter}");
  await queue();
  await user.type(await composer(), "And how?");

  gateway.refusal = null;
  window.dispatchEvent(new Event("online"));
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  await waitFor(() => expect(window.location.pathname).toBe(`/c/${gateway.answer.conversation.id}`));
  expect(await composer()).toHaveValue("And how?");
});

test("what is put another way while it is on its way is neither lost nor put back", async () => {
  const gateway = new MockGateway();
  const stored = aConversation({ title: "Light" });
  gateway.conversations = [stored];
  let arrive = () => {};
  const onItsWay = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  let asked = 0;
  server.use(
    http.post("/api/chat/stream/", async () => {
      asked += 1;
      if (asked === 1) await onItsWay;
      return undefined;
    }),
  );
  queued({ text: "Why?", conversationId: stored.id });
  const { user } = renderApp(`/c/${stored.id}`);
  await waitFor(() => expect(asked).toBe(1));
  await user.click(await screen.findByRole("button", { name: "Edit" }));
  const field = await screen.findByRole("textbox", { name: "Your waiting message" });
  await user.type(field, " And how?");
  arrive();
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  expect(await messageList()).toHaveTextContent("Why?");
  expect(screen.getByRole("textbox", { name: "Your waiting message" })).toHaveValue("Why? And how?");
  gateway.answer.end({ text: "Because." });
  await screen.findByText("Because.");
  await user.type(field, "{Enter}");
  await waitFor(() => expect(gateway.answers).toHaveLength(2));
  expect(gateway.prompts.at(-1)).toMatchObject({ message: "Why? And how?", client_message_id: "Why?" });
});

test("what was discarded while it was on its way does not come back when it is refused", async () => {
  new MockGateway();
  let refuse = () => {};
  const onItsWay = new Promise<void>((resolve) => {
    refuse = resolve;
  });
  let asked = 0;
  server.use(
    http.post("/api/chat/stream/", async () => {
      asked += 1;
      await onItsWay;
      return HttpResponse.json(aProblem({ status: 429, code: "quota_exceeded" }), { status: 429 });
    }),
  );
  queued({ text: "Why?", conversationId: "new-1" });
  queued({ text: "And?", conversationId: "new-2" });
  const { user } = renderApp("/c/new-1");
  await waitFor(() => expect(asked).toBe(1));
  await user.click(await screen.findByRole("button", { name: "Discard" }));
  refuse();
  await waitFor(() => expect(asked).toBe(2));
  await waitFor(() => expect(readOutbox()[0]?.refusal?.code).toBe("quota_exceeded"));
  expect(readOutbox().map(({ text }) => text)).toEqual(["And?"]);
});

test("what is being put another way is there again after a reload", async () => {
  const gateway = new MockGateway();
  gateway.refusal = "network";
  queued({ text: "Why?", conversationId: "new-1" });
  const first = renderApp("/c/new-1");
  await first.user.click(await screen.findByRole("button", { name: "Edit" }));
  await first.user.type(await screen.findByRole("textbox", { name: "Your waiting message" }), " And how?");
  first.unmount();

  const { user } = renderApp("/c/new-1");
  const field = await screen.findByRole("textbox", { name: "Your waiting message" });
  expect(field).toHaveValue("Why? And how?");
  await user.type(field, "{Enter}");
  expect(await queue()).toHaveTextContent("Why? And how?");
  expect(storedKeys(STORAGE.drafts)).toEqual([]);
});

test("what a guest left waiting is gone from the page once it is forgotten", async () => {
  const gateway = new MockGateway();
  gateway.refusal = "network";
  queued({ text: "Of the one before", conversationId: "new-1" });
  renderApp();
  await screen.findByText("1 message is not sent yet");
  forgetStored(STORAGE.outbox);
  await waitFor(() => expect(screen.queryByText("1 message is not sent yet")).not.toBeInTheDocument());
});
