// Runs in the page before anything of it: notes when what is waited for is painted, and what gets in the way.
(() => {
  const noted = { events: [], longTasks: [], arrivals: [], missed: [] };
  const list = () => document.querySelector('section[aria-label="Messages"]');

  /** Resolves to performance.now() of the frame after the one in which the last message was whole. */
  const whenPainted = (marker) =>
    new Promise((resolve) => {
      const look = () => {
        const articles = list()?.querySelectorAll("article") ?? [];
        const last = articles[articles.length - 1];
        const isThere = last?.textContent.includes(marker) && last.querySelector("p") && !last.textContent.includes("**");
        if (isThere) requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
        else requestAnimationFrame(look);
      };
      look();
    });

  const watchInput = () => {
    const note = ({ name, startTime, processingStart, duration }) =>
      noted.events.push({ name, delay: processingStart - startTime, duration });
    new PerformanceObserver((entries) => entries.getEntries().forEach(note)).observe({
      type: "event",
      durationThreshold: 16,
    });
    new PerformanceObserver((entries) =>
      entries.getEntries().forEach(({ duration }) => noted.longTasks.push(duration)),
    ).observe({ type: "longtask" });
  };

  /** Each piece of the answer's stream, and how many frames were drawn between its arrival and the one that shows it. */
  const watchFrames = () => {
    const read = ReadableStreamDefaultReader.prototype.read;
    ReadableStreamDefaultReader.prototype.read = function (...given) {
      return read.apply(this, given).then((piece) => {
        const text = piece.value && new TextDecoder().decode(piece.value);
        if (text?.includes('"text-delta"')) noted.arrivals.push(performance.now());
        return piece;
      });
    };
    const frames = [];
    const count = () => {
      frames.push(document.timeline.currentTime);
      requestAnimationFrame(count);
    };
    count();
    new MutationObserver(() => {
      const shown = document.timeline.currentTime;
      for (const at of noted.arrivals.splice(0)) {
        noted.missed.push({ frames: frames.filter((time) => time > at && time < shown).length, ms: shown - at });
      }
    }).observe(list(), { subtree: true, childList: true, characterData: true });
  };

  window.pageProbe = { noted, whenPainted, watchInput, watchFrames };
})();
