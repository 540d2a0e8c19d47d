import { screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { aConversation, aMessage, anAnswer } from "@/testing/builders";
import { MockGateway } from "@/testing/mock-gateway";
import { composer, renderApp } from "@/testing/render-app";

async function ask(gateway: MockGateway) {
  const page = renderApp();
  await page.user.type(await composer(), "Why?{Enter}");
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  gateway.answer.write("One two ");
  await screen.findByText("One two");
  return page;
}

test("after a cut only what is new is asked for, and nothing is doubled", async () => {
  const gateway = new MockGateway();
  await ask(gateway);
  gateway.answer.cut();
  expect(await screen.findByText(/The line was cut/)).toBeInTheDocument();
  gateway.answer.write("three.");
  expect(await screen.findByText("One two three.")).toBeInTheDocument();
  expect(gateway.follows).toEqual(["1-3"]);
});

test("an answer that another process goes on with is told anew, in place of what was read", async () => {
  const gateway = new MockGateway();
  await ask(gateway);
  gateway.answer.takeOver("One ");
  gateway.answer.write("2 three.");
  expect(await screen.findByText("One 2 three.")).toBeInTheDocument();
  expect(screen.queryByText(/One two/)).not.toBeInTheDocument();
});

test("an answer whose end nobody told is found in the conversation", async () => {
  const gateway = new MockGateway();
  await ask(gateway);
  const { answer } = gateway;
  gateway.answers = [];
  answer.end({ text: "One two three." });
  gateway.answers = [];
  expect(await screen.findByText("One two three.")).toBeInTheDocument();
  expect(await screen.findByRole("button", { name: "Send" })).toBeInTheDocument();
});

test("an answer that is open in too many places rests here until it is wanted", async () => {
  const gateway = new MockGateway();
  const { user } = await ask(gateway);
  gateway.answer.crowdOut();
  expect(await screen.findByText(/open in too many places/)).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Stop" })).toBeInTheDocument();
  gateway.answer.write("three.");
  expect(gateway.follows).toEqual([]);
  await user.click(screen.getByRole("button", { name: "Go on reading" }));
  expect(await screen.findByText("One two three.")).toBeInTheDocument();
  expect(screen.queryByText(/open in too many places/)).not.toBeInTheDocument();
});

test("an answer that was given up is taken up when the network is back", async () => {
  const gateway = new MockGateway();
  await ask(gateway);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  gateway.isDown = true;
  gateway.answer.cut();
  await vi.waitFor(
    async () => {
      await vi.advanceTimersByTimeAsync(20_000);
      expect(screen.getByText(/No connection to Lamla/)).toBeInTheDocument();
    },
    { timeout: 20_000 },
  );
  vi.useRealTimers();
  gateway.isDown = false;
  gateway.answer.write("three.");
  window.dispatchEvent(new Event("online"));
  expect(await screen.findByText("One two three.")).toBeInTheDocument();
  expect(screen.queryByText(/No connection to Lamla/)).not.toBeInTheDocument();
});

test("a tab that is opened out of sight holds no line until it is looked at", async () => {
  const gateway = new MockGateway();
  const stored = aConversation({ messages: [aMessage(), anAnswer()] });
  gateway.conversations = [stored];
  const answer = gateway.askElsewhere({ message: "More?", conversation_id: stored.id });
  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  renderApp(`/c/${stored.id}`);
  await screen.findByText("More?", { selector: "p" });
  expect(gateway.follows).toHaveLength(0);
  hidden.mockReturnValue(false);
  document.dispatchEvent(new Event("visibilitychange"));
  answer.write("Yes.");
  expect(await screen.findByText("Yes.")).toBeInTheDocument();
});
