import { useAccountMutation } from "@/features/accounts/api/account-mutation";
import { useAccountQuery } from "@/features/accounts/api/account-query";
import { askAccount, askAuth } from "@/features/accounts/api/auth-client";
import { KEYS } from "@/features/accounts/api/query-keys";
import { AUTH_API } from "@/features/accounts/paths";
import type { AuthState, Device } from "@/features/accounts/types";

/** Where the account is signed in. */
export function useDevices() {
  return useAccountQuery(
    KEYS.devices,
    async (signal) => (await askAccount<Device[]>(AUTH_API.devices, { signal })).data,
  );
}

/** Log these devices out; this one may be among them. */
export function useEndDevices() {
  return useAccountMutation(
    (ids: number[]) => askAuth<unknown>(AUTH_API.devices, { method: "DELETE", body: { sessions: ids } }),
    [KEYS.devices],
  );
}

/** Log this device out. */
export function useLogOut() {
  return useAccountMutation(() => askAuth<AuthState>(AUTH_API.session, { method: "DELETE" }));
}
