import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, onTestFinished, test } from "vitest";
import { aConversation, aDocument, aMessage, anAnswer, aPage, aSource, nextId } from "@/testing/builders";
import { MockGateway } from "@/testing/mock-gateway";
import { composer, renderApp } from "@/testing/render-app";
import type { SourcePart } from "@/types/wire";

const panel = async () => within(await screen.findByRole("dialog", { name: "Sources" }));
const marks = () => screen.findAllByRole("button", { name: /^Open passage/ });

/** A conversation whose answer rests on these. */
function answered(text: string, ...sources: SourcePart[]): MockGateway {
  const gateway = new MockGateway();
  const parts = [{ type: "text" as const, text }, ...sources];
  gateway.conversations = [aConversation({ messages: [aMessage(), anAnswer({ text, parts })] })];
  return gateway;
}

function openAnswer(gateway: MockGateway) {
  return renderApp(`/c/${gateway.conversations[0]?.id}`);
}

/** Have the browser say that data is to be spared. */
function spareData(): void {
  Object.defineProperty(navigator, "connection", { value: { saveData: true }, configurable: true });
  onTestFinished(() => void Reflect.deleteProperty(navigator, "connection"));
}

test("a mark in the answer opens its page at the quote, and the pages beside it", async () => {
  const gateway = answered("Oxygen comes from water [1].", aSource());
  gateway.library.pages = [aPage()];
  const { user } = openAnswer(gateway);
  await user.click((await marks())[0] as HTMLElement);
  const sources = await panel();
  expect(sources.getByRole("button", { name: /slides.pdf page 7/ })).toHaveAttribute("aria-current", "true");
  const quote = await sources.findByText("Water is split in the thylakoid membrane.", { selector: "mark" });
  expect(quote).toBeInTheDocument();

  await user.click(sources.getByRole("button", { name: "Next page" }));
  expect(await sources.findByText("Page 8 of 12")).toBeInTheDocument();
  expect(document.querySelector("mark")).toBeNull();
  await user.click(sources.getByRole("button", { name: "Back to the quote" }));
  expect(await sources.findByText("Page 7 of 12")).toBeInTheDocument();
  await user.click(sources.getByRole("button", { name: "Close" }));
  expect(screen.queryByRole("dialog", { name: "Sources" })).not.toBeInTheDocument();
});

test("the pages of a file are all shown the way that was chosen", async () => {
  const gateway = answered("Oxygen comes from water [1].", aSource());
  gateway.library.pages = [
    aPage({ has_image: true }),
    aPage({ number: 8, has_image: true, text: "Page eight." }),
  ];
  const { user } = openAnswer(gateway);
  await user.click((await marks())[0] as HTMLElement);
  const sources = await panel();
  await user.click(await sources.findByRole("tab", { name: "Text" }));
  await user.click(sources.getByRole("button", { name: "Next page" }));
  expect(await sources.findByText("Page eight.")).toBeInTheDocument();
});

test("positions count characters as the gateway does, also beyond the first plane", async () => {
  const gateway = answered("So it is [1].", aSource({ start: 4, end: 9 }));
  gateway.library.pages = [aPage({ text: "🧪🧪🧪 water boils" })];
  const { user } = openAnswer(gateway);
  await user.click((await marks())[0] as HTMLElement);
  expect(await (await panel()).findByText("water", { selector: "mark" })).toBeInTheDocument();
});

test("a page with a picture shows it with the quote marked, can be enlarged, and has its text beside it", async () => {
  const source = aSource();
  const gateway = answered("So it is [1].", source);
  gateway.library.pages = [aPage({ document_id: source.document_id ?? "", has_image: true })];
  const { user } = openAnswer(gateway);
  await user.click((await marks())[0] as HTMLElement);
  const sources = await panel();
  const picture = await sources.findByRole("img", { name: "Page 7 of slides.pdf, with the quote marked" });
  const address = `/api/documents/${source.document_id}/pages/7/image/?start=4&end=45&width=1200`;
  expect(picture).toHaveAttribute("src", address);
  await user.click(sources.getByRole("button", { name: "Larger" }));
  expect(sources.getByText("150%")).toBeInTheDocument();

  await user.click(sources.getByRole("tab", { name: "Text" }));
  expect(sources.getByText(source.quote, { selector: "mark" })).toBeInTheDocument();
  await user.click(sources.getByRole("tab", { name: "Picture" }));
  fireEvent.error(sources.getByRole("img"));
  await user.click(sources.getByRole("button", { name: "Show the text" }));
  expect(sources.getByText(source.quote, { selector: "mark" })).toBeInTheDocument();
});

test("who spares data gets the text first, and the picture when asked for", async () => {
  spareData();
  const gateway = answered("So it is [1].", aSource());
  gateway.library.pages = [aPage({ has_image: true })];
  const { user } = openAnswer(gateway);
  await user.click((await marks())[0] as HTMLElement);
  const sources = await panel();
  expect(await sources.findByText(aSource().quote, { selector: "mark" })).toBeInTheDocument();
  expect(sources.queryByRole("img")).not.toBeInTheDocument();
  await user.click(sources.getByRole("tab", { name: "Picture" }));
  expect(await sources.findByRole("img")).toBeInTheDocument();
});

