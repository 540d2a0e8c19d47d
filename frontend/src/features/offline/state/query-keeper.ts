import {
  hashKey,
  type Query,
  type QueryCacheNotifyEvent,
  type QueryClient,
  type QueryKey,
} from "@tanstack/react-query";
import {
  forgetKept,
  type Kept,
  keptOwner,
  ownKept,
  readKept,
  writeKept,
} from "@/features/offline/state/kept-store";
import { onDropped } from "@/lib/dropped-queries";
import { ApiProblem } from "@/lib/errors";

/** Which queries are kept, by the first word of their key, and of each word how many at most. */
export type KeptKinds = Readonly<Record<string, number>>;

interface Options {
  kinds: KeptKinds;
  /** The key of the query that says who is here, and who that is by its data: null for nobody. */
  ownerKey: QueryKey;
  ownerIn: (data: unknown) => string | null;
}

const WRITE_PAUSE_MS = 1_000;
/** Of one query; what is longer is not worth its place. */
const MAX_CHARS = 1_000_000;

/** Keeps what the page has fetched, and brings it back where the gateway cannot be asked. */
export class QueryKeeper {
  #fresh = new Set<Query>();
  /** Their data is what was kept: given out just now, or there already. What they say is of an earlier visit. */
  #given = new WeakSet<Query>();
  #borrowed = new WeakSet<Query>();
  #isKeeping = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The owner that the gateway has named since the page was opened. */
  #confirmed: string | null | undefined;

  constructor(
    private readonly client: QueryClient,
    private readonly options: Options,
  ) {
    // From the first reading on: what is given out then is told from what the gateway said.
    client.getQueryCache().subscribe((event) => this.#note(event));
  }

  /** Keep from now on. Returns how to end that. */
  start(): () => void {
    this.#isKeeping = true;
    for (const query of this.client.getQueryCache().getAll()) {
      if (this.#isKept(query) && !this.#borrowed.has(query)) this.#fresh.add(query);
    }
    void this.#follow();
    const onHide = () => void this.#write();
    document.addEventListener("visibilitychange", onHide);
    const leave = onDropped((queryKey) => forget(hashKey(queryKey)));
    return () => {
      this.#isKeeping = false;
      leave();
      clearTimeout(this.#timer);
      document.removeEventListener("visibilitychange", onHide);
    };
  }

  /** What is kept of a query; null when that is nothing, or somebody else's. */
  async read(query: Query): Promise<{ data: unknown; at: number } | null> {
    const owner = keptOwner();
    if (owner === null || (this.#confirmed !== undefined && this.#confirmed !== owner)) return null;
    const kept = await readKept(query.queryHash).catch(() => null);
    if (!kept) return null;
    this.#given.add(query);
    return { data: JSON.parse(kept.data), at: kept.at };
  }

  #note(event: QueryCacheNotifyEvent): void {
    const { query, type } = event;
    if (!this.#isKept(query)) return;
    if (type === "added") void this.#fill(query);
    if (type !== "updated") return;
    if (event.action.type === "success") this.#take(query);
    if (event.action.type === "error" && isGone(event.action.error)) forget(query.queryHash);
    if (this.#isKeeping) void this.#follow();
  }

  #take(query: Query): void {
    if (this.#given.delete(query)) {
      this.#borrowed.add(query);
      return;
    }
    this.#borrowed.delete(query);
    this.#fresh.add(query);
  }

  /** Who is here, by what the gateway said on this visit; undefined until it has said so. */
  #owner(): string | null | undefined {
    const { ownerKey, ownerIn } = this.options;
    const query = this.client.getQueryCache().find({ queryKey: ownerKey });
    const isKnown = query?.state.data !== undefined && !this.#borrowed.has(query);
    return isKnown ? ownerIn(query.state.data) : undefined;
  }

  #isKept({ queryKey: [kind] }: Query): boolean {
    return typeof kind === "string" && Object.hasOwn(this.options.kinds, kind);
  }

  /** Somebody else is here than before: what was kept goes, and with the right owner the page fills. */
  async #follow(): Promise<void> {
    const owner = this.#owner();
    if (owner !== undefined && owner !== this.#confirmed) {
      // What was fetched for somebody else is not written for this one.
      if (this.#confirmed !== undefined) this.#fresh.clear();
      this.#confirmed = owner;
      await ownKept(owner).catch(() => undefined);
      for (const query of this.client.getQueryCache().getAll()) await this.#fill(query);
    }
    this.#timer ??= setTimeout(() => void this.#write(), WRITE_PAUSE_MS);
  }

  /** Show what is kept while the gateway is asked; only once it has said who is here. */
  async #fill(query: Query): Promise<void> {
    if (!this.#confirmed || !this.#isKept(query) || query.state.data !== undefined) return;
    const kept = await this.read(query);
    if (!kept) return;
    if (query.state.data === undefined) query.setData(kept.data, { updatedAt: kept.at, manual: true });
    else this.#given.delete(query);
  }

  async #write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const owner = this.#owner();
    if (!owner || owner !== this.#confirmed || owner !== keptOwner()) return;
    const fresh = [...this.#fresh].flatMap(entriesOf);
    this.#fresh.clear();
    // A full or refused storage keeps nothing: the page goes on without.
    if (fresh.length > 0) await writeKept(fresh, (all) => this.#surplus(all)).catch(() => undefined);
  }

  #surplus(all: [string, Kept][]): string[] {
    return Object.entries(this.options.kinds).flatMap(([kind, most]) =>
      all
        .filter(([, { key }]) => (JSON.parse(key) as unknown[])[0] === kind)
        .sort(([, a], [, b]) => b.at - a.at)
        .slice(most)
        .map(([hash]) => hash),
    );
  }
}

function forget(hash: string): void {
  // A storage that is refused has nothing to forget.
  void forgetKept(hash).catch(() => undefined);
}

/** Its entry; none of what was reset meanwhile, or is too long. */
function entriesOf({ queryHash, queryKey, state }: Query): [string, Kept][] {
  if (state.data === undefined) return [];
  const data = JSON.stringify(withoutSecrets(firstPage(state.data)));
  const kept = { key: JSON.stringify(queryKey), data, at: state.dataUpdatedAt };
  return data.length > MAX_CHARS ? [] : [[queryHash, kept]];
}

/** Of what came page by page, the newest page. */
function firstPage(data: unknown): unknown {
  if (!isObject(data) || !Array.isArray(data.pages) || !Array.isArray(data.pageParams)) return data;
  return { ...data, pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) };
}

/** The token of a session is good for writing, and nothing is written without a line. */
function withoutSecrets(data: unknown): unknown {
  return isObject(data) && "csrf_token" in data ? { ...data, csrf_token: "" } : data;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isGone(error: unknown): boolean {
  return error instanceof ApiProblem && error.problem.status === 404;
}
