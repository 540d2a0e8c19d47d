import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, onTestFinished, test } from "vitest";
import { DEFAULT_LIMITS } from "@/config/limits";
import { setLanguage } from "@/i18n/language";
import { aConversation, aMessage, anAnswer } from "@/testing/builders";
import { aProblem, MockGateway } from "@/testing/mock-gateway";
import { composer, renderApp } from "@/testing/render-app";

function pdf(name = "slides.pdf", sizeBytes = 4): File {
  const file = new File(["%PDF"], name, { type: "application/pdf" });
  return Object.defineProperty(file, "size", { value: sizeBytes });
}

const chosen = () => screen.findByRole("list", { name: "Files to send" });
const READY = { state: "ready", pages: 16, pages_done: 16, characters: 24_310 } as const;
const REPORT = { read: 12, ocr: 3, empty: 1, failed: 0, cut: 0 };

async function choose(files: File[], path = "/") {
  const page = renderApp(path);
  await screen.findByRole("button", { name: "Add files" });
  const input = document.querySelector<HTMLInputElement>('input[type="file"]');
  if (!input) throw new Error("no file input");
  // The system's dialog filters by kind only as a help; what it lets through is checked.
  fireEvent.change(input, { target: { files } });
  return page;
}

test("a file is sent at once, shows how it is read, and then what was read of it", async () => {
  const gateway = new MockGateway();
  await choose([pdf()]);
  expect(await screen.findByText("Waiting to be read")).toBeInTheDocument();
  await waitFor(() => expect(gateway.live.readers).toBe(1));
  gateway.library.change("slides.pdf", { state: "reading", pages: 16, pages_done: 4 });
  expect(await screen.findByRole("progressbar", { name: "Being read: page 4 of 16" })).toHaveValue(0.25);
  gateway.library.change("slides.pdf", { ...READY, report: REPORT });
  const report = "15 pages read, 3 by OCR, 1 empty";
  expect(await within(await chosen()).findByText(report)).toBeInTheDocument();
  // Who cannot see it is told once, when it is over.
  expect(screen.getByText(`slides.pdf: ${report}`)).toHaveAttribute("role", "status");
  expect(gateway.library.uploads).toHaveLength(1);
});

test("a question may be asked while its file is still read; the answer says that it waits", async () => {
  const gateway = new MockGateway();
  const { user } = await choose([pdf()]);
  await screen.findByText("Waiting to be read");
  await user.type(await composer(), "What is in it?{Enter}");
  await waitFor(() => expect(gateway.prompts).toHaveLength(1));
  const [document] = gateway.library.documents;
  expect(gateway.prompts[0]).toMatchObject({ message: "What is in it?", document_ids: [document?.id] });
  expect(screen.queryByRole("list", { name: "Files to send" })).not.toBeInTheDocument();

  const data = { code: "documents_reading", message: "Reading slides.pdf: 4 of 16 pages." };
  gateway.answer.frame({ type: "data-notice", transient: true, data });
  expect(await screen.findByText(data.message)).toBeInTheDocument();
  gateway.answer.write("Light.");
  expect(await screen.findByText("Light.")).toBeInTheDocument();
  expect(screen.queryByText(data.message)).not.toBeInTheDocument();

  await waitFor(() => expect(gateway.live.readers).toBe(1));
  gateway.library.change("slides.pdf", { ...READY, report: REPORT, notes: ["Page 4 is upside down."] });
  expect(await screen.findByText("15 pages read, 3 by OCR, 1 empty")).toBeInTheDocument();
  expect(screen.getByText("Page 4 is upside down.")).toBeInTheDocument();
});

test("what became of a picture, and of files that were not read in time, stays beside the answer", async () => {
  const gateway = new MockGateway();
  const { user } = renderApp();
  await user.type(await composer(), "What is on it?{Enter}");
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  const told = {
    image_seen: "Shown to the model as a picture: “page.jpg”.",
    image_by_ocr: "“board.png” went to the model as the text that OCR read in it.",
    images_dropped: "Tutor cannot see pictures: it answers without those of this conversation.",
    documents_unfinished: "Some files are still being read.",
  };
  for (const [code, message] of Object.entries(told)) {
    gateway.answer.frame({ type: "data-notice", transient: true, data: { code, message } });
  }
  gateway.answer.write("A leaf.");
  expect(await screen.findByText("A leaf.")).toBeInTheDocument();
  for (const message of Object.values(told)) expect(screen.getByText(message)).toBeInTheDocument();

  await act(() => setLanguage("fr"));
  onTestFinished(async () => void (await setLanguage("en")));
  expect(screen.getByText(/^Montré au modèle comme image : «\spage.jpg\s».$/)).toBeInTheDocument();
  expect(screen.getByText(/^«\sboard.png\s» : le modèle n’a pas vu l’image/)).toBeInTheDocument();
  expect(screen.getByText(/^Ce modèle ne voit pas les images/)).toBeInTheDocument();
  expect(screen.getByText(/^Des fichiers sont encore en cours de lecture/)).toBeInTheDocument();
});

