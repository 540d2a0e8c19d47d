/** Served in the worker's place by `UI_OFFLINE=false`: takes it away from every browser that comes by, with all it kept. */
const remover = self as unknown as ServiceWorkerGlobalScope;

remover.addEventListener("install", () => void remover.skipWaiting());

remover.addEventListener("activate", (event) => {
  event.waitUntil(remove());
});

async function remove(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("lamla-")).map((name) => caches.delete(name)));
  await remover.registration.unregister();
}
