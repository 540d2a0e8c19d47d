import { type QueryKey, useQuery, useQueryClient } from "@tanstack/react-query";
import { isSignedOut } from "@/features/accounts/api/auth-client";
import { KEYS } from "@/features/accounts/api/query-keys";

/** Something of one's account. Whoever is not signed in any more is noticed by the whole page. */
export function useAccountQuery<Data>(queryKey: QueryKey, work: (signal: AbortSignal) => Promise<Data>) {
  const client = useQueryClient();
  return useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      try {
        return await work(signal);
      } catch (error) {
        if (isSignedOut(error)) void client.invalidateQueries({ queryKey: KEYS.session });
        throw error;
      }
    },
  });
}
