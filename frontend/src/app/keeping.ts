import type { QueryClient } from "@tanstack/react-query";
import { KEYS as ACCOUNT_KEYS } from "@/features/accounts/api/query-keys";
import type { KeptKinds, QueryKeeper } from "@/features/offline/state/query-keeper";
import { partOf } from "@/hooks/use-part";
import type { ReadKept } from "@/lib/query-client";
import type { Session } from "@/types/wire";

/** How many of each are kept to be read without a line: of the conversations those that were fetched last. */
const KEPT: KeptKinds = {
  session: 1,
  models: 1,
  courses: 1,
  conversations: 12,
  conversation: 20,
  documents: 12,
};

const keeperPart = partOf(() => import("@/features/offline/state/query-keeper"));
const keepers = new WeakMap<QueryClient, QueryKeeper>();

/** The keeper of this cache; fetched when it is first needed. */
export async function keeperOf(client: QueryClient): Promise<QueryKeeper> {
  const { QueryKeeper: Keeper } = await keeperPart.load();
  const keeper =
    keepers.get(client) ?? new Keeper(client, { kinds: KEPT, ownerKey: ACCOUNT_KEYS.session, ownerIn });
  keepers.set(client, keeper);
  return keeper;
}

export const readKept: ReadKept = async (client, query) => {
  try {
    return await (await keeperOf(client)).read(query);
  } catch {
    // It is not here yet, and cannot be fetched now.
    return null;
  }
};

function ownerIn(session: unknown): string | null {
  return (session as Session).user?.id ?? null;
}
