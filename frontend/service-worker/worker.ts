/**
 * Opens the page without a line, or on one that says nothing: see docs/bad-lines.md.
 *
 * It answers for the page and for its assets. All else, above all the API and its streams, never passes through it.
 */
const worker = self as unknown as ServiceWorkerGlobalScope;

// Filled in by vite/service-worker.ts: what the first load uses, and another version for whatever changes in it.
declare const __FILES__: string[];
declare const __VERSION__: string;

const FILES = __FILES__;
const PREFIX = "lamla-";
const FIRST_LOAD = `${PREFIX}page-${__VERSION__}`;
/** Assets that were met: their names tell their content, so they suit every build. */
const MET = `${PREFIX}met`;
const MET_MAX = 120;
/** The server's own pages, which are none of ours. */
const OTHER_PAGES = /^\/(?:api|_allauth|accounts|admin|health|static)(?:\/|$)/;
/** After this the page opens as it was. */
const PATIENCE_MS = 4_000;

worker.addEventListener("install", (event) => {
  event.waitUntil(keepFirstLoad());
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([forgetEarlier(), worker.clients.claim()]));
});

/** A page asks for the newer one that waits, or names what it had fetched before there was a worker. */
worker.addEventListener("message", (event) => {
  if (event.data === "take-over") void worker.skipWaiting();
  else if (Array.isArray(event.data)) event.waitUntil(Promise.all(event.data.map(keepNamed)));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (request.mode === "navigate" && request.destination === "document" && !OTHER_PAGES.test(url.pathname)) {
    event.respondWith(page(request));
  } else if (isAsset(url)) {
    event.respondWith(asset(event));
  } else if (FILES.includes(url.pathname)) {
    event.respondWith(kept(request));
  }
});

function isAsset({ origin, pathname }: URL): boolean {
  return origin === worker.location.origin && pathname.startsWith("/assets/");
}

/** As the server has it now; the kept one when nobody answers in time. */
async function page(request: Request): Promise<Response> {
  const fetched = fetch(request);
  try {
    const response = await Promise.race([fetched, silence()]);
    if (response.status < 500) return response;
  } catch {
    // No line, or one that says nothing.
  }
  return (await caches.match("/", { cacheName: FIRST_LOAD, ignoreVary: true })) ?? fetched;
}

function silence(): Promise<never> {
  return new Promise((_, reject) => setTimeout(reject, PATIENCE_MS));
}

async function asset(event: FetchEvent): Promise<Response> {
  const known = await caches.match(event.request, { ignoreVary: true });
  if (known) return known;
  const response = await fetch(event.request);
  if (response.ok) event.waitUntil(keepMet(event.request, response.clone()));
  return response;
}

/** The browser still has it, so this costs no bytes. */
async function keepNamed(address: string): Promise<void> {
  if (!isAsset(new URL(address)) || (await caches.match(address, { ignoreVary: true }))) return;
  const response = await fetch(address);
  if (response.ok) await keepMet(new Request(address), response);
}

async function keepMet(request: Request, response: Response): Promise<void> {
  const cache = await caches.open(MET);
  await cache.put(request, response);
  const names = await cache.keys();
  await Promise.all(names.slice(0, -MET_MAX).map((oldest) => cache.delete(oldest)));
}

async function kept(request: Request): Promise<Response> {
  return (await caches.match(request, { cacheName: FIRST_LOAD, ignoreVary: true })) ?? fetch(request);
}

/** Raises while a deployment is on its way, and the page is of another build than its worker: it is tried again. */
async function keepFirstLoad(): Promise<void> {
  const cache = await caches.open(FIRST_LOAD);
  await cache.addAll(FILES);
  const html = (await (await cache.match("/"))?.text()) ?? "";
  const named = [...html.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, name]) => name ?? "");
  if (named.every((name) => FILES.includes(name))) return;
  await caches.delete(FIRST_LOAD);
  throw new Error("the page is of another build");
}

async function forgetEarlier(): Promise<void> {
  const names = await caches.keys();
  const earlier = names.filter((name) => name.startsWith(PREFIX) && name !== FIRST_LOAD && name !== MET);
  await Promise.all(earlier.map((name) => caches.delete(name)));
}
