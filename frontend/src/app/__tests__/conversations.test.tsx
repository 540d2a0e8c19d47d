import { screen, waitFor, within } from "@testing-library/react";
import type { UserEvent } from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { aConversation, aGuest, aMessage } from "@/testing/builders";
import { aProblem, MockGateway } from "@/testing/mock-gateway";
import { server } from "@/testing/mock-server";
import { renderApp } from "@/testing/render-app";

function gatewayWith(...titles: string[]): MockGateway {
  const gateway = new MockGateway();
  gateway.conversations = titles.map((title) => aConversation({ title }));
  return gateway;
}

/** Choose an item of a conversation's menu in the list. */
async function act(user: UserEvent, title: string, item: string): Promise<void> {
  await user.click(await screen.findByRole("button", { name: `Actions for ${title}` }));
  await user.click(await screen.findByRole("menuitem", { name: item }));
}

test("the list marks what is being answered", async () => {
  const gateway = gatewayWith("Optics");
  gateway.conversations = gateway.conversations.map((item) => ({ ...item, running: true }));
  renderApp();
  expect(await screen.findByRole("link", { name: /Optics.*Answer being written/ })).toBeInTheDocument();
});

test("a conversation can be renamed from the list", async () => {
  const gateway = gatewayWith("Optics");
  const { user } = renderApp();
  await user.click(await screen.findByRole("button", { name: "Actions for Optics" }));
  await user.click(await screen.findByRole("menuitem", { name: "Rename" }));
  const field = await screen.findByRole("textbox", { name: "Title" });
  await user.clear(field);
  await user.type(field, "Light{Enter}");
  expect(await screen.findByRole("link", { name: "Light" })).toHaveFocus();
  expect(gateway.conversations[0]?.title).toBe("Light");
});

test("Esc leaves the title as it was", async () => {
  const gateway = gatewayWith("Optics");
  const { user } = renderApp(`/c/${gateway.conversations[0]?.id}`);
  await user.click(await screen.findByRole("button", { name: "Rename: Optics" }));
  await user.type(await screen.findByRole("textbox", { name: "Title" }), "Something else{Escape}");
  expect(await screen.findByRole("button", { name: "Rename: Optics" })).toHaveFocus();
  expect(gateway.conversations[0]?.title).toBe("Optics");
});

test("deleting asks nothing, leads away from what is gone, and can be undone", async () => {
  const gateway = gatewayWith("Optics", "Botany");
  const address = `/c/${gateway.conversations[0]?.id}`;
  const { user } = renderApp(address);
  await act(user, "Optics", "Delete");
  await waitFor(() => expect(screen.queryByRole("link", { name: "Optics" })).not.toBeInTheDocument());
  expect(window.location.pathname).toBe("/");
  expect(screen.getByRole("link", { name: "Botany" })).toBeInTheDocument();

  await user.click(await screen.findByRole("button", { name: "Undo" }));
  expect(await screen.findByRole("link", { name: "Optics" })).toBeInTheDocument();
  await waitFor(() => expect(window.location.pathname).toBe(address));
  expect(screen.queryByText("Deleted.")).not.toBeInTheDocument();
});

test("what was typed in a deleted conversation is there again when it is back, and else forgotten", async () => {
  const gateway = gatewayWith("Optics", "Botany");
  const [optics, botany] = gateway.conversations.map(({ id }) => id);
  localStorage.setItem(`lamla.draft.${optics}`, JSON.stringify({ text: "And heat?", attempt: null }));
  localStorage.setItem(`lamla.draft.${botany}`, JSON.stringify({ text: "And moss?", attempt: null }));
  const { user } = renderApp(`/c/${optics}`);
  await act(user, "Optics", "Delete");
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  expect(await screen.findByDisplayValue("And heat?")).toBeInTheDocument();
  await act(user, "Botany", "Delete");
  await screen.findByText("Deleted.");
  await user.click(screen.getByRole("button", { name: "Close" }));
  await waitFor(() => expect(localStorage.getItem(`lamla.draft.${botany}`)).toBeNull());
});

test("a deleted conversation is not shown to whoever goes back to its address", async () => {
  const gateway = gatewayWith("Optics");
  gateway.conversations[0]?.messages.push(aMessage({ text: "What is light?" }));
  const address = `/c/${gateway.conversations[0]?.id}`;
  const { user } = renderApp(address);
  await screen.findByText("What is light?");
  await act(user, "Optics", "Delete");
  await waitFor(() => expect(gateway.whole.deleted).toHaveLength(1));
  window.history.pushState(null, "", address);
  expect(await screen.findByText(/This conversation does not exist/)).toBeInTheDocument();
  expect(screen.queryByText("What is light?")).not.toBeInTheDocument();
});

test("what the server did not do is taken back, with a sentence", async () => {
  const gateway = gatewayWith("Optics");
  const address = `/c/${gateway.conversations[0]?.id}`;
  const { user } = renderApp(address);
  await screen.findByRole("link", { name: "Optics" });
  server.use(
    http.delete("/api/conversations/:id/", () => HttpResponse.json(aProblem(), { status: 503 })),
    http.patch("/api/conversations/:id/", () => HttpResponse.json(aProblem(), { status: 503 })),
  );
  await act(user, "Optics", "Delete");
  expect(await screen.findByText("It was not deleted. Please try again.")).toBeInTheDocument();
  expect(await screen.findByRole("link", { name: "Optics" })).toBeInTheDocument();
  await waitFor(() => expect(window.location.pathname).toBe(address));
  await act(user, "Optics", "Pin");
  expect(await screen.findByText("It was not changed. Please try again.")).toBeInTheDocument();
  expect(screen.queryByRole("heading", { name: "Pinned" })).not.toBeInTheDocument();
});

