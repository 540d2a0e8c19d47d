import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { aCourse, aDocument, aGuest, aPage } from "@/testing/builders";
import { MockGateway } from "@/testing/mock-gateway";
import { composer, renderApp } from "@/testing/render-app";
import type { StudyDocument } from "@/types/wire";

const files = () => screen.findByRole("list", { name: "Files" });
const searchField = () => screen.findByRole("searchbox", { name: "Search your files" });

function gatewayWith(...documents: Partial<StudyDocument>[]): MockGateway {
  const gateway = new MockGateway();
  gateway.user = aGuest();
  gateway.library.documents = documents.map((fields) => aDocument(fields));
  return gateway;
}

async function choose(user: ReturnType<typeof renderApp>["user"], filename: string, action: string) {
  await user.click(await screen.findByRole("button", { name: `Actions for ${filename}` }));
  await user.click(await screen.findByRole("menuitem", { name: action }));
}

test("an empty library says what it is for", async () => {
  new MockGateway();
  renderApp("/library");
  expect(await screen.findByText("Your slides, notes and papers belong here.")).toBeInTheDocument();
  expect(document.title).toBe("Library – Lamla");
});

test("each file says what it is and what was read of it; the space that is used stands above", async () => {
  const gateway = gatewayWith({
    report: { read: 10, ocr: 2, empty: 1, failed: 1, cut: 0 },
    notes: ["Page 4 is damaged."],
    fits_whole: false,
    meaning_percent: 40,
  });
  gateway.library.space = { used_bytes: 5 * 1024 ** 2, limit_bytes: 500 * 1024 ** 2 };
  const { user } = renderApp("/library");
  const list = within(await files());
  expect(list.getByText("PDF · 1.2 MB · Jan 2, 2026")).toBeInTheDocument();
  expect(list.getByText("12 pages read, 2 by OCR, 1 empty, 1 damaged")).toBeInTheDocument();
  await user.click(list.getByText("1 note"));
  expect(list.getByText("Page 4 is damaged.")).toBeVisible();
  expect(list.getByText("Language: English")).toBeVisible();
  expect(list.getByText("Found by its words; by its meaning, 40 % of it so far.")).toBeVisible();
  expect(screen.getByRole("progressbar", { name: "5 MB of 500 MB used" })).toBeInTheDocument();
});

test("a dropped file is sent, and its row follows how it is read without being asked", async () => {
  const gateway = gatewayWith();
  renderApp("/library");
  const place = await screen.findByText("Your slides, notes and papers belong here.");
  await waitFor(() => expect(gateway.live.readers).toBe(1));
  const dropped = [new File(["%PDF"], "slides.pdf"), new File(["x"], "film.mp4", { type: "video/mp4" })];
  fireEvent.drop(place, { dataTransfer: { types: ["Files"], files: dropped } });
  expect(await screen.findByRole("alert")).toHaveTextContent("film.mp4 cannot be read.");
  expect(await within(await files()).findByText("Waiting to be read")).toBeInTheDocument();
  gateway.library.change("slides.pdf", { state: "reading", pages: 3, pages_done: 1 });
  expect(await screen.findByText("Being read: page 1 of 3")).toBeInTheDocument();
  const problem = { code: "document_broken", detail: "slides.pdf is damaged." };
  gateway.library.change("slides.pdf", { state: "failed", problem });
  expect(await screen.findByText("slides.pdf is damaged.")).toBeInTheDocument();
});

test("what happens to files while the live feed is away is fetched when it is back", async () => {
  const gateway = gatewayWith({ state: "reading", pages: 3, pages_done: 1 });
  renderApp("/library");
  await screen.findByText("Being read: page 1 of 3");
  await waitFor(() => expect(gateway.live.readers).toBe(1));
  gateway.live.cut();
  Object.assign(gateway.library.documents[0] ?? {}, { state: "ready" });
  expect(await screen.findByText("12 pages read")).toBeInTheDocument();
});

