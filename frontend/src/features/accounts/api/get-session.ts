import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { DEFAULT_LIMITS } from "@/config/limits";
import { API } from "@/config/paths";
import { KEYS } from "@/features/accounts/api/query-keys";
import { claimDrafts } from "@/features/accounts/state/draft-owner";
import type { Account } from "@/features/accounts/types";
import { requestJson } from "@/lib/api-client";
import { rememberCsrfToken } from "@/lib/csrf";
import type { Limits, Session } from "@/types/wire";

/** Who is here; the first call of the page, which also brings the cookies. */
export function useSession() {
  return useQuery({
    queryKey: KEYS.session,
    queryFn: async ({ signal, client }) => {
      const session = await requestJson<Session>(API.session, { signal });
      rememberCsrfToken(session.csrf_token);
      const isSomebodyElse = claimDrafts(session.user);
      if (isSomebodyElse)
        void client.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEYS.session[0] });
      return session;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Who is signed in: null for a guest, a stranger, and until it is known. */
export function useAccount(): Account | null {
  const user = useSession().data?.user;
  return user && !user.is_guest ? user : null;
}

/** The server's limits; cautious ones until the session is here. */
export function useLimits(): Limits {
  return useSession().data?.limits ?? DEFAULT_LIMITS;
}

/** To be called after a write: the first one makes the guest's user. */
export function useRenewedSession(): () => void {
  const client = useQueryClient();
  return useCallback(() => {
    const session = client.getQueryData<Session>(KEYS.session);
    if (!session?.user) void client.invalidateQueries({ queryKey: KEYS.session });
  }, [client]);
}
