import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { aConversation, aGuest, aMessage, anAnswer, aProvider } from "@/testing/builders";
import { MockGateway } from "@/testing/mock-gateway";
import { composer, renderApp } from "@/testing/render-app";
import type { Message } from "@/types/wire";

const MODELS = {
  default: "deepseek",
  providers: [
    aProvider({ name: "deepseek", label: "DeepSeek", models: ["flash"] }),
    aProvider({ name: "gemini", label: "Gemini", models: ["pro"] }),
    aProvider({ name: "local", label: "The local model", models: ["small"], state: "open" }),
  ],
};

/** A question whose last answer ended in some way. */
async function openAnswer(fields: Partial<Message>) {
  const gateway = new MockGateway();
  gateway.user = aGuest();
  gateway.models = MODELS;
  const answer = anAnswer({ text: "It is a", provider: "deepseek", model: "flash", ...fields });
  const stored = aConversation({
    title: "Optics",
    messages: [aMessage({ text: "What is light?", client_message_id: "k" }), answer],
  });
  gateway.conversations = [stored];
  const page = renderApp(`/c/${stored.id}`);
  await screen.findByText("What is light?", { selector: "p" });
  return { gateway, stored, answer, ...page };
}

test.each([
  ["was stopped", { state: "stopped" } as const],
  ["reached its length", { finish_reason: "length" }],
])(
  "an answer that %s is gone on with by the model that wrote it, or another that can be reached",
  async (_, how) => {
    const { gateway, stored, answer, user } = await openAnswer(how);
    await user.click(await screen.findByRole("button", { name: "More ways to go on" }));
    expect(await screen.findByRole("menuitem", { name: "Continue with Gemini" })).toBeInTheDocument();
    expect(screen.queryByRole("menuitem", { name: /local model/ })).not.toBeInTheDocument();
    await user.keyboard("{Escape}");
    await user.click(screen.getByRole("button", { name: "Continue" }));
    await waitFor(() => expect(gateway.prompts).toHaveLength(1));
    const { message: _none, ...asked } = gateway.prompts[0] ?? { message: "" };
    expect(asked).toEqual({
      trigger: "continue",
      conversation_id: stored.id,
      parent_id: answer.id,
      provider: "deepseek",
      model: "flash",
    });
    gateway.answer.write("It is a wave.");
    gateway.answer.end({ text: "It is a wave." });
    expect(await screen.findByRole("group", { name: "Version 2 of 2" })).toBeInTheDocument();
    expect(screen.getByText("It is a wave.")).toBeInTheDocument();
  },
);

test("where a provider has failed, the other one is offered first, and what was written is said to be saved", async () => {
  const error = { code: "provider_failed", detail: "DeepSeek is at its limit." };
  const { gateway, user } = await openAnswer({ state: "failed", error });
  expect(await screen.findByText("DeepSeek is at its limit. What was written is saved.")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Continue with Gemini" }));
  await waitFor(() => expect(gateway.prompts[0]).toMatchObject({ trigger: "continue", provider: "gemini" }));
});

test("an answer that has no text yet can only be asked for again", async () => {
  await openAnswer({ state: "failed", text: "", error: { code: "x", detail: "It broke." } });
  expect(await screen.findByRole("button", { name: "Retry" })).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: /Continue/ })).not.toBeInTheDocument();
});

test("a receipt says who was asked, what came of it, and what it took", async () => {
  const { gateway, user } = await openAnswer({});
  await user.type(await composer(), "And sound?{Enter}");
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  const receipt = {
    first_token_ms: 640,
    total_ms: 12_340,
    tries: [
      { provider: "gemini", model: "pro", outcome: "rate_limited", ms: 210, first_token_ms: null },
      { provider: "deepseek", model: "flash", outcome: "ok", ms: 12_000, first_token_ms: 400 },
    ],
  };
  const usage = { input_tokens: 1_200, output_tokens: 340 };
  gateway.answer.end({ text: "A wave, too.", provider: "deepseek", model: "flash", usage, receipt });
  await screen.findByText("A wave, too.");
  await user.click(screen.getAllByRole("button", { name: "How this answer came about" })[1] ?? document.body);
  const panel = within(await screen.findByRole("dialog", { name: "Receipt" }));
  expect(panel.getByText("DeepSeek · flash")).toBeInTheDocument();
  expect(panel.getByText("0.64 s")).toBeInTheDocument();
  expect(panel.getByText("12.3 s")).toBeInTheDocument();
  expect(panel.getByText("1,200 read, 340 written")).toBeInTheDocument();
  const tries = within(panel.getByRole("list", { name: "Tries" })).getAllByRole("listitem");
  expect(tries.map(({ textContent }) => textContent)).toEqual([
    "Geminiat its limit0.21 s",
    "DeepSeekanswered12 s",
  ]);
});

test("of an answer of before there were receipts only what is known is said", async () => {
  const { user } = await openAnswer({});
  const button = await screen.findByRole("button", { name: "How this answer came about" });
  await user.click(button);
  const panel = within(await screen.findByRole("dialog", { name: "Receipt" }));
  expect(panel.getByText("DeepSeek · flash")).toBeInTheDocument();
  expect(panel.queryByText("Tries")).not.toBeInTheDocument();
  await user.keyboard("{Escape}");
  await waitFor(() => expect(button).toHaveFocus());
});

test("the model picker says of each what it can do", async () => {
  const gateway = new MockGateway();
  const abilities = { stream: true, json_schema: true, images: true, continue: true };
  gateway.models = {
    default: "gemini",
    providers: [
      aProvider({
        name: "gemini",
        label: "Gemini",
        models: ["pro"],
        abilities,
        prompt_budget_tokens: 786_000,
      }),
      aProvider({ name: "local", label: "The local model", models: ["small"], weak: true, state: "open" }),
    ],
  };
  const { user } = renderApp();
  await user.click(await screen.findByRole("button", { name: "Model: Gemini" }));
  const [gemini, local] = await screen.findAllByRole("menuitemradio");
  expect(gemini).toHaveAccessibleName(/Gemini.*pro.*Sees pictures · Reads about 590,000 words at once/s);
  expect(local).toHaveAccessibleName(/Cannot be reached just now · Small; runs on this server/);
});

test("a suggestion goes into the composer with what is to be filled in selected, and nothing is sent", async () => {
  const gateway = new MockGateway();
  const { user } = renderApp();
  await user.click(await screen.findByRole("button", { name: "Explain … like I’m new to it" }));
  const field = (await composer()) as HTMLTextAreaElement;
  await waitFor(() => expect(field).toHaveFocus());
  await user.keyboard("osmosis");
  expect(field).toHaveValue("Explain osmosis like I’m new to it");
  // What was typed is not lost to another suggestion.
  await user.click(screen.getByRole("button", { name: "Quiz me on …, one question at a time" }));
  expect(field).toHaveValue("Explain osmosis like I’m new to it\nQuiz me on …, one question at a time");
  expect(gateway.prompts).toHaveLength(0);
});
