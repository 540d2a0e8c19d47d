import { useAccountQuery } from "@/features/accounts/api/account-query";
import { KEYS } from "@/features/accounts/api/query-keys";
import { ACCOUNT_API } from "@/features/accounts/paths";
import type { Usage } from "@/features/accounts/types";
import { requestJson } from "@/lib/api-client";

/** What has been used today, and how much may be. */
export function useUsage() {
  return useAccountQuery(KEYS.usage, (signal) => requestJson<Usage>(ACCOUNT_API.usage, { signal }));
}
