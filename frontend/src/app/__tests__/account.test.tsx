import { act, screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { expect, onTestFinished, test, vi } from "vitest";
import { aConversation, aGuest } from "@/testing/builders";
import { aToken, CODE, MockAccounts, PASSWORD } from "@/testing/mock-accounts";
import { MockGateway } from "@/testing/mock-gateway";
import { server } from "@/testing/mock-server";
import { renderApp } from "@/testing/render-app";

function atAccount() {
  const gateway = new MockGateway();
  const accounts = new MockAccounts(gateway);
  accounts.signIn();
  return { gateway, accounts, start: () => renderApp("/account") };
}

const section = async (name: string) => within(await screen.findByRole("region", { name }));
const dialog = async (name: string) => within(await screen.findByRole("dialog", { name }));
const question = async (name: string) => within(await screen.findByRole("alertdialog", { name }));

test("what is delicate asks again who is here, and then does what was asked for", async () => {
  const { accounts, start } = atAccount();
  const { user } = start();
  const twoStep = await section("Two-step login");
  await user.click(await twoStep.findByRole("button", { name: "Set up" }));
  expect(await twoStep.findByRole("img", { name: "QR code for the authenticator app" })).toBeInTheDocument();
  await user.type(await twoStep.findByLabelText("Code of the app"), CODE);
  await user.click(twoStep.getByRole("button", { name: "Turn on" }));

  const again = await dialog("Is it you?");
  await user.type(again.getByLabelText("Password"), "wrong");
  await user.click(again.getByRole("button", { name: "Confirm" }));
  expect(await again.findByRole("alert")).toHaveTextContent("That is not your password.");
  await user.clear(again.getByLabelText("Password"));
  await user.type(again.getByLabelText("Password"), PASSWORD);
  await user.click(again.getByRole("button", { name: "Confirm" }));

  expect(await twoStep.findByText("Authenticator app")).toBeInTheDocument();
  expect(screen.queryByRole("dialog", { name: "Is it you?" })).not.toBeInTheDocument();
  expect(accounts.authenticators).toHaveLength(2);
  await user.click(twoStep.getByRole("button", { name: "Show codes" }));
  expect(await twoStep.findByText("11112222")).toBeInTheDocument();
});

test("whoever does not show it again changes nothing, and hears no complaint", async () => {
  const { accounts, start } = atAccount();
  const { user } = start();
  const twoStep = await section("Two-step login");
  await user.click(await twoStep.findByRole("button", { name: "Set up" }));
  await user.type(await twoStep.findByLabelText("Code of the app"), CODE);
  await user.click(twoStep.getByRole("button", { name: "Turn on" }));
  await user.click((await dialog("Is it you?")).getByRole("button", { name: "Cancel" }));
  await waitFor(() => expect(twoStep.getByRole("button", { name: "Turn on" })).toBeInTheDocument());
  expect(screen.queryByRole("alert")).not.toBeInTheDocument();
  expect(accounts.authenticators).toEqual([]);
});

test("another e-mail counts once its code was entered", async () => {
  const { accounts, start } = atAccount();
  const { user } = start();
  const email = await section("E-mail");
  await user.click(await email.findByRole("button", { name: "Change e-mail" }));
  await user.type(email.getByLabelText("New e-mail"), "lovelace@example.org");
  await user.click(email.getByRole("button", { name: "Send a code" }));
  expect(await email.findByText("We have sent a code to lovelace@example.org.")).toBeInTheDocument();
  expect(email.getByText("ada@example.org")).toBeInTheDocument();
  await user.type(email.getByLabelText("Code"), CODE);
  await user.click(email.getByRole("button", { name: "Confirm" }));
  expect(await email.findByText("lovelace@example.org")).toBeInTheDocument();
  expect(accounts.email).toBe("lovelace@example.org");
});

test("the password is changed by whoever knows the present one", async () => {
  const { user } = atAccount().start();
  const password = await section("Password");
  await user.click(await password.findByRole("button", { name: "Change password" }));
  await user.type(password.getByLabelText("Present password"), "wrong");
  await user.type(password.getByLabelText("New password"), "another horse entirely");
  await user.click(password.getByRole("button", { name: "Set password" }));
  expect(await password.findByRole("alert")).toHaveTextContent("That is not your password.");
  await user.clear(password.getByLabelText("Present password"));
  await user.type(password.getByLabelText("Present password"), PASSWORD);
  await user.click(password.getByRole("button", { name: "Set password" }));
  expect(await password.findByText(/Your password is changed/)).toBeInTheDocument();
});

test("another device is logged out from here", async () => {
  const { user } = atAccount().start();
  const devices = await section("Devices");
  expect(await devices.findByText("This device")).toBeInTheDocument();
  await user.click(devices.getByRole("button", { name: "Log out Firefox, Android" }));
  await waitFor(() => expect(devices.getAllByRole("listitem")).toHaveLength(1));
});

test("logging out everywhere leaves nothing of the account on the page", async () => {
  localStorage.setItem("lamla.draft.new", JSON.stringify({ text: "a secret", attempt: null }));
  const { gateway, start } = atAccount();
  gateway.conversations = [aConversation({ title: "Optics" })];
  const { user } = start();
  const devices = await section("Devices");
  await user.click(await devices.findByRole("button", { name: "Log out everywhere" }));
  gateway.conversations = [];
  await user.click(
    (await question("Log out everywhere?")).getByRole("button", { name: "Log out everywhere" }),
  );
  expect(await screen.findByText("Your conversations will be listed here.")).toBeInTheDocument();
  expect(screen.getByRole("link", { name: /Sign up to keep/ })).toBeInTheDocument();
  expect(localStorage.getItem("lamla.draft.new")).toBeNull();
});

/** The page with a chat and a draft, and somebody who is signed in until `end` is called, in another place. */
function untilEnded() {
  localStorage.setItem("lamla.draft.new", JSON.stringify({ text: "a secret", attempt: null }));
  const { gateway } = atAccount();
  gateway.conversations = [aConversation({ title: "Optics" })];
  const refuse = vi.fn(() =>
    HttpResponse.json(
      { status: 401, data: { flows: [{ id: "login" }] }, meta: { is_authenticated: false } },
      { status: 401 },
    ),
  );
  const end = () => {
    gateway.user = null;
    gateway.conversations = [];
    server.use(http.all("/_allauth/browser/v1/*", refuse));
  };
  return { refuse, end, ...renderApp("/") };
}

const goTo = (path: string) => act(() => window.history.pushState(null, "", path));

function listenAsOtherTab() {
  const told = vi.fn();
  const channel = new BroadcastChannel("lamla.identity");
  channel.addEventListener("message", told);
  onTestFinished(() => channel.close());
  return told;
}

test("a session that was ended in another place leaves nothing once the page reads something", async () => {
  const told = listenAsOtherTab();
  const { refuse, end } = untilEnded();
  await screen.findByRole("link", { name: "Optics" });
  end();
  goTo("/account");
  expect(await screen.findByRole("region", { name: "You are a guest" })).toBeInTheDocument();
  expect(localStorage.getItem("lamla.draft.new")).toBeNull();
  goTo("/");
  expect(screen.queryByRole("link", { name: "Optics" })).not.toBeInTheDocument();
  expect(await screen.findByText("Your conversations will be listed here.")).toBeInTheDocument();
  // Several calls noticed it; it was told once, and nothing asks on and on.
  await waitFor(() => expect(told).toHaveBeenCalledOnce());
  expect(refuse.mock.calls.length).toBeLessThan(10);
});

test("a session that was ended in another place leaves nothing once the page changes something", async () => {
  const told = listenAsOtherTab();
  const { end, user } = untilEnded();
  await screen.findByRole("link", { name: "Optics" });
  goTo("/account");
  const email = await section("E-mail");
  await user.click(await email.findByRole("button", { name: "Change e-mail" }));
  await user.type(email.getByLabelText("New e-mail"), "lovelace@example.org");
  end();
  await user.click(email.getByRole("button", { name: "Send a code" }));
  await waitFor(() => expect(told).toHaveBeenCalledOnce(), { timeout: 3_000 });
  expect(localStorage.getItem("lamla.draft.new")).toBeNull();
  goTo("/");
  expect(screen.queryByRole("link", { name: "Optics" })).not.toBeInTheDocument();
  expect(await screen.findByText("Your conversations will be listed here.")).toBeInTheDocument();
});

test("a token is shown once, and can be revoked", async () => {
  const { accounts, start } = atAccount();
  accounts.tokens = [aToken({ name: "Old script" })];
  const { user } = start();
  const tokens = await section("API tokens");
  await user.click(await tokens.findByRole("button", { name: "New token" }));
  await user.type(tokens.getByLabelText("Name of the token"), "Notebook");
  await user.click(tokens.getByLabelText("ask, add and delete"));
  await user.click(tokens.getByRole("button", { name: "Make token" }));
  expect(await tokens.findByText("lamla_secret")).toBeInTheDocument();
  expect(accounts.tokens[0]?.scopes).toEqual(["read", "chat"]);
  await user.click(tokens.getByRole("button", { name: "I have kept it" }));
  expect(tokens.queryByText("lamla_secret")).not.toBeInTheDocument();

  await user.click(tokens.getByRole("button", { name: "Revoke Old script" }));
  await user.click((await question("Revoke this token?")).getByRole("button", { name: "Revoke" }));
  await waitFor(() => expect(tokens.queryByText("Old script")).not.toBeInTheDocument());
});

test("usage is a bar and a sentence", async () => {
  atAccount().start();
  const usage = await section("Usage");
  const bar = await usage.findByRole("progressbar", { name: "1,500 of 6,000 tokens used today" });
  expect(bar).toHaveAttribute("value", "1500");
});

test("an export is brought back, and what came is counted", async () => {
  const { user } = atAccount().start();
  const data = await section("Your data");
  expect(data.getByRole("link", { name: "Export everything" })).toHaveAttribute(
    "href",
    "/api/account/export/",
  );
  await user.upload(data.getByLabelText("Import an export"), new File(["x"], "lamla.zip"));
  expect(await data.findByText("Added: 2 conversations, 8 messages, 1 files.")).toBeInTheDocument();
});

test("the account is deleted by whoever types its e-mail", async () => {
  const { accounts, start } = atAccount();
  const { user } = start();
  const data = await section("Your data");
  await user.click(data.getByRole("button", { name: "Delete account" }));
  const asked = await question("Delete your account?");
  await user.type(asked.getByLabelText("To confirm, type ada@example.org"), "ada@example.org");
  await user.click(asked.getByRole("button", { name: "Delete for good" }));
  expect(await screen.findByText("Your conversations will be listed here.")).toBeInTheDocument();
  expect(accounts.sent.get("/account")).toEqual({ confirm: "ada@example.org" });
});

test("a guest sees what is theirs, and how to keep it", async () => {
  const gateway = new MockGateway();
  new MockAccounts(gateway);
  gateway.user = aGuest();
  renderApp("/account");
  expect(
    await (await section("You are a guest")).findByRole("link", { name: "Sign up" }),
  ).toBeInTheDocument();
  expect(await section("Your data")).toBeTruthy();
  expect(screen.queryByRole("region", { name: "API tokens" })).not.toBeInTheDocument();
});

test("what could not be loaded says so, and is asked for again", async () => {
  const { gateway, start } = atAccount();
  gateway.isDown = true;
  const { user } = start();
  const retry = await screen.findByRole("button", { name: "Retry" });
  gateway.isDown = false;
  await user.click(retry);
  expect(await section("Usage")).toBeTruthy();
});

test("a passkey is made by the browser and named", async () => {
  const { accounts, start } = atAccount();
  const create = vi.fn(async () => aCredential());
  vi.stubGlobal("PublicKeyCredential", class {});
  Object.defineProperty(navigator, "credentials", { value: { create }, configurable: true });
  const { user } = start();
  const passkeys = await section("Passkeys");
  const name = await passkeys.findByLabelText("Name of the passkey");
  await user.clear(name);
  await user.type(name, "My phone");
  await user.click(passkeys.getByRole("button", { name: "Add a passkey" }));
  expect(await passkeys.findByText("My phone")).toBeInTheDocument();
  expect(create).toHaveBeenCalledOnce();
  expect(accounts.sent.get("/account/authenticators/webauthn")).toMatchObject({
    name: "My phone",
    passwordless: true,
  });
  vi.unstubAllGlobals();
  Reflect.deleteProperty(navigator, "credentials");
});

function aCredential() {
  const bytes = new Uint8Array([1, 2, 255]).buffer;
  return {
    id: "id",
    rawId: bytes,
    type: "public-key",
    authenticatorAttachment: "platform",
    getClientExtensionResults: () => ({}),
    response: { clientDataJSON: bytes, attestationObject: bytes },
  };
}
