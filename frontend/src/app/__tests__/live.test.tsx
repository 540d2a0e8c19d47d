import { render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { App } from "@/app/app";
import { LEADER_SILENCE_MS } from "@/config/limits";
import { aConversation, aGuest, aMessage, anAnswer } from "@/testing/builders";
import { FakeLocks } from "@/testing/fake-locks";
import { MockGateway } from "@/testing/mock-gateway";
import { composer, renderApp } from "@/testing/render-app";

let takeLocksAway = () => {};
beforeEach(() => {
  takeLocksAway = FakeLocks.install();
});
afterEach(() => takeLocksAway());

function gatewayOfGuest(...titles: string[]): MockGateway {
  const gateway = new MockGateway();
  gateway.user = aGuest();
  gateway.conversations = titles.map((title) =>
    aConversation({
      title,
      messages: [
        aMessage({ text: `On ${title}`, client_message_id: title }),
        anAnswer({ text: `${title}.` }),
      ],
    }),
  );
  return gateway;
}

/** Another tab of the same browser. */
function openTab() {
  const tab = render(<App />);
  return { ...tab, page: within(tab.container) };
}

const listed = () => screen.findAllByRole("link", { name: /Optics|Botany|News/ });
const marked = { name: /Answer being written/ };

test("the list shows what is answered in another place, with its title, and when that is over", async () => {
  const gateway = gatewayOfGuest("Optics", "Botany");
  renderApp();
  await listed();
  await waitFor(() => expect(gateway.live.readers).toBe(1));
  const [, botany] = gateway.conversations;
  const answer = gateway.askElsewhere({ message: "More?", conversation_id: botany?.id ?? "" });
  expect(await screen.findByRole("link", marked)).toHaveTextContent("Botany");
  // What was asked last stands first.
  expect((await listed())[0]).toHaveTextContent("Botany");

  gateway.live.tell({ type: "titled", conversation_id: botany?.id, title: "News of plants" });
  expect(await screen.findByRole("link", { name: /News of plants/ })).toBeInTheDocument();
  answer.end({ text: "Yes." });
  await waitFor(() => expect(screen.queryByRole("link", marked)).not.toBeInTheDocument());
});

test("a conversation that began elsewhere joins the list", async () => {
  const gateway = gatewayOfGuest("Optics");
  renderApp();
  await listed();
  await waitFor(() => expect(gateway.live.readers).toBe(1));
  gateway.askElsewhere({ message: "News" });
  expect(await screen.findByRole("link", { name: /News/ })).toBeInTheDocument();
});

test("an open conversation follows what another place asks in it, and keeps how it ended", async () => {
  const gateway = gatewayOfGuest("Optics");
  const [optics] = gateway.conversations;
  renderApp(`/c/${optics?.id}`);
  await screen.findByText("Optics.");
  await waitFor(() => expect(gateway.live.readers).toBe(1));
  const answer = gateway.askElsewhere({ message: "More?", conversation_id: optics?.id ?? "" });
  expect(await screen.findByText("More?", { selector: "p" })).toBeInTheDocument();
  answer.write("Of cour");
  expect(await screen.findByText("Of cour")).toBeInTheDocument();
  answer.end({ text: "Of course." });
  expect(await screen.findByText("Of course.")).toBeInTheDocument();
});

test("an answer that was over before it could be followed is shown all the same", async () => {
  const gateway = gatewayOfGuest("Optics");
  const [optics] = gateway.conversations;
  renderApp(`/c/${optics?.id}`);
  await screen.findByText("Optics.");
  await waitFor(() => expect(gateway.live.readers).toBe(1));
  const answer = gateway.askElsewhere({ message: "More?", conversation_id: optics?.id ?? "" });
  gateway.answers = [];
  answer.end({ text: "Of course." });
  expect(await screen.findByText("Of course.")).toBeInTheDocument();
});

test("one's own answer is not fetched again because the feed tells of it", async () => {
  const gateway = gatewayOfGuest("Optics");
  const [optics] = gateway.conversations;
  const { user } = renderApp(`/c/${optics?.id}`);
  await screen.findByText("Optics.");
  await waitFor(() => expect(gateway.live.readers).toBe(1));
  await user.type(await composer(), "More?{Enter}");
  await screen.findByText("Reading your question…");
  await screen.findByRole("link", marked);
  gateway.answer.end({ text: "Of course." });
  await screen.findByText("Of course.");
  await waitFor(() => expect(screen.queryByRole("link", marked)).not.toBeInTheDocument());
  expect(gateway.fetches).toHaveLength(2);
  expect(gateway.follows).toHaveLength(0);
});

test("a guest's feed begins with the first question", async () => {
  const gateway = new MockGateway();
  const { user } = renderApp();
  await user.type(await composer(), "News{Enter}");
  await waitFor(() => expect(gateway.live.readers).toBe(1));
  expect(gateway.live.requests).toBe(1);
  expect(await screen.findByRole("link", marked)).toHaveTextContent("News");
});

test("all tabs share one connection; when its tab closes another takes over", async () => {
  const gateway = gatewayOfGuest("Optics");
  const [optics] = gateway.conversations;
  const first = renderApp();
  await waitFor(() => expect(gateway.live.readers).toBe(1));
  gateway.askElsewhere({ message: "More?", conversation_id: optics?.id ?? "" });
  await within(first.container).findByRole("link", marked);

  // A tab that comes later asks for the present state.
  const second = openTab();
  expect(await second.page.findByRole("link", marked)).toBeInTheDocument();
  expect(gateway.live.requests).toBe(1);

  first.unmount();
  await waitFor(() => expect(gateway.live.requests).toBe(2));
  expect(gateway.live.readers).toBe(1);
  gateway.answer.end({ text: "Yes." });
  await waitFor(() => expect(second.page.queryByRole("link", marked)).not.toBeInTheDocument());
});

test("a leading tab that keeps silent, as a frozen one does, is replaced by one that is seen", async () => {
  const gateway = gatewayOfGuest("Optics");
  void navigator.locks.request("lamla.live", {}, () => new Promise(() => {})).catch(() => undefined);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
  onTestFinished(() => void vi.useRealTimers());
  renderApp();
  await listed();
  expect(gateway.live.requests).toBe(0);
  await vi.advanceTimersByTimeAsync(LEADER_SILENCE_MS);
  await waitFor(() => expect(gateway.live.readers).toBe(1));
});

test("a feed that breaks comes back, and finds out what happened meanwhile", async () => {
  const gateway = gatewayOfGuest("Optics");
  const [optics] = gateway.conversations;
  renderApp(`/c/${optics?.id}`);
  await screen.findByText("Optics.");
  await waitFor(() => expect(gateway.live.readers).toBe(1));
  gateway.live.cut();
  gateway.askElsewhere({ message: "More?", conversation_id: optics?.id ?? "" });
  window.dispatchEvent(new Event("online"));
  expect(await screen.findByRole("link", marked)).toBeInTheDocument();
  expect(await screen.findByText("More?", { selector: "p" })).toBeInTheDocument();
});