test("a file is renamed, moved to a course, and deleted after a question", async () => {
  const gateway = gatewayWith({});
  gateway.library.courses = [aCourse({ name: "Botany" })];
  const { user } = renderApp("/library");
  await choose(user, "slides.pdf", "Rename");
  const field = await screen.findByRole("textbox", { name: "Name" });
  await user.clear(field);
  await user.type(field, "leaves.pdf{Enter}");
  expect(await screen.findByRole("button", { name: "leaves.pdf" })).toBeInTheDocument();

  await user.click(screen.getByRole("button", { name: "Actions for leaves.pdf" }));
  await user.click(await screen.findByRole("menuitemradio", { name: "Botany" }));
  expect(await screen.findByText("PDF · 1.2 MB · Botany · Jan 2, 2026")).toBeInTheDocument();

  await choose(user, "leaves.pdf", "Delete");
  const dialog = within(await screen.findByRole("alertdialog", { name: "Delete this file?" }));
  await user.click(dialog.getByRole("button", { name: "Delete" }));
  expect(await screen.findByText("Your slides, notes and papers belong here.")).toBeInTheDocument();
});

test("a search finds names, and places in files that open their page at the words", async () => {
  const gateway = gatewayWith({ filename: "water.pdf" }, { filename: "slides.pdf" });
  const [water] = gateway.library.documents;
  gateway.library.hits = [
    {
      document_id: water?.id ?? "",
      filename: "water.pdf",
      page: 7,
      label: "page 7",
      start: 4,
      end: 9,
      text: "So: Water is split",
      marks: [[4, 9]],
    },
  ];
  gateway.library.pages = [aPage({ filename: "water.pdf" })];
  const { user } = renderApp("/library");
  await files();
  await user.type(await searchField(), "water");
  const hit = await screen.findByRole("button", { name: /water.pdf page 7/ });
  expect(within(hit).getByText("Water", { selector: "mark" })).toBeInTheDocument();
  expect(within(await files()).queryByText("slides.pdf")).not.toBeInTheDocument();
  expect(await screen.findByText("1 place found")).toBeInTheDocument();

  await user.click(hit);
  const page = within(await screen.findByRole("dialog", { name: "water.pdf" }));
  expect(await page.findByText("Water", { selector: "mark" })).toBeInTheDocument();
  await user.click(page.getByRole("button", { name: "Close" }));
  gateway.library.hits = [];
  await user.type(await searchField(), "melon");
  expect(await screen.findByText("“watermelon” stands in none of your files.")).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Clear the search" }));
  expect(await screen.findByRole("button", { name: "slides.pdf" })).toBeInTheDocument();
});

test("a chat about a file begins with it attached, in its course", async () => {
  const gateway = gatewayWith({});
  const course = aCourse();
  gateway.library.courses = [course];
  Object.assign(gateway.library.documents[0] ?? {}, { course_id: course.id });
  const { user } = renderApp("/library");
  await user.click(await screen.findByRole("button", { name: "Ask about slides.pdf" }));
  expect(await screen.findByRole("list", { name: "Files to send" })).toHaveTextContent("slides.pdf");
  await user.type(await composer(), "Why?{Enter}");
  await waitFor(() => expect(gateway.prompts).toHaveLength(1));
  const ids = [gateway.library.documents[0]?.id];
  expect(gateway.prompts[0]).toMatchObject({ document_ids: ids, course_id: course.id });
});

test("a library that cannot be loaded says so, with another try", async () => {
  const gateway = gatewayWith({});
  gateway.isDown = true;
  const { user } = renderApp("/library");
  const failed = await screen.findByText(/Your files could not be loaded/);
  gateway.isDown = false;
  const notice = failed.closest('[role="alert"]');
  await user.click(within(notice as HTMLElement).getByRole("button", { name: "Retry" }));
  expect(await files()).toHaveTextContent("slides.pdf");
});

test("of many names that match a few come first, so that what stands in the files is near", async () => {
  const names = ["a", "b", "c", "d", "e"].map((letter) => `water ${letter}.pdf`);
  gatewayWith(...names.map((filename) => ({ filename })));
  const { user } = renderApp("/library");
  await files();
  await user.type(await searchField(), "water");
  const showAll = await screen.findByRole("button", { name: "Show all names that match" });
  expect(within(await files()).getAllByRole("listitem")).toHaveLength(3);
  await user.click(showAll);
  expect(within(await files()).getAllByRole("listitem")).toHaveLength(5);
});
