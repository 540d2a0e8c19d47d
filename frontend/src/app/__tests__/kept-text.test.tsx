import { act, screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, onTestFinished, test, vi } from "vitest";
import { STORAGE } from "@/config/storage-keys";
import { forgetStored } from "@/lib/storage";
import { aConversation, aMessage, anAnswer, aUser } from "@/testing/builders";
import { aProblem, MockGateway } from "@/testing/mock-gateway";
import { server } from "@/testing/mock-server";
import { composer, renderApp } from "@/testing/render-app";

function gatewayWithConversation(): { gateway: MockGateway; path: string } {
  const gateway = new MockGateway();
  gateway.user = aUser();
  const messages = [
    aMessage({ text: "What is light?", client_message_id: "k" }),
    anAnswer({ text: "A wave." }),
  ];
  const stored = aConversation({ title: "Optics", messages });
  gateway.conversations = [stored];
  return { gateway, path: `/c/${stored.id}` };
}

test("whose session has ended keeps the text, is led to the login, and finds it there again", async () => {
  const { gateway, path } = gatewayWithConversation();
  const { user, unmount } = renderApp(path);
  await screen.findByText("A wave.");
  // Somewhere else the session ends; the conversation is nobody's any more.
  const ada = gateway.user;
  gateway.user = null;
  gateway.refusal = aProblem({ status: 404, code: "conversation_not_found", detail: "It does not exist." });
  await user.type(await composer(), "And sound?{Enter}");
  expect(await screen.findByText(/You are not logged in any more. Your text stays here/)).toBeInTheDocument();
  expect(await composer()).toHaveValue("And sound?");
  await user.click(within(screen.getByRole("main")).getByRole("button", { name: "Log in" }));
  expect(window.location.pathname + window.location.search).toBe(
    `/account/login?next=${encodeURIComponent(path)}`,
  );
  unmount();

  gateway.user = ada;
  gateway.refusal = null;
  const again = renderApp(path);
  expect(await composer()).toHaveValue("And sound?");
  await again.user.click(screen.getByRole("button", { name: "Send" }));
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
});

test("another account does not find what was typed by the one before", async () => {
  const { gateway, path } = gatewayWithConversation();
  const first = renderApp("/");
  await first.user.type(await composer(), "My secret");
  first.unmount();
  gateway.user = aUser();
  renderApp(path);
  await screen.findByText("A wave.");
  expect(localStorage.getItem("lamla.draft.new")).toBeNull();
});

test("a page on which somebody else turns out to be here shows nothing of the one before", async () => {
  const { gateway, path } = gatewayWithConversation();
  const { user } = renderApp(path);
  await screen.findByText("A wave.");
  // Their session has ended, and in another window somebody else has logged in.
  gateway.user = aUser();
  gateway.conversations = [];
  gateway.refusal = aProblem({ status: 404, code: "conversation_not_found", detail: "It does not exist." });
  await user.type(await composer(), "My secret{Enter}");
  expect(await screen.findByText(/This conversation does not exist/)).toBeInTheDocument();
  expect(screen.queryByText("A wave.")).not.toBeInTheDocument();
  expect(screen.queryByDisplayValue("My secret")).not.toBeInTheDocument();
});

test("what a browser without room has in mind of somebody is forgotten with the rest", async () => {
  const { path } = gatewayWithConversation();
  const full = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  onTestFinished(() => full.mockRestore());
  const { user } = renderApp(path);
  await user.type(await composer(), "My secret");
  act(() => forgetStored(STORAGE.drafts));
  expect(await composer()).toHaveValue("");
});

test("what is typed in one tab is there in the other, before either sends it", async () => {
  const { path } = gatewayWithConversation();
  renderApp(path);
  const field = await composer();
  const key = `lamla.draft.${path.slice(3)}`;
  localStorage.setItem(key, JSON.stringify({ text: "From the other tab", attempt: null }));
  act(() => void window.dispatchEvent(new StorageEvent("storage", { key })));
  expect(field).toHaveValue("From the other tab");
});

test("a browser that has no room left says so, and asks before the page is closed", async () => {
  const { path } = gatewayWithConversation();
  const { user } = renderApp(path);
  const field = await composer();
  const full = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  onTestFinished(() => full.mockRestore());
  await user.type(field, "And sound?");
  expect(await screen.findByText(/This browser has no room left/)).toBeInTheDocument();
  const leaving = new Event("beforeunload", { cancelable: true });
  window.dispatchEvent(leaving);
  expect(leaving.defaultPrevented).toBe(true);

  full.mockRestore();
  await user.type(field, "!");
  expect(screen.queryByText(/This browser has no room left/)).not.toBeInTheDocument();
});

test("a question that is half put another way is there again after a reload, until it is sent or given up", async () => {
  const { gateway, path } = gatewayWithConversation();
  const first = renderApp(path);
  const field = () => screen.findByRole("textbox", { name: "Your message, another way" });
  await first.user.click(await screen.findByRole("button", { name: "Edit your message" }));
  await first.user.type(await field(), " Quickly, please.");
  first.unmount();

  const { user, unmount } = renderApp(path);
  expect(await field()).toHaveValue("What is light? Quickly, please.");
  await user.click(screen.getByRole("button", { name: "Ask again" }));
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  gateway.answer.end({ text: "A fast wave." });
  await screen.findByText("A fast wave.");
  await waitFor(() => expect(localStorage.getItem("lamla.draft.edit.k")).toBeNull());
  await user.click(await screen.findByRole("button", { name: "Edit your message" }));
  await user.type(await field(), "!");
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  unmount();
  renderApp(path);
  expect(await screen.findByRole("button", { name: "Edit your message" })).toBeInTheDocument();
});

test("a page that may be somebody's offers the login instead of saying that it is nothing", async () => {
  const gateway = new MockGateway();
  server.use(
    http.get("/api/conversations/:id/", () => HttpResponse.json(aProblem({ status: 404 }), { status: 404 })),
  );
  const { user } = renderApp("/c/00000000-0000-7000-8000-00000000abcd");
  await screen.findByText(/you have to log in to see it/);
  await user.click(within(screen.getByRole("main")).getByRole("button", { name: "Log in" }));
  expect(window.location.pathname).toBe("/account/login");
  expect(gateway.prompts).toHaveLength(0);
});
