import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { aConversation, aMessage, anAnswer } from "@/testing/builders";
import { aProblem, MockGateway } from "@/testing/mock-gateway";
import { server } from "@/testing/mock-server";
import { renderApp } from "@/testing/render-app";
import type { Feedback } from "@/types/wire";

interface Said {
  rating: Feedback["rating"] | null;
  reason?: Feedback["reason"];
  comment?: string;
}

/** An answer on the page, and all that was said of it; the gateway keeps the last. */
async function openAnswer() {
  const gateway = new MockGateway();
  const stored = aConversation({
    messages: [aMessage({ text: "What is light?" }), anAnswer({ text: "A wave." })],
  });
  gateway.conversations = [stored];
  const said: Said[] = [];
  server.use(
    http.post("/api/messages/:id/feedback/", async ({ params, request }) => {
      const body = (await request.json()) as Said;
      said.push(body);
      const message = stored.messages.find(({ id }) => id === params.id);
      if (!message) return new HttpResponse(null, { status: 404 });
      message.feedback = body.rating
        ? {
            rating: body.rating,
            reason: body.reason ?? null,
            comment: body.comment ?? "",
            updated_at: `at ${said.length}`,
          }
        : null;
      return HttpResponse.json(message.feedback);
    }),
  );
  const page = renderApp(`/c/${stored.id}`);
  await screen.findByText("A wave.");
  const good = () => screen.getByRole("button", { name: "Good answer" });
  const bad = () => screen.getByRole("button", { name: "Bad answer" });
  return { said, good, bad, ...page };
}

test("a good answer is called one, and that can be taken back", async () => {
  const { user, said, good } = await openAnswer();
  await user.click(good());
  await waitFor(() => expect(good()).toHaveAttribute("aria-pressed", "true"));
  await user.click(good());
  await waitFor(() => expect(said).toEqual([{ rating: "up" }, { rating: null }]));
});

test("of a bad answer it can be said what is wrong", async () => {
  const { user, said, bad } = await openAnswer();
  await user.click(bad());
  const dialog = within(await screen.findByRole("dialog", { name: "What is wrong with this answer?" }));
  expect(dialog.getByRole("button", { name: "Send" })).toBeDisabled();
  await user.click(dialog.getByRole("radio", { name: "Something is wrong" }));
  await user.type(dialog.getByRole("textbox", { name: "In your words" }), "It is both.");
  await user.click(dialog.getByRole("button", { name: "Send" }));
  await waitFor(() => expect(said).toHaveLength(2));
  expect(said).toEqual([{ rating: "down" }, { rating: "down", reason: "wrong", comment: "It is both." }]);
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
});

test("what could not be noted is said", async () => {
  const { user, good } = await openAnswer();
  server.use(
    http.post("/api/messages/:id/feedback/", () =>
      HttpResponse.json(aProblem({ status: 503, detail: "The database is away." }), { status: 503 }),
    ),
  );
  await user.click(good());
  expect(await screen.findByRole("alert")).toHaveTextContent("The database is away.");
  expect(good()).toHaveAttribute("aria-pressed", "false");
});
