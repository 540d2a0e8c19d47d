import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { DEFAULT_LIMITS } from "@/config/limits";
import { aConversation, aDocument, aMessage, anAnswer, aSource } from "@/testing/builders";
import { aProblem, MockGateway } from "@/testing/mock-gateway";
import { composer, renderApp } from "@/testing/render-app";

function pdf(name = "slides.pdf", sizeBytes = 4): File {
  const file = new File(["%PDF"], name, { type: "application/pdf" });
  return Object.defineProperty(file, "size", { value: sizeBytes });
}

const chosen = () => screen.findByRole("list", { name: "Files to send" });

async function choose(files: File[]) {
  const page = renderApp();
  await screen.findByRole("button", { name: "Add files" });
  const input = document.querySelector<HTMLInputElement>('input[type="file"]');
  if (!input) throw new Error("no file input");
  // The system's dialog filters by kind only as a help; what it lets through is checked.
  fireEvent.change(input, { target: { files } });
  return page;
}

test("a file goes with the question, and what was read of it is shown", async () => {
  const gateway = new MockGateway();
  gateway.documents = [aDocument({ filename: "slides.pdf", notes: ["Pages 4–6 have no text."] })];
  const { user } = await choose([pdf()]);
  expect(await chosen()).toHaveTextContent("slides.pdf");
  await user.type(await composer(), "What is in it?{Enter}");
  await waitFor(() => expect(gateway.prompts[0]).toMatchObject({ message: "What is in it?" }));
  // The simulated upload hands its answer over once it is whole.
  gateway.answer.end({ text: "Light." });
  expect(await screen.findByText("12 pages · 24,310 characters")).toBeInTheDocument();
  expect(screen.getByText("Pages 4–6 have no text.")).toBeInTheDocument();
  expect(screen.queryByRole("list", { name: "Files to send" })).not.toBeInTheDocument();
});

test("files for the next question stay while an older answer is asked again", async () => {
  const gateway = new MockGateway();
  const question = aMessage({ text: "Why?", client_message_id: "key" });
  const failed = anAnswer({
    parent_id: question.id,
    state: "failed",
    error: { code: "x", detail: "Broke off." },
  });
  const stored = aConversation({ messages: [question, failed] });
  gateway.conversations = [stored];
  const { user } = renderApp(`/c/${stored.id}`);
  const retry = await screen.findByRole("button", { name: "Retry" });
  fireEvent.paste(await composer(), { clipboardData: { files: [pdf("next.pdf")] } });
  await user.click(retry);
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  gateway.answer.end({ text: "Because." });
  expect(await screen.findByText("Because.")).toBeInTheDocument();
  expect(await chosen()).toHaveTextContent("next.pdf");
});

test("a refused file says why; text and file stay", async () => {
  const gateway = new MockGateway();
  gateway.refusal = aProblem({
    status: 422,
    code: "document_encrypted",
    detail: "slides.pdf has a password.",
  });
  const { user } = await choose([pdf()]);
  await user.type(await composer(), "What is in it?{Enter}");
  expect(await screen.findByRole("alert")).toHaveTextContent("slides.pdf has a password.");
  expect(await composer()).toHaveValue("What is in it?");
  expect(await chosen()).toHaveTextContent("slides.pdf");
});

test.each([
  ["a kind that cannot be read", [new File(["x"], "virus.exe")], "virus.exe cannot be read."],
  ["an empty file", [pdf("empty.pdf", 0)], "empty.pdf is empty."],
  [
    "a file that is too large",
    [pdf("big.pdf", DEFAULT_LIMITS.upload_max_bytes + 1)],
    "big.pdf is larger than",
  ],
  ["too many files", ["a", "b", "c", "d", "e", "f"].map((name) => pdf(`${name}.pdf`)), "At most 5 files"],
])("%s is refused before it is sent", async (_, files, sentence) => {
  new MockGateway();
  await choose(files);
  expect(await screen.findByRole("alert")).toHaveTextContent(sentence);
});

test("files can be dropped and pasted, and taken back", async () => {
  new MockGateway();
  const { user } = renderApp();
  const field = await composer();
  const transfer = { types: ["Files"], files: [pdf("dropped.pdf")] };
  fireEvent.dragEnter(field, { dataTransfer: transfer });
  fireEvent.drop(field, { dataTransfer: transfer });
  fireEvent.paste(field, { clipboardData: { files: [pdf("pasted.pdf")] } });
  const list = within(await chosen());
  expect(list.getAllByRole("listitem")).toHaveLength(2);
  await user.click(list.getByRole("button", { name: "Remove dropped.pdf" }));
  expect(await chosen()).toHaveTextContent("pasted.pdf");
  expect(await chosen()).not.toHaveTextContent("dropped.pdf");
});

test("a mark in the answer opens its passage, with file, page and quote", async () => {
  const gateway = new MockGateway();
  const source = aSource({ n: 1, filename: "slides.pdf", label: "page 7", quote: "Water is split." });
  const text = "Oxygen comes from water [1].";
  const stored = aConversation({
    messages: [aMessage(), anAnswer({ text, parts: [{ type: "text", text }, source] })],
  });
  gateway.conversations = [stored];
  const { user } = renderApp(`/c/${stored.id}`);
  await user.click(await screen.findByRole("button", { name: "Open passage 1" }));
  const panel = within(await screen.findByRole("dialog", { name: "Passages" }));
  expect(panel.getByText("Water is split.")).toBeInTheDocument();
  expect(panel.getByText("slides.pdf")).toBeInTheDocument();
  expect(panel.getByText("page 7")).toBeInTheDocument();
  await user.click(panel.getByRole("button", { name: "Close" }));
  expect(screen.queryByRole("dialog", { name: "Passages" })).not.toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Rests on 1 passage" })).toBeInTheDocument();
});
