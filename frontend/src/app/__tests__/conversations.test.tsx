import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { aConversation } from "@/testing/builders";
import { MockGateway } from "@/testing/mock-gateway";
import { renderApp } from "@/testing/render-app";

function gatewayWith(...titles: string[]): MockGateway {
  const gateway = new MockGateway();
  gateway.conversations = titles.map((title) => aConversation({ title }));
  return gateway;
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
  expect(await screen.findByRole("link", { name: "Light" })).toBeInTheDocument();
  expect(gateway.conversations[0]?.title).toBe("Light");
});

test("Esc leaves the title as it was", async () => {
  const gateway = gatewayWith("Optics");
  const { user } = renderApp(`/c/${gateway.conversations[0]?.id}`);
  await user.click(await screen.findByRole("button", { name: "Rename: Optics" }));
  await user.type(await screen.findByRole("textbox", { name: "Title" }), "Something else{Escape}");
  expect(await screen.findByRole("button", { name: "Rename: Optics" })).toBeInTheDocument();
  expect(gateway.conversations[0]?.title).toBe("Optics");
});

test("deleting asks first, and leads away from what is gone", async () => {
  const gateway = gatewayWith("Optics", "Botany");
  const { user } = renderApp(`/c/${gateway.conversations[0]?.id}`);
  const remove = async () => {
    await user.click(await screen.findByRole("button", { name: "Actions for Optics" }));
    await user.click(await screen.findByRole("menuitem", { name: "Delete" }));
    return within(await screen.findByRole("alertdialog", { name: "Delete this conversation?" }));
  };
  await user.click((await remove()).getByRole("button", { name: "Cancel" }));
  expect(gateway.conversations).toHaveLength(2);

  await user.click((await remove()).getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(screen.queryByRole("link", { name: "Optics" })).not.toBeInTheDocument());
  expect(window.location.pathname).toBe("/");
  expect(screen.getByRole("link", { name: "Botany" })).toBeInTheDocument();
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