test("a question that is sent while its file is still on its way goes with it, or is taken back", async () => {
  const gateway = new MockGateway();
  let open = () => {};
  gateway.library.gate = new Promise((resolve) => {
    open = resolve;
  });
  const { user } = await choose([pdf()]);
  await chosen();
  await user.type(await composer(), "What is in it?{Enter}");
  expect(await screen.findByText("Your question goes as soon as its files have left.")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Stop" }));
  expect(await composer()).toHaveValue("What is in it?");
  await user.click(screen.getByRole("button", { name: "Send" }));
  await screen.findByRole("button", { name: "Stop" });
  expect(gateway.prompts).toHaveLength(0);
  open();
  await waitFor(() => expect(gateway.prompts).toHaveLength(1));
  expect(gateway.prompts[0]?.document_ids).toHaveLength(1);
});

test("a page whose files have not left yet is not left without a question", async () => {
  const gateway = new MockGateway();
  let open = () => {};
  gateway.library.gate = new Promise((resolve) => {
    open = resolve;
  });
  const leave = () => {
    const event = new Event("beforeunload", { cancelable: true });
    window.dispatchEvent(event);
    return event;
  };
  await choose([pdf()]);
  expect(await chosen()).toHaveTextContent("slides.pdf");
  expect(leave().defaultPrevented).toBe(true);
  open();
  expect(await screen.findByText("Waiting to be read")).toBeInTheDocument();
  expect(leave().defaultPrevented).toBe(false);
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
  await screen.findByText("Waiting to be read");
  await user.click(retry);
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  gateway.answer.end({ text: "Because." });
  expect(await screen.findByText("Because.")).toBeInTheDocument();
  expect(await chosen()).toHaveTextContent("next.pdf");
});

test("a file of which nothing can be read says why, and does not go with the question", async () => {
  const gateway = new MockGateway();
  const { user } = await choose([pdf(), pdf("notes.pdf")]);
  await waitFor(() => expect(gateway.library.documents).toHaveLength(2));
  await waitFor(() => expect(gateway.live.readers).toBe(1));
  const problem = { code: "document_encrypted", detail: "slides.pdf has a password." };
  gateway.library.change("slides.pdf", { state: "failed", problem });
  expect(await screen.findByRole("alert")).toHaveTextContent("slides.pdf has a password.");
  expect(screen.getByText("It does not go with your question.")).toBeInTheDocument();
  await user.type(await composer(), "What is in it?{Enter}");
  await waitFor(() => expect(gateway.prompts).toHaveLength(1));
  const notes = gateway.library.documents.find(({ filename }) => filename === "notes.pdf");
  expect(gateway.prompts[0]?.document_ids).toEqual([notes?.id]);
  await user.click(screen.getByRole("button", { name: "Remove slides.pdf" }));
  expect(screen.queryByRole("list", { name: "Files to send" })).not.toBeInTheDocument();
});

test("a file that does not arrive says why, keeps the question back, and can be sent again", async () => {
  const gateway = new MockGateway();
  gateway.library.refusal = "network";
  const { user } = await choose([pdf()]);
  expect(await screen.findByRole("alert")).toHaveTextContent("The line was cut before it arrived.");
  await user.type(await composer(), "What is in it?{Enter}");
  expect(screen.getByText("A file did not arrive. Send it again, or remove it.")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Send" })).toBeDisabled();

  gateway.library.refusal = null;
  await user.click(screen.getByRole("button", { name: "Send slides.pdf again" }));
  expect(await screen.findByText("Waiting to be read")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Send" })).toBeEnabled();
  expect(gateway.prompts).toHaveLength(0);
});

test("a refusal that stays one is not offered again", async () => {
  const gateway = new MockGateway();
  const detail = "Your files take all of your 500 MB.";
  gateway.library.refusal = aProblem({ status: 413, code: "storage_full", detail });
  await choose([pdf()]);
  expect(await screen.findByRole("alert")).toHaveTextContent(detail);
  expect(screen.queryByRole("button", { name: "Send slides.pdf again" })).not.toBeInTheDocument();
});

test("attached files survive a reload, as the text does", async () => {
  const gateway = new MockGateway();
  const first = await choose([pdf()]);
  await screen.findByText("Waiting to be read");
  first.unmount();
  Object.assign(gateway.library.documents[0] ?? {}, { ...READY, report: REPORT });
  renderApp();
  expect(await chosen()).toHaveTextContent("slides.pdf");
  expect(await screen.findByText("15 pages read, 3 by OCR, 1 empty")).toBeInTheDocument();
});

test.each([
  [
    "a kind that cannot be read",
    [new File(["x"], "film.mp4", { type: "video/mp4" })],
    "film.mp4 cannot be read.",
  ],
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
  await waitFor(() => expect(list.getAllByText("Waiting to be read")).toHaveLength(2));
  await user.click(list.getByRole("button", { name: "Remove dropped.pdf" }));
  expect(await chosen()).toHaveTextContent("pasted.pdf");
  expect(await chosen()).not.toHaveTextContent("dropped.pdf");
});
