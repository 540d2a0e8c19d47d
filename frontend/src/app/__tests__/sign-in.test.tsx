import { screen, waitFor } from "@testing-library/react";
import { delay, http } from "msw";
import { expect, onTestFinished, test, vi } from "vitest";
import { aConversation, aGuest } from "@/testing/builders";
import { CODE, MockAccounts, PASSWORD } from "@/testing/mock-accounts";
import { MockGateway } from "@/testing/mock-gateway";
import { server } from "@/testing/mock-server";
import { renderApp } from "@/testing/render-app";

type User = ReturnType<typeof renderApp>["user"];

function open(path: string) {
  const gateway = new MockGateway();
  const accounts = new MockAccounts(gateway);
  return { gateway, accounts, start: () => renderApp(path) };
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const field = (name: string) => screen.findByLabelText(name);

async function fillIn(user: User, values: Record<string, string>) {
  for (const [name, value] of Object.entries(values)) await user.type(await field(name), value);
}

test("a guest signs up by the invitation in the sidebar, with the code of the e-mail, and sees the chats", async () => {
  const { gateway, accounts, start } = open("/");
  gateway.user = aGuest();
  gateway.conversations = [aConversation({ title: "Optics" })];
  const { user } = start();
  await user.click(await screen.findByRole("link", { name: "Sign up to keep your chats on every device" }));
  await fillIn(user, { "E-mail": "ada@example.org", Password: PASSWORD });
  await user.click(screen.getByRole("button", { name: "Sign up" }));

  expect(await screen.findByText("We have sent a code to ada@example.org.")).toBeInTheDocument();
  await fillIn(user, { Code: "000000" });
  await user.click(screen.getByRole("button", { name: "Confirm" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("That code is not right.");
  expect(await field("Code")).toBeInvalid();

  await user.clear(await field("Code"));
  await fillIn(user, { Code: CODE });
  await user.click(screen.getByRole("button", { name: "Confirm" }));
  expect(await screen.findByRole("link", { name: "Optics" })).toBeInTheDocument();
  expect(window.location.pathname).toBe("/");
  expect(screen.queryByText("Sign up to keep your chats on every device")).not.toBeInTheDocument();
  expect(accounts.sent.get("/auth/signup")).toEqual({ email: "ada@example.org", password: PASSWORD });
});

test("a reload in the middle of the sign-up goes on with the code", async () => {
  const { start } = open("/account/signup");
  const { user, unmount } = start();
  await fillIn(user, { "E-mail": "ada@example.org", Password: PASSWORD });
  await user.click(screen.getByRole("button", { name: "Sign up" }));
  await field("Code");
  unmount();
  renderApp("/account/verify");
  expect(await screen.findByText("We have sent a code to your e-mail address.")).toBeInTheDocument();
});

test("what the server has against a field stands beside it, in the language of the page", async () => {
  const { accounts, start } = open("/account/signup");
  accounts.refusals.set("/auth/signup", [
    { code: "password_too_common", param: "password", message: "This password is too common." },
    { code: "something_new", param: "email", message: "Said by the server." },
  ]);
  const { user } = start();
  await fillIn(user, { "E-mail": "ada@example.org", Password: "password123" });
  await user.click(screen.getByRole("button", { name: "Sign up" }));
  await waitFor(async () =>
    expect(await field("Password")).toHaveAccessibleDescription(/one of the first that somebody would guess/),
  );
  expect(await field("E-mail")).toHaveAccessibleDescription("Said by the server.");
  expect(await field("E-mail")).toHaveValue("ada@example.org");
});

test("where sign-up is by invitation the code is asked for and sent", async () => {
  const { gateway, accounts, start } = open("/account/signup");
  gateway.signup = "invite";
  const { user } = start();
  await fillIn(user, { "Invitation code": "abc", "E-mail": "ada@example.org", Password: PASSWORD });
  await user.click(screen.getByRole("button", { name: "Sign up" }));
  await field("Code");
  expect(accounts.sent.get("/auth/signup")).toMatchObject({ invitation: "abc" });
});

test("where sign-up is closed nothing leads to it", async () => {
  const { gateway, start } = open("/");
  gateway.signup = "closed";
  const { user } = start();
  await user.click(await screen.findByRole("link", { name: "Log in to have your chats on every device" }));
  await field("Password");
  expect(screen.queryByRole("link", { name: /Sign up/ })).not.toBeInTheDocument();
});

test("a login with two steps asks for the password, then for the code", async () => {
  const { accounts, start } = open("/account/login");
  accounts.authenticators = [{ type: "totp", created_at: 1, last_used_at: null }];
  const { user } = start();
  await fillIn(user, { "E-mail": "ada@example.org", Password: "not it at all" });
  await user.click(screen.getByRole("button", { name: "Log in" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("E-mail or password is not right.");

  await user.clear(await field("Password"));
  await fillIn(user, { Password: PASSWORD });
  await user.click(screen.getByRole("button", { name: "Log in" }));
  await fillIn(user, { "Code of the app, or a recovery code": CODE });
  await user.click(screen.getByRole("button", { name: "Log in" }));
  await waitFor(() => expect(window.location.pathname).toBe("/"));
});

test("whoever goes on to another address is told to the other tabs first", async () => {
  const told = vi.fn();
  const otherTab = new BroadcastChannel("lamla.identity");
  otherTab.addEventListener("message", told);
  onTestFinished(() => otherTab.close());
  // Not a page of jsdom's: it says so, and stays.
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const { start } = open("/account/login?next=/admin/");
  server.use(http.get("/_allauth/browser/v1/auth/session", () => delay(20)));
  const { user } = start();
  await fillIn(user, { "E-mail": "ada@example.org", Password: PASSWORD });
  await user.click(screen.getByRole("button", { name: "Log in" }));
  await waitFor(() => expect(told).toHaveBeenCalledOnce(), { timeout: 3_000 });
  // It hears neither itself, nor again another tab that comes in after it: it would set out anew each time.
  await wait(200);
  otherTab.postMessage("another tab");
  await wait(200);
  expect(told).toHaveBeenCalledOnce();
});

test("the second step can be left, and the first one begins anew", async () => {
  const { accounts, start } = open("/account/login");
  accounts.authenticators = [{ type: "totp", created_at: 1, last_used_at: null }];
  const { user } = start();
  await fillIn(user, { "E-mail": "ada@example.org", Password: PASSWORD });
  await user.click(screen.getByRole("button", { name: "Log in" }));
  await user.click(await screen.findByRole("button", { name: "Start over" }));
  expect(await field("Password")).toBeInTheDocument();
  expect(screen.queryByText(/Log in to get a new one/)).not.toBeInTheDocument();
});

test("a code that has run out leads back, with a word about it", async () => {
  const { accounts, start } = open("/account/signup");
  const { user } = start();
  await fillIn(user, { "E-mail": "ada@example.org", Password: PASSWORD });
  await user.click(screen.getByRole("button", { name: "Sign up" }));
  await fillIn(user, { Code: "000000" });
  accounts.refusals.set("/auth/email/verify", 409);
  accounts.forgetStep();
  await user.click(screen.getByRole("button", { name: "Confirm" }));
  expect(await screen.findByText(/Log in to get a new one/)).toBeInTheDocument();
  expect(await field("Password")).toBeInTheDocument();
});

test("too many attempts are a sentence, and what was typed stays", async () => {
  const { accounts, start } = open("/account/login");
  accounts.refusals.set("/auth/login", 429);
  const { user } = start();
  await fillIn(user, { "E-mail": "ada@example.org", Password: PASSWORD });
  await user.click(screen.getByRole("button", { name: "Log in" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("Too many attempts. Wait a few minutes");
  expect(await field("Password")).toHaveValue(PASSWORD);
});

test("a forgotten password is set anew with a code", async () => {
  const { accounts, start } = open("/account/login");
  const { user } = start();
  await user.click(await screen.findByRole("link", { name: "Forgot your password?" }));
  await fillIn(user, { "E-mail": "ada@example.org" });
  await user.click(screen.getByRole("button", { name: "Send a code" }));
  expect(await screen.findByText(/If there is an account for ada@example.org/)).toBeInTheDocument();
  await fillIn(user, { Code: CODE, "New password": "another horse entirely" });
  await user.click(screen.getByRole("button", { name: "Set password" }));
  expect(await screen.findByText("Your new password is set.")).toBeInTheDocument();
  expect(accounts.sent.get("/auth/password/reset")).toEqual({
    key: CODE,
    password: "another horse entirely",
  });
});

test("other services are offered, and their failure is told", async () => {
  const { gateway, start } = open("/account/login?error=denied&next=/admin/");
  gateway.providers = [{ id: "oidc", name: "School" }];
  start();
  const button = await screen.findByRole("button", { name: "Continue with School" });
  expect(button.closest("form")).toHaveFormValues({
    provider: "oidc",
    process: "login",
    callback_url: `/account/login?next=${encodeURIComponent(`${window.location.origin}/admin/`)}`,
  });
  expect(screen.getByRole("alert")).toHaveTextContent("The other service did not sign you in.");
});

test("a password can be looked at", async () => {
  const { user } = open("/account/login").start();
  await fillIn(user, { Password: "secret" });
  expect(await field("Password")).toHaveAttribute("type", "password");
  await user.click(screen.getByRole("button", { name: "Show password" }));
  expect(await field("Password")).toHaveAttribute("type", "text");
});
