/** How many bytes the page has used on this device, by the day and the month. Source: W3C Resource Timing. */
import { STORAGE } from "@/config/storage-keys";
import { Listeners } from "@/lib/listeners";
import { readStored, writeStored } from "@/lib/storage";

export interface Traffic {
  todayBytes: number;
  monthBytes: number;
}

interface Count extends Traffic {
  /** The day that it was counted on last, such as 2026-11-28, in the visitor's own time. */
  day: string;
}

const WRITE_PAUSE_MS = 2_000;
const listeners = new Listeners();
let uncounted = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let known: Count | null = null;

/** Count what is fetched from now on, and what was since the page was opened. Returns how to end that. */
export function countTraffic(): () => void {
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) addTraffic((entry as PerformanceResourceTiming).transferSize);
  });
  for (const type of ["navigation", "resource"]) {
    if (PerformanceObserver.supportedEntryTypes.includes(type)) observer.observe({ type, buffered: true });
  }
  window.addEventListener("pagehide", write);
  return () => {
    observer.disconnect();
    window.removeEventListener("pagehide", write);
    write();
  };
}

/** Count bytes that the browser tells nothing of: what is sent, and streams that are left before their end. */
export function addTraffic(bytes: number): void {
  if (!bytes) return;
  uncounted += bytes;
  timer ??= setTimeout(write, WRITE_PAUSE_MS);
}

/** The same object until something changes. */
export function readTraffic(): Traffic {
  known ??= storedCount();
  return known;
}

export function subscribeToTraffic(listener: () => void): () => void {
  const leave = listeners.add(listener);
  const onStorage = ({ key }: StorageEvent) => key === STORAGE.traffic && changed();
  window.addEventListener("storage", onStorage);
  return () => {
    leave();
    window.removeEventListener("storage", onStorage);
  };
}

/** Added to what other tabs have counted meanwhile. */
function write(): void {
  clearTimeout(timer);
  timer = undefined;
  if (uncounted === 0) return;
  const count = storedCount();
  const todayBytes = count.todayBytes + uncounted;
  const monthBytes = count.monthBytes + uncounted;
  uncounted = 0;
  writeStored(STORAGE.traffic, JSON.stringify({ ...count, todayBytes, monthBytes } satisfies Count));
  changed();
}

function changed(): void {
  known = null;
  listeners.tell();
}

/** What was counted on another day, or in another month, is not of this one. */
function storedCount(): Count {
  const day = today();
  try {
    const stored = JSON.parse(readStored(STORAGE.traffic) ?? "null") as Partial<Count> | null;
    const isToday = stored?.day === day;
    const isThisMonth = stored?.day?.slice(0, 7) === day.slice(0, 7);
    return {
      day,
      todayBytes: isToday ? (stored?.todayBytes ?? 0) : 0,
      monthBytes: isThisMonth ? (stored?.monthBytes ?? 0) : 0,
    };
  } catch {
    return { day, todayBytes: 0, monthBytes: 0 };
  }
}

function today(): string {
  const now = new Date();
  const two = (part: number) => String(part).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
