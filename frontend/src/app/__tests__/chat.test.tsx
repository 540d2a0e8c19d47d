import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { DEFAULT_LIMITS } from "@/config/limits";
import { aConversation, aMessage, anAnswer, aProvider } from "@/testing/builders";
import { aProblem, MockGateway } from "@/testing/mock-gateway";
import { server } from "@/testing/mock-server";
import { composer, renderApp } from "@/testing/render-app";

const messages = () => screen.findByRole("region", { name: "Messages" });

test("a question gets its answer as it is written, and an address of its own", async () => {
  const gateway = new MockGateway();
  const { user } = renderApp();
  await user.type(await composer(), "What is light?{Enter}");
  await waitFor(() => expect(gateway.answers).toHaveLength(1));

  expect(await messages()).toHaveTextContent("What is light?");
  expect(await composer()).toHaveValue("");
  expect(window.location.pathname).toBe(`/c/${gateway.answer.conversation.id}`);

  gateway.answer.write("Light is ");
  expect(await screen.findByText("Light is")).toBeInTheDocument();
  gateway.answer.write("a **wave**.");
  expect(await screen.findByText("wave")).toBeInTheDocument();

  gateway.answer.end({ text: "Light is a **wave**." });
  expect(await screen.findByRole("button", { name: "Copy answer" })).toBeInTheDocument();
  expect(screen.getAllByText("What is light?", { selector: "p" })).toHaveLength(1);
  expect(screen.getByRole("button", { name: "Send" })).toBeInTheDocument();
});

test("stop ends the answer and keeps what was written", async () => {
  const gateway = new MockGateway();
  const { user } = renderApp();
  await user.type(await composer(), "Why?{Enter}");
  await user.click(await screen.findByRole("button", { name: "Stop" }));
  expect(await screen.findByText("Stopped. What was written is saved.")).toBeInTheDocument();
  expect(gateway.stops).toEqual([gateway.answer.conversation.id]);
});

test("Esc stops, too", async () => {
  const gateway = new MockGateway();
  const { user } = renderApp();
  await user.type(await composer(), "Why?{Enter}");
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  await screen.findByText("Reading your question…");
  await user.keyboard("{Escape}");
  await waitFor(() => expect(gateway.stops).toHaveLength(1));
});

test("a refused question stays in the composer, and retry sends the same one again", async () => {
  const gateway = new MockGateway();
  gateway.refusal = aProblem({ detail: "The models are away." });
  const { user } = renderApp();
  await user.type(await composer(), "Why?{Enter}");
  expect(await screen.findByRole("alert")).toHaveTextContent("The models are away.");
  expect(await composer()).toHaveValue("Why?");

  gateway.refusal = null;
  await user.click(screen.getByRole("button", { name: "Retry" }));
  expect(await messages()).toHaveTextContent("Why?");
  const [first, second] = gateway.prompts;
  expect(second?.client_message_id).toBe(first?.client_message_id);
});

test("an answer that failed says why, and retry replaces it without a second question", async () => {
  const gateway = new MockGateway();
  const { user } = renderApp();
  await user.type(await composer(), "Why?{Enter}");
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  gateway.answer.write("Bec");
  gateway.answer.end({ text: "Bec", state: "failed", error: { code: "x", detail: "The model broke off." } });
  expect(await screen.findByRole("alert")).toHaveTextContent("The model broke off.");

  await user.click(await screen.findByRole("button", { name: "Retry" }));
  await waitFor(() => expect(gateway.answers).toHaveLength(2));
  gateway.answer.write("Because.");
  expect(await screen.findByText("Because.")).toBeInTheDocument();
  expect(screen.queryByRole("alert")).not.toBeInTheDocument();
  expect(screen.getAllByText("Why?", { selector: "p" })).toHaveLength(1);
});