test("a change that fails takes back itself, and nothing that was changed meanwhile", async () => {
  gatewayWith("Optics");
  let fail = () => {};
  const onItsWay = new Promise<void>((resolve) => {
    fail = resolve;
  });
  server.use(
    http.patch("/api/conversations/:id/", async ({ request }) => {
      if (!("pinned" in ((await request.clone().json()) as object))) return undefined;
      await onItsWay;
      server.use(http.get("/api/conversations/", () => HttpResponse.json(aProblem(), { status: 503 })));
      return HttpResponse.json(aProblem(), { status: 503 });
    }),
  );
  const { user } = renderApp();
  await act(user, "Optics", "Pin");
  await act(user, "Optics", "Rename");
  const field = await screen.findByRole("textbox", { name: "Title" });
  await user.clear(field);
  await user.type(field, "Light{Enter}");
  await screen.findByRole("link", { name: "Light" });
  fail();
  await screen.findByText("It was not changed. Please try again.");
  expect(screen.getByRole("link", { name: "Light" })).toBeInTheDocument();
  expect(screen.queryByRole("heading", { name: "Pinned" })).not.toBeInTheDocument();
});

test("what is pinned stands first, by whichever menu, and stays there when it is asked something", async () => {
  const gateway = gatewayWith("Optics", "Botany");
  gateway.user = aGuest();
  const { user } = renderApp(`/c/${gateway.conversations[1]?.id}`);
  await act(user, "Optics", "Pin");
  const pinned = within(await screen.findByRole("region", { name: "Pinned" }));
  expect(pinned.getByRole("link", { name: "Optics" })).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Actions for this chat" }));
  await user.click(await screen.findByRole("menuitem", { name: "Pin" }));
  expect(await pinned.findByRole("link", { name: "Botany" })).toBeInTheDocument();
  expect(gateway.conversations.every((each) => each.pinned)).toBe(true);

  await user.type(await screen.findByRole("textbox", { name: "Message" }), "More?{Enter}");
  await waitFor(() => expect(pinned.getAllByRole("link")[0]).toHaveTextContent("Botany"));
  expect(screen.getAllByRole("link", { name: /Botany/ })).toHaveLength(1);
});

test("what is archived leaves the list, is found among the archived, and comes back", async () => {
  gatewayWith("Optics", "Botany");
  const { user } = renderApp();
  await act(user, "Optics", "Archive");
  await waitFor(() => expect(screen.queryByRole("link", { name: "Optics" })).not.toBeInTheDocument());
  await user.click(screen.getByRole("button", { name: "Archived chats" }));
  expect(await screen.findByRole("link", { name: "Optics" })).toBeInTheDocument();
  expect(screen.queryByRole("link", { name: "Botany" })).not.toBeInTheDocument();
  await act(user, "Optics", "Bring back");
  expect(await screen.findByText("Chats that you archive are kept here.")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Back to all chats" }));
  expect(await screen.findByRole("button", { name: "Archived chats" })).toHaveFocus();
  expect(await screen.findByRole("link", { name: "Optics" })).toBeInTheDocument();
});

test("a search shows titles and places with the words marked, and leads to the message", async () => {
  const gateway = gatewayWith("Optics");
  const question = aMessage({ text: "What is light?" });
  const archived = aConversation({ title: "Waves", archived: true, messages: [question] });
  gateway.conversations.push(archived);
  const { user } = renderApp();
  const field = await screen.findByRole("searchbox", { name: "Search your chats" });
  await user.type(field, "light");
  const results = within(await screen.findByRole("region", { name: "Chats that were found" }));
  expect(await results.findByText("light", { selector: "mark" })).toBeInTheDocument();
  expect(results.getByRole("link", { name: "Waves Archived" })).toBeInTheDocument();
  const hit = results.getByRole("link", { name: "You What is light?" });
  expect(hit).toHaveAttribute("href", `/c/${archived.id}?m=${question.id}`);
  // It is there before it speaks, so that it is heard.
  const status = results.getByRole("status");
  expect(status).toHaveTextContent("1 chat found");
  // One request for the word, none for its letters.
  expect(gateway.whole.searches).toEqual(["light"]);

  await user.type(field, "er");
  expect(await screen.findByText("“lighter” stands in none of your chats.")).toBe(status);
  await user.keyboard("{Escape}");
  expect(await screen.findByRole("link", { name: "Optics" })).toBeInTheDocument();
  expect(field).toHaveValue("");
});

test("a conversation is exported from its menu", async () => {
  const gateway = gatewayWith("Optics");
  const { user } = renderApp();
  await user.click(await screen.findByRole("button", { name: "Actions for Optics" }));
  const item = await screen.findByRole("menuitem", { name: "Export" });
  expect(item).toHaveAttribute("href", `/api/conversations/${gateway.conversations[0]?.id}/export/`);
  expect(item).toHaveAttribute("download");
});

test("language and theme are chosen in the settings and kept", async () => {
  gatewayWith();
  const { user } = renderApp();
  await user.click(await screen.findByRole("button", { name: "Settings" }));
  await user.click(await screen.findByRole("menuitemradio", { name: "Dark" }));
  expect(document.documentElement.dataset.theme).toBe("dark");
  await user.click(await screen.findByRole("button", { name: "Settings" }));
  await user.click(await screen.findByRole("menuitemradio", { name: "Français" }));
  expect(await screen.findByText("Qu’étudiez-vous ?")).toBeInTheDocument();
  expect(document.documentElement.lang).toBe("fr");
  expect([localStorage.getItem("lamla.theme"), localStorage.getItem("lamla.language")]).toEqual([
    "dark",
    "fr",
  ]);

  await user.click(screen.getByRole("button", { name: "Réglages" }));
  await user.click(await screen.findByRole("menuitemradio", { name: "English" }));
});
