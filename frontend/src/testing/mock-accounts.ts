import { HttpResponse, http, type JsonBodyType } from "msw";
import type {
  Authenticator,
  Device,
  EmailAddress,
  FieldError,
  Flow,
  NewToken,
  Token,
  TokenRequest,
  Usage,
} from "@/features/accounts/types";
import { aUser, nextId } from "@/testing/builders";
import type { MockGateway } from "@/testing/mock-gateway";
import { server } from "@/testing/mock-server";

export const PASSWORD = "correct horse battery staple";
/** Of the e-mail, the authenticator app and the recovery codes alike. */
export const CODE = "123456";

const AT = 1_767_348_000;
const ROOT = "/_allauth/browser/v1";
const CREATION = {
  challenge: "AQID",
  rp: { id: "lamla.test", name: "Lamla" },
  user: { id: "AQID", name: "ada@example.org", displayName: "ada@example.org" },
  pubKeyCredParams: [{ type: "public-key", alg: -7 }],
};
type Body = Record<string, string>;
type Answered = { body: Body };

/** The sign-in API and the account's own, for one test, beside a gateway whose user they change. */
export class MockAccounts {
  email = "ada@example.org";
  /** The next answer of an address is this refusal: its status, or what is wrong with the fields. */
  refusals = new Map<string, number | FieldError[]>();
  authenticators: Authenticator[] = [];
  awaitedEmail: string | null = null;
  devices: Device[] = [aDevice({ is_current: true }), aDevice({ user_agent: "Firefox/140.0 Android" })];
  tokens: Token[] = [];
  usage: Usage = {
    tokens: { used: 1_200, reserved: 300, limit: 6_000, resets_at: "2026-01-03T00:00:00Z" },
    streams: { running: 0, limit: 4 },
    class: "user",
  };
  /** What was sent, by address. */
  sent = new Map<string, unknown>();
  #gateway: MockGateway;
  #pending: Flow | null = null;
  #isRecent = false;