test("a prompt that was committed before the failure is shown as asked, with retry", async () => {
  const gateway = new MockGateway();
  const stored = aConversation({ title: "Why?" });
  gateway.conversations = [stored];
  const { user } = renderApp(`/c/${stored.id}`);
  const question = aMessage({ text: "Why?" });
  gateway.refusal = aProblem({ conversation_id: stored.id, user_message_id: question.id });
  await user.type(await composer(), "Why?");
  await user.click(screen.getByRole("button", { name: "Send" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("The models are away.");
  expect(await composer()).toHaveValue("");
  expect(await messages()).toHaveTextContent("Why?");
});

test("a cut line is followed to the end of the answer, without doubling a word", async () => {
  const gateway = new MockGateway();
  const { user } = renderApp();
  await user.type(await composer(), "Why?{Enter}");
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  gateway.answer.write("One two ");
  await screen.findByText("One two");
  gateway.answer.cut();
  expect(await screen.findByText(/The line was cut/)).toBeInTheDocument();
  gateway.answer.write("three.");
  expect(await screen.findByText("One two three.")).toBeInTheDocument();
});

test.each([
  ["length", "The answer reached its length limit."],
  ["other", "It is not certain that this answer is complete."],
])("an answer that ended by %s says so", async (finish_reason, said) => {
  const gateway = new MockGateway();
  const { user } = renderApp();
  await user.type(await composer(), "Why?{Enter}");
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  gateway.answer.write("Because");
  gateway.answer.end({ text: "Because", finish_reason });
  expect(await screen.findByText(said)).toBeInTheDocument();
});

test("an answer that is running when the page opens is followed", async () => {
  const gateway = new MockGateway();
  const first = renderApp();
  await first.user.type(await composer(), "Why?{Enter}");
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  gateway.answer.write("Because of ");
  await screen.findByText("Because of");
  first.unmount();

  renderApp(`/c/${gateway.answer.conversation.id}`);
  gateway.answer.write("this.");
  expect(await screen.findByText("Because of this.")).toBeInTheDocument();
});

/** The next conversation that is fetched arrives as it was then, once that is released. */
function heldConversation(gateway: MockGateway): () => void {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const fetchedEarly = http.get(
    "/api/conversations/:id/",
    async () => {
      const asItWas = { ...gateway.answer.conversation, title: "As it was", messages: [] };
      await released;
      return HttpResponse.json(asItWas);
    },
    { once: true },
  );
  server.use(fetchedEarly);
  return release;
}

/** A first question was sent, and its conversation is only just being fetched. */
async function askedWhileFetched() {
  const gateway = new MockGateway();
  const release = heldConversation(gateway);
  const { user } = renderApp();
  await user.type(await composer(), "Why?{Enter}");
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  return { gateway, release };
}

test("an answer that has ended here is not read once more for a conversation that was fetched before", async () => {
  const { gateway, release } = await askedWhileFetched();
  gateway.answer.write("Because.");
  gateway.answer.frame({ type: "finish", finishReason: "stop", messageMetadata: { state: "complete" } });
  const pencil = await screen.findByRole("button", { name: "Edit your message" });
  await waitFor(() => expect(pencil).toBeEnabled());

  release();
  await screen.findByText("As it was", { selector: "main *" });
  expect(pencil).toBeEnabled();
  expect(gateway.follows).toEqual([]);
});

test("with its end an answer is what the server has, also when the conversation is only just being fetched", async () => {
  const { gateway, release } = await askedWhileFetched();
  gateway.answer.write("Because.");
  await screen.findByText("Because.");
  gateway.answer.end({ text: "Because." });
  await waitFor(() => expect(screen.getByRole("button", { name: "Answer again" })).toBeEnabled());
  release();
});

test("while an answer runs elsewhere, a second question waits in the composer", async () => {
  const gateway = new MockGateway();
  const stored = aConversation({ messages: [aMessage({ text: "First" }), anAnswer()] });
  gateway.conversations = [stored];
  const { user } = renderApp(`/c/${stored.id}`);
  gateway.refusal = aProblem({ status: 409, code: "generation_running", conversation_id: stored.id });
  await messages();
  await user.type(await composer(), "Second{Enter}");
  expect(await screen.findByText(/An answer is still being written here/)).toBeInTheDocument();
  expect(await composer()).toHaveValue("Second");
});

test("each conversation keeps what was typed in it", async () => {
  const gateway = new MockGateway();
  const stored = aConversation({ title: "Optics", messages: [aMessage(), anAnswer()] });
  gateway.conversations = [stored];
  const { user } = renderApp();
  await user.type(await composer(), "half a thought");
  await user.click(await screen.findByRole("link", { name: "Optics" }));
  await messages();
  expect(await composer()).toHaveValue("");
  await user.click(screen.getByRole("link", { name: "New chat" }));
  await waitFor(async () => expect(await composer()).toHaveValue("half a thought"));
});

test("the small model says what it is", async () => {
  const gateway = new MockGateway();
  gateway.models = { default: "local", providers: [aProvider({ name: "local", weak: true })] };
  renderApp();
  expect(await screen.findByText(/Running on the small built-in model/)).toBeInTheDocument();
});

test("with more than one model, the chosen one is asked", async () => {
  const gateway = new MockGateway();
  gateway.models = {
    default: "fake",
    providers: [aProvider(), aProvider({ name: "other", label: "Other", models: ["o-1"] })],
  };
  const { user } = renderApp();
  await user.click(await screen.findByRole("button", { name: "Model: Fake" }));
  await user.click(await screen.findByRole("menuitemradio", { name: /Other/ }));
  await user.type(await composer(), "Why?{Enter}");
  await waitFor(() => expect(gateway.prompts[0]).toMatchObject({ provider: "other", model: "o-1" }));
});

test("a text beyond the limit cannot be sent, and says by how much", async () => {
  new MockGateway();
  const { user } = renderApp();
  const field = await composer();
  await user.click(field);
  await user.paste("x".repeat(DEFAULT_LIMITS.message_max_chars + 3));
  expect(await screen.findByRole("alert")).toHaveTextContent("3 characters too many; the limit is 32,000.");
  expect(screen.getByRole("button", { name: "Send" })).toBeDisabled();
});

test("a conversation that does not exist says so and offers a new chat", async () => {
  new MockGateway();
  const { user } = renderApp("/c/00000000-0000-7000-8000-999999999999");
  const main = screen.getByRole("main");
  expect(await within(main).findByText(/does not exist/)).toBeInTheDocument();
  await user.click(within(main).getByRole("button", { name: "New chat" }));
  expect(await screen.findByText("What are you studying?")).toBeInTheDocument();
});
