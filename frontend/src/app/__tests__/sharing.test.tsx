import { screen, waitFor, within } from "@testing-library/react";
import { expect, onTestFinished, test, vi } from "vitest";
import { aConversation, aGuest, aMessage, anAnswer, nextId } from "@/testing/builders";
import { MockGateway } from "@/testing/mock-gateway";
import { server } from "@/testing/mock-server";
import { renderApp } from "@/testing/render-app";
import type { SharedMessage } from "@/types/wire";

/** A conversation on the page, and its dialog for sharing. */
async function openDialog() {
  const gateway = new MockGateway();
  gateway.user = aGuest();
  const stored = aConversation({ title: "Optics", messages: [aMessage(), anAnswer()] });
  gateway.conversations = [stored];
  const page = renderApp(`/c/${stored.id}`);
  await page.user.click(await screen.findByRole("button", { name: "Actions for this chat" }));
  await page.user.click(await screen.findByRole("menuitem", { name: "Share" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Share this chat" }));
  return { gateway, stored, dialog, ...page };
}

test("a link is made only when it is asked for, is copied, and ends when it is stopped", async () => {
  const { gateway, stored, dialog, user } = await openDialog();
  const make = await dialog.findByRole("button", { name: "Make a link" });
  expect(dialog.getByText(/cannot open your files, nor see who you are/)).toBeInTheDocument();
  expect(gateway.whole.shares.size).toBe(0);

  await user.click(make);
  const address = `${window.location.origin}/s/${gateway.whole.shares.get(stored.id)?.token}`;
  expect(await dialog.findByRole("textbox", { name: "Link" })).toHaveValue(address);
  expect(dialog.getByText(/Shows 2 messages/)).toBeInTheDocument();
  await user.click(dialog.getByRole("button", { name: "Copy link" }));
  expect(await navigator.clipboard.readText()).toBe(address);

  await user.click(dialog.getByRole("button", { name: "Stop sharing" }));
  expect(await dialog.findByRole("button", { name: "Make a link" })).toBeInTheDocument();
  expect(dialog.getByRole("status")).toHaveTextContent("The link no longer works.");
  expect(gateway.whole.shares.size).toBe(0);
});

test("where the system can send a link, that is offered", async () => {
  const share = vi.fn().mockResolvedValue(undefined);
  Object.assign(navigator, { share });
  onTestFinished(() => void Reflect.deleteProperty(navigator, "share"));
  const { dialog, user } = await openDialog();
  await user.click(await dialog.findByRole("button", { name: "Make a link" }));
  await user.click(await dialog.findByRole("button", { name: "Send…" }));
  expect(share).toHaveBeenCalledWith({ title: "Optics", url: expect.stringContaining("/s/token-") });
});

test("the account page lists the links, and ends them", async () => {
  const gateway = new MockGateway();
  gateway.user = aGuest();
  const stored = aConversation({ title: "Optics" });
  gateway.conversations = [stored];
  gateway.whole.shares.set(stored.id, {
    token: "t",
    created_at: "2026-01-02T10:00:00Z",
    updated_at: "2026-01-02T10:00:00Z",
    messages: 4,
  });
  const { user } = renderApp("/account");
  expect(await screen.findByRole("link", { name: "Open the link of Optics" })).toHaveAttribute(
    "href",
    "/s/t",
  );
  await user.click(screen.getByRole("button", { name: "Stop sharing Optics" }));
  expect(await screen.findByText("You share no chat.")).toBeInTheDocument();
});

function aShared(fields: Partial<SharedMessage>): SharedMessage {
  return {
    id: nextId(),
    role: "assistant",
    text: "",
    parts: [],
    state: "complete",
    provider: "",
    model: "",
    created_at: "",
    ...fields,
  };
}

test("a link shows questions, answers and what they rest on, and asks nobody who is there", async () => {
  const gateway = new MockGateway();
  const source = {
    type: "source",
    n: 1,
    filename: "slides.pdf",
    page: 7,
    label: "page 7",
    quote: "Water is split.",
    verified: true,
    cited: true,
  } as const;
  const question = {
    role: "user",
    text: "What is split?",
    parts: [{ type: "file", filename: "slides.pdf" }],
  } as const;
  gateway.whole.shared.set("t", {
    title: "Botany",
    next_cursor: null,
    updated_at: "2026-01-02T10:00:00Z",
    messages: [
      aShared({ ...question, parts: [...question.parts] }),
      aShared({
        text: "**Water** is [1]. So it is said [2].",
        state: "stopped",
        parts: [source, { ...source, n: 2, verified: false, quote: "" }],
      }),
    ],
  });
  const asked = new Set<string>();
  const note = ({ request }: { request: Request }) => void asked.add(new URL(request.url).pathname);
  server.events.on("request:start", note);
  onTestFinished(() => server.events.removeAllListeners());
  renderApp("/s/t");
  expect(await screen.findByRole("heading", { name: "Botany", level: 1 })).toBeInTheDocument();
  expect(screen.getByText("Files: slides.pdf")).toBeInTheDocument();
  expect(screen.getByText("Water", { selector: "strong" })).toBeInTheDocument();
  expect(screen.getByText("This answer was stopped.")).toBeInTheDocument();
  const sources = within(screen.getByRole("region", { name: "Sources" })).getAllByRole("listitem");
  expect(sources[0]).toHaveTextContent("1Water is split.slides.pdf, page 7");
  expect(sources[1]).toHaveTextContent("not found on that page");
  expect(screen.getByRole("link", { name: "Open passage 1" })).toHaveAttribute("href", `#${sources[0]?.id}`);
  expect(document.querySelector('meta[name="robots"]')).toHaveAttribute("content", "noindex");
  expect(screen.queryByRole("textbox")).not.toBeInTheDocument();
  expect(asked).toEqual(new Set(["/api/shared/t/"]));
});

test("a link that leads nowhere says so", async () => {
  new MockGateway();
  renderApp("/s/gone");
  expect(
    await screen.findByRole("heading", { name: "This link does not work any more." }),
  ).toBeInTheDocument();
  await waitFor(() =>
    expect(screen.getByRole("link", { name: "Ask something yourself" })).toHaveAttribute("href", "/"),
  );
});
