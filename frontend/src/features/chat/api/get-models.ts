import { useQuery } from "@tanstack/react-query";
import { API } from "@/config/paths";
import { KEYS } from "@/features/chat/api/query-keys";
import { requestJson } from "@/lib/api-client";
import type { Models } from "@/types/wire";

/** What can answer now; fails with a problem while the worker is down. */
export function useModels() {
  return useQuery({
    queryKey: KEYS.models,
    queryFn: ({ signal }) => requestJson<Models>(API.models, { signal }),
    staleTime: 60_000,
  });
}
