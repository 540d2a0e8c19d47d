import { screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import { MockGateway } from "@/testing/mock-gateway";
import { composer, renderApp } from "@/testing/render-app";

/** How often messages were drawn, by their text. */
const { drawn } = vi.hoisted(() => ({ drawn: new Map<string, number>() }));

vi.mock("@/features/chat/components/user-message", async (importOriginal) => {
  const { UserMessage } = await importOriginal<typeof import("@/features/chat/components/user-message")>();
  return {
    UserMessage: (props: Parameters<typeof UserMessage>[0]) => {
      const { text } = props.message;
      drawn.set(text, (drawn.get(text) ?? 0) + 1);
      return <UserMessage {...props} />;
    },
  };
});

beforeEach(() => drawn.clear());

test("neither typing nor the words of an answer draw another message again", async () => {
  const gateway = new MockGateway();
  const { user } = renderApp();
  await user.type(await composer(), "What is light?{Enter}");
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  gateway.answer.write("Light");
  expect(await screen.findByText("Light")).toBeInTheDocument();
  const before = drawn.get("What is light?");
  expect(before).toBeGreaterThan(0);

  await user.type(await composer(), "And what is sound?");
  for (const word of [" is", " a", " wave"]) gateway.answer.write(word);
  expect(await screen.findByText("Light is a wave")).toBeInTheDocument();
  expect(drawn.get("What is light?")).toBe(before);
});
