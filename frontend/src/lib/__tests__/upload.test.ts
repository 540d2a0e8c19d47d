import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { postForm } from "@/lib/upload";
import { server } from "@/testing/mock-server";

function post(signal = new AbortController().signal) {
  const form = new FormData();
  form.append("message", "What is in it?");
  return postForm("/api/chat/file/", {
    form,
    headers: { "X-CSRFToken": "t" },
    signal,
    onProgress: () => undefined,
  });
}

test("the answer to an upload is a response like any other", async () => {
  const pieces = ["first é😀", "second"].map((text) => new TextEncoder().encode(text));
  server.use(
    http.post("/api/chat/file/", () => {
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => {
          for (const piece of pieces) controller.enqueue(piece);
          controller.close();
        },
      });
      return new HttpResponse(body, { headers: { "content-type": "text/event-stream" } });
    }),
  );
  const response = await post();
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  expect(await response.text()).toBe("first é😀second");
});

test("a refusal keeps its status and its problem document", async () => {
  server.use(
    http.post("/api/chat/file/", () => HttpResponse.json({ code: "document_encrypted" }, { status: 422 })),
  );
  const response = await post();
  expect(response.status).toBe(422);
  expect(await response.json()).toEqual({ code: "document_encrypted" });
});

test("a broken connection, and an abort, reject", async () => {
  server.use(http.post("/api/chat/file/", () => HttpResponse.error()));
  await expect(post()).rejects.toBeInstanceOf(TypeError);
  server.use(http.post("/api/chat/file/", () => new Promise<never>(() => undefined)));
  const controller = new AbortController();
  const sent = post(controller.signal);
  controller.abort();
  await expect(sent).rejects.toBeInstanceOf(TypeError);
});
