import { useAccountMutation } from "@/features/accounts/api/account-mutation";
import { useAccountQuery } from "@/features/accounts/api/account-query";
import { askAccount } from "@/features/accounts/api/auth-client";
import { KEYS } from "@/features/accounts/api/query-keys";
import { AUTH_API } from "@/features/accounts/paths";
import type { Authenticator, RecoveryCodes } from "@/features/accounts/types";
import { makePasskey } from "@/features/accounts/webauthn";

const RENEWED = [KEYS.authenticators] as const;

/** All that shows who is here beside the password. */
export function useAuthenticators() {
  return useAccountQuery(
    KEYS.authenticators,
    async (signal) => (await askAccount<Authenticator[]>(AUTH_API.authenticators, { signal })).data,
  );
}

/** Ask for the secret that an authenticator app is to know. It counts once a code of the app has been shown. */
export function useTotpSetup() {
  return useAccountMutation(async () => {
    const { meta } = await askAccount<unknown>(AUTH_API.totp);
    return { secret: meta.secret ?? "", url: meta.totp_url ?? "" };
  });
}

export function useActivateTotp() {
  return useAccountMutation(
    (code: string) => askAccount<Authenticator>(AUTH_API.totp, { method: "POST", body: { code } }),
    RENEWED,
  );
}

export function useDeactivateTotp() {
  return useAccountMutation(() => askAccount<void>(AUTH_API.totp, { method: "DELETE" }), RENEWED);
}

/** The recovery codes that have not been used; `GET` shows them, `POST` makes new ones. */
export function useRecoveryCodes(method: "GET" | "POST") {
  return useAccountMutation(async () => {
    const { data } = await askAccount<RecoveryCodes>(AUTH_API.recoveryCodes, { method });
    return data.unused_codes ?? [];
  }, RENEWED);
}

interface CreationOptions {
  creation_options: { publicKey: PublicKeyCredentialCreationOptionsJSON };
}

/** Make a passkey on this device and add it. The result says whether it brought the first recovery codes. */
export function useAddPasskey() {
  return useAccountMutation(async (name: string) => {
    // "passwordless": the device keeps it, and asks for a finger or a PIN, so that it can stand alone.
    const { data } = await askAccount<CreationOptions>(`${AUTH_API.passkeys}?passwordless`);
    const credential = await makePasskey(data.creation_options.publicKey);
    const body = { name, credential, passwordless: true };
    const { meta } = await askAccount<Authenticator>(AUTH_API.passkeys, { method: "POST", body });
    return { hasNewRecoveryCodes: meta.recovery_codes_generated ?? false };
  }, RENEWED);
}

export function useRemovePasskey() {
  return useAccountMutation(
    (id: number) => askAccount<void>(AUTH_API.passkeys, { method: "DELETE", body: { authenticators: [id] } }),
    RENEWED,
  );
}
