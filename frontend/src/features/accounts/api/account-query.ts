import { type QueryKey, useQuery } from "@tanstack/react-query";
import { useSignedOut } from "@/features/accounts/hooks/use-signed-out";

/** Something of one's account. Whoever is not signed in any more is noticed by the whole page. */
export function useAccountQuery<Data>(queryKey: QueryKey, work: (signal: AbortSignal) => Promise<Data>) {
  const notice = useSignedOut();
  return useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      try {
        return await work(signal);
      } catch (error) {
        notice(error);
        throw error;
      }
    },
  });
}
