import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { STORAGE } from "@/config/storage-keys";
import type { QueuedMessage } from "@/features/chat/state/outbox";
import { storedKeys } from "@/lib/storage";
import { aConversation, aGuest } from "@/testing/builders";
import { aProblem, MockGateway } from "@/testing/mock-gateway";
import { composer, renderApp } from "@/testing/render-app";

const messages = () => screen.findByRole("region", { name: "Messages" });
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
  expect(await messages()).toHaveTextContent("Why?");
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
