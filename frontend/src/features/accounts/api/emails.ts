import { useAccountMutation } from "@/features/accounts/api/account-mutation";
import { useAccountQuery } from "@/features/accounts/api/account-query";
import { askAccount } from "@/features/accounts/api/auth-client";
import { KEYS } from "@/features/accounts/api/query-keys";
import { AUTH_API } from "@/features/accounts/paths";
import type { AuthState, EmailAddress } from "@/features/accounts/types";

/** The account's address, and the one that is to take its place while its code is awaited. */
export function useEmails() {
  return useAccountQuery(
    KEYS.emails,
    async (signal) => (await askAccount<EmailAddress[]>(AUTH_API.email, { signal })).data,
  );
}

/** Have a code sent to a new address. */
export function useChangeEmail() {
  return useAccountMutation(
    (email: string) => askAccount<EmailAddress[]>(AUTH_API.email, { method: "POST", body: { email } }),
    [KEYS.emails],
  );
}

/** Stay with the present address. */
export function useCancelEmail() {
  return useAccountMutation(
    (email: string) => askAccount<EmailAddress[]>(AUTH_API.email, { method: "DELETE", body: { email } }),
    [KEYS.emails],
  );
}

/** Show that the new address is read: it is the account's from then on. */
export function useConfirmEmail() {
  return useAccountMutation(
    (code: string) => askAccount<AuthState>(AUTH_API.verifyEmail, { method: "POST", body: { key: code } }),
    [KEYS.emails, KEYS.session],
  );
}
