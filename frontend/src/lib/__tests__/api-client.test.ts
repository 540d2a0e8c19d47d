import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { requestJson } from "@/lib/api-client";
import { rememberCsrfToken } from "@/lib/csrf";
import { ApiProblem, ConnectionLost } from "@/lib/errors";
import { server } from "@/testing/mock-server";

test("a refused token is renewed once, and the request repeated with it", async () => {
  const tokens: (string | null)[] = [];
  rememberCsrfToken("old");
  server.use(
    http.get("/api/session/", () => HttpResponse.json({ csrf_token: "new" })),
    http.post("/api/thing/", ({ request }) => {
      tokens.push(request.headers.get("x-csrftoken"));
      return tokens.length === 1
        ? HttpResponse.json({ status: 403, code: "csrf_failed", detail: "x" }, { status: 403 })
        : HttpResponse.json({ ok: true });
    }),
  );
  expect(await requestJson("/api/thing/", { method: "POST", body: {} })).toEqual({ ok: true });
  expect(tokens).toEqual(["old", "new"]);
});

test("the cookie's token wins over the session's", async () => {
  rememberCsrfToken("session");
  // biome-ignore lint/suspicious/noDocumentCookie: the gateway would set it
  document.cookie = "csrftoken=cookie";
  server.use(
    http.post("/api/thing/", ({ request }) =>
      HttpResponse.json({ token: request.headers.get("x-csrftoken") }),
    ),
  );
  expect(await requestJson("/api/thing/", { method: "POST", body: {} })).toEqual({ token: "cookie" });
  // biome-ignore lint/suspicious/noDocumentCookie: leaves nothing to the next test
  document.cookie = "csrftoken=; max-age=0";
});

test("a problem document becomes an ApiProblem with its code", async () => {
  server.use(
    http.get("/api/thing/", () =>
      HttpResponse.json(
        { status: 404, code: "not_found", detail: "Not there." },
        { status: 404, headers: { "content-type": "application/problem+json" } },
      ),
    ),
  );
  const error = await requestJson("/api/thing/").catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ApiProblem);
  expect(error).toMatchObject({ code: "not_found", message: "Not there." });
});

test("a proxy's error page is a problem without a detail, not its HTML", async () => {
  server.use(http.get("/api/thing/", () => HttpResponse.html("<h1>Bad gateway</h1>", { status: 502 })));
  await expect(requestJson("/api/thing/")).rejects.toMatchObject({ problem: { status: 502, detail: "" } });
});

test("no network, and no answer in time, are a lost connection", async () => {
  server.use(
    http.get("/api/down/", () => HttpResponse.error()),
    http.get("/api/slow/", () => new Promise<never>(() => undefined)),
  );
  await expect(requestJson("/api/down/")).rejects.toBeInstanceOf(ConnectionLost);
  await expect(requestJson("/api/slow/", { timeoutMs: 5 })).rejects.toBeInstanceOf(ConnectionLost);
});

test("what the caller aborts stays an abort", async () => {
  server.use(http.get("/api/slow/", () => new Promise<never>(() => undefined)));
  const controller = new AbortController();
  const request = requestJson("/api/slow/", { signal: controller.signal });
  controller.abort();
  await expect(request).rejects.toMatchObject({ name: "AbortError" });
});
