import {
  onlineManager,
  type Query,
  QueryClient,
  type QueryFunction,
  type QueryFunctionContext,
} from "@tanstack/react-query";
import { ConnectionLost } from "@/lib/errors";
import { isLineOpen, noteLine } from "@/lib/line";

const MAX_RETRIES = 2;

/** What this browser keeps of a query's data; null when that is nothing. */
export type ReadKept = (client: QueryClient, query: Query) => Promise<{ data: unknown; at: number } | null>;

/**
 * One cache for the page; only what the network lost is asked again by itself.
 *
 * Where the gateway cannot be asked, a query has what is kept here, and is asked anew as soon as that is possible.
 */
export function createQueryClient(readKept: ReadKept): QueryClient {
  // It hears of changes alone, and the page may be opened without a network.
  onlineManager.setOnline(navigator.onLine);
  const client: QueryClient = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) =>
          error instanceof ConnectionLost && navigator.onLine && failures < MAX_RETRIES,
        // Without a network it is tried all the same: what is kept is only read then.
        networkMode: "offlineFirst",
        persister: (fetchNow, context, query) =>
          fetchOrRead(fetchNow, context, query, (of) => readKept(client, of)),
      },
    },
  });
  return client;
}

async function fetchOrRead<Data>(
  fetchNow: QueryFunction<Data>,
  context: QueryFunctionContext,
  query: Query,
  read: (query: Query) => ReturnType<ReadKept>,
): Promise<Data> {
  try {
    const data = await fetchNow(context);
    noteLine({ isOpen: true });
    return data;
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    const { data, dataUpdatedAt } = query.state;
    if (data !== undefined && isLineOpen()) throw error;
    const known = data === undefined ? await read(query) : { data, at: dataUpdatedAt };
    if (!known) throw error;
    noteLine({ isOpen: false });
    // After the cache has taken it for fresh.
    setTimeout(() => query.setState({ dataUpdatedAt: known.at, isInvalidated: true }));
    return known.data as Data;
  }
}
