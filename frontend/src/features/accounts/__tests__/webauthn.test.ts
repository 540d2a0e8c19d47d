import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { askPasskey, hasPasskeys, makePasskey } from "@/features/accounts/webauthn";

// A browser that has passkeys, but not yet their methods for JSON.
const create = vi.fn();
const get = vi.fn();

beforeEach(() => {
  vi.stubGlobal("PublicKeyCredential", class {});
  Object.defineProperty(navigator, "credentials", { value: { create, get }, configurable: true });
});
afterEach(() => {
  vi.unstubAllGlobals();
  Reflect.deleteProperty(navigator, "credentials");
});

const bytes = (...values: number[]) => new Uint8Array(values).buffer;

function aCredential(response: Record<string, ArrayBuffer | null>) {
  return {
    id: "-_8",
    rawId: bytes(251, 255),
    type: "public-key",
    authenticatorAttachment: "platform",
    getClientExtensionResults: () => ({ credProps: { rk: true } }),
    response,
  };
}

test("what the server asks for reaches the browser as bytes, and its passkey comes back as text", async () => {
  create.mockResolvedValue(aCredential({ clientDataJSON: bytes(1), attestationObject: bytes(2, 3) }));
  const made = await makePasskey({
    challenge: "-_8",
    rp: { id: "lamla.test", name: "Lamla" },
    user: { id: "AQI", name: "ada", displayName: "Ada" },
    pubKeyCredParams: [{ type: "public-key", alg: -7 }],
    excludeCredentials: [{ type: "public-key", id: "Aw" }],
  });
  expect(create).toHaveBeenCalledWith({
    publicKey: expect.objectContaining({
      challenge: new Uint8Array([251, 255]),
      user: expect.objectContaining({ id: new Uint8Array([1, 2]) }),
      excludeCredentials: [{ type: "public-key", id: new Uint8Array([3]) }],
    }),
  });
  expect(made).toEqual({
    id: "-_8",
    rawId: "-_8",
    type: "public-key",
    authenticatorAttachment: "platform",
    clientExtensionResults: { credProps: { rk: true } },
    response: { clientDataJSON: "AQ", attestationObject: "AgM" },
  });
});

test("a passkey answers, also one whose device tells no user", async () => {
  get.mockResolvedValue(
    aCredential({
      clientDataJSON: bytes(1),
      authenticatorData: bytes(2),
      signature: bytes(3),
      userHandle: null,
    }),
  );
  const shown = await askPasskey({ challenge: "AQ", allowCredentials: [{ type: "public-key", id: "Ag" }] });
  expect(shown).toMatchObject({
    response: { clientDataJSON: "AQ", authenticatorData: "Ag", signature: "Aw" },
  });
});

test("none given is a refusal like any other", async () => {
  get.mockResolvedValue(null);
  await expect(askPasskey({ challenge: "AQ" })).rejects.toMatchObject({ name: "NotAllowedError" });
});

test("a page at an insecure address has none", () => {
  expect(hasPasskeys()).toBe(true);
  vi.unstubAllGlobals();
  expect(hasPasskeys()).toBe(false);
});
