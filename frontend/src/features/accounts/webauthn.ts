/**
 * Have the device make a passkey, and return it as JSON.
 *
 * Raises: DOMException: NotAllowedError when the user declines, InvalidStateError when the device has one.
 */
export async function makePasskey(options: PublicKeyCredentialCreationOptionsJSON): Promise<unknown> {
  const publicKey =
    "parseCreationOptionsFromJSON" in PublicKeyCredential
      ? PublicKeyCredential.parseCreationOptionsFromJSON(options)
      : creationOf(options);
  return jsonOf(await navigator.credentials.create({ publicKey }));
}

/** Have the device answer with one of its passkeys, and return that as JSON. Raises: DOMException as above. */
export async function askPasskey(options: PublicKeyCredentialRequestOptionsJSON): Promise<unknown> {
  const publicKey =
    "parseRequestOptionsFromJSON" in PublicKeyCredential
      ? PublicKeyCredential.parseRequestOptionsFromJSON(options)
      : requestOf(options);
  return jsonOf(await navigator.credentials.get({ publicKey }));
}

/** Browsers have passkeys for pages at a secure address alone. */
export function hasPasskeys(): boolean {
  return typeof PublicKeyCredential !== "undefined" && "credentials" in navigator;
}

// The browser's own methods for JSON are younger than passkeys: Chrome 129, Firefox 119, Safari 18.4.
// Source: Web Authentication Level 3, sections 5.1.8 to 5.1.10.

function creationOf(options: PublicKeyCredentialCreationOptionsJSON): PublicKeyCredentialCreationOptions {
  return {
    ...(options as unknown as PublicKeyCredentialCreationOptions),
    challenge: bytesOf(options.challenge),
    user: { ...options.user, id: bytesOf(options.user.id) },
    excludeCredentials: descriptorsOf(options.excludeCredentials),
  };
}

function requestOf(options: PublicKeyCredentialRequestOptionsJSON): PublicKeyCredentialRequestOptions {
  return {
    ...(options as unknown as PublicKeyCredentialRequestOptions),
    challenge: bytesOf(options.challenge),
    allowCredentials: descriptorsOf(options.allowCredentials),
  };
}

function descriptorsOf(
  descriptors: PublicKeyCredentialDescriptorJSON[] = [],
): PublicKeyCredentialDescriptor[] {
  return descriptors.map((descriptor) => ({
    ...(descriptor as unknown as PublicKeyCredentialDescriptor),
    id: bytesOf(descriptor.id),
  }));
}

function jsonOf(found: Credential | null): unknown {
  if (!found) throw new DOMException("No passkey was given.", "NotAllowedError");
  const credential = found as PublicKeyCredential;
  if (typeof credential.toJSON === "function") return credential.toJSON();
  return {
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: responseOf(credential.response),
  };
}

function responseOf(response: AuthenticatorResponse): Record<string, string> {
  const parts = [
    "clientDataJSON",
    "attestationObject",
    "authenticatorData",
    "signature",
    "userHandle",
  ] as const;
  const buffers = response as Partial<Record<(typeof parts)[number], ArrayBuffer | null>>;
  return Object.fromEntries(
    parts.flatMap((part) => {
      const buffer = buffers[part];
      return buffer ? [[part, textOf(buffer)]] : [];
    }),
  );
}

/** base64url. Source: RFC 4648, section 5. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function textOf(buffer: ArrayBuffer): string {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
