import { addTraffic } from "@/lib/traffic";

/**
 * Post a form and report its progress; fetch cannot do that.
 *
 * The answer is a Response whose body grows as the server writes, so that a stream is read like any other.
 */
export function postForm(
  path: string,
  options: {
    form: FormData;
    headers: Record<string, string>;
    signal: AbortSignal;
    /** Share of the body that has left, in [0, 1]. */
    onProgress: (share: number) => void;
  },
): Promise<Response> {
  const request = new XMLHttpRequest();
  request.open("POST", path);
  for (const [name, value] of Object.entries(options.headers)) request.setRequestHeader(name, value);
  request.upload.onprogress = (event) => {
    if (event.lengthComputable) options.onProgress(event.loaded / event.total);
  };
  request.upload.onload = ({ loaded }) => addTraffic(loaded);
  const answer = responseOf(request);
  const abort = () => request.abort();
  options.signal.addEventListener("abort", abort, { once: true });
  request.onloadend = () => options.signal.removeEventListener("abort", abort);
  request.send(options.form);
  return answer;
}

/** Resolve at the headers; the text that has come so far is passed on piece by piece. */
function responseOf(request: XMLHttpRequest): Promise<Response> {
  return new Promise((resolve, reject) => {
    const encoder = new TextEncoder();
    let passed = 0;
    let body: ReadableStreamDefaultController<Uint8Array> | null = null;
    const pass = () => {
      // The last character may be the first half of a pair whose rest has not come yet.
      const text = request.responseText;
      const end =
        request.readyState === XMLHttpRequest.DONE || !endsInHalfPair(text) ? text.length : text.length - 1;
      if (end > passed) body?.enqueue(encoder.encode(text.slice(passed, end)));
      passed = end;
    };
    const fail = () => {
      const error = new TypeError("The upload's connection broke.");
      body?.error(error);
      reject(error);
    };
    request.onreadystatechange = () => {
      if (request.readyState !== XMLHttpRequest.HEADERS_RECEIVED) return;
      const stream = new ReadableStream<Uint8Array>({
        start: (controller) => {
          body = controller;
        },
        cancel: () => {
          body = null;
          request.abort();
        },
      });
      resolve(
        new Response(stream, {
          status: request.status,
          statusText: request.statusText,
          headers: { "content-type": request.getResponseHeader("content-type") ?? "" },
        }),
      );
    };
    request.onprogress = pass;
    request.onload = () => {
      pass();
      body?.close();
    };
    request.onerror = fail;
    request.onabort = fail;
  });
}

function endsInHalfPair(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}
