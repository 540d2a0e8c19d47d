import { useAccountMutation } from "@/features/accounts/api/account-mutation";
import { askAccount } from "@/features/accounts/api/auth-client";
import { KEYS } from "@/features/accounts/api/query-keys";
import { AUTH_API } from "@/features/accounts/paths";
import type { AuthState } from "@/features/accounts/types";

interface PasswordChange {
  /** Missing for an account that has none yet. */
  current_password?: string;
  new_password: string;
}

/** Set another password; other devices are logged out by it. */
export function useChangePassword() {
  return useAccountMutation(
    (body: PasswordChange) => askAccount<AuthState>(AUTH_API.password, { method: "POST", body }),
    [KEYS.auth, KEYS.devices],
  );
}
