import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { aConversation, aCourse, aDocument, aMessage, anAnswer } from "@/testing/builders";
import { MockGateway } from "@/testing/mock-gateway";
import { composer, renderApp } from "@/testing/render-app";

test("a course is made with the day of its exam, changed, and deleted; its files stay", async () => {
  const gateway = new MockGateway();
  gateway.library.documents = [aDocument()];
  const { user } = renderApp("/library");
  await user.click(await screen.findByRole("button", { name: "New course" }));
  const dialog = within(await screen.findByRole("dialog", { name: "New course" }));
  await user.type(dialog.getByLabelText("Name"), "Botany");
  await user.type(dialog.getByLabelText("Day of the exam (optional)"), "2020-05-12");
  await user.click(dialog.getByRole("button", { name: "Create" }));
  const course = within(await screen.findByRole("region", { name: "Botany" }));
  expect(course.getByText("Exam on May 12, 2020 · 0 files · 0 conversations")).toBeInTheDocument();
  expect(await screen.findByText("There is nothing in this course yet.")).toBeInTheDocument();

  await user.click(course.getByRole("button", { name: "Actions for Botany" }));
  await user.click(await screen.findByRole("menuitem", { name: "Change the course" }));
  const change = within(await screen.findByRole("dialog", { name: "Change the course" }));
  await user.clear(change.getByLabelText("Name"));
  await user.type(change.getByLabelText("Name"), "Plants");
  await user.click(change.getByRole("button", { name: "Save" }));
  expect(await screen.findByRole("button", { name: "Plants" })).toHaveAttribute("aria-pressed", "true");

  await user.click(screen.getByRole("button", { name: "Actions for Plants" }));
  await user.click(await screen.findByRole("menuitem", { name: "Delete" }));
  const question = within(await screen.findByRole("alertdialog", { name: "Delete this course?" }));
  await user.click(question.getByRole("button", { name: "Delete" }));
  expect(await screen.findByRole("button", { name: "slides.pdf" })).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Plants" })).not.toBeInTheDocument();
});

test("files that are added while a course is open belong to it", async () => {
  const gateway = new MockGateway();
  const course = aCourse();
  gateway.library.courses = [course];
  const { user } = renderApp("/library");
  await user.click(await screen.findByRole("button", { name: "Botany" }));
  const input = document.querySelector<HTMLInputElement>('input[type="file"]');
  await user.upload(input as HTMLInputElement, new File(["%PDF"], "slides.pdf", { type: "application/pdf" }));
  await waitFor(() => expect(gateway.library.documents[0]).toMatchObject({ course_id: course.id }));
});

test("a new chat asks within the course that is chosen for it", async () => {
  const gateway = new MockGateway();
  const course = aCourse();
  gateway.library.courses = [course];
  const { user } = renderApp();
  await user.click(await screen.findByRole("button", { name: "Choose a course" }));
  await user.click(await screen.findByRole("menuitemradio", { name: "Botany" }));
  expect(await screen.findByRole("button", { name: "Asks within Botany" })).toBeInTheDocument();
  await user.type(await composer(), "Why?{Enter}");
  await waitFor(() => expect(gateway.prompts[0]).toMatchObject({ course_id: course.id }));
  gateway.answer.end({ text: "Because." });
  expect(await screen.findByRole("button", { name: "Asks within Botany" })).toBeInTheDocument();
  // The course is the conversation's from now on: it is not said again.
  await user.type(await composer(), "And?{Enter}");
  await waitFor(() => expect(gateway.prompts).toHaveLength(2));
  expect(gateway.prompts[1]).not.toHaveProperty("course_id");
});

test("a conversation is moved to a course, and the list shows those of one course", async () => {
  const gateway = new MockGateway();
  gateway.library.courses = [aCourse()];
  const messages = [aMessage(), anAnswer()];
  gateway.conversations = [aConversation({ title: "Leaves", messages }), aConversation({ title: "Stars" })];
  const { user } = renderApp(`/c/${gateway.conversations[0]?.id}`);
  await user.click(await screen.findByRole("button", { name: "Choose a course" }));
  await user.click(await screen.findByRole("menuitemradio", { name: "Botany" }));
  expect(await screen.findByRole("button", { name: "Asks within Botany" })).toBeInTheDocument();

  await user.click(screen.getByRole("button", { name: "Conversations of: All courses" }));
  await user.click(await screen.findByRole("menuitemradio", { name: "Botany" }));
  await waitFor(() => expect(screen.queryByRole("link", { name: "Stars" })).not.toBeInTheDocument());
  expect(screen.getByRole("link", { name: "Leaves" })).toBeInTheDocument();
  const newChat = screen.getByRole("link", { name: "New chat" });
  expect(newChat).toHaveAttribute("href", `/?course=${gateway.library.courses[0]?.id}`);
});
