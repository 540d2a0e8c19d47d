import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { DEFAULT_LIMITS } from "@/config/limits";
import { API } from "@/config/paths";
import { requestJson } from "@/lib/api-client";
import { rememberCsrfToken } from "@/lib/csrf";
import type { Limits, Session } from "@/types/wire";

const KEY = ["session"];

/** Who is here; the first call of the page, which also brings the cookies. */
export function useSession() {
  return useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => {
      const session = await requestJson<Session>(API.session, { signal });
      rememberCsrfToken(session.csrf_token);
      return session;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The server's limits; cautious ones until the session is here. */
export function useLimits(): Limits {
  return useSession().data?.limits ?? DEFAULT_LIMITS;
}

/** To be called after a write: the first one makes the guest's user. */
export function useRenewedSession(): () => void {
  const client = useQueryClient();
  return useCallback(() => {
    const session = client.getQueryData<Session>(KEY);
    if (!session?.user) void client.invalidateQueries({ queryKey: KEY });
  }, [client]);
}