  constructor(gateway: MockGateway) {
    this.#gateway = gateway;
    server.use(...this.#wayIn(), ...this.#account(), ...this.#ownEndpoints());
  }

  /** Have somebody in front of the page who signed in long ago. */
  signIn(): void {
    this.#gateway.user = aUser({ email: this.email });
    this.#pending = null;
  }

  /** The server ends the step that is waited for. */
  forgetStep(): void {
    this.#pending = null;
  }

  #wayIn() {
    return [
      http.get(`${ROOT}/auth/session`, () => this.#state()),
      http.delete(`${ROOT}/auth/session`, () => this.#leave()),
      this.#post("/auth/signup", () => this.#wait({ id: "verify_email" })),
      this.#post("/auth/login", ({ body }) => {
        if (body.password !== PASSWORD) return refused("email_password_mismatch", "password");
        const types = this.authenticators.map(({ type }) => type);
        return types.length > 0 ? this.#wait({ id: "mfa_authenticate", types }) : this.#enter();
      }),
      this.#post("/auth/2fa/authenticate", ({ body }) =>
        body.code === CODE ? this.#enter() : refused("incorrect_code", "code"),
      ),
      this.#post("/auth/email/verify/resend", () => answer({})),
      this.#post("/auth/email/verify", ({ body }) => {
        if (body.key !== CODE) return refused("incorrect_code", "key");
        if (this.awaitedEmail) this.email = this.awaitedEmail;
        this.awaitedEmail = null;
        return this.#enter();
      }),
      this.#post("/auth/password/request", () => this.#wait({ id: "password_reset_by_code" })),
      this.#post("/auth/password/reset", ({ body }) => {
        if (body.key !== CODE) return refused("incorrect_code", "key");
        this.#pending = null;
        return this.#state();
      }),
      this.#post("/auth/reauthenticate", ({ body }) => {
        if (body.password !== PASSWORD) return refused("incorrect_password", "password");
        this.#isRecent = true;
        return this.#state();
      }),
    ];
  }

  #account() {
    return [
      http.get(`${ROOT}/auth/sessions`, () => answer(this.devices)),
      this.#delete("/auth/sessions", ({ sessions }: { sessions: number[] }) => {
        const isHere = this.devices.some(({ id, is_current }) => is_current && sessions.includes(id));
        this.devices = this.devices.filter(({ id }) => !sessions.includes(id));
        return isHere ? this.#leave() : answer(this.devices);
      }),
      http.get(`${ROOT}/account/email`, () => answer(this.#emails())),
      this.#post("/account/email", ({ body }) => {
        this.awaitedEmail = body.email ?? null;
        return answer(this.#emails());
      }),
      this.#delete("/account/email", () => {
        this.awaitedEmail = null;
        return answer(this.#emails());
      }),
      this.#post("/account/password/change", ({ body }) =>
        body.current_password === PASSWORD
          ? this.#state()
          : refused("enter_current_password", "current_password"),
      ),
      ...this.#factors(),
    ];
  }

  #factors() {
    const path = `${ROOT}/account/authenticators`;
    return [
      http.get(path, () => answer(this.authenticators)),
      http.get(`${path}/totp`, () =>
        answer(undefined, 404, {
          secret: "JBSWY3DPEHPK3PXP",
          totp_url: "otpauth://totp/ada?secret=JBSWY3DPEHPK3PXP",
        }),
      ),
      this.#post("/account/authenticators/totp", ({ body }) => {
        if (body.code !== CODE) return refused("incorrect_code", "code");
        if (!this.#isRecent) return this.#askAgain();
        this.authenticators = [
          { type: "totp", created_at: AT, last_used_at: null },
          {
            type: "recovery_codes",
            total_code_count: 10,
            unused_code_count: 10,
            created_at: AT,
            last_used_at: null,
          },
        ];
        return answer(this.authenticators[0]);
      }),
      http.get(`${path}/recovery-codes`, () =>
        this.#isRecent ? answer({ unused_codes: ["11112222", "33334444"] }) : this.#askAgain(),
      ),
      http.get(`${path}/webauthn`, () => answer({ creation_options: { publicKey: CREATION } })),
      this.#post("/account/authenticators/webauthn", ({ body }) => {
        const name = body.name ?? "";
        this.authenticators.push({ type: "webauthn", id: 1, name, created_at: AT, last_used_at: null });
        return answer(this.authenticators.at(-1), 200, { recovery_codes_generated: true });
      }),
    ];
  }

  #ownEndpoints() {
    return [
      http.get("/api/account/usage/", () => HttpResponse.json(this.usage)),
      http.get("/api/account/tokens/", () => HttpResponse.json({ items: this.tokens })),
      http.post("/api/account/tokens/", async ({ request }) => {
        const { name, scopes } = (await request.json()) as TokenRequest;
        const token = aToken({ name, scopes });
        this.tokens = [token, ...this.tokens];
        return HttpResponse.json({ ...token, token: "lamla_secret" } satisfies NewToken, { status: 201 });
      }),
      http.delete("/api/account/tokens/:id/", ({ params }) => {
        this.tokens = this.tokens.filter(({ id }) => id !== params.id);
        return new HttpResponse(null, { status: 204 });
      }),
      http.post("/api/account/import/", () =>
        HttpResponse.json({ conversations: 2, messages: 8, documents: 1 }),
      ),
      http.delete("/api/account/", async ({ request }) => {
        this.sent.set("/account", await request.json());
        this.#gateway.user = null;
        return new HttpResponse(null, { status: 204 });
      }),
    ];
  }

  #post(path: string, work: (call: Answered) => Response) {
    return http.post(`${ROOT}${path}`, async ({ request }) => {
      const text = await request.text();
      const body = (text ? JSON.parse(text) : {}) as Body;
      this.sent.set(path, body);
      const refusal = this.refusals.get(path);
      this.refusals.delete(path);
      if (typeof refusal === "number") return HttpResponse.json({ status: refusal }, { status: refusal });
      return refusal ? HttpResponse.json({ status: 400, errors: refusal }, { status: 400 }) : work({ body });
    });
  }

  #delete<Sent>(path: string, work: (body: Sent) => Response) {
    return http.delete(`${ROOT}${path}`, async ({ request }) => work((await request.json()) as Sent));
  }

  #enter(): Response {
    this.signIn();
    return this.#state();
  }

  #leave(): Response {
    this.#gateway.user = null;
    this.#pending = null;
    return this.#state();
  }

  #wait(flow: Flow): Response {
    this.#pending = { ...flow, is_pending: true };
    return this.#state();
  }

  /** Who is here, or what is waited for. */
  #state(): Response {
    const { user } = this.#gateway;
    if (user && !user.is_guest) {
      const known = { id: user.id, email: this.email, has_usable_password: true };
      return answer({ user: known }, 200, { is_authenticated: true });
    }
    const flows = [{ id: "login" }, ...(this.#pending ? [this.#pending] : [])];
    return answer({ flows }, 401, { is_authenticated: false });
  }

  #askAgain(): Response {
    return answer({ flows: [{ id: "reauthenticate" }] }, 401, { is_authenticated: true });
  }

  #emails(): EmailAddress[] {
    const awaited = this.awaitedEmail ? [{ email: this.awaitedEmail, verified: false, primary: false }] : [];
    return [{ email: this.email, verified: true, primary: true }, ...awaited];
  }
}

function answer(data: unknown, status = 200, meta: Record<string, unknown> = {}): Response {
  return HttpResponse.json({ status, data, meta } as JsonBodyType, { status });
}

function refused(code: string, param: string): Response {
  return HttpResponse.json(
    { status: 400, errors: [{ code, param, message: "In English." }] },
    { status: 400 },
  );
}

let devices = 0;
function aDevice(fields: Partial<Device>): Device {
  devices += 1;
  const user_agent = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36";
  return { id: devices, user_agent, ip: "127.0.0.1", created_at: AT, is_current: false, ...fields };
}

export function aToken(fields: Partial<Token> = {}): Token {
  return {
    id: nextId(),
    name: "Notebook",
    scopes: ["read"],
    prefix: "lamla_ab",
    created_at: "2026-01-02T10:00:00Z",
    expires_at: null,
    last_used_at: null,
    ...fields,
  };
}