test("a claim that its page does not bear is marked where it stands, and opens its page without a quote", async () => {
  const place = { n: 1, document_id: nextId() };
  const doubtful = aSource({ ...place, verified: false, quote: "", claim: "Water is green." });
  const gateway = answered("Water is split [1]. Water is green [1].", aSource(place), doubtful);
  gateway.library.pages = [aPage()];
  const { user } = openAnswer(gateway);
  const [first, second] = await marks();
  expect(first).toHaveAccessibleName("Open passage 1");
  expect(second).toHaveAccessibleName("Open passage 1. Not found on that page");
  await user.click(second as HTMLElement);
  const sources = await panel();
  expect(sources.getByText("Water is green.")).toBeInTheDocument();
  expect(await sources.findByText("Page 7 of 12")).toBeInTheDocument();
  expect(document.querySelector("mark")).toBeNull();
});

test("a mark without a passage says that there is none", async () => {
  const missing = aSource({
    n: 9,
    document_id: null,
    filename: "",
    page: 0,
    label: "",
    quote: "",
    verified: false,
  });
  const gateway = answered("So it is [9].", missing);
  const { user } = openAnswer(gateway);
  const [mark] = await marks();
  expect(mark).toHaveAccessibleName("Open passage 9. The answer was given no passage 9");
  await user.click(mark as HTMLElement);
  const sources = await panel();
  expect(sources.getAllByText("The answer was given no passage 9").length).toBeGreaterThan(0);
  expect(sources.queryByRole("button", { name: "Next page" })).not.toBeInTheDocument();
});

test("an answer that marks nothing shows what it was given, and says so", async () => {
  const gateway = answered("So it is.", aSource({ cited: false }), aSource({ n: 2, page: 9, cited: false }));
  const { user } = openAnswer(gateway);
  await user.click(await screen.findByRole("button", { name: "Was given 2 passages" }));
  const sources = await panel();
  expect(sources.getByText("The answer marks no passage. These were given to it.")).toBeInTheDocument();
  await user.click(sources.getByRole("button", { name: /^2/ }));
  expect(await sources.findByText("Page 9 of 12")).toBeInTheDocument();
});

test("marks become buttons when the answer's sources are checked, also of several claims on one passage", async () => {
  const gateway = new MockGateway();
  const { user } = renderApp();
  await user.type(await composer(), "Why?{Enter}");
  await waitFor(() => expect(gateway.answers).toHaveLength(1));
  gateway.answer.write("Water is split [1]. Water is green [1].");
  expect(await screen.findByText(/Water is green \[1\]/)).toBeInTheDocument();
  const { type: _, ...data } = aSource();
  gateway.answer.frame({ type: "data-citation", data: { ...data, source_id: "s" } });
  gateway.answer.frame({ type: "data-citation", data: { ...data, verified: false, source_id: "s" } });
  await waitFor(async () => expect(await marks()).toHaveLength(2));
  expect((await marks())[1]).toHaveAccessibleName("Open passage 1. Not found on that page");
});

test("a page that cannot be had says so, with another try", async () => {
  const gateway = answered("So it is [1].", aSource());
  const { user } = openAnswer(gateway);
  await marks();
  gateway.isDown = true;
  await user.click((await marks())[0] as HTMLElement);
  const sources = await panel();
  expect(await sources.findByRole("alert")).toHaveTextContent("No connection to Lamla.");
  gateway.isDown = false;
  await user.click(sources.getByRole("button", { name: "Retry" }));
  expect(await sources.findByText("Page 7 of 12")).toBeInTheDocument();
});

/** A screen with room for the panel beside the chat. */
function widenScreen(): void {
  const narrow = window.matchMedia;
  window.matchMedia = (media) => Object.assign(narrow(media), { matches: media.startsWith("(min-width") });
  onTestFinished(() => {
    window.matchMedia = narrow;
  });
}

test("beside the chat the panel takes the focus, and gives it back when Esc closes it", async () => {
  widenScreen();
  const gateway = answered("So it is [1].", aSource());
  const { user } = openAnswer(gateway);
  const [mark] = await marks();
  await user.click(mark as HTMLElement);
  const beside = await screen.findByRole("complementary", { name: "Sources" });
  await waitFor(() => expect(within(beside).getByRole("heading", { name: "Sources" })).toHaveFocus());
  await user.tab();
  expect(within(beside).getByRole("button", { name: "Close" })).toHaveFocus();
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("complementary")).not.toBeInTheDocument();
  expect(mark).toHaveFocus();
});

test("a file of a message opens at its first page", async () => {
  const gateway = new MockGateway();
  const document = aDocument();
  gateway.library.documents = [document];
  const { id: document_id, filename, media_type } = document;
  const file = { type: "file" as const, document_id, filename, media_type };
  const question = aMessage({ text: "Why?", parts: [{ type: "text", text: "Why?" }, file] });
  gateway.conversations = [aConversation({ messages: [question, anAnswer()], documents: [document] })];
  const { user } = openAnswer(gateway);
  await user.click(await screen.findByRole("button", { name: "slides.pdf" }));
  const page = within(await screen.findByRole("dialog", { name: "slides.pdf" }));
  expect(await page.findByText("Page 1 of 12")).toBeInTheDocument();
});
