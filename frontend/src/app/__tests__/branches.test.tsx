import { screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { expect, test } from "vitest";
import { aConversation, aMessage, anAnswer } from "@/testing/builders";
import { aProblem, MockGateway } from "@/testing/mock-gateway";
import { server } from "@/testing/mock-server";
import { composer, renderApp } from "@/testing/render-app";
import type { Conversation } from "@/types/wire";

/** A conversation of two questions with their answers, open. */
async function openConversation(searchOf = (_: Conversation) => "") {
  const gateway = new MockGateway();
  const stored = aConversation({
    messages: [
      aMessage({ text: "What is light?", client_message_id: "first" }),
      anAnswer({ text: "A wave." }),
      aMessage({ text: "And sound?", client_message_id: "second" }),
      anAnswer({ text: "Another wave." }),
    ],
  });
  gateway.conversations = [stored];
  const page = renderApp(`/c/${stored.id}${searchOf(stored)}`);
  await screen.findByText("Another wave.");
  return { gateway, stored, ...page };
}

const articleOf = (text: string) => {
  const article = screen.getByText(text).closest("article");
  if (!article) throw new Error(`${text} stands in no message`);
  return within(article);
};
const shown = () => screen.getAllByRole("article").map((article) => article.textContent);

test("an answer can be had again; the earlier one is kept and found", async () => {
  const { gateway, stored, user } = await openConversation();
  await user.click(articleOf("Another wave.").getByRole("button", { name: "Answer again" }));
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  expect(gateway.prompts[0]).toEqual({
    trigger: "regenerate",
    conversation_id: stored.id,
    parent_id: stored.messages[3]?.id,
  });
  gateway.answer.write("A wave of air.");
  expect(await screen.findByText("A wave of air.")).toBeInTheDocument();
  expect(screen.queryByText("Another wave.")).not.toBeInTheDocument();
  expect(screen.getAllByText("And sound?", { selector: "p" })).toHaveLength(1);

  gateway.answer.end({ text: "A wave of air." });
  const versions = within(await screen.findByRole("group", { name: "Version 2 of 2" }));
  await user.click(versions.getByRole("button", { name: "Previous version" }));
  expect(await screen.findByText("Another wave.")).toBeInTheDocument();
  expect(screen.getByRole("group", { name: "Version 1 of 2" })).toBeInTheDocument();
});

test("another answer to an earlier question begins a branch; the other one stays whole", async () => {
  const { gateway, user } = await openConversation();
  await user.click(articleOf("A wave.").getByRole("button", { name: "Answer again" }));
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  gateway.answer.end({ text: "A particle." });
  await screen.findByText("A particle.");
  expect(screen.queryByText("And sound?")).not.toBeInTheDocument();

  await user.click(await screen.findByRole("button", { name: "Previous version" }));
  expect(await screen.findByText("Another wave.")).toBeInTheDocument();
});

test("a question can be put another way, and both ways are kept", async () => {
  const { gateway, user } = await openConversation();
  await user.click(articleOf("And sound?").getByRole("button", { name: "Edit your message" }));
  const field = screen.getByRole("textbox", { name: "Your message, another way" });
  expect(field).toHaveFocus();
  expect(screen.getByRole("button", { name: "Ask again" })).toBeDisabled();
  await user.clear(field);
  await user.type(field, "And heat?{Enter}");
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  expect(gateway.prompts[0]).toMatchObject({ client_message_id: "second", message: "And heat?" });
  expect(await screen.findByText("And heat?", { selector: "p" })).toBeInTheDocument();
  expect(screen.queryByText("And sound?")).not.toBeInTheDocument();
  // What had the focus is gone; the next thing to do is to write.
  await waitFor(async () => expect(await composer()).toHaveFocus());

  gateway.answer.end({ text: "Motion." });
  await screen.findByText("Motion.");
  await user.click(await screen.findByRole("button", { name: "Previous version" }));
  expect(await screen.findByText("Another wave.")).toBeInTheDocument();
  expect(screen.getByText("And sound?", { selector: "p" })).toBeInTheDocument();
});

test("Esc leaves a question as it was, and the focus where it came from", async () => {
  const { gateway, user } = await openConversation();
  const pencil = () => articleOf("And sound?").getByRole("button", { name: "Edit your message" });
  pencil().focus();
  await user.keyboard("{Enter}");
  await user.type(screen.getByRole("textbox", { name: "Your message, another way" }), " Or not?{Escape}");
  await waitFor(() => expect(pencil()).toHaveFocus());
  expect(gateway.prompts).toHaveLength(0);
});

test("an edit that is refused stays in its field, and says why", async () => {
  const { gateway, user } = await openConversation();
  gateway.refusal = aProblem({ detail: "The models are away." });
  await user.click(articleOf("And sound?").getByRole("button", { name: "Edit your message" }));
  const field = screen.getByRole("textbox", { name: "Your message, another way" });
  await user.clear(field);
  await user.type(field, "And heat?");
  await user.click(screen.getByRole("button", { name: "Ask again" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("The models are away.");
  expect(field).toHaveValue("And heat?");

  gateway.refusal = null;
  await user.click(screen.getByRole("button", { name: "Retry" }));
  expect(await screen.findByText("And heat?", { selector: "p" })).toBeInTheDocument();
  expect(screen.queryByRole("textbox", { name: "Your message, another way" })).not.toBeInTheDocument();
});

test("an edit beyond the limit says by how much", async () => {
  const { user } = await openConversation();
  await user.click(articleOf("And sound?").getByRole("button", { name: "Edit your message" }));
  await user.click(screen.getByRole("textbox", { name: "Your message, another way" }));
  await user.paste("x".repeat(32_000));
  expect(await screen.findByRole("alert")).toHaveTextContent("characters too many");
  expect(screen.getByRole("button", { name: "Ask again" })).toBeDisabled();
});

test("the versions are gone through by keyboard, without losing the place", async () => {
  const { gateway, user } = await openConversation();
  for (const text of ["Second.", "Third."]) {
    const again = screen.getAllByRole("button", { name: "Answer again" }).at(-1);
    await user.click(again ?? document.body);
    await waitFor(() => expect(gateway.answers.at(-1)?.conversation.generation).not.toBeNull());
    gateway.answer.end({ text });
    await screen.findByText(text);
  }
  const previous = () => screen.getByRole("button", { name: "Previous version" });
  await screen.findByRole("group", { name: "Version 3 of 3" });
  previous().focus();
  await user.keyboard("{Enter}");
  await screen.findByText("Second.");
  await user.keyboard("{Enter}");
  await screen.findByText("Another wave.");
  expect(previous()).toHaveFocus();
  expect(previous()).toHaveAttribute("aria-disabled", "true");
  await user.keyboard("{Enter}");
  expect(screen.getByRole("group", { name: "Version 1 of 3" })).toBeInTheDocument();
});

test("while an answer is written nothing else can be asked, and no other version be shown", async () => {
  const { gateway, user } = await openConversation();
  await user.click(articleOf("Another wave.").getByRole("button", { name: "Answer again" }));
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  gateway.answer.end({ text: "A wave of air." });
  await screen.findByRole("group", { name: "Version 2 of 2" });

  await user.type(await composer(), "More?{Enter}");
  await waitFor(() => expect(gateway.answers).toHaveLength(2));
  await screen.findByText("Reading your question…");
  for (const name of ["Edit your message", "Answer again"]) {
    for (const button of screen.getAllByRole("button", { name })) expect(button).toBeDisabled();
  }
  expect(screen.getByRole("button", { name: "Previous version" })).toHaveAttribute("aria-disabled", "true");
  await user.click(screen.getByRole("button", { name: "Previous version" }));
  expect(screen.getByText("A wave of air.")).toBeInTheDocument();
});

test("a version that cannot be shown says so, and leaves the one that is", async () => {
  const { gateway, user } = await openConversation();
  await user.click(articleOf("Another wave.").getByRole("button", { name: "Answer again" }));
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  gateway.answer.end({ text: "A wave of air." });
  const previous = await screen.findByRole("button", { name: "Previous version" });
  gateway.isDown = true;
  await user.click(previous);
  expect(await screen.findByRole("alert")).toHaveTextContent("The other version could not be shown.");
  expect(screen.getByText("A wave of air.")).toBeInTheDocument();
  expect(shown()).toHaveLength(4);
});

test("an answer without a word can be had again", async () => {
  const gateway = new MockGateway();
  const stored = aConversation({
    messages: [aMessage({ text: "Why?", client_message_id: "k" }), anAnswer({ text: "" })],
  });
  gateway.conversations = [stored];
  const { user } = renderApp(`/c/${stored.id}`);
  await user.click(await screen.findByRole("button", { name: "Answer again" }));
  await waitFor(() => expect(gateway.prompts[0]).toMatchObject({ trigger: "regenerate" }));
});

test("a question follows the branch that is seen, whatever another tab shows", async () => {
  const { gateway, stored, user } = await openConversation();
  await user.click(articleOf("A wave.").getByRole("button", { name: "Answer again" }));
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  gateway.answer.end({ text: "A particle." });
  await screen.findByRole("group", { name: "Version 2 of 2" });
  // Another tab turns to the first branch.
  await fetch(`/api/conversations/${stored.id}/`, {
    method: "PATCH",
    body: JSON.stringify({ active_message_id: stored.messages[1]?.id }),
  });
  await user.type(await composer(), "Why?{Enter}");
  await waitFor(() => expect(gateway.answers).toHaveLength(2));
  gateway.answer.end({ text: "Because it comes in packets." });
  await screen.findByText("Because it comes in packets.");
  expect(screen.getByText("A particle.")).toBeInTheDocument();
  expect(screen.queryByText("And sound?")).not.toBeInTheDocument();
});

test("a message that a search led to calls nobody back to its branch once it was seen", async () => {
  const { gateway, stored, user } = await openConversation(({ messages }) => `?m=${messages[3]?.id}`);
  const turns: string[] = [];
  server.use(
    http.patch("/api/conversations/:id/", async ({ request }) => {
      turns.push(await request.clone().text());
      return undefined;
    }),
  );
  await user.click(articleOf("And sound?").getByRole("button", { name: "Edit your message" }));
  const field = await screen.findByRole("textbox", { name: "Your message, another way" });
  await user.type(field, " In water?{Enter}");
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  gateway.answer.end({ text: "Faster there." });
  await screen.findByRole("group", { name: "Version 2 of 2" });
  expect(await screen.findByText("Faster there.")).toBeInTheDocument();
  expect(turns).toEqual([]);
  expect(window.location.pathname).toBe(`/c/${stored.id}`);
});
