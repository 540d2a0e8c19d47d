import { useQuery } from "@tanstack/react-query";
import { API } from "@/config/paths";
import { KEYS } from "@/features/sharing/api/query-keys";
import { requestJson } from "@/lib/api-client";
import type { SharedConversation } from "@/types/wire";

/** All links by which others can read the caller's conversations. */
export function useShares() {
  return useQuery({
    queryKey: KEYS.shares,
    queryFn: async ({ signal }) =>
      (await requestJson<{ items: SharedConversation[] }>(API.shares, { signal })).items,
  });
}
