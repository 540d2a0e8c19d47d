import { useQuery } from "@tanstack/react-query";
import { DEFAULT_LIMITS } from "@/config/limits";
import { API } from "@/config/paths";
import { requestJson } from "@/lib/api-client";
import { rememberCsrfToken } from "@/lib/csrf";
import type { Limits, Session } from "@/types/wire";

/** Who is here; the first call of the page, which also brings the cookies. */
export function useSession() {
  return useQuery({
    queryKey: ["session"],
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
