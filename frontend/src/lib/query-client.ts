import { QueryClient } from "@tanstack/react-query";
import { ConnectionLost } from "@/lib/errors";

const MAX_RETRIES = 2;

/** One cache for the page; only what the network lost is asked again by itself. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => error instanceof ConnectionLost && failures < MAX_RETRIES,
      },
    },
  });
}
